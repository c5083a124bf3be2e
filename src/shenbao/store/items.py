"""Keeps the queue in step with a document: what is in doubt is queued, what is no longer so is settled."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as Transaction

from shenbao.store.columns import now
from shenbao.store.doubts import Spot, doubtful_characters, draw, rank_of, wrong
from shenbao.store.models import Document, Item, Project
from shenbao.store.rebuild import Place, parse_place, place_name
from shenbao.store.terms import Origin


def sync(
    transaction: Transaction, document: Document, project: Project, spots: dict[Place, Spot], *, first: bool
) -> None:
    """Opens, updates and settles the items of a document after it was made anew.

    `first`: it was made for the first time; then some of what is sure is mixed in.
    """
    known: dict[Place, list[Item]] = {}
    for item in transaction.scalars(select(Item).where(Item.document_id == document.id)):
        known.setdefault(parse_place(item.place), []).append(item)
    for place, spot in spots.items():
        here = known.get(place, [])
        doubt = next((item for item in here if item.origin == "doubt"), None)
        if doubt is not None:
            _renew(doubt, spot)
        elif spot.doubtful and not any(item.state == "done" or item.origin == "edit" for item in here):
            transaction.add(new_item(document, project, spot, "doubt"))
        elif first and not spot.doubtful:
            _mix_in(transaction, document, project, spot)
    for place, items in known.items():
        for item in items:
            if place not in spots and item.state == "open":
                _settle(item)


def new_item(document: Document, project: Project, spot: Spot, origin: Origin) -> Item:
    """An item for a place; of a seed it shows another text than the one that was read."""
    chance = draw(f"{document.sha256} {place_name(spot.place)} {origin}")
    entries = 2 if origin != "edit" and _is_double(spot, project) else 1
    # What is mixed in must not be told apart by its place in the queue.
    mixed = (0 if spot.kind == "money" else 2000) + int(chance * 1999)
    return Item(
        project_id=document.project_id,
        document_id=document.id,
        place=place_name(spot.place),
        origin=origin,
        state="open",
        kind=spot.kind,
        label=spot.label,
        page=spot.regions[0].page if spot.regions else 1,
        read=spot.text,
        shown=wrong(spot.text, chance) if origin == "seed" else spot.text,
        confidence=spot.confidence,
        body=_body(spot),
        rank=mixed if origin in ("control", "seed") else rank_of(spot),
        postponed=0,
        needed=entries,
    )


def entries_of(item: Item, project: Project) -> int:
    """How many entries an item asks for, before any difference."""
    keys = {fact["key"] for fact in item.body.get("facts", [])} | {item.kind}
    return 2 if item.origin != "edit" and keys & set(project.double) else 1


def _is_double(spot: Spot, project: Project) -> bool:
    return bool(({fact.key for fact in spot.facts} | {spot.kind}) & set(project.double))


def _body(spot: Spot) -> dict[str, Any]:
    return {
        "reasons": spot.reasons,
        "candidates": [candidate.model_dump() for candidate in spot.candidates[:9]],
        "regions": [region.model_dump(mode="json") for region in spot.regions],
        "doubtful": doubtful_characters(spot.text, spot.candidates),
        "failed": spot.failed,
        "facts": [
            {"group": fact.group, "number": fact.number, "key": fact.key, "name": fact.field.name}
            for fact in spot.facts
        ],
    }


def _renew(item: Item, spot: Spot) -> None:
    leased = item.lease_until is not None and item.lease_until > now()
    if item.state == "done" or leased:
        return
    if spot.doubtful:
        item.state, item.decided_at = "open", None
        item.read = item.shown = spot.text
        item.kind, item.label, item.confidence = spot.kind, spot.label, spot.confidence
        item.body, item.rank = _body(spot), rank_of(spot) if item.needed < 3 else item.rank
    elif item.state == "open":
        _settle(item)


def _settle(item: Item) -> None:
    item.state, item.leased_to, item.lease_until, item.decided_at = "settled", None, None, now()


def _mix_in(transaction: Transaction, document: Document, project: Project, spot: Spot) -> None:
    name = f"{document.sha256} {place_name(spot.place)}"
    if not spot.text or not spot.facts or draw(f"{name} control?") >= project.control_share:
        return
    origin: Origin = "seed" if draw(f"{name} seed?") < project.seed_share else "control"
    transaction.add(new_item(document, project, spot, origin))

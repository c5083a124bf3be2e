"""The review queue: items are lent to one person at a time, decided, and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session as Transaction
from sqlalchemy.orm import aliased

from shenbao.store.audit import note
from shenbao.store.columns import now
from shenbao.store.items import entries_of
from shenbao.store.models import Comment, Decision, Document, Item, Project
from shenbao.store.outbox import note_review
from shenbao.store.terms import Action

FIRST = -1
"""Rank of an item about which two people differ."""

_ENTRY = aliased(Decision)  # made once: that takes a fifth of the processor time of lending an item


class NotYours(Exception):
    """The item is another person's at the moment, or is decided."""


@dataclass(frozen=True)
class Wanted:
    """Which items somebody wants: of one kind, showing one text, of one document."""

    kind: str | None = None
    shown: str | None = None
    document_id: int | None = None


def lease(
    transaction: Transaction, project_id: int, user_id: int, count: int, seconds: float, wanted: Wanted
) -> Sequence[Item]:
    """Lends the next items of a project to a person."""
    found = transaction.scalars(
        select(Item)
        .where(Item.project_id == project_id, *_free_for(user_id), *_filters(wanted))
        .order_by(Item.postponed, Item.rank, Item.id)
        .limit(count)
        .with_for_update(skip_locked=True)
    ).all()
    until = now() + timedelta(seconds=seconds)
    for item in found:
        item.leased_to, item.lease_until = user_id, until
    return found


def lent(transaction: Transaction, user_id: int) -> Sequence[Item]:
    """The items that a person has at the moment."""
    return transaction.scalars(
        select(Item)
        .where(Item.leased_to == user_id, Item.state == "open", Item.lease_until > now())
        .order_by(Item.postponed, Item.rank, Item.id)
    ).all()


def open_count(transaction: Transaction, project_id: int, most: int | None = None) -> int:
    """How many items of a project are open; counted up to `most`, as counting a long queue takes a while."""
    found = select(Item.id).where(Item.project_id == project_id, Item.state == "open").limit(most)
    return transaction.scalar(select(func.count()).select_from(found.subquery())) or 0


def groups(transaction: Transaction, project_id: int, limit: int) -> Sequence[tuple[str, str, int]]:
    """Kind, text and number of open items that nobody has and that show the same, most first."""
    number = func.count().label("number")
    rows = transaction.execute(
        select(Item.kind, Item.shown, number)
        .where(Item.project_id == project_id, Item.state == "open", _not_lent())
        .group_by(Item.kind, Item.shown)
        .having(number > 1)
        .order_by(number.desc(), Item.kind, Item.shown)
        .limit(limit)
    )
    return [(row.kind, row.shown, row.number) for row in rows]


def decide(
    transaction: Transaction,
    item_id: int,
    user_id: int,
    action: Action,
    text: str | None,
    seconds: float | None,
) -> tuple[Item, Decision]:
    """A person's word on an item. Said again in the same words, it changes nothing.

    Raises:
        NotYours: it is decided, or lent to somebody else.
    """
    item = _locked(transaction, item_id)
    text = {"accept": item.shown, "correct": text, "unreadable": None}[action]
    earlier = _active(transaction, item_id)
    mine = next((decision for decision in earlier if decision.user_id == user_id), None)
    if mine is not None:
        if (mine.action, mine.text) == (action, text):
            return item, mine
        raise NotYours("you have decided this item already: take that back first")
    if item.state != "open":
        raise NotYours("this item is decided already")
    if item.leased_to not in (None, user_id) and item.lease_until is not None and item.lease_until > now():
        raise NotYours("somebody else has this item at the moment")
    decision = Decision(
        item_id=item.id,
        document_id=item.document_id,
        user_id=user_id,
        action=action,
        text=text,
        seconds=seconds,
        at=now(),
    )
    transaction.add(decision)
    transaction.flush()
    item.leased_to = item.lease_until = None
    note(transaction, user_id, action, item=item, before=item.shown, after=text, seconds=seconds)
    _resolve(transaction, item, [*earlier, decision])
    return item, decision


def undo(transaction: Transaction, decision: Decision, user_id: int, seconds: float) -> Item:
    """Takes a decision back; the item is lent to the person again."""
    item = _locked(transaction, decision.item_id)
    if decision.undone_at is not None:
        return item
    decision.undone_at = now()
    note(transaction, user_id, "undo", item=item, before=decision.text, after=item.shown)
    if item.outcome_id is not None:
        _touch(transaction, item)
    item.state, item.outcome_id, item.decided_at = "open", None, None
    left = [d for d in _active(transaction, item.id) if d.id != decision.id]
    item.needed = entries_of(item, transaction.get_one(Project, item.project_id))
    if len(left) > 1 and left[0].text != left[1].text:
        item.needed = 3
    item.leased_to, item.lease_until = user_id, now() + timedelta(seconds=seconds)
    if item.origin == "edit":  # it stood in no queue; whether the place is in doubt shows when it is built
        item.state, item.leased_to, item.lease_until = "settled", None, None
    return item


def skip(transaction: Transaction, item: Item, user_id: int) -> None:
    """Puts an item behind all others.

    Raises:
        NotYours: somebody else has it, or it is decided.
    """
    release(transaction, item, user_id)
    item.postponed += 1
    note(transaction, user_id, "skip", item=item)


def release(transaction: Transaction, item: Item, user_id: int) -> None:
    """Gives an item back to the queue.

    Raises:
        NotYours: somebody else has it, or it is decided.
    """
    if item.state != "open" or (
        item.leased_to not in (None, user_id) and item.lease_until is not None and item.lease_until > now()
    ):
        raise NotYours("somebody else has this item at the moment, or it is decided")
    item.leased_to = item.lease_until = None


def comment(transaction: Transaction, item: Item, user_id: int, text: str) -> Comment:
    said = Comment(item_id=item.id, user_id=user_id, text=text)
    transaction.add(said)
    transaction.flush()
    note(transaction, user_id, "comment", item=item, after=text)
    return said


def _locked(transaction: Transaction, item_id: int) -> Item:
    """The item, for this transaction alone. Its document is locked first, as whoever builds it does."""
    document_id = transaction.scalars(select(Item.document_id).where(Item.id == item_id)).one()
    transaction.execute(select(Document.id).where(Document.id == document_id).with_for_update(key_share=True))
    return transaction.get_one(Item, item_id, with_for_update=True)


def _not_lent() -> ColumnElement[bool]:
    return or_(Item.lease_until.is_(None), Item.lease_until < now())


def _free_for(user_id: int) -> tuple[ColumnElement[bool], ...]:
    """Open, not lent, and of double entry not yet entered by this person."""
    entered = exists().where(_ENTRY.item_id == Item.id, _ENTRY.user_id == user_id, _ENTRY.undone_at.is_(None))
    return Item.state == "open", _not_lent(), or_(Item.needed == 1, ~entered)


def _filters(wanted: Wanted) -> tuple[ColumnElement[bool], ...]:
    given = (
        (Item.kind, wanted.kind),
        (Item.shown, wanted.shown),
        (Item.document_id, wanted.document_id),
    )
    return tuple(column == value for column, value in given if value is not None)


def _active(transaction: Transaction, item_id: int) -> list[Decision]:
    """The decisions on an item that stand, oldest first."""
    return list(
        transaction.scalars(
            select(Decision)
            .where(and_(Decision.item_id == item_id, Decision.undone_at.is_(None)))
            .order_by(Decision.id)
        )
    )


def _resolve(transaction: Transaction, item: Item, entries: list[Decision]) -> None:
    """Closes an item with enough entries; where two differ, a third person decides."""
    if len(entries) < item.needed:
        return
    if item.needed == 2 and entries[0].text != entries[1].text:
        item.needed, item.rank, item.postponed = 3, FIRST, 0
        return
    item.state, item.decided_at = "done", now()
    item.outcome_id = entries[-1].id
    _touch(transaction, item)


def _touch(transaction: Transaction, item: Item) -> None:
    """The document is to be made anew; of seeds, nothing goes into it."""
    if item.origin != "seed":
        transaction.execute(
            update(Document).where(Document.id == item.document_id).values(version=Document.version + 1)
        )
        return
    # Nothing is built on account of a seed, and it may have been the last one open.
    document = transaction.get_one(Document, item.document_id)
    if document.built_version == document.version:
        note_review(transaction, document)

"""Changes that a person makes on the page: a cell's text, its spans, the form that a table is."""

from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session as Transaction

from shenbao.errors import UsageError
from shenbao.models.document import Document as Contract
from shenbao.store.audit import note
from shenbao.store.columns import now
from shenbao.store.doubts import spots_of
from shenbao.store.items import new_item
from shenbao.store.models import Decision, Document, Edit, Item, Project
from shenbao.store.outbox import open_items
from shenbao.store.queue import NotYours, decide
from shenbao.store.rebuild import Confirm, Knowledge, Merge, Place, SetFamily, Split, check_step, place_name

EditStep = Merge | Split | SetFamily | Confirm
KINDS: dict[type[EditStep], str] = {
    Merge: "merge",
    Split: "split",
    SetFamily: "family",
    Confirm: "confirm",
}


def add_edit(
    transaction: Transaction,
    document: Document,
    current: Contract,
    step: EditStep,
    knowledge: Knowledge,
    user_id: int,
) -> Edit:
    """A change of structure or family, or the word that all is right.

    Raises:
        UsageError: it makes no sense in the document as it stands; items are open that one word would pass over.
    """
    check_step(current, step, knowledge.families)
    if isinstance(step, Confirm) and (waiting := open_items(transaction, document.id)):
        raise UsageError(f"{waiting} items of the document are open: decide them first")
    edit = Edit(document_id=document.id, user_id=user_id, kind=KINDS[type(step)], body=asdict(step), at=now())
    transaction.add(edit)
    document.version += 1
    transaction.flush()
    note(
        transaction,
        user_id,
        edit.kind,
        project_id=document.project_id,
        document_id=document.id,
        after=str(edit.body),
    )
    return edit


def undo_edit(transaction: Transaction, document: Document, edit: Edit, user_id: int) -> None:
    """Takes a change back; it stays, with the time of that."""
    if edit.undone_at is not None:
        return
    edit.undone_at = now()
    document.version += 1
    before = f"{edit.kind} {edit.body}"
    note(
        transaction,
        user_id,
        "undo.edit",
        project_id=document.project_id,
        document_id=document.id,
        before=before,
    )


def say(
    transaction: Transaction,
    document: Document,
    current: Contract,
    place: Place,
    text: str,
    knowledge: Knowledge,
    user_id: int,
) -> Decision:
    """Gives a cell, or a line outside tables, its text. Where an item waits for it, that is decided by it.

    Raises:
        UsageError: there is no such cell.
        NotYours: somebody else is deciding it at the moment.
    """
    project = transaction.get_one(Project, document.project_id)
    spots = spots_of(current, project.accept, knowledge.vocabulary, with_lines=True)
    spot = spots.get(place)
    if spot is None:
        raise UsageError(f"nothing stands at {place_name(place)}")
    name = place_name(place)
    here = (Item.document_id == document.id, Item.place == name)
    item = transaction.scalar(select(Item).where(*here, Item.origin == "edit"))
    if item is None:
        item = new_item(document, project, spot, "edit")
        transaction.add(item)
        transaction.flush()
    _reopen(transaction, item)
    _close_others(transaction, document, name, user_id)
    item.read = item.shown = spot.text
    return decide(transaction, item.id, user_id, "correct", text, None)[1]


def _reopen(transaction: Transaction, item: Item) -> None:
    """An edited place may be edited again: the earlier word is taken back first."""
    standing = select(Decision).where(Decision.item_id == item.id, Decision.undone_at.is_(None))
    for earlier in transaction.scalars(standing):
        earlier.undone_at = now()
    item.state, item.outcome_id = "open", None
    transaction.flush()


def _close_others(transaction: Transaction, document: Document, place: str, user_id: int) -> None:
    waiting = select(Item).where(
        Item.document_id == document.id, Item.place == place, Item.origin != "edit", Item.state == "open"
    )
    for item in transaction.scalars(waiting):
        if (
            item.leased_to not in (None, user_id)
            and item.lease_until is not None
            and item.lease_until > now()
        ):
            raise NotYours("somebody else has this item at the moment")
        item.state, item.decided_at = "settled", now()
        item.leased_to = item.lease_until = None

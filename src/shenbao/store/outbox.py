"""Messages to webhooks: written in the transaction of what they tell of, kept until they are delivered."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session as Transaction

from shenbao.store.columns import now
from shenbao.store.models import Delivery, Document, Item, Webhook
from shenbao.store.terms import Happening
from shenbao.wire import Message, ToldDocument

KEPT_DAYS = 30
"""How long it can be looked up what became of a message."""


def announce(transaction: Transaction, happening: Happening, document: Document) -> None:
    """Writes a message for each webhook that wants to know of this."""
    wanted = select(Webhook).where(
        Webhook.active, or_(Webhook.project_id.is_(None), Webhook.project_id == document.project_id)
    )
    hooks = [hook for hook in transaction.scalars(wanted) if happening in hook.events]
    if hooks:
        transaction.flush()
        told = _told(document, open_items(transaction, document.id))
        _write(transaction, hooks, happening, told)


def ping(transaction: Transaction, hook: Webhook) -> Delivery:
    """A message that only shows whether the receiver gets it."""
    return _write(transaction, [hook], "ping", None)[0]


def note_review(transaction: Transaction, document: Document) -> None:
    """Notes, and announces, that no item of a document is open any more; or that one is again."""
    transaction.flush()
    if open_items(transaction, document.id):
        document.reviewed_at = None
    elif document.reviewed_at is None:
        document.reviewed_at = now()
        announce(transaction, "document.reviewed", document)


def open_items(transaction: Transaction, document_id: int) -> int:
    found = select(func.count()).where(Item.document_id == document_id, Item.state == "open")
    return transaction.scalar(found) or 0


def due(transaction: Transaction) -> tuple[Delivery, Webhook] | None:
    """The message to send now: of those that were tried least often the oldest."""
    found = transaction.execute(
        select(Delivery, Webhook)
        .join(Webhook, Webhook.id == Delivery.webhook_id)
        .where(Delivery.state == "waiting", Delivery.next_at <= now(), Webhook.active)
        .order_by(Delivery.attempts, Delivery.id)
        .limit(1)
    ).one_or_none()
    return None if found is None else (found[0], found[1])


def delivered(transaction: Transaction, delivery_id: int, status: int) -> None:
    delivery = transaction.get(Delivery, delivery_id)
    if delivery is not None:  # its webhook may have been removed meanwhile
        delivery.state, delivery.status, delivery.error = "sent", status, None
        delivery.attempts += 1
        delivery.next_at, delivery.ended_at = None, now()


def failed(
    transaction: Transaction, delivery_id: int, status: int | None, words: str, again: datetime | None
) -> None:
    """A message did not arrive; it is tried `again`, or given up.

    While a receiver is away, its other messages wait as long: each would only find the same.
    """
    delivery = transaction.get(Delivery, delivery_id)
    if delivery is None:
        return
    delivery.attempts += 1
    delivery.status, delivery.error, delivery.next_at = status, words[:1000], again
    if again is None:
        delivery.state, delivery.ended_at = "given_up", now()
    elif status is None or status >= 500:
        transaction.execute(
            update(Delivery)
            .where(
                Delivery.webhook_id == delivery.webhook_id,
                Delivery.state == "waiting",
                Delivery.next_at < again,
            )
            .values(next_at=again)
        )


def send_again(delivery: Delivery) -> None:
    """Tries a message once more, and from now on as long as a new one."""
    delivery.state, delivery.created_at, delivery.next_at, delivery.ended_at = "waiting", now(), now(), None
    delivery.attempts = 0


def forget_old(transaction: Transaction) -> None:
    """Removes messages whose end is long ago."""
    before = now() - timedelta(days=KEPT_DAYS)
    transaction.execute(delete(Delivery).where(Delivery.state != "waiting", Delivery.ended_at < before))


def _write(
    transaction: Transaction, hooks: Iterable[Webhook], happening: Happening, told: ToldDocument | None
) -> list[Delivery]:
    at = now()
    body = Message(type=happening, timestamp=at, document=told).model_dump_json()
    made = [
        Delivery(
            webhook_id=hook.id,
            document_id=told.id if told else None,
            event=happening,
            body=body,
            state="waiting",
            attempts=0,
            created_at=at,
            next_at=at,
        )
        for hook in hooks
    ]
    transaction.add_all(made)
    transaction.flush()
    return made


def _told(document: Document, waiting: int) -> ToldDocument:
    return ToldDocument(
        id=document.id,
        project=document.project_id,
        name=document.name,
        sha256=document.sha256,
        state=document.state,  # type: ignore[arg-type]
        family=document.family,
        title=document.title,
        page_count=document.page_count,
        version=document.version,
        open_items=waiting,
        errors=list(document.errors),
        path=f"/v1/documents/{document.id}/document",
    )

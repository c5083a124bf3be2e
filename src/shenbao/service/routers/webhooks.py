"""Addresses that are told of finished documents, and what became of the messages."""

import base64
import secrets

from fastapi import APIRouter, Response
from sqlalchemy import select
from sqlalchemy.orm import Session as Transaction

from shenbao.service.errors import ApiError, conflict, not_found
from shenbao.service.posting import check_url
from shenbao.service.schemas import Cursor, Id, Limit, NewWebhook, WebhookChange
from shenbao.service.security import Admin, Running, visible_project
from shenbao.signing import PREFIX
from shenbao.store import outbox
from shenbao.store.audit import note
from shenbao.store.models import Delivery, Webhook
from shenbao.wire import DeliveryOut, Listing, WebhookOut

router = APIRouter(prefix="/webhooks", tags=["webhooks"])

_SECRET_BYTES = 32


@router.get("")
def listing(_: Admin, service: Running) -> Listing[WebhookOut]:
    """All webhooks, without their secrets."""
    with service.database.read() as transaction:
        return Listing(
            items=[_hook(hook) for hook in transaction.scalars(select(Webhook).order_by(Webhook.id))]
        )


@router.post("", status_code=201)
def add(given: NewWebhook, principal: Admin, service: Running) -> WebhookOut:
    """A new webhook; its secret, with which its messages are signed, is shown this once."""
    try:
        check_url(given.url, private=service.settings.service.webhook_private)
    except ValueError as error:
        advice = "Give a public address, or set service.webhook_private where yours is private."
        raise ApiError(409, "usage", str(error), advice) from error
    secret = PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()
    with service.database.write() as transaction:
        if given.project is not None:
            visible_project(transaction, principal, given.project)
        hook = Webhook(
            project_id=given.project,
            url=given.url,
            secret=service.seal.close(secret),
            events=list(dict.fromkeys(given.events)),
            active=True,
            created_by=principal.id,
        )
        transaction.add(hook)
        transaction.flush()
        note(transaction, principal.id, "webhook.add", project_id=given.project, after=given.url)
        return _hook(hook, secret)


@router.patch("/{webhook_id}")
def change(webhook_id: Id, given: WebhookChange, principal: Admin, service: Running) -> WebhookOut:
    """Stops a webhook, or lets it go on; messages that wait are kept meanwhile."""
    with service.database.write() as transaction:
        hook = _found(transaction, webhook_id)
        hook.active = given.active
        after = f"{hook.url} {'active' if given.active else 'stopped'}"
        note(transaction, principal.id, "webhook.change", project_id=hook.project_id, after=after)
        return _hook(hook)


@router.delete("/{webhook_id}", status_code=204)
def remove(webhook_id: Id, principal: Admin, service: Running) -> Response:
    """Removes a webhook with its messages."""
    with service.database.write() as transaction:
        hook = _found(transaction, webhook_id)
        note(transaction, principal.id, "webhook.remove", project_id=hook.project_id, before=hook.url)
        transaction.delete(hook)
    return Response(status_code=204)


@router.post("/{webhook_id}/ping", status_code=202)
def ping(webhook_id: Id, _: Admin, service: Running) -> DeliveryOut:
    """Sends a message of type `ping`, to see whether it arrives."""
    with service.database.write() as transaction:
        return _delivery(outbox.ping(transaction, _found(transaction, webhook_id)))


@router.get("/{webhook_id}/deliveries")
def deliveries(
    webhook_id: Id, _: Admin, service: Running, cursor: Cursor = None, limit: Limit = 50
) -> Listing[DeliveryOut]:
    """What became of a webhook's messages, newest first."""
    query = select(Delivery).where(Delivery.webhook_id == webhook_id).order_by(Delivery.id.desc())
    if cursor is not None:
        query = query.where(Delivery.id < cursor)
    with service.database.read() as transaction:
        _found(transaction, webhook_id)
        found = transaction.scalars(query.limit(limit + 1)).all()
    following = found[limit - 1].id if len(found) > limit else None
    return Listing(items=[_delivery(one) for one in found[:limit]], next=following)


@router.post("/{webhook_id}/deliveries/{delivery_id}/again", status_code=202)
def again(webhook_id: Id, delivery_id: Id, _: Admin, service: Running) -> DeliveryOut:
    """Sends a message once more that was delivered or given up."""
    with service.database.write() as transaction:
        delivery = transaction.get(Delivery, delivery_id)
        if delivery is None or delivery.webhook_id != webhook_id:
            raise not_found("message")
        if delivery.state == "waiting":
            raise conflict("the message is waiting to be sent", "Wait until it is tried again.")
        outbox.send_again(delivery)
        return _delivery(delivery)


def _found(transaction: Transaction, webhook_id: int) -> Webhook:
    hook = transaction.get(Webhook, webhook_id)
    if hook is None:
        raise not_found("webhook")
    return hook


def _hook(hook: Webhook, secret: str | None = None) -> WebhookOut:
    return WebhookOut(
        id=hook.id,
        url=hook.url,
        project=hook.project_id,
        events=hook.events,
        active=hook.active,
        created_at=hook.created_at,
        secret=secret,
    )


def _delivery(delivery: Delivery) -> DeliveryOut:
    return DeliveryOut(
        id=delivery.id,
        event=delivery.event,  # type: ignore[arg-type]
        document=delivery.document_id,
        state=delivery.state,  # type: ignore[arg-type]
        attempts=delivery.attempts,
        status=delivery.status,
        error=delivery.error,
        created_at=delivery.created_at,
        next_at=delivery.next_at,
        ended_at=delivery.ended_at,
    )

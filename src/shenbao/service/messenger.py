"""Sends what waits in the outbox, beside the reading and the requests, which never wait for a receiver."""

import logging
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from shenbao.service.metrics import WEBHOOK_MESSAGES
from shenbao.service.posting import NotPosted, post
from shenbao.settings import ServiceSettings
from shenbao.signing import sign
from shenbao.store import outbox
from shenbao.store.columns import now
from shenbao.store.database import Database
from shenbao.store.sealing import Seal

log = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
"""How long it waits before it looks again whether there is something to send."""
LONGEST_PAUSE = timedelta(hours=1)
FORGET_SECONDS = 3_600.0


@dataclass(frozen=True)
class _Letter:
    id: int
    url: str
    secret: str | None
    body: bytes
    attempts: int
    created_at: datetime


class Messenger:
    """One thread that sends, tries again, and gives up."""

    def __init__(self, database: Database, seal: Seal, settings: ServiceSettings) -> None:
        self._database, self._seal, self._settings = database, seal, settings
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="messenger")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _work(self) -> None:
        cleaned = float("-inf")
        while not self._stopping.is_set():
            try:
                if time.monotonic() - cleaned > FORGET_SECONDS:
                    with self._database.write() as transaction:
                        outbox.forget_old(transaction)
                    cleaned = time.monotonic()
                letter = self._next()
                if letter is not None:
                    self._send(letter)
                    continue
            except Exception:  # the database may be away for a while: nothing is lost by that
                log.exception("sending messages")
            self._stopping.wait(IDLE_SECONDS)

    def _next(self) -> _Letter | None:
        with self._database.read() as transaction:
            found = outbox.due(transaction)
            if found is None:
                return None
            delivery, hook = found
            secret = self._seal.open(hook.secret)
            body = delivery.body.encode()
            return _Letter(delivery.id, hook.url, secret, body, delivery.attempts, delivery.created_at)

    def _send(self, letter: _Letter) -> None:
        status, words = None, ""
        try:
            status = self._post(letter)
            words = "" if 200 <= status < 300 else f"the receiver answered {status}"
        except NotPosted as error:
            words = str(error)
        with self._database.write() as transaction:
            if status is not None and not words:
                outbox.delivered(transaction, letter.id, status)
            else:
                outbox.failed(transaction, letter.id, status, words, self._again(letter))
        WEBHOOK_MESSAGES.labels("failed" if words else "sent").inc()
        log.info("message %d: %s", letter.id, words or "delivered")

    def _post(self, letter: _Letter) -> int:
        if letter.secret is None:
            raise NotPosted("the key that opens this webhook's secret is lost: register it anew")
        at, name = int(time.time()), f"msg_{letter.id}"
        headers = {
            "User-Agent": "shenbao",
            "webhook-id": name,
            "webhook-timestamp": str(at),
            "webhook-signature": sign(letter.secret, name, at, letter.body),
        }
        settings = self._settings
        return post(
            letter.url, letter.body, headers, settings.webhook_seconds, private=settings.webhook_private
        )

    def _again(self, letter: _Letter) -> datetime | None:
        """When a message that did not arrive is sent again; None: never."""
        first = timedelta(seconds=self._settings.webhook_retry_seconds)
        at = now() + min(first * 2 ** min(letter.attempts, 30), LONGEST_PAUSE)
        end = letter.created_at + timedelta(hours=self._settings.webhook_hours)
        return at if at <= end else None

"""What the service holds while it runs."""

import threading
import time
from dataclasses import dataclass, field, replace

from fastapi import Request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy.orm import Session as Transaction

from shenbao.mapping.additions import Addition, Additions, read_additions, with_addition
from shenbao.mapping.vocabulary import load_vocabulary
from shenbao.service.builder import Builder, open_knowledge
from shenbao.service.errors import ApiError
from shenbao.service.messenger import Messenger
from shenbao.service.pictures import Pictures
from shenbao.service.pool import Pool
from shenbao.settings import Settings
from shenbao.store.blobs import BlobStore
from shenbao.store.columns import now
from shenbao.store.database import Database
from shenbao.store.models import Suggestion
from shenbao.store.queue import open_count
from shenbao.store.sealing import Seal
from shenbao.storing import store

LONG_QUEUE = 1_000
COUNT_SECONDS = 10.0
"""How long the count of a long queue is good for."""

OWN_VOCABULARY = "vocabulary.json"
"""The file in the data folder that takes what people confirm, where the settings name no other."""


@dataclass
class Service:
    """The parts of a running service. `configured`: an account is set up."""

    settings: Settings
    database: Database
    blobs: BlobStore
    builder: Builder
    pool: Pool
    messenger: Messenger
    pictures: Pictures
    seal: Seal
    configured: bool = False
    _counts: dict[int, tuple[int, float]] = field(default_factory=dict)
    _teaching: threading.Lock = field(default_factory=threading.Lock)
    _limiter: MovingWindowRateLimiter = field(
        default_factory=lambda: MovingWindowRateLimiter(MemoryStorage())
    )

    def count(self, what: str, who: str, per_minute: int) -> None:
        """Counts one request of somebody.

        Raises:
            ApiError: there were too many in the last minute.
        """
        if not self._limiter.hit(RateLimitItemPerMinute(per_minute), what, who):
            advice = f"At most {per_minute} a minute: wait a little."
            raise ApiError(429, "too_many", "too many requests", advice, {"Retry-After": "10"})

    def teach(self, suggestion: Suggestion, name: str | None, by: str) -> None:
        """Takes a name into the user's own vocabulary file; mapping and reading know it from now on.

        Raises:
            UsageError: it contradicts the vocabulary.
            OutputError: the file cannot be written.
        """
        own = self.settings.mapping.vocabulary or self.settings.service.data / OWN_VOCABULARY
        with self._teaching:
            known = read_additions(own) if own.exists() else Additions()
            addition = Addition(
                group=suggestion.group,  # type: ignore[arg-type]
                name=name or suggestion.form,
                form=suggestion.form if name else None,
                below=suggestion.below,
                source=f"document {suggestion.document_id}",
                by=by,
                added=now(),
            )
            store(own, with_addition(load_vocabulary(), known, addition).to_bytes())
            mapping = self.settings.mapping.model_copy(update={"vocabulary": own})
            self.settings = self.settings.model_copy(update={"mapping": mapping})
            self.builder.knowledge = open_knowledge(mapping)
            self.pool.renew(replace(self.pool.setup, settings=self.settings))

    def open_items(self, transaction: Transaction, project_id: int) -> int:
        """How many items of a project are open; of more than a thousand the number of some seconds ago."""
        number = open_count(transaction, project_id, LONG_QUEUE)
        if number < LONG_QUEUE:
            return number
        counted, at = self._counts.get(project_id, (0, float("-inf")))
        if time.monotonic() - at > COUNT_SECONDS:
            counted = open_count(transaction, project_id)
            self._counts[project_id] = counted, time.monotonic()
        return counted


async def service_of(request: Request) -> Service:
    """The running service. Asynchronous, as the other kind would be handed to a thread for each request."""
    return running(request)


def running(request: Request) -> Service:
    service: Service = request.app.state.service
    return service

"""What the service holds while it runs."""

from dataclasses import dataclass, field

from fastapi import Request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from shenbao.service.builder import Builder
from shenbao.service.errors import ApiError
from shenbao.service.pictures import Pictures
from shenbao.service.pool import Pool
from shenbao.settings import Settings
from shenbao.store.blobs import BlobStore
from shenbao.store.database import Database


@dataclass
class Service:
    """The parts of a running service. `configured`: an account is set up."""

    settings: Settings
    database: Database
    blobs: BlobStore
    builder: Builder
    pool: Pool
    pictures: Pictures
    configured: bool = False
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


def service_of(request: Request) -> Service:
    service: Service = request.app.state.service
    return service

"""How often, and after what pause, a call is made again."""

import random
from dataclasses import dataclass

import httpx

from shenbao.client.errors import Refusal, ServiceError, Unreachable, refused

_AGAIN = (429, 503)


@dataclass(frozen=True)
class Patience:
    """`tries` in all. Between them what `Retry-After` says, but at most `longest` seconds; where nothing is said,
    or no answer came, `first` seconds, doubled each time.
    """

    tries: int = 6
    first: float = 0.5
    longest: float = 60.0


class Attempts:
    """The attempts of one call. What may not be done twice is made again only after an answer that refused it."""

    def __init__(self, patience: Patience, *, repeatable: bool) -> None:
        self._patience, self._repeatable, self._made = patience, repeatable, 0

    def after_answer(self, response: httpx.Response) -> float:
        """Seconds to wait before the call is made again.

        Raises:
            ServiceError: it is not made again.
        """
        error = refused(response)
        if response.status_code not in _AGAIN:
            raise error
        said = response.headers.get("retry-after", "")
        return self._pause(error, float(said) if said.isdigit() else None)

    def after_break(self, broken: httpx.TransportError) -> float:
        """Seconds to wait before the call is made again after no, or half an answer.

        Raises:
            Unreachable: it is not made again.
        """
        words = str(broken) or type(broken).__name__
        error = Unreachable(Refusal(0, "unreachable", words, "Check the address, and that the service runs."))
        if not self._repeatable:
            raise error from broken
        return self._pause(error, None)

    def reset(self) -> None:
        """An answer came: the next break is the first again."""
        self._made = 0

    def _pause(self, error: ServiceError, said: float | None) -> float:
        self._made += 1
        if self._made >= self._patience.tries:
            raise error
        # Many clients that were refused together must not come back together.
        grown = self._patience.first * 2 ** (self._made - 1) * random.uniform(0.75, 1.25)
        return min(self._patience.longest, grown if said is None else said)

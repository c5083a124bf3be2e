"""The service from a program: upload, wait, fetch, review. Needs the extra `client` alone.

`Client` blocks, `AsyncClient` is awaited; both have the same methods. What they give is typed as the service's
answers (`shenbao.wire`) and the output contract (`shenbao.models.document`); what fails raises a `ServiceError`
with the service's code and advice. `verify` checks that a webhook's message comes from the service.
"""

from importlib.util import find_spec

if find_spec("httpx") is None:
    raise ImportError("the client needs httpx: pip install 'shenbao[client]'")

from shenbao.client.asynchronous import AsyncClient
from shenbao.client.attempts import Patience
from shenbao.client.blocking import Client
from shenbao.client.errors import (
    Busy,
    Changed,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    ReadingFailed,
    ServiceError,
    TooLarge,
    TooManyRequests,
    Unauthenticated,
    Unreachable,
)
from shenbao.signing import BadSignature, sign, verify

__all__ = [
    "AsyncClient",
    "BadSignature",
    "Busy",
    "Changed",
    "Client",
    "Conflict",
    "Forbidden",
    "Invalid",
    "NotFound",
    "Patience",
    "ReadingFailed",
    "ServiceError",
    "TooLarge",
    "TooManyRequests",
    "Unauthenticated",
    "Unreachable",
    "sign",
    "verify",
]

"""What a call may raise: one class for each way in which the service refuses."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from shenbao.wire import JobOut


@dataclass(frozen=True)
class Refusal:
    """The service's words: `code` is stable and for programs, `message` and `advice` are for people."""

    status: int
    code: str
    message: str
    advice: str = ""
    request_id: str = ""
    details: Sequence[dict[str, Any]] = ()


class ServiceError(Exception):
    """The service did not do what was asked. `status` is 0 where no answer came."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"{refusal.code}: {refusal.message} {refusal.advice}".rstrip())
        self.refusal = refusal

    @property
    def status(self) -> int:
        return self.refusal.status

    @property
    def code(self) -> str:
        return self.refusal.code

    @property
    def advice(self) -> str:
        return self.refusal.advice

    @property
    def request_id(self) -> str:
        return self.refusal.request_id

    @property
    def details(self) -> Sequence[dict[str, Any]]:
        return self.refusal.details


class Unauthenticated(ServiceError):
    """401: the token is missing, wrong or revoked."""


class Forbidden(ServiceError):
    """403: the role does not allow it."""


class NotFound(ServiceError):
    """404: there is no such thing, or it may not be seen."""


class Conflict(ServiceError):
    """409: somebody else was faster, or what is wished does not fit what there is."""


class Changed(ServiceError):
    """412: it is another state than the one that was named."""


class TooLarge(ServiceError):
    """413: the file or the request."""


class Invalid(ServiceError):
    """415 or 422: the request is not as described; `details` name the places. Or the file is wrong."""


class TooManyRequests(ServiceError):
    """429, and the patience is at its end."""


class Busy(ServiceError):
    """503, and the patience is at its end."""


class Unreachable(ServiceError):
    """No answer came, and the patience is at its end."""


class ReadingFailed(ServiceError):
    """A document cannot be read: `code` and `advice` are those of docs/cli.md, such as `encrypted`."""


_CLASSES: dict[int, type[ServiceError]] = {
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    412: Changed,
    413: TooLarge,
    415: Invalid,
    422: Invalid,
    429: TooManyRequests,
    503: Busy,
}


def refused(response: httpx.Response) -> ServiceError:
    """The error that an answer other than success tells of; its content must have been read."""
    try:
        said = json.loads(response.content)["error"]
        refusal = Refusal(
            response.status_code,
            str(said["code"]),
            str(said["message"]),
            str(said.get("advice", "")),
            str(said.get("request_id", "")),
            tuple(said.get("details", ())),
        )
    except (ValueError, KeyError, TypeError):  # a proxy between may answer in its own words
        words = f"{response.status_code} {response.reason_phrase}".rstrip()
        refusal = Refusal(
            response.status_code, "error", words, request_id=response.headers.get("x-request-id", "")
        )
    return _CLASSES.get(refusal.status, ServiceError)(refusal)


def failed_reading(job: JobOut) -> ReadingFailed:
    """Why a job that has failed did so."""
    failure = job.failure or {}
    code, message, advice = (str(failure.get(name, "")) for name in ("code", "message", "advice"))
    return ReadingFailed(Refusal(200, code, message, advice))

"""Signatures of webhooks, as the open specification Standard Webhooks 1.0 has them (symmetric keys, HMAC-SHA256)."""

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Mapping

PREFIX = "whsec_"
"""Before the base64 of a secret's bytes."""
TOLERANCE = 300.0
"""Seconds between the times of sender and receiver."""


class BadSignature(Exception):
    """The message is not from the service, was changed, or is old."""


def sign(secret: str, message_id: str, at: int, body: bytes) -> str:
    """The header `webhook-signature` of a message that is sent `at` (seconds since 1970)."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.digest(key, f"{message_id}.{at}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(digest).decode()}"


def verify(secret: str, headers: Mapping[str, str], body: bytes, *, now: float | None = None) -> None:
    """Checks a message that a receiver got; `headers` may have any case.

    Raises:
        BadSignature: it was not signed with this secret, or more than five minutes ago.
    """
    found = {name.lower(): value for name, value in headers.items()}
    try:
        message_id, at = found["webhook-id"], int(found["webhook-timestamp"])
        given = found["webhook-signature"].split()
        expected = sign(secret, message_id, at, body).encode()
    except (KeyError, ValueError, binascii.Error) as error:
        raise BadSignature("the message carries no signature") from error
    if abs((time.time() if now is None else now) - at) > TOLERANCE:
        raise BadSignature("the message is too old, or a clock is wrong")
    if not any(hmac.compare_digest(one.encode(), expected) for one in given):
        raise BadSignature("the signature is not of this secret and body")

"""Around every request: its id, its size, its line in the log, the headers of its answer."""

import json
import logging
import re
import secrets
import time
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shenbao.service.metrics import REQUEST_SECONDS, REQUESTS

log = logging.getLogger("shenbao.service.requests")

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
SMALL_BODY = 2_000_000
"""Bytes of a request that uploads no file."""

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class _TooLarge(Exception):
    pass


class Requests:
    """Gives each request an id (its own `X-Request-ID`, or a new one), bounds its body, logs it, counts it."""

    def __init__(self, app: ASGIApp, upload_bytes: int) -> None:
        self._app, self._upload_bytes = app, upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        given = headers.get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        state: dict[str, Any] = scope.setdefault("state", {})
        state["request_id"] = request_id
        # Multipart adds some bytes around each file.
        largest = self._upload_bytes + SMALL_BODY if _is_upload(scope) else SMALL_BODY
        exchange = _Exchange(scope, receive, send, request_id, largest)
        try:
            declared = headers.get("content-length", "")
            if declared.isdigit() and int(declared) > largest:
                raise _TooLarge
            await self._app(scope, exchange.receive, exchange.send)
        except _TooLarge:
            await exchange.refuse()
        finally:
            exchange.tell(state.get("user", "-"))


def _is_upload(scope: Scope) -> bool:
    return bool(scope["method"] == "POST" and scope["path"] == "/v1/documents")


class _Exchange:
    """One request and its answer."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, request_id: str, largest: int) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._request_id, self._largest = request_id, largest
        self._received, self._status, self._start = 0, 0, time.perf_counter()

    async def receive(self) -> Message:
        message = await self._receive()
        self._received += len(message.get("body", b""))
        if self._received > self._largest:
            raise _TooLarge
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            present = {name.lower() for name, _ in message.get("headers", [])}
            added = {**_HEADERS, "X-Request-ID": self._request_id, "Content-Security-Policy": PAGE_POLICY}
            message["headers"] = [
                *message.get("headers", []),
                *((k.encode(), v.encode()) for k, v in added.items() if k.lower().encode() not in present),
            ]
        await self._send(message)

    async def refuse(self) -> None:
        """Answers that the request is too large, if nothing is answered yet."""
        if self._status:
            return
        error = {
            "code": "too_large",
            "message": f"the request is larger than {self._largest} bytes",
            "advice": "Send fewer or smaller files.",
            "request_id": self._request_id,
            "details": [],
        }
        body = json.dumps({"error": error}).encode()
        headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
        await self.send({"type": "http.response.start", "status": 413, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})

    def tell(self, user: str) -> None:
        seconds = time.perf_counter() - self._start
        route = getattr(self._scope.get("route"), "path", "other")
        REQUESTS.labels(self._scope["method"], route, str(self._status)).inc()
        REQUEST_SECONDS.labels(route).observe(seconds)
        log.info(
            "%s %s %s %d %.1f ms %s",
            self._request_id,
            self._scope["method"],
            self._scope["path"].encode("unicode_escape").decode(),
            self._status,
            seconds * 1000,
            user,
        )

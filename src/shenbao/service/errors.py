"""One JSON shape for every error."""

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import NoResultFound
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from shenbao.errors import ShenbaoError, UsageError
from shenbao.store.queue import NotYours

log = logging.getLogger(__name__)


class ErrorBody(BaseModel):
    """`code` is stable and for programs; `message` and `advice` are for people; `details` name places."""

    code: str
    message: str
    advice: str
    request_id: str
    details: list[dict[str, Any]] = []


class ErrorAnswer(BaseModel):
    error: ErrorBody


class ApiError(Exception):
    """A request that cannot be fulfilled."""

    def __init__(
        self, status: int, code: str, message: str, advice: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.advice = status, code, message, advice
        self.headers = dict(headers or {})


def not_found(what: str) -> ApiError:
    return ApiError(404, "not_found", f"there is no such {what}", "Check the address, and what you may see.")


def conflict(message: str, advice: str = "Fetch the next item.") -> ApiError:
    return ApiError(409, "conflict", message, advice)


DOCUMENTED: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorAnswer, "description": words}
    for status, words in {
        400: "The request makes no sense.",
        401: "Nobody is logged in.",
        403: "This is not allowed.",
        404: "There is no such thing, or it is not yours to see.",
        409: "Somebody else was faster.",
        412: "It has changed since.",
        413: "Too large.",
        415: "Of such a file this cannot be made.",
        422: "The request is not as described.",
        429: "Too many requests.",
        503: "Try again later.",
        507: "No space is left.",
    }.items()
}


def answer(
    request: Request,
    status: int,
    code: str,
    message: str,
    advice: str = "",
    details: list[dict[str, Any]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    body = ErrorBody(
        code=code,
        message=message,
        advice=advice,
        request_id=getattr(request.state, "request_id", ""),
        details=details or [],
    )
    return JSONResponse({"error": body.model_dump()}, status, dict(headers or {}))


_CODES = {401: "unauthenticated", 403: "forbidden", 404: "not_found", 405: "method_not_allowed"}


def _allowed(app: FastAPI, path: str) -> str:
    """The methods of an address, over all its routes; "" for one that is not described."""
    described = app.openapi()["paths"]
    fitting = [template for template in described if compile_path(template)[0].match(path)]
    nearest = min(fitting, key=lambda template: template.count("{"), default=None)
    return ", ".join(method.upper() for method in described[nearest]) if nearest else ""


def install(app: FastAPI) -> None:
    """Has every error of the app answered in the one shape."""

    @app.exception_handler(ApiError)
    async def api_error(request: Request, error: ApiError) -> JSONResponse:
        return answer(request, error.status, error.code, error.message, error.advice, headers=error.headers)

    @app.exception_handler(ShenbaoError)
    async def own(request: Request, error: ShenbaoError) -> JSONResponse:
        # Here the request itself is as described: what is wished does not fit what there is.
        status, advice = (409, "") if isinstance(error, UsageError) else (error.http_status, error.advice)
        return answer(request, status, error.code, str(error), advice)

    @app.exception_handler(NotYours)
    async def not_yours(request: Request, error: NotYours) -> JSONResponse:
        return answer(request, 409, "conflict", str(error), "Fetch the next item.")

    @app.exception_handler(NoResultFound)
    async def missing(request: Request, error: NoResultFound) -> JSONResponse:
        return answer(request, 404, "not_found", "there is no such thing", "Check the address.")

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        details = [{"where": list(e["loc"]), "message": e["msg"]} for e in error.errors()]
        words = "the request is not as described"
        return answer(request, 422, "invalid", words, "See /docs for what it takes.", details)

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        code = _CODES.get(error.status_code, "error")
        headers = dict(error.headers or {})
        if error.status_code == 405:
            headers["Allow"] = _allowed(app, request.url.path) or headers.get("Allow", "")
        return answer(request, error.status_code, code, str(error.detail), headers=headers)

    @app.exception_handler(Exception)
    async def unforeseen(request: Request, error: Exception) -> JSONResponse:
        log.error("%s %s", request.method, request.url.path, exc_info=error)
        return answer(request, 500, "error", "something unforeseen went wrong", ShenbaoError.advice)

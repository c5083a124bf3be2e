"""Templates -> pages, and errors -> pages."""

import hashlib
from collections.abc import Callable, Coroutine
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.exc import NoResultFound

from shenbao.errors import ShenbaoError
from shenbao.service.errors import ApiError
from shenbao.service.pages import words
from shenbao.service.security import Principal

STATIC = Path(__file__).parents[1] / "static"
TEMPLATES = Path(__file__).parents[1] / "templates"
NO_STORE = {"Cache-Control": "no-store"}


def page(
    request: Request, template: str, principal: Principal | None = None, status: int = 200, **context: object
) -> HTMLResponse:
    """A page, or a part of one, as whoever asks sees it."""
    body = environment().get_template(template).render(me=principal, path=request.url.path, **context)
    return HTMLResponse(body, status, NO_STORE)


class PageRoute(APIRoute):
    """A route that answers errors with a page, and whoever is not logged in with the login."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answered(request: Request) -> Response:
            try:
                return await handle(request)
            except ApiError as error:
                return _refused(request, error.status, error.code)
            except ShenbaoError as error:
                return _refused(request, error.http_status, error.code)
            except (NoResultFound, RequestValidationError):
                return _refused(request, 404, "not_found")

        return answered


def local_path(given: str) -> str:
    """`given` if it is a path of this service, else the front page."""
    safe = given.startswith("/") and not given.startswith(("//", "/\\")) and given.isprintable()
    return given if safe else "/"


def is_fragment(request: Request) -> bool:
    """Whether a script asks for a part of a page."""
    return request.headers.get("x-fragment") == "1" or request.headers.get("hx-request") == "true"


def _refused(request: Request, status: int, code: str) -> Response:
    if status == 401:
        login = f"/login?next={quote(request.url.path)}"
        if is_fragment(request):
            return Response(status_code=401, headers={"HX-Redirect": login})
        return RedirectResponse(login, 303)
    request_id = getattr(request.state, "request_id", "")
    return page(
        request, "error.html", status=status, code=code, message=words.error(code), request_id=request_id
    )


@lru_cache
def environment() -> Environment:
    """The templates with their filters; everything put in is escaped."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        kind=words.kind,
        person=words.person,
        reasons=words.reasons,
        percent=_percent,
        moment=_moment,
        size=_size,
        seconds=lambda value: "–" if value is None else f"{value:.1f} 秒",
    )
    made.globals.update(asset=_asset, words=words)
    return made


@lru_cache
def assets_version() -> str:
    """Names the content of all static files: as part of their address, it is another one when any changes."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.iterdir()):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _asset(name: str) -> str:
    """The address of a static file. Scripts import one another relative to it, so each is loaded once."""
    return f"/static/{assets_version()}/{name}"


def _percent(value: float | None, digits: int = 1) -> str:
    return "–" if value is None else f"{value * 100:.{digits}f}%"


def _moment(value: datetime | None) -> str:
    return "" if value is None else value.astimezone().strftime("%Y-%m-%d %H:%M")


def _size(value: int) -> str:
    return f"{value / 1e6:.1f} MB" if value >= 100_000 else f"{value / 1e3:.0f} KB"

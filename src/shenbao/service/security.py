"""Who asks, and what they may do."""

import ipaddress
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlsplit

from fastapi import Depends, Request
from sqlalchemy.orm import Session as Transaction

from shenbao.service.errors import ApiError, not_found
from shenbao.service.state import Service, running, service_of
from shenbao.store import accounts
from shenbao.store.models import Document, Item, Project, User
from shenbao.store.terms import Role

COOKIE = "shenbao_session"
CSRF_HEADER = "X-CSRF-Token"
_SAFE = ("GET", "HEAD", "OPTIONS")
_RANKS: dict[str, int] = {"reader": 0, "reviewer": 1, "admin": 2}


@dataclass(frozen=True)
class Principal:
    """Who asks. `projects` are those they may see, None all. `csrf` is what a browser sends along.

    `way`: `local` without accounts, on this machine; `session` a browser; `token` a program.
    """

    id: int
    name: str
    role: Role
    projects: frozenset[int] | None
    way: Literal["local", "session", "token"]
    csrf: str = ""

    def may_see(self, project_id: int) -> bool:
        return self.projects is None or project_id in self.projects


def principal_of(request: Request) -> Principal:
    """Who asks, by token, by cookie, or without accounts by being on this machine.

    Raises:
        ApiError: nobody known asks, a browser was led here by another site, or there were too many requests.
    """
    service = running(request)
    found = _by_token(request, service) or _by_cookie(request, service) or _local(request, service)
    if found is None:
        service.count("stranger", address_of(request), service.settings.service.requests_per_minute)
        raise ApiError(
            401,
            "unauthenticated",
            "nobody is logged in",
            "Log in, or send an API token.",
            {"WWW-Authenticate": "Bearer"},
        )
    service.count("user", str(found.id), service.settings.service.requests_per_minute)
    request.state.user = found.name
    return found


Anyone = Annotated[Principal, Depends(principal_of)]


def _at_least(role: Role) -> Callable[[Principal], Awaitable[Principal]]:
    async def check(principal: Anyone) -> Principal:
        if _RANKS[principal.role] < _RANKS[role]:
            raise ApiError(403, "forbidden", f"this takes the role {role}", "Ask an admin.")
        return principal

    return check


Reviewer = Annotated[Principal, Depends(_at_least("reviewer"))]
Admin = Annotated[Principal, Depends(_at_least("admin"))]
Running = Annotated[Service, Depends(service_of)]


def visible_document(transaction: Transaction, principal: Principal, document_id: int) -> Document:
    """The document, if there is one that the principal may see; what is hidden does not exist."""
    document = transaction.get(Document, document_id)
    if document is None or not principal.may_see(document.project_id):
        raise not_found("document")
    return document


def visible_item(transaction: Transaction, principal: Principal, item_id: int) -> Item:
    item = transaction.get(Item, item_id)
    if item is None or not principal.may_see(item.project_id):
        raise not_found("item")
    return item


def visible_project(transaction: Transaction, principal: Principal, project_id: int) -> Project:
    project = transaction.get(Project, project_id)
    if project is None or not principal.may_see(project.id):
        raise not_found("project")
    return project


def address_of(request: Request) -> str:
    return request.client.host if request.client else "unknown"


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def check_origin(request: Request) -> None:
    """Refuses what another site has a browser send.

    Raises:
        ApiError: the request says that it comes from elsewhere.
    """
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site")
    foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    if foreign or site in ("cross-site", "same-site"):
        raise ApiError(403, "cross_site", "this request comes from another site", "Open the service itself.")


def on_this_machine(request: Request) -> bool:
    """Whether the request was made on this machine, and for it by name: else another site's name leads here."""
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    return is_loopback(address_of(request)) and is_loopback(host)


def _by_token(request: Request, service: Service) -> Principal | None:
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    with service.database.read() as transaction:
        user = accounts.user_of_token(transaction, text.strip())
        return None if user is None else _principal(transaction, user, "token")


def _by_cookie(request: Request, service: Service) -> Principal | None:
    secret = request.cookies.get(COOKIE)
    if not secret:
        return None
    with service.database.read() as transaction:
        found = accounts.session_of(transaction, secret)
        if found is None:
            return None
        user, csrf = found
        principal = _principal(transaction, user, "session", csrf)
    if request.method not in _SAFE:
        check_origin(request)
        if not secrets.compare_digest(request.headers.get(CSRF_HEADER, "").encode(), csrf.encode()):
            advice = f"Send the header {CSRF_HEADER} with what /v1/me says."
            raise ApiError(403, "csrf", "the request lacks the session's CSRF token", advice)
    return principal


def _local(request: Request, service: Service) -> Principal | None:
    if service.configured or "authorization" in request.headers:
        return None
    with service.database.read() as transaction:
        if accounts.configured(transaction):
            service.configured = True
            return None
        user = accounts.known_local_user(transaction)
    if not on_this_machine(request):
        advice = "Set up an admin first, on the machine itself: shenbao user add NAME --role admin"
        raise ApiError(403, "no_accounts", "without accounts the service is for its own machine only", advice)
    if request.method not in _SAFE:
        check_origin(request)
    if user is None:
        with service.database.write() as transaction:
            user = accounts.local_user(transaction)
    return Principal(user.id, user.name, "admin", None, "local")


def _principal(
    transaction: Transaction, user: User, way: Literal["session", "token"], csrf: str = ""
) -> Principal:
    role: Role = user.role  # type: ignore[assignment]
    projects = None if role == "admin" else accounts.projects_of(transaction, user.id)
    return Principal(user.id, user.name, role, projects, way, csrf)

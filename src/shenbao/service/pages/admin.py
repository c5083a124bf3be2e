"""Projects with their rules and members, users, and one's own account."""

from collections.abc import Iterable, Mapping

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import Field
from sqlalchemy import select

from shenbao.export.rows import INDICATOR_PARTS
from shenbao.mapping.vocabulary import Label
from shenbao.service.errors import ApiError
from shenbao.service.pages.rendering import PageRoute, page
from shenbao.service.pages.words import KINDS
from shenbao.service.routers import accounts, projects
from shenbao.service.schemas import Id, In, Secret
from shenbao.service.security import Admin, Anyone, Running
from shenbao.store import accounts as store
from shenbao.store.models import Member, Project, User

router = APIRouter(route_class=PageRoute, include_in_schema=False)
actions = APIRouter(include_in_schema=False)

DOUBLE_KINDS = ("money", "number", "percent", "unit", "operator", "code", "name", "date", "words", "text")
"""Kinds that may be entered twice as a whole, in the order of the form."""


class PasswordIn(In):
    old: Secret
    new: Secret = Field(min_length=store.SHORTEST_PASSWORD)


@router.get("/projects")
def listing(request: Request, principal: Admin, service: Running) -> HTMLResponse:
    """All projects with their rules, and the form for a new one."""
    found = projects.listing(principal, service).items
    return page(request, "projects.html", principal, projects=found)


@router.get("/projects/{project_id}")
def one(request: Request, project_id: Id, principal: Admin, service: Running) -> HTMLResponse:
    """The rules of a project, and who sees it."""
    project = projects.one(project_id, principal, service)
    members = {user.id for user in projects.members(project_id, principal, service).items}
    keys = double_keys(service.builder.knowledge.vocabulary.labels)
    chosen = set(project.double)
    others = sorted(chosen - {key for key, _ in keys} - set(DOUBLE_KINDS))
    return page(
        request, "project.html", principal, project=project, chosen=chosen, members=members, others=others,
        users=accounts.users(principal, service, None, 200).items, keys=keys,
        kinds=[(kind, KINDS[kind]) for kind in DOUBLE_KINDS],
    )  # fmt: skip


@router.get("/users")
def users(request: Request, principal: Admin, service: Running) -> HTMLResponse:
    """Accounts, and the first one where there is none."""
    found = accounts.users(principal, service, None, 200).items
    with service.database.read() as transaction:
        rows = transaction.execute(
            select(Member.user_id, Project.name).join(Project, Project.id == Member.project_id)
        )
        homes = _by_user((user, name) for user, name in rows)
    return page(request, "users.html", principal, users=found, homes=homes, setup=not service.configured)


@router.get("/account")
def account(request: Request, principal: Anyone, service: Running) -> HTMLResponse:
    """One's own password and API tokens."""
    tokens = accounts.tokens(principal, service).items
    return page(request, "account.html", principal, tokens=tokens)


@actions.post("/account/password", status_code=204)
def change_password(given: PasswordIn, principal: Anyone, service: Running) -> Response:
    """Another password of one's own; all one's logins end.

    Raises:
        ApiError: the present password is another one, or it is no browser that asks.
    """
    if principal.way != "session":
        raise ApiError(403, "forbidden", "a password is changed in a browser", "Log in first.")
    service.count("login name", principal.name, service.settings.service.logins_per_minute)
    with service.database.write() as transaction:
        if store.log_in(transaction, principal.name, given.old, 0) is None:
            raise ApiError(422, "wrong_password", "the present password is another one", "Try again.")
        user = transaction.get_one(User, principal.id)
        store.change_user(transaction, user, principal.id, password=given.new)
    return Response(status_code=204)


def double_keys(labels: Mapping[str, Label]) -> list[tuple[str, str]]:
    """Keys and names of the fields that two people may enter: those of labels, then those of indicators."""
    named = [(key, label.name) for key, label in labels.items() if label.kind != "section"]
    return [*named, *((key, f"指标：{name}") for key, name in INDICATOR_PARTS)]


def _by_user(rows: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for user, name in rows:
        found.setdefault(user, []).append(name)
    return found

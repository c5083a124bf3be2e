"""Login, first set-up, users and API tokens."""

from fastapi import APIRouter, Request, Response
from sqlalchemy import select

from shenbao.service.errors import ApiError, not_found
from shenbao.service.schemas import Credentials, Cursor, Id, Limit, NewToken, NewUser, UserChange
from shenbao.service.security import (
    COOKIE,
    Admin,
    Anyone,
    Running,
    address_of,
    check_origin,
    on_this_machine,
)
from shenbao.service.state import Service
from shenbao.store import accounts
from shenbao.store.audit import note
from shenbao.store.columns import now
from shenbao.store.models import Member, Project, Token, User
from shenbao.wire import Listing, Me, TokenOut, UserOut

router = APIRouter(tags=["accounts"])


@router.get("/me")
def me(principal: Anyone, service: Running) -> Me:
    """Who asks."""
    return Me(
        id=principal.id,
        name=principal.name,
        role=principal.role,
        way=principal.way,
        csrf=principal.csrf,
        setup=not service.configured,
    )


@router.post("/login")
def login(given: Credentials, request: Request, response: Response, service: Running) -> Me:
    """Opens a session: a cookie, and the token that goes with what changes anything."""
    check_origin(request)
    service.count("login", address_of(request), service.settings.service.logins_per_minute)
    service.count("login name", given.name, service.settings.service.logins_per_minute)
    return _log_in(given.name, given.password, request, response, service)


@router.post("/setup", status_code=201)
def setup(given: NewUser, request: Request, response: Response, service: Running) -> Me:
    """The first account, an admin's; from this machine only, and only while there is none."""
    check_origin(request)
    if not on_this_machine(request):
        raise ApiError(403, "forbidden", "the first account is set up on the machine itself")
    with service.database.write() as transaction:
        if accounts.configured(transaction):
            raise ApiError(409, "conflict", "there is an account already", "Log in.")
        user = accounts.add_user(transaction, given.name, "admin", given.password, None)
        for project in transaction.scalars(select(Project)):
            transaction.add(Member(project_id=project.id, user_id=user.id))
    service.configured = True
    return _log_in(given.name, given.password, request, response, service)


@router.post("/logout", status_code=204)
def logout(request: Request, principal: Anyone, service: Running) -> Response:
    """Ends the session."""
    secret = request.cookies.get(COOKIE)
    if secret:
        with service.database.write() as transaction:
            accounts.log_out(transaction, secret)
    response = Response(status_code=204)
    response.delete_cookie(COOKIE)
    return response


@router.get("/users")
def users(_: Admin, service: Running, cursor: Cursor = None, limit: Limit = 50) -> Listing[UserOut]:
    """All accounts, by id."""
    with service.database.read() as transaction:
        found = transaction.scalars(
            select(User)
            .where(User.password.is_not(None), User.id > (cursor or 0))
            .order_by(User.id)
            .limit(limit + 1)
        ).all()
    following = found[limit - 1].id if len(found) > limit else None
    return Listing(items=[_user(user) for user in found[:limit]], next=following)


@router.post("/users", status_code=201)
def add_user(given: NewUser, principal: Admin, service: Running) -> UserOut:
    """A new account."""
    with service.database.write() as transaction:
        user = accounts.add_user(transaction, given.name, given.role, given.password, principal.id)
    service.configured = True
    return _user(user)


@router.patch("/users/{user_id}")
def change_user(user_id: Id, given: UserChange, principal: Admin, service: Running) -> UserOut:
    """Another role or password; `active` false stops an account."""
    with service.database.write() as transaction:
        user = transaction.get(User, user_id)
        if user is None or user.password is None:
            raise not_found("user")
        accounts.change_user(
            transaction,
            user,
            principal.id,
            role=given.role,
            password=given.password,
            active=given.active,
        )
    return _user(user)


@router.get("/tokens")
def tokens(principal: Anyone, service: Running) -> Listing[TokenOut]:
    """One's own API tokens."""
    with service.database.read() as transaction:
        found = transaction.scalars(
            select(Token).where(Token.user_id == principal.id).order_by(Token.id)
        ).all()
    return Listing(items=[_token(token) for token in found])


@router.post("/tokens", status_code=201)
def add_token(given: NewToken, principal: Anyone, service: Running) -> TokenOut:
    """A new API token with one's own rights; its text is shown this once."""
    with service.database.write() as transaction:
        user = transaction.get_one(User, principal.id)
        token, text = accounts.add_token(transaction, user, given.name)
    return _token(token, text)


@router.delete("/tokens/{token_id}", status_code=204)
def revoke_token(token_id: Id, principal: Anyone, service: Running) -> Response:
    """Ends an API token."""
    with service.database.write() as transaction:
        token = transaction.get(Token, token_id)
        if token is None or (token.user_id != principal.id and principal.role != "admin"):
            raise not_found("token")
        token.revoked_at = token.revoked_at or now()
        note(transaction, principal.id, "token.revoke", before=token.name)
    return Response(status_code=204)


def _log_in(name: str, password: str, request: Request, response: Response, service: Service) -> Me:
    hours = service.settings.service.session_hours
    with service.database.write() as transaction:
        found = accounts.log_in(transaction, name, password, hours)
    if found is None:
        raise ApiError(401, "unauthenticated", "name and password do not fit", "Try again, or ask an admin.")
    user, opened = found
    response.set_cookie(
        COOKIE,
        opened.secret,
        max_age=int(hours * 3600),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return Me(
        id=user.id,
        name=user.name,
        role=user.role,  # type: ignore[arg-type]
        way="session",
        csrf=opened.csrf,
        setup=False,
    )


def _user(user: User) -> UserOut:
    return UserOut(
        id=user.id,
        name=user.name,
        role=user.role,  # type: ignore[arg-type]
        active=user.active,
        created_at=user.created_at,
    )


def _token(token: Token, text: str | None = None) -> TokenOut:
    return TokenOut(
        id=token.id,
        name=token.name,
        start=token.start,
        created_at=token.created_at,
        revoked_at=token.revoked_at,
        token=text,
    )

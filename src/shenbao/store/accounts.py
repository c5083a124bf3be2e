"""Users, logins and API tokens."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session as Transaction

from shenbao.errors import UsageError
from shenbao.store.audit import note
from shenbao.store.columns import now
from shenbao.store.models import Member, Session, Token, User
from shenbao.store.terms import ROLES, Role

if TYPE_CHECKING:
    from argon2 import PasswordHasher

LOCAL = "local"
"""The name under which work is noted that is done before any account is set up."""

SHORTEST_PASSWORD = 10


@dataclass(frozen=True)
class Login:
    """What a browser gets: the cookie's secret, and what its forms must send along."""

    secret: str
    csrf: str


def configured(transaction: Transaction) -> bool:
    """Whether there is an account that can log in."""
    return transaction.scalar(select(func.count()).where(User.password.is_not(None))) != 0


def known_local_user(transaction: Transaction) -> User | None:
    """The user of a service without accounts, where it was made already."""
    return transaction.scalar(select(User).where(User.name == LOCAL))


def local_user(transaction: Transaction) -> User:
    """The user of a service without accounts; made at first use."""
    user = known_local_user(transaction)
    if user is None:
        user = User(name=LOCAL, role="admin", password=None, active=True)
        transaction.add(user)
        transaction.flush()
    return user


def add_user(transaction: Transaction, name: str, role: Role, password: str, by: int | None) -> User:
    """A new account.

    Raises:
        UsageError: the name is taken, the role unknown, or the password too short.
    """
    name = name.strip()
    if not name or len(name) > 100 or name == LOCAL:
        raise UsageError("a user needs a name of 1 to 100 characters, other than “local”")
    if role not in ROLES:
        raise UsageError(f"the role is one of {', '.join(ROLES)}")
    if transaction.scalar(select(User.id).where(User.name == name)) is not None:
        raise UsageError(f"there is a user “{name}” already")
    user = User(name=name, role=role, password=_hashed(password), active=True)
    transaction.add(user)
    transaction.flush()
    note(transaction, by, "user.add", after=f"{name} {role}")
    return user


def change_user(
    transaction: Transaction,
    user: User,
    by: int | None,
    *,
    role: Role | None = None,
    password: str | None = None,
    active: bool | None = None,
) -> None:
    """Changes an account; a new password or a stop ends its logins.

    Raises:
        UsageError: the password is too short, or no admin would be left.
    """
    before = f"{user.role} {'active' if user.active else 'stopped'}"
    if user.role == "admin" and (role not in (None, "admin") or active is False):
        _check_other_admin(transaction, user)
    if role is not None:
        user.role = role
    if active is not None:
        user.active = active
    if password is not None:
        user.password = _hashed(password)
    if password is not None or active is False:
        transaction.execute(delete(Session).where(Session.user_id == user.id))
    after = f"{user.role} {'active' if user.active else 'stopped'}{' password' if password else ''}"
    note(transaction, by, "user.change", before=f"{user.name} {before}", after=f"{user.name} {after}")


def _check_other_admin(transaction: Transaction, user: User) -> None:
    others = select(func.count()).where(
        User.role == "admin", User.active, User.password.is_not(None), User.id != user.id
    )
    if not transaction.scalar(others):
        raise UsageError("this is the last admin: set up another one first")


def log_in(transaction: Transaction, name: str, password: str, hours: float) -> tuple[User, Login] | None:
    """A new login, or None where name and password do not fit."""
    user = transaction.scalar(select(User).where(User.name == name, User.active))
    # The same work for unknown names: the time must not tell who has an account.
    known = user.password if user is not None and user.password else _decoy()
    if not _fits(known, password) or user is None or user.password is None:
        return None
    if _hasher().check_needs_rehash(user.password):
        user.password = _hasher().hash(password)
    login = Login(secrets.token_urlsafe(32), secrets.token_urlsafe(32))
    transaction.execute(delete(Session).where(Session.expires_at < now()))
    expires = now() + timedelta(hours=hours)
    transaction.add(
        Session(digest=digest(login.secret), user_id=user.id, csrf=login.csrf, expires_at=expires)
    )
    note(transaction, user.id, "login")
    return user, login


def log_out(transaction: Transaction, secret: str) -> None:
    transaction.execute(delete(Session).where(Session.digest == digest(secret)))


def session_of(transaction: Transaction, secret: str) -> tuple[User, str] | None:
    """The user of a cookie and the login's CSRF secret."""
    found = transaction.execute(
        select(User, Session.csrf)
        .join(Session, Session.user_id == User.id)
        .where(Session.digest == digest(secret), Session.expires_at > now(), User.active)
    ).one_or_none()
    return None if found is None else (found[0], found[1])


def add_token(transaction: Transaction, user: User, name: str) -> tuple[Token, str]:
    """A new API token and its text, which is shown once."""
    text = f"shenbao_{secrets.token_urlsafe(32)}"
    token = Token(user_id=user.id, name=name, digest=digest(text), start=text[:12])
    transaction.add(token)
    transaction.flush()
    note(transaction, user.id, "token.add", after=name)
    return token, text


def user_of_token(transaction: Transaction, text: str) -> User | None:
    return transaction.scalar(
        select(User)
        .join(Token, Token.user_id == User.id)
        .where(Token.digest == digest(text), Token.revoked_at.is_(None), User.active)
    )


def projects_of(transaction: Transaction, user_id: int) -> frozenset[int]:
    return frozenset(transaction.scalars(select(Member.project_id).where(Member.user_id == user_id)))


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _decoy() -> str:
    return _hasher().hash(secrets.token_urlsafe(16))


def _hashed(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise UsageError(f"a password has {SHORTEST_PASSWORD} characters or more")
    return _hasher().hash(password)


def _fits(known: str, password: str) -> bool:
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return _hasher().verify(known, password)
    except (VerificationError, InvalidHashError):
        return False

"""`shenbao user`: the accounts of the service, without the service."""

import argparse
import getpass
import sys
from typing import TYPE_CHECKING

from shenbao.cli.service_options import service_settings
from shenbao.cli.streams import deliver, tell
from shenbao.errors import UsageError
from shenbao.reading import ReaderFactory
from shenbao.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from shenbao.store.database import Database
    from shenbao.store.models import User


def run(args: argparse.Namespace, _: ReaderFactory) -> int:
    database = _open(service_settings(args))
    try:
        if args.action == "list":
            deliver(_listed(database).encode())
            return 0
        if not args.name:
            raise UsageError(f"user {args.action} needs a NAME")
        if args.action == "add":
            _add(database, args)
        else:
            _change(database, args)
    finally:
        database.close()
    return 0


def _open(settings: Settings) -> "Database":
    from shenbao.store.database import Database, sqlite_url

    folder = settings.service.data
    if settings.service.database is None:
        folder.mkdir(parents=True, exist_ok=True)
    return Database(settings.service.database or sqlite_url(folder))


def _listed(database: "Database") -> str:
    """One account a line: name, role, state, with tabs between."""
    from sqlalchemy import select

    from shenbao.store.models import User

    with database.read() as transaction:
        found = transaction.scalars(select(User).where(User.password.is_not(None)).order_by(User.id)).all()
    return "".join(f"{u.name}\t{u.role}\t{'active' if u.active else 'stopped'}\n" for u in found)


def _add(database: "Database", args: argparse.Namespace) -> None:
    from shenbao.store.accounts import add_user

    password = _password()
    with database.write() as transaction:
        user = add_user(transaction, args.name, args.role or "reviewer", password, None)
        _join_all(transaction, user)
    tell(f"{user.name} can log in as {user.role}")


def _join_all(transaction: "Session", user: "User") -> None:
    """Without a service to ask, a new user sees what projects there are."""
    from sqlalchemy import select

    from shenbao.store.models import Member, Project

    for project_id in transaction.scalars(select(Project.id)):
        transaction.add(Member(project_id=project_id, user_id=user.id))


def _change(database: "Database", args: argparse.Namespace) -> None:
    from sqlalchemy import select

    from shenbao.store.accounts import change_user
    from shenbao.store.models import User

    password = _password() if args.password else None
    with database.write() as transaction:
        user = transaction.scalar(select(User).where(User.name == args.name, User.password.is_not(None)))
        if user is None:
            raise UsageError(f"there is no user “{args.name}”")
        # Without --stop, a change lets a stopped user in again.
        change_user(transaction, user, None, role=args.role, password=password, active=not args.stop)
    tell(f"{user.name}: {user.role}, {'active' if user.active else 'stopped'}")


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("password: ")
    if getpass.getpass("once more: ") != first:
        raise UsageError("the two passwords differ")
    return first

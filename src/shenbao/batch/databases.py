"""The databases that a manifest may lie in: SQLite for one batch alone, PostgreSQL for many at once."""

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import StaticPool

from shenbao.batch.folder import FOLDER
from shenbao.errors import BatchBusy, OutputError, UsageError
from shenbao.urls import shown_database

_NAME = "manifest.sqlite"
_LAYOUT = 1


def own_database(out: Path) -> Engine:
    """The manifest of folder `out`, made where there is none, locked until the process ends.

    Raises:
        BatchBusy: another run has it open.
        OutputError: the folder cannot be written, or the manifest is damaged.
    """
    path = out / FOLDER / _NAME
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # One connection for all: the lock is the connection's.
        engine = create_engine(f"sqlite:///{path}", poolclass=StaticPool, connect_args={"timeout": 1.0})
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
        _check(engine)
    except DatabaseError as error:
        if getattr(error.orig, "sqlite_errorcode", None) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise BatchBusy(f"another batch is writing into {out}") from error
        hint = "" if isinstance(error, OperationalError) else "; without it everything is read again"
        raise OutputError(f"{path}: {error.orig}{hint}") from error
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror or error}") from error
    return engine


def _prepare(connection: sqlite3.Connection, _: object) -> None:
    # The driver must not open transactions by itself. The lock is taken at the first access, and held until the
    # process ends, however it ends.
    connection.isolation_level = None
    for line in ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = FULL"):
        connection.execute(f"PRAGMA {line}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN EXCLUSIVE")


def _check(engine: Engine) -> None:
    with engine.begin() as connection:
        found = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        if found not in (0, _LAYOUT):
            raise DatabaseError(None, None, sqlite3.DatabaseError("written by another version of shenbao"))
        connection.exec_driver_sql(f"PRAGMA user_version = {_LAYOUT}")


def shared_database(url: str, identity: str) -> Engine:
    """A database on PostgreSQL; tables of the output folder of this `identity` lie in a schema of their own.

    Raises:
        UsageError: the URL names no PostgreSQL, its driver is missing, or nothing answers there.
    """
    schema = f"shenbao_batch_{identity}"
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() != "postgresql":
            raise UsageError("--manifest takes postgresql://USER@HOST/DATABASE")
        engine = create_engine(parsed.set(drivername="postgresql+psycopg"), pool_size=2, pool_pre_ping=True)

        @event.listens_for(engine, "connect")
        def prepare(connection: sqlite3.Connection, _: object) -> None:
            connection.execute(f'SET search_path TO "{schema}"')
            connection.commit()

        with engine.begin() as connection:
            lock(connection, "schema")
            connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'))
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, DBAPIError) as error:
        raise UsageError(f"database {shown_database(url)}: {str(error).splitlines()[0]}") from error
    return engine


def lock(connection: Connection, what: str) -> None:
    """Waits until no other transaction of PostgreSQL holds this lock; held until the transaction ends."""
    # Before the schema is made there is no current one, and NULL locks nothing.
    name = "coalesce(current_schema(), '') || :what"
    connection.execute(text(f"SELECT pg_advisory_xact_lock(hashtext({name}))"), {"what": what})

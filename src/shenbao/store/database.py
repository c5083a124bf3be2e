"""Opens the database, brings its tables up to date, and hands out transactions."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from shenbao.errors import UsageError
from shenbao.store.group_sync import GroupSync
from shenbao.urls import shown_database

BUSY_SECONDS = 30
"""How long a transaction waits for the one that writes to SQLite."""


class Database:
    """A database by its URL: `sqlite:///FILE` or `postgresql+psycopg://...`."""

    def __init__(self, url: str) -> None:
        """Opens the database and migrates it.

        Raises:
            UsageError: the URL is none, its driver is missing, or nothing answers there.
        """
        try:
            self.engine = _engine(url)
            migrate(self.engine)
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, OperationalError) as error:
            raise UsageError(f"database {shown_database(url)}: {str(error).splitlines()[0]}") from error
        self._sync = _group_sync(self.engine)
        self._reading = sessionmaker(self.engine, expire_on_commit=False)
        writing = self.engine.execution_options(immediate=True)
        self._writing = sessionmaker(writing, expire_on_commit=False)
        passing = self.engine.execution_options(immediate=True, passing=True)
        self._passing = sessionmaker(passing, expire_on_commit=False)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that only reads."""
        with self._reading() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that writes; committed at the end, rolled back on an error. What is committed is on the disk.

        SQLite has one writer: it is waited for at the start, so that no transaction fails half-way.
        """
        with self._writing() as session, session.begin():
            yield session
        if self._sync is not None:
            self._sync.wait()

    @contextmanager
    def write_passing(self) -> Iterator[Session]:
        """Like `write`, of what does no harm when the machine loses its power in the next seconds: the disk is
        not waited for. The end of the process, also by `kill -9`, loses nothing.
        """
        with self._passing() as session, session.begin():
            yield session

    def close(self) -> None:
        self.engine.dispose()


def sqlite_url(folder: Path) -> str:
    return f"sqlite:///{folder / 'shenbao.db'}"


def migrate(engine: Engine) -> None:
    """Brings the tables to the newest version; each migration is one transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "shenbao.store:migrations")
    with engine.execution_options(immediate=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() != "sqlite":
        engine = create_engine(parsed, pool_size=20, max_overflow=20, pool_pre_ping=True)
        event.listen(engine, "begin", _begin_postgresql)
        return engine
    engine = create_engine(parsed, connect_args={"timeout": BUSY_SECONDS}, pool_size=20, max_overflow=20)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _group_sync(engine: Engine) -> GroupSync | None:
    """What durable commits wait for; None where the database sees to that by itself, or is in memory."""
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return None
    return GroupSync(Path(f"{engine.url.database}-wal"))


def _begin_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get("passing"):
        connection.exec_driver_sql("SET LOCAL synchronous_commit TO off")


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    # The driver must not open transactions by itself: it would do so too late to wait for the writer.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    options: dict[str, Any] = dict(connection.get_execution_options())
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("immediate") else "BEGIN")

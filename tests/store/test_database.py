from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError

from shenbao.errors import UsageError
from shenbao.store.audit import note
from shenbao.store.columns import Base
from shenbao.store.database import Database
from shenbao.store.models import Audit, Project, User


def test_migrations_make_the_tables_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_database_is_opened_again_with_what_it_holds(database_url: str) -> None:
    first = Database(database_url)
    with first.write() as transaction:
        transaction.add(Project(name="一", accept=0.9, double=["money"]))
    first.close()
    again = Database(database_url)
    with again.read() as transaction:
        assert [(p.name, p.double) for p in transaction.query(Project)] == [("一", ["money"])]
    again.close()


def test_an_error_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(RuntimeError), database.write() as transaction:
        transaction.add(Project(name="一", accept=0.9, double=[]))
        transaction.flush()
        raise RuntimeError
    with database.read() as transaction:
        assert transaction.query(Project).count() == 0


@pytest.mark.parametrize("change", [update(Audit).values(action="other"), delete(Audit)])
def test_the_audit_is_append_only(database: Database, change: object) -> None:
    with database.write() as transaction:
        note(transaction, None, "upload", after="表.png")
    with pytest.raises(DBAPIError, match="append-only"), database.write() as transaction:
        transaction.execute(change)  # type: ignore[call-overload]
    with database.read() as transaction:
        assert [row.action for row in transaction.query(Audit)] == ["upload"]


def test_moments_come_back_in_utc(database: Database) -> None:
    moment = datetime(2026, 1, 2, 8, 30, tzinfo=timezone(timedelta(hours=8)))
    with database.write() as transaction:
        transaction.add(User(name="甲", role="reader", active=True, created_at=moment))
    with database.read() as transaction:
        found = transaction.query(User).one().created_at
    assert found == moment
    assert found.utcoffset() == timedelta(0)


def test_a_moment_without_its_zone_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="time zone"), database.write() as transaction:
        transaction.add(User(name="甲", role="reader", active=True, created_at=datetime(2026, 1, 1)))
        transaction.flush()
    assert datetime.now(UTC).tzinfo is UTC


def test_sqlite_keeps_a_write_ahead_log(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    with database.read() as transaction:
        assert transaction.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert transaction.execute(text("PRAGMA foreign_keys")).scalar() == 1
    database.close()


@pytest.mark.parametrize("url", ["nonsense", "nodb://x", "sqlite:////nowhere/at/all.db"])
def test_a_database_that_cannot_be_opened_says_so(url: str) -> None:
    with pytest.raises(UsageError, match="database"):
        Database(url)


def test_a_password_in_the_url_is_never_shown() -> None:
    with pytest.raises(UsageError) as caught:
        Database("postgresql+psycopg://me:geheim@127.0.0.1:1/x?connect_timeout=1")
    assert "geheim" not in str(caught.value)

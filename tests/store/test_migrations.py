"""A database of an earlier version is brought up to date with what it holds."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

from shenbao.store.columns import now
from shenbao.store.database import Database, _engine
from shenbao.store.models import Document, Job, Page


def at_revision(database_url: str, revision: str) -> Engine:
    engine = _engine(database_url)
    config = Config()
    config.set_main_option("script_location", "shenbao.store:migrations")
    with engine.execution_options(immediate=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    return engine


def test_what_there_is_stays_and_plain_passwords_go(database_url: str) -> None:
    engine = at_revision(database_url, "0001")
    at = {"at": now().replace(tzinfo=None)}
    with engine.begin() as connection:
        for statement in (
            "INSERT INTO users (id, name, role, active, created_at) VALUES (1, '甲', 'admin', true, :at)",
            (
                'INSERT INTO projects (id, name, accept, control_share, seed_share, "double", created_at) '
                "VALUES (1, '项目', 0.98, 0, 0, '[]', :at)"
            ),
            (
                "INSERT INTO documents (id, project_id, sha256, name, kind, size, state, page_count, family, title, "
                "errors, version, built_version, uploaded_by, created_at) VALUES (1, 1, 'ab', 'a.pdf', '', 1, "
                "'waiting', 0, '', '', '[]', 0, 0, 1, :at)"
            ),
            "INSERT INTO pages (document_id, number) VALUES (1, 1)",
        ):
            connection.execute(text(statement), at if ":at" in statement else {})
        connection.execute(
            text(
                "INSERT INTO jobs (id, document_id, state, pages_done, crashes, secret, created_at) "
                "VALUES (1, 1, 'queued', 0, 0, :secret, :at)"
            ),
            {"secret": b"in plain text", **at},
        )
    engine.dispose()
    database = Database(database_url)
    with database.read() as transaction:
        assert [(d.name, d.reviewed_at) for d in transaction.query(Document)] == [("a.pdf", None)]
        assert transaction.query(Page).count() == 1
        assert [(job.state, job.secret) for job in transaction.query(Job)] == [("queued", None)]
    database.close()

"""A database with a project, people, a document and items."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy")

from shenbao.store.database import Database
from shenbao.store.models import Document, Project, User

sys.path.insert(0, str(Path(__file__).parent))
from office import Office


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def office(database: Database) -> Office:
    with database.write() as transaction:
        people = [User(name=name, role="reviewer", password="x", active=True) for name in "甲乙丙丁"]
        project = Project(name="项目", accept=0.98, double=[])
        transaction.add_all([*people, project])
        transaction.flush()
        document = Document(
            project_id=project.id,
            sha256="ab" * 32,
            name="表.png",
            kind="image/png",
            size=1,
            state="complete",
            errors=[],
            uploaded_by=people[0].id,
        )
        transaction.add(document)
        transaction.flush()
        return Office(database, project.id, document.id, tuple(user.id for user in people))

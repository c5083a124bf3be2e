"""Figures by field and by hour, over decisions that stand."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from shenbao.store import accounts
from shenbao.store.database import Database
from shenbao.store.field_statistics import Hour, fields_of, hours_of
from shenbao.store.models import Decision, Document, Item, Project

NINE = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
TOTAL = {"group": "字段", "number": 1, "key": "budget_total", "name": "预算数"}
UNIT = {"group": "指标", "number": 1, "key": "unit", "name": "单位"}


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


def add(database: Database, *decided: tuple[dict[str, object] | None, str, str | None, str, int]) -> int:
    """A project with items: their fact, the action, the text said (read was “4”), the origin, minutes after nine."""
    with database.write() as transaction:
        project = Project(name="项目", accept=0.98, double=[])
        user = accounts.local_user(transaction)
        transaction.add(project)
        transaction.flush()
        facts = {"sha256": "ab" * 32, "name": "a", "kind": "", "size": 1, "state": "complete", "errors": []}
        document = Document(project_id=project.id, uploaded_by=user.id, **facts)
        transaction.add(document)
        transaction.flush()
        for number, (fact, action, text, origin, minutes) in enumerate(decided):
            item = Item(
                project_id=project.id, document_id=document.id, place=f"t1/{number}/0", origin=origin,
                state="done", kind="money", label="", page=1, read="4", shown="4", confidence=0.5, rank=0,
                body={"facts": [fact] if fact else []},
            )  # fmt: skip
            transaction.add(item)
            transaction.flush()
            decision = Decision(
                item_id=item.id, document_id=document.id, user_id=user.id, action=action, text=text,
                seconds=2.0 + number, at=NINE + timedelta(minutes=minutes),
            )  # fmt: skip
            transaction.add(decision)
            transaction.flush()
            item.outcome_id = decision.id
        return project.id


def test_a_field_is_right_where_people_said_what_was_read(database: Database) -> None:
    project = add(
        database,
        (TOTAL, "accept", "4", "doubt", 0),
        (TOTAL, "correct", "9", "control", 1),
        (TOTAL, "unreadable", None, "doubt", 2),
        (TOTAL, "correct", "5", "seed", 3),
        (TOTAL, "correct", "5", "edit", 4),
        (UNIT, "accept", "4", "doubt", 5),
        (None, "accept", "4", "doubt", 40),
    )
    with database.read() as transaction:
        total, *others = fields_of(transaction, [project])
        assert (total.name, total.items, total.right, total.unreadable) == ("预算数", 3, 1, 1)
        assert (total.accuracy, total.median_seconds) == (pytest.approx(1 / 3), 3.0)
        assert sorted((one.group, one.name, one.accuracy) for one in others) == [
            ("", "", 1.0),
            ("指标", "单位", 1.0),
        ]
        assert fields_of(transaction, [project + 1]) == []


def test_hours_are_those_of_the_time_zone(database: Database) -> None:
    project = add(
        database,
        (TOTAL, "accept", "4", "doubt", 0),
        (TOTAL, "accept", "4", "doubt", 20),
        (TOTAL, "accept", "4", "doubt", 40),
    )
    with database.read() as transaction:
        assert hours_of(transaction, [project], UTC) == [
            Hour("2026-03-01", 9, 2, 5.0),
            Hour("2026-03-01", 10, 1, 4.0),
        ]
        far = timezone(timedelta(hours=15))
        assert [hour.day for hour in hours_of(transaction, [project], far)] == ["2026-03-02"] * 2

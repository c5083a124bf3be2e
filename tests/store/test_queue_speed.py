"""The queue looks at the items that it gives, not at all that there are."""

import pytest
from office import Office
from sqlalchemy import event

from shenbao.store import queue
from shenbao.store.queue import Wanted


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (Wanted(), "ix_items_queue"),
        (Wanted(kind="words"), "ix_items_queue"),
        (Wanted(kind="words", shown="text 1"), "ix_items_alike"),
        (Wanted(document_id=1), "ix_items_document"),
    ],
)
def test_lending_sorts_nothing(office: Office, wanted: Wanted, index: str) -> None:
    if not office.database.is_sqlite:
        pytest.skip("PostgreSQL plans by what the tables hold")
    office.add_items(5)
    asked: list[tuple[str, object]] = []

    def note(_: object, __: object, statement: str, parameters: object, *___: object) -> None:
        asked.append((statement, parameters))

    event.listen(office.database.engine, "before_cursor_execute", note)
    with office.database.write_passing() as transaction:
        queue.lease(transaction, office.project, office.people[0], 3, 60, wanted)
    event.remove(office.database.engine, "before_cursor_execute", note)
    statement, parameters = next(pair for pair in asked if "ORDER BY items.postponed" in pair[0])
    with office.database.engine.connect() as connection:
        plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all())
    assert f"USING INDEX {index} " in plan
    assert "TEMP B-TREE" not in plan

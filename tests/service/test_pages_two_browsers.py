"""Two people at their keyboards empty one queue while the service is killed on the way."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from queue_items import PASSWORD, fill_queue, open_project
from server import Server
from sqlalchemy import func, select

from shenbao.store.database import Database
from shenbao.store.models import Decision, Item

FULL = bool(os.environ.get("SHENBAO_FULL"))
ITEMS, KILLS = (500, 10) if FULL else (60, 2)
PEOPLE = "甲乙"


@pytest.fixture
def server(tmp_path: Path, database_url: str) -> Iterator[Server]:
    server = Server(tmp_path / "data", database_url, "[service]\nrequests_per_minute = 1000000\n")
    yield server
    with suppress(Exception):
        server.kill()


def log_in(browser: Any, server: Server, name: str) -> Any:
    """A browser of its own for this person, at the queue."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, base_url=server.url)
    page = context.new_page()
    page.goto("/login?next=/review")
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.locator("#stage .card").wait_for()
    return page


def decided(database: Database) -> int:
    with database.read() as transaction:
        return transaction.scalar(select(func.count()).select_from(Decision)) or 0


def disturb(server: Server, database: Database, failures: list[str]) -> None:
    """Kills the service each time that a further share of the queue is decided."""
    for kill in range(1, KILLS + 1):
        until = time.monotonic() + 120
        while decided(database) < kill * ITEMS // (KILLS + 2):
            if time.monotonic() > until:
                failures.append(f"nothing goes on before kill {kill}")
                return
            time.sleep(0.02)
        server.kill()
        server.start()


def test_two_browsers_empty_one_queue_while_the_service_is_killed(
    browser: Any, server: Server, database_url: str
) -> None:
    database = Database(database_url)
    fill_queue(database, open_project(database, PEOPLE), ITEMS)
    server.start()
    pages = [log_in(browser, server, name) for name in PEOPLE]
    failures: list[str] = []
    killer = threading.Thread(target=disturb, args=(server, database, failures))
    killer.start()
    end = time.monotonic() + (600 if FULL else 180)
    while decided(database) < ITEMS or killer.is_alive():
        assert time.monotonic() < end, (decided(database), failures)
        for page in pages:
            page.keyboard.press("Enter")
    killer.join()
    assert failures == []
    for page in pages:
        page.get_by_text("没有待复核的内容了").wait_for()
    done = [int(page.inner_text("#done-count")) for page in pages]
    for page in pages:
        page.context.close()
    assert sum(done) == ITEMS
    assert min(done) > 0
    with database.read() as transaction:
        items = transaction.scalars(select(Decision.item_id).where(Decision.undone_at.is_(None))).all()
        assert len(items) == len(set(items)) == ITEMS
        assert transaction.scalar(select(func.count()).where(Item.state != "done")) == 0
    database.close()

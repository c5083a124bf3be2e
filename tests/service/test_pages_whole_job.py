"""One command starts it all, a scan is dropped, its doubtful cells are reviewed by keyboard, the export has them."""

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from browsing import Album, drop, until
from server import Server

SAMPLE = Path(__file__).parents[2] / "samples" / "004-02-scan.jpg"
HOSTILE = "=100"
"""What a reviewer types into the first cell: text that a spreadsheet must not take for a formula."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """`shenbao serve` with the real engine; nothing but a folder is given."""
    server = Server(tmp_path / "data", None, reader="shenbao")
    server.start()
    yield server
    with suppress(Exception):
        server.kill()


@pytest.fixture
def page(browser: Any, server: Server) -> Iterator[Any]:
    context = browser.new_context(
        viewport={"width": 1280, "height": 720}, base_url=server.url, accept_downloads=True
    )
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []


def set_up(page: Any, album: Album) -> None:
    """The first account, and a target that puts enough into the queue."""
    page.goto("/users")
    album.take("first-start")
    page.fill("input[name=name]", "王芳")
    page.fill("input[name=password]", "long enough 1")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="退出").wait_for()
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.get_by_role("link", name="默认项目").press("Enter")
    page.fill("#accept", "0.999")
    page.keyboard.press("Enter")
    page.get_by_text("规则已保存").wait_for()
    album.take("project")


def review(page: Any, album: Album) -> dict[str, str]:
    """Empties the queue by keyboard: types over one cell, takes a candidate for others, accepts the rest."""
    said: dict[str, str] = {}
    page.keyboard.press("f")
    page.locator("#stage .card").wait_for()
    while is_more(page):
        card = page.locator("#stage .card")
        place = card.get_attribute("data-page").partition("place=")[2]
        if not said:
            until(page, "performance.getEntriesByName('item-shown').length > 0")
            album.take("field-view")
            page.keyboard.press("Space")
            page.keyboard.press("Control+a")
            page.keyboard.type(HOSTILE)
        elif card.locator("[data-candidate]").count() > 1:
            page.keyboard.press("2")
        said[place] = card.locator("textarea").input_value()
        done = int(page.inner_text("#done-count"))
        page.keyboard.press("Enter")
        until(page, f"document.getElementById('done-count').textContent == {done + 1}")
    album.take("queue-empty")
    return said


def is_more(page: Any) -> bool:
    """Whether an item is shown, or comes when the record has followed what was decided."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        until(page, "document.querySelector('#stage .card, #stage .empty h1') !== null")
        if page.locator("#stage .card").count():
            return True
        found = page.request.get("/v1/documents/1")
        state = page.request.get("/v1/documents/1/document").headers["etag"].strip('"')
        built = state.partition("-")[2] == str(found.json()["version"])
        if built and found.json()["open_items"] == 0:
            return False
        time.sleep(0.1)
    raise AssertionError("the record does not follow")


def export(page: Any, kind: str, into: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("link", name=kind, exact=True).click()
    path = into / f"export.{kind.lower()}"
    download.value.save_as(path)
    return path


@pytest.mark.e2e
def test_a_dropped_scan_is_reviewed_by_keyboard_and_exported(page: Any, tmp_path: Path) -> None:
    album = Album(page, tmp_path / "screenshots")
    set_up(page, album)
    page.goto("/documents")
    drop(page, SAMPLE, "image/jpeg")
    row = page.locator("#rows tr", has_text=SAMPLE.name)
    row.wait_for()
    album.take("uploaded")
    row.get_by_text("已识别").wait_for(timeout=120_000)
    album.take("read")
    page.keyboard.press("ArrowDown")
    said = review(page, album)
    assert len(said) > 3
    page.goto("/documents/1")
    album.take("record")
    document = json.loads(export(page, "JSON", tmp_path).read_text("utf-8"))
    cells = {
        f"{table['id']}/{cell['row']}/{cell['col']}": cell
        for table in document["tables"]
        for cell in table["cells"]
    }
    decided = {place: text for place, text in said.items() if place.startswith("t")}
    assert {place: cells[place]["text"] for place in decided} == decided
    assert all("reviewed" in cells[place]["flags"] for place in decided)
    values = [
        cell
        for sheet in openpyxl.load_workbook(export(page, "XLSX", tmp_path))
        for row in sheet.iter_rows()
        for cell in row
        if cell.value == HOSTILE
    ]
    assert values and all(cell.data_type == "s" for cell in values)
    for path in ("/documents/1/pages/1", "/review/groups", "/statistics", "/vocabulary", "/account"):
        page.goto(path)
        page.locator("main").wait_for()
        time.sleep(0.3)
        album.take(path.strip("/").replace("/", "-"))

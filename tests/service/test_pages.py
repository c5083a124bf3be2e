"""The pages as the server renders them."""

import re

import numpy as np
import pytest
from fastapi.testclient import TestClient
from service_uploads import Make, picture, upload
from stand_in import form

from shenbao.models.document import Polygon
from shenbao.service.pages.rendering import STATIC, local_path
from shenbao.service.pages.review import LARGEST_AROUND, VIEW, WIDEST, around_of, beside_of
from shenbao.service.pages.sheet import column_widths
from shenbao.service.pictures import cut

ALL = ("/documents", "/review", "/review/groups", "/statistics", "/vocabulary", "/users", "/login")


@pytest.mark.parametrize("path", ALL)
def test_pages_are_chinese_and_load_only_from_here(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert '<html lang="zh-CN">' in answer.text
    for address in re.findall(r'(?:src|href)="([^"]+)"', answer.text):
        assert address.startswith(("/", "?", "#")), address
    assert " style=" not in answer.text and "<style" not in answer.text
    assert not re.search(r"<script(?![^>]*(src=|application/json))", answer.text)


def test_assets_are_kept_by_browsers_under_their_version_only(client: TestClient) -> None:
    address = re.findall(r'src="(/static/[^"]+/app\.js)"', client.get("/documents").text)[0]
    assert "immutable" in client.get(address).headers["cache-control"]
    assert "cache-control" not in client.get("/static/0/app.js").headers
    assert client.get("/static/0/../../app.py").status_code == 404


def test_every_asset_named_exists(client: TestClient) -> None:
    for path in ALL:
        for name in re.findall(r'/static/\w+/([^"]+)"', client.get(path).text):
            assert (STATIC / name).is_file(), name


def test_front_leads_to_documents(client: TestClient) -> None:
    assert client.get("/", follow_redirects=False).headers["location"] == "/documents"


def test_cards_escape_what_was_read(client: TestClient) -> None:
    upload(client, picture())
    answer = client.post("/review/items", json={"count": 20})
    assert answer.status_code == 200
    assert int(answer.headers["x-open"]) == answer.text.count("<article")
    assert "<script" not in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text
    assert "=1+1" in answer.text


def test_a_reload_shows_the_same_items_again(client: TestClient) -> None:
    upload(client, picture())
    ids = re.findall(r'data-id="(\d+)"', client.post("/review/items", json={"count": 2}).text)
    assert len(ids) == 2
    again = client.post("/review/items?held=true", json={"count": 2}).text
    assert sorted(re.findall(r'data-id="(\d+)"', again)) == sorted(ids)


def test_tiles_of_one_text(client: TestClient) -> None:
    upload(client, picture(), picture(shade=254))
    groups = client.get("/review/groups").text
    assert 'data-kind="money" data-text="104.08"' in groups
    tiles = client.post("/review/tiles", json={"count": 24, "kind": "money", "text": "104.08"}).text
    assert tiles.count('role="option"') == 2


def test_page_view_holds_every_cell_once(client: TestClient) -> None:
    document = upload(client, picture())[0]["document"]
    text = client.get(f"/documents/{document}/pages/1").text
    places = re.findall(r'data-place="(t1/[\d/]+)"', text)
    assert sorted(places) == sorted(set(places))
    assert len(places) == 10
    assert 'data-place="p1/0/0"' in text
    assert "<script>alert" not in text
    assert client.get(f"/documents/{document}/pages/7").status_code == 404


def test_place_leads_to_its_page(client: TestClient) -> None:
    document = upload(client, picture())[0]["document"]
    answer = client.get(f"/documents/{document}/place/t1/1/1", follow_redirects=False)
    assert answer.headers["location"] == f"/documents/{document}/pages/1?place=t1/1/1"
    assert client.get(f"/documents/{document}/place/t9/1/1").status_code == 404


def test_document_page_and_filters(client: TestClient) -> None:
    document = upload(client, picture())[0]["document"]
    assert "scan-0.png" in client.get(f"/documents/{document}").text
    assert "scan-0.png" in client.get("/documents/rows?q=scan&wait=yes&state=complete").text
    assert "scan-0.png" not in client.get("/documents/rows?q=other").text
    assert "scan-0.png" not in client.get("/documents/rows?wait=no").text


def test_whoever_is_not_logged_in_is_led_to_the_login(make: Make) -> None:
    client = make()
    made = client.post("/v1/setup", json={"name": "王芳", "password": "long enough 1"})
    assert made.status_code == 201
    client.cookies.clear()
    answer = client.get("/statistics", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/statistics")
    part = client.get("/documents/rows", headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["hx-redirect"]) == (401, "/login?next=/documents/rows")


def test_errors_are_pages_in_chinese(client: TestClient) -> None:
    answer = client.get("/documents/999")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "没有这个页面" in answer.text


@pytest.mark.parametrize("given", ["//evil.example", "/\\evil.example", "https://evil.example", "", "/a\nb"])
def test_login_leads_to_this_service_only(given: str) -> None:
    assert local_path(given) == "/"
    assert local_path("/review?kind=money") == "/review?kind=money"


def test_surroundings_are_a_share_of_the_page() -> None:
    def cell(height: float) -> Polygon:
        return (0, 0), (100, 0), (100, height), (0, height)

    assert around_of(cell(40), 1000) * 40 == pytest.approx(around_of(cell(80), 1000) * 80, rel=0.02)
    assert around_of(cell(1), 1000) == LARGEST_AROUND


def test_a_narrow_cell_is_shown_with_its_row() -> None:
    def cell(width: float, height: float) -> Polygon:
        return (0, 0), (width, 0), (width, height), (0, height)

    narrow, wide = cell(60, 40), cell(900, 40)
    around = around_of(narrow, 1000)
    beside = beside_of(narrow, 1000, around)
    assert (60 + 2 * beside * 40) / (40 * (1 + 2 * around)) == pytest.approx(VIEW, rel=0.02)
    assert beside_of(wide, 1000, around) == around
    assert beside_of(cell(4, 300), 1000, LARGEST_AROUND) * 300 <= 1000 * WIDEST + 3


def test_crops_take_their_margins_apart() -> None:
    image = np.zeros((200, 400, 3), np.uint8)
    polygon: Polygon = ((100, 80), (160, 80), (160, 100), (100, 100))
    assert cut(image, polygon, 1.0).shape[:2] == (60, 100)
    assert cut(image, polygon, 1.0, 3.0).shape[:2] == (60, 180)
    assert cut(image, polygon, 0.5, 0.0).shape[:2] == (40, 60)


def test_columns_are_as_wide_as_printed() -> None:
    table = form("a", "0" * 64).tables[0]
    assert column_widths(table, 1) == [25.0, 25.0, 25.0, 25.0]
    assert column_widths(table, 2) == []
    wide = table.model_copy(update={"cells": [cell for cell in table.cells if cell.col != 2]})
    assert column_widths(wide, 1) == []

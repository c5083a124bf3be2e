import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from service_uploads import Make, picture, upload


def test_a_file_becomes_a_document(client: TestClient) -> None:
    [one] = upload(client, picture())
    assert one["known"] is False
    document = client.get(f"/v1/documents/{one['document']}").json()
    assert (document["state"], document["family"], document["page_count"]) == (
        "complete",
        "project_declaration",
        1,
    )
    assert document["open_items"] == document["items"] > 0
    content = client.get(f"/v1/documents/{one['document']}/document").json()
    assert content["records"][0]["fields"]["budget_fiscal"]["value"] == "100.08"


def test_the_same_bytes_are_one_document(client: TestClient) -> None:
    first, second = upload(client, picture(), picture())
    assert first["document"] == second["document"]
    assert [first["known"], second["known"]] == [False, True]
    [again] = upload(client, picture())
    assert (again["document"], again["known"]) == (first["document"], True)
    assert len(client.get("/v1/documents").json()["items"]) == 1


def test_lists_come_in_pages(client: TestClient) -> None:
    upload(client, *(picture(shade=n) for n in range(5)))
    seen, cursor = [], None
    while True:
        page = client.get(
            "/v1/documents", params={"limit": 2, **({"cursor": cursor} if cursor else {})}
        ).json()
        seen += [document["id"] for document in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == 5


def test_documents_are_found_by_name_and_state(client: TestClient) -> None:
    upload(client, picture(), picture("BAD"))
    found = client.get("/v1/documents", params={"state": "failed"}).json()["items"]
    assert [(d["state"], d["errors"][0]["code"]) for d in found] == [("failed", "unreadable")]
    assert client.get("/v1/documents", params={"q": "scan-0"}).json()["items"][0]["name"] == "scan-0.png"
    assert client.get("/v1/documents", params={"q": "%"}).json()["items"] == []
    assert len(client.get("/v1/documents", params={"open_items": False}).json()["items"]) == 1


def test_a_failed_document_is_read_again_when_it_is_sent_again(client: TestClient) -> None:
    [first] = upload(client, picture("BAD"))
    [again] = upload(client, picture("BAD"))
    assert again["document"] == first["document"]
    assert again["job"] != first["job"]


def test_an_unchanged_document_is_not_sent_again(client: TestClient) -> None:
    [one] = upload(client, picture())
    address = f"/v1/documents/{one['document']}/document"
    tag = client.get(address).headers["etag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    item = client.post("/v1/queue/next", json={}).json()["items"][0]
    client.post(f"/v1/items/{item['id']}/decision", json={"action": "correct", "text": "104.08"})
    changed = client.get(address, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag


def test_pictures_of_page_and_cell(client: TestClient) -> None:
    [one] = upload(client, picture())
    page = client.get(f"/v1/documents/{one['document']}/pages").json()["items"][0]
    full = client.get(page["picture"])
    assert (full.headers["content-type"], full.content[8:12]) == ("image/webp", b"WEBP")
    assert "max-age" in full.headers["cache-control"]
    small = client.get(page["picture"], params={"width": 100, "format": "png"})
    assert small.content[:4] == b"\x89PNG"
    cell = client.get(f"/v1/documents/{one['document']}/tables/t1/cells/1/1/crop", params={"format": "png"})
    assert (cell.status_code, cell.headers["content-type"]) == (200, "image/png")
    tag = cell.headers["etag"]
    again = client.get(cell.request.url, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"/v1/documents/{one['document']}/tables/t1/cells/9/9/crop").status_code == 404


def test_names_lose_their_paths(client: TestClient) -> None:
    files = [("files", ("../../etc/passwd\x1b[2J", picture(), "image/png"))]
    answer = client.post("/v1/documents", files=files).json()["items"][0]
    assert "/" not in answer["name"]
    assert "\x1b" not in answer["name"]
    assert answer["name"].startswith("passwd")


@pytest.mark.parametrize(
    "content", [b"", b"no picture at all", b"\x89PNG\r\n\x1a\n broken", b"%PDF-1.4 broken"]
)
def test_broken_files_fail_with_a_reason(client: TestClient, content: bytes) -> None:
    [one] = upload(client, content)
    job = client.get(f"/v1/jobs/{one['job']}").json()
    assert job["state"] == "failed"
    assert job["failure"]["code"] in ("unsupported", "unreadable")
    assert job["failure"]["advice"]


def test_too_much_is_refused(make: Make) -> None:
    client = make(upload_bytes=2_000, upload_files=2)
    big = client.post("/v1/documents", files=[("files", ("a.png", b"x" * 3_000))])
    assert (big.status_code, big.json()["error"]["code"]) == (413, "too_large")
    huge = client.post("/v1/documents", files=[("files", ("a.png", b"x" * 3_000_000))])
    assert huge.status_code == 413
    many = client.post("/v1/documents", files=[("files", (f"{n}.png", picture(shade=n))) for n in range(3)])
    assert many.status_code == 413


def test_a_full_queue_says_when_to_come_again(make: Make) -> None:
    client = make(queue=2, workers=0)
    first = client.post("/v1/documents", files=[("files", (f"{n}.png", picture(shade=n))) for n in range(2)])
    assert first.status_code == 202
    full = client.post("/v1/documents", files=[("files", ("9.png", picture(shade=9)))])
    assert (full.status_code, full.json()["error"]["code"]) == (503, "busy")
    assert int(full.headers["retry-after"]) > 0
    known = client.post("/v1/documents", files=[("files", ("0.png", picture(shade=0)))])
    assert known.json()["items"][0]["known"] is True
    assert len(client.get("/v1/documents").json()["items"]) == 2


def test_exports_hold_what_people_decided(client: TestClient) -> None:
    [one] = upload(client, picture())
    address = f"/v1/documents/{one['document']}/tables/t1/cells/1/1"
    assert client.put(address, json={"text": "=100"}).status_code == 200
    export = f"/v1/documents/{one['document']}/export"
    book = load_workbook(io.BytesIO(client.get(export, params={"format": "xlsx"}).content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == "=100"]
    assert cells
    assert all(cell.data_type == "s" for cell in cells)
    rows = list(
        csv.reader(io.StringIO(client.get(export, params={"format": "csv"}).content.decode("utf-8-sig")))
    )
    total = next(row for row in rows if "budget_total" in row)
    assert "'=100" in total
    machine = client.get(f"/v1/documents/{one['document']}/document", params={"machine": True}).json()
    assert machine["tables"][0]["cells"][3]["text"] == "104.08"


def test_exports_of_a_project(client: TestClient) -> None:
    upload(client, picture(shade=1), picture(shade=2), picture("BAD"))
    lines = client.get("/v1/projects/1/export").text.splitlines()
    assert [json.loads(line)["source"]["name"] for line in lines] == ["scan-0.png", "scan-1.png"]
    table = client.get("/v1/projects/1/export", params={"format": "csv"}).content.decode("utf-8-sig")
    assert table.count("文件,") == 1
    assert "scan-1.png" in table
    packed = zipfile.ZipFile(
        io.BytesIO(client.get("/v1/projects/1/export", params={"format": "xlsx"}).content)
    )
    assert len(packed.namelist()) == 2
    assert client.get("/v1/projects/1/export", params={"reviewed": True}).text == ""


def test_an_original_is_a_download_and_nothing_else(client: TestClient) -> None:
    [one] = upload(client, picture())
    answer = client.get(f"/v1/documents/{one['document']}/original")
    assert answer.content == picture()
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-type"] == "application/octet-stream"


def test_a_removed_document_leaves_its_audit_alone(client: TestClient, tmp_path: Path) -> None:
    [one] = upload(client, picture())
    kept = [path for path in (tmp_path / "data" / "blobs").rglob("*") if path.is_file()]
    assert kept
    assert client.delete(f"/v1/documents/{one['document']}").status_code == 204
    assert client.get(f"/v1/documents/{one['document']}").status_code == 404
    assert not [path for path in (tmp_path / "data" / "blobs").rglob("*") if path.is_file()]
    log = client.get("/v1/audit", params={"document": one["document"]}).json()["items"]
    assert [row["action"] for row in log] == ["document.remove", "upload"]


def test_events_tell_of_a_job(client: TestClient) -> None:
    answer = client.post("/v1/documents", files=[("files", ("a.png", picture("SLOW 0.5")))]).json()["items"][
        0
    ]
    text = client.get(f"/v1/jobs/{answer['job']}/events").text
    assert "event: end" in text
    assert '"state":"done"' in text

"""Documents that people have put right feed `shenbao evaluate` and `shenbao calibrate`."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from service_uploads import Make, picture, upload
from stand_in import stand_in

from shenbao.cli import main
from shenbao.evaluation.gather import truth_files
from shenbao.evaluation.scoring import score_folder


def decide_all(client: TestClient, document: object, *, unreadable: str = "") -> None:
    while items := client.post("/v1/queue/next", json={"count": 50, "document": document}).json()["items"]:
        for item in items:
            action = "unreadable" if item["text"] == unreadable else "accept"
            answer = client.post(f"/v1/items/{item['id']}/decision", json={"action": action})
            assert answer.status_code == 200
        client.get(f"/v1/documents/{document}/document")


def confirm(client: TestClient, document: object) -> None:
    answer = client.post(f"/v1/documents/{document}/confirm")
    assert answer.status_code == 200, answer.text


def unpacked(client: TestClient, folder: Path) -> list[dict[str, object]]:
    """Writes a project's truth into a folder; the documents that were left out."""
    answer = client.get("/v1/projects/1/truth")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        packed.extractall(folder)
    return list(json.loads((folder / "left_out.json").read_text("utf-8")))


def test_only_what_is_wholly_reviewed_is_truth(client: TestClient, tmp_path: Path) -> None:
    done, unconfirmed, untouched, changed = upload(client, *(picture(shade=n) for n in range(4)))
    refused = client.post(f"/v1/documents/{untouched['document']}/confirm")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "usage")
    for one in (done, unconfirmed, changed):
        decide_all(client, one["document"])
    confirm(client, done["document"])
    confirm(client, changed["document"])
    cell = f"/v1/documents/{changed['document']}/tables/t1"
    assert client.post(f"{cell}/split", json={"row": 0, "col": 1}).status_code == 200
    decide_all(client, changed["document"])
    left_out = {one["document"]: str(one["reason"]) for one in unpacked(client, tmp_path)}
    assert left_out.keys() == {one["document"] for one in (unconfirmed, untouched, changed)}
    assert "nobody" in left_out[unconfirmed["document"]]
    assert "open" in left_out[untouched["document"]]
    assert "changed after" in left_out[changed["document"]]
    assert [path.name for path in truth_files([tmp_path])] == [f"{done['document']:06}-scan-0.truth.json"]


def test_the_truth_is_what_people_said(client: TestClient, tmp_path: Path) -> None:
    [one] = upload(client, picture())
    document = one["document"]
    item = client.post("/v1/queue/next", json={"kind": "money"}).json()["items"][0]
    client.post(f"/v1/items/{item['id']}/decision", json={"action": "correct", "text": "104.09"})
    decide_all(client, document, unreadable="=1+1")
    confirm(client, document)
    assert unpacked(client, tmp_path) == []
    [file] = truth_files([tmp_path])
    truth = json.loads(file.read_text("utf-8"))
    assert (tmp_path / truth["files"][0]).read_bytes() == picture()
    assert truth["family"] == "project_declaration"
    assert truth["fields"]["budget_total"] == "104.09"
    cells = {(c["r"], c["c"]): (c["text"], c["role"]) for c in truth["tables"][0]["cells"]}
    assert cells[1, 1] == ("104.09", "number")
    assert cells[2, 2] == ("", "ignore")
    assert cells[1, 0][0] == "年度预算资金总额："
    machine = client.get(f"/v1/documents/{document}/document", params={"machine": True}).content
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / f"{truth['name']}.json").write_bytes(machine)
    figures = score_folder(tmp_path, tmp_path / "out").figures["all"]
    assert (figures["documents"], figures["structure_f1"]) == (1, 1.0)
    assert figures["cell_exact"] == pytest.approx(8 / 9), "the machine read one of nine wrong, one is ignored"


def test_a_confirmation_makes_every_cell_sure_and_can_be_taken_back(client: TestClient) -> None:
    [one] = upload(client, picture())
    decide_all(client, one["document"])
    confirm(client, one["document"])
    address = f"/v1/documents/{one['document']}"
    cells = client.get(f"{address}/document").json()["tables"][0]["cells"]
    assert all("reviewed" in cell["flags"] and cell["confidence"] > 0.999 for cell in cells)
    client.patch("/v1/projects/1", json={"accept": 1})
    client.get(f"{address}/document")
    assert client.get(address).json()["open_items"] == 0, "no threshold puts a person's word in doubt"
    [edit] = client.get(f"{address}/edits").json()["items"]
    assert (edit["kind"], edit["user"]) == ("confirm", "local")
    client.post(f"{address}/edits/{edit['id']}/undo")
    assert client.get(address).json()["open_items"] > 0


def test_the_command_line_writes_the_same(
    make: Make, tmp_path: Path, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    client = make()
    done, _ = upload(client, picture(shade=1), picture(shade=2))
    decide_all(client, done["document"])
    confirm(client, done["document"])
    unpacked(client, tmp_path / "zip")
    options = ["--data", str(tmp_path / "data"), "--database", database_url]
    out = tmp_path / "known"
    assert main(["truth", "-o", str(out), *options], stand_in) == 0
    assert "left out" in capsys.readouterr().err
    names = sorted(path.name for path in out.iterdir())
    assert names == [f"{done['document']:06}-scan-0.png", f"{done['document']:06}-scan-0.truth.json"]
    for name in names:
        assert (out / name).read_bytes() == (tmp_path / "zip" / name).read_bytes()
    assert main(["truth", "-o", str(out), "--project", "无", *options], stand_in) == 2
    assert main(["truth", "-o", str(out), "--data", str(tmp_path / "no such")], stand_in) == 12


def test_the_page_offers_to_confirm_when_nothing_is_open(client: TestClient) -> None:
    [one] = upload(client, picture())
    address = f"/documents/{one['document']}"
    offer = f'data-api="POST /v1{address}/confirm"'
    assert offer not in client.get(address).text
    decide_all(client, one["document"])
    assert offer in client.get(address).text
    confirm(client, one["document"])
    page = client.get(address).text
    assert offer not in page
    assert "已核对全文" in page

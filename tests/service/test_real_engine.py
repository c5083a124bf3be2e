"""A scan goes in, its doubtful cells are decided, and the export holds the decisions: with the real engine."""

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from shenbao.service.app import make_app
from shenbao.settings import ServiceSettings, Settings

SAMPLE = Path(__file__).parents[2] / "samples" / "004-02-scan.jpg"


@pytest.mark.e2e
def test_a_scan_becomes_a_reviewed_record(tmp_path: Path) -> None:
    app = make_app(Settings(service=ServiceSettings(data=tmp_path / "data")))
    with TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 50_000)) as client:
        client.patch("/v1/projects/1", json={"accept": 0.999999})
        answer = client.post("/v1/documents", files={"files": (SAMPLE.name, SAMPLE.read_bytes())})
        job = answer.json()["items"][0]["job"]
        ended = client.get(f"/v1/jobs/{job}", params={"wait": 60}).json()
        assert (ended["state"], ended["pages_done"]) == ("done", 1), ended
        money = client.post("/v1/queue/next", json={"kind": "money"}).json()["items"][0]
        assert client.get(money["crops"][0]).headers["content-type"] == "image/webp"
        said = {"action": "correct", "text": "=104.08", "seconds": 3}
        assert client.post(f"/v1/items/{money['id']}/decision", json=said).status_code == 200
        export = json.loads(client.get("/v1/projects/1/export").text)
        table, row, col = money["place"].split("/")
        cells = next(t for t in export["tables"] if t["id"] == table)["cells"]
        cell = next(c for c in cells if (c["row"], c["col"]) == (int(row), int(col)))
        assert (cell["text"], "reviewed" in cell["flags"]) == ("=104.08", True)
        assert export["records"][0]["family"] == "project_declaration"

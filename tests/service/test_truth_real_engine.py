"""What people put right of a real scan is what `shenbao calibrate` sets its reading beside."""

import io
import zipfile
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from shenbao import Reader
from shenbao.evaluation.gather import gather, truth_files
from shenbao.service.app import make_app
from shenbao.settings import ServiceSettings, Settings

SAMPLE = Path(__file__).parents[2] / "samples" / "004-02-scan.jpg"
WRONG = "不是这样"


@pytest.mark.e2e
def test_a_reviewed_scan_is_read_again_beside_its_truth(tmp_path: Path) -> None:
    app = make_app(Settings(service=ServiceSettings(data=tmp_path / "data")))
    with TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 50_000)) as client:
        answer = client.post("/v1/documents", files={"files": (SAMPLE.name, SAMPLE.read_bytes())})
        job = answer.json()["items"][0]["job"]
        assert client.get(f"/v1/jobs/{job}", params={"wait": 60}).json()["state"] == "done"
        text = client.put("/v1/documents/1/tables/t1/cells/0/0", json={"text": WRONG}).json()
        assert text["tables"][0]["cells"][0]["text"] == WRONG
        while items := client.post("/v1/queue/next", json={"count": 50}).json()["items"]:
            for item in items:
                client.post(f"/v1/items/{item['id']}/decision", json={"action": "accept"})
            client.get("/v1/documents/1/document")
        assert client.post("/v1/documents/1/confirm").status_code == 200
        packed = client.get("/v1/projects/1/truth").content
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(tmp_path / "known")
    told: list[str] = []
    gathered = gather(truth_files([tmp_path / "known"]), Reader(), told.append)
    assert (told, gathered.documents, gathered.lacking) == ([], 1, 0)
    wrong = [sample for sample in gathered.samples if not sample.right]
    assert len(gathered.samples) > 100
    assert len(wrong) == 1, "people changed one text, and left the others"

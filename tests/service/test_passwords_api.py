"""Passwords of encrypted files: kept sealed, as long as the job needs them, and over a restart."""

import io
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from server import Server
from service_uploads import Make, picture, upload

from shenbao.store.database import Database
from shenbao.store.models import Job

pikepdf = pytest.importorskip("pikepdf")
img2pdf = pytest.importorskip("img2pdf")

PASSWORD = "a-password-to-look-for"


def encrypted(order: str = "") -> bytes:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(img2pdf.convert(picture()))) as pdf:
        pdf.save(target, encryption=pikepdf.Encryption(user=PASSWORD, owner=PASSWORD))
    return target.getvalue() + (f"ORDER {order}".encode() if order else b"")


def secrets_of(database_url: str) -> list[bytes | None]:
    database = Database(database_url)
    with database.read() as transaction:
        found = [job.secret for job in transaction.query(Job)]
    database.close()
    return found


def test_a_password_is_erased_when_the_job_has_ended(make: Make, database_url: str) -> None:
    client = make()
    good, bad = upload(client, encrypted(), encrypted("BAD"), password=PASSWORD)
    states = [client.get(f"/v1/jobs/{one['job']}").json()["state"] for one in (good, bad)]
    assert states == ["done", "failed"]
    assert secrets_of(database_url) == [None, None]


def test_a_wrong_password_says_so(client: TestClient) -> None:
    [one] = upload(client, encrypted(), password="another one")
    assert client.get(f"/v1/jobs/{one['job']}").json()["failure"]["code"] == "encrypted"


def test_a_job_that_waits_goes_on_after_a_restart(tmp_path: Path, database_url: str) -> None:
    server = Server(tmp_path / "data", database_url, "[service]\nworkers = 0\n")
    server.start()
    try:
        files = [("files", ("a.pdf", encrypted()))]
        answer = httpx.post(f"{server.url}/v1/documents", files=files, data={"password": PASSWORD})
        job = answer.json()["items"][0]["job"]
        server.kill()
        [sealed] = secrets_of(database_url)
        assert sealed is not None
        assert PASSWORD.encode() not in sealed
        for path in tmp_path.rglob("*"):
            assert not path.is_file() or PASSWORD.encode() not in path.read_bytes(), path
        Path(tmp_path / "settings.toml").write_text("[service]\nworkers = 1\n", "utf-8")
        server.start()
        ended = httpx.get(f"{server.url}/v1/jobs/{job}", params={"wait": 30}, timeout=60).json()
        assert ended["state"] == "done", ended
    finally:
        server.kill()
    assert secrets_of(database_url) == [None]

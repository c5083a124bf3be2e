"""Whatever the description promises holds, for requests that make sense and for those that do not."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from server import Server
from service_uploads import picture

LIMITS = "[service]\nrequests_per_minute = 1000000\nlogins_per_minute = 1000000\n"
LEFT_OUT = r"/(events|setup|login|logout)$|/tokens/\{|/users/\{"
"""Streams, and what would end the test's own login."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path / "data", f"sqlite:///{tmp_path / 'test.db'}", LIMITS)
    running.start()
    yield running
    running.kill()


def test_schemathesis_finds_nothing(server: Server, tmp_path: Path) -> None:
    pytest.importorskip("schemathesis")
    with httpx.Client(base_url=server.url, timeout=60) as client:
        job = client.post("/v1/documents", files={"files": ("a.png", picture())}).json()["items"][0]["job"]
        assert client.get(f"/v1/jobs/{job}", params={"wait": 30}).json()["state"] == "done"
        token = client.post("/v1/tokens", json={"name": "admin"}).json()["token"]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", f"{server.url}/v1/openapi.json"),
            *("--header", f"Authorization: Bearer {token}", "--exclude-path-regex", LEFT_OUT),
            *("--max-examples", "8", "--phases", "examples,coverage,fuzzing", "--seed", "1", "--no-color"),
        ],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout[-20_000:]
    assert "Authentication failed" not in done.stdout
    assert "Traceback" not in server.log

"""Whatever the description promises holds, for requests that make sense and for those that do not."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from conftest import picture
from server import Server

schemathesis = pytest.importorskip("schemathesis")

from hypothesis import HealthCheck, Phase, settings

LIMITS = "[service]\nrequests_per_minute = 1000000\nlogins_per_minute = 1000000\n"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """A service with a document, and its description."""
    folder: Path = tmp_path_factory.mktemp("openapi")
    server = Server(folder / "data", f"sqlite:///{folder / 'test.db'}", LIMITS)
    server.start()
    with httpx.Client(base_url=server.url) as client:
        job = client.post("/v1/documents", files={"files": ("a.png", picture())}).json()["items"][0]["job"]
        assert client.get(f"/v1/jobs/{job}", params={"wait": 30}, timeout=60).json()["state"] == "done"
        token = client.post("/v1/tokens", json={"name": "admin"}).json()["token"]
    described = schemathesis.openapi.from_url(f"{server.url}/v1/openapi.json")
    described.config.update(headers={"Authorization": f"Bearer {token}"})
    yield described
    server.kill()


schema = schemathesis.pytest.from_fixture("running")
# Waiting for events and jobs is tested elsewhere; a set-up or logout would end the test's own login.
_LEFT_OUT = r"/(events|setup|login|logout)$"


@schema.exclude(path_regex=_LEFT_OUT).parametrize()
@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_the_service_does_as_it_is_described(case: "schemathesis.Case") -> None:
    case.call_and_validate()

"""A service with a stand-in reader, and files for it."""

import importlib.util
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi")

from fastapi.testclient import TestClient

from shenbao.service.app import make_app
from shenbao.settings import ServiceSettings, Settings

HERE = Path(__file__).parent


def _load(name: str) -> None:
    """The reading processes must find the stand-in by its module's name."""
    if str(HERE) not in sys.path:
        sys.path.insert(0, str(HERE))
    assert importlib.util.find_spec(name)


_load("stand_in")

from service_uploads import Make
from stand_in import stand_in


@pytest.fixture
def make(tmp_path: Path, database_url: str) -> Iterator[Make]:
    """Starts services; each keyword is a setting of the service. All share one folder and database."""
    opened: list[TestClient] = []

    def start(**wishes: object) -> TestClient:
        facts = {"data": tmp_path / "data", "database": database_url, **wishes}
        service = ServiceSettings.model_validate(facts)
        app = make_app(Settings(service=service), stand_in)
        client = TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 50_000))
        opened.append(client.__enter__())
        return client

    yield start
    for client in opened:
        client.__exit__(None, None, None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A real Chromium: the system's, driven by Playwright."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        pytest.skip("no Chromium")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def client(make: Make) -> TestClient:
    return make()

"""What the tests of the service send: pictures that give the stand-in its orders, and uploads."""

import io
from collections.abc import Callable

from fastapi.testclient import TestClient
from PIL import Image

Make = Callable[..., TestClient]
"""Starts a service; each keyword is one of its settings."""


def picture(order: str = "", shade: int = 255) -> bytes:
    """A PNG whose bytes tell the stand-in what to do; another `shade` is another document."""
    stream = io.BytesIO()
    Image.new("RGB", (400, 240), (shade, 255, 255)).save(stream, "PNG")
    return stream.getvalue() + (f"ORDER {order}".encode() if order else b"")


def upload(client: TestClient, *contents: bytes, **form: object) -> list[dict[str, object]]:
    """Uploads files and waits until they are read."""
    files = [("files", (f"scan-{n}.png", content, "image/png")) for n, content in enumerate(contents)]
    answer = client.post("/v1/documents", files=files, data=form)
    assert answer.status_code == 202, answer.text
    found = answer.json()["items"]
    for one in found:
        job = client.get(f"/v1/jobs/{one['job']}", params={"wait": 30}).json()
        assert job["state"] in ("done", "failed"), job
    return list(found)

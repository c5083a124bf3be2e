"""The client stands alone, and is the same twice."""

import inspect
import subprocess
import sys

from shenbao.client import AsyncClient, Client
from shenbao.client.events import Event, EventParser


def public(kind: type) -> dict[str, inspect.Signature]:
    return {
        name: inspect.signature(member)
        for name, member in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_")
    }


def test_both_clients_take_the_same() -> None:
    blocking, awaited = public(Client), public(AsyncClient)
    assert blocking.keys() == awaited.keys()
    for name, signature in blocking.items():
        assert signature.parameters == awaited[name].parameters, name
        assert getattr(Client, name).__doc__ == getattr(AsyncClient, name).__doc__, name


def test_the_client_needs_nothing_of_the_service() -> None:
    program = (
        "import sys, shenbao.client; "
        "print([m for m in ('fastapi', 'sqlalchemy', 'cv2', 'numpy', 'openvino') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "[]"


def test_events_are_parsed() -> None:
    parser = EventParser()
    lines = [": ping", "", "event: progress", "data: one", "data:two", "id: 4", "", "data: three", "", ""]
    found = [event for line in lines if (event := parser.feed(line))]
    assert found == [Event("progress", "one\ntwo"), Event("message", "three")]

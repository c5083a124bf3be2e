"""Messages about finished documents, to a real receiver on this machine."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from receiver import Receiver
from server import Server
from service_uploads import Make, picture, upload

from shenbao.signing import verify
from shenbao.wire import Message

QUICK = {"webhook_private": True, "webhook_retry_seconds": 0.2}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


def register(client: TestClient | httpx.Client, url: str, **wishes: object) -> dict[str, object]:
    answer = client.post("/v1/webhooks", json={"url": url, **wishes})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def deliveries(client: TestClient, hook: dict[str, object]) -> list[dict[str, object]]:
    return list(client.get(f"/v1/webhooks/{hook['id']}/deliveries").json()["items"])


def settled(client: TestClient, hook: dict[str, object], state: str) -> dict[str, object]:
    """The newest message, when it is in a state."""
    until = time.monotonic() + 30
    while (newest := deliveries(client, hook)[0])["state"] != state:
        assert time.monotonic() < until, newest
        time.sleep(0.05)
    return newest


def test_a_read_document_is_told_of_with_a_signature(make: Make, receiver: Receiver) -> None:
    client = make(**QUICK)
    hook = register(client, receiver.url)
    assert client.get("/v1/webhooks").json()["items"][0]["secret"] is None
    [one] = upload(client, picture())
    receiver.wait(1)
    headers, body = receiver.messages[0]
    verify(str(hook["secret"]), headers, body)
    message = Message.model_validate_json(body)
    assert message.document is not None
    assert (message.type, message.document.id, message.document.state) == (
        "document.read",
        one["document"],
        "complete",
    )
    assert message.document.open_items > 0
    assert client.get(message.document.path).json()["source"]["name"] == "scan-0.png"
    sent = settled(client, hook, "sent")
    assert (sent["attempts"], sent["status"], sent["error"]) == (1, 200, None)


def test_the_end_of_the_review_and_failures_are_told_of(make: Make, receiver: Receiver) -> None:
    client = make(**QUICK)
    register(client, receiver.url)
    register(client, receiver.url, events=["document.failed"])
    upload(client, picture("BAD"))
    receiver.wait(2)
    [one] = upload(client, picture())
    items = client.post("/v1/queue/next", json={"count": 50}).json()["items"]
    for item in items:
        client.post(f"/v1/items/{item['id']}/decision", json={"action": "accept"})
    receiver.wait(4)
    assert receiver.kinds == ["document.failed", "document.failed", "document.read", "document.reviewed"]
    last = Message.model_validate_json(receiver.messages[-1][1]).document
    assert last is not None
    assert (last.id, last.open_items) == (one["document"], 0)
    failed = Message.model_validate_json(receiver.messages[0][1]).document
    assert failed is not None
    assert failed.errors[0]["code"] == "unreadable"


def test_a_receiver_that_is_down_gets_it_when_it_is_up(make: Make, receiver: Receiver) -> None:
    client = make(**QUICK)
    hook = register(client, receiver.url)
    receiver.down()
    upload(client, picture(), picture(shade=3))
    time.sleep(1)
    waiting = deliveries(client, hook)
    assert [one["state"] for one in waiting] == ["waiting", "waiting"]
    assert "refused" in str(waiting)
    receiver.up()
    receiver.wait(2)
    ids = {headers["webhook-id"] for headers, _ in receiver.messages}
    assert len(ids) == len(receiver.messages) == 2


def test_messages_outlive_the_service(tmp_path: Path, database_url: str, receiver: Receiver) -> None:
    settings = "[service]\nwebhook_private = true\nwebhook_retry_seconds = 0.2\n"
    server = Server(tmp_path / "data", database_url, settings)
    server.start()
    try:
        with httpx.Client(base_url=server.url) as client:
            hook = register(client, receiver.url)
            receiver.down()
            job = client.post("/v1/documents", files={"files": ("a.png", picture())}).json()["items"][0][
                "job"
            ]
            assert client.get(f"/v1/jobs/{job}", params={"wait": 30}, timeout=60).json()["state"] == "done"
        server.kill()
        receiver.up()
        server.start()
        receiver.wait(1)
        verify(str(hook["secret"]), *receiver.messages[0])
    finally:
        server.kill()


def test_a_slow_receiver_does_not_hold_up_the_reading(make: Make, receiver: Receiver) -> None:
    client = make(**QUICK, webhook_seconds=3)
    receiver.delay = 2
    register(client, receiver.url)
    upload(client, picture(shade=1), picture(shade=2), picture(shade=3))
    assert len(receiver.messages) < 3
    receiver.delay = 0
    receiver.wait(3)


@pytest.mark.parametrize("status", [302, 404, 500])
def test_what_a_receiver_refuses_is_sent_again(make: Make, receiver: Receiver, status: int) -> None:
    client = make(**QUICK)
    with Receiver() as elsewhere:
        receiver.status, receiver.headers = status, {"Location": elsewhere.url}
        hook = register(client, receiver.url)
        client.post(f"/v1/webhooks/{hook['id']}/ping")
        until = time.monotonic() + 30
        while int(str(deliveries(client, hook)[0]["attempts"])) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        assert deliveries(client, hook)[0]["status"] == status
        receiver.status = 204
        receiver.wait(1)
        assert elsewhere.messages == []
    assert json.loads(receiver.messages[0][1]) | {"timestamp": ""} == {
        "type": "ping",
        "timestamp": "",
        "document": None,
    }


def test_what_never_arrives_is_given_up_and_may_be_sent_again(make: Make, receiver: Receiver) -> None:
    client = make(**QUICK, webhook_hours=0.0001)
    receiver.status = 500
    hook = register(client, receiver.url)
    message = client.post(f"/v1/webhooks/{hook['id']}/ping").json()
    again = f"/v1/webhooks/{hook['id']}/deliveries/{message['id']}/again"
    assert client.post(again).status_code == 409
    given_up = settled(client, hook, "given_up")
    assert (given_up["next_at"], given_up["error"]) == (None, "the receiver answered 500")
    receiver.status = 200
    assert client.post(again).status_code == 202
    assert settled(client, hook, "sent")["status"] == 200


def test_only_its_own_project_and_only_while_active(make: Make, receiver: Receiver) -> None:
    client = make(**QUICK)
    other = client.post("/v1/projects", json={"name": "另一个"}).json()["id"]
    hook = register(client, receiver.url, project=other)
    upload(client, picture())
    assert deliveries(client, hook) == []
    assert client.patch(f"/v1/webhooks/{hook['id']}", json={"active": False}).json()["active"] is False
    upload(client, picture(), project=other)
    assert deliveries(client, hook) == []
    client.patch(f"/v1/webhooks/{hook['id']}", json={"active": True})
    upload(client, picture(shade=9), project=other)
    receiver.wait(1)
    assert client.delete(f"/v1/webhooks/{hook['id']}").status_code == 204
    assert client.get(f"/v1/webhooks/{hook['id']}/deliveries").status_code == 404
    assert client.post("/v1/webhooks", json={"url": receiver.url, "project": 999}).status_code == 404


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("http://127.0.0.1/x", 409),
        ("http://localhost:80/", 409),
        ("http://10.1.2.3/", 409),
        ("http://169.254.169.254/latest/meta-data", 409),
        ("http://[::1]/", 409),
        ("http://[::ffff:192.168.0.1]/", 409),
        ("http://user:secret@example.org/", 409),
        ("http://example.org:99999/", 409),
        ("http://[", 409),
        ("ftp://example.org/", 422),
        ("nonsense", 422),
        ("http://exa mple.org/", 422),
    ],
)
def test_addresses_that_lead_inside_are_refused(client: TestClient, url: str, status: int) -> None:
    answer = client.post("/v1/webhooks", json={"url": url})
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]["code"] == {409: "usage", 422: "invalid"}[status]
    assert client.get("/v1/webhooks").json()["items"] == []


def test_a_secret_is_not_in_the_database_as_it_is(make: Make, database_url: str) -> None:
    from shenbao.store.database import Database
    from shenbao.store.models import Webhook

    hook = register(make(), "https://example.org/hook")
    database = Database(database_url)
    with database.read() as transaction:
        kept = transaction.query(Webhook).one().secret
    database.close()
    assert str(hook["secret"]).removeprefix("whsec_").encode() not in kept

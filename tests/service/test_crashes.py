"""Reading processes that die, and a service that is killed."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from server import Server
from service_uploads import Make, picture, upload

from shenbao.store import accounts
from shenbao.store.database import Database
from shenbao.store.models import Decision, Document, Item, Member, Project

ITEMS, KILLS = 500, 10


@pytest.fixture
def server(tmp_path: Path, database_url: str) -> Iterator[Server]:
    server = Server(tmp_path / "data", database_url, "[service]\nrequests_per_minute = 1000000\n")
    yield server
    with suppress(Exception):
        server.kill()


def test_a_process_that_dies_costs_its_own_document_alone(make: Make, tmp_path: Path) -> None:
    client = make(workers=2)
    mark = tmp_path / "died"
    dies, once, fine = upload(client, picture("DIE"), picture(f"DIE-ONCE {mark}"), picture(shade=7))
    jobs = [client.get(f"/v1/jobs/{one['job']}").json() for one in (dies, once, fine)]
    assert [(job["state"], job["crashes"]) for job in jobs] == [("failed", 2), ("done", 1), ("done", 0)]
    assert jobs[0]["failure"]["code"] == "crashed"
    assert "code 9" in jobs[0]["failure"]["message"]
    assert client.get(f"/v1/documents/{dies['document']}").json()["errors"][0]["code"] == "crashed"


def test_a_document_that_takes_too_long_is_given_up(make: Make) -> None:
    client = make(read_seconds=8)
    slow, fine = upload(client, picture("SLOW 60"), picture())
    assert "longer than 8 seconds" in client.get(f"/v1/jobs/{slow['job']}").json()["failure"]["message"]
    assert client.get(f"/v1/jobs/{fine['job']}").json()["state"] == "done"


def test_an_interrupted_job_goes_on(server: Server) -> None:
    server.start()
    files = [("files", (f"{n}.png", picture("SLOW 2", shade=n))) for n in range(2)]
    jobs = [one["job"] for one in httpx.post(f"{server.url}/v1/documents", files=files).json()["items"]]
    while httpx.get(f"{server.url}/v1/jobs/{jobs[0]}").json()["state"] != "running":
        time.sleep(0.05)
    server.kill()
    server.start()
    for job in jobs:
        ended = httpx.get(f"{server.url}/v1/jobs/{job}", params={"wait": 30}, timeout=60).json()
        assert (ended["state"], ended["crashes"]) == ("done", 0)
    assert server.stop() == 0
    assert "interrupted jobs go on" in server.log


def fill(database: Database) -> list[str]:
    """A queue of items, and two people's tokens."""
    with database.write() as transaction:
        project = Project(name="项目", accept=0.98, double=[])
        transaction.add(project)
        transaction.flush()
        tokens = []
        for name in "甲乙":
            user = accounts.add_user(transaction, name, "reviewer", "x" * 12, None)
            transaction.add(Member(project_id=project.id, user_id=user.id))
            tokens.append(accounts.add_token(transaction, user, "test")[1])
        facts = {"sha256": "ab" * 32, "name": "a", "kind": "", "size": 1, "state": "complete", "errors": []}
        document = Document(project_id=project.id, uploaded_by=user.id, **facts)
        transaction.add(document)
        transaction.flush()
        body = {"reasons": [], "candidates": [], "regions": [], "doubtful": [], "facts": []}
        for number in range(ITEMS):
            transaction.add(
                Item(
                    project_id=project.id,
                    document_id=document.id,
                    place=f"t1/{number}/0",
                    origin="doubt",
                    kind="words",
                    label="",
                    page=1,
                    read=str(number),
                    shown=str(number),
                    confidence=0.5,
                    body=body,
                    rank=0,
                )
            )
    return tokens


def review(server: Server, token: str, decided: list[int], refused: list[str]) -> None:
    """A person at work: takes items and decides them, and tries again whenever the service is away."""
    client = httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {token}"}, timeout=10)

    def ask(method: str, address: str, body: dict[str, object] | None = None) -> httpx.Response:
        while True:
            try:
                return client.request(method, address, json=body)
            except httpx.HTTPError:
                time.sleep(0.05)

    while True:
        answer = ask("POST", "/v1/queue/next", {"count": 3})
        # What was lent in an answer that never came is still one's own.
        items = answer.json()["items"] or ask("GET", "/v1/queue/mine").json()["items"]
        if not items:
            return
        for item in items:
            said = ask("POST", f"/v1/items/{item['id']}/decision", {"action": "accept", "seconds": 0.1})
            if said.status_code == 200:
                decided.append(item["id"])
            else:
                refused.append(said.text)


def test_two_people_empty_a_queue_while_the_service_is_killed_ten_times(
    server: Server, database_url: str
) -> None:
    database = Database(database_url)
    tokens = fill(database)
    server.start()
    decided: list[list[int]] = [[], []]
    refused: list[str] = []
    people = [
        threading.Thread(target=review, args=(server, token, mine, refused))
        for token, mine in zip(tokens, decided, strict=True)
    ]
    for person in people:
        person.start()
    for kill in range(1, KILLS + 1):
        until = time.monotonic() + 60
        while sum(map(len, decided)) < kill * ITEMS // (KILLS + 2) and time.monotonic() < until:
            time.sleep(0.01)
        server.kill()
        server.start()
    for person in people:
        person.join(120)
        assert not person.is_alive()
    assert refused == []
    assert len(decided[0]) + len(decided[1]) == ITEMS
    assert not set(decided[0]) & set(decided[1])
    with database.read() as transaction:
        standing = transaction.query(Decision).filter(Decision.undone_at.is_(None)).all()
        assert sorted(decision.item_id for decision in standing) == sorted(decided[0] + decided[1])
        assert transaction.query(Item).filter(Item.state != "done").count() == 0
    database.close()

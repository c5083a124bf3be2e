from pathlib import Path

from fastapi.testclient import TestClient
from service_uploads import Make

from shenbao.mapping.additions import open_vocabulary
from shenbao.store.database import Database
from shenbao.store.models import Suggestion

NAME = "灯塔修缮处数"


def suggest(database_url: str) -> None:
    database = Database(database_url)
    with database.write() as transaction:
        transaction.add(Suggestion(group="level3", below="数量指标", form=NAME, state="open"))
    database.close()


def suggestions(client: TestClient, state: str = "open") -> list[dict[str, object]]:
    return list(client.get("/v1/vocabulary/suggestions", params={"state": state}).json()["items"])


def test_a_confirmed_name_is_known_from_then_on(make: Make, database_url: str, tmp_path: Path) -> None:
    client = make()
    suggest(database_url)
    [found] = suggestions(client)
    answer = client.post(f"/v1/vocabulary/suggestions/{found['id']}", json={"action": "confirm"})
    assert answer.json()["state"] == "confirmed"
    own = tmp_path / "data" / "vocabulary.json"
    assert NAME in open_vocabulary(own).level3["数量指标"]
    assert suggestions(client) == []
    again = client.post(f"/v1/vocabulary/suggestions/{found['id']}", json={"action": "reject"})
    assert again.status_code == 409
    knowledge = make().app.state.service.builder.knowledge  # type: ignore[attr-defined]
    assert NAME in knowledge.vocabulary.level3["数量指标"]


def test_a_rejected_name_is_not_asked_for_again(make: Make, database_url: str, tmp_path: Path) -> None:
    client = make()
    suggest(database_url)
    [found] = suggestions(client)
    client.post(f"/v1/vocabulary/suggestions/{found['id']}", json={"action": "reject"})
    assert [one["form"] for one in suggestions(client, "rejected")] == [NAME]
    assert not (tmp_path / "data" / "vocabulary.json").exists()


def test_a_name_that_contradicts_the_vocabulary_is_refused(make: Make, database_url: str) -> None:
    client = make()
    suggest(database_url)
    [found] = suggestions(client)
    address = f"/v1/vocabulary/suggestions/{found['id']}"
    assert client.post(address, json={"action": "confirm", "name": "no such"}).status_code == 409
    assert suggestions(client) == [found]

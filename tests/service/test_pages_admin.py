"""Projects, users and one's own account as pages."""

import re

from fastapi.testclient import TestClient
from service_uploads import Make, picture, upload

SECRET = "long enough 1"


def set_up(client: TestClient, name: str = "王芳") -> dict[str, str]:
    """The first account; the header that its browser sends along."""
    made = client.post("/v1/setup", json={"name": name, "password": SECRET})
    assert made.status_code == 201
    return {"X-CSRF-Token": made.json()["csrf"]}


def log_in(client: TestClient, name: str, password: str = SECRET) -> int:
    return client.post("/v1/login", json={"name": name, "password": password}).status_code


def test_a_project_shows_its_rules_and_members(client: TestClient) -> None:
    headers = set_up(client)
    client.post("/v1/users", json={"name": "李雷", "password": SECRET}, headers=headers)
    rules = {"control_share": 0.05, "seed_share": 0.1, "double": ["money", "project_name", "未知"]}
    assert client.patch("/v1/projects/1", json=rules, headers=headers).status_code == 200
    text = client.get("/projects/1").text
    assert re.search(r'name="control_share"[^>]*value="5"', text)
    assert re.search(r'name="seed_share"[^>]*value="10"', text)
    checked = re.findall(r'name="double" value="(\w+)"[^>]*checked', text)
    assert set(checked) == {"money", "project_name", "未知"}
    assert 'data-api="PUT /v1/projects/1/members/2"' in text
    client.put("/v1/projects/1/members/2", headers=headers)
    assert 'data-api="DELETE /v1/projects/1/members/2"' in client.get("/projects/1").text
    assert "默认项目" in client.get("/users").text


def test_only_admins_see_projects_and_users(client: TestClient) -> None:
    headers = set_up(client)
    client.post("/v1/users", json={"name": "李雷", "password": SECRET}, headers=headers)
    client.cookies.clear()
    assert log_in(client, "李雷") == 200
    for path in ("/projects", "/projects/1", "/users"):
        assert client.get(path).status_code == 403
    text = client.get("/account").text
    assert "/projects" not in text
    assert "更改密码" in text


def test_a_password_is_changed_by_its_owner_who_knows_the_old_one(make: Make) -> None:
    client = make()
    headers = set_up(client)
    other = {"old": "not this one", "new": "another secret"}
    refused = client.post("/account/password", json=other, headers=headers)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "wrong_password")
    assert client.post("/account/password", json={**other, "old": SECRET}).status_code == 403  # no CSRF token
    short = client.post("/account/password", json={"old": SECRET, "new": "short"}, headers=headers)
    assert short.status_code == 422
    done = client.post("/account/password", json={**other, "old": SECRET}, headers=headers)
    assert done.status_code == 204
    assert client.get("/account", follow_redirects=False).status_code == 303
    assert log_in(client, "王芳") == 401
    assert log_in(client, "王芳", "another secret") == 200


def test_a_password_is_not_changed_by_a_program(client: TestClient) -> None:
    headers = set_up(client)
    token = client.post("/v1/tokens", json={"name": "t"}, headers=headers).json()["token"]
    client.cookies.clear()
    answer = client.post(
        "/account/password",
        json={"old": SECRET, "new": "another secret"},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 403


def test_tokens_are_listed_by_their_start_only(client: TestClient) -> None:
    headers = set_up(client)
    made = client.post("/v1/tokens", json={"name": "财务系统"}, headers=headers).json()
    text = client.get("/account").text
    assert "财务系统" in text
    assert made["start"] in text
    assert made["token"] not in text


def test_statistics_by_field(client: TestClient) -> None:
    upload(client, picture())
    while items := client.post("/v1/queue/next", json={"count": 1}).json()["items"]:
        said = {"action": "correct", "text": "110", "seconds": 4}
        if items[0]["kind"] != "money":
            said = {"action": "accept", "seconds": 2}
        assert client.post(f"/v1/items/{items[0]['id']}/decision", json=said).status_code == 200
    text = client.get("/statistics").text
    rows = dict(re.findall(r"<tr><td>(.*?)</td>(.*?)</tr>", text, re.DOTALL))
    assert any("4.0 秒" in row and "0.0%" in row for name, row in rows.items() if "预算" in name)
    assert "本机" in rows
    assert client.get("/statistics?project=1").status_code == 200
    assert client.get("/statistics?project=9").status_code == 404

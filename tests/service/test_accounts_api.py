import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from service_uploads import Make, picture, upload

PASSWORD = "correct horse battery"


def fresh(known: TestClient, **more: object) -> TestClient:
    """Another browser at the same service."""
    app = known.app
    assert isinstance(app, FastAPI)
    return TestClient(app, **{"base_url": "http://127.0.0.1", "client": ("127.0.0.1", 50_001), **more})  # type: ignore[arg-type]


def log_in(client: TestClient, name: str) -> TestClient:
    browser = fresh(client)
    answer = browser.post("/v1/login", json={"name": name, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    browser.headers["X-CSRF-Token"] = answer.json()["csrf"]
    return browser


@pytest.fixture
def admin(client: TestClient) -> TestClient:
    answer = client.post("/v1/setup", json={"name": "王芳", "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    client.headers["X-CSRF-Token"] = answer.json()["csrf"]
    return client


def add(admin: TestClient, name: str, role: str, project: int | None = 1) -> TestClient:
    user = admin.post("/v1/users", json={"name": name, "password": PASSWORD, "role": role}).json()
    if project is not None:
        assert admin.put(f"/v1/projects/{project}/members/{user['id']}").status_code == 204
    return log_in(admin, name)


def test_without_accounts_whoever_is_at_the_machine_is_admin(client: TestClient) -> None:
    me = client.get("/v1/me").json()
    assert (me["name"], me["role"], me["way"], me["setup"]) == ("local", "admin", "local", True)


@pytest.mark.parametrize(
    "other",
    [{"client": ("10.0.0.9", 1)}, {"base_url": "http://evil.example"}, {"base_url": "http://10.0.0.1"}],
)
def test_without_accounts_nobody_else_gets_in(client: TestClient, other: dict[str, object]) -> None:
    answer = fresh(client, **other).get("/v1/documents")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "no_accounts")


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
def test_without_accounts_other_sites_change_nothing(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.post("/v1/documents", files=[("files", ("a.png", picture()))], headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "cross_site")
    setup = client.post("/v1/setup", json={"name": "x", "password": PASSWORD}, headers=headers)
    assert setup.status_code == 403


def test_the_first_account_ends_work_without_one(admin: TestClient) -> None:
    assert fresh(admin).get("/v1/documents").status_code == 401
    assert admin.get("/v1/me").json()["name"] == "王芳"
    again = fresh(admin).post("/v1/setup", json={"name": "张三", "password": PASSWORD})
    assert again.status_code == 409


def test_a_session_needs_its_csrf_token(admin: TestClient) -> None:
    del admin.headers["X-CSRF-Token"]
    answer = admin.post("/v1/projects", json={"name": "二"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "csrf")
    assert admin.get("/v1/projects").status_code == 200


def test_the_cookie_is_out_of_reach_for_scripts(admin: TestClient) -> None:
    answer = fresh(admin).post("/v1/login", json={"name": "王芳", "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_logging_out_ends_the_session(admin: TestClient) -> None:
    browser = log_in(admin, "王芳")
    cookie = dict(browser.cookies)
    assert browser.post("/v1/logout").status_code == 204
    assert fresh(admin, cookies=cookie).get("/v1/me").status_code == 401


def test_wrong_passwords_are_counted(admin: TestClient) -> None:
    browser = fresh(admin)
    codes = [browser.post("/v1/login", json={"name": "王芳", "password": "x"}).status_code for _ in range(12)]
    assert codes[0] == 401
    assert codes[-1] == 429


def test_roles(admin: TestClient) -> None:
    upload(admin, picture())
    reader, reviewer = add(admin, "读者", "reader"), add(admin, "审核", "reviewer")
    assert reader.get("/v1/documents/1").status_code == 200
    assert reader.post("/v1/queue/next", json={}).status_code == 403
    assert reader.post("/v1/documents", files=[("files", ("a.png", picture()))]).status_code == 403
    assert reviewer.post("/v1/queue/next", json={}).status_code == 200
    for address in ("/v1/users", "/v1/audit", "/v1/projects/1/members"):
        assert reviewer.get(address).status_code == 403
        assert admin.get(address).status_code == 200
    assert reviewer.delete("/v1/documents/1").status_code == 403


def test_other_peoples_documents_do_not_exist(admin: TestClient) -> None:
    upload(admin, picture())
    item = admin.get("/v1/items").json()["items"][0]["id"]
    stranger = add(admin, "外人", "reviewer", project=None)
    for address in (
        "documents/1",
        "documents/1/document",
        "documents/1/original",
        "documents/1/pages/1/picture",
        "documents/1/export",
        "documents/1/tables/t1/cells/0/0/crop",
        "projects/1",
        "projects/1/export",
        "jobs/1",
        f"items/{item}",
        f"items/{item}/crop",
    ):
        assert stranger.get(f"/v1/{address}").status_code == 404, address
    assert stranger.get("/v1/documents").json()["items"] == []
    assert stranger.get("/v1/jobs").json()["items"] == []
    assert stranger.get("/v1/items").json()["items"] == []
    assert stranger.post("/v1/queue/next", json={}).json() == {"items": [], "open": 0}
    assert stranger.post(f"/v1/items/{item}/decision", json={"action": "accept"}).status_code == 404
    cell = stranger.put("/v1/documents/1/tables/t1/cells/0/0", json={"text": "x"})
    assert cell.status_code == 404


def test_a_token_works_without_cookie_until_it_is_revoked(admin: TestClient) -> None:
    made = admin.post("/v1/tokens", json={"name": "pipeline"}).json()
    program = fresh(admin, headers={"Authorization": f"Bearer {made['token']}"})
    assert program.get("/v1/me").json()["way"] == "token"
    assert program.post("/v1/projects", json={"name": "二"}).status_code == 201
    assert made["token"] not in admin.get("/v1/tokens").text
    assert admin.delete(f"/v1/tokens/{made['id']}").status_code == 204
    assert program.get("/v1/me").status_code == 401


def test_the_last_admin_stays(admin: TestClient) -> None:
    me = admin.get("/v1/me").json()["id"]
    assert admin.patch(f"/v1/users/{me}", json={"role": "reader"}).status_code == 409
    assert admin.patch(f"/v1/users/{me}", json={"active": False}).status_code == 409


def test_a_stopped_user_is_out_at_once(admin: TestClient) -> None:
    reader = add(admin, "读者", "reader")
    user = reader.get("/v1/me").json()["id"]
    assert admin.patch(f"/v1/users/{user}", json={"active": False}).json()["active"] is False
    assert reader.get("/v1/me").status_code == 401
    assert fresh(admin).post("/v1/login", json={"name": "读者", "password": PASSWORD}).status_code == 401


def test_two_people_get_different_items(admin: TestClient) -> None:
    upload(admin, picture())
    one, other = add(admin, "甲", "reviewer"), add(admin, "乙", "reviewer")
    first = one.post("/v1/queue/next", json={}).json()["items"][0]
    second = other.post("/v1/queue/next", json={}).json()["items"][0]
    assert first["id"] != second["id"]
    taken = other.post(f"/v1/items/{first['id']}/decision", json={"action": "accept"})
    assert (taken.status_code, taken.json()["error"]["code"]) == (409, "conflict")
    decision = one.post(f"/v1/items/{first['id']}/decision", json={"action": "accept"}).json()
    assert other.post(f"/v1/decisions/{decision['id']}/undo").status_code == 403


def test_double_entry_hides_the_first_from_the_second(admin: TestClient) -> None:
    admin.patch("/v1/projects/1", json={"double": ["money"]})
    upload(admin, picture())
    one, other = add(admin, "甲", "reviewer"), add(admin, "乙", "reviewer")
    item = one.post("/v1/queue/next", json={"kind": "money"}).json()["items"][0]
    one.post(f"/v1/items/{item['id']}/decision", json={"action": "correct", "text": "7"})
    seen = other.post("/v1/queue/next", json={"kind": "money"}).json()["items"][0]
    assert (seen["id"], seen["entry"], seen["decisions"]) == (item["id"], 2, [])
    assert other.get("/v1/decisions").json()["items"] == []
    other.post(f"/v1/items/{item['id']}/decision", json={"action": "correct", "text": "8"})
    third = add(admin, "丙", "reviewer")
    last = third.post("/v1/queue/next", json={"kind": "money"}).json()["items"][0]
    assert (last["id"], last["entry"]) == (item["id"], 3)
    third.post(f"/v1/items/{item['id']}/decision", json={"action": "correct", "text": "8"})
    total = third.get("/v1/documents/1/document").json()["records"][0]["fields"]["budget_total"]
    assert total["text"] == "8"


def test_requests_have_ids_and_errors_one_shape(make: Make) -> None:
    client = make(requests_per_minute=5)
    answer = client.get("/v1/documents/77", headers={"X-Request-ID": "mine-1"})
    assert answer.headers["x-request-id"] == "mine-1"
    error = answer.json()["error"]
    assert set(error) == {"code", "message", "advice", "request_id", "details"}
    assert (error["code"], error["request_id"]) == ("not_found", "mine-1")
    assert client.get("/v1/documents/abc").json()["error"]["details"][0]["where"] == ["path", "document_id"]
    assert client.get("/nowhere").json()["error"]["code"] == "not_found"
    codes = [client.get("/v1/me").status_code for _ in range(6)]
    assert codes[-1] == 429
    assert client.get("/v1/me").headers["retry-after"]


def test_live_ready_and_metrics(client: TestClient) -> None:
    assert client.get("/live").json()["status"] == "live"
    assert client.get("/ready").json()["workers"] == 1
    text = client.get("/metrics").text
    assert "shenbao_requests_total" in text
    assert "shenbao_items_open 0" in text

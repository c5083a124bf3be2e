from fastapi.testclient import TestClient
from service_uploads import picture, upload


def items_of(client: TestClient, **wanted: object) -> list[dict[str, object]]:
    found = client.post("/v1/queue/next", json={"count": 50, **wanted}).json()["items"]
    return list(found)


def fields(client: TestClient, document: object = 1) -> dict[str, dict[str, object]]:
    found = client.get(f"/v1/documents/{document}/document").json()["records"][0]["fields"]
    return dict(found)


def test_money_comes_first_with_its_reason(client: TestClient) -> None:
    upload(client, picture())
    items = items_of(client)
    assert items[0]["kind"] == "money"
    assert items[0]["label"] == "预算数"
    assert all(item["reasons"] and item["crops"] and item["mine"] for item in items)
    assert items[0]["doubtful"] == [2]


def test_a_correction_reaches_the_record_and_its_checks(client: TestClient) -> None:
    upload(client, picture())
    money = items_of(client, kind="money")[0]
    client.post(f"/v1/items/{money['id']}/decision", json={"action": "correct", "text": "999"})
    document = client.get("/v1/documents/1/document").json()
    record = document["records"][0]
    assert record["fields"]["budget_total"]["value"] == "999"
    failing = [check for check in record["checks"] if check["status"] == "fail"]
    assert any("999" in (check["found"] or "") + (check["expected"] or "") for check in failing)
    machine = client.get("/v1/documents/1/document", params={"machine": True}).json()
    assert machine["tables"][0]["cells"][3]["text"] == "104.08"
    queued = client.get("/v1/items", params={"document": 1, "state": "open"}).json()["items"]
    blamed = [item for item in queued if item["text"] in ("100.08", "4")]
    assert blamed, "a sum that fails puts its other terms into the queue"
    assert any("差 894.92" in reason for item in blamed for reason in item["reasons"])


def test_what_is_confirmed_by_others_leaves_the_queue(client: TestClient) -> None:
    upload(client, picture())
    money = items_of(client, kind="money")[0]
    wrong = client.post(f"/v1/items/{money['id']}/decision", json={"action": "correct", "text": "999"}).json()
    fields(client)
    blamed = [
        i for i in client.get("/v1/items", params={"state": "open"}).json()["items"] if i["text"] == "4"
    ]
    assert blamed
    client.post(f"/v1/decisions/{wrong['id']}/undo")
    client.post(f"/v1/items/{money['id']}/decision", json={"action": "accept"})
    assert fields(client)["budget_total"]["status"] == "accepted"
    again = client.get(f"/v1/items/{blamed[0]['id']}").json()
    assert again["state"] == "settled"


def test_all_decided_leaves_nothing_open(client: TestClient) -> None:
    upload(client, picture())
    while found := items_of(client):
        for item in found:
            answer = client.post(f"/v1/items/{item['id']}/decision", json={"action": "accept", "seconds": 2})
            assert answer.status_code == 200
        fields(client)
    assert client.get("/v1/documents/1").json()["open_items"] == 0
    figures = client.get("/v1/statistics").json()
    assert figures["total"]["accuracy"] == 1.0
    assert figures["total"]["median_seconds"] == 2
    assert sum(one["items"] for one in figures["calibration"]) == figures["total"]["items"]


def test_what_cannot_be_read_stays_in_review(client: TestClient) -> None:
    upload(client, picture())
    money = items_of(client, kind="money")[0]
    client.post(f"/v1/items/{money['id']}/decision", json={"action": "unreadable"})
    total = fields(client)["budget_total"]
    assert (total["status"], total["text"]) == ("review", "104.08")
    assert "人工：无法辨认" in str(total["reasons"])
    assert client.get(f"/v1/items/{money['id']}").json()["state"] == "done"


def test_a_whole_screen_at_once(client: TestClient) -> None:
    upload(client, picture())
    items = items_of(client)
    decisions = [{"item": item["id"], "action": "accept"} for item in items]
    answer = client.post(
        "/v1/items/decisions", json={"decisions": [*decisions, {"item": 999, "action": "accept"}]}
    )
    done = answer.json()["items"]
    assert [bool(one["decision"]) for one in done] == [True] * len(items) + [False]
    assert done[-1]["refused"]


def test_a_text_goes_with_a_correction_only(client: TestClient) -> None:
    upload(client, picture())
    item = items_of(client)[0]
    address = f"/v1/items/{item['id']}/decision"
    assert client.post(address, json={"action": "correct"}).status_code == 422
    assert client.post(address, json={"action": "accept", "text": "x"}).status_code == 422
    assert client.post(address, json={"action": "correct", "text": "a\x00b"}).status_code == 422


def test_comments_and_skips(client: TestClient) -> None:
    upload(client, picture())
    first = items_of(client, count=1)[0]
    client.post(f"/v1/items/{first['id']}/comments", json={"text": "<b>看不清</b>"})
    assert client.post(f"/v1/items/{first['id']}/skip").status_code == 204
    items = items_of(client)
    assert items[-1]["id"] == first["id"]
    assert items[-1]["comments"][0]["text"] == "<b>看不清</b>"


def test_a_share_of_sure_cells_and_known_errors_is_mixed_in(client: TestClient) -> None:
    client.patch("/v1/projects/1", json={"control_share": 1, "seed_share": 0.5})
    upload(client, *(picture(shade=n) for n in range(4)))
    items = items_of(client, count=200)
    machine = {
        document: client.get(f"/v1/documents/{document}/document", params={"machine": True}).json()
        for document in range(1, 5)
    }
    texts = {
        (document, f"t1/{cell['row']}/{cell['col']}"): cell["text"]
        for document, content in machine.items()
        for cell in content["tables"][0]["cells"]
    }
    altered = [
        i for i in items if str(i["place"]).startswith("t1") and texts[i["document"], i["place"]] != i["text"]
    ]
    assert altered
    assert "origin" not in altered[0]
    for item in items:
        client.post(f"/v1/items/{item['id']}/decision", json={"action": "accept"})
    figures = client.get("/v1/statistics").json()
    assert figures["control"]["items"] > 0
    assert figures["control"]["accuracy"] == 1.0
    assert figures["seeds"] == [{"user": "local", "shown": len(altered), "found": 0}]
    for document in range(1, 5):
        assert fields(client, document)["budget_fiscal"]["text"] == "100.08"


def test_a_new_target_queues_anew(client: TestClient) -> None:
    upload(client, picture())
    before = client.get("/v1/projects/1").json()["open_items"]
    client.patch("/v1/projects/1", json={"accept": 0.1})
    client.get("/v1/documents/1/document")
    after = client.get("/v1/projects/1").json()
    assert after["accept"] == 0.1
    assert after["open_items"] < before
    wished = client.patch("/v1/projects/1", json={"accuracy": 0.99}).json()
    assert wished["accuracy"] == 0.99
    assert wished["accept"] != 0.1
    assert client.patch("/v1/projects/1", json={"accuracy": 0.9999999999}).status_code == 409


def test_edits_of_the_page(client: TestClient) -> None:
    upload(client, picture())
    address = "/v1/documents/1/tables/t1"
    split = client.post(f"{address}/split", json={"row": 0, "col": 1})
    assert split.status_code == 200
    assert sum(cell["row"] == 0 for cell in split.json()["tables"][0]["cells"]) == 4
    merged = client.post(f"{address}/merge", json={"row": 0, "col": 1, "row_span": 1, "col_span": 3}).json()
    assert merged["tables"][0]["cells"][1]["col_span"] == 3
    assert (
        client.post(f"{address}/merge", json={"row": 0, "col": 0, "row_span": 1, "col_span": 2}).status_code
        == 409
    )
    generic = client.put(f"{address}/family", json={"family": "generic"}).json()
    assert generic["records"][0]["family"] == "generic"
    assert client.put(f"{address}/family", json={"family": "no such"}).status_code == 409
    edits = client.get("/v1/documents/1/edits").json()["items"]
    assert [edit["kind"] for edit in edits] == ["split", "merge", "family"]
    back = client.post(f"/v1/documents/1/edits/{edits[-1]['id']}/undo").json()
    assert back["records"][0]["family"] == "project_declaration"


def test_a_cell_is_edited_again_and_again(client: TestClient) -> None:
    upload(client, picture())
    address = "/v1/documents/1/tables/t1/cells/1/1"
    for text in ("1", "2", "104.08"):
        changed = client.put(address, json={"text": text}).json()
        assert changed["records"][0]["fields"]["budget_total"]["text"] == text
    assert all(item["place"] != "t1/1/1" for item in items_of(client))
    assert client.put("/v1/documents/1/tables/t1/cells/9/9", json={"text": "x"}).status_code == 409
    line = client.put("/v1/documents/1/tables/p1/cells/0/0", json={"text": "申报单位：凌源市司法局"}).json()
    assert line["records"][0]["fields"]["reporting_unit"]["text"] == "凌源市司法局"


def test_a_stale_change_is_refused(client: TestClient) -> None:
    upload(client, picture())
    address = "/v1/documents/1/tables/t1/cells/1/1"
    tag = client.get("/v1/documents/1/document").headers["etag"]
    assert client.put(address, json={"text": "1"}, headers={"If-Match": tag}).status_code == 200
    stale = client.put(address, json={"text": "2"}, headers={"If-Match": tag})
    assert (stale.status_code, stale.json()["error"]["code"]) == (412, "changed")

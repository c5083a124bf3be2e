import httpx
import pytest

from shenbao.client import (
    Busy,
    Client,
    Conflict,
    Invalid,
    NotFound,
    Patience,
    ServiceError,
    TooManyRequests,
    Unreachable,
)
from shenbao.client.attempts import Attempts

QUICK = Patience(tries=3, first=0.001, longest=0.01)
ME = {"id": 1, "name": "甲", "role": "admin", "way": "token", "csrf": "", "setup": False}


def said(code: str) -> dict[str, object]:
    words = {"message": "words", "advice": "Do it so.", "request_id": "abc", "details": [{"where": ["body"]}]}
    return {"error": {"code": code, **words}}


class Script:
    """A service that answers as written: responses in turn, and breaks."""

    def __init__(self, *answers: httpx.Response | httpx.TransportError) -> None:
        self.answers, self.asked = list(answers), 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        answer = self.answers.pop(0)
        if isinstance(answer, httpx.TransportError):
            raise answer
        return answer


def client(script: Script, patience: Patience = QUICK) -> Client:
    return Client("http://service", "token", patience=patience, transport=httpx.MockTransport(script))


def test_a_full_queue_is_asked_again() -> None:
    busy = httpx.Response(503, json=said("busy"), headers={"Retry-After": "0"})
    script = Script(busy, busy, httpx.Response(200, json=ME))
    assert client(script).me().name == "甲"
    assert script.asked == 3


def test_patience_ends() -> None:
    script = Script(*(httpx.Response(503, json=said("busy")) for _ in range(3)))
    with pytest.raises(Busy) as caught:
        client(script).me()
    assert (caught.value.code, caught.value.advice, caught.value.request_id) == ("busy", "Do it so.", "abc")


def test_the_pause_is_the_one_that_is_asked_for() -> None:
    attempts = Attempts(Patience(tries=9, first=1, longest=60), repeatable=True)
    refusal = httpx.Response(503, json=said("busy"), headers={"Retry-After": "7"})
    assert attempts.after_answer(refusal) == 7
    assert attempts.after_answer(httpx.Response(503, headers={"Retry-After": "900"})) == 60
    assert 3 <= attempts.after_answer(httpx.Response(429)) <= 5


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, NotFound), (409, Conflict), (422, Invalid), (415, Invalid), (500, ServiceError)],
)
def test_what_is_refused_for_good_is_not_asked_again(status: int, kind: type[ServiceError]) -> None:
    script = Script(httpx.Response(status, json=said("code")))
    with pytest.raises(kind) as caught:
        client(script).facts(1)
    assert (script.asked, caught.value.status, caught.value.details) == (1, status, ({"where": ["body"]},))
    assert "Do it so." in str(caught.value)


def test_an_answer_of_something_between_is_told_of_too() -> None:
    with pytest.raises(ServiceError, match="502"):
        client(Script(httpx.Response(502, html="<h1>Bad gateway</h1>"))).me()
    with pytest.raises(TooManyRequests):
        client(Script(httpx.Response(429, text="no")), Patience(tries=1)).me()


def test_a_broken_connection_is_tried_again_where_that_is_harmless() -> None:
    broken = httpx.ReadError("cut")
    script = Script(broken, httpx.Response(200, json=ME))
    assert client(script).me().id == 1
    lending = Script(broken)
    with pytest.raises(Unreachable):
        client(lending).next_items()
    assert lending.asked == 1


def test_a_service_that_is_away_stays_away() -> None:
    script = Script(*(httpx.ConnectError("refused") for _ in range(3)))
    with pytest.raises(Unreachable) as caught:
        client(script).me()
    assert (caught.value.status, caught.value.code) == (0, "unreachable")

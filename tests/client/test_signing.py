import pytest

from shenbao.signing import BadSignature, sign, verify

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"test": 2432232314}'
AT = 1614265330


def headers(signature: str) -> dict[str, str]:
    return {
        "Webhook-Id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "Webhook-Timestamp": str(AT),
        "Webhook-Signature": signature,
    }


def test_the_example_of_the_specification() -> None:
    signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert sign(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", AT, BODY) == signature
    verify(SECRET, headers(f"v1,bm9uZQ== {signature}"), BODY, now=AT + 10)


@pytest.mark.parametrize(
    ("body", "now", "secret"),
    [
        (BODY + b" ", AT, SECRET),
        (BODY, AT + 301, SECRET),
        (BODY, AT, "whsec_b3RoZXI="),
        (BODY, AT, "whsec_?"),
    ],
)
def test_what_is_not_right_is_refused(body: bytes, now: int, secret: str) -> None:
    signature = sign(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", AT, BODY)
    with pytest.raises(BadSignature):
        verify(secret, headers(signature), body, now=now)


def test_a_message_without_signature_is_refused() -> None:
    with pytest.raises(BadSignature):
        verify(SECRET, {}, BODY)

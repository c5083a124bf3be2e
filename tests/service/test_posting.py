import ipaddress
import socket
import threading
import time

import pytest
from receiver import Receiver

from shenbao.service.posting import NotPosted, _is_public, post


def test_what_is_sent_arrives() -> None:
    with Receiver() as receiver:
        assert post(receiver.url, b'{"type": "ping"}', {"a": "b"}, 5, private=True) == 200
        headers, body = receiver.messages[0]
    assert (headers["a"], headers["Content-Type"], body) == ("b", "application/json", b'{"type": "ping"}')


def test_a_name_that_leads_inside_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    with Receiver() as receiver:
        inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", receiver.port))]
        outside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", receiver.port))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [*outside, *inside])
        with pytest.raises(NotPosted, match="private"):
            post(f"http://harmless.example:{receiver.port}/", b"", {}, 5, private=False)
        assert receiver.messages == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f::1", True),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("2002:7f00:0001::", False),
        ("64:ff9b::7f00:1", False),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    assert _is_public(ipaddress.ip_address(address)) is public


def test_a_receiver_that_answers_byte_by_byte_is_cut_off() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            taken, _ = server.accept()
            with taken:
                try:
                    for _ in range(100):
                        taken.sendall(b"H")
                        time.sleep(0.1)
                except OSError:
                    return

        threading.Thread(target=drip, daemon=True).start()
        started = time.monotonic()
        with pytest.raises(NotPosted):
            post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"", {}, 0.5, private=True)
        assert time.monotonic() - started < 4


def test_no_receiver_and_no_host() -> None:
    with pytest.raises(NotPosted, match="refused"):
        post("http://127.0.0.1:1/", b"", {}, 2, private=True)
    with pytest.raises(NotPosted):
        post("http://no-such-host.invalid/", b"", {}, 2, private=False)

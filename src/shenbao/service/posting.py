"""One request to an address that somebody has registered: it must not lead into the service's own network.

The host's name is looked up once, every address that it has is checked, and the connection goes to one of these
and no other: a name that changes its address meanwhile gains nothing. Redirections are not followed.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

LONGEST_URL = 2_000
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class NotPosted(Exception):
    """No answer came, or none was asked for: the address is not allowed."""


def check_url(url: str, *, private: bool) -> None:
    """Refuses an address that can be seen to be none for messages.

    Raises:
        ValueError: it is no http(s) address, carries a password, or is private and that is not allowed.
    """
    parts = _split(url)
    host = parts.hostname or ""
    if private:
        return
    if host == "localhost" or host.endswith(".localhost"):
        raise ValueError("this is an address of the machine itself")
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return
    if not _is_public(address):
        raise ValueError("this is an address of this machine or of a private network")


def post(url: str, body: bytes, headers: Mapping[str, str], seconds: float, *, private: bool) -> int:
    """Sends `body` and returns the status of the answer; all of it takes `seconds` at most.

    Raises:
        NotPosted: there is no such host, no answer, or the address is not allowed.
    """
    try:
        check_url(url, private=private)
        parts = _split(url)
        connection = _open(parts, seconds, private=private)
    except (OSError, ValueError) as error:
        raise NotPosted(str(error)) from error
    path = parts.path or "/"
    target = f"{path}?{parts.query}" if parts.query else path
    # Each step has its own limit of time; a receiver that sends byte by byte must not add them up.
    alarm = threading.Timer(seconds, _cut, [connection])
    alarm.start()
    try:
        connection.request("POST", target, body, {"Content-Type": "application/json", **headers})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotPosted(str(error) or type(error).__name__) from error
    finally:
        alarm.cancel()
        connection.close()


def _split(url: str) -> SplitResult:
    if len(url) > LONGEST_URL or not url.isascii() or any(char.isspace() for char in url):
        raise ValueError("an address is ASCII without spaces, of at most 2000 characters")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("an address starts with http:// or https:// and has a host")
    if parts.username is not None or parts.password is not None:
        raise ValueError("an address carries no password: messages are signed")
    _ = parts.port  # raises ValueError where it is none
    return parts


def _open(parts: SplitResult, seconds: float, *, private: bool) -> http.client.HTTPConnection:
    secure = parts.scheme == "https"
    host, port = parts.hostname or "", parts.port or (443 if secure else 80)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(where[4][0]) for where in found))
    if not private and not all(_is_public(ipaddress.ip_address(a.partition("%")[0])) for a in addresses):
        raise ValueError(f"{host} has an address of this machine or of a private network")
    connection = http.client.HTTPConnection(host, port, timeout=seconds)
    connection.sock = _connected(addresses, port, seconds)
    if secure:
        connection.default_port = 443
        connection.sock = ssl.create_default_context().wrap_socket(connection.sock, server_hostname=host)
    return connection


def _connected(addresses: list[str], port: int, seconds: float) -> socket.socket:
    """A connection to the first address that takes one."""
    broken: OSError = OSError("the host has no address")
    for address in addresses:
        try:
            return socket.create_connection((address, port), seconds)
        except OSError as error:
            broken = error
    raise broken


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is one of the open network, also where it stands within another."""
    if isinstance(address, ipaddress.IPv6Address):
        within = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if within is None and address in _NAT64:
            within = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if within is not None:
            return _is_public(within)
    return address.is_global and not address.is_multicast


def _cut(connection: http.client.HTTPConnection) -> None:
    if connection.sock is not None:
        try:
            connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

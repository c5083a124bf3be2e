"""`shenbao serve`: the HTTP service and the review queue."""

import argparse
import logging
import signal
import socket

from shenbao.cli.service_options import service_settings
from shenbao.cli.streams import tell
from shenbao.errors import UsageError
from shenbao.reading import ReaderFactory
from shenbao.settings import Settings

LOOPBACK = "127.0.0.1"
_GRACE_SECONDS = 5
"""How long open requests may take when the service is asked to end."""


def run(args: argparse.Namespace, reader_factory: ReaderFactory) -> int:
    settings = service_settings(args)

    import uvicorn

    from shenbao.service.app import make_app

    logging.getLogger("shenbao").setLevel(logging.INFO)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    app = make_app(settings, reader_factory)
    host = _host(settings, configured=app.state.service.configured)
    config = uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        server_header=False,
    )
    # The server hands a SIGTERM on when it has ended in order.
    signal.signal(signal.SIGTERM, _end)
    with _socket(host, settings.service.port) as listener:
        port = listener.getsockname()[1]
        shown = f"[{host}]" if ":" in host else host
        tell(f"http://{shown}:{port}/ -- data in {settings.service.data.absolute()}; Ctrl-C ends it")
        uvicorn.Server(config).run(sockets=[listener])
    return 0


def _end(*_: object) -> None:
    raise SystemExit(0)


def _host(settings: Settings, *, configured: bool) -> str:
    """Where to listen: without any account on this machine only, whatever is wished."""
    from shenbao.service.security import is_loopback

    host = settings.service.host
    if configured:
        return host
    tell(
        "no account is set up: listening on this machine only, and whoever works on it is admin. "
        "Set one up on the page, or with: shenbao user add NAME --role admin"
    )
    return host if is_loopback(host) else LOOPBACK


def _socket(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Raises:
        UsageError: the address is none of this machine, or the port is taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise UsageError(f"cannot listen on {host} port {port}: {error.strerror or error}") from error
    return listener

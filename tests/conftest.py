"""Servers of the tests' own: PostgreSQL beside SQLite for store and service, and one that speaks S3."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine is no error.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# A shell starts what it puts in the background with Ctrl-C ignored, and what that starts inherits it: tests that
# interrupt a program would wait for ever.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

_NUMBERS = count(1)


def _program(name: str) -> str | None:
    """A program of PostgreSQL; Debian keeps them off the path."""
    known = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(known[-1]) if known else None)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Path]:
    """The folder of a running server's socket; it belongs to the tests and goes with them."""
    initdb, control = _program("initdb"), _program("pg_ctl")
    if initdb is None or control is None:
        pytest.skip("no PostgreSQL server on this machine")
    folder = Path(tempfile.mkdtemp(prefix="shenbao-pg-"))
    # The server refuses to run as root.
    other = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    if other:
        shutil.chown(folder, "postgres")
    data = folder / "data"
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
    log = str(folder / "log")
    _run(folder, *other, initdb, "-D", str(data), "-U", "tests", "-E", "UTF8", "-A", "trust")
    _run(folder, *other, control, "-D", str(data), "-l", log, "-o", options, "-w", "start")
    try:
        yield folder
    finally:
        _run(folder, *other, control, "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _run(folder: Path, *command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database; every test that asks for it runs on both kinds."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.db'}"
    psycopg = pytest.importorskip("psycopg")
    folder = request.getfixturevalue("postgres_server")
    name = f"t{next(_NUMBERS)}"
    with psycopg.connect(host=str(folder), user="tests", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"postgresql+psycopg://tests@/{name}?host={folder}"


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket on a server that speaks S3."""
    program = shutil.which("moto_server")
    if program is None:
        pytest.skip("moto_server is not installed: pip install 'moto[s3,server]'")
    files = pytest.importorskip("s3fs").S3FileSystem
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    known = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_DEFAULT_REGION": "us-east-1"}
    for name, value in (known | {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"}).items():
        monkeypatch.setenv(name, value)
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(
        [program, "-H", "127.0.0.1", "-p", str(port)], stdout=quiet, stderr=quiet, start_new_session=True
    )
    try:
        _wait_for(port)
        files.clear_instance_cache()
        files().mkdir("archive")
        yield "s3://archive"
    finally:
        files.clear_instance_cache()
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port)).close()
            return
        time.sleep(0.1)
    pytest.fail("the S3 server does not answer")

"""Databases for the tests of store and service: SQLite, and a PostgreSQL server of the tests' own."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

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

"""Reading a file from the command line never asks for the network."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parents[1] / "samples" / "000-01-scan.jpg"
PROGRAM = """
import sys

def refuse(event, arguments):
    if event.startswith("socket.") and event != "socket.gethostname":
        print("network:", event, arguments, file=sys.stderr, flush=True)
        raise OSError("the network is cut off")

sys.addaudithook(refuse)
from shenbao.cli import main
sys.exit(main(sys.argv[1:]))
"""


def run(*arguments: str, program: str = PROGRAM) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-c", program, *arguments],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "http_proxy": "", "https_proxy": ""},
    )


def test_the_guard_sees_sockets() -> None:
    opening = PROGRAM.replace("from shenbao.cli import main", "import socket; socket.socket()")
    assert "network: socket.__new__" in run(program=opening).stderr


@pytest.mark.e2e
def test_a_form_is_read_with_the_network_cut_off() -> None:
    done = run("read", str(SAMPLE))
    assert done.returncode == 0, done.stderr
    assert "network:" not in done.stderr
    document = json.loads(done.stdout)
    assert document["status"] == "complete"
    assert document["records"][0]["family"] == "org_setup"

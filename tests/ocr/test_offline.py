"""No engine ever needs the network."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from shenbao.models.stages import Image

PROGRAM = """
import socket, sys

def refuse(*arguments, **named):
    raise AssertionError(f"network: {arguments} {named}")

socket.getaddrinfo = socket.create_connection = refuse
class Cut(socket.socket):
    connect = connect_ex = sendto = refuse
    def __init__(self, *arguments, **named):
        refuse(arguments)
socket.socket = Cut

import numpy as np
from shenbao.errors import EngineUnavailable
from shenbao.ocr.engines import open_engine
from shenbao.settings import EngineSettings
try:
    reader = open_engine(EngineSettings(name=sys.argv[1], threads=2))
except EngineUnavailable:
    print("unavailable")
    sys.exit()
line, page = np.load(sys.argv[2]), np.load(sys.argv[3])
(reading,) = reader.read_lines([line])
print(reading.text, len(reader.find_lines(page)))
"""


@pytest.mark.parametrize("engine", ["openvino", "onnxruntime", "paddle"])
def test_reads_with_the_network_cut_off(
    engine: str, tmp_path: Path, draw_line: Callable[[str], Image]
) -> None:
    line = draw_line("绩效目标申报表")
    page = np.full((320, 480), 255, np.uint8)
    page[100 : 100 + line.shape[0], 60 : 60 + line.shape[1]] = line
    for name, picture in (("line.npy", line), ("page.npy", page)):
        np.save(tmp_path / name, picture)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, engine, str(tmp_path / "line.npy"), str(tmp_path / "page.npy")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "HOME": str(tmp_path), "PYTHONIOENCODING": "utf-8"},
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    if "unavailable" in done.stdout:
        pytest.skip(f"{engine} is not installed")
    assert done.stdout.splitlines()[-1] == "绩效目标申报表 1"

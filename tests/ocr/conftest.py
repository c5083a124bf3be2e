"""Drawn lines of print, and every engine whose packages are installed. `silent_engine` is found from here."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Picture
from PIL import ImageDraw, ImageFont

from shenbao.errors import EngineUnavailable
from shenbao.models.stages import Image
from shenbao.ocr.engine import LineReader
from shenbao.ocr.engines import open_engine
from shenbao.settings import EngineSettings

sys.path.insert(0, str(Path(__file__).parent))

SIZE = 32
DrawLine = Callable[[str], Image]


def _chinese_font() -> ImageFont.FreeTypeFont | None:
    """The system's font for simplified Chinese; None where none is installed.

    A collection's first face may be the Japanese one, which draws characters such as 门 otherwise.
    """
    if shutil.which("fc-list") is None:
        return None
    listed = subprocess.run(["fc-list", ":lang=zh-cn", "file"], capture_output=True, text=True, check=False)
    if not listed.stdout.strip():
        return None
    asked = ["fc-match", "--format", "%{file}\t%{index}", "sans:lang=zh-cn"]
    path, index = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split("\t")
    return ImageFont.truetype(path, SIZE, index=int(index) & 0xFFFF)


@pytest.fixture(scope="session")
def font() -> ImageFont.FreeTypeFont:
    """The system's font for simplified Chinese."""
    found = _chinese_font()
    if found is None:
        pytest.skip("no Chinese font is installed")
    return found


@pytest.fixture(scope="session")
def draw_line(font: ImageFont.FreeTypeFont) -> DrawLine:
    """Draws a line of print as engines want it: as high as the characters and a small margin."""

    def ink(text: str) -> Image:
        canvas = Picture.new("L", (SIZE * (len(text) + 4), SIZE * 3), 255)
        ImageDraw.Draw(canvas).text((SIZE * 2, SIZE), text, font=font, fill=0)
        return np.asarray(canvas, np.uint8)

    rows = np.flatnonzero((ink("国") < 128).any(axis=1))
    height = int(rows[-1] - rows[0])
    top, bottom = int(rows[0] - 0.15 * height), int(rows[-1] + 0.15 * height) + 1

    def draw(text: str) -> Image:
        canvas = ink(text)
        columns = np.flatnonzero((canvas < 128).any(axis=0))
        margin = int(0.3 * height)
        return canvas[top:bottom, columns[0] - margin : columns[-1] + 1 + margin]

    return draw


@pytest.fixture(scope="session", params=["openvino", "onnxruntime", "paddle"])
def reader(request: pytest.FixtureRequest) -> LineReader:
    """Each engine in single precision; skipped where its packages are missing."""
    try:
        return open_engine(EngineSettings(name=request.param, precision="f32", threads=2))
    except EngineUnavailable as error:
        pytest.skip(str(error))

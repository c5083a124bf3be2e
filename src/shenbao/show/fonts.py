"""Finds a font with Chinese characters on this machine; none comes with shenbao."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from PIL import ImageFont
from pydantic import BaseModel, ConfigDict

SMALLEST, LARGEST = 8, 40
"""Sizes in pixels between which a text is fitted into its cell."""


class _FontFiles(BaseModel):
    """Schema of `fonts.json`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    about: str
    files: tuple[str, ...]


@cache
def font_file() -> Path | None:
    """The first font file of the list that is installed, or None."""
    text = files("shenbao.show").joinpath("fonts.json").read_text("utf-8")
    paths = map(Path, _FontFiles.model_validate_json(text).files)
    return next((path for path in paths if path.is_file()), None)


@cache
def font(size: int) -> ImageFont.FreeTypeFont | None:
    """The found font at `size` pixels, or None where there is none."""
    path = font_file()
    return None if path is None else ImageFont.truetype(str(path), size)


def wrapped(text: str, width: int, height: int) -> tuple[int, list[str]]:
    """The largest font size at which `text` fits into a box of pixels, and its lines at that size.

    Chinese characters are as wide as high; others count half. At the smallest size lines that do not
    fit are left out.
    """
    size = min(LARGEST, max(SMALLEST, int(height / 1.2)))
    while True:
        lines = [part for line in text.split("\n") for part in _cut(line, width / size)]
        if size <= SMALLEST or len(lines) * size * 1.2 <= height:
            return size, lines[: max(1, int(height / (size * 1.2)))]
        size = max(SMALLEST, min(size - 1, int(size * 0.85)))


def _cut(line: str, ems: float) -> list[str]:
    parts, part, used = [], "", 0.0
    for char in line:
        wide = 1.0 if ord(char) > 0x2000 else 0.6
        if part and used + wide > ems:
            parts.append(part)
            part, used = "", 0.0
        part, used = part + char, used + wide
    return [*parts, part]

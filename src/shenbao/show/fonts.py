"""Finds a font with Chinese characters on this machine; none comes with shenbao. Fits texts into boxes."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from PIL import ImageFont
from pydantic import BaseModel, ConfigDict

SMALLEST, LARGEST = 7, 40
"""Sizes in pixels between which a text is fitted into its box."""

LEADING = 1.2
"""Height of a line in ems."""


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


@cache
def _advance(size: int, char: str) -> float:
    face = font(size)
    return float(size) if face is None else face.getlength(char)


def wrapped(text: str, width: float, height: float) -> tuple[int, list[str]] | None:
    """The largest font size at which all of `text` fits into a box of pixels, and its lines at that size.

    None where it does not fit even at the smallest size.
    """
    size = min(LARGEST, max(SMALLEST, int(height / LEADING)))
    while True:
        lines = [part for line in text.split("\n") for part in cut(line, size, width)]
        wide = any(_advance(size, line) > width for line in lines if len(line) == 1)
        if len(lines) * size * LEADING <= height and not wide:
            return size, lines
        if size <= SMALLEST:
            return None
        size = max(SMALLEST, min(size - 1, int(size * 0.85)))


def cut(line: str, size: int, width: float) -> list[str]:
    """A line cut into pieces of at most `width` pixels, or of one character."""
    parts, part, used = [], "", 0.0
    for char in line:
        wide = _advance(size, char)
        if part and used + wide > width:
            parts.append(part)
            part, used = "", 0.0
        part, used = part + char, used + wide
    return [*parts, part]

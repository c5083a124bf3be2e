"""Where the lines of a page's text stand, for formats that set text over its picture.

The document knows the polygon of each line outside tables, but of a cell only the cell: its text is broken into
lines as high as the page's print and set in the middle of the cell.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from shenbao.export.html import clean
from shenbao.layout.print_lines import ems
from shenbao.models.document import Page, Point, Polygon, Table

_LEADING = 1.3
_SHRINK = 0.9
_SMALLEST = 4.0
"""Pixels; nobody prints smaller."""

_FILLED = 0.95
"""Share of a cell's width that print takes at most."""


@dataclass(frozen=True)
class PlacedLine:
    """A line of text and its polygon on the delivered page, clockwise from the top left of the text as read."""

    text: str
    polygon: Polygon


def placed_lines(page: Page, tables: Sequence[Table]) -> list[PlacedLine]:
    """All lines of a page: those outside tables, then those of the cells.

    The text of a cell that a page break cut is set into its parts by their height.
    """
    found = [PlacedLine(_valid(text.text), text.polygon) for text in page.texts if _valid(text.text).strip()]
    height = median([_height(line.polygon) for line in found]) if found else math.inf
    for table in tables:
        for cell in table.cells:
            parts = [region.polygon for region in cell.regions]
            texts = _shares(_valid(cell.text), [_height(polygon) for polygon in parts])
            for region, text in zip(cell.regions, texts, strict=True):
                if region.page == page.number and text.strip():
                    found += _in_cell(text, region.polygon, height)
    return found


def _valid(text: str) -> str:
    """`text` without what no font can hold."""
    return clean(text).encode("utf-8", "replace").decode()


def _shares(text: str, heights: Sequence[float]) -> list[str]:
    """The text cut into pieces as long as the parts are high."""
    total, done, pieces = sum(heights) or 1.0, 0.0, []
    start = 0
    for height in heights:
        done += height
        end = round(len(text) * done / total)
        pieces.append(text[start:end])
        start = end
    return pieces


def _in_cell(text: str, cell: Polygon, size: float) -> Iterator[PlacedLine]:
    """The lines of a text of this height of print, in the middle of its cell."""
    width, height = math.dist(cell[0], cell[1]), _height(cell)
    size = min(size, height / _LEADING)
    lines = _broken(text, _FILLED * width / size)
    while len(lines) * size * _LEADING > height and size > _SMALLEST:
        size *= _SHRINK
        lines = _broken(text, _FILLED * width / size)
    top = (height - len(lines) * size * _LEADING) / 2
    for number, line in enumerate(lines):
        if line.strip():
            share = min(1.0, ems(line) * size / width)
            y0 = (top + (number + (_LEADING - 1) / 2 / _LEADING) * size * _LEADING) / height
            box = ((1 - share) / 2, y0, (1 + share) / 2, y0 + size / height)
            yield PlacedLine(line, _inside(cell, box))


def _broken(text: str, room: float) -> list[str]:
    """The text in lines of at most `room` ems; its own line ends stay."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for char in paragraph:
            if line and ems(line + char) > room:
                lines.append(line)
                line = ""
            line += char
        lines.append(line)
    return lines


def _inside(cell: Polygon, box: tuple[float, float, float, float]) -> Polygon:
    """The part of a cell from shares of its width and height."""
    u0, v0, u1, v1 = box
    return _at(cell, u0, v0), _at(cell, u1, v0), _at(cell, u1, v1), _at(cell, u0, v1)


def _at(cell: Polygon, u: float, v: float) -> Point:
    a, b, c, d = cell
    x, y = ((1 - v) * ((1 - u) * a[k] + u * b[k]) + v * ((1 - u) * d[k] + u * c[k]) for k in (0, 1))
    return x, y


def _height(polygon: Polygon) -> float:
    a, b, c, d = polygon
    return (math.dist(a, d) + math.dist(b, c)) / 2

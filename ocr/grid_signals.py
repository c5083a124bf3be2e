"""Traces that a wrong grid leaves in a table whose rulings look sound.

A missed row leaves lines that stand far apart in one cell, or print off the middle of its cell; a missed column two
labels, or a label and a number, in one text; a lost first row a table that is open at its top; a page
whose edges were not found where the others have theirs more columns than any page shows.
"""

import re
from collections.abc import Container, Sequence
from itertools import pairwise
from math import log
from statistics import median

from shenbao.models.stages import Box, JoinedCell, ReadLine

NUMBER = re.compile(r"[-\d.,%]+")

SPACE = (0.5, 1.0)
"""Space between two lines of a cell, in line heights, that is usual at least, and at most."""

MOST = 3.0
"""Distances, in line heights, beyond which no more follows."""

LABEL, LONGEST = 3, 30
"""Characters of a label at least (shorter ones begin other words, too), and of a text of two labels at most."""


def open_top(cells: Sequence[JoinedCell]) -> float:
    """The greatest share of a cell's top side that is not drawn, in the first row of a ruled table."""
    first = (c for c in cells if c.row == 0 and "unruled" not in c.flags)
    return max((1.0 - c.parts[0].cell.place.drawn[0] for c in first), default=0.0)


def loose_edges(cells: Sequence[JoinedCell]) -> float:
    """Logarithm of how many columns a table has more than any of its pages shows, and one more."""
    used: dict[int, set[int]] = {}
    for cell in cells:
        for part in cell.parts:
            used.setdefault(part.page, set()).update((cell.col, cell.col + cell.col_span))
    most = max((len(edges) - 1 for edges in used.values()), default=1)
    return log(max(1, 1 + max((c.col + c.col_span for c in cells), default=1) - most))


def glued(text: str, known: Container[str]) -> bool:
    """Whether a text, in plain form, is a known one with another behind it, or a number."""
    if not LABEL < len(text) <= LONGEST or text in known:
        return False
    parts = ((text[:k], text[k:]) for k in range(LABEL, len(text) - 1))
    return any(one in known and (other in known or NUMBER.fullmatch(other)) for one, other in parts)


def off_middle(cells: Sequence[JoinedCell], height: float) -> list[float]:
    """How far each cell's print stands above or below where the table's print usually does, measured from the
    middle of its cell in line heights (`height` in pixels). 0 where it is blank or goes on over a page's end."""
    found = [_offset(cell, height) for cell in cells]
    usual = median([x for x in found if x is not None] or [0.0])
    return [0.0 if x is None else min(MOST, abs(x - usual)) for x in found]


def wide_spaces(cells: Sequence[JoinedCell], height: float) -> list[float]:
    """By how much the widest space between two lines of each cell is more than is usual in the table, in line
    heights (`height` in pixels)."""
    found = [_space(cell, height) for cell in cells]
    usual = min(SPACE[1], max(SPACE[0], median([x for x in found if x > 0] or [0.0])))
    return [min(MOST, max(0.0, x - usual)) for x in found]


def _offset(cell: JoinedCell, height: float) -> float | None:
    boxes = _boxes(cell.lines)
    if len(cell.parts) != 1 or not boxes:
        return None
    _, top, _, bottom = cell.parts[0].cell.place.box
    first, last = min(y0 for _, y0, _, _ in boxes), max(y1 for *_, y1 in boxes)
    return (first + last - top - bottom) / 2 / height


def _space(cell: JoinedCell, height: float) -> float:
    """The widest space between a line and the next of the same page."""
    spaces = (
        (lower[1] - upper[3]) / height
        for part in cell.parts
        for upper, lower in pairwise(sorted(_boxes(part.cell.lines), key=lambda box: box[1]))
    )
    return max(spaces, default=0.0)


def _boxes(lines: Sequence[ReadLine]) -> list[Box]:
    return [line.box for line in lines if line.reading.chars]

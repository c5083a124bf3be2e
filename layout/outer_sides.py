"""The rulings at a table's ends: verticals that no other ruling joins, and edges that are none, there and within."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from shenbao.layout.faces import Sides
from shenbao.layout.rulings import SURE
from shenbao.models.stages import Ruling

PALED = 1.5
"""Character heights of a ruling that may be missing at its end."""

SLIT = 0.9
"""Character heights between two rulings in which no character has room."""

SLIVER = 0.6
"""Character heights between two sides from which there may be a cell between them, however small its print."""


def beside(table: list[Ruling], loose: list[Ruling], h: float) -> list[Ruling]:
    """Verticals beside a table that end where its own do: no ruling joins them where a merged cell fills a
    page, cut by both its ends; or that a ruling all but reaches whose end has paled."""
    down = [x for x in table if not x.horizontal and x.end - x.start > SURE * h]
    if len(down) < 3:
        return []
    left, right = min(x.at for x in down), max(x.at for x in down)
    reach = 0.4 * (right - left)

    def belongs(line: Ruling) -> bool:
        ends = [x for x in down if abs(x.start - line.start) < 0.3 * h and abs(x.end - line.end) < 0.3 * h]
        near = left - reach < line.at < left or right < line.at < right + reach
        alike = len(ends) >= max(3, 0.6 * len(down)) or _all_but_met(line, table, h)
        return not line.horizontal and near and alike

    return [line for line in loose if belongs(line)]


def _all_but_met(line: Ruling, table: list[Ruling], h: float) -> bool:
    """Whether a long vertical about as heavy as a table's rulings stands right behind the end of one of them."""
    if line.end - line.start < SURE * h:
        return False
    met = [x for x in table if x.horizontal and x.end - x.start > SURE * h and line.start < x.at < line.end]
    return any(
        min(abs(line.at - x.start), abs(line.at - x.end)) < PALED * h and 0.5 < line.weight / x.weight < 2.0
        for x in met
    )


def without_slits(edges: list[float], between: NDArray[np.float64], present: float, h: float) -> list[float]:
    """The edges of columns, or of rows, without an outermost one that no ruling reaches from the next, too near
    for print: a shadow or a streak beside the table, or strokes of the line of print over it.

    `between` is how far the sides that go from each edge to the next are drawn, shape (..., edges - 1).
    """
    empty = between.max(axis=0) < present
    first = int(len(edges) > 2 and bool(empty[0]) and edges[1] - edges[0] < SLIT * h)
    last = int(len(edges) - first > 2 and bool(empty[-1]) and edges[-1] - edges[-2] < SLIT * h)
    return edges[first : len(edges) - last]


def without_slivers(sides: Sides, xs: list[float], ys: list[float], present: float, h: float) -> Sides:
    """The sides without one of any two side by side that leave no room for a cell: the other line of a wide double
    ruling, a ruling of the page behind that shines through beside this one's. The edge stays of which more is drawn,
    and the outermost one.
    """
    across = _without_slivers(sides.across, ys, present, h)
    return replace(sides, across=across, down=_without_slivers(sides.down.T, xs, present, h).T)


def _without_slivers(
    found: NDArray[np.float64], lines: list[float], present: float, h: float
) -> NDArray[np.float64]:
    """The same along one axis, of the support of sides (lines, sides)."""
    narrow = np.flatnonzero(np.diff(lines) < SLIVER * h)
    if not len(narrow):
        return found
    left = found.copy()
    for i in narrow:
        drawn = left[i : i + 2] >= present
        first, last = i == 0, i + 2 == len(lines)
        weaker = i + (int(np.argmin(drawn.sum(axis=1))) if first == last else int(first))
        left[weaker, drawn.all(axis=0)] = 0.0
    return left

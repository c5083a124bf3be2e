"""How lines along the feed of a scanner or copier lie on the flat page.

Dirt on its glass or drum draws lines exactly along the delivered picture's sides. What straightens the page
turns and bends them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shenbao.models.stages import FlatPage

STEP = 120
"""Pixels of the flat page between places for which the lines are worked out: bends are smooth."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class FeedLines:
    """Lines along one side of the delivered picture, as they run over the flat page.

    Each has its name from the row at which it passes the middle column. `rows` (n, m): where line
    `lines[i]` passes column `columns[j]`, in pixels. For lines that run down the page, all is turned.
    """

    lines: Floats
    columns: Floats
    rows: Floats

    def passed(self, lines: Floats, columns: Floats) -> NDArray[np.int32]:
        """The row at which each line passes each column, shape (lines, columns); it may lie off the page."""
        found = _between(_between(self.rows, self.lines, lines).T, self.columns, columns).T
        return np.asarray(np.rint(found), np.int32)


def feed_lines(page: FlatPage) -> tuple[FeedLines, FeedLines]:
    """The feed's lines along the rows and, turned, along the columns of a flat page."""
    height, width = page.grey.shape
    x, y = _nodes(width), _nodes(height)
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    delivered = page.to_delivered(points.astype(np.float64)).reshape(len(y), len(x), 2)
    along = 0 if page.rotation in (90, 270) else 1
    return _lines(y, x, delivered[..., along]), _lines(x, y, delivered[..., 1 - along].T)


def _nodes(length: int) -> Floats:
    """Places from the first to the last of `length` pixels; one of them is the middle."""
    return np.linspace(0.0, length - 1.0, 2 * max(1, round(length / STEP / 2)) + 1)


def _lines(rows: Floats, columns: Floats, delivered: Floats) -> FeedLines:
    """`delivered` (rows, columns): the coordinate that a line of the feed keeps."""
    middle = delivered[:, len(columns) // 2]
    sign = 1.0 if middle[-1] >= middle[0] else -1.0
    passed = [np.interp(sign * middle, sign * column, rows) for column in delivered.T]
    # Beyond the page's edge a line goes on as steeply as it came.
    step = (rows[-1] - rows[0]) / (sign * (middle[-1] - middle[0]) or 1.0)
    for found, column in zip(passed, delivered.T, strict=True):
        low, high = sign * column[0], sign * column[-1]
        found += step * (np.minimum(sign * middle - low, 0.0) + np.maximum(sign * middle - high, 0.0))
    return FeedLines(rows, columns, np.column_stack(passed))


def _between(values: Floats | NDArray[np.float32], nodes: Floats, places: Floats) -> NDArray[np.float32]:
    """Rows of `values`, which belong to even `nodes`, interpolated for `places`."""
    place = np.clip((places - nodes[0]) / (nodes[1] - nodes[0]), 0, len(nodes) - 1).astype(np.float32)
    first = np.minimum(place.astype(np.intp), len(nodes) - 2)
    share = (place - first.astype(np.float32))[:, None]
    known = values.astype(np.float32)
    return np.asarray(known[first] + share * (known[first + 1] - known[first]), np.float32)

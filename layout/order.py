"""Reading order of the boxes on a page: columns are told by the white gutter between them.

The idea is that of the recursive XY-cut (Nagy and Seth 1984), with the choice reversed for print whose
lines stand level in both columns: a gutter is looked for first, and rows are only read across where
there is none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shenbao.models.stages import Box

GUTTER = 1.2
"""Least width of the white between two columns, in character heights."""

COLUMN_LINES = 3
"""Fewest lines that make a column: two pairs of captions side by side are rows."""

COLUMN_WIDTH = 7.0
"""Least median width of a column's lines, in character heights: page numbers of a contents are no column."""


def reading_order(boxes: Sequence[Box], char_height: float) -> list[list[int]]:
    """The boxes of a page as they are read: columns from left to right, each from top to bottom.

    What reaches over a gutter parts the columns above it from those below it. Boxes of one height are
    read from left to right.

    Returns:
        Indices of `boxes`, in runs that each stand in one column.
    """
    return _ordered(list(range(len(boxes))), boxes, char_height)


def _ordered(which: list[int], boxes: Sequence[Box], h: float) -> list[list[int]]:
    cut = _best_cut(which, boxes, h)
    if cut is None:
        return [_by_rows(which, boxes)] if which else []
    runs: list[list[int]] = []
    plain: list[int] = []
    for part in cut:
        if part.right:
            runs += [_by_rows(plain, boxes)] if plain else []
            plain = []
            runs += _ordered(part.left, boxes, h) + _ordered(part.right, boxes, h)
        else:
            plain += part.left
    return runs + ([_by_rows(plain, boxes)] if plain else [])


@dataclass(frozen=True)
class _Part:
    """What stands between two boxes that reach over the gutter; without columns all of it is `left`."""

    left: list[int]
    right: list[int]


def _best_cut(which: list[int], boxes: Sequence[Box], h: float) -> list[_Part] | None:
    """The page from top to bottom in parts, cut by the gutter that has most lines beside it."""
    best: list[_Part] | None = None
    most = 0
    for x in _gutters(which, boxes, h):
        parts = _parts(which, boxes, x, h)
        count = sum(len(p.left) + len(p.right) for p in parts if p.right)
        if count > most:
            best, most = parts, count
    return best


def _gutters(which: list[int], boxes: Sequence[Box], h: float) -> list[float]:
    """Places where a gutter could be: right of where boxes end and none ends for the width of a gutter."""
    ends = sorted(boxes[i][2] for i in which)
    found: list[float] = []
    for k, end in enumerate(ends):
        last_of_its_kind = k + 1 == len(ends) or ends[k + 1] > end + GUTTER * h
        if last_of_its_kind and k + 1 < len(ends):
            found.append(end + 0.5 * h)
    return found


def _parts(which: list[int], boxes: Sequence[Box], x: float, h: float) -> list[_Part]:
    parts: list[_Part] = []
    left: list[int] = []
    right: list[int] = []

    def close() -> None:
        if _is_columns([boxes[i] for i in left], [boxes[i] for i in right], h):
            parts.append(_Part(list(left), list(right)))
        elif left or right:
            parts.append(_Part(left + right, []))
        left.clear()
        right.clear()

    for i in sorted(which, key=lambda i: boxes[i][1]):
        if boxes[i][0] < x < boxes[i][2]:
            close()
            parts.append(_Part([i], []))
        else:
            (left if boxes[i][2] <= x else right).append(i)
    close()
    return parts


def _is_columns(left: list[Box], right: list[Box], h: float) -> bool:
    """Whether two groups of boxes are columns: several lines of print each, beside one another."""
    if min(len(left), len(right)) < COLUMN_LINES:
        return False
    if min(float(np.median([b[2] - b[0] for b in side])) for side in (left, right)) < COLUMN_WIDTH * h:
        return False
    gap = min(b[0] for b in right) - max(b[2] for b in left)
    top = max(min(b[1] for b in side) for side in (left, right))
    bottom = min(max(b[3] for b in side) for side in (left, right))
    lower = min(max(b[3] for b in side) - min(b[1] for b in side) for side in (left, right))
    return gap >= GUTTER * h and bottom - top > 0.5 * lower


def rows(which: Sequence[int], boxes: Sequence[Box]) -> list[list[int]]:
    """The boxes `which` by rows, top to bottom and left to right.

    Boxes whose middle lies within the first box of a row stand in that row.
    """
    found: list[list[int]] = []
    for i in sorted(which, key=lambda i: boxes[i][1] + boxes[i][3]):
        middle = (boxes[i][1] + boxes[i][3]) / 2
        if found and boxes[found[-1][0]][1] <= middle <= boxes[found[-1][0]][3]:
            found[-1].append(i)
        else:
            found.append([i])
    return [sorted(row, key=lambda i: boxes[i][0]) for row in found]


def _by_rows(which: Sequence[int], boxes: Sequence[Box]) -> list[int]:
    return [i for row in rows(which, boxes) for i in row]

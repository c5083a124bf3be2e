"""The title and the captions of a table: the lines of print right above it."""

from collections.abc import Sequence

import numpy as np

from shenbao.layout.numbering import numbering
from shenbao.models.stages import FlatMark, Grid, ReadLine

REACH = 9.0
"""Character heights above a table within which print belongs to it."""


def title_and_captions(
    grid: Grid,
    above: float,
    lines: Sequence[ReadLine],
    char_height: float,
    marks: Sequence[FlatMark] = (),
) -> tuple[str, tuple[str, ...]]:
    """Title and captions of a table from the lines between `above` (the y where the previous table
    ends, or 0) and its top edge.

    The title is the tallest of the lines that stand in the middle; it may be broken over two lines. What
    stands within a seal among the `marks` is the seal's. All other lines are captions, in reading order.
    """
    left, top, right, _ = grid.box
    near = _below_prose(
        [
            x
            for x in lines
            if x.reading.chars
            and x.box[3] <= top + 0.3 * char_height
            and x.box[1] >= max(above, top - REACH * char_height)
        ],
        (left + right) / 2,
    )
    middle = (left + right) / 2
    centred = [
        x
        for x in near
        if abs((x.box[0] + x.box[2]) / 2 - middle) < 0.12 * (right - left)
        and len(x.reading.text) >= 4
        and not any(_is_within(x, mark) for mark in marks if mark.kind == "seal")
    ]
    if not centred:
        return "", tuple(x.reading.text for x in near)
    tallest = max(_height(x) for x in centred)
    title = [x for x in centred if _height(x) > 0.8 * tallest]
    captions = tuple(x.reading.text for x in near if x not in title)
    return "".join(x.reading.text for x in title), captions


def lines_over(
    grid: Grid, grids: Sequence[Grid], lines: Sequence[ReadLine], char_height: float
) -> list[ReadLine]:
    """The lines above a table that can belong to it, `grids` being all tables of its page.

    They stand below the table above it. Beside another table, lines belong to the one that they stand
    over; those in the middle over all of them to each. A table in a cell of another one has none.
    """
    left, top, right, _ = grid.box
    others = [g for g in grids if g is not grid]
    if any(_contains(g, grid) for g in others):
        return []
    ends = [g.box[3] for g in others if g.box[0] < right and g.box[2] > left and g.box[3] < top + char_height]
    above = max(ends, default=0.0)
    low = [x for x in lines if x.box[1] >= above and x.box[3] <= top + 0.3 * char_height]
    beside = [g for g in others if _is_beside(g, grid)]
    if not beside:
        return low
    first = max((g.box[2] for g in beside if g.box[2] <= left), default=-float("inf"))
    last = min((g.box[0] for g in beside if g.box[0] >= right), default=float("inf"))
    whole = [*(g.box for g in beside), grid.box]
    start, end = min(b[0] for b in whole), max(b[2] for b in whole)

    def belongs(line: ReadLine) -> bool:
        middle = (line.box[0] + line.box[2]) / 2
        common = abs(middle - (start + end) / 2) < 0.06 * (end - start)
        return common or (first + left) / 2 < middle < (last + right) / 2

    return [x for x in low if belongs(x)]


def _contains(outer: Grid, inner: Grid) -> bool:
    a, b = outer.box, inner.box
    return a[0] < b[0] and a[1] < b[1] and a[2] > b[2] and a[3] > b[3]


def _is_beside(one: Grid, other: Grid) -> bool:
    a, b = one.box, other.box
    return min(a[3], b[3]) > max(a[1], b[1]) and (a[2] <= b[0] or b[2] <= a[0])


def _below_prose(near: Sequence[ReadLine], middle: float) -> list[ReadLine]:
    """The lines under the last one that is prose: the end of a sentence, or a heading 一、 or （一） that
    is not centred over the table."""
    start = 0
    for k, line in enumerate(near):
        text = line.reading.text
        number = numbering(text)
        aside = line.box[2] < middle or line.box[0] > middle
        heading = number is not None and number.level <= 3 and aside
        if text[-1] in "。；，" or heading:
            start = k + 1
    return list(near[start:])


def _is_within(line: ReadLine, mark: FlatMark) -> bool:
    """Whether a whole line lies in the box of a mark."""
    (left, top), (right, bottom) = (f(mark.corners(), axis=0) for f in (np.min, np.max))
    x0, y0, x1, y1 = line.box
    return bool(left <= x0 and top <= y0 and x1 <= right and y1 <= bottom)


def _height(line: ReadLine) -> float:
    return line.box[3] - line.box[1]

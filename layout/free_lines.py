"""Lines of print outside tables, from two witnesses: ink, and the engine's text detector.

Ink knows where a line ends to the pixel, but runs lines together where a seal or a streak lies over them;
the detector tells lines apart, but may miss the end of a long one.
"""

from collections.abc import Sequence

from shenbao.layout.order import rows
from shenbao.models.stages import Box, Grid

SAME_WORD = 1.3
"""Pieces on one row with a gap of less than this many of their heights are one line: a comma leaves as much."""

PROSE_ROWS = 7
"""Rows of print outside tables from which a page holds more than the head and foot of a form."""

TALL = 2.2
"""Height, in character heights, from which a box of ink may be several lines run together."""


def holds_prose(inked: Sequence[Box], char_height: float) -> bool:
    """Whether the print outside tables is so much, or so entangled, that the detector should look at it."""
    tall = any(b[3] - b[1] > TALL * char_height and b[2] - b[0] > 8 * char_height for b in inked)
    words = [b for b in inked if b[2] - b[0] > 4 * char_height]  # specks and strokes are none
    return tall or len(rows(range(len(words)), words)) >= PROSE_ROWS


def joined_pieces(boxes: Sequence[Box], char_height: float) -> list[Box]:
    """The boxes with pieces of one line made one: alike in height, on one row, and hardly apart.

    A line that slants is higher than its print, so the gap may not be wider than twice `char_height` either.
    """
    lines: list[Box] = []
    for row in rows(range(len(boxes)), boxes):
        first = len(lines)
        for i in row:
            if len(lines) > first and _is_one_line(lines[-1], boxes[i], 2.0 * char_height):
                lines[-1] = _around(lines[-1], boxes[i])
            else:
                lines.append(boxes[i])
    return lines


def combined(
    detected: Sequence[Box], inked: Sequence[Box], grids: Sequence[Grid], char_height: float
) -> list[Box]:
    """The detector's lines outside tables, grown along the line to the ends that the ink shows."""
    lines: list[Box] = []
    for line in detected:
        middle = (line[0] + line[2]) / 2, (line[1] + line[3]) / 2
        if any(g.box[0] < middle[0] < g.box[2] and g.box[1] < middle[1] < g.box[3] for g in grids):
            continue
        for ink in inked:
            if _overlap(line, ink) > 0 and _level(line, ink):
                line = (min(line[0], ink[0]), line[1], max(line[2], ink[2]), line[3])
        lines.append(line)
    return joined_pieces(_without_doubles(lines), char_height)


def _without_doubles(lines: list[Box]) -> list[Box]:
    """Boxes that lie in another one, having grown to its ends, are dropped."""
    kept: list[Box] = []
    for line in sorted(lines, key=lambda b: b[0] - b[2]):
        middle = (line[0] + line[2]) / 2, (line[1] + line[3]) / 2
        if not any(b[0] <= middle[0] <= b[2] and b[1] <= middle[1] <= b[3] and _level(b, line) for b in kept):
            kept.append(line)
    return kept


def _is_one_line(a: Box, b: Box, most: float) -> bool:
    high = max(a[3] - a[1], b[3] - b[1])
    return _level(a, b) and b[0] - a[2] < min(most, SAME_WORD * high)


def _level(a: Box, b: Box) -> bool:
    """Whether two boxes stand on one row and are about as high."""
    low, high = sorted((a[3] - a[1], b[3] - b[1]))
    return high < 1.7 * low and min(a[3], b[3]) - max(a[1], b[1]) > 0.6 * low


def _overlap(a: Box, b: Box) -> float:
    return min(a[2], b[2]) - max(a[0], b[0])


def _around(a: Box, b: Box) -> Box:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])

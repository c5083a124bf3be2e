"""What is left of rulings where a page is not quite straight: flat pieces beside them, and lines in parts."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from shenbao.layout.alignment import Boxes
from shenbao.models.stages import Ruling

FLAT = 0.6
"""Greatest height, in character heights, of a piece that may be a ruling's remains."""

WIDE = 1.2
"""Its least width in character heights."""

LEAST = 12.0
"""Length, in character heights, of the shortest ruling that has remains."""

ASIDE = 0.6
"""How far, in character heights, a part of a line may lie above or below the part beside it."""

GAP = 2.5
"""Gap, in character heights, up to which two parts are one line."""


def without_remains(pieces: Boxes, rulings: Sequence[Ruling], h: float) -> tuple[Boxes, tuple[Ruling, ...]]:
    """The pieces of print without those that are parts of rulings, and the level rulings, longest first, made
    as long as these parts and the shorter rulings beside them say.

    `pieces` are boxes of the flat page, `h` is the height of its characters in its pixels.
    """
    level = sorted((r for r in rulings if r.horizontal), key=lambda r: r.start - r.end)
    size = pieces[:, 2:] - pieces[:, :2]
    flat = (size[:, 1] < FLAT * h) & (size[:, 0] > WIDE * h)
    taken = np.zeros(len(pieces), bool)
    done: list[Ruling] = []
    while level:
        line = level.pop(0)
        if line.end - line.start >= LEAST * h:
            line = _lengthened(line, pieces, flat, taken, level, h)
        done.append(line)
    return np.asarray(pieces[~taken], np.float64), tuple(done)


def _lengthened(
    line: Ruling,
    pieces: Boxes,
    flat: NDArray[np.bool_],
    taken: NDArray[np.bool_],
    others: list[Ruling],
    h: float,
) -> Ruling:
    """The line with the parts that lie along it or go on with it; these are marked as `taken`, or no longer
    among the `others`. A slanting line goes on from the height at which its last part lies."""
    heights = (pieces[:, 1] + pieces[:, 3]) / 2
    left, right = (line.start, line.at), (line.end, line.at)
    grown = True
    while grown:
        near = np.zeros(len(pieces), bool)
        for at in {left[1], right[1], line.at}:
            near |= np.abs(heights - at) < ASIDE * h
        beside = (pieces[:, 2] > left[0] - GAP * h) & (pieces[:, 0] < right[0] + GAP * h)
        new = flat & ~taken & near & beside
        taken |= new
        parts = [
            (float(x0), float(x1), float(y))
            for (x0, _, x1, _), y in zip(pieces[new], heights[new], strict=True)
        ]
        for other in [r for r in others if _goes_on(left, right, r, h)]:
            others.remove(other)
            parts.append((other.start, other.end, other.at))
        grown = bool(parts)
        for start, end, at in parts:
            left, right = min(left, (start, at)), max(right, (end, at))
    return replace(line, start=left[0], end=right[0])


def _goes_on(left: tuple[float, float], right: tuple[float, float], other: Ruling, h: float) -> bool:
    """Whether a ruling begins about where a line ends, or ends where it begins."""
    after = abs(other.start - right[0]) < GAP * h and abs(other.at - right[1]) < ASIDE * h
    before = abs(other.end - left[0]) < GAP * h and abs(other.at - left[1]) < ASIDE * h
    return after or before

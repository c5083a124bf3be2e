"""Charts, photos and other drawings on a page: where they stand, so that print in them is no prose."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from shenbao.layout.ink import components
from shenbao.models.stages import Box, FlatPage, Grid

REACH = 2.0
"""Character heights around a drawing within which other drawings and its print belong to it."""

MOST = 0.5
"""Share of the page's area from which a connected drawing is its frame or border and no figure."""


def find_figures(page: FlatPage, grids: Sequence[Grid]) -> tuple[Box, ...]:
    """Boxes of the drawings outside tables: connected ink far bigger than any character."""
    h = page.char_height
    ink = page.ink.copy()
    for grid in grids:
        x0, y0, x1, y1 = (round(v) for v in grid.box)
        pad = round(0.5 * h)
        ink[max(0, y0 - pad) : y1 + pad, max(0, x0 - pad) : x1 + pad] = 0
    found = _drawings(components(ink)[1][1:], ink.shape, h)
    return tuple(_merged(found, REACH * h))


def _drawings(stats: NDArray[np.int32], shape: tuple[int, ...], h: float) -> list[Box]:
    """Components that are large both ways, or solid blocks; not what runs along the page's edge."""
    height, width = shape[0], shape[1]
    found: list[Box] = []
    for x, y, w, t, area in stats.tolist():
        small, large = sorted((w, t))
        big = small >= 3.0 * h
        solid = small >= 0.9 * h and large >= 2.5 * h and area > 0.7 * w * t
        at_edge = x <= 1 or y <= 1 or x + w >= width - 1 or y + t >= height - 1
        if (big or solid) and not at_edge and w * t < MOST * height * width:
            found.append((float(x), float(y), float(x + w), float(y + t)))
    return found


def _merged(boxes: list[Box], reach: float) -> list[Box]:
    """The boxes with near ones made one, until none is near another."""
    left, done = list(boxes), []
    while left:
        box = left.pop()
        near = [b for b in left if _gap(box, b) <= reach]
        if near:
            left = [b for b in left if b not in near]
            left.append(_around([box, *near]))
        else:
            done.append(box)
    return sorted(done, key=lambda b: (b[1], b[0]))


def _gap(a: Box, b: Box) -> float:
    """The larger of the two distances, across and down, between boxes; negative where they overlap."""
    return max(max(a[0], b[0]) - min(a[2], b[2]), max(a[1], b[1]) - min(a[3], b[3]))


def _around(boxes: Sequence[Box]) -> Box:
    return (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )

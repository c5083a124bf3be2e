"""Print that runs across the columns of other rows and looks like a half drawn ruling.

The lower strokes of a line of characters lie on one level. Where another line of print happens to make an edge of
the grid there, sides of cells seem half drawn. A ruling joins its neighbours at both ends; print in a merged cell
keeps clear of the rulings beside it, though not of the edges between that other rows have.
"""

import numpy as np
from numpy.typing import NDArray

from shenbao.layout.paled import MARGIN
from shenbao.layout.stretches import held_columns, rows_at, share_of, stretches_of
from shenbao.models.stages import Image

HALF = (0.2, 0.93)
"""Support between which a side is half drawn."""

BARE = 0.2
"""Share of a margin at an end of the stretch that may hold something."""

EDGE = 0.1
"""Character heights at each end that belong to the crossing ruling."""


def without_print_across(
    found: NDArray[np.float64], mask: Image, at: float, crossing: list[float], h: float
) -> NDArray[np.float64]:
    """The support of the sides of a line between crossing edges, that of neighbouring half drawn ones halved where
    what is drawn of them keeps clear of both ends.

    `mask` (255) holds what runs along the rows, and the line is at row `at`; `h` is the character height in pixels.
    """
    half = (found > HALF[0]) & (found < HALF[1])
    told = found.copy()
    margin, cut = max(2, round(MARGIN * h)), max(2, round(EDGE * h))
    for first, last in stretches_of(half):
        if last - first > 1:
            stretch = slice(round(crossing[first]) + cut, round(crossing[last]) + 1 - cut)
            seen = held_columns(mask[rows_at(at, h), stretch])
            if max(share_of(seen[:margin]), share_of(seen[-margin:])) <= BARE:
                told[first:last] *= 0.5
    return told

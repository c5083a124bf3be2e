"""Rulings of black and white pages that are worn to dashes of any length, made whole before rulings are sought.

No piece of one is long enough to be told from a stroke of print. Along its whole row, from side to side of the table, they are:
a fourth of it is ink, and next to none of the rows beside it, which print would fill.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.breaks import without_breaks
from shenbao.layout.ridges import opened
from shenbao.models.stages import Image

WHOLE, WIDE = 6.0, 12.0
"""Length in character heights of pieces that tell from where to where tables go, and least distance of their ends."""

WORN, BARE, TIMES = 0.25, 0.1, 3.0
"""Share of a worn ruling's row that is ink at least, that of the rows beside it at most, and how many times that."""

BESIDE = (0.1, 0.35)
"""Character heights off a row between which others are beside it."""

DASH = 0.3
"""Shortest dash, in character heights."""

UPRIGHT = 2.0
"""Length of pieces of rulings that cross, in character heights."""


def worn_rulings(ink: Image, h: float) -> Image | None:
    """Mask (255) of a page's worn level rulings, to be drawn as ink; None where it has none.

    `ink` (255) is the page's, straight, and `h` its character height in pixels.
    """
    dashes = _dashes(ink, h)
    if dashes is None:
        return None
    upright = opened(np.ascontiguousarray(ink.T), round(UPRIGHT * h) | 1).T
    return without_breaks(dashes, np.ascontiguousarray(upright), h)


def _dashes(ink: Image, h: float) -> Image | None:
    """Mask (255) of the dashes in the rows of worn rulings; None where there are none."""
    whole = opened(ink, round(WHOLE * h) | 1)
    columns = np.flatnonzero(whole.any(axis=0))
    if not columns.size or columns[-1] - columns[0] < WIDE * h:
        return None
    rows = _worn_rows(ink[:, columns[0] : columns[-1] + 1], h)
    if not rows.size:
        return None
    near = np.zeros(len(ink), np.uint8)
    near[rows] = 1
    kept = cv2.dilate(near, np.ones((3, 1), np.uint8))[:, 0] > 0
    kept &= cv2.dilate(whole, np.ones((3, 1), np.uint8)).max(axis=1) == 0
    dashes = opened(ink, round(DASH * h) | 1)
    dashes[~kept] = 0
    return dashes if dashes.any() else None


def _worn_rows(band: Image, h: float) -> NDArray[np.intp]:
    """The rows of a table of which enough is ink, and next to nothing of those beside them."""
    near, far = round(BESIDE[0] * h) + 1, round(BESIDE[1] * h)
    if len(band) <= 2 * far or far < near:
        return np.empty(0, np.intp)
    own = band.mean(axis=1) / 255
    thick = cv2.dilate(band, np.ones((3, 1), np.uint8)).mean(axis=1) / 255
    beside = np.zeros_like(own)
    for off in range(near, far + 1):
        beside[off:] = np.maximum(beside[off:], own[:-off])
        beside[:-off] = np.maximum(beside[:-off], own[off:])
    alone = (thick >= WORN) & (beside <= np.minimum(BARE, thick / TIMES))
    return np.flatnonzero(alone)

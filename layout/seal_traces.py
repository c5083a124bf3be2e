"""Strokes of a seal that were left in the cells around it: paler than the page's print, and in no line with it.

What is wiped of a seal goes by the level of its ring, and where that is as dark as print its characters stay. They
are told cell by cell: toner may be short in part of a line, but the rest of the line then is as dark as ever.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.ink import Labels
from shenbao.layout.specks import Mask
from shenbao.models.stages import Box, FlatPage, Image

REACH = 1.5
"""Distance from a seal's wiped ink within which more of it may stand, in character heights."""

COARSE = 4
"""Pixels of the page that one of the picture takes in which the surroundings of seals are looked up."""

CELLS, INKED = (5, 40), 0.2
"""Cells that the level of print is measured on, at least and at most, and ink that one of them holds at least, in
squares of the character height."""

USUAL = 80
"""Percentile of the levels of cells that is the page's: the palest usual print."""

DARKEST = 20
"""Percentile of a cell's ink that is its level: the edges of its strokes are paler."""

PALER, PALER_ALONE = 40.0, 70.0
"""Grey levels by which a seal's strokes are paler than print: the second where a cell holds no other print to tell,
for a character of many strokes is paler than most."""

WORD = 1.5
"""Width of print in character heights from which it tells how dark a cell's print is."""

DARK = 0.06
"""Share of a stroke that is as dark as print, from which it is print."""

BESIDE, LEVEL = 0.9, 0.2
"""Gap to print in one line with it, and by how much a sign may reach above or below that, in character heights; a flat
stroke (一) stands in the middle of a line of one character height."""


def near_seals(page: FlatPage, boxes: Sequence[Box]) -> list[bool]:
    """For each box whether ink was taken off the page as a seal's in it or close by."""
    if not cv2.countNonZero(page.stain):
        return [False] * len(boxes)
    coarse = cv2.resize(page.stain, None, fx=1 / COARSE, fy=1 / COARSE, interpolation=cv2.INTER_AREA)
    side = 2 * round(REACH * page.char_height / COARSE) + 1
    near = cv2.dilate(coarse, np.ones((side, side), np.uint8))
    places = [tuple(round(v / COARSE) for v in box) for box in boxes]
    return [bool(near[y0 : y1 + 1, x0 : x1 + 1].any()) for x0, y0, x1, y1 in places]


def print_level(page: FlatPage, boxes: Sequence[Box]) -> float | None:
    """How dark (0 to 255) the palest usual print in some of these boxes is; None where few hold any."""
    levels = []
    for box in boxes[:: max(1, -(-len(boxes) // CELLS[1]))]:
        x0, y0, x1, y1 = (round(v) for v in box)
        inked = page.grey[y0:y1, x0:x1][page.strong[y0:y1, x0:x1] > 0]
        if len(inked) >= INKED * page.char_height**2:
            levels.append(np.percentile(inked, DARKEST))
    return float(np.percentile(levels, USUAL)) if len(levels) >= CELLS[0] else None


def seal_traces(
    grey: Image, labels: Labels, stats: NDArray[np.int32], print_: Mask, level: float, h: float
) -> Mask:
    """For each connected piece of a cell near a seal whether it is the seal's and no print.

    Args:
        grey: the cell (height, width).
        labels: the pieces' numbers in it, 0 being paper.
        stats: their boxes and areas (n, 5), the paper's first.
        print_: which of them may be print (n,).
        level: as from `print_level`.
        h: character height in pixels.
    """
    inked = labels > 0
    total = np.bincount(labels[inked], minlength=len(stats))
    for paler in (PALER, PALER_ALONE):
        dark = np.bincount(labels[inked & (grey < level + paler)], minlength=len(stats))
        pale = print_ & (dark < DARK * total)
        sure = print_ & ~pale
        if _width(stats, sure) >= WORD * h:
            break
    beside = _beside(stats, h)
    while pale.any() and (more := pale & beside[:, sure].any(axis=1)).any():
        pale, sure = pale & ~more, sure | more
    return np.asarray(pale, np.bool_)


def _width(stats: NDArray[np.int32], which: Mask) -> int:
    """From the left of the leftmost of some pieces to the right of the rightmost."""
    left, width = stats[which, cv2.CC_STAT_LEFT], stats[which, cv2.CC_STAT_WIDTH]
    return int((left + width).max() - left.min()) if len(left) else 0


def _beside(stats: NDArray[np.int32], h: float) -> Mask:
    """For each piece and each other one (n, n) whether it stands close beside that, and no higher or lower."""
    x, y, w, t = (column[:, None] for column in stats.T[:4])
    across = np.maximum(x.T - (x + w), x - (x + w).T)
    reach = np.maximum((h - t) / 2, 0) + LEVEL * h
    level = (y > (y - reach).T) & (y + t < (y + t + reach).T)
    return np.asarray(level & (across < BESIDE * h), np.bool_)

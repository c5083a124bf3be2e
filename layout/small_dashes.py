"""Dashes for "none" that are as small as specks: alone in their cells, half way up, and alike in several of them."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

WIDTH = (0.15, 0.6)
"""Width of a small dash in character heights."""

FLAT = 1.6
"""Times its height that it is wide at least, be it blurred by a pixel."""

MIDDLE = 0.35
"""How far from the middle of its cell, in character heights, a dash stands that is alone in it."""

ALIKE, OTHERS = 0.06, 2
"""Character heights by which dashes of one table differ in size, and how many others must be like one."""


def lone_dash(stats: NDArray[np.int32], height: int, h: float) -> int | None:
    """The number of the piece of ink that may be a dash in a cell of this height; None where nothing may or where
    other ink is about as large. `stats` are OpenCV's of the cell's pieces (n, 5), the paper's first."""
    w, t = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    large = np.flatnonzero(np.maximum(w, t)[1:] >= WIDTH[0] * h) + 1
    if len(large) != 1:
        return None
    k = int(large[0])
    wide, tall = int(w[k]), int(t[k])
    middle = float(stats[k, cv2.CC_STAT_TOP]) + tall / 2
    flat = wide >= FLAT * tall and wide <= WIDTH[1] * h
    return k if flat and abs(middle - height / 2) < MIDDLE * h else None


def repeated(sizes: Sequence[tuple[int, int]], h: float) -> list[bool]:
    """For each width and height of a dash whether several others are like it, as dirt never is."""
    if not sizes:
        return []
    at = np.array(sizes, np.float64)
    apart = np.abs(at[:, None] - at[None]).max(axis=2)
    return [bool(alike) for alike in (apart <= max(1.0, ALIKE * h)).sum(axis=1) > OTHERS]

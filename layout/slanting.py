"""Strokes that slant or bend, of seals and of handwriting: where they pass a side of a cell they are no part of it.

A page that stands straight has no ruling like that. Its rulings may meet such strokes, but along the page's own
directions they hang together with them seldom.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.models.stages import Image

LONGEST = 12.0
"""Length in character heights of the longest side of a seal."""

SMOOTH = 0.06
"""Character heights by which most of a stroke's middle lies off a parabola at most."""

THICKEST = 0.45
"""Character heights that a stroke is thick at most: what joins it may be a ruling."""

RISE = 0.2
"""Character heights by which its middle rises or sinks, at least."""

STEEP = 0.03
"""The same in shares of its length."""

EDGE = 0.1
"""Character heights beside a stroke that are taken off with it."""


def is_slanting(spot: NDArray[np.bool_], h: float) -> bool:
    """Whether a connected piece (height, width) of what runs along a page's rows slants or bends as one stroke.

    `h` is the character height in pixels. A parabola is fitted to the middle of each column.
    """
    width = spot.shape[1]
    filled = spot.sum(axis=0)
    if width > LONGEST * h or filled.mean() > THICKEST * h:
        return False
    middle = (spot * np.arange(len(spot))[:, None]).sum(axis=0) / np.maximum(1, filled)
    along = np.linspace(-1.0, 1.0, width)
    terms = np.stack([np.ones(width), along, along**2], axis=1)
    way = terms @ np.linalg.lstsq(terms, middle, rcond=None)[0]
    off = float(np.quantile(np.abs(middle - way), 0.8))
    return bool(off < SMOOTH * h and np.ptp(way) > max(RISE * h, STEEP * width))


def taken_off(masks: Sequence[Image], strokes: Image, h: float) -> tuple[Image, ...]:
    """Masks without `strokes` (255) and what lies right beside them."""
    x, y, w, t = cv2.boundingRect(strokes)
    if not w:
        return tuple(masks)
    reach = max(2, round(EDGE * h))
    around = slice(max(0, y - reach), y + t + reach), slice(max(0, x - reach), x + w + reach)
    near = cv2.dilate(strokes[around], np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    left = tuple(mask.copy() for mask in masks)
    for mask in left:
        mask[around] = cv2.subtract(mask[around], near)
    return left


def middle(part: NDArray[np.bool_]) -> float:
    """The row in which the middle of a part of a piece lies."""
    return float((part.sum(axis=1) * np.arange(len(part))).sum() / max(1, np.count_nonzero(part)))


def bow(spot: NDArray[np.bool_]) -> float:
    """How far the middle third of the piece lies off its ends, in pixels: an arc of a seal bends."""
    third = max(1, spot.shape[1] // 3)
    ends = (middle(spot[:, :third]) + middle(spot[:, -third:])) / 2
    return abs(middle(spot[:, third:-third]) - ends)

"""Streaks of a scanner or copier: found, kept from being taken for rulings, and taken off the print."""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.ridges import FAINTEST
from shenbao.models.stages import FlatPage, Image, Rulings

PRESENT = 0.4
"""Share of the page outside its tables, and of one of its margins, in which a streak is seen."""

ROOM = 0.06
"""Share of the page's rows that must lie outside tables for streaks to be told from rulings."""


def feed_slopes(page: FlatPage) -> tuple[float, float]:
    """How the delivered page's axes lie on the flat page: dy/dx of its rows, dx/dy of its columns.

    Dirt on a scanner's glass or a copier's drum draws lines exactly along these.
    """
    height, width = page.grey.shape
    x, y = width / 2, height / 2
    here, right, below = page.to_delivered(np.array([[x, y], [x + 100, y], [x, y + 100]], np.float64))
    back = np.linalg.pinv(np.column_stack([right - here, below - here]))
    row, column = back @ [1.0, 0.0], back @ [0.0, 1.0]
    turned = page.rotation in (90, 270)
    row, column = (column, row) if turned else (row, column)
    return float(row[1] / row[0]) if row[0] else 0.0, float(column[0] / column[1]) if column[1] else 0.0


def find_streaks(found: Image, slope: float, outside: NDArray[np.bool_], h: float) -> Image | None:
    """Mask (255) of the ridges `found` that belong to streaks with dy/dx = `slope`; None where there are none.

    `outside` (width,) is true for columns without a table: what is seen in most of them is a streak, and
    what is much darker than there, farther on, is a ruling that the streak lies on. For streaks that run
    down, all is turned.
    """
    if outside.mean() < ROOM:
        return None
    height, width = found.shape
    strips = np.flatnonzero(np.diff(np.concatenate([[False], outside, [False]]).astype(np.int8)))
    level = [_level(found, slope, a, b) for a, b in zip(strips[::2], strips[1::2], strict=True)]
    near = cv2.dilate(np.hstack(level), np.ones((3, 1), np.uint8))
    there = near > 0.6 * FAINTEST
    edge = max(1, width // 20)
    margins = np.maximum(there[:, :edge].mean(axis=1), there[:, -edge:].mean(axis=1))
    seen = (there.mean(axis=1) > PRESENT) & (margins > PRESENT)
    if not seen.any():
        return None
    usual = np.zeros(height)
    usual[seen] = np.percentile(near[seen], 60, axis=1)
    limit = np.clip(np.where(seen, 1.4 * usual + FAINTEST, 0), 0, 255).astype(np.uint8)
    around = np.ones((2 * _reach(h) + 1, 1), np.uint8)
    limit = np.asarray(cv2.dilate(limit[:, None], around), np.uint8)
    level_all = _level(found, slope, 0, width)
    streaks = np.where((level_all <= limit) & (limit > 0), 255, 0).astype(np.uint8)
    return _level(streaks, -slope, 0, width)


def _level(picture: Image, slope: float, first: int, last: int) -> Image:
    """Columns first to last of the picture sheared about its middle column, so that dy/dx = slope is level."""
    middle = picture.shape[1] / 2
    part = np.ascontiguousarray(picture[:, first:last])
    if abs(slope) * middle < 0.5:
        return part
    shear = np.array([[1.0, 0.0, 0.0], [-slope, 1.0, slope * (middle - first)]])
    size = (part.shape[1], part.shape[0])
    return np.asarray(cv2.warpAffine(part, shear, size, flags=cv2.INTER_NEAREST), np.uint8)


def _reach(h: float) -> int:
    """Pixels to each side of a streak within which a ruling is not told from it."""
    return max(2, round(0.08 * h))


def without_streaks(page: FlatPage, rulings: Rulings) -> FlatPage:
    """The page with its streaks wiped, so that no piece of one is read as a 1 or a 一.

    Only ink that is thin across a streak is wiped, so strokes that cross it stay.
    """
    side = max(3, round(0.25 * page.char_height))
    wiped = np.zeros_like(page.ink)
    for traces, turned in ((rulings.across, False), (rulings.down, True)):
        if traces.streaks is not None:
            thick = cv2.morphologyEx(traces.ink, cv2.MORPH_OPEN, np.ones((side, 1), np.uint8))
            core = cv2.erode(traces.streaks, np.ones((2 * _reach(page.char_height) - 1, 1), np.uint8))
            thin = np.asarray(cv2.bitwise_and(cv2.subtract(traces.ink, thick), core), np.uint8)
            wiped |= thin.T if turned else thin
    if not wiped.any():
        return page
    near = cv2.dilate(wiped, np.ones((3, 3), np.uint8))
    return replace(
        page,
        grey=np.asarray(cv2.max(page.grey, near), np.uint8),
        strong=np.asarray(cv2.subtract(page.strong, wiped), np.uint8),
    )

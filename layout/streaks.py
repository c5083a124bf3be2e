"""Streaks of a scanner or copier taken off a page, so that no piece of one is read as a 1 or a 一."""

from dataclasses import replace

import cv2
import numpy as np

from shenbao.layout.rulings import feed_slopes
from shenbao.models.stages import FlatPage, Image

PRESENT = 0.25
"""Share of a line through the whole page under which thin ink must lie for it to be a streak."""
MARGIN = 0.2
"""The same for the page's first and last twentieth, where no table reaches."""


def without_streaks(page: FlatPage) -> FlatPage:
    """The page with thin lines wiped that run from edge to edge along the feed.

    Dirt on the glass or the drum draws along the delivered page's axes, through the margins, while print
    and rulings keep off them. Only ink that is thin across the streak is wiped, so strokes that cross it
    stay.
    """
    row_slope, column_slope = feed_slopes(page)
    down = _streaks(page.ink, column_slope, page.char_height)
    across = _streaks(np.ascontiguousarray(page.ink.T), row_slope, page.char_height)
    if down is None and across is None:
        return page
    wiped = np.zeros(page.ink.shape, bool)
    if down is not None:
        wiped |= down > 0
    if across is not None:
        wiped |= across.T > 0
    near = cv2.dilate(wiped.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return replace(
        page,
        grey=np.where(near, 255, page.grey).astype(np.uint8),
        strong=np.where(wiped, 0, page.strong).astype(np.uint8),
    )


def _streaks(ink: Image, slope: float, h: float) -> Image | None:
    """Mask of the ink of streaks that run down with dx/dy = `slope`; None where there are none."""
    height, width = ink.shape
    wide = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, max(3, round(0.25 * h))), np.uint8))
    thin = cv2.subtract(ink, wide)
    shear = np.array([[1.0, -slope, slope * height / 2], [0.0, 1.0, 0.0]])
    flags = cv2.INTER_NEAREST
    upright = cv2.warpAffine(thin, shear, (width, height), flags=flags)
    seen = cv2.dilate(upright, np.ones((1, 3), np.uint8)) > 0
    edge = max(1, height // 20)
    margins = np.concatenate([seen[:edge], seen[-edge:]]).mean(axis=0)
    found = (seen.mean(axis=0) > PRESENT) & (margins > MARGIN)
    if not found.any():
        return None
    columns = np.zeros((height, width), np.uint8)
    columns[:, found] = 255
    back = cv2.warpAffine(columns, cv2.invertAffineTransform(shear), (width, height), flags=flags)
    return np.asarray(cv2.bitwise_and(cv2.dilate(back, np.ones((1, 3), np.uint8)), thin), np.uint8)

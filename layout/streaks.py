"""Streaks of a scanner or copier: found, kept from being taken for rulings, and taken off the print."""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.feed_lines import FeedLines
from shenbao.layout.ridges import AVERAGED, FAINTEST
from shenbao.models.stages import FlatPage, Image, Rulings

PRESENT = 0.4
"""Share of the page outside its tables, and of one of its margins, in which a streak is seen."""

ROOM = 0.06
"""Share of the page's rows that must lie outside tables for streaks to be told from rulings."""


def find_streaks(found: Image, feed: FeedLines, outside: NDArray[np.bool_], h: float) -> Image | None:
    """Mask (255) of the ridges `found` that belong to streaks along `feed`; None where there are none.

    `outside` (width,) is true for columns without a table: what is seen in most of them is a streak, and
    what is much darker than there, farther on, is a ruling that the streak lies on. For streaks that run
    down, all is turned.
    """
    if outside.mean() < ROOM:
        return None
    height, width = found.shape
    step = max(1, round(AVERAGED * h))  # over so many columns ridges are averaged anyway
    sampled = np.flatnonzero(outside)[::step]
    every = np.arange(height, dtype=np.float64)
    level = _along(found, feed.passed(every, sampled.astype(np.float64)), sampled)
    near = cv2.dilate(level, np.ones((3, 1), np.uint8))
    there = near > 0.6 * FAINTEST
    edge = max(1, width // 12 // step)
    margins = np.maximum(there[:, :edge].mean(axis=1), there[:, -edge:].mean(axis=1))
    seen = (there.mean(axis=1) > PRESENT) & (margins > PRESENT)
    if not seen.any():
        return None
    usual = np.zeros(height)
    usual[seen] = np.percentile(near[seen], 60, axis=1)
    limit = np.clip(np.where(seen, 1.4 * usual + FAINTEST, 0), 0, 255).astype(np.uint8)
    around = np.ones((2 * _reach(h) + 1, 1), np.uint8)
    limit = np.asarray(cv2.dilate(limit[:, None], around), np.uint8)[:, 0]
    return _drawn(found, feed, limit)


def _along(found: Image, rows: NDArray[np.int32], columns: NDArray[np.intp]) -> Image:
    """What is found where lines pass the columns, at `rows` (lines, columns); 0 off the page."""
    inside = (rows >= 0) & (rows < found.shape[0])
    values = found[np.clip(rows, 0, found.shape[0] - 1), columns[None]]
    return np.where(inside, values, 0).astype(np.uint8)


def _drawn(found: Image, feed: FeedLines, limit: NDArray[np.uint8]) -> Image:
    """Mask of what is found along lines of the feed up to the `limit` of each line."""
    height, width = found.shape
    streaks = np.zeros_like(found)
    columns = np.arange(width)
    own = np.flatnonzero(limit)
    lines = np.concatenate([own, own + 0.5])  # lines may spread: half steps leave no row out
    rows = feed.passed(lines, columns.astype(np.float64))
    inside = (rows >= 0) & (rows < height) & (_along(found, rows, columns) <= np.tile(limit[own], 2)[:, None])
    streaks[rows[inside], np.broadcast_to(columns, rows.shape)[inside]] = 255
    return streaks


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

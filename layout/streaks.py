"""Streaks of a scanner or copier: found, kept from being taken for rulings, and taken off the print."""

from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.feed_lines import FeedLines
from shenbao.layout.ridges import AVERAGED, FAINTEST, transposed
from shenbao.layout.stretches import crowd_share, share_of
from shenbao.models.stages import FlatPage, Image, Rulings

PRESENT = 0.4
"""Share of the page outside its tables, and of one of its margins, in which a streak is seen."""

AT_END = 0.2
"""Share of the outer half of such a margin, or of the other one, in which it is seen: the sides of a row that is open
below end before."""

HEAVIER = 1.5
"""Times the weight of a streak outside tables from which a ruling lies below it."""

HEAVIEST = 2.0
"""Times the usual weight of rulings that it may be heavier by: an arc of a seal is more."""

WHOLE = 0.85
"""Share of the stretch between two crossing lines on which it must be so."""

BARE = 0.4
"""Share of it on which it may be so though no ruling is there: of print."""

HEMMED = 0.2
"""Share of it with print close by on both sides from which it is none."""

ROOM = 0.06
"""Share of the page's rows that must lie outside tables for streaks to be told from rulings."""


@dataclass(frozen=True, eq=False)
class Seen:
    """What is seen of a page's tables before its streaks are known; for streaks that run down, all is turned.

    `outside` (width,) is true for columns without a table. `crossing` (n, 3): long lines across, each at a
    column, from one row to another. `weight` is that of the usual ruling, `lightest` that which few rulings
    fall short of, as in `Ruling`.
    """

    outside: NDArray[np.bool_]
    crossing: NDArray[np.float64]
    weight: float
    lightest: float


def find_streaks(
    found: Image, ink: Image, feed: FeedLines, tables: Seen, h: float
) -> tuple[Image, Image] | None:
    """Mask (255) of the ridges `found` that belong to streaks along `feed`, and the part of it below which a
    ruling may lie; None where there are none.

    What is seen in most columns outside tables is a streak, and what is much darker than there, farther on,
    is a ruling that the streak lies on; so is what, clear of print, is heavier from one crossing line to the
    next by about a ruling. Where it is as light as outside, and even a light ruling were heavier, there is none.
    """
    outside = tables.outside
    if outside.mean() < ROOM:
        return None
    height, width = found.shape
    step = max(1, round(AVERAGED * h))  # over so many columns ridges are averaged anyway
    sampled = np.flatnonzero(outside)[::step]
    every = np.arange(height, dtype=np.float64)
    level = _along(found, feed.passed(every, sampled.astype(np.float64)), sampled)
    near = cv2.dilate(level, np.ones((3, 1), np.uint8))
    there = near > 0.6 * FAINTEST
    seen = (there.mean(axis=1) > PRESENT) & _runs_out(there, sampled, width)
    if not seen.any():
        return None
    mostly = np.zeros(height)
    mostly[seen] = np.percentile(near[seen], 60, axis=1)
    limit = np.clip(np.where(seen, 1.4 * mostly + FAINTEST, 0), 0, 255).astype(np.uint8)
    around = np.ones((2 * _reach(h) + 1, 1), np.uint8)
    limit = np.asarray(cv2.dilate(limit[:, None], around), np.uint8)[:, 0]
    streaks, covers = np.zeros_like(found), np.zeros_like(found)
    own = np.flatnonzero(limit)
    for lines in np.split(own, np.flatnonzero(np.diff(own) > 1) + 1):
        ruled, bare = _told(_weights(found, feed, lines), ink, feed, float(lines.mean()), tables, h)
        _draw(streaks, found, feed, lines, limit[lines], ~ruled)
        _draw(covers, found, feed, lines, limit[lines], ~(ruled | bare))
    return streaks, covers


def _runs_out(there: NDArray[np.bool_], sampled: NDArray[np.intp], width: int) -> NDArray[np.bool_]:
    """Which lines are seen in a margin of a page, of the columns sampled, and in its outer half or at the other end
    too: a page that is turned straight has empty corners."""
    none = np.zeros(len(there))
    margins, halves = [], []
    for from_end in (sampled, width - 1 - sampled):
        margin, half = (there[:, from_end < width / part] for part in (12, 24))
        margins.append(margin.mean(axis=1) if margin.size else none)
        halves.append(half.mean(axis=1) if half.size else none)
    first, last = (margins[k] > PRESENT for k in (0, 1))
    at_both = (first | last) & (np.minimum(*margins) > AT_END)
    return np.asarray(at_both | first & (halves[0] > AT_END) | last & (halves[1] > AT_END), np.bool_)


def _along(found: Image, rows: NDArray[np.int32], columns: NDArray[np.intp]) -> Image:
    """What is found where lines pass the columns, at `rows` (lines, columns); 0 off the page."""
    inside = (rows >= 0) & (rows < found.shape[0])
    values = found[np.clip(rows, 0, found.shape[0] - 1), columns[None]]
    return np.where(inside, values, 0).astype(np.uint8)


def _weights(found: Image, feed: FeedLines, lines: NDArray[np.intp]) -> NDArray[np.float64]:
    """How much is found along the neighbouring `lines` of a streak, summed across them: so it makes no
    difference how the streak falls on the pixels. Shape (width,)."""
    columns = np.arange(found.shape[1])
    rows = feed.passed(lines.astype(np.float64), columns.astype(np.float64))
    return np.asarray(_along(found, rows, columns).sum(axis=0, dtype=np.float64))


def _told(
    weights: NDArray[np.float64], ink: Image, feed: FeedLines, line: float, tables: Seen, h: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where a ruling lies along the streak that is at row `line` in the middle, and where surely none does,
    each of shape (width,)."""
    own = float(np.percentile(weights[tables.outside], 80))
    least = HEAVIER * own + 3 * FAINTEST
    heavy = (weights > least) & (weights < own + HEAVIEST * tables.weight)
    ruled, bare = np.zeros((2, len(weights)), bool)
    at, low, high = tables.crossing.T
    cut = max(2, round(0.25 * h))
    for first, last in pairwise(sorted({round(x) for x in at[(low < line + h) & (high > line - h)]})):
        share = share_of(heavy[first + cut : last - cut])
        if share > WHOLE:
            row = int(feed.passed(np.array([line]), np.array([(first + last) / 2]))[0, 0])
            ruled[first:last] = crowd_share(ink, row, first, last, h) < HEMMED
        bare[first:last] = share < BARE and least < tables.lightest
    return ruled, bare


def _draw(
    streaks: Image,
    found: Image,
    feed: FeedLines,
    lines: NDArray[np.intp],
    limit: NDArray[np.uint8],
    there: NDArray[np.bool_],
) -> None:
    """Draws into `streaks` what is found along the lines of one, up to the `limit` of each line, in the columns
    `there`."""
    columns = np.arange(found.shape[1])
    both = np.concatenate([lines, lines + 0.5])  # lines may spread: half steps leave no row out
    rows = feed.passed(both, columns.astype(np.float64))
    inside = (rows >= 0) & (rows < found.shape[0]) & there
    inside &= _along(found, rows, columns) <= np.tile(limit, 2)[:, None]
    streaks[rows[inside], np.broadcast_to(columns, rows.shape)[inside]] = 255


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
            wiped = np.asarray(cv2.bitwise_or(wiped, transposed(thin) if turned else thin), np.uint8)
    if not wiped.any():
        return page
    near = cv2.dilate(wiped, np.ones((3, 3), np.uint8))
    return replace(
        page,
        grey=np.asarray(cv2.max(page.grey, near), np.uint8),
        strong=np.asarray(cv2.subtract(page.strong, wiped), np.uint8),
    )

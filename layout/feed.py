"""Streaks that the dirty glass of a scanner or copier draws along the feed, told from rulings of a skewed page."""

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.bend import Points
from shenbao.layout.ridges import PALE, ridge, transposed
from shenbao.layout.straighten import RoughPage, Strand, through_columns
from shenbao.layout.warp import Warp
from shenbao.models.stages import Image

STRAY = 0.25
"""Character heights by which a strand may leave a line along the picture's side."""

SKEWED = 0.5
"""Degrees of skew from which rulings leave that direction; less does not tell them from streaks."""

END = 0.12
"""Share of the picture's length at each end: no ruling comes so far at both."""

COVERED = 0.4
"""Least share of the picture's length along which a streak is seen."""

ALIGNED = 0.5
"""Share of the page's skew up to which a line that reaches both ends still runs along the picture's side."""

PLENTY = 2.0
"""Total length of strands, in page sides, that tell a page's bend without those that run through."""


def without_streaks(
    strands: list[Strand], page: RoughPage, rough: Warp, delivered: tuple[int, int]
) -> list[Strand]:
    """The strands without those that together run along a side of the delivered picture from end to end.

    Where a page lies askew on the glass its rulings run another way, and a ruling ends with its table.
    `rough` takes the delivered picture, of this (width, height), to the rough page on which the strands lie.
    """
    strands = _within(strands, rough.size)
    if not _is_skewed(rough):
        return strands
    stray, slant = _stray(page, rough), ALIGNED * float(np.tan(np.radians(_skew(rough))))
    places = [rough(s.points) for s in strands]
    streaks = {i for axis in (0, 1) for i in _through(places, axis, delivered[1 - axis], stray, slant)}
    return [s for i, s in enumerate(strands) if i not in streaks]


def wiped(page: RoughPage, rough: Warp, delivered: tuple[int, int]) -> RoughPage:
    """The page without the thin lines, however faint, that run along a side of the delivered picture, of this
    (width, height), from end to end: what is told by faint evidence must not be told by them."""
    if not _is_skewed(rough):
        return page
    scale = float(np.hypot(rough.affine[0, 0], rough.affine[1, 0]))
    back = cv2.invertAffineTransform(rough.affine) * scale
    size = (round(delivered[0] * scale), round(delivered[1] * scale))
    grey = np.asarray(cv2.warpAffine(page.grey, back, size, borderMode=cv2.BORDER_REPLICATE), np.uint8)
    streaks = np.zeros_like(grey)
    streaks[_through_rows(grey, page.char_height)] = 255
    streaks[:, _through_rows(transposed(grey), page.char_height)] = 255
    streaks = np.asarray(cv2.dilate(streaks, np.ones((3, 3), np.uint8)), np.uint8)  # with their soft edges
    there = cv2.warpAffine(streaks, back, rough.size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    return RoughPage(
        np.asarray(cv2.max(page.grey, there), np.uint8),
        np.asarray(cv2.subtract(page.ink, there), np.uint8),
        page.char_height,
    )


def _through_rows(grey: Image, h: float) -> NDArray[np.bool_]:
    """Which rows lie on a line, however faint, that runs through a picture from end to end."""
    return through_columns((ridge(grey, h) >= PALE).T)


def across_feed(strands: list[Strand], page: RoughPage, rough: Warp) -> list[Strand]:
    """The strands without those of an axis that all run along a side of the delivered picture, whose page is
    askew: what was told from faint evidence there was a streak."""
    if not _is_skewed(rough):
        return strands
    stray = _stray(page, rough)

    def is_feed(strand: Strand) -> bool:
        return min(float(np.ptp(x)) for x in rough(strand.points).T) <= 2 * stray

    axes = {s.horizontal for s in strands if not is_feed(s)}
    return [s for s in strands if s.horizontal in axes]


def _is_skewed(rough: Warp) -> bool:
    return _skew(rough) >= SKEWED


def _skew(rough: Warp) -> float:
    """Degrees between the page's sides and those of the delivered picture, whole quarter turns left out."""
    (a, _, _), (c, _, _) = rough.affine
    off = float(np.degrees(np.arctan2(c, a))) % 90
    return min(off, 90 - off)


def _stray(page: RoughPage, rough: Warp) -> float:
    """`STRAY` in pixels of the delivered picture."""
    (a, _, _), (c, _, _) = rough.affine
    return STRAY * page.char_height / float(np.hypot(a, c))


def _within(strands: list[Strand], size: tuple[int, int]) -> list[Strand]:
    """The strands without those that alone run from end to end of the page: a ruling that does so has a streak
    on it. Where the table itself fills the page, so that few others are left, they stay."""
    for axis in (0, 1):
        length = size[axis]
        own = [s for s in strands if s.horizontal == (axis == 0)]
        whole = [s for s in own if _reaches([s.points[:, axis]], length)]
        rest = sum(float(np.ptp(s.points[:, axis])) for s in own) - len(whole) * length
        if rest >= PLENTY * length:
            dropped = {id(s) for s in whole}
            strands = [s for s in strands if id(s) not in dropped]
    return strands


def _through(places: list[Points], axis: int, length: int, stray: float, slant: float) -> list[int]:
    """Which strands have a constant coordinate `axis`, to within a `slant`, and, with those in line with them,
    reach both ends."""
    along = [i for i, p in enumerate(places) if np.ptp(p[:, axis]) <= 2 * stray]
    along.sort(key=lambda i: float(places[i][:, axis].mean()))
    groups: list[list[int]] = []
    for i in along:
        at = places[i][:, axis].mean()
        if groups and at - places[groups[-1][-1]][:, axis].mean() <= stray:
            groups[-1].append(i)
        else:
            groups.append([i])
    return [
        i for group in groups if _runs_through([places[k] for k in group], axis, length, slant) for i in group
    ]


def _runs_through(pieces: list[Points], axis: int, length: int, slant: float) -> bool:
    if not _reaches([p[:, 1 - axis] for p in pieces], length):
        return False
    points = np.concatenate(pieces)
    points = points - points.mean(axis=0)
    along, across = points[:, 1 - axis], points[:, axis]
    return bool(abs(along @ across) <= slant * (along @ along))


def _reaches(pieces: list[Points], length: int) -> bool:
    first, last = min(p.min() for p in pieces), max(p.max() for p in pieces)
    covered = sum(float(np.ptp(p)) for p in pieces)
    return bool(first < END * length and last > (1 - END) * length and covered >= COVERED * length)

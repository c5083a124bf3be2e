"""Specks on a dirty page: what stands beside print, or alone in a cell, and is none.

A page that has specks where nothing is printed has them beside print, too, where they would be read as full
stops and dots. On a clean page the same marks are bullets and signs. All lengths are tolerated in character
heights.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.ink import Labels

Ints = NDArray[np.int32]
Mask = NDArray[np.bool_]
Pieces = tuple[Ints, Ints, Ints, Ints]
"""Left, top, width and height of each connected piece of ink, shape (n,) each."""

DIRTY = 3
"""Specks far from print, in all cells of a page, from which the page is dirty."""

SMALL = 0.36
"""Longer side of a speck, and of a sign of punctuation, at most."""

APART = 0.12
"""Gap to its neighbour from which a small piece is no part of that character."""

FAR = 0.7
"""Gap to the last character beyond which no punctuation stands."""

QUOTED, STOPPED = 0.3, 0.62
"""Shares of a line's height above which quotation marks, and below which stops stand at its end."""

WORDS = 9.0
"""Length up to which a line is a few words and no sentence."""

QUOTE, DOT = 0.2, 0.15
"""Height of a quotation mark at least; what is higher up than stops are and lower than this is a speck, unless both its
sides are below the second: the dark part of a pale stroke may be a dot."""

POINT = 0.22
"""Longer side up to which a mark behind a few words is dirt rather than a stop: a 。 and the tail of a comma are
larger."""

FIGURE = 0.75
"""Width below which a piece of print may be a figure."""

LONE = 0.55
"""Longer side below which a piece that stands alone is no 1 and no 一."""

LONELY = 1.2
"""Gap to all other print from which a piece stands alone."""

CLEAR = 0.2
"""Gap to all other print beside which a blot stands apart."""

STOP = 0.15
"""Longer side of a stop at least."""

NEXT_LINE = (0.3, 1.6)
"""Gap between the foot of a line and a stop that stands on the next one."""

NO_ROOM = 1.3
"""Room left beside a line into which no further character fits."""

MIDDLE = 0.5
"""How far from the middle of its cell a lone dash may stand."""


CONVEX = 1.0
"""Pixels of a blot for each square pixel of the convex hull of their middles: a bold 8 has 0.9, a > half as many."""


def is_convex(labels: Labels, box: Ints, number: int) -> bool:
    """Whether the piece of this number, in a picture (height, width) of such numbers, has neither hole nor bay, as
    blots have none, but most signs. `box` has its left, top, width and height, and may be larger than the piece."""
    x, y, w, t = box[:4].tolist()
    inked = np.argwhere(labels[y : y + t, x : x + w] == number).astype(np.int32)
    return len(inked) > CONVEX * cv2.contourArea(cv2.convexHull(inked))


@dataclass(frozen=True, eq=False)
class _Band:
    """The pieces of print in some rows: those small enough for specks, those larger, and the rows of the latter."""

    small: Mask
    large: Mask
    top: int
    bottom: int

    def is_line(self, h: float) -> bool:
        """Whether it holds characters, beside which specks can be told."""
        return self.bottom - self.top >= 0.5 * h


def _band(pieces: Pieces, print_: Mask, rows: tuple[int, int], h: float) -> _Band:
    _, y, w, t = pieces
    inside = print_ & (y >= rows[0]) & (y + t <= rows[1])
    small = inside & (np.maximum(w, t) < SMALL * h)
    large = inside & ~small
    if not large.any():
        return _Band(small, large, rows[0], rows[0])
    return _Band(small, large, int(y[large].min()), int((y + t)[large].max()))


def few_words(pieces: Pieces, print_: Mask, h: float) -> bool:
    """Whether the lines of a cell are too short for a sentence."""
    x, _, w, t = pieces
    large = print_ & (np.maximum(w, t) >= SMALL * h)
    return bool(large.any()) and int((x + w)[large].max() - x[large].min()) < WORDS * h


def beside_line(
    pieces: Pieces, print_: Mask, rows: tuple[int, int], h: float, *, words: bool, ends: bool
) -> Mask:
    """For each piece whether it is a speck at the left or right end of the line of print in some rows.

    No sign of punctuation begins a line but an opening quotation mark and a minus; at its end stops stand low
    and quotation marks high. Behind a few `words` a point is dirt, and a dot half way up where the line `ends` them:
    where text goes on it may stand between two words, and some typefaces set the stop of a sentence there. Behind
    figures that go on below, a point is that of an amount for which the column is too narrow.
    """
    x, y, w, t = pieces
    band = _band(pieces, print_, rows, h)
    if not band.is_line(h) or not band.small.any():
        return np.zeros(len(x), np.bool_)
    left, right = x[band.large].min(), (x + w)[band.large].max()
    level = (y + t / 2 - band.top) / (band.bottom - band.top)
    single = band.small & ~_stacked(pieces, band.small, h)
    quote = (level <= QUOTED) & ((t >= QUOTE * h) | (w < DOT * h))
    minus = (level > QUOTED) & (w > 1.8 * t) & (t < 0.15 * h)
    before = single & (x + w < left - APART * h) & ~quote & ~minus
    after = single & (x > right + APART * h)
    misplaced = (level > QUOTED) & (level < STOPPED) & (words and ends)
    wrapped = not ends and bool((w[band.large] < FIGURE * h).all())
    point = (level >= STOPPED) & (np.maximum(w, t) <= POINT * h)
    point &= words and not wrapped and np.count_nonzero(after) == 1
    return np.asarray(before | (after & (misplaced | point | (x > right + FAR * h))), np.bool_)


def off_line(pieces: Pieces, print_: Mask, rows: tuple[int, int], width: int, h: float) -> Mask:
    """For each piece whether it is a speck above or below the characters in some rows, or stands in them without
    any: no sign is so small but a stop for which the line above had no room. `width` is the cell's inside."""
    x, y, w, t = pieces
    band = _band(pieces, print_, rows, h)
    none = np.zeros(len(x), np.bool_)
    if band.large.any():
        if not band.is_line(h):
            return none
        beyond = (y + t < band.top - APART * h) | (y > band.bottom + APART * h)
        return np.asarray(band.small & beyond, np.bool_)
    large = print_ & (np.maximum(w, t) >= SMALL * h)
    if not band.small.any() or not large.any():
        return none
    mark = x[band.small], y[band.small], w[band.small], t[band.small]
    if len(mark[0]) == 1 and wrapped_stop(mark, (x[large], y[large], w[large], t[large]), width, h):
        return none
    return band.small


def _stacked(pieces: Pieces, small: Mask, h: float) -> Mask:
    """Small pieces that stand above or below another small one, as in a colon."""
    x, _, w, _ = pieces
    middle = (x + w / 2)[small]
    stacked = np.zeros(len(x), np.bool_)
    stacked[small] = (np.abs(middle[:, None] - middle) < 0.15 * h).sum(axis=1) > 1  # it is near itself
    return stacked


def lone_specks(pieces: Pieces, print_: Mask, height: int, h: float) -> Mask:
    """For each piece whether it stands alone in a cell of this height and may be a speck: too small for any sign but
    a dash or a blurred =, and not wide or not in the middle of the cell, as those are."""
    x, y, w, t = pieces
    small = print_ & (np.maximum(w, t) < LONE * h)
    dash = (w > 1.2 * t) & (np.abs(y + t / 2 - height / 2) < MIDDLE * h)
    found = np.flatnonzero(small & ~dash)
    if not len(found):
        return np.zeros(len(x), np.bool_)
    near = (_gaps(pieces, found) < LONELY * h) & print_[None]
    near[np.arange(len(found)), found] = False
    small[:] = False
    small[found[~near.any(axis=1)]] = True
    return small


def _gaps(pieces: Pieces, which: NDArray[np.intp]) -> NDArray[np.int32]:
    """Gap of each of some pieces to every piece (m, n), along the axis on which it is the wider."""
    x, y, w, t = pieces
    a, b, c, d = (column[which][:, None] for column in pieces)
    across, down = np.maximum(x - (a + c), a - (x + w)), np.maximum(y - (b + d), b - (y + t))
    return np.asarray(np.maximum(across, down), np.int32)


def wrapped_stop(mark: Pieces, print_: Pieces, width: int, h: float) -> bool:
    """Whether a small mark may be the 、 of 一、 for which a narrow column had no room: on the line below, alone.

    `width` is the cell's inside; `print_` holds the pieces of its other print.
    """
    if not len(print_[0]):
        return False
    x, y, w, t = (float(piece[0]) for piece in mark)
    left, right = int(print_[0].min()), int((print_[0] + print_[2]).max())
    below = y - int((print_[1] + print_[3]).max())
    if max(w, t) < STOP * h or not NEXT_LINE[0] * h < below < NEXT_LINE[1] * h:
        return False
    return left < x + w / 2 < right and width - (right - left) < NO_ROOM * h


def blots(pieces: Pieces, area: Ints, print_: Mask, h: float) -> Mask:
    """Pieces that are solid, smaller than a character, and stand apart from all other print.

    A part of a character may be as solid, such as the small box in 员, but never stands apart; a blurred 。 does, and is
    smaller.
    """
    x, _, w, t = pieces
    shorter, longer = np.minimum(w, t), np.maximum(w, t)
    found = print_ & (area > 0.68 * w * t) & (shorter > 0.4 * h) & (longer < 0.75 * h)
    near = (_gaps(pieces, np.arange(len(x))) < CLEAR * h) & print_[None]
    np.fill_diagonal(near, False)
    return np.asarray(found & ~near.any(axis=1), np.bool_)

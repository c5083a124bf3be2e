"""Faint print in a cell: what a copier that is short of toner has left of characters.

Print is told from dirt, streaks and what shows through by being as dark as the page's print. Where toner ran
short that fails: characters pale from one to the next. So ink that is paler belongs to print where it stands
on in line with print, character beside character, or where it has the size and shape of characters itself.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.ink import Labels, components
from shenbao.models.stages import Image

LEAST = 0.02
"""Area of faint ink, in squares of the character height, from which a cell is looked through for it."""

PART = (0.15, 1.5)
"""Longer side of a part of a faint character, in character heights."""

DOT = 0.09
"""Longer side of a dot of a colon, which is smaller than any other part, in character heights, at least."""

MANY = 20
"""Dots of a cell beyond which they are dirt, and no colons."""

BETWEEN = (0.1, 0.5)
"""Paper between the two dots of a colon, in character heights."""

SIGN = (0.5, 1.3)
"""Height of a faint character that stands without others."""

SOLID = 0.7
"""Share of its box that a character fills at most."""

EDGE = 0.15
"""How far, in character heights, a piece may reach beyond its dark part and count as dark all over."""

GAP = 0.8
"""Gap between characters of one line, in character heights, at most."""

LONGER = 0.25
"""By how much, in character heights, a stroke must be longer than its dark part to be seen as one: specks have pale
edges, too."""

FINE = 0.2
"""Width of an upright stroke with its edges, in character heights, at least."""

STROKE = 0.5
"""Longer side, in character heights, below which a dark piece may be the dark part of a paler stroke."""

MOTTLED = 2.0
"""Specks to the square of a character height from which the paper itself counts as ink, and what stands alone as dirt."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class _Pieces:
    """Connected pieces of ink: their numbers in the picture, and boxes and areas by number, 0 being paper."""

    labels: Labels
    x: NDArray[np.int32]
    y: NDArray[np.int32]
    w: NDArray[np.int32]
    t: NDArray[np.int32]
    area: NDArray[np.int32]


def faint_print(ink: Image, print_: Mask, other: Mask, char_height: float) -> Mask:
    """Mask of the print in a cell, the faint one included.

    Args:
        ink: 255 where there is ink however faint, without rulings, streaks and seals: (height, width).
        print_: the print that is as dark as the page's, of the same shape.
        other: dark ink that is no print.
        char_height: in pixels.
    """
    if not holds_faint(ink, print_ | other, char_height):
        return print_
    pieces = _pieces((((ink > 0) & ~other) | print_).view(np.uint8))
    dark = _dark_part(pieces.labels, print_, len(pieces.x))
    part = _may_be_print(pieces, char_height) & (dark.any() | ~_touched(pieces, other))
    if _is_mottled(pieces, dark, char_height):
        part &= dark.any()
    sign = part & (pieces.t >= SIGN[0] * char_height) & (pieces.t <= SIGN[1] * char_height)
    sign &= (pieces.area < SOLID * pieces.w * pieces.t) & (pieces.w >= PART[0] * char_height)
    taken = _grown(pieces, dark.any() | (part & sign), part, char_height)
    added = taken & part & ~dark.nearly(pieces, EDGE * char_height)
    return np.asarray(print_ | added.take(pieces.labels), np.bool_) if added.any() else print_


def whole_strokes(
    stats: NDArray[np.int32], labels: Labels, ink: Image, char_height: float
) -> NDArray[np.int32]:
    """Boxes and areas of dark pieces, small ones with those of the paler stroke whose dark part they are.

    For cells that hold more than dark ink (`holds_faint`).

    Of a hairline, as typefaces have them that are meant for larger print, only the ends are as dark as the page's
    print: no larger than specks, though the stroke is no speck.

    Args:
        stats: boxes and areas of the dark pieces, (n, 5) as OpenCV gives them, the paper's first.
        labels: numbers of the dark pieces in the cell (height, width).
        ink: 255 where there is ink however faint, without rulings, streaks and seals, of the same shape.
        char_height: in pixels.
    """
    small = stats[:, 2:4].max(axis=1) < STROKE * char_height
    if not small.any():
        return stats
    inked = np.flatnonzero(labels > 0)
    pieces = _pieces(ink)
    owner = np.zeros(len(stats), np.intp)
    owner[labels.ravel().take(inked)] = pieces.labels.ravel().take(inked)
    whole = np.stack([pieces.x, pieces.y, pieces.w, pieces.t, pieces.area], axis=1)
    stroke = _may_be_print(pieces, char_height) & ~_at_side(pieces)
    stroke[owner[~small]] = False  # what is large is seen by its dark part
    longer = whole[owner, 2] - stats[:, 2] > LONGER * char_height
    # Streaks are upright, too, but finer.
    longer |= (whole[owner, 3] - stats[:, 3] > LONGER * char_height) & (whole[owner, 2] >= FINE * char_height)
    return np.where((stroke[owner] & longer)[:, None], whole[owner], stats)


def _at_side(pieces: _Pieces) -> Mask:
    """Pieces that reach a side of the cell, as the edges of rulings do."""
    height, width = pieces.labels.shape
    across = (pieces.x == 0) | (pieces.x + pieces.w == width)
    return np.asarray(across | (pieces.y == 0) | (pieces.y + pieces.t == height), np.bool_)


def holds_faint(ink: Image, dark: Mask, char_height: float) -> bool:
    """Whether there is ink (not 0) farther from the dark one, both (height, width), than its edge is wide."""
    edges = cv2.dilate(dark.view(np.uint8), np.ones((3, 3), np.uint8))
    return cv2.countNonZero(ink) - cv2.countNonZero(cv2.min(ink, edges)) >= LEAST * char_height**2


@dataclass(frozen=True, eq=False)
class _DarkPart:
    """The box of what is dark of each piece; empty where nothing is."""

    x0: NDArray[np.int32]
    y0: NDArray[np.int32]
    x1: NDArray[np.int32]
    y1: NDArray[np.int32]

    def any(self) -> Mask:
        return np.asarray(self.x1 > self.x0, np.bool_)

    def nearly(self, pieces: _Pieces, slack: float) -> Mask:
        """For each piece whether its dark part is all of it but an edge of `slack` pixels: it needs no more ink,
        which would only join strokes that stand apart."""
        beyond = np.maximum(self.x0 - pieces.x, pieces.x + pieces.w - self.x1)
        beyond = np.maximum(beyond, np.maximum(self.y0 - pieces.y, pieces.y + pieces.t - self.y1))
        return np.asarray(self.any() & (beyond <= slack), np.bool_)


def _dark_part(labels: Labels, dark: Mask, count: int) -> _DarkPart:
    inked = np.flatnonzero(dark)
    y, x = (c.astype(np.int32) for c in np.divmod(inked, dark.shape[1]))
    of = labels.ravel().take(inked)
    far = np.iinfo(np.int32).max
    x0, y0, x1, y1 = (np.full(count, v, np.int32) for v in (far, far, 0, 0))
    np.minimum.at(x0, of, x)
    np.minimum.at(y0, of, y)
    np.maximum.at(x1, of, x + 1)
    np.maximum.at(y1, of, y + 1)
    return _DarkPart(x0, y0, x1, y1)


def _may_be_print(pieces: _Pieces, h: float) -> Mask:
    """Pieces as large as a part of a character, pale remains of rulings left out."""
    longer = np.maximum(pieces.w, pieces.t)
    large = longer >= PART[0] * h
    part = (longer <= PART[1] * h) & ~_on_rim(pieces, h)
    part &= large | _in_colon(pieces, (longer >= DOT * h) & ~large, h)
    part[0] = False
    return np.asarray(part, np.bool_)


def _in_colon(pieces: _Pieces, dots: Mask, h: float) -> Mask:
    """Which of `dots` stand above or below another one of them, as in a colon."""
    found = np.zeros(len(dots), np.bool_)
    which = np.flatnonzero(dots)
    if not 2 <= len(which) <= MANY:
        return found
    middle = pieces.x[which] + pieces.w[which] / 2
    level = np.abs(middle[:, None] - middle[None]) < DOT * h
    between = pieces.y[which][None] - (pieces.y + pieces.t)[which][:, None]
    pair = level & (between > BETWEEN[0] * h) & (between < BETWEEN[1] * h)
    found[which] = pair.any(axis=0) | pair.any(axis=1)
    return found


def _is_mottled(pieces: _Pieces, dark: _DarkPart, h: float) -> bool:
    """Whether the ink of a cell is full of specks, as that of paper in the shade is."""
    specks = (np.maximum(pieces.w, pieces.t) < PART[0] * h) & ~dark.any()
    return int(np.count_nonzero(specks[1:])) > MOTTLED * pieces.labels.size / h**2


def _touched(pieces: _Pieces, other: Mask) -> Mask:
    """Pieces that touch `other`."""
    near = cv2.dilate(other.view(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return np.asarray(np.bincount(pieces.labels[near], minlength=len(pieces.x)) > 0, np.bool_)


def _pieces(ink: Image) -> _Pieces:
    labels, stats = components(ink)
    x, y, w, t, area = stats.T
    return _Pieces(labels, x, y, w, t, area)


def _on_rim(pieces: _Pieces, h: float) -> Mask:
    """Thin pieces along a side of the cell, as a pale ruling leaves."""
    height, width = pieces.labels.shape
    near_x = (pieces.x <= 0.3 * h) | (pieces.x + pieces.w >= width - 0.3 * h)
    near_y = (pieces.y <= 0.3 * h) | (pieces.y + pieces.t >= height - 0.3 * h)
    return np.asarray((near_x & (pieces.w <= 0.25 * h)) | (near_y & (pieces.t <= 0.25 * h)), np.bool_)


def _grown(pieces: _Pieces, taken: Mask, part: Mask, h: float) -> Mask:
    """Pieces taken, and those parts that stand in line with them, from one to the next."""
    right, bottom = pieces.x + pieces.w, pieces.y + pieces.t
    while True:
        open_, held = np.flatnonzero(part & ~taken), np.flatnonzero(taken)
        if not len(open_) or not len(held):
            return taken
        across = np.maximum(
            pieces.x[held][None] - right[open_][:, None], pieces.x[open_][:, None] - right[held][None]
        )
        shared = np.minimum(bottom[open_][:, None], bottom[held][None]) - np.maximum(
            pieces.y[open_][:, None], pieces.y[held][None]
        )
        near = ((across < GAP * h) & (shared > 0.3 * pieces.t[open_][:, None])).any(axis=1)
        if not near.any():
            return taken
        taken = taken.copy()
        taken[open_[near]] = True

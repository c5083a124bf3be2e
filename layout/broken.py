"""Level sides of which a fax has left dots, or one end.

A fax has few rows of pixels to the inch: a ruling that is all but level falls between two of them here and there
and breaks into dots or is gone, while beside it, where both rows took it, it is thick. Two things tell it from a
side that was never drawn: dots in its place with nothing beside them, more than anywhere near; and a stretch of it
that runs from a drawn side into the next cell, in which no ruling ends.

Measured on 188 fax pages and 293 others: of 5,432 level sides that were never drawn one was raised, an arc of a seal;
of 127 that faxes had lost 44 were.
"""

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.stretches import share_of
from shenbao.models.stages import Image

DOTS = 0.2
"""Share of a side that must be dots, beyond twice that beside it, where a page's rulings break."""

BESIDE = (-0.8, -0.55, 0.55, 0.8)
"""Character heights off a side at which it is measured how many dots are strewn."""

PRINT, PIECE = 0.3, 0.5
"""Character heights around print in which ink on a line is print, too, and the shortest piece of print beside it."""

SHORT = 2.0
"""Character heights of a side too short to be told by its dots."""

END, GAP = 0.8, 0.3
"""Length in character heights of an end that runs into a cell, at least, and of gaps in it, at most."""

UNBROKEN = 0.8
"""Share of such an end that is ink where it is no row of specks."""

RULING = 0.06
"""Character heights at each end of a side that belong to the crossing ruling."""

LEVEL = 0.12
"""Character heights by which what is left of a side rises, at most: an arc of a seal bends."""

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class _Zone:
    """Character heights within which ink is a line's own, and between which ink beside it is print."""

    own: float
    near: float
    far: float


THIN, THICK = _Zone(0.1, 0.2, 0.4), _Zone(0.15, 0.3, 0.5)


def with_broken(
    found: NDArray[np.float64],
    lines: list[float],
    crossing: list[float],
    ink: Image,
    h: float,
    present: float,
    breaking: bool,
    dots: float = DOTS,
) -> NDArray[np.float64]:
    """The support of level sides (lines, sides), that of those which have broken raised to `present`.

    The outermost lines are left alone: they are drawn. `breaking` says whether the page's rulings break; then `dots`
    is the share of a side from which dots tell of it.
    """
    raised = found.copy()
    for i in range(1, len(lines) - 1):
        missing = np.flatnonzero(found[i] < present)
        if not len(missing):
            continue
        ends = _alone(ink, lines[i], h, THICK)
        share = dotted(ink, lines[i], crossing, h) if breaking else np.zeros(len(found[i]))
        for j in missing:
            side = _inner(crossing[j], crossing[j + 1], h)
            runs_in = _runs_in(ends[side], found[i], int(j), h, present)
            if (runs_in or share[j] > dots) and _is_level(ink, ends[side], lines[i], side.start, h):
                raised[i, j] = present
    return raised


def _inner(first: float, last: float, h: float) -> slice:
    """The places of a side from one crossing line to the next one that are its own."""
    cut = max(1, round(RULING * h))
    return slice(round(first) + cut, max(round(first) + cut, round(last) - cut))


def _alone(ink: Image, at: float, h: float, zone: _Zone) -> Bools:
    """Where along a place there is ink, none beside it, and no print near; specks are let pass."""
    middle = round(at)
    own, near, far = (max(1, round(x * h)) for x in (zone.own, zone.near, zone.far))
    here, above, below = (
        ink[max(0, middle + a) : max(0, middle + b)].any(axis=0)
        for a, b in ((-own, own + 1), (-far, -near), (near + 1, far + 1))
    )
    beside = np.asarray(above | below, np.bool_)
    joined, long, around = (np.ones((1, 2 * round(x * h / 2) + 1), np.uint8) for x in (GAP, PIECE, 2 * PRINT))
    print_ = cv2.morphologyEx(beside[None].astype(np.uint8), cv2.MORPH_CLOSE, joined)
    near_print = cv2.dilate(cv2.morphologyEx(print_, cv2.MORPH_OPEN, long), around).ravel() > 0
    return np.asarray(here & ~beside & ~near_print, np.bool_)


def dotted(ink: Image, at: float, crossing: list[float], h: float) -> NDArray[np.float64]:
    """The share of each side of a line, between crossing ones, that is dots, beyond twice that of places beside it."""
    lines = [_alone(ink, at + off * h, h, THIN) for off in (0.0, *BESIDE)]
    shares = []
    for first, last in pairwise(crossing):
        side = _inner(first, last, h)
        own, *beside = (share_of(line[side]) for line in lines)
        long = last - first > SHORT * h
        shares.append(own - 2 * float(np.median(beside)) if long else 0.0)
    return np.array(shares)


def _runs_in(alone: Bools, found: NDArray[np.float64], j: int, h: float, present: float) -> bool:
    """Whether a ruling runs into side j of a line from one that is drawn next to it."""
    ends = (
        _end(alone, h) if j > 0 and found[j - 1] >= present else 0,
        _end(alone[::-1], h) if j + 1 < len(found) and found[j + 1] >= present else 0,
    )
    return max(ends) >= END * h


def stub(ink: Image, at: float, start: float, end: float, h: float) -> int:
    """How many pixels a ruling goes into a side, almost unbroken, from the end where it goes farther, no print near."""
    alone = _alone(ink, at, h, THICK)[_inner(start, end, h)]
    ends = ((side, _end(side, h)) for side in (alone, alone[::-1]))
    return max(length if share_of(side[:length]) > UNBROKEN else 0 for side, length in ends)


def _end(alone: Bools, h: float) -> int:
    """Length of what goes on from the first place, short gaps let pass."""
    places = np.flatnonzero(alone)
    if not len(places):
        return 0
    gaps = np.flatnonzero(np.diff(places, prepend=-1) > GAP * h + 1)
    last = int(gaps[0]) if len(gaps) else len(places)
    return int(places[last - 1]) + 1 if last else 0


def _is_level(ink: Image, alone: Bools, at: float, first: int, h: float) -> bool:
    """Whether what is left of a side, which begins at `first` and is `alone` there, lies in one row."""
    reach = max(2, round(THICK.near * h))
    top = max(0, round(at) - reach)
    side = slice(first, first + len(alone))
    rows, columns = np.nonzero((ink[top : round(at) + reach + 1, side] > 0) & alone)
    if not len(columns):
        return False
    off = columns - columns.mean()
    slope = float((off * (rows - rows.mean())).sum() / max(1.0, float((off**2).sum())))
    return abs(slope) * float(np.ptp(columns)) < LEVEL * h

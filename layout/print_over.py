"""Upright sides over which print runs: lines of text that go on through the place of a ruling have no ruling there.

Two things deceive. Strokes of several lines of text happen to stand one above the other, in line with a ruling that
other rows have: what is seen of it lies beside print alone, and the paper between the lines of text shows nothing. And
a streak lies on a side, so that nothing is seen of it: there the print tells, which keeps clear of a ruling, and
stands in the middle of its cell.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.ink import components
from shenbao.layout.ridges import find_blots
from shenbao.layout.stretches import held_columns, rows_at, share_of, stretches_of
from shenbao.models.stages import Image

HALF = (0.2, 0.93)
"""Support between which a side is half drawn."""

BESIDE = (0.15, 1.0)
"""Character heights off a side between which print beside it lies."""

HEMMED, FREE, BARE = 1.0, 0.35, 0.1
"""Character heights of a side with print on both sides of it, and of a side that is free of print, from which these
tell, and the share of what is free that holds ink, at most, where there is no ruling."""

ENDS = 0.2
"""Character heights at each end of a side that belong to the crossing rulings."""

LINE = 0.5
"""Character heights from which what print takes along a side is a line of text."""

GAP, WIDE = 0.6, 1.2
"""Character heights from which there is room for a ruling between the print of two cells, and from which no space
between characters is that wide."""

OWN = 0.2
"""Character heights to each side of a side within which ink may be its ruling or a streak."""

MIDDLE, OFF = 0.4, 1.0
"""Character heights by which print in the middle of a cell lies off it, at most, and by which it lies off the middle
of what would be its own cell, at least."""

SPECK, UPRIGHT = 0.4, 0.2
"""Character heights up to which ink is no print: its longer side, and its width, for what is left of a ruling."""

NONE = -0.5
"""Support, as a share of what is enough, of a side over which print runs."""

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Side:
    """The side of a line at row `at`, from column `first` to `last`; the next drawn lines lie at `low` and `high`."""

    at: float
    first: int
    last: int
    low: float
    high: float


def without_print_over(
    found: Floats,
    lines: list[float],
    crossing: list[float],
    ink: Image,
    h: float,
    present: float,
    seals: Image | None = None,
) -> Floats:
    """The support of upright sides (lines, sides), that of those over which print runs below 0.

    Not a number where a streak or seal lies on a side; `ink` is turned, so that its rows lie along the lines,
    and holds neither streaks nor `seals`, which are the mask (255) of where print was lost with them. `h` is the
    character height in pixels. The outermost lines are left alone.
    """
    told = found.copy()
    doubtful = np.isnan(found) | ((found > HALF[0]) & (found < HALF[1]))
    for i, j in np.argwhere(doubtful):
        drawn = np.flatnonzero(np.nan_to_num(found[:, j]) >= present)
        before, after = drawn[drawn < i], drawn[drawn > i]
        if not len(before) or not len(after):
            continue
        cut = max(2, round(ENDS * h))
        ends = round(crossing[j]) + cut, round(crossing[j + 1]) - cut
        side = _Side(lines[i], *ends, lines[before[-1]], lines[after[0]])
        if ends[1] - ends[0] < LINE * h:
            continue
        if np.isnan(found[i, j]):
            told[i, j] = _told_by_print(ink, seals, side, h) * present
        elif _shows_print_alone(ink, side, h):
            told[i, j] = NONE * present
    return told


def _shows_print_alone(ink: Image, side: _Side, h: float) -> bool:
    """Whether nothing is seen of a side where there is no print beside it, though print hems it in elsewhere."""
    near, far = (round(x * h) for x in BESIDE)
    middle, along = round(side.at), slice(side.first, side.last)
    above = held_columns(ink[max(0, middle - far) : max(0, middle - near), along])
    below = held_columns(ink[middle + near + 1 : middle + far + 1, along])
    free = ~(above | below)
    if np.count_nonzero(above & below) < HEMMED * h or np.count_nonzero(free) < FREE * h:
        return False
    return share_of(held_columns(ink[rows_at(side.at, h), along])[free]) < BARE


def _told_by_print(ink: Image, seals: Image | None, side: _Side, h: float) -> float:
    """1 where the print of two cells keeps to its own on each side, `NONE` where print goes on through the side or
    stands in the middle of both cells that it would part; not a number where neither is told. Where a seal took
    away what is printed between them, it may go on."""
    print_ = _print(ink, side, h)
    if not print_.size or not print_.any():
        return float("nan")
    middle = round(side.at - side.low)
    texts = _text_lines(print_, h)
    gap = min((_gap(print_[:, a:b], middle) for a, b in texts), default=float("inf"))
    if gap < GAP * h:
        return NONE
    if seals is not None:
        held = seals[round(side.low) : round(side.high), side.first : side.last] > 0
        gap = min((_gap(print_[:, a:b], middle, held[:, a:b]) for a, b in texts), default=float("inf"))
    places = np.flatnonzero(print_.any(axis=1))
    before, after = places[places < middle], places[places > middle]
    if len(before) and len(after):
        apart = max(abs(_off(before, 0, middle)), abs(_off(after, middle, len(print_)))) < MIDDLE * h
        return 1.0 if apart and gap > WIDE * h else float("nan")
    own = (0, middle) if len(before) else (middle, len(print_))
    centred = abs(_off(places, 0, len(print_))) < MIDDLE * h and abs(_off(places, *own)) > OFF * h
    return NONE if centred else float("nan")


def _off(places: NDArray[np.intp], start: int, end: int) -> float:
    """How far the middle of print lies off that of a cell."""
    return float(places[0] + places[-1] - start - end) / 2


def _print(ink: Image, side: _Side, h: float) -> Bools:
    """The print of both cells beside a side, without their rulings and specks; none where a blot lies, of a seal."""
    edge = max(2, round(ENDS * h))
    band = ink[round(side.low) : round(side.high), side.first : side.last].copy()
    if band.size and find_blots(band, h).any():
        return np.zeros((0, 0), np.bool_)
    middle, own = round(side.at - side.low), max(2, round(OWN * h))
    band[:edge] = band[max(0, len(band) - edge) :] = band[max(0, middle - own) : middle + own + 1] = 0
    if not band.size:
        return np.zeros((0, 0), np.bool_)
    labels, stats = components(band)
    wide, tall = stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_WIDTH]  # the picture is turned
    large = (np.maximum(wide, tall) >= SPECK * h) & (wide >= UPRIGHT * h)
    large[0] = False
    return np.asarray(large[labels], np.bool_)


def _text_lines(print_: Bools, h: float) -> list[tuple[int, int]]:
    """From where to where along a side each line of text goes."""
    return [(a, b) for a, b in stretches_of(np.asarray(print_.any(axis=0), np.bool_)) if b - a >= LINE * h]


def _gap(line: Bools, middle: int, hidden: Bools | None = None) -> float:
    """Pixels from the print of a line of text before a place to that after it, without those where something
    `hidden` may be print; infinite where one is missing."""
    held = np.asarray(line.any(axis=1), np.bool_)
    before, after = np.flatnonzero(held[:middle]), np.flatnonzero(held[middle:])
    if not len(before) or not len(after):
        return float("inf")
    start, end = int(before[-1]), middle + int(after[0])
    lost = 0 if hidden is None else int(np.count_nonzero(hidden[start:end].any(axis=1)))
    return float(end - start - lost)

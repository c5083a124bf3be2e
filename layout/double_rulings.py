"""Rulings drawn as two thin lines each, made one where a fax broke them, before rulings are sought.

A thin line with another one close beside it looks like strokes of print, and where both are broken, in other places,
neither is long enough to be told from these. What tells is that a page's rulings are all drawn so: two lines, always
as far apart, white between them and on both sides.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.breaks import without_breaks
from shenbao.layout.ink import components
from shenbao.layout.ridges import opened
from shenbao.models.stages import Image

APART = (3, 0.3)
"""Distance between the middles of two lines of a ruling: pixels at least, character heights at most."""

STEP, SEEN = 0.5, 4
"""Character heights over which it is told at once whether a line is there, and how many columns tell it."""

DARK, LIGHT = 200, 60
"""Mean ink (of 255) of such a stretch from which it is of a line, and up to which it is paper."""

CLEAR = 0.15
"""Character heights of white on both sides of a ruling."""

SHARE, LENGTH = 0.1, 20.0
"""Share of the length of thin lines that must stand in pairs, and their length in character heights, on a page whose
rulings are double: it is 0.05 at most where they are not."""

GAP, RUN, REACH = 0.15, 0.9, 3.0
"""Character heights of gaps in a line that are closed, of its shortest stretch, and from a pair to where a single
line goes on."""

EDGE = 3
"""Rows of pixels of a line and its ragged edges."""

PAIRED = 1.3
"""Shortest stretch of a pair, in character heights: strokes of a character are shorter."""

ROOM, ALONG, CROWDED = 0.35, 3.0, 0.35
"""Character heights beside a pair of lines that are clear of other ink, and along it over which that is told, and share of these
on which they may not be."""

CONNECTED = 8.0
"""Longer side, in character heights, of rulings that meet, at least: what is shorter stands in a row of print."""

BROKEN = 0.6
"""Character heights up to which gaps in a ruling are filled: less than any cell is wide."""

Bools = NDArray[np.bool_]


def double_rulings(ink: Image, h: float) -> Image | None:
    """Mask (255) of a page's double rulings, each with what lies between its lines, to be drawn as ink; None where
    it has none.

    `ink` (255) is the page's, straight, and `h` its character height in pixels.
    """
    apart = _usual_distance(ink, h)
    if apart is None:
        return None
    level = _whole(ink, apart, h)
    upright = np.ascontiguousarray(_whole(np.ascontiguousarray(ink.T), apart, h).T)
    drawn = cv2.max(without_breaks(level, upright, h), without_breaks(upright.T, level.T, h).T)
    labels, stats = components(np.asarray(drawn, np.uint8))
    long = stats[:, 2:4].max(axis=1) >= CONNECTED * h
    long[0] = False
    return np.where(long[labels], drawn, np.uint8(0)).astype(np.uint8)


def _usual_distance(ink: Image, h: float) -> int | None:
    """Pixels between the lines of a page's double rulings; None where its rulings are not double."""
    distances = range(APART[0], max(APART[0], round(APART[1] * h)) + 1)
    if min(ink.shape) <= distances[-1]:
        return None
    paired, thin = np.zeros(len(distances)), 0
    for turned in (False, True):
        dark, light = _told(ink.T if turned else ink, h)
        clear = max(2, round(CLEAR * h))
        above, below = np.zeros_like(light), np.zeros_like(light)
        above[clear:], below[:-clear] = light[:-clear], light[clear:]
        thin += int(np.count_nonzero(dark[1:] & ~dark[:-1] & above[1:]))
        first = dark & above
        paired += [np.count_nonzero(_pairs(first, dark & below, light, d)) for d in distances]
    most = int(paired.argmax())
    enough = max(SHARE * thin, LENGTH / STEP)
    return distances[most] if paired[most] > enough else None


def _told(ink: Image, h: float) -> tuple[Bools, Bools]:
    """Where stretches of the rows are of a line, and where they are paper."""
    some = np.ascontiguousarray(ink[:, :: max(1, round(STEP * h / SEEN))])
    mean = cv2.resize(some, (max(1, some.shape[1] // SEEN), len(some)), interpolation=cv2.INTER_AREA)
    return np.asarray(mean > DARK, np.bool_), np.asarray(mean < LIGHT, np.bool_)


def _pairs(first: Bools, second: Bools, light: Bools, apart: int) -> Bools:
    """Where two lines lie so far apart with white between them."""
    between = light[apart // 2 :][: len(light) - apart]
    return np.asarray(first[:-apart] & second[apart:] & between, np.bool_)


def _whole(ink: Image, apart: int, h: float) -> Image:
    """The double rulings along the rows of a page as broad ones."""
    gap, reach = max(3, round(GAP * h)) | 1, 2 * round(REACH * h) + 1
    bridged = np.asarray(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8)), np.uint8)
    lines = opened(bridged, max(7, round(RUN * h)) | 1)
    other = cv2.subtract(ink, cv2.dilate(lines, np.ones((EDGE, 1), np.uint8)))
    around = 2 * (apart // 2 + max(2, round(CLEAR * h))) + 1
    crowded = cv2.dilate(other, np.ones((around, 1), np.uint8))
    closed = cv2.morphologyEx(lines, cv2.MORPH_CLOSE, np.ones((apart + 2, 1), np.uint8))
    between = cv2.subtract(cv2.subtract(closed, lines), crowded)
    pairs = opened(_alone(np.asarray(between, np.uint8), ink, h), round(PAIRED * h))
    band = cv2.dilate(pairs, np.ones((EDGE, reach), np.uint8))
    seen = cv2.bitwise_and(band, cv2.max(cv2.subtract(lines, crowded), pairs))
    filled = cv2.bitwise_and(band, cv2.dilate(seen, np.ones((2 * apart + 1, 1), np.uint8)))
    broken = np.ones((1, round(BROKEN * h) | 1), np.uint8)
    return np.asarray(cv2.bitwise_and(band, cv2.morphologyEx(filled, cv2.MORPH_CLOSE, broken)), np.uint8)


def _alone(between: Image, ink: Image, h: float) -> Image:
    """What lies between two lines that are clear of other ink: bold print has as many strokes one above the other."""
    clear, along = max(2, round(ROOM * h)), (max(3, round(ALONG * h)), 1)
    own, beyond = (np.ones((2 * (EDGE + more) + 1, 1), np.uint8) for more in (1, 1 + clear))
    beside = cv2.bitwise_and(cv2.subtract(cv2.dilate(between, beyond), cv2.dilate(between, own)), ink)
    touched = cv2.bitwise_and(cv2.dilate(beside, beyond), between)
    crowded = cv2.blur(touched, along) > CROWDED * cv2.blur(between, along).astype(np.float32)
    return np.where(crowded, np.uint8(0), between)

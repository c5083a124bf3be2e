"""The dot between the two measures of a rate, as in 元/人·月, which the recogniser passes over.

It knows 人月 without the dot so well that it is sure of it though the dot stands in the gap between the two. So between
two such characters a small mark half way up, with white on both sides, is read as one.
"""

from dataclasses import replace

import cv2
import numpy as np

from shenbao.models.stages import CharReading, Image, Reading
from shenbao.ocr.alphabet import class_of
from shenbao.ocr.decode import steps_of, with_step
from shenbao.ocr.signs import INKED, darkness_of

DOT = "·"
COUNTED, TIMES = frozenset("人户台件次车"), frozenset("年月日天次")
"""What stands before such a dot, and behind it."""

LARGEST, LEAST = 0.25, 0.06
"""Longer and shorter side of a dot, in heights of the line's ink, at most and at least."""

LEVEL = (0.3, 0.7)
"""Where its middle lies, from the top of the line's ink, in its heights."""

WHITE = 0.05
"""White on both its sides, in heights of the line's ink, at least."""

SEEN = 0.9
"""Probability of a dot that was seen so."""


def with_middle_dots(picture: Image, reading: Reading) -> Reading:
    """The reading of a line's grey picture (height, width), and its looks, with the dots of rates."""
    found = reading
    if reading.looks:
        found = replace(found, looks=tuple(with_middle_dots(picture, look) for look in reading.looks))
    for number in reversed(range(len(reading.chars) - 1)):
        one, other = reading.chars[number : number + 2]
        if one.char in COUNTED and other.char in TIMES and (at := _dot_between(picture, one, other)):
            found = _with_dot(found, number, at)
    return found


def _dot_between(picture: Image, one: CharReading, other: CharReading) -> tuple[float, float] | None:
    """Where between two characters a dot begins and ends, in fractions of the width; None where there is none."""
    width = picture.shape[1]
    left, right = (round(width * (c.start + c.end) / 2) for c in (one, other))
    dark = darkness_of(picture)
    inked = np.asarray(dark > INKED * dark.max(), np.uint8)
    rows = np.flatnonzero(inked.any(axis=1))
    if not len(rows) or right <= left:
        return None
    top, h = int(rows[0]), int(rows[-1] - rows[0] + 1)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(inked)
    for n, (x, y, w, t, _) in enumerate(stats.tolist()):
        small = n and max(w, t) <= LARGEST * h and min(w, t) >= LEAST * h
        if not small or not left < x + w / 2 < right or not LEVEL[0] < (y + t / 2 - top) / h < LEVEL[1]:
            continue
        white = max(1, round(WHITE * h))
        around = labels[:, max(0, x - white) : x + w + white]
        if set(np.unique(around).tolist()) <= {0, n} and count > 2:
            return x / width, (x + w) / width
    return None


def _with_dot(reading: Reading, number: int, at: tuple[float, float]) -> Reading:
    """The reading with a dot behind one of its characters."""
    lattice = reading.lattice
    if lattice is not None:
        label = class_of(lattice.alphabet, DOT)
        if label is None:
            return reading
        lattice = with_step(lattice, steps_of(lattice, number)[-1] + 1, label, SEEN)
    chars = list(reading.chars)
    chars.insert(number + 1, CharReading(DOT, SEEN, (), *at))
    return replace(reading, chars=tuple(chars), lattice=lattice)

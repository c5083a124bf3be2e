"""Signs of comparison before figures that the recogniser passed over.

The thin arms of ≥ are broken into dots on faxes, and beside figures that are whole the recogniser takes them for dirt
that it is sure of. Read alone it sees a sign in them. So ink before the first figure of a line, as wide as a sign, is
read by itself in three ways, and believed where all of them give the same sign.

Of seven lines of 45 copies, faxes and photographs with such ink six had lost a sign; all of these were told.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from shenbao.models.stages import CharReading, Image, Reading
from shenbao.ocr.alphabet import class_of
from shenbao.ocr.constrain import Kind, constrain
from shenbao.ocr.decode import with_step
from shenbao.ocr.engine import LineReader
from shenbao.ocr.second_look import by_itself

DARK = 160
"""Grey level (of 255) up to which a pixel is of a sign."""

FIGURE = 0.35
"""Half a figure's width and the paper before it, in character heights."""

CUT = (0.6, 0.2)
"""Where, before a figure's middle, the line is cut at its least ink, in character heights."""

WIDE, LEAST = 0.45, 0.03
"""Width of a sign at least, in character heights, and ink of one, in their squares."""

MARGIN = 0.3
"""Paper behind the sign in its picture, in character heights."""

AGREED = 0.6
"""Least probability that a sign is given on which three looks agree."""


@dataclass(frozen=True, eq=False)
class _Sign:
    """What stands before the figures of the line of this number, and the share of the line's width it takes."""

    number: int
    picture: Image
    share: float


def with_lost_signs(
    pictures: Sequence[Image], readings: Sequence[Reading], heights: Sequence[float], engine: LineReader
) -> list[Reading]:
    """The readings of line pictures with the signs before figures that were not read.

    Args:
        pictures: grey (height, width).
        readings: what was read of each.
        heights: character height in pixels of each.
        engine: reads the signs alone.
    """
    found = list(readings)
    signs = [
        sign
        for number, (picture, reading, h) in enumerate(zip(pictures, readings, heights, strict=True))
        if (sign := _before_figures(number, picture, reading, h)) is not None
    ]
    shown = [by_itself(sign.picture) for sign in signs]
    seen = iter(engine.read_lines([way for ways in shown for way in ways]) if shown else [])
    for sign, ways in zip(signs, shown, strict=True):
        looks = [constrain(next(seen), Kind.OPERATOR) for _ in ways]
        if len({look.text for look in looks}) == 1 and all(look.fits for look in looks):
            probability = float(np.mean([look.probability for look in looks]))
            found[sign.number] = _after(
                looks[0].text, max(AGREED, probability), sign.share, found[sign.number]
            )
    return found


def _before_figures(number: int, picture: Image, reading: Reading, h: float) -> _Sign | None:
    """What may be a sign before the first figure of a line; None where there is none."""
    if reading.lattice is None or not reading.text[:1].isdecimal():
        return None
    width = picture.shape[1]
    middle = width * (reading.chars[0].start + reading.chars[0].end) / 2
    left = round(middle - FIGURE * h)
    if left <= 0:
        return None
    ink = picture <= DARK
    columns = np.flatnonzero(ink[:, :left].any(axis=0))
    if not len(columns) or left - columns[0] < WIDE * h or ink[:, :left].sum() < LEAST * h * h:
        return None
    first, last = (max(0, round(middle - share * h)) for share in CUT)
    end = first + int(np.argmin(ink[:, first : last + 1].sum(axis=0)))
    if not end:
        return None
    alone = np.pad(picture[:, :end], ((0, 0), (0, round(MARGIN * h))), constant_values=255)
    return _Sign(number, np.asarray(alone, np.uint8), end / width)


def _after(sign: str, probability: float, share: float, reading: Reading) -> Reading:
    """The reading, and its looks, with a sign before it that takes this share of the line."""
    if reading.lattice is None or (label := class_of(reading.lattice.alphabet, sign)) is None:
        return reading
    first = CharReading(sign, probability, (), 0.0, share)
    return replace(
        reading,
        chars=(first, *reading.chars),
        lattice=with_step(reading.lattice, 0, label, probability),
        looks=tuple(_after(sign, probability, share, look) for look in reading.looks),
    )

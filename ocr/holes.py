"""Characters that the recogniser left out of a line, told by the room that it left for them.

Print sets its characters at even distances. Where two that were read stand one character too far apart, or ink runs on
as far before the first or behind the last, one was left out, often surely: 减直接 for 减少直接 with a probability of
1.00. What stands in such a hole is read by itself, in four ways, and believed where three of them agree on as
many Chinese characters as there is room for.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from shenbao.models.stages import CharReading, Image, Reading
from shenbao.ocr.alphabet import class_of
from shenbao.ocr.decode import BLANK, steps_of, with_step
from shenbao.ocr.engine import LineReader
from shenbao.ocr.lost_signs import DARK
from shenbao.ocr.second_look import by_itself
from shenbao.ocr.spacing import middle_of, width_of

FEWEST, MOST = 3, 3
"""Steps from one Chinese character to the next, at least, that tell how far apart they stand, and characters of a hole
at most. Where signs stand in the room that they take tells little."""

EVEN = 0.3
"""How far the room of a hole may be from that of whole characters, in their widths."""

HIGH = 0.9
"""Width of a character, in heights of the line's ink, at least: two steps that are too short are no steps."""

INKED = 0.05
"""Ink of a hole for each of its characters, in squares of their width, at least."""

CUT, MARGIN = 0.15, 0.3
"""How far from a hole's end it is cut off where least ink is, and paper around its picture, in widths of a character."""

AGREED = 3
"""Looks, of four, that must agree."""


@dataclass(frozen=True, eq=False)
class _Hole:
    """A hole of so many characters before the one of number `place` of line `line`: its picture, and where in the
    line it begins and ends, in shares of its width."""

    line: int
    place: int
    count: int
    picture: Image
    start: float
    end: float


def with_left_out(
    pictures: Sequence[Image], readings: Sequence[Reading], engine: LineReader
) -> list[Reading]:
    """The readings of line pictures, grey (height, width), with the characters that were left out of them."""
    holes = [
        hole
        for number, (picture, reading) in enumerate(zip(pictures, readings, strict=True))
        for hole in _holes(number, picture, reading)
    ]
    if not holes:
        return list(readings)
    shown = [by_itself(hole.picture) for hole in holes]
    seen = iter(engine.read_lines([way for ways in shown for way in ways]))
    worn = engine.read_worn([hole.picture for hole in holes])
    looks = [(*(next(seen) for _ in ways), other) for ways, other in zip(shown, worn, strict=True)]
    found = list(readings)
    # From the last one on, so that the places of those before it stay.
    for hole, four in reversed(list(zip(holes, looks, strict=True))):
        chars = _agreed(hole, four)
        if chars:
            found[hole.line] = _filled(found[hole.line], hole, chars)
    return found


def _holes(number: int, picture: Image, reading: Reading) -> list[_Hole]:
    """The holes of a line, from left to right; none where too little was read to tell."""
    chars, width = reading.chars, picture.shape[1] if picture.size else 0
    if len(chars) <= FEWEST or reading.lattice is None or not width:
        return []
    at = [width * middle_of(char) for char in chars]
    taken = [width_of(char) / 2 for char in chars]
    steps = [at[k + 1] - at[k] for k, (a, b) in enumerate(pairwise(chars)) if _is_chinese(a.char + b.char)]
    if len(steps) < FEWEST:
        return []
    ink = picture <= DARK
    inked, rows = np.flatnonzero(ink.any(axis=0)), np.flatnonzero(ink.any(axis=1))
    if not len(inked):
        return []
    em = sorted(steps)[(len(steps) - 1) // 2]  # holes make steps wider
    if em < HIGH * (rows[-1] + 1 - rows[0]):
        return []
    begins = [float(inked[0]), *(x + em * a for x, a in zip(at, taken, strict=True))]
    ends = [*(x - em * a for x, a in zip(at, taken, strict=True)), float(inked[-1] + 1)]
    found = []
    for place, (start, end) in enumerate(zip(begins, ends, strict=True)):
        count = round((end - start) / em)
        if not 1 <= count <= MOST or abs((end - start) / em - count) > EVEN:
            continue
        a, b = _cut(ink, start, em), _cut(ink, end, em)
        if ink[:, a:b].sum() >= INKED * em * em * count:
            around = round(MARGIN * em)
            alone = np.pad(picture[:, a:b], ((0, 0), (around, around)), constant_values=255)
            found.append(_Hole(number, place, count, np.asarray(alone, np.uint8), a / width, b / width))
    return found


def _is_chinese(text: str) -> bool:
    return all("\u4e00" <= char <= "\u9fff" for char in text)


def _cut(ink: np.ndarray[tuple[int, int], np.dtype[np.bool_]], at: float, em: float) -> int:
    """The column near a hole's end with least ink, of several the one in the middle."""
    first = max(0, round(at - CUT * em))
    counts = ink[:, first : max(first + 1, round(at + CUT * em) + 1)].sum(axis=0)
    if not len(counts):
        return ink.shape[1]
    least = np.flatnonzero(counts == counts.min())
    return first + int(least[len(least) // 2])


def _agreed(hole: _Hole, looks: Sequence[Reading]) -> tuple[CharReading, ...]:
    """The characters of a hole; none where too few looks agree or they are other ones than fit."""
    (text, votes), *_ = Counter(look.text for look in looks).most_common(1)
    if votes < AGREED or len(text) != hole.count or not _is_chinese(text):
        return ()
    same = [look for look in looks if look.text == text]
    step = (hole.end - hole.start) / hole.count
    return tuple(
        CharReading(
            char,
            float(np.mean([look.chars[k].probability for look in same])),
            (),
            hole.start + k * step,
            hole.start + (k + 1) * step,
        )
        for k, char in enumerate(text)
    )


def _filled(reading: Reading, hole: _Hole, chars: tuple[CharReading, ...]) -> Reading:
    """The reading, and those of its looks that left out the same, with characters before that of a place."""
    lattice = reading.lattice
    if lattice is None:
        return reading
    at = steps_of(lattice, hole.place - 1)[-1] + 1 if hole.place else 0
    for char in reversed(chars):
        label = class_of(lattice.alphabet, char.char)
        if label is None:
            return reading
        lattice = with_step(with_step(lattice, at, BLANK, 1.0), at, label, char.probability)
    looks = tuple(_filled(look, hole, chars) if look.text == reading.text else look for look in reading.looks)
    filled = (*reading.chars[: hole.place], *chars, *reading.chars[hole.place :])
    return replace(reading, chars=filled, lattice=lattice, looks=looks)

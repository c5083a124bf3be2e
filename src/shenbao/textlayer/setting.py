"""Glyphs of a flat page -> lines of print, in cells and outside them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from shenbao.models.stages import Box, CharReading, Reading, ReadLine

SAME_LINE = 0.45
"""Baselines nearer than this share of the character height belong to one line."""

DOUBLED = 0.25
"""The same character drawn again within this share of its height is one: a way to print bold."""

BLANK = 0.15
"""Least gap, in character heights, that is seen as white space where the layer has one."""

APART = 1.3
"""A gap of so many character heights parts two pieces of print on one row outside tables."""

SURE = 1.0
"""Probability of a character that was not recognised: what may be wrong is the layer or the place."""


@dataclass(frozen=True)
class FlatGlyph:
    """A glyph of the layer on the flat page; `baseline` is its y, `sideways` whether it stands in another
    turn than the page's print."""

    char: str
    box: Box
    baseline: float
    after_blank: bool
    sideways: bool = False

    @property
    def height(self) -> float:
        return max(self.box[3] - self.box[1], self.box[2] - self.box[0])

    @property
    def middle(self) -> tuple[float, float]:
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2


def without_doubles(glyphs: Sequence[FlatGlyph]) -> list[FlatGlyph]:
    """The glyphs without those drawn a second time in the same place."""
    kept: list[FlatGlyph] = []
    near: dict[tuple[str, int, int], list[FlatGlyph]] = {}
    for glyph in glyphs:
        x, y = glyph.middle
        size = max(1.0, glyph.height)
        key = round(x / size), round(y / size)
        around = (
            other
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for other in near.get((glyph.char, key[0] + dx, key[1] + dy), ())
        )
        if any(_apart(glyph, other) < DOUBLED * size for other in around):
            continue
        near.setdefault((glyph.char, *key), []).append(glyph)
        kept.append(glyph)
    return kept


def set_lines(glyphs: Sequence[FlatGlyph], *, parted: bool = False) -> list[ReadLine]:
    """Lines of print, top to bottom; `parted`: pieces far apart on one row are lines of their own."""
    upright = [g for g in glyphs if not g.sideways]
    sideways = [g for g in glyphs if g.sideways]
    lines = [part for row in _rows(upright) for part in (_parts(row) if parted else [row])]
    # Print on its side runs in the file's order: its rows are the page's columns.
    return [_line(line) for line in ([*lines, sideways] if sideways else lines)]


def _rows(glyphs: Sequence[FlatGlyph]) -> list[list[FlatGlyph]]:
    if not glyphs:
        return []
    height = float(np.percentile([g.height for g in glyphs], 80))
    rows: list[list[FlatGlyph]] = []
    for glyph in sorted(glyphs, key=lambda g: g.baseline):
        if rows and glyph.baseline - rows[-1][-1].baseline < SAME_LINE * height:
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    return [sorted(row, key=lambda g: g.box[0]) for row in rows]


def _parts(row: list[FlatGlyph]) -> list[list[FlatGlyph]]:
    parts = [[row[0]]]
    for before, glyph in pairwise(row):
        if glyph.box[0] - before.box[2] > APART * max(before.height, glyph.height):
            parts.append([])
        parts[-1].append(glyph)
    return parts


def _line(glyphs: list[FlatGlyph]) -> ReadLine:
    x0, y0 = min(g.box[0] for g in glyphs), min(g.box[1] for g in glyphs)
    x1, y1 = max(g.box[2] for g in glyphs), max(g.box[3] for g in glyphs)
    width = max(x1 - x0, 1.0)
    chars: list[CharReading] = []
    for before, glyph in pairwise([None, *glyphs]):
        assert glyph is not None
        if before is not None and _is_blank_between(before, glyph):
            gap = (before.box[2] - x0) / width, (glyph.box[0] - x0) / width
            chars.append(CharReading(" ", SURE, (), *gap))
        place = (glyph.box[0] - x0) / width, (glyph.box[2] - x0) / width
        chars.append(CharReading(glyph.char, SURE, (), *place))
    return ReadLine((x0, y0, x1, y1), Reading(tuple(chars)))


def _is_blank_between(before: FlatGlyph, glyph: FlatGlyph) -> bool:
    return glyph.after_blank and glyph.box[0] - before.box[2] > BLANK * max(before.height, glyph.height)


def _apart(one: FlatGlyph, other: FlatGlyph) -> float:
    (ax, ay), (bx, by) = one.middle, other.middle
    return max(abs(ax - bx), abs(ay - by))


def with_confidence(line: ReadLine, probability: float) -> ReadLine:
    """The line with every character at this probability."""
    chars = tuple(replace(char, probability=probability) for char in line.reading.chars)
    return replace(line, reading=Reading(chars))

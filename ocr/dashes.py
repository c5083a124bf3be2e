"""A dash for "none" told from the character 一, by the column that it stands in.

Alone in its cell the one looks like the other. Among amounts and scores a single stroke is a dash; in a column
that counts 一, 二, 三 it is a number in words.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from shenbao.models.stages import Lattice, ReadCell, Reading, ReadLine
from shenbao.ocr.alphabet import class_of

ONE, DASH = "一", "—"

AMOUNT = re.compile(r"-?[\d,]*\d[.]\d+%?|\d+%|\d{2,}")
"""What a column of amounts, shares or scores holds and one of running numbers hardly does."""

COUNTED = re.compile(r"[二三四五六七八九十]、?|[一二三四五六七八九十]、.*|[（(][一二三四五六七八九十][）)].*")
"""What a column that counts in words holds."""


def with_dashes(cells: Sequence[ReadCell]) -> tuple[ReadCell, ...]:
    """The cells of a table, those with nothing but a 一 among amounts with a dash instead.

    The probability stays that of the stroke: what it stands for the recogniser cannot see.
    """
    lone = [cell for cell in cells if cell.text == ONE]
    if not lone:
        return tuple(cells)
    texts = [(cell, cell.text) for cell in cells]
    return tuple(_dashed(c) if c.text == ONE and _among_amounts(c, texts) else c for c in cells)


def _among_amounts(cell: ReadCell, texts: Sequence[tuple[ReadCell, str]]) -> bool:
    column = [text for other, text in texts if other is not cell and _share_column(cell, other)]
    return any(AMOUNT.fullmatch(text) for text in column) and not any(map(COUNTED.fullmatch, column))


def _share_column(one: ReadCell, other: ReadCell) -> bool:
    a, b = one.place, other.place
    return a.col < b.col + b.col_span and b.col < a.col + a.col_span


def _dashed(cell: ReadCell) -> ReadCell:
    return replace(cell, lines=tuple(_dashed_line(line) for line in cell.lines))


def _dashed_line(line: ReadLine) -> ReadLine:
    return replace(line, reading=_dashed_reading(line.reading))


def _dashed_reading(reading: Reading) -> Reading:
    """The reading, its lattice and its further looks, with the two characters in each other's place."""
    chars = tuple(
        replace(c, char=DASH, alternates=((ONE, c.probability), *c.alternates)[: len(c.alternates)])
        if c.char == ONE
        else c
        for c in reading.chars
    )
    lattice = None if reading.lattice is None else _exchanged(reading.lattice)
    return replace(reading, chars=chars, lattice=lattice, looks=tuple(map(_dashed_reading, reading.looks)))


def _exchanged(lattice: Lattice) -> Lattice | None:
    """The lattice with a dash where it has the character; None where its alphabet has no dash."""
    one, dash = (class_of(lattice.alphabet, char) for char in (ONE, DASH))
    if one is None or dash is None:
        return None
    classes = lattice.classes.copy()
    classes[lattice.classes == one], classes[lattice.classes == dash] = dash, one
    return replace(lattice, classes=classes)

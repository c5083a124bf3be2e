"""A dash told from the character 一: by its neighbours, and alone in a cell by the column that it stands in.

The one looks like the other. Between numbers, as in 2023年—2026年, it is a dash. Among amounts and scores a single
stroke is a dash for "none"; in a column that counts 一, 二, 三 it is a number in words. A short dash alone is read as a 1,
too, which no flat stroke is.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from shenbao.models.stages import CharReading, Lattice, ReadCell, Reading, ReadLine
from shenbao.ocr.alphabet import class_of
from shenbao.ocr.decode import BLANK, steps_of, with_step

ONE, DASH = "一", "—"

FIGURE, SHORT_DASH = "1", "–"

FLAT, LOW = 1.5, 0.4
"""Times its height from which a line is wider than a 1 is, and share of other lines' height up to which it is low."""

SEVERAL, HAN = re.compile("..", re.DOTALL), re.compile("[\u4e00-\u9fff]{2}")

BEFORE_RANGE = frozenset("年月日%％")
"""What a dash between two numbers follows, besides digits."""

LINES, LONG = frozenset("—一"), 1.4
"""What one level line alone in a cell is read as, and times the height of Chinese characters from which it is two
dashes, ——: the longest of single ones is as wide as a character."""

UNREAD, THIN, WIDE, OFF_MIDDLE = 0.5, 0.2, (0.6, 1.4), 0.2
"""Probability of one character below which a stroke was not read; how thin a dash is then, and how wide, in heights of
other lines; and how far off its cell's middle it stands at most, as a share of that cell's height."""

PLAIN_TO_SEE = 0.9
"""Probability that a level stroke alone in the middle of a cell is a dash: the recogniser knows none so thin."""

AMOUNT = re.compile(r"-?[\d,]*\d[.]\d+%?|\d+%|\d{2,}")
"""What a column of amounts, shares or scores holds and one of running numbers hardly does."""

COUNTED = re.compile(r"[二三四五六七八九十]、?|[一二三四五六七八九十]、.*|[（(][一二三四五六七八九十][）)].*")
"""What a column that counts in words holds."""


def with_dashes(cells: Sequence[ReadCell]) -> tuple[ReadCell, ...]:
    """The cells of a table, those with nothing but a 一 among amounts, a flat 1, or a thin level stroke that was not
    read, with a dash instead, and those with a line longer than any dash with two.

    The probability stays that of the stroke: what it stands for the recogniser cannot see.
    """
    usual, character = _usual_height(cells), _usual_height(cells, HAN)
    told = [_doubled(_without_figure(_seen(cell, usual), usual), character) for cell in cells]
    texts = [(cell, cell.text) for cell in told]
    if not any(text == ONE for _, text in texts):
        return tuple(told)
    return tuple(_dashed(c) if c.text == ONE and _among_amounts(c, texts) else c for c in told)


def _seen(cell: ReadCell, usual: float) -> ReadCell:
    """The cell, a level stroke alone in its middle of which nothing was made, as on faxes, read as a dash."""
    if len(cell.lines) != 1 or not usual:
        return cell
    line = cell.lines[0]
    x0, y0, x1, y1 = line.box
    _, top, _, bottom = cell.place.box
    level = y1 - y0 <= THIN * usual and WIDE[0] * usual <= x1 - x0 <= WIDE[1] * usual
    middle = abs(y0 + y1 - top - bottom) / 2 <= OFF_MIDDLE * (bottom - top)
    if not level or not middle or len(line.reading.chars) > 1 or line.reading.weakest >= UNREAD:
        return cell
    return replace(cell, lines=(replace(line, reading=Reading((CharReading(DASH, PLAIN_TO_SEE),))),))


def _usual_height(cells: Sequence[ReadCell], text: re.Pattern[str] = SEVERAL) -> float:
    """The median height of the lines in which there is such a text, of several characters; 0 where there are none."""
    heights = [
        line.box[3] - line.box[1]
        for cell in cells
        for line in cell.lines
        if text.search(line.reading.text) is not None
    ]
    return float(np.median(heights)) if heights else 0.0


def _doubled(cell: ReadCell, character: float) -> ReadCell:
    """The cell, what stands alone in it read as two dashes where it is a level line longer than one is."""
    if len(cell.lines) != 1 or cell.text not in LINES or not character:
        return cell
    line = cell.lines[0]
    x0, y0, x1, y1 = line.box
    if x1 - x0 < LONG * character or y1 - y0 > LOW * character:
        return cell
    one = _dashed_reading(line.reading) if cell.text == ONE else line.reading
    return replace(cell, lines=(replace(line, reading=_two_dashes(one)),))


def _two_dashes(reading: Reading) -> Reading:
    """The reading of one character, and its further looks, as two dashes."""
    dash = CharReading(DASH, 1.0, (), 0.5, 1.0)
    lattice = reading.lattice
    label = None if lattice is None else class_of(lattice.alphabet, DASH)
    if lattice is not None and label is not None:
        for step in (BLANK, label):
            lattice = with_step(lattice, len(lattice.classes), step, 1.0)
    chars = (*(replace(c, char=DASH, end=0.5) for c in reading.chars), dash)
    return replace(reading, chars=chars, lattice=lattice, looks=tuple(map(_two_dashes, reading.looks)))


def _without_figure(cell: ReadCell, usual: float) -> ReadCell:
    """The cell, what stands flat and alone in it read as a short dash wherever it was read as a 1."""
    if len(cell.lines) != 1 or len(cell.lines[0].reading.chars) != 1:
        return cell
    line = cell.lines[0]
    x0, y0, x1, y1 = line.box
    if x1 - x0 < FLAT * (y1 - y0) or y1 - y0 > LOW * usual:
        return cell
    return replace(cell, lines=(replace(line, reading=_exchanged_reading(line.reading)),))


def _exchanged_reading(reading: Reading) -> Reading:
    """The reading, its lattice and its further looks, with a short dash for each 1."""
    chars = tuple(
        replace(
            c,
            char=SHORT_DASH if c.char == FIGURE else c.char,
            alternates=tuple((SHORT_DASH if t == FIGURE else t, share) for t, share in c.alternates),
        )
        for c in reading.chars
    )
    lattice = reading.lattice and _without_class(reading.lattice)
    return replace(reading, chars=chars, lattice=lattice, looks=tuple(map(_exchanged_reading, reading.looks)))


def _without_class(lattice: Lattice) -> Lattice:
    """The lattice with a short dash in the place of each 1, where its alphabet has both."""
    one, dash = (class_of(lattice.alphabet, char) for char in (FIGURE, SHORT_DASH))
    if one is None or dash is None:
        return lattice
    return replace(lattice, classes=np.where(lattice.classes == one, dash, lattice.classes))


def _among_amounts(cell: ReadCell, texts: Sequence[tuple[ReadCell, str]]) -> bool:
    column = [text for other, text in texts if other is not cell and _share_column(cell, other)]
    return any(AMOUNT.fullmatch(text) for text in column) and not any(map(COUNTED.fullmatch, column))


def _share_column(one: ReadCell, other: ReadCell) -> bool:
    a, b = one.place, other.place
    return a.col < b.col + b.col_span and b.col < a.col + a.col_span


def with_ranges(reading: Reading) -> Reading:
    """The reading, and its further looks, with a dash for each 一 that leads from one number to the next."""
    found = reading
    if reading.looks:
        found = replace(reading, looks=tuple(map(with_ranges, reading.looks)))
    for number in _ranges(reading):
        chars = list(found.chars)
        chars[number] = _dashed_char(chars[number])
        lattice = found.lattice
        if lattice is not None:
            lattice = _exchanged(lattice, steps_of(lattice, number))
        found = replace(found, chars=tuple(chars), lattice=lattice)
    return found


def _ranges(reading: Reading) -> list[int]:
    """The numbers of the characters 一 between a number or a date and a number."""
    chars = [c.char for c in reading.chars]
    return [
        k + 1
        for k, (before, char, after) in enumerate(zip(chars, chars[1:], chars[2:], strict=False))
        if char == ONE and after.isdecimal() and (before.isdecimal() or before in BEFORE_RANGE)
    ]


def _dashed(cell: ReadCell) -> ReadCell:
    return replace(cell, lines=tuple(_dashed_line(line) for line in cell.lines))


def _dashed_line(line: ReadLine) -> ReadLine:
    return replace(line, reading=_dashed_reading(line.reading))


def _dashed_reading(reading: Reading) -> Reading:
    """The reading, its lattice and its further looks, with the two characters in each other's place."""
    chars = tuple(_dashed_char(c) if c.char == ONE else c for c in reading.chars)
    lattice = None if reading.lattice is None else _exchanged(reading.lattice)
    return replace(reading, chars=chars, lattice=lattice, looks=tuple(map(_dashed_reading, reading.looks)))


def _dashed_char(char: CharReading) -> CharReading:
    others = ((ONE, char.probability), *char.alternates)
    return replace(char, char=DASH, alternates=others[: len(char.alternates)])


def _exchanged(lattice: Lattice, steps: Sequence[int] | None = None) -> Lattice | None:
    """The lattice with a dash where it has the character, at some steps or at all; None where its alphabet has no
    dash."""
    one, dash = (class_of(lattice.alphabet, char) for char in (ONE, DASH))
    if one is None or dash is None:
        return None
    classes = lattice.classes.copy()
    rows = slice(None) if steps is None else list(steps)
    part = lattice.classes[rows]
    classes[rows] = np.where(part == one, dash, np.where(part == dash, one, part))
    return replace(lattice, classes=classes)

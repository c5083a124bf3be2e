"""What stands alone in a cell and is no print: specks, hairs, strokes of a grey seal that were read as characters.

Print alone in a cell stands at its middle, between top and bottom. What does not, and is too low for what it was read
as, too wide for it, or read without certainty, is dirt; so is a mark that no cell holds alone. Limits measured on 36
copies and 28 faxes, half of them with two seals on each page: of 122 empty cells in which something was read these
rules find 61, of cells that hold print they take 17, all but one of them misread.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shenbao.models.plain import plain
from shenbao.models.stages import Box, Reading
from shenbao.ocr.constrain import Kind, kind_rules
from shenbao.ocr.dirt import Line

MARKS = frozenset("'.,;:·■●「」、\"`|L厂")
"""Marks that no cell of a form holds alone, and letters that corners of dirt look like."""

DASHES = frozenset("-一—–")

UPRIGHT = frozenset("1Il")
"""What a piece of a seal's ring that stands upright is read as."""

OFF, COVERED = 0.25, 0.3
"""Character heights between the middles of a line and of its cell from which it stands off, unless it covers as much
above and below the cell's middle."""

FAR = 0.5
"""The same from which a letter alone, and an upright stroke under a seal, is dirt."""

LOW, TALL = 0.62, 1.35
"""Heights of a line, in those of characters, below which no letter or figure is, and above which no line is."""

SPARE = 0.75
"""Character heights by which a line is wider than what was read there may be."""

WIDE, NARROW = 1.05, 0.6
"""Usual widths of a character, in character heights: of a Chinese one and of others."""

UNSURE = 0.8
"""Probability of its least sure character below which a dash, or a line under a seal, may be dirt."""

REMAINS = 3
"""Most characters as which a stroke of a seal is read."""


OF_SEALS = re.compile(r"[\u4e00-\u9fff]*用章")
"""What seals say, and no cell of a form."""


@dataclass(frozen=True)
class _Shape:
    """A line's text in normal form, its probability, and, in character heights, its size, how much wider it is than
    its text and how far it stands from the cell's middle."""

    text: str
    probability: float
    height: float
    spare: float
    off: float

    @property
    def stands_off(self) -> bool:
        return self.off > OFF and self.height / 2 - self.off < COVERED

    @property
    def is_low(self) -> bool:
        return self.height < LOW


def is_stray(lines: Sequence[Line], inside: Box, char_height: float, *, sealed: bool) -> bool:
    """Whether all that was read in a cell is dirt.

    `inside` is the cell's inside; boxes and `char_height` are in pixels of the flat page. `sealed`: a seal's ink lies
    in the cell.
    """
    read = [line for line in lines if line.reading.chars]
    if not 0 < len(read) <= 2 or any(_is_operator(line.reading) for line in read):
        return False
    shapes = [_shape(line, inside, char_height) for line in read]
    if sealed and len(shapes) == 1 and _is_of_seal(shapes[0]):
        return True
    return all(_is_dirt(shape) for shape in shapes)


def _is_operator(reading: Reading) -> bool:
    signs = kind_rules().root[Kind.OPERATOR].texts
    return any(look.text.startswith(signs) for look in (reading, *reading.looks))


def _shape(line: Line, inside: Box, h: float) -> _Shape:
    x0, y0, x1, y1 = line.box
    text = plain(line.reading.text)
    usual = sum(NARROW if char.isascii() else WIDE for char in text)
    off = abs((y0 + y1) / 2 - (inside[1] + inside[3]) / 2) / h
    return _Shape(text, line.reading.weakest, (y1 - y0) / h, (x1 - x0) / h - usual, off)


def _is_dirt(shape: _Shape) -> bool:
    if shape.text in MARKS:
        return shape.stands_off or shape.is_low
    if not shape.stands_off:
        return False
    if shape.text in DASHES:
        return shape.probability < UNSURE
    if not shape.text.isascii() or len(shape.text) > 2 or "%" in shape.text:
        return False
    return shape.is_low or (len(shape.text) == 1 and shape.text.isalpha() and shape.off > FAR)


def _is_of_seal(shape: _Shape) -> bool:
    if OF_SEALS.fullmatch(shape.text):
        return True
    if not shape.stands_off or len(shape.text) > REMAINS:
        return False
    odd = shape.probability < UNSURE or shape.spare > SPARE or shape.height > TALL or shape.is_low
    return odd or (shape.text in UPRIGHT and shape.off > FAR)

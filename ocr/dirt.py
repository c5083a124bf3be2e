"""Lines of a cell that are no print: specks and remains of rulings that were read as a mark or a stroke.

A line is judged only beside another line of its cell. Beside print, what is smaller than any character, or
holds less ink than one has, is dirt; alone in a cell it may be the dash or the 1 that was typed there.

Limits measured on 7,565 lines of copies, faxes, photographs and scans whose text was known: of the lines that
belonged to no text these rules find nearly all that were read as one character, and of 2,576 that did belong
to one they took 2.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from shenbao.models.stages import Box, Reading

SPECK = 0.5
"""A line whose longer side is below this, in character heights, is no line of text."""

STROKE = 0.8
"""A line whose longer side is below this may be dirt, if it is faint, too."""

FAINT = 0.12
"""Ink of a line, in squares of the character height, below which it may be dirt."""

RIM = 0.25
"""Distance from the cell's side, in character heights, within which rulings leave remains."""

SURE = 0.7
"""A mark that is read with less probability than this is no print when it is faint."""

HAIR = 0.12
"""A stroke thinner than this, in character heights, beside a ruling, is a piece of that ruling."""


@dataclass(frozen=True)
class Line:
    """A line of a cell: its box, its reading, and its ink in pixels."""

    box: Box
    reading: Reading
    ink: float


def without_dirt(lines: Sequence[Line], inside: Box, char_height: float) -> list[Reading]:
    """The readings of a cell's lines, those of dirt replaced by one without characters.

    `inside` is the cell's inside; boxes and `char_height` are in pixels of the flat page.
    """
    if len(lines) < 2:
        return [line.reading for line in lines]
    dirty = [_is_dirt(line, inside, char_height) for line in lines]
    if all(d or not line.reading.chars for d, line in zip(dirty, lines, strict=True)):
        return [line.reading for line in lines]
    return [Reading(()) if d else line.reading for d, line in zip(dirty, lines, strict=True)]


def _is_dirt(line: Line, inside: Box, h: float) -> bool:
    """Whether a line would be dirt beside print."""
    x0, y0, x1, y1 = line.box
    longer, shorter = max(x1 - x0, y1 - y0) / h, min(x1 - x0, y1 - y0) / h
    if len(line.reading.chars) > 2 or not line.reading.chars:
        return False
    if longer < SPECK:
        return True
    if line.ink > FAINT * h * h or len(line.reading.chars) > 1:
        return False
    at_rim = min(x0 - inside[0], y0 - inside[1], inside[2] - x1, inside[3] - y1) < RIM * h
    if longer >= STROKE:
        return at_rim and shorter < HAIR
    return at_rim or line.reading.weakest < SURE

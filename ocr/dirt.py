"""Lines of a cell that are no print: specks, remains of rulings and of seals that were read as text.

A line is judged only beside another line of its cell. Beside print, what is smaller than any character, or
holds less ink than one has, is dirt; alone in a cell it may be the dash or the 1 that was typed there.

Limits measured on 7,565 lines of copies, faxes, photographs and scans whose text was known: of the lines that
belonged to no text these rules find nearly all that were read as one character, and of 2,576 that did belong
to one they took 2.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Indel

from shenbao.models.stages import STOPS, Box, Reading
from shenbao.ocr.constrain import Kind, kind_rules

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


SURE_STOP = 0.9
"""Least probability of a stop that was wrapped to a line of its own."""

NO_ROOM = 1.3
"""Room left in a line, in character heights, below which the next character does not fit into it."""

LINE_BELOW = 1.8
"""Distance in character heights from a line's foot within which the middle of a stop on the next line is."""

REMAINS = 3
"""Most characters as which what is left of a seal is read."""

STAINED = 0.01
"""Share of a line's place from which a seal's ink was taken, or which coloured ink covers."""

UNSURE, UNSURE_ALONE = 0.5, 0.3
"""A short line under a seal that is read with less probability than this is of the seal; the second where
it is the only line of its cell. Of 1,056 lines of cells under seals 53 were below, 2 of them print."""

PITCH, HIGH = 0.45, (0.8, 1.5)
"""Gap to the line above, and heights, in character heights, of a line under a seal that goes on from that one."""

CLOSE = 0.1
"""White between lines of print, in character heights, that is never less."""

AT_SIDE = 0.05
"""The same between print and the edge of its cell's inside."""

FEW, UNSURE_FEW = 2, 0.85
"""Most characters of a line without such white that is dirt where it is read with less than this probability."""

UNSURE_MANY = 0.5
"""The same for a line of more characters, of which no other look gave nearly the same."""

ALIKE = 0.6
"""Likeness of two texts, by insertions and deletions, from which they are nearly the same: print misread here and
there. Dirt is read in ways that have little in common."""

TALL, SQUARE = (0.8, 1.8), (0.7, 1.3)
"""Heights of a line of Chinese characters, in character heights, and widths of each in heights of the line."""


@dataclass(frozen=True)
class Line:
    """A line of a cell: its box, its reading, its ink in pixels, and the share of its place under a seal."""

    box: Box
    reading: Reading
    ink: float
    stained: float = 0.0


def without_dirt(lines: Sequence[Line], inside: Box, char_height: float) -> list[Reading]:
    """The readings of a cell's lines, those of dirt replaced by one without characters.

    `inside` is the cell's inside; boxes and `char_height` are in pixels of the flat page.
    """
    unsure = UNSURE if len(lines) > 1 else UNSURE_ALONE
    lines = [
        replace(line, reading=Reading(()))
        if _is_of_seal(line, unsure) and not (k and _is_wrapped_end(line, lines[k - 1], char_height))
        else line
        for k, line in enumerate(lines)
    ]
    if len(lines) < 2:
        return [line.reading for line in lines]
    dirty = [
        (_is_dirt(line, inside, char_height) or _is_squeezed(k, lines, inside, char_height))
        and not (k and _is_wrapped_stop(line, lines[k - 1], inside, char_height))
        for k, line in enumerate(lines)
    ]
    if all(d or not line.reading.chars for d, line in zip(dirty, lines, strict=True)):
        return [line.reading for line in lines]
    return [Reading(()) if d else line.reading for d, line in zip(dirty, lines, strict=True)]


def _is_of_seal(line: Line, unsure: float) -> bool:
    read = len(line.reading.chars)
    if line.stained <= STAINED or not 0 < read <= REMAINS or _surest(line.reading) >= unsure:
        return False
    # No seal holds signs of comparison, and little else looks like one.
    signs = kind_rules().root[Kind.OPERATOR].texts
    return not any(look.text.startswith(signs) for look in (line.reading, *line.reading.looks))


def _is_wrapped_end(line: Line, above: Line, h: float) -> bool:
    """Whether a line is the end of the one right above it: as high as a line, and another look gave the same."""
    gap, height = (line.box[1] - above.box[3]) / h, (line.box[3] - line.box[1]) / h
    agreed = len(line.reading.chars) > 1 and any(
        look.text == line.reading.text for look in line.reading.looks
    )
    return agreed and abs(gap) < PITCH and HIGH[0] < height < HIGH[1] and bool(above.reading.chars)


def _is_wrapped_stop(line: Line, above: Line, inside: Box, h: float) -> bool:
    """Whether a line is a stop alone, for which the full line above it had no room."""
    text = line.reading.text
    if text not in STOPS or line.reading.weakest < SURE_STOP or not above.reading.chars:
        return False
    full = (inside[2] - inside[0]) - (above.box[2] - above.box[0]) < NO_ROOM * h
    x, y = (line.box[0] + line.box[2]) / 2, (line.box[1] + line.box[3]) / 2
    below = 0 < y - above.box[3] < LINE_BELOW * h
    return (
        full and below and above.box[0] - 0.2 * h < x < above.box[2] and not above.reading.text.endswith(text)
    )


def _is_dirt(line: Line, inside: Box, h: float) -> bool:
    """Whether a line would be dirt beside print."""
    x0, y0, x1, y1 = line.box
    longer, shorter = max(x1 - x0, y1 - y0) / h, min(x1 - x0, y1 - y0) / h
    if len(line.reading.chars) > 2 or not line.reading.chars:
        return False
    if longer < SPECK or (shorter < SPECK and _in_corner(line.box, inside, h)):
        return True
    if line.ink > FAINT * h * h or len(line.reading.chars) > 1:
        return False
    at_rim = min(x0 - inside[0], y0 - inside[1], inside[2] - x1, inside[3] - y1) < RIM * h
    if longer >= STROKE:
        return at_rim and shorter < HAIR
    return at_rim or line.reading.weakest < SURE


def _is_squeezed(number: int, lines: Sequence[Line], inside: Box, h: float) -> bool:
    """Whether a line of a cell leaves no white to another line or to the cell's side, and is read without certainty:
    a seal's ring and letters, ruling and hairs. Of 1,845 lines of faxes and copies beside others 58 were dirt; 32 of
    them are told so, and 3 that were print."""
    line = lines[number]
    read = line.reading.chars
    if not read or _surest(line.reading) >= (UNSURE_FEW if len(read) <= FEW else UNSURE_MANY):
        return False
    if len(read) > FEW and any(
        Indel.normalized_similarity(look.text, line.reading.text) >= ALIKE for look in line.reading.looks
    ):
        return False
    if _is_set(line, h) or _closes_bracket(line, lines[:number]):
        return False
    x0, y0, x1, y1 = line.box
    others = [other.box for k, other in enumerate(lines) if k != number and other.reading.chars]
    white = min((max(b[1] - y1, y0 - b[3]) for b in others), default=h)
    at_side = min(x0 - inside[0], y0 - inside[1], inside[2] - x1, inside[3] - y1)
    return white < CLOSE * h or at_side < AT_SIDE * h


def _surest(reading: Reading) -> float:
    """How sure that one of all looks is which is surest of the text."""
    return max(look.weakest for look in (reading, *reading.looks) if look.text == reading.text)


def _closes_bracket(line: Line, above: Sequence[Line]) -> bool:
    """Whether a line closes the bracket that the lines above opened: 收入（万|元）."""
    before = "".join(x.reading.text for x in above)
    opened = sum(before.count(sign) for sign in "（(") - sum(before.count(sign) for sign in "）)")
    return opened == 1 and line.reading.text[-1] in "）)"


def _is_set(line: Line, h: float) -> bool:
    """Whether a line has the height and width of the Chinese characters that were read there."""
    x0, y0, x1, y1 = line.box
    if not all(unicodedata.category(char.char) == "Lo" for char in line.reading.chars):
        return False
    each = (x1 - x0) / (len(line.reading.chars) * (y1 - y0))
    return TALL[0] * h < y1 - y0 < TALL[1] * h and SQUARE[0] < each < SQUARE[1]


def _in_corner(box: Box, inside: Box, h: float) -> bool:
    """Whether a line lies in a corner of its cell, where thick rulings that meet leave more ink than a stroke has."""
    x0, y0, x1, y1 = box
    at_side = min(x0 - inside[0], inside[2] - x1) < RIM * h
    return at_side and min(y0 - inside[1], inside[3] - y1) < RIM * h

"""Text set on its side in narrow cells: read with the cell turned, where that reads well.

Forms set the labels of narrow cells either one character a line, which lines found from ink read as they
are, or as one line turned by a quarter. Of the latter every character lies on its side and is its own
"line": some are misread, and where all are read the text may run backwards. Characters that stand upright
in a column read poorly when the column is turned, so that a good reading of the turned cell decides.
"""

from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean

import cv2
import numpy as np

from shenbao.layout.lines import cut
from shenbao.models.stages import Box, FlatPage, Image, ReadCell, Reading, ReadLine
from shenbao.ocr.engine import LineReader

NARROW = 2.0
"""A cell is narrow when it is at least so many times as tall as wide."""

COLUMN = 1.5
"""Widest ink of a single turned line, in character heights."""

LONG = 2.0
"""Least length of a turned line, in character heights: one character alone has no direction."""

MOST_CHARS = 1.6
"""Mean number of characters read a line in a column of single characters."""

GOOD = 0.8
"""Least mean probability of the characters of a turned cell for it to be believed."""

SLACK = 0.05
"""By how much the characters as they stand may be likelier, and the turned cell is still believed."""

TURNS = (cv2.ROTATE_90_COUNTERCLOCKWISE, cv2.ROTATE_90_CLOCKWISE)


def with_turned(page: FlatPage, cells: Sequence[ReadCell], engine: LineReader) -> tuple[ReadCell, ...]:
    """The cells, those whose text lies on its side with that text as one line."""
    places = [i for i, cell in enumerate(cells) if _may_lie(cell, page.char_height)]
    if not places:
        return tuple(cells)
    boxes = [_around([line.box for line in cells[i].lines]) for i in places]
    readings = iter(
        engine.read_lines([p for i, b in zip(places, boxes, strict=True) for p in _turned(page, b, cells[i])])
    )
    found = list(cells)
    for i, box in zip(places, boxes, strict=True):
        best = max((next(readings) for _ in TURNS), key=_mean)
        upright = fmean(_mean(line.reading) for line in cells[i].lines)
        if len(best.chars) > 2 and _mean(best) > max(GOOD, upright - SLACK):
            found[i] = replace(cells[i], lines=(ReadLine(box, best),))
    return tuple(found)


def _may_lie(cell: ReadCell, h: float) -> bool:
    """Whether a cell is narrow and holds one column of single characters."""
    x0, y0, x1, y1 = cell.place.box
    if y1 - y0 < NARROW * (x1 - x0) or not cell.lines:
        return False
    left, top, right, bottom = _around([line.box for line in cell.lines])
    if right - left > COLUMN * h or bottom - top < LONG * h:
        return False
    return fmean(len(line.reading.chars) for line in cell.lines) < MOST_CHARS


def _turned(page: FlatPage, box: Box, cell: ReadCell) -> list[Image]:
    """The print of a cell turned both ways."""
    picture = cut(page, box, cell.place.box)
    # `cut` gives the margins of a level line; the ruling beside a narrow column must not come in.
    spare = round(0.15 * page.char_height)
    return [np.asarray(cv2.rotate(picture[:, spare:-spare], turn), np.uint8) for turn in TURNS]


def _around(boxes: Sequence[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _mean(reading: Reading) -> float:
    """Mean probability of the characters; 0 without any."""
    return fmean(char.probability for char in reading.chars) if reading.chars else 0.0

"""Commas and stops that were painted over as specks, told by the room that print leaves for them.

A 、 or a decimal point is no larger than a speck, and where a page has specks some of both are taken for the
other. But print sets its characters close: a small mark that stands low and alone in a gap as wide as a
character, or behind the last one, may be a sign. Such lines are read once more with these marks left in, and
what is then read is believed where it adds nothing but such signs.
"""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.lines import cut
from shenbao.models.stages import STOPS, Box, CharReading, FlatPage, Image, Reading

Mask = NDArray[np.bool_]

SMALL, LARGE = 0.06, 0.5
"""Longer side of a mark, in character heights."""

LOW = 0.45
"""A mark's middle is below this share of the line's height."""

BELOW = 0.2
"""How far below its line a mark reaches, in character heights."""

REACH = 1.0
"""Most paper between a mark and the character before it, in character heights."""

ROOM = 0.5
"""Least gap between characters that holds a mark, in character heights: print without a sign leaves less."""

BEHIND = 0.8
"""How far behind the last character a mark is looked for, in character heights."""

ALL_STOPS = STOPS | frozenset(",;:")
POINT = "."

SURE, SURE_LAST = 0.7, 0.9
"""Least probability of a sign that is added; the second behind the last character, where specks have room, too."""


def with_marks(page: FlatPage, line: Box, within: Box, foreign: Mask) -> Image | None:
    """The picture of a line in which the marks that may be stops are not painted over; None without such marks.

    `line` is on the page, `within` and `foreign` (its mask) as for `layout.lines.cut`.
    """
    h = page.char_height
    left, top = round(within[0]), round(within[1])
    rows = slice(max(0, round(line[1]) - top), max(0, round(line[3] + BELOW * h) - top))
    columns = slice(max(0, round(line[0]) - left), max(0, round(line[2] + BEHIND * h) - left))
    wiped = foreign[rows, columns]
    if not wiped.any():
        return None
    y, x = top + rows.start, left + columns.start
    print_ = (page.strong[y : y + wiped.shape[0], x : x + wiped.shape[1]] > 0) & ~wiped
    tall = max(line[3] - line[1], 0.8 * h)
    inked = np.asarray(print_[: max(1, round(line[3] - line[1]))].any(axis=0), np.bool_)
    marks = _marks(wiped, inked, tall, h)
    if not marks.any():
        return None
    kept = foreign.copy()
    kept[rows, columns] &= ~marks
    inked_rows, inked_columns = np.flatnonzero(marks.any(axis=1)), np.flatnonzero(marks.any(axis=0))
    grown = (
        line[0],
        line[1],
        max(line[2], float(x + inked_columns[-1] + 1)),
        max(line[3], float(y + inked_rows[-1] + 1)),
    )
    return cut(page, grown, within, kept)


def _marks(wiped: Mask, inked: Mask, tall: float, h: float) -> Mask:
    """The pieces of `wiped` (height, width) that may be stops; `inked` (width) are the columns that hold print."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(wiped.astype(np.uint8))
    taken = np.flatnonzero(inked)
    kept = np.zeros(count, np.bool_)
    for number, (x, y, w, t, _) in enumerate(stats[1:].tolist(), start=1):
        if not SMALL * h <= max(w, t) <= LARGE * h or y + t / 2 < LOW * tall:
            continue
        before, after = taken[taken < x + w], taken[taken >= x + w]
        if not len(before) or before[-1] >= x:
            continue
        gap = (int(after[0]) if len(after) else x + w + h) - int(before[-1]) - 1
        kept[number] = x - before[-1] - 1 <= REACH * h and gap >= ROOM * h
    return np.asarray(kept[labels], np.bool_)


def with_stops(reading: Reading, seen: Reading) -> Reading:
    """The reading `seen` of a line with its marks left in, where it is `reading` with stops added, else `reading`."""
    added = _added(reading, seen)
    if not added or not all(_is_stop(seen, place) for place in added):
        return reading
    return seen


def _added(reading: Reading, seen: Reading) -> list[int]:
    """Places of the characters that `seen` has more; empty where it is not the same text with more characters.

    Blanks count for nothing: one is read where a sign was painted over.
    """
    rest: Iterator[CharReading] = iter([c for c in reading.chars if c.char.strip()])
    expected = next(rest, None)
    added = []
    for place, char in enumerate(seen.chars):
        if expected is not None and char.char == expected.char:
            expected = next(rest, None)
        elif char.char.strip():
            added.append(place)
    return added if expected is None else []


def _is_stop(seen: Reading, place: int) -> bool:
    """Whether the character at a place is surely a stop, and one that can stand there."""
    char = seen.chars[place]
    if char.probability < SURE or place == 0:
        return False
    if place + 1 == len(seen.chars):
        return char.char in STOPS and char.probability >= SURE_LAST
    around = seen.chars[place - 1].char + seen.chars[place + 1].char
    return char.char in ALL_STOPS or (char.char == POINT and around.isdecimal())

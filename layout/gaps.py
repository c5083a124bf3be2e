"""Sides between the cells of a row that have gone without a trace, told from the print beside them.

Where rulings pale, one may lack a side that it has in the rows above and below, which are divided alike. It
was there if the row's print keeps to the same columns as theirs.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.broken import stub
from shenbao.layout.faces import bridged
from shenbao.layout.ink import components
from shenbao.models.stages import Image

TRACE, WHOLE = 0.05, 0.93
"""Support between which a side has paled."""

CLEAR = 0.15
"""Character heights that print keeps from a ruling."""

GAP = 0.6
"""Character heights between the print of two cells."""

WIDE = 2.0
"""The same from which one centred text, its characters far apart, is ruled out."""

EVEN = 0.4
"""Character heights within which prints begin, end or are centred alike."""

SPECK = 0.4
"""Character heights up to which ink is no print."""

BEGUN = 0.4
"""Character heights that a ruling goes into a side from which it goes through: beside a merged cell it ends."""

OWN, THIN = 0.2, 0.2
"""Character heights off a side within which ink is what is left of it, or of a streak on it, and how thick that is."""

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class _Cell:
    """Two neighbouring columns of a row: the lines beside them and between them."""

    first: int
    middle: int
    last: int
    row: int


def with_kept_gaps(
    found: NDArray[np.float64],
    lines: list[float],
    crossing: list[float],
    ink: Image,
    h: float,
    present: float,
    breaking: bool,
) -> NDArray[np.float64]:
    """The support (lines, rows) of a table's verticals, that of sides without a trace raised to `present` where
    the print of the rows above and below, divided alike, and of their own says that they were there; of a last row that
    holds print, the two rows above tell, of a first one with a trace of the side and two headings the two below, of
    one with a trace of it where rows that are divided alike end the next two, if its own print stands far apart.

    `ink` is turned, so that its rows lie along the lines; it should be free of streaks. Unless the page's rulings
    are `breaking` only lines are looked at that have paled somewhere, and sides into which a ruling goes.
    """
    raised = found.copy()
    drawn: Bools = np.asarray(bridged(np.nan_to_num(found), present) >= present, np.bool_)
    drawn[[0, -1]] = True  # where a table ends
    pale: Bools = np.max((found > TRACE) & (found < WHOLE), axis=1)
    for i, j in np.argwhere(found < present):
        begun = stub(ink, lines[i], crossing[j], crossing[j + 1], h) >= BEGUN * h
        if not begun and (found[i, j] < 0 or not (breaking or pale[i])):
            continue
        traced = begun or found[i, j] > TRACE
        cell = _between(drawn, int(i), int(j))
        if cell is None:
            continue
        middle = round(lines[cell.middle] - lines[cell.first])
        rows = _rows_alike(drawn, cell)
        own, *others = (_print(ink, lines, crossing, cell, q, h) for q in (int(j), *rows))
        at_end = j in (0, found.shape[1] - 1)
        if len(rows) < 2 or at_end and not own.any():
            continue  # one empty cell may close a page
        if j == 0 and not (traced and _are_centred(own, middle, h)):
            continue  # a heading may lie over both columns
        one_sided = not at_end and not rows[0] < j < rows[1]
        if one_sided and not (traced and _stands_apart(own, middle, h)):
            continue  # a line may have a blank to be filled in
        between = (q for q in range(min(rows), max(rows)) if q not in (j, *rows))
        if any(_lies_over(_print(ink, lines, crossing, cell, q, h), middle, h) for q in between):
            continue
        if _keep_apart(own, others, middle, h):
            raised[i, j] = present
    return raised


def _rows_alike(drawn: Bools, cell: _Cell) -> list[int]:
    """The nearest rows above and below that are divided as the cell's may be; where there is none on one side, the next
    two on the other, the nearer one first."""
    above, below = (_next_alike(drawn, cell, step) for step in (-1, 1))
    if above is not None and below is not None:
        return [above, below]
    near, step = (above, -1) if above is not None else (below, 1)
    if near is None:
        return []
    far = _next_alike(drawn, replace(cell, row=near), step)
    return [near] if far is None else [near, far]


def _between(drawn: Bools, i: int, row: int) -> _Cell | None:
    before, after = np.flatnonzero(drawn[:i, row]), np.flatnonzero(drawn[i + 1 :, row])
    if not len(before) or not len(after):
        return None
    return _Cell(int(before[-1]), i, i + 1 + int(after[0]), row)


def _next_alike(drawn: Bools, cell: _Cell, step: int) -> int | None:
    """The next row above (-1) or below (1) that is divided at the cell's three lines, and nowhere between them;
    one that lacks a side of these may lie before it."""
    for row in (cell.row + step, cell.row + 2 * step):
        if not 0 <= row < drawn.shape[1]:
            return None
        lines = {int(i) + cell.first for i in np.flatnonzero(drawn[cell.first : cell.last + 1, row])}
        if lines == {cell.first, cell.middle, cell.last}:
            return row
        if not lines <= {cell.first, cell.middle, cell.last}:
            return None
    return None


def _print(ink: Image, lines: list[float], crossing: list[float], cell: _Cell, row: int, h: float) -> Bools:
    """Where between the outer lines of a cell print stands in a row; rulings, what is left of the middle one, and
    specks are left out."""
    cut = max(2, round(0.2 * h))
    first, last = round(lines[cell.first]), round(lines[cell.last])
    band = ink[first:last, round(crossing[row]) + cut : round(crossing[row + 1]) - cut].copy()
    band[:cut] = band[len(band) - cut :] = 0
    if not band.size:
        return np.zeros(last - first, bool)
    labels, stats = components(band)
    sizes = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    top, thick = stats[:, cv2.CC_STAT_TOP], stats[:, cv2.CC_STAT_HEIGHT]  # the picture is turned
    off = np.abs(top + thick / 2 - (lines[cell.middle] - first))
    is_print = (sizes >= SPECK * h) & ((thick > THIN * h) | (off > OWN * h))
    is_print[0] = False
    return np.asarray(is_print[labels].any(axis=1))


def _keep_apart(own: Bools, others: list[Bools], middle: int, h: float) -> bool:
    """Whether print keeps to two columns that meet at `middle`, as in other rows."""
    if _lies_over(own, middle, h):
        return False
    left, right = np.flatnonzero(own[:middle]), np.flatnonzero(own[middle:]) + middle
    places = [*left, *right]
    centred = bool(places) and abs((places[0] + places[-1]) / 2 - len(own) / 2) < EVEN * h
    if len(left) and len(right):
        gap = int(right[0] - left[-1])
        return gap > WIDE * h or (gap > GAP * h and not centred)
    side = slice(0, middle) if len(left) else slice(middle, None)
    alike = not places or any(
        _is_even(own[side], other[side], h) or _lies_within(own[side], other[side], h) for other in others
    )
    return not centred and alike


def _stands_apart(own: Bools, middle: int, h: float) -> bool:
    """Whether print stands in both columns, which meet at `middle`, farther apart than in a text of its own, and is
    not centred in both as one, but may be in each."""
    left, right = np.flatnonzero(own[:middle]), np.flatnonzero(own[middle:]) + middle
    if not len(left) or not len(right) or right[0] - left[-1] <= WIDE * h:
        return False
    centred = abs((left[0] + right[-1]) / 2 - len(own) / 2) < EVEN * h
    return not centred or _are_centred(own, middle, h)


def _lies_over(print_: Bools, middle: int, h: float) -> bool:
    """Whether print stands where a side would be."""
    clear = max(1, round(CLEAR * h))
    return bool(print_[max(0, middle - clear) : middle + clear + 1].any())


def _are_centred(print_: Bools, middle: int, h: float) -> bool:
    """Whether the print of both columns, which meet at `middle`, stands in the middle of its own."""
    columns = (print_[:middle], print_[middle:])
    places = [np.flatnonzero(column) for column in columns]
    return all(
        len(at) and abs(at[0] + at[-1] + 1 - len(column)) / 2 < EVEN * h
        for at, column in zip(places, columns, strict=True)
    )


def _is_even(one: Bools, other: Bools, h: float) -> bool:
    """Whether the prints of two cells of a column begin, end or are centred alike."""
    a, b = np.flatnonzero(one), np.flatnonzero(other)
    if not len(a) or not len(b):
        return False
    places = ((int(x[0]), int(x[-1]), (int(x[0]) + int(x[-1])) / 2) for x in (a, b))
    return any(abs(p - q) < EVEN * h for p, q in zip(*places, strict=True))


def _lies_within(one: Bools, other: Bools, h: float) -> bool:
    """Whether the print of a cell, of which the paler part may be missing, lies where that of another one does."""
    a, b = np.flatnonzero(one), np.flatnonzero(other)
    return bool(len(a) and len(b) and a[0] > b[0] - EVEN * h and a[-1] < b[-1] + EVEN * h)

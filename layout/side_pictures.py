"""What tells whether a side of a cell is drawn: its picture, and how far the sides around it are.

Rules over traces (`grid`) measure each side by one thing after the other. Where they are in doubt, most sides are
plain to the eye: a row of dots between two lines of print, a pale double ruling beside a seal. So what the eye
would have is put together here for the network of `side_net`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import exp, isnan, log

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.faces import Sides
from shenbao.layout.paled import PRESENT
from shenbao.models.stages import Image, Rulings, Traces

ROWS, COLUMNS = 32, 64
"""Size of a side's picture, across its line and along it."""

ACROSS, BEYOND = 0.8, 0.5
"""Character heights that it shows on each side of the line, and beyond each end of the side."""

NEAREST, FARTHEST = exp(-3.0), exp(3.0)
"""Character heights between lines that are told apart."""

SHORTEST = 0.2
"""The same of the length of a side."""

NONE, UNKNOWN = -1.0, -0.5
"""How far a side is drawn that does not exist, and one of which nothing can be told."""

TALL = 30.0
"""Character height in pixels of a page scanned at about 200 dots to an inch."""

FACTS = 18
"""How many facts there are of a side."""

Support = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Lattice:
    """The sides of a finest grid in one direction, those of one line in a row.

    `lines` are the places of the lines and `crossing` those of the edges that cut them into sides, in pixels of the
    flat page, turned so that lines are level. `measured` and `told` (lines, sides) are how far each side is drawn,
    before and after its neighbours told what is hidden; `beside` (crossing edges, gaps between lines) is the same as
    `told` for the sides of the other direction. `planes` are pictures of the page: its darkness, its ridges, and what
    hides rulings.
    """

    level: bool
    lines: Sequence[float]
    crossing: Sequence[float]
    measured: Support
    told: Support
    beside: Support
    planes: tuple[Image, Image, Image | None]


def lattices(
    measured: Sides, told: Sides, xs: Sequence[float], ys: Sequence[float], rulings: Rulings
) -> tuple[Lattice, Lattice]:
    """The sides of a grid with the edges `xs` and `ys`, the level ones first; needs a page's own rulings."""
    across, down = _planes(rulings.across), _planes(rulings.down)
    return (
        Lattice(True, ys, xs, measured.across, told.across, told.down.T, across),
        Lattice(False, xs, ys, measured.down.T, told.down.T, told.across, down),
    )


def with_lines(lattice: Lattice, kept: Sequence[int]) -> Lattice:
    """A lattice with some of its lines alone, by their numbers in order, from the first to the last."""
    gaps = np.diff(lattice.lines)
    beside = [np.average(lattice.beside[:, i:j], axis=1, weights=gaps[i:j]) for i, j in pairwise(kept)]
    return replace(
        lattice,
        lines=[lattice.lines[i] for i in kept],
        measured=lattice.measured[kept],
        told=lattice.told[kept],
        beside=np.stack(beside, axis=1),
    )


def _planes(traces: Traces) -> tuple[Image, Image, Image | None]:
    dark = np.zeros_like(traces.ink) if traces.dark is None else traces.dark
    hiding = None
    for mask in (traces.streaks, traces.rings, traces.stars, traces.stain):
        if mask is not None:
            hiding = mask if hiding is None else np.asarray(cv2.max(hiding, mask), np.uint8)
    return dark, traces.ridges, hiding


def picture_of(lattice: Lattice, line: int, side: int, h: float) -> NDArray[np.uint8]:
    """The surroundings of a side, shape (3, ROWS, COLUMNS): see `Lattice.planes`; `h` is the character height."""
    at, first, last = lattice.lines[line], lattice.crossing[side], lattice.crossing[side + 1]
    top, left = round(at - ACROSS * h), round(first - BEYOND * h)
    bottom, right = max(round(at + ACROSS * h), top + 1), max(round(last + BEYOND * h), left + 1)
    made = np.zeros((3, ROWS, COLUMNS), np.uint8)
    for k, plane in enumerate(lattice.planes):
        if plane is not None:
            part = _part(plane, top, bottom, left, right)
            made[k] = cv2.resize(part, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA)
    return made


def _part(plane: Image, top: int, bottom: int, left: int, right: int) -> Image:
    """A part of a picture, with nothing where it reaches beyond."""
    height, width = plane.shape
    part = plane[max(0, top) : max(0, min(height, bottom)), max(0, left) : max(0, min(width, right))]
    if part.shape == (bottom - top, right - left):
        return part
    whole = np.zeros((bottom - top, right - left), np.uint8)
    y, x = max(0, -top), max(0, -left)
    whole[y : y + part.shape[0], x : x + part.shape[1]] = part
    return whole


def facts_of(lattice: Lattice, line: int, side: int, h: float, broken: float, dashed: bool) -> list[float]:
    """The `FACTS` of a side: its size, how far the sides around it are drawn, and how the page's rulings are.

    `broken` is the share (0 to 1) of the table's sides that are not drawn beyond doubt. What its own measured support
    is does not count: the rules that gave it were made by looking at forms, and err most on others.
    """
    lines, crossing, found = lattice.lines, lattice.crossing, lattice.measured
    rest = np.nan_to_num(np.delete(lattice.told[line], side))
    above, below = (
        _bounded(abs(lines[k] - lines[line]) / h) if 0 <= k < len(lines) else log(FARTHEST)
        for k in (line - 1, line + 1)
    )
    return [
        log(max(SHORTEST, (crossing[side + 1] - crossing[side]) / h)),
        _support(found, line, side - 1),
        _support(found, line, side + 1),
        float(rest.mean()) if rest.size else NONE,
        float((rest > PRESENT).mean()) if rest.size else NONE,  # those raised to it are not seen
        *(_support(lattice.beside, end, gap) for end in (side, side + 1) for gap in (line - 1, line)),
        _support(found, line - 1, side),
        _support(found, line + 1, side),
        float(line in (0, len(lines) - 1)),
        above,
        below,
        h / TALL,
        broken,
        float(dashed),
        float(lattice.level),
    ]


def _bounded(gap: float) -> float:
    return log(min(FARTHEST, max(NEAREST, gap)))


def _support(found: Support, row: int, column: int) -> float:
    if not (0 <= row < found.shape[0] and 0 <= column < found.shape[1]):
        return NONE
    value = float(found[row, column])
    return UNKNOWN if isnan(value) else value

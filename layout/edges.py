"""Where a table's row and column edges lie, from the rulings along them."""

import numpy as np

from shenbao.models.stages import Ruling

NEAR, SIGHT = 0.45, 0.15
"""Character heights up to which lines beside each other make one edge, as those of a double ruling do, and off an edge
from which a line is not seen there, as neither of a wide double ruling is from its middle."""


def edges_of(lines: list[Ruling], h: float, crossing: list[float] | None = None) -> list[float]:
    """Places of the rulings with near ones (a double ruling, two halves) taken as one, sorted.

    Two lines that meet at one of the `crossing` edges, each coming from its own side, are two column
    edges of the upper and the lower part of a form, however close.
    """
    groups: list[list[Ruling]] = []
    for line in sorted(lines, key=lambda x: x.at):
        near = groups[-1] if groups and line.at - groups[-1][-1].at < NEAR * h else []
        apart = any(line.at - x.at > 0.12 * h and _meet(line, x, crossing or [], h) for x in near)
        if near and not apart:
            near.append(line)
        else:
            groups.append([line])
    return [_place(g, h) for g in groups]


def _place(lines: list[Ruling], h: float) -> float:
    """Where an edge of near lines lies: between them, or on the longest where none would be seen from there."""
    at, lengths = [x.at for x in lines], [x.end - x.start for x in lines]
    middle = float(np.average(at, weights=lengths))
    seen = min(abs(x - middle) for x in at) < SIGHT * h
    return middle if seen else at[int(np.argmax(lengths))]


def _meet(one: Ruling, other: Ruling, crossing: list[float], h: float) -> bool:
    upper, lower = sorted((one, other), key=lambda x: x.start)
    return any(abs(upper.end - y) < 0.25 * h and abs(lower.start - y) < 0.25 * h for y in crossing)

"""Pieces of one ruling put together again, so that they tell together how it runs.

A fax has few rows of pixels to the inch: a ruling that is all but level falls into steps, each level by itself in the
fax's rows. Only from step to step does it show that it slants.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from shenbao.layout.straighten import Strand

GAP = 6.0
"""Character heights of a gap between two pieces of a ruling, at most."""

STEP, SLANT = 0.2, 0.01
"""Character heights by which a piece lies off the one before, at most, and how much more for each of the gap."""

OVERLAP = 0.5
"""Character heights by which one piece may begin before the other one ends."""


def in_rows(strands: Sequence[Strand], h: float) -> list[Strand]:
    """The strands, the level ones of one ruling as one; `h` is the character height of their page in pixels."""
    rows: list[list[Strand]] = []
    level = [_in_order(s) for s in strands if s.horizontal and not s.short]
    for strand in sorted(level, key=lambda s: float(s.points[0, 0])):
        fitting = [row for row in rows if _goes_on(row[-1], strand, h)]
        if fitting:
            min(fitting, key=lambda row: _step(row[-1], strand)).append(strand)
        else:
            rows.append([strand])
    return [s for s in strands if not s.horizontal or s.short] + [_joined(row) for row in rows]


def _in_order(strand: Strand) -> Strand:
    return replace(strand, points=strand.points[strand.points[:, 0].argsort()])


def _goes_on(before: Strand, strand: Strand, h: float) -> bool:
    gap = float(strand.points[0, 0] - before.points[-1, 0])
    return -OVERLAP * h <= gap <= GAP * h and _step(before, strand) <= STEP * h + SLANT * abs(gap)


def _step(before: Strand, strand: Strand) -> float:
    return abs(float(strand.points[0, 1] - before.points[-1, 1]))


def _joined(row: Sequence[Strand]) -> Strand:
    """One strand of several in a row, as heavy as they are in the mean."""
    if len(row) == 1:
        return row[0]
    weights = [s.weight for s in row], [len(s.points) for s in row]
    points = np.concatenate([s.points for s in row])
    return replace(row[0], points=points, weight=float(np.average(weights[0], weights=weights[1])))

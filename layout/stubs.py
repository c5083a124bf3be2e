"""Lines that go on a little beyond the ruling at which they end: a stroke of a seal or of print touches them there."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from shenbao.layout.rulings import LONG, SURE
from shenbao.models.stages import Ruling

STUB = 1.0
"""Character heights of a line beyond the last ruling that it crosses that may be a stroke of something else."""

MET, CLEAR = 0.3, 0.5
"""Character heights within which a line begins at a ruling, and by which it must go through one to cross it."""


def without_stub(line: Ruling, edges: NDArray[np.float64], h: float) -> Ruling:
    """A short line without what little of it lies beyond the last edge that it crosses, if it begins at one: there a
    stroke of a seal goes on from it. Strokes of print do not cross rulings."""
    if line.end - line.start < LONG * h or line.end - line.start > SURE * h:
        return line
    crossed = edges[(edges > line.start + CLEAR * h) & (edges < line.end - CLEAR * h)]
    gaps = [float(np.abs(edges - end).min()) for end in (line.start, line.end)]
    if not len(crossed) or min(gaps) > MET * h:
        return line
    if gaps[0] < gaps[1]:
        return replace(line, end=float(crossed[-1])) if line.end - crossed[-1] < STUB * h else line
    return replace(line, start=float(crossed[0])) if crossed[0] - line.start < STUB * h else line

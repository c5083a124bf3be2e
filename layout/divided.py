"""What is seen of lines that would divide a cell but were taken for none: it may be two cells whose side was lost.

Lines run on through merged cells as edges of the grid only. There, off print, paper looks as it does beside; what is
left of a ruling, however pale, is seen along one of them more than beside it.
"""

from dataclasses import replace

import numpy as np

from shenbao.layout.paled import MARGIN, pale_line
from shenbao.layout.stretches import held_columns
from shenbao.models.stages import Grid, GridCell, Rulings, Traces

OWN, NEAR = 0.1, 0.45
"""Character heights off a line within which ink is its own, and within which other ink is print."""

FREE = 0.3
"""Share of a line that must be free of print, streaks and rings of seals to be looked at, and no less than a character's
height."""

LITTLE = 0.05
"""Share of it from which something is seen."""

BESIDE = (-0.8, -0.55, 0.55, 0.8)
"""Character heights off a line at which it is measured how much is seen of the paper's grain."""


def with_lines_inside(grid: Grid, rulings: Rulings) -> Grid:
    """The grid, of each cell told how much is seen of the line that would divide it and is seen best."""
    cells = (replace(c, divided=_divided(c, grid, rulings)) if _is_merged(c) else c for c in grid.cells)
    return replace(grid, cells=tuple(cells))


def _is_merged(cell: GridCell) -> bool:
    return cell.row_span > 1 or cell.col_span > 1


def _divided(cell: GridCell, grid: Grid, rulings: Rulings) -> float:
    x0, y0, x1, y1 = cell.box
    h = rulings.char_height
    rows = grid.ys[cell.row + 1 : cell.row + cell.row_span]
    columns = grid.xs[cell.col + 1 : cell.col + cell.col_span]
    seen = [
        *(_seen(rulings.across, y, x0, x1, h) for y in rows),
        *(_seen(rulings.down, x, y0, y1, h) for x in columns),
    ]
    return round(max(seen, default=0.0), 4)


def _seen(traces: Traces, at: float, start: float, end: float, h: float) -> float:
    """The share of a line off print that is darker than beside it, beyond twice that of lines beside."""
    middle, cut = round(at), round(MARGIN * h)
    first, last = round(start) + cut, round(end) + 1 - cut
    own, near = max(1, round(OWN * h)), round(NEAR * h)
    if last - first < h or middle < near + 1:
        return 0.0
    free = ~held_columns(traces.ink[middle - near : middle - own, first:last])
    free &= ~held_columns(traces.ink[middle + own + 1 : middle + near + 1, first:last])
    for mask in (traces.streaks, traces.rings):
        if mask is not None:
            free &= ~held_columns(mask[middle - own : middle + own + 1, first:last])
    if np.count_nonzero(free) < max(h, FREE * len(free)):
        return 0.0

    def share(place: int) -> float:
        inside = 0 < place < len(traces.ridges) - 1
        return float(pale_line(traces, place, first, last, h)[free].mean()) if inside else 0.0

    here = share(middle)
    if here < LITTLE:
        return 0.0
    return max(0.0, here - 2 * float(np.mean([share(round(at + x * h)) for x in BESIDE])))

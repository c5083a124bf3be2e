"""FlatPage and rulings -> every table of the page: ruled, nested in a cell, or found by alignment."""

from collections.abc import Sequence

from shenbao.layout.aligned import find_aligned
from shenbao.layout.grid import find_grids
from shenbao.layout.nested import part_tables
from shenbao.layout.seal_ink import without_seals
from shenbao.models.stages import FlatMark, FlatPage, Grid, Rulings

BAND = 6.0
"""Greatest height, in character heights, of the shaded headings of a table without rulings."""

WIDTH = 0.8
"""Share of a table's width over which its shaded headings lie."""


def find_tables(page: FlatPage, rulings: Rulings, seals: Sequence[FlatMark] = ()) -> list[Grid]:
    """The tables of a page, top to bottom, those beside one another left to right.

    A table in a cell comes after its owner. `page` should be free of streaks. Ruled tables go first; what
    they leave is looked through for tables without vertical rulings, with the grey `seals` there taken off:
    their characters are no print in the gaps between columns.
    """
    grids = [grid for part in part_tables(rulings) for grid in find_grids(part)]
    free = [seal for seal in seals if not any(_in_grid(seal, grid) for grid in grids)]
    clean = without_seals(page, free)
    bands = [grid for grid in grids if _is_band(grid, page.char_height)]
    if bands:
        whole = [grid for grid in grids if grid not in bands]
        aligned = find_aligned(clean, rulings, whole)
        heads = [band for band in bands if any(_heads(band, grid) for grid in aligned)]
        if heads:
            return in_order([*[grid for grid in grids if grid not in heads], *aligned])
    return in_order([*grids, *find_aligned(clean, rulings, grids)])


def _is_band(grid: Grid, h: float) -> bool:
    """Whether a grid may be the shaded headings of a table that has no rulings: one low row."""
    return len(grid.ys) == 2 and grid.ys[1] - grid.ys[0] < BAND * h


def _heads(band: Grid, table: Grid) -> bool:
    """Whether a band lies in a table and over all of its width but the margins of print."""
    x0, y0, x1, y1 = band.box
    inside = table.ys[0] <= (y0 + y1) / 2 <= table.ys[-1]
    return inside and min(x1, table.xs[-1]) - max(x0, table.xs[0]) > WIDTH * (table.xs[-1] - table.xs[0])


def _in_grid(seal: FlatMark, grid: Grid) -> bool:
    x0, y0, x1, y1 = grid.box
    return x0 < seal.x < x1 and y0 < seal.y < y1


def in_order(grids: Sequence[Grid]) -> list[Grid]:
    """Grids in reading order: those that begin above the middle of another one, beside it, share its row."""
    rows: list[list[Grid]] = []
    for grid in sorted(grids, key=lambda g: (g.ys[0], g.xs[0])):
        row = rows[-1] if rows else []
        if row and all(_share_row(other, grid) for other in row):
            row.append(grid)
        else:
            rows.append([grid])
    return [grid for row in rows for grid in sorted(row, key=lambda g: g.xs[0])]


def _share_row(one: Grid, other: Grid) -> bool:
    beside = one.xs[-1] <= other.xs[0] or other.xs[-1] <= one.xs[0]
    return beside and other.ys[0] < (one.ys[0] + one.ys[-1]) / 2

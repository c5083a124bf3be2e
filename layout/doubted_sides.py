"""Sides of cells that are only half drawn and make no sense: the cells that they part are one.

A stroke of a seal, a fold or a scratch may look like a piece of a ruling. Beside it stands a cell without
print, though the rows above and below are not divided there, or the label on its other side stands in the
middle of both.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from shenbao.models.stages import Box, GridCell, PageTable, ReadCell

SURE = 0.9
"""Share of a side from which it is drawn beyond doubt."""

CENTRED, OFF = 0.3, 0.8
"""Character heights by which a label must stand nearer to the middle of both cells than to that of its own, and how
far off that middle it stands at most: labels at the top of their cells are in the middle of none."""

Rule = Callable[[ReadCell, ReadCell, PageTable], bool]


def without_doubted_sides(table: PageTable) -> PageTable:
    """The table with those cells put together that a doubtful side parts."""
    if not table.grid.ruled:
        return table
    cells = list(table.cells)
    for one, other in _pairs(cells):
        if not (one in cells and other in cells):
            continue
        rule: Rule = _is_alone if one.place.row == other.place.row else _is_centred_in_both
        if rule(one, other, replace(table, cells=tuple(cells))):
            cells[cells.index(one)] = _together(one, other)
            cells.remove(other)
    if len(cells) == len(table.cells):
        return table
    grid = replace(table.grid, cells=tuple(c.place for c in cells))
    return replace(table, grid=grid, cells=tuple(cells))


def _pairs(cells: Sequence[ReadCell]) -> list[tuple[ReadCell, ReadCell]]:
    """Cells that a doubtful side parts, one of them blank: first those beside each other, then those below."""
    doubted = {(c.place.row, c.place.col): c for c in cells if min(c.place.drawn) < SURE}
    beside = ((a, doubted.get((a.place.row, a.place.col + a.place.col_span))) for a in doubted.values())
    below = ((a, doubted.get((a.place.row + a.place.row_span, a.place.col))) for a in doubted.values())
    met = [(a, b) for a, b in beside if b and _is_doubted_beside(a.place, b.place)]
    met += [(a, b) for a, b in below if b and _is_doubted_below(a.place, b.place)]
    return [(a, b) for a, b in met if not (a.text and b.text)]


def _is_doubted_beside(one: GridCell, other: GridCell) -> bool:
    """Whether the side between two neighbours, each in one row, is not drawn beyond doubt."""
    return one.row_span == other.row_span == 1 and one.drawn[3] < SURE


def _is_doubted_below(one: GridCell, other: GridCell) -> bool:
    """Whether the side between a cell and the one below it, as wide, is not drawn beyond doubt."""
    return one.col_span == other.col_span and one.drawn[1] < SURE


def _is_alone(a: ReadCell, b: ReadCell, table: PageTable) -> bool:
    """Whether the rows above and below have one cell where this one has two."""
    row, width = a.place.row, (a.place.col, a.place.col_span + b.place.col_span)
    alike = [c.place for c in table.cells if (c.place.col, c.place.col_span) == width]
    return any(p.row + p.row_span == row for p in alike) and any(p.row == row + 1 for p in alike)


def _is_centred_in_both(a: ReadCell, b: ReadCell, table: PageTable) -> bool:
    """Whether the print of two cells stands in the middle of both; other columns must have a row edge there."""
    filled = a if a.text else b
    lines = [line.box for line in filled.lines if line.reading.chars]
    edge = b.place.row
    if not lines or not any(c.place.row == edge for c in table.cells if c is not b):
        return False
    middle = (min(y0 for _, y0, _, _ in lines) + max(y1 for *_, y1 in lines)) / 2
    own, both = (abs(middle - (y0 + y1) / 2) for _, y0, _, y1 in (filled.place.box, _around(a, b)))
    return both + CENTRED * table.char_height < own and both < OFF * table.char_height


def _around(a: ReadCell, b: ReadCell) -> Box:
    return (*a.place.box[:2], *b.place.box[2:])


def _together(a: ReadCell, b: ReadCell) -> ReadCell:
    """Two neighbouring cells as one."""
    one, other = a.place, b.place
    level = one.row == other.row
    top, bottom, left, right = (min(x, y) for x, y in zip(one.drawn, other.drawn, strict=True))
    drawn = (
        (top, bottom, one.drawn[2], other.drawn[3]) if level else (one.drawn[0], other.drawn[1], left, right)
    )
    place = replace(
        one,
        row_span=one.row_span if level else one.row_span + other.row_span,
        col_span=one.col_span + other.col_span if level else one.col_span,
        box=_around(a, b),
        drawn=drawn,
    )
    p, q = a.polygon, b.polygon
    return replace(
        a,
        place=place,
        polygon=(p[0], q[1], q[2], p[3]) if level else (p[0], p[1], q[2], q[3]),
        lines=a.lines + b.lines,
        ink=max(a.ink, b.ink),
        stained=max(a.stained, b.stained),
        touching=a.touching or b.touching,
        flags=tuple(dict.fromkeys([*a.flags, *b.flags])),
    )

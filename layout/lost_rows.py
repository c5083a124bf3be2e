"""Rulings between numbers of several rows, lost in one column: the rows of the others tell where they were."""

from dataclasses import replace

from shenbao.models.plain import plain
from shenbao.models.stages import PageTable, ReadCell

MIDDLE = 0.3
"""Character heights from the middle of its row within which a number stands in it."""


def with_lost_rows(table: PageTable) -> PageTable:
    """The table with those cells divided that hold one number in the middle of each of the rows they run over."""
    if not table.grid.ruled:
        return table
    cells = [part for cell in table.cells for part in _parted(cell, table)]
    if len(cells) == len(table.cells):
        return table
    cells.sort(key=lambda c: (c.place.row, c.place.col))
    return replace(table, grid=replace(table.grid, cells=tuple(c.place for c in cells)), cells=tuple(cells))


def _parted(cell: ReadCell, table: PageTable) -> list[ReadCell]:
    """The cell, divided into its rows where each has a number of its own that was not wrapped."""
    place, ys, h = cell.place, table.grid.ys, table.char_height
    rows = range(place.row, place.row + place.row_span)
    lines = [line for line in cell.lines if line.reading.chars]
    if len(rows) == 1 or len(lines) != len(rows):
        return [cell]
    for row, line in zip(rows, lines, strict=True):
        off = (line.box[1] + line.box[3] - ys[row] - ys[row + 1]) / 2
        free = place.box[2] - place.box[0] - (line.box[2] - line.box[0])
        if abs(off) > MIDDLE * h or free < h or not plain(line.reading.text).isdecimal():
            return [cell]
        if row > rows[0] and not any(c.place.row == row for c in table.cells):
            return [cell]
    return [_row_of(cell, row, ys) for row in rows]


def _row_of(cell: ReadCell, row: int, ys: tuple[float, ...]) -> ReadCell:
    """What of a cell stands in one row."""
    place = cell.place
    first, last = ys[place.row], ys[place.row + place.row_span]
    top, bottom = ((y - first) / (last - first) for y in (ys[row], ys[row + 1]))
    a, b, c, d = cell.polygon
    drawn = (
        place.drawn[0] if row == place.row else 0.0,
        place.drawn[1] if row == place.row + place.row_span - 1 else 0.0,
        *place.drawn[2:],
    )
    box = (place.box[0], ys[row], place.box[2], ys[row + 1])
    return replace(
        cell,
        place=replace(place, row=row, row_span=1, box=box, drawn=drawn),
        polygon=(between(a, d, top), between(b, c, top), between(b, c, bottom), between(a, d, bottom)),
        lines=tuple(x for x in cell.lines if ys[row] <= (x.box[1] + x.box[3]) / 2 < ys[row + 1]),
    )


def between(a: tuple[float, float], b: tuple[float, float], share: float) -> tuple[float, float]:
    """The point of the delivered page, to a tenth of a pixel, that lies by a share of the way from one to another."""
    return round(a[0] + share * (b[0] - a[0]), 1), round(a[1] + share * (b[1] - a[1]), 1)

"""A header that a table repeats on its next page is read twice: what it says there is a further look at it."""

from collections.abc import Sequence
from dataclasses import replace

from shenbao.models.stages import PageTable, ReadCell, ReadLine


def span_of(cell: ReadCell) -> tuple[int, int, int]:
    """Its column, and how many rows and columns it spans."""
    return cell.place.col, cell.place.row_span, cell.place.col_span


def heard_again(
    table: PageTable, pairs: Sequence[tuple[Sequence[ReadCell], Sequence[ReadCell]]]
) -> PageTable:
    """The first part of a table, its header's lines with their readings on later pages as further `looks`.

    `pairs` are the cells of a header row of it and those of the row that repeats it. A cell is heard again by one that
    lies over the same columns and is as deep, where both have as many lines, all of them recognised.
    """
    found: dict[int, ReadCell] = {}
    for first, again in pairs:
        others = {span_of(cell): cell for cell in again}
        for cell in first:
            other = others.get(span_of(cell))
            if other is not None:
                found[id(cell)] = _with_looks(found.get(id(cell), cell), other)
    if not found:
        return table
    return replace(table, cells=tuple(found.get(id(cell), cell) for cell in table.cells))


def _with_looks(cell: ReadCell, other: ReadCell) -> ReadCell:
    lines = [line for line in cell.lines if line.reading.chars]
    more = [line for line in other.lines if line.reading.chars]
    if not lines or len(lines) != len(more) or any(line.reading.lattice is None for line in (*lines, *more)):
        return cell
    looks = dict(zip(map(id, lines), more, strict=True))
    return replace(cell, lines=tuple(_looked(line, looks.get(id(line))) for line in cell.lines))


def _looked(line: ReadLine, other: ReadLine | None) -> ReadLine:
    if other is None:
        return line
    looks = (*line.reading.looks, other.reading, *other.reading.looks)
    return replace(line, reading=replace(line.reading, looks=looks))

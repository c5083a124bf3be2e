"""Widths and heights for a spreadsheet, as they are on paper."""

import math
from collections.abc import Sequence
from statistics import median

from shenbao.models.document import Page, Polygon, Table

_CHARS_PER_INCH = 12.6
"""A spreadsheet column of 8.43 characters is 64 pixels of 96 to the inch wide."""

_POINTS_PER_INCH = 72.0
_NARROWEST, _WIDEST = 5.0, 70.0
_LOWEST, _HIGHEST = 15.0, 400.0
_UNKNOWN_WIDTH = 14.0


def column_widths(table: Table, pages: Sequence[Page]) -> list[float]:
    """Width of each column in characters, from the cells that span one column."""
    sizes = _sizes(table, pages)
    widths = []
    for col in range(table.n_cols):
        inches = [
            sizes[i][0]
            for i, cell in enumerate(table.cells)
            if cell.col == col and cell.col_span == 1 and i in sizes
        ]
        width = median(inches) * _CHARS_PER_INCH if inches else _UNKNOWN_WIDTH
        widths.append(round(min(max(width, _NARROWEST), _WIDEST), 1))
    return widths


def row_heights(table: Table, pages: Sequence[Page]) -> list[float | None]:
    """Height of each row in points, from the cells that span one row; None where nothing is known."""
    sizes = _sizes(table, pages)
    heights: list[float | None] = []
    for row in range(table.n_rows):
        inches = [
            sizes[i][1]
            for i, cell in enumerate(table.cells)
            if cell.row == row and cell.row_span == 1 and i in sizes
        ]
        points = median(inches) * _POINTS_PER_INCH if inches else None
        heights.append(None if points is None else round(min(max(points, _LOWEST), _HIGHEST), 1))
    return heights


def _sizes(table: Table, pages: Sequence[Page]) -> dict[int, tuple[float, float]]:
    """Width and height in inches of the cells (by index) that say where they stand.

    The parts of a cell that a page break cut stand below each other.
    """
    dpi = {page.number: page.dpi for page in pages}
    sizes: dict[int, tuple[float, float]] = {}
    for index, cell in enumerate(table.cells):
        parts = [(_extent(r.polygon), dpi[r.page]) for r in cell.regions if r.page in dpi]
        if parts:
            width = max(extent[0] / dots for extent, dots in parts)
            sizes[index] = width, sum(extent[1] / dots for extent, dots in parts)
    return sizes


def _extent(polygon: Polygon) -> tuple[float, float]:
    a, b, c, d = polygon
    return (math.dist(a, b) + math.dist(d, c)) / 2, (math.dist(a, d) + math.dist(b, c)) / 2

"""FlatPage and grids -> read cells and read lines: every line of a page is read in one go."""

from collections.abc import Iterator, Sequence

import cv2

from shenbao.layout.free_lines import combined, holds_prose, joined_pieces
from shenbao.layout.lines import CellInk, cut, find_cell_lines, find_free_lines
from shenbao.layout.order import reading_order
from shenbao.models.document import Polygon
from shenbao.models.stages import Box, FlatPage, Grid, GridCell, Image, ReadCell, Reading, ReadLine
from shenbao.ocr.dirt import Line, without_dirt
from shenbao.ocr.engine import LineReader
from shenbao.ocr.second_look import look_again
from shenbao.ocr.turned import with_turned


def read_page(
    page: FlatPage, grids: Sequence[Grid], engine: LineReader, second_look: float = 0.0
) -> tuple[list[tuple[ReadCell, ...]], list[ReadLine]]:
    """The cells of each grid with their lines read, and the lines outside tables in reading order.

    Lines inside cells are found from ink. A page without a table may be anything, and prose needs its
    lines told apart: there the engine's detector helps. Doubtful lines are read again, at the cost of at
    most `second_look` as a share of that of all lines.
    """
    inks = [[find_cell_lines(page, c.box) for c in g.cells] for g in grids]
    free = _free_lines(page, grids, engine)
    height, width = page.grey.shape
    pictures: list[Image] = [
        cut(page, line, ink.inner, ink.waste) for group in inks for ink in group for line in ink.lines
    ]
    pictures += [cut(page, box, (0.0, 0.0, float(width), float(height))) for box in free]
    readings = iter(look_again(pictures, engine.read_lines(pictures), engine, second_look))
    tables = [
        [
            _read_cell(page, cell, polygon, ink, readings)
            for cell, polygon, ink in zip(
                g.cells, page.polygons([c.box for c in g.cells]), group, strict=True
            )
        ]
        for g, group in zip(grids, inks, strict=True)
    ]
    loose = [ReadLine(box, next(readings)) for box in free]
    return [with_turned(page, cells, engine) for cells in tables], loose


def _free_lines(page: FlatPage, grids: Sequence[Grid], engine: LineReader) -> list[Box]:
    """The lines outside tables in reading order."""
    h = page.char_height
    inked = joined_pieces(find_free_lines(page, grids), h)
    free = inked
    if not grids or holds_prose(inked, h):
        free = combined(engine.find_lines(page.grey), inked, grids, h)
    boxes = [*free, *(grid.box for grid in grids)]
    order = reading_order(boxes, h)
    return [boxes[i] for run in order for i in run if i < len(free)]


def _read_cell(
    page: FlatPage, cell: GridCell, polygon: Polygon, ink: CellInk, readings: Iterator[Reading]
) -> ReadCell:
    x0, y0, x1, y1 = (round(v) for v in ink.inner)
    stain = page.stain[y0:y1, x0:x1]
    lines = [Line(box, next(readings), _ink(page, box)) for box in ink.lines]
    kept = without_dirt(lines, ink.inner, page.char_height)
    return ReadCell(
        place=cell,
        polygon=polygon,
        lines=tuple(ReadLine(box, reading) for box, reading in zip(ink.lines, kept, strict=True)),
        ink=ink.share,
        stained=float((stain > 0).mean()) if stain.size else 0.0,
        touching=ink.touching,
    )


def _ink(page: FlatPage, box: Box) -> float:
    """Pixels of print inside a box."""
    x0, y0, x1, y1 = (round(v) for v in box)
    return float(cv2.countNonZero(page.strong[y0:y1, x0:x1]))

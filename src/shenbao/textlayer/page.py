"""PageImage with a text layer -> ReadPage: tables from the rulings, characters from the layer."""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain

import numpy as np

from shenbao.errors import EngineUnavailable
from shenbao.layout.order import reading_order
from shenbao.layout.rulings import find_rulings
from shenbao.layout.tables import find_tables
from shenbao.models.stages import (
    FlatPage,
    Glyph,
    Grid,
    PageImage,
    ReadCell,
    ReadLine,
    Rulings,
    TextLayer,
)
from shenbao.ocr.engine import LineReader
from shenbao.ocr.page import cell_flags, nested_boxes
from shenbao.textlayer.agreement import Judge, Witness
from shenbao.textlayer.drawn import Frame, drawn_page, flat_boxes, frame_of, main_turn, without_print
from shenbao.textlayer.evidence import contradiction, print_of, reason_against
from shenbao.textlayer.setting import FlatGlyph, set_lines, with_confidence, without_doubles
from shenbao.textlayer.thresholds import thresholds

log = logging.getLogger(__name__)

LARGEST = 0.2
"""Share of the page's longer side above which no character of print is high or wide."""

Placed = tuple[list[list[list[FlatGlyph]]], list[FlatGlyph]]
"""The glyphs of each cell of each grid, and those outside all grids."""

LayerPage = tuple[FlatPage, Rulings, list[Grid], list[tuple[ReadCell, ...]], list[ReadLine]]


def read_layer(image: PageImage, engine: Callable[[], LineReader]) -> LayerPage | None:
    """The flat page with its cells and lines as the text layer has them; None where the layer is not to be
    believed, or there is none.

    `engine` is asked for only when the picture alone does not speak against the layer.
    """
    if image.layer is None:
        return None
    drawn = on_page(image, image.layer.glyphs)
    if not drawn:
        return None
    limits = thresholds()
    frame = frame_of(image, main_turn(drawn))
    glyphs = without_doubles(flat_glyphs(drawn, frame))
    page = drawn_page(image, frame, _char_height(glyphs))
    rulings = find_rulings(without_print(page, np.array([g.box for g in glyphs])))
    grids = find_tables(page, rulings)
    shown = print_of(page, rulings, grids, glyphs)
    judge = Judge(limits, shown, page.char_height, partial(_witness, image.layer, frame))
    in_cells, outside = placed(grids, glyphs)
    cells = [_cells(page, grid, grids, found, judge) for grid, found in zip(grids, in_cells, strict=True)]
    loose = _in_order(
        [with_confidence(x, limits.clear.probability) for x in set_lines(outside, parted=True)], grids, page
    )
    lines = [*(line for group in cells for cell in group for line in cell.lines), *loose]
    against = reason_against(page, shown, glyphs, lines, limits) or contradiction(
        page, lines, engine(), limits
    )
    if against:
        log.info("page %d is read as a scan: %s", image.number, against)
        return None
    return page, rulings, grids, cells, loose


def _witness(layer: TextLayer, frame: Frame) -> Witness | None:
    """What camelot sees on the flat page; None where it is not installed."""
    try:
        cells = list(chain.from_iterable(layer.lattice()))
    except EngineUnavailable:
        return None
    return Witness(flat_boxes([cell.box for cell in cells], frame), tuple(cell.text for cell in cells))


def on_page(image: PageImage, glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The glyphs that can be print: their middle is on the page, and they are of a size for it.

    A file may set characters anywhere and as large as it likes; nobody sees those beside the page.
    """
    boxes = np.array([g.box for g in glyphs], np.float64).reshape(-1, 4)
    x0, y0, x1, y1 = boxes.T
    size = np.maximum(x1 - x0, y1 - y0)
    fit = (x0 + x1 >= 0) & (x0 + x1 <= 2 * image.width) & (y0 + y1 >= 0) & (y0 + y1 <= 2 * image.height)
    fit &= size <= LARGEST * max(image.width, image.height)
    return [glyphs[i] for i in np.flatnonzero(fit).tolist()]


def flat_glyphs(glyphs: Sequence[Glyph], frame: Frame) -> list[FlatGlyph]:
    """The glyphs on the flat page."""
    boxes = flat_boxes([g.box for g in glyphs], frame)
    origins = frame.flat(np.array([g.origin for g in glyphs], np.float64).reshape(-1, 2))
    return [
        FlatGlyph(
            g.char,
            (float(b[0]), float(b[1]), float(b[2]), float(b[3])),
            float(o[1]),
            g.after_blank,
            g.turn != frame.turn,
        )
        for g, b, o in zip(glyphs, boxes, origins, strict=True)
    ]


def _char_height(glyphs: Sequence[FlatGlyph]) -> float:
    """Of the page's print: the taller half of the shapes, since 一 and a full stop are flat."""
    return max(4.0, float(np.percentile([g.height for g in glyphs], 75)))


def placed(grids: Sequence[Grid], glyphs: Sequence[FlatGlyph]) -> Placed:
    """Each glyph in the cell that its middle stands in: of a table in a cell, the inner one's."""
    middles = np.array([g.middle for g in glyphs], np.float64).reshape(-1, 2)
    free = np.ones(len(glyphs), bool)
    found: list[list[list[FlatGlyph]]] = [[[] for _ in grid.cells] for grid in grids]
    for k in sorted(range(len(grids)), key=lambda k: _area(grids[k])):
        for cell, own in zip(grids[k].cells, found[k], strict=True):
            x0, y0, x1, y1 = cell.box
            x, y = middles[:, 0], middles[:, 1]
            inside = free & (x >= x0) & (x < x1) & (y >= y0) & (y < y1)
            own += [glyphs[i] for i in np.flatnonzero(inside).tolist()]
            free &= ~inside
    return found, [glyphs[i] for i in np.flatnonzero(free).tolist()]


def _area(grid: Grid) -> float:
    x0, y0, x1, y1 = grid.box
    return (x1 - x0) * (y1 - y0)


def _cells(
    page: FlatPage, grid: Grid, grids: Sequence[Grid], found: Sequence[Sequence[FlatGlyph]], judge: Judge
) -> tuple[ReadCell, ...]:
    inner = nested_boxes(grid, grids)
    cells = []
    polygons = page.polygons([cell.box for cell in grid.cells])
    flagged = [cell_flags(grid, place, inner) for place in grid.cells]
    written = [set_lines(glyphs) for glyphs in found]
    texts = ["".join(line.reading.text for line in lines) for lines in written]
    sure = judge.probabilities(grid, found, texts, ["nested_table" in flags for flags in flagged])
    for place, polygon, own, flags, known in zip(grid.cells, polygons, written, flagged, sure, strict=True):
        lines = tuple(with_confidence(line, known) for line in own)
        x0, y0, x1, y1 = (round(v) for v in place.box)
        ink, stain = judge.shown.ink[y0:y1, x0:x1], page.stain[y0:y1, x0:x1]
        cells.append(
            ReadCell(
                place=place,
                polygon=polygon,
                lines=lines,
                ink=float((ink > 0).mean()) if ink.size else 0.0,
                stained=float((stain > 0).mean()) if stain.size else 0.0,
                touching=False,
                flags=flags,
                known=known,
            )
        )
    return tuple(cells)


def _in_order(lines: list[ReadLine], grids: Sequence[Grid], page: FlatPage) -> list[ReadLine]:
    """Lines outside tables in reading order."""
    boxes = [*(line.box for line in lines), *(grid.box for grid in grids)]
    order = reading_order(boxes, page.char_height)
    return [lines[i] for run in order for i in run if i < len(lines)]

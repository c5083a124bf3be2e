"""Exact cells and paragraphs of an Office file -> the stage types of a page that was read.

An Office file has no pages until a program lays it out, and each does so in its own way. Here the content
is one page (a sheet: one page each) as wide as the paper and as long as it takes, at 96 dpi: the places
tell order and neighbourhood, not where a printer would put things.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from shenbao.layout.captions import lines_over, title_and_captions
from shenbao.layout.print_lines import ems
from shenbao.layout.prose import Prose
from shenbao.models.document import Page, Polygon, Role, Text
from shenbao.models.stages import Box, CharReading, Grid, GridCell, PageTable, ReadCell, Reading, ReadLine

DPI = 96.0

TYPE = 14.0
"""Pixels of the type that is taken where the file does not tell: 10.5 pt."""

LEADING = 1.6

KNOWN = 1 - 1e-6
"""Probability of a text that the file itself gives."""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph outside tables; `size` of its type in pixels, `level` of a heading."""

    text: str
    align: Literal["left", "centre", "right"] = "left"
    size: float = TYPE
    role: Role = "paragraph"
    level: int | None = None
    box: Box | None = None
    """Where it stands, in pixels; None to put it under what comes before."""


@dataclass(frozen=True)
class ExactCell:
    """A cell with its spans; `flags` say what is special about it, `known` how sure its text is."""

    row: int
    col: int
    row_span: int
    col_span: int
    text: str
    flags: tuple[str, ...] = ()
    known: float = KNOWN


@dataclass(frozen=True)
class ExactTable:
    """A table: widths of its columns and heights of its rows in pixels, and cells that cover it once.

    `origin` is its top left corner; None to put it under what comes before.
    """

    widths: tuple[float, ...]
    heights: tuple[float, ...]
    cells: tuple[ExactCell, ...]
    origin: tuple[float, float] | None = None


Item = Paragraph | ExactTable


@dataclass(frozen=True)
class WrittenPage:
    """A page of a file that gives its text exactly: in place of a picture.

    `order` are the page's texts (by place) and, as (-1 - k), its tables, as they follow one another.
    """

    page: Page
    tables: tuple[PageTable, ...]
    order: tuple[int, ...]


@dataclass(frozen=True)
class Paper:
    """Size and margins of the paper in pixels."""

    width: float
    height: float
    margin: float


A4 = Paper(794.0, 1123.0, 96.0)


def laid_out(number: int, items: Sequence[Item], paper: Paper = A4) -> WrittenPage:
    """A page with these items from top to bottom."""
    y, width = paper.margin, paper.width
    lines: list[ReadLine] = []
    paragraphs: list[Paragraph] = []
    grids: list[tuple[ExactTable, Grid]] = []
    order: list[int] = []
    for item in items:
        if isinstance(item, Paragraph):
            box = item.box or _paragraph_box(item, y, paper)
            order.append(len(lines))
            lines.append(ReadLine(box, _reading(item.text, KNOWN)))
            paragraphs.append(item)
        else:
            origin = item.origin or (max(0.0, (paper.width - sum(item.widths)) / 2), y)
            order.append(-1 - len(grids))
            grids.append((item, _grid(item, origin)))
            box = grids[-1][1].box
        y, width = max(y, box[3] + (LEADING - 1) * TYPE), max(width, box[2])
    alone = [grid for _, grid in grids]
    tables = tuple(_page_table(number, width, table, grid, alone, lines) for table, grid in grids)
    page = Page(
        number=number,
        width=max(1, round(width)),
        height=max(round(paper.height), round(y + paper.margin), 1),
        dpi=DPI,
        rotation=0,
        skew=0.0,
        texts=[_text(p, line.box) for p, line in zip(paragraphs, lines, strict=True)],
        text_from="office",
    )
    return WrittenPage(page, tables, tuple(order))


def in_blocks(pages: Sequence[WrittenPage]) -> Prose:
    """The texts of each page, and the tables of all, with the numbers of their blocks."""
    texts: list[tuple[Text, ...]] = []
    tables: list[int] = []
    block = 0
    for page in pages:
        found = list(page.page.texts)
        titles = [table.title for table in page.tables]
        captions = {text for table in page.tables for text in table.captions}
        for place in page.order:
            block += 1
            if place < 0:
                tables.append(block)
            else:
                found[place] = _in_block(found[place], block, titles, captions)
        texts.append(tuple(found))
    return Prose(tuple(texts), tuple(tables))


def _in_block(text: Text, block: int, titles: Sequence[str], captions: set[str]) -> Text:
    role = text.role
    if role == "paragraph" and text.text in captions:
        role = "caption"
    elif role == "paragraph" and any(text.text in title for title in titles):
        role = "title"
    return text.model_copy(update={"block": block, "role": role})


def _text(paragraph: Paragraph, box: Box) -> Text:
    return Text(
        text=paragraph.text,
        confidence=KNOWN,
        polygon=_polygon(box),
        role=paragraph.role,
        level=paragraph.level,
    )


def _paragraph_box(paragraph: Paragraph, y: float, paper: Paper) -> Box:
    room = paper.width - 2 * paper.margin
    length = ems(paragraph.text) * paragraph.size
    rows = max(1, -int(-length // room))
    width = min(length, room)
    free = room - width
    left = paper.margin + {"left": 0.0, "centre": free / 2, "right": free}[paragraph.align]
    return left, y, left + max(width, 1.0), y + (1 + (rows - 1) * LEADING) * paragraph.size


def _grid(table: ExactTable, origin: tuple[float, float]) -> Grid:
    xs = tuple(accumulate(table.widths, initial=origin[0]))
    ys = tuple(accumulate(table.heights, initial=origin[1]))
    cells = tuple(
        GridCell(
            c.row,
            c.col,
            c.row_span,
            c.col_span,
            (xs[c.col], ys[c.row], xs[c.col + c.col_span], ys[c.row + c.row_span]),
            (1.0, 1.0, 1.0, 1.0),
        )
        for c in table.cells
    )
    return Grid(xs, ys, cells)


def _page_table(
    number: int, width: float, table: ExactTable, grid: Grid, grids: Sequence[Grid], lines: Sequence[ReadLine]
) -> PageTable:
    title, captions = title_and_captions(grid, 0.0, lines_over(grid, grids, lines, TYPE), TYPE)
    cells = tuple(_read_cell(cell, place) for cell, place in zip(table.cells, grid.cells, strict=True))
    return PageTable(number, width, TYPE, grid, cells, title, captions)


def _read_cell(cell: ExactCell, place: GridCell) -> ReadCell:
    x0, y0, x1, y1 = place.box
    inside = (x0 + 0.1 * (x1 - x0), y0 + 0.1 * (y1 - y0), x1 - 0.1 * (x1 - x0), y1 - 0.1 * (y1 - y0))
    lines = (ReadLine(inside, _reading(cell.text, cell.known)),) if cell.text else ()
    return ReadCell(
        place=place,
        polygon=_polygon(place.box),
        lines=lines,
        ink=0.0,
        stained=0.0,
        touching=False,
        flags=cell.flags,
        known=cell.known,
    )


def _reading(text: str, probability: float) -> Reading:
    return Reading(tuple(CharReading(char, probability) for char in text))


def _polygon(box: Box) -> Polygon:
    x0, y0, x1, y1 = (round(v, 1) for v in box)
    return (x0, y0), (x1, y0), (x1, y1), (x0, y1)

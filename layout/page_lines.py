"""ReadPage -> PageLines: the reading order of a page's print and tables, and which lines head a table."""

from collections.abc import Sequence

from shenbao.layout.captions import REACH, lines_over
from shenbao.layout.figures import find_figures
from shenbao.layout.order import reading_order
from shenbao.models.stages import Grid, PageLines, PageTable, ReadLine, ReadPage


def page_lines(page: ReadPage) -> PageLines:
    """The print outside tables of a page that was read."""
    lines = [line for line in page.lines if line.reading.chars]
    grids = [table.grid for table in page.tables]
    boxes = [line.box for line in lines]
    order = reading_order([*boxes, *(grid.box for grid in grids)], page.flat.char_height)
    return PageLines(
        number=page.image.number,
        height=float(page.flat.grey.shape[0]),
        texts=page.texts,
        boxes=tuple(boxes),
        runs=tuple(tuple(i if i < len(lines) else len(lines) - 1 - i for i in run) for run in order),
        heads=tuple(_head(t, grids, lines) for t in page.tables),
        figures=find_figures(page.flat, grids),
    )


def _head(
    table: PageTable, grids: Sequence[Grid], lines: Sequence[ReadLine]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The places of the lines of a table's title, and of its captions."""
    h, top = table.char_height, table.grid.box[1]
    over = {line.box for line in lines_over(table.grid, grids, lines, h)}
    near = [i for i, line in enumerate(lines) if line.box in over and line.box[1] >= top - REACH * h]
    captions = tuple(i for i in near if lines[i].reading.text in table.captions)
    title = tuple(i for i in near if i not in captions and lines[i].reading.text in table.title)
    return title, captions

"""Excel files (.xlsx): every visible sheet one page, with its tables, and the texts around them.

A table is a block of rows with drawn borders; in a sheet without borders, all from the first row on that
has more than one filled cell. Texts are as the sheet shows them.
"""

import io
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Literal

import openpyxl

from shenbao.errors import InputTooLarge
from shenbao.loading.laid import (
    DPI,
    KNOWN,
    TYPE,
    ExactCell,
    ExactTable,
    Item,
    Paragraph,
    WrittenPage,
    laid_out,
)
from shenbao.loading.number_format import shown
from shenbao.settings import LimitSettings

MOST_CELLS = 200_000
"""Cells of all sheets together; forms have hundreds."""

_POINTS = 72.0
_DIGIT = 7.0
"""Pixels of a column's unit of width: a digit of the usual font."""
_WIDTH, _HEIGHT = 8.43, 15.0
"""Columns and rows that the file says nothing of, in units and points."""

_ALIGN: dict[str | None, Literal["left", "centre", "right"]] = {
    "center": "centre",
    "centerContinuous": "centre",
    "right": "right",
}

Place = tuple[int, int]


@dataclass(frozen=True)
class _Box:
    """A cell or merged block of the sheet: visible rows and columns from 0, behind its last ones."""

    top: int
    left: int
    bottom: int
    right: int
    text: str
    align: Literal["left", "centre", "right"]
    bordered: bool
    calculated: bool


def sheet_pages(data: bytes, limits: LimitSettings) -> list[WrittenPage]:
    """A page for each visible sheet that holds anything.

    Raises:
        InputTooLarge: more than 200,000 cells. What openpyxl raises means that the file is damaged.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of every extension that it does not know
        values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
        formulas = openpyxl.load_workbook(io.BytesIO(data))
    sheets = [s for s in values.worksheets if s.sheet_state == "visible"]
    if sum(rows * columns for rows, columns in map(_extent, sheets)) > MOST_CELLS:
        raise InputTooLarge(f"a workbook of more than {MOST_CELLS} cells")
    pages: list[WrittenPage] = []
    for sheet in sheets:
        items = list(_items(sheet, formulas[sheet.title]))
        if items:
            pages.append(laid_out(len(pages) + 1, items))
    return pages or [laid_out(1, [])]


def _items(sheet: Any, formulas: Any) -> Iterator[Item]:
    last = _extent(sheet)[0]
    rows = [r for r in range(1, last + 1) if not sheet.row_dimensions[r].hidden]
    columns = _columns(sheet)
    xs = list(accumulate((w for _, w in columns), initial=0.0))
    ys = list(accumulate((_height(sheet, r) for r in rows), initial=0.0))
    boxes = list(_boxes(sheet, formulas, rows, [c for c, _ in columns]))
    for first, last in _table_rows(boxes, len(rows)):
        if first is None:
            yield from _texts([b for b in boxes if b.top == last], xs, ys)
            continue
        yield from _tables([b for b in boxes if first <= b.top < last], first, last, xs, ys)


def _extent(sheet: Any) -> tuple[int, int]:
    """The last row and column that are filled, drawn or merged: formats may reach down to the millionth."""
    used = [c for c in sheet._cells.values() if c.value is not None or _is_bordered(c)]
    ends = [(c.row, c.column) for c in used] + [(m.max_row, m.max_col) for m in sheet.merged_cells.ranges]
    return max((r for r, _ in ends), default=0), max((c for _, c in ends), default=0)


def _columns(sheet: Any) -> list[tuple[int, float]]:
    """Numbers and widths in pixels of the visible columns; one entry of the file may stand for several."""
    count = _extent(sheet)[1]
    told: dict[int, tuple[bool, float]] = {}
    for dimension in sheet.column_dimensions.values():
        width = float(dimension.width or _WIDTH)
        for number in range(dimension.min or 0, min(dimension.max or 0, count) + 1):
            told[number] = bool(dimension.hidden), width
    found = []
    for number in range(1, count + 1):
        hidden, width = told.get(number, (False, _WIDTH))
        if not hidden:
            found.append((number, max(width, 0.5) * _DIGIT))
    return found


def _height(sheet: Any, row: int) -> float:
    return max(1.0, float(sheet.row_dimensions[row].height or _HEIGHT)) / _POINTS * DPI


def _boxes(sheet: Any, formulas: Any, rows: Sequence[int], columns: Sequence[int]) -> Iterator[_Box]:
    """The visible cells in reading order, merged ones as one."""
    row_at = {r: k for k, r in enumerate(rows)}
    column_at = {c: k for k, c in enumerate(columns)}
    merged = {(m.min_row, m.min_col): m for m in sheet.merged_cells.ranges}
    inside = {
        (r, c): (m.min_row, m.min_col)
        for m in merged.values()
        for r in range(m.min_row, m.max_row + 1)
        for c in range(m.min_col, m.max_col + 1)
    }
    done: set[Place] = set()
    for r in rows:
        for c in columns:
            start = inside.get((r, c), (r, c))
            if start in done:
                continue
            done.add(start)
            block = merged.get(start)
            last = (block.max_row, block.max_col) if block else start
            ends = [row_at[k] for k in range(start[0], last[0] + 1) if k in row_at]
            across = [column_at[k] for k in range(start[1], last[1] + 1) if k in column_at]
            cell = sheet.cell(*start)
            yield _Box(
                ends[0],
                across[0],
                ends[-1] + 1,
                across[-1] + 1,
                shown(cell.value, cell.number_format),
                _ALIGN.get(cell.alignment.horizontal, "left"),
                any(_is_bordered(sheet.cell(*place)) for place in {start, last}),
                cell.value is not None or formulas.cell(*start).data_type != "f",
            )


def _is_bordered(cell: Any) -> bool:
    border = cell.border
    sides = [border.left, border.right, border.top, border.bottom]
    return sum(side is not None and side.style is not None for side in sides) >= 2


def _table_rows(boxes: Sequence[_Box], count: int) -> Iterator[tuple[int | None, int]]:
    """From top to bottom: (first, last) rows of tables, and (None, row) for rows of other texts."""
    in_table = [False] * count
    drawn = any(b.bordered for b in boxes)
    filled: dict[int, int] = {}
    for box in boxes:
        filled[box.top] = filled.get(box.top, 0) + bool(box.text)
        if box.bordered:
            in_table[box.top : box.bottom] = [True] * (box.bottom - box.top)
    if not drawn:
        start = next((r for r in range(count) if filled.get(r, 0) > 1), count)
        end = max((b.bottom for b in boxes if b.text), default=0)
        in_table = [start <= r < end for r in range(count)]
    row = 0
    while row < count:
        if not in_table[row]:
            yield None, row
            row += 1
            continue
        first = row
        while row < count and in_table[row]:
            row += 1
        yield first, row


def _texts(boxes: Sequence[_Box], xs: Sequence[float], ys: Sequence[float]) -> Iterator[Paragraph]:
    for b in boxes:
        if b.text:
            height = min(ys[b.bottom] - ys[b.top], 1.5 * TYPE)
            width = min(xs[b.right] - xs[b.left], max(TYPE, len(b.text) * TYPE))
            free = xs[b.right] - xs[b.left] - width
            left = xs[b.left] + {"left": 0.0, "centre": free / 2, "right": free}[b.align]
            box = (left, ys[b.top], left + width, ys[b.top] + height)
            yield Paragraph(b.text, b.align, box=box)


def _tables(
    boxes: Sequence[_Box], first: int, last: int, xs: Sequence[float], ys: Sequence[float]
) -> Iterator[ExactTable]:
    """The table in these rows, from its first to its last column that is drawn or filled."""
    used = [b for b in boxes if b.bordered or b.text]
    if not used:
        return
    left, right = min(b.left for b in used), max(b.right for b in used)
    cells = tuple(
        ExactCell(
            b.top - first,
            b.left - left,
            min(b.bottom, last) - b.top,
            min(b.right, right) - b.left,
            b.text,
            () if b.calculated else ("not_calculated",),
            KNOWN if b.calculated else 0.0,
        )
        for b in boxes
        if left <= b.left < right
    )
    widths = tuple(xs[c + 1] - xs[c] for c in range(left, right))
    heights = tuple(ys[r + 1] - ys[r] for r in range(first, last))
    yield ExactTable(widths, heights, cells, (xs[left], ys[first]))

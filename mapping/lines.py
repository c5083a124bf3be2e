"""Statements: header rows with nested columns, then a line per row with its code, name and amounts."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from shenbao.mapping.families import GENERIC, Family
from shenbao.mapping.folding import fold
from shenbao.mapping.grid import CellGrid, is_blank
from shenbao.mapping.values import money_value
from shenbao.mapping.vocabulary import Vocabulary
from shenbao.models.document import Cell

_LEAST = 0.74
_MOST_HEADER_ROWS = 4
_HEADER_LENGTH = 8
"""Characters up to which words that speak of amounts are a header, and no name of a project."""
_NUMBER_HEADER = "序号"
_CODES = frozenset({"code", "code_level"})
_COUNTS = re.compile(r"数量|人数|台数|个数|面积|比例|率$")
_NUMERIC = re.compile(
    r"数量|人数|合计|小计|总计|金额|预算|执行数|决算数|指标数|资金|支出|收入|经费|拨款|结转|结余|单价|价值|份额|基金|补助|专户|"
    r"比例|率$|台数|个数|面积"
)


def is_numeric(path: str) -> bool:
    """Whether the words of a column's headers say that it holds amounts or counts."""
    return _NUMERIC.search(path) is not None


def is_money(path: str) -> bool:
    """Whether they say that it holds amounts of money."""
    return is_numeric(path) and _COUNTS.search(path) is None


@dataclass(frozen=True)
class LineColumn:
    """A grid column of a statement: its part, the path of its headers (`本年收入/小计`), the lowest header.

    Parts are those of `_part`; `code_level` is one level of a code (类, 款, 项).
    """

    part: str
    col: int
    path: str
    header: Cell

    @property
    def numeric(self) -> bool:
        """Whether the column holds amounts or counts, by the words of its header."""
        return is_numeric(self.path)

    @property
    def money(self) -> bool:
        """Whether the column holds amounts of money, by the words of its header."""
        return is_money(self.path)


@dataclass(frozen=True)
class LineBlock:
    """A statement's columns and its rows `first` to `last` (outside), headers from `header_first` on.

    `sides` are the columns of tables printed side by side (收入 | 支出), each with its own names.
    """

    header_first: int
    first: int
    last: int
    sides: tuple[tuple[LineColumn, ...], ...]


@dataclass(frozen=True)
class Line:
    """A row of a statement. `code` has several cells where each level stands in a column of its own: those of
    the row, after those of the levels above that the row leaves out."""

    code: tuple[Cell, ...]
    name: Cell | None
    amounts: tuple[tuple[LineColumn, Cell], ...]


def find_line_block(
    grid: CellGrid, family: Family, vocabulary: Vocabulary, skip: Collection[int] = ()
) -> LineBlock | None:
    """The statement of a table: the first header row with a name or code column, outside the rows `skip`."""
    names = tuple(family.lines.names) if family.lines else ()
    listed = max(skip, default=0)
    for row in range(grid.table.n_rows):
        if row in skip:
            continue
        depth = _header_depth(grid, row, vocabulary, names)
        if depth and not (family.id == GENERIC and _is_head(grid.starting(row), vocabulary, row < listed)):
            first = row + depth
            columns = _columns(grid, row, first, vocabulary, names)
            sides = _sides(columns)
            if sides and (family.id != GENERIC or _holds_amounts(sides)):
                last = _last(grid, row, first, skip)
                return LineBlock(row, first, last, sides)
    return None


def _is_head(cells: Sequence[Cell], vocabulary: Vocabulary, in_head: bool) -> bool:
    """Whether a row belongs to the head of a form: labels with their values, or above a list of indicators
    labels alone, whose values stand below."""
    labels = in_head and all(vocabulary.is_label(cell.text) for cell in cells)
    return labels or _is_pairs(cells, vocabulary, in_head)


def _is_pairs(cells: Sequence[Cell], vocabulary: Vocabulary, in_head: bool) -> bool:
    """Whether a row is label, value, label, value, as in the head of a form: no header of a statement.

    The label of a section may stand before them, over the rows below too. Above a list of indicators
    (`in_head`) the first label suffices: forms have labels that nobody knows.
    """
    if len(cells) % 2 and cells[0].row_span > max(cell.row_span for cell in cells[1:] or cells):
        cells = cells[1:]
    labels, values = (tuple(cell.text for cell in cells[k::2]) for k in (0, 1))
    known = [vocabulary.is_label(text) for text in labels]
    return (
        len(labels) == len(values)
        and (all(known) or (in_head and known[0]))
        and not any(vocabulary.is_label(t) or (is_numeric(t) and len(t) <= _HEADER_LENGTH) for t in values)
    )


def _holds_amounts(sides: Sequence[Sequence[LineColumn]]) -> bool:
    """Whether headers speak of amounts or codes: on an unknown form `项目名称` may be the label of a field."""
    return any(column.numeric or column.part in _CODES for side in sides for column in side)


def _part(text: str, vocabulary: Vocabulary, names: Sequence[str]) -> str:
    """`number`, `code`, `code_level`, `name`, `ruler` or "" for any other header."""
    folded = fold(text)
    if not folded:
        return ""
    if names:
        own = vocabulary.names({"name": tuple(names)}).match(text, _LEAST)
        if own is not None:
            return "name"
    match = vocabulary.line_headers.match(text, _LEAST)
    if match is None or not match.decided or (names and match.name == "name"):
        return "number" if _NUMBER_HEADER in folded else ""
    return match.name


def _header_depth(grid: CellGrid, row: int, vocabulary: Vocabulary, names: Sequence[str]) -> int:
    """How many rows the header has that begins at `row`; 0 where none begins there."""
    parts: set[str] = set()
    depth = 0
    for below in range(row, min(row + _MOST_HEADER_ROWS, grid.table.n_rows)):
        cells = grid.starting(below)
        found = {p for cell in cells if (p := _part(cell.text, vocabulary, names))}
        hanging = any(c.row < below and _part(c.text, vocabulary, names) for c in grid.row(below))
        if below > row and (_is_data(cells) or not (found or hanging)):
            break
        if below == row and not found & {*_CODES, "name", "number"}:
            return 0
        depth += 1
        parts |= found
        if "ruler" in found:
            break
    enough = len(grid.row(row)) >= 2 and not is_blank(grid.at(row, 0))
    return depth if enough and parts & {*_CODES, "name"} else 0


def _is_data(cells: Sequence[Cell]) -> bool:
    texts = [cell.text for cell in cells if not is_blank(cell)]
    return any(money_value(text) is not None for text in texts) and not any(
        fold(text) in ("栏次", "列次") for text in texts
    )


def _columns(
    grid: CellGrid, top: int, first: int, vocabulary: Vocabulary, names: Sequence[str]
) -> list[LineColumn]:
    columns: list[LineColumn] = []
    for col in range(grid.table.n_cols):
        stack: list[Cell] = []
        for row in range(top, first):
            cell = grid.at(row, col)
            ruler = any(_part(c.text, vocabulary, ()) == "ruler" for c in grid.starting(row)[:1])
            if cell is not None and not ruler and not is_blank(cell) and cell not in stack:
                stack.append(cell)
        if not stack or stack[-1].row + stack[-1].row_span > first or _goes_on(grid, first, col, stack[-1]):
            continue
        path = "/".join(fold(cell.text) for cell in stack)
        columns.append(LineColumn(_part(stack[-1].text, vocabulary, names), col, path, stack[-1]))
    return columns


def _goes_on(grid: CellGrid, first: int, col: int, header: Cell) -> bool:
    """Whether a grid column only carries on the one left of it, in the header and in the data."""
    cell = grid.at(first, col)
    return header.col < col and cell is not None and cell.col < col


def _sides(columns: Sequence[LineColumn]) -> tuple[tuple[LineColumn, ...], ...]:
    sides: list[list[LineColumn]] = []
    current: list[LineColumn] = []
    for column in columns:
        if column.part in ("number", "ruler"):
            continue
        if _opens_side(column, current):
            sides.append(current)
            current = []
        current.append(column)
    sides.append(current)
    return tuple(tuple(s) for s in sides if any(c.part == "" for c in s) and any(c.part for c in s))


def _opens_side(column: LineColumn, current: Sequence[LineColumn]) -> bool:
    """Whether a column begins another table beside the one of `current`: a part comes again that it has.

    Columns of one code's levels stand together, and the first of them is the highest.
    """
    if column.part == "code_level" and current and current[-1].part == "code_level":
        return False
    return column.part in {*_CODES, "name"} and any(c.part == column.part for c in current)


def _last(grid: CellGrid, top: int, first: int, skip: Collection[int]) -> int:
    """The list ends at another section, or where the label cell left of its header ends."""
    limit = min((row for row in skip if row >= first), default=grid.table.n_rows)
    left = grid.at(top, 0)
    if left is not None and left.row == top and left.row_span > first - top:
        limit = min(limit, left.row + left.row_span)
    return limit


def read_lines(grid: CellGrid, block: LineBlock, blank_rows: bool = False) -> list[Line]:
    """The lines, side after side; rows with nothing in them are left out, or with `blank_rows` given too."""
    lines: list[Line] = []
    for side in block.sides:
        levels: tuple[Cell | None, ...] = ()
        for row in range(block.first, block.last):
            cells = [(column, grid.at(row, column.col)) for column in side]
            if not blank_rows and all(is_blank(cell) for _, cell in cells):
                continue
            levels = _carried(tuple(_of(cells, "code_level")), levels)
            name = next(iter(_of(cells, "name")), None)
            amounts = tuple((c, cell) for c, cell in cells if not c.part and cell is not None)
            lines.append(Line(_code(levels, _of(cells, "code"), name), name, amounts))
    return lines


def _of(cells: Sequence[tuple[LineColumn, Cell | None]], part: str) -> list[Cell | None]:
    return [cell for column, cell in cells if column.part == part]


def _carried(levels: tuple[Cell | None, ...], above: tuple[Cell | None, ...]) -> tuple[Cell | None, ...]:
    """A row's levels of a code; those that it leaves blank before its first one are those of the row above."""
    first = next((i for i, cell in enumerate(levels) if not is_blank(cell)), 0)
    return (*above[:first], *levels[first:]) if len(above) == len(levels) else levels


def _code(
    levels: Sequence[Cell | None], single: Sequence[Cell | None], name: Cell | None
) -> tuple[Cell, ...]:
    """The cells of a line's code; none where one cell of a total (合计) lies over code and name."""
    own = [cell for cell in (levels or single[:1]) if cell is not None and cell is not name]
    return tuple(cell for cell in own if not is_blank(cell)) or tuple(own[:1])

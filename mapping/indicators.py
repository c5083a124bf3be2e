"""Where a table lists indicators: header rows found by their words, columns, rows, carried levels."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shenbao.mapping.grid import CellGrid, Place, is_blank, place
from shenbao.mapping.indicator_columns import (
    INFERRED,
    LEVELS,
    Column,
    by_content,
    completed,
    opened,
    stated,
)
from shenbao.mapping.level_columns import ANY_LEVEL, as_one_level, with_levels
from shenbao.mapping.matching import Match
from shenbao.mapping.values import ValueGrammar
from shenbao.mapping.vocabulary import Vocabulary
from shenbao.models.document import Cell

_SECTION = "section"
"""The list's own label, which stands beside its headers and heads no column."""
_LEAST = 0.7
_MERGED = 0.85
"""Least similarity of a header that shares a cell with another one."""
_RULED = 4
"""Fewer numbers in a row may be data."""
_STOPS = frozenset({"department_opinion", "finance_opinion", "remarks", "report_date", "contact_person"})


@dataclass(frozen=True)
class Block:
    """Rows `first` to `last` (outside) below one header; several `groups` where tables stand side by side."""

    header_first: int
    first: int
    last: int
    groups: tuple[tuple[Column, ...], ...]


@dataclass(frozen=True)
class IndicatorRow:
    """The cells of one indicator. A level cell left blank is the one above that goes on.

    A part whose column the form does not have is absent from `cells`; a hole of the grid is None.
    """

    row: int
    cells: dict[str, Cell | None]
    columns: dict[str, Column]


def find_blocks(grid: CellGrid, vocabulary: Vocabulary, grammar: ValueGrammar) -> tuple[Block, ...]:
    """All indicator lists of a table, top to bottom."""
    headers = {row: cells for row in range(grid.table.n_rows) if (cells := _header(grid, row, vocabulary))}
    blocks = []
    for row, columns in headers.items():
        first, columns = _with_subheaders(grid, row, columns, vocabulary)
        first += _is_ruler(grid.starting(first))
        following = [other for other in headers if other >= first]
        last = _end(grid, first, min(following, default=grid.table.n_rows), columns, vocabulary)
        columns = by_content(grid, range(first, last), columns, grammar)
        columns = _split_value(grid, first, last, columns, grammar)
        if last > first:
            top = min(column.header.row for column in columns)
            groups = _with_goals(grid, range(first, last), _groups(stated(columns)))
            blocks.append(Block(top, first, last, groups))
    return tuple(blocks)


def _is_ruler(cells: Sequence[Cell]) -> bool:
    """Whether a row numbers the columns from 1 on."""
    texts = [cell.text.strip() for cell in cells]
    return len(texts) >= _RULED and texts == [str(number) for number in range(1, len(texts) + 1)]


def _header(grid: CellGrid, row: int, vocabulary: Vocabulary) -> tuple[Column, ...]:
    """The columns of a header row, or nothing where the row is none."""
    cells = grid.starting(row)
    merged = {place(cell): pair for cell in cells if (pair := _merged_levels(cell, vocabulary))}
    found = [vocabulary.indicator_headers.match(cell.text, _LEAST) for cell in cells]
    found = _with_second_level(cells, found)
    matches = [None if match is not None and match.name == _SECTION else match for match in found]
    leveled = {*LEVELS, ANY_LEVEL}
    levels = sum(1 for m in matches if m is not None and set(m.rivals or (m.name,)) & leveled)
    if levels + len(merged) < 2 or sum(m is not None for m in matches) + len(merged) < 3:
        return ()
    columns: list[Column] = []
    for cell, match in zip(cells, matches, strict=True):
        if place(cell) in merged:
            columns += merged[place(cell)]
        elif match is not None:
            part = match.name if match.decided else _next_level(match, columns)
            columns.append(Column(part, cell.col, cell.col + cell.col_span, cell, match))
    columns = _told_apart(with_levels(grid, columns, vocabulary))
    columns += _hanging(grid, row, columns, vocabulary)
    columns = completed(grid, opened(sorted(columns, key=lambda column: column.start)))
    return tuple(sorted([*columns, *_unnamed_value(grid, columns)], key=lambda column: column.start))


def _with_second_level(cells: Sequence[Cell], found: Sequence[Match | None]) -> list[Match | None]:
    """`绩效指标` between the first level's header and the third's heads the second level, and no section."""
    names = [None if match is None else match.name for match in found]
    told = list(found)
    for k in range(1, len(told) - 1):
        inside = names[k] == _SECTION and names[k + 1] == "level3" and cells[k].row_span == 1
        if inside and "level2" not in names:
            told[k] = replace(INFERRED, name="level2")
    return told


def _told_apart(columns: Sequence[Column]) -> list[Column]:
    """Columns of which two have the same level with nothing but levels between them. Where the level after the
    second one's neighbour is lacking, the second was misread for it, as 三级指标 is as 二级指标 or 一级指标; else
    the first for the one before its neighbour's."""
    told = list(columns)
    for k in range(1, len(told)):
        twin = _twin(told, k)
        if twin is None:
            continue
        own = {column.part for column in told}
        after = LEVELS.index(told[k - 1].part) + 1
        before = LEVELS.index(told[twin + 1].part) - 1
        if after < len(LEVELS) and LEVELS[after] not in own:
            told[k] = replace(told[k], part=LEVELS[after], match=INFERRED)
        elif before >= 0 and LEVELS[before] not in own:
            told[twin] = replace(told[twin], part=LEVELS[before], match=INFERRED)
    return told


def _twin(columns: Sequence[Column], k: int) -> int | None:
    """The nearest column left of the `k`-th that has its level, levels side by side alone between them."""
    for i in range(k - 1, -1, -1):
        left, right = columns[i], columns[i + 1]
        if not {left.part, right.part} <= set(LEVELS) or left.end != right.start:
            return None
        if left.part == columns[k].part:
            return i
    return None


def _hanging(grid: CellGrid, row: int, columns: Sequence[Column], vocabulary: Vocabulary) -> list[Column]:
    """Columns whose headers begin above a header row and end with it, of parts that the row itself lacks."""
    own = {column.part for column in columns}
    found = []
    for cell in grid.row(row):
        if cell.row == row or cell.row + cell.row_span != row + 1:
            continue
        match = vocabulary.indicator_headers.match(cell.text, _LEAST)
        if match is not None and match.decided and match.name not in own:
            found.append(Column(match.name, cell.col, cell.col + cell.col_span, cell, match))
    return found


def _merged_levels(cell: Cell, vocabulary: Vocabulary) -> tuple[Column, ...]:
    """Two columns of levels below one cell that holds both their headers, as where the ruling between has paled."""
    text = cell.text
    if cell.col_span != 2:
        return ()
    best: tuple[Match, ...] = ()
    for cut in range(2, len(text) - 1):
        found = [vocabulary.indicator_headers.match(part, _MERGED) for part in (text[:cut], text[cut:])]
        pair = tuple(m for m in found if m is not None and m.decided and m.name in LEVELS)
        if len({m.name for m in pair}) == 2 and _least(pair) > _least(best):
            best = pair
    return tuple(Column(m.name, col, col + 1, cell, m) for col, m in enumerate(best, start=cell.col))


def _least(matches: Sequence[Match]) -> float:
    return min((match.score for match in matches), default=0.0)


def _next_level(match: Match, before: Sequence[Column]) -> str:
    """`级指标` fits three headers: the first of them that is not yet left of it."""
    seen = {column.part for column in before}
    for part in LEVELS:
        if part in match.rivals and part not in seen:
            return part
    return match.name


def _unnamed_value(grid: CellGrid, columns: Sequence[Column]) -> list[Column]:
    """The value's column where its header was lost, as under a seal: the only blank one behind the third level."""
    parts = {column.part: column for column in columns}
    level3 = parts.get("level3")
    if level3 is None or {"value", "operator", "unit"} & parts.keys():
        return []
    row = level3.header.row
    blank = [cell for cell in grid.starting(row) if cell.col >= level3.end and is_blank(cell)]
    if len(blank) != 1:
        return []
    return [Column("value", blank[0].col, blank[0].col + blank[0].col_span, blank[0], INFERRED)]


def _with_subheaders(
    grid: CellGrid, row: int, columns: tuple[Column, ...], vocabulary: Vocabulary
) -> tuple[int, tuple[Column, ...]]:
    """The first row of data, and the columns with `指标值` split as the row below it says."""
    named = [c for c in columns if c.part in LEVELS and c.match is not INFERRED]
    depth = max((c.header.row_span for c in named), default=1)
    columns = (*columns, *_unread_wide(grid, row, columns))
    wide = [c for c in columns if c.end - c.start > 1 and c.header.row_span < max(depth, 2)]
    split: list[Column] = []
    for column in wide:
        below = [c for c in grid.starting(row + column.header.row_span) if column.start <= c.col < column.end]
        under = _value_headers(below, vocabulary)
        if len(under) >= 2:
            split += [Column(m.name, c.col, c.col + c.col_span, c, m) for c, m in under]
            columns = tuple(c for c in columns if c is not column)
            depth = max(depth, 2)
    known = (column for column in (*columns, *split) if column.part)
    return row + depth, tuple(sorted(known, key=lambda column: column.start))


def _unread_wide(grid: CellGrid, row: int, columns: Sequence[Column]) -> list[Column]:
    """Headers of a row over several columns that are no known part: `指标值` may have been misread."""
    claimed = {place(column.header) for column in columns}
    free = [cell for cell in grid.starting(row) if cell.col_span > 1 and place(cell) not in claimed]
    return [Column("", cell.col, cell.col + cell.col_span, cell, INFERRED) for cell in free]


def _value_headers(cells: Sequence[Cell], vocabulary: Vocabulary) -> list[tuple[Cell, Match]]:
    """The headers below `指标值`; of operator, value and unit the one whose header alone is misread too."""
    known: list[tuple[Cell, Match]] = []
    others: list[Cell] = []
    for cell in cells:
        match = vocabulary.indicator_headers.match(cell.text, _LEAST)
        if match is not None and match.decided:
            known.append((cell, match))
        else:
            others.append(cell)
    lacking = {"operator", "value", "unit"} - {match.name for _, match in known}
    if len(known) >= 2 and len(lacking) == 1 and len(others) == 1:
        known.append((others[0], replace(INFERRED, name=lacking.pop())))
    return known


def _end(grid: CellGrid, first: int, limit: int, columns: Sequence[Column], vocabulary: Vocabulary) -> int:
    """The row where the list ends: a cell runs over two level columns, or another section's label stands."""
    levels = [column for column in columns if column.part in LEVELS]
    left = min((column.start for column in levels), default=0)
    stops = vocabulary.label_list(_STOPS)
    for row in range(first, limit):
        for cell in grid.starting(row):
            covered = {c.start for c in levels if cell.col <= c.start < cell.col + cell.col_span}
            if len(covered) > 1 or (cell.col <= left and stops.exact(cell.text)):
                return row
    return limit


def _split_value(
    grid: CellGrid, first: int, last: int, columns: tuple[Column, ...], grammar: ValueGrammar
) -> tuple[Column, ...]:
    """A header `指标值` over several columns without words of their own: operator, value, unit in order."""
    result: list[Column] = []
    for column in columns:
        starts = _starts_below(grid, first, last, column) if column.part == "value" else []
        if len(starts) < 2:
            result.append(column)
            continue
        parts: tuple[str, ...] = ("operator", "value", "unit")
        if len(starts) == 2:
            signs, others = (
                [cell.text for row in range(first, last) if (cell := grid.at(row, start))] for start in starts
            )
            parts = ("operator", "value") if _are_operators(signs, grammar) else ("value", "unit")
            if _are_values(others, grammar):
                parts = ("value", "value") if _are_values(signs, grammar) else parts
        ends = [*starts[1:], column.end]
        for part, start, end in zip(parts, starts, ends, strict=False):
            result.append(replace(column, part=part, start=start, end=end))
    return tuple(result)


def _starts_below(grid: CellGrid, first: int, last: int, column: Column) -> list[int]:
    """Columns inside a header's width at which cells start in at least half of the rows."""
    counts: dict[int, int] = {}
    for row in range(first, last):
        for cell in grid.row(row):
            if column.start <= cell.col < column.end:
                counts[cell.col] = counts.get(cell.col, 0) + 1
    return sorted(col for col, count in counts.items() if 2 * count >= last - first)[:3]


def _are_operators(texts: Sequence[str], grammar: ValueGrammar) -> bool:
    filled = [text for text in texts if text.strip()]
    return bool(filled) and 2 * sum(bool(grammar.operator_value(t)) for t in filled) >= len(filled)


def _are_values(texts: Sequence[str], grammar: ValueGrammar) -> bool:
    """Whether most filled cells hold a number with its sign or unit."""
    filled = [grammar.split(text) for text in texts if text.strip()]
    whole = [p for p in filled if p.number.text and not p.words and (p.operator.text or p.unit.text)]
    return bool(filled) and 2 * len(whole) >= len(filled)


def _groups(columns: Sequence[Column]) -> tuple[tuple[Column, ...], ...]:
    """Columns side by side: a part that comes again opens a new group, which shares the levels it lacks.

    One without a name or value of its own is no group: what the one before it lacks belongs to that.
    """
    first, *others = opened(columns)
    groups = [first]
    for group in others:
        if {"level3", "value"} & {column.part for column in group}:
            groups.append(group)
        else:
            known = {column.part for column in groups[-1]}
            groups[-1] += [column for column in group if column.part not in known]
    for group in groups[1:]:
        own = {column.part for column in group}
        group[:0] = [c for c in first if c.part in LEVELS and c.part not in own]
    return tuple(tuple(g) for g in groups if {"level3"} <= {c.part for c in g} or g is first)


def _with_goals(
    grid: CellGrid, rows: range, groups: tuple[tuple[Column, ...], ...]
) -> tuple[tuple[Column, ...], ...]:
    """The groups that state values, where some do and others share their names: 实施期指标值 may be left blank,
    and words that explain an indicator are no second one."""
    filled = [_states_values(grid, rows, group) for group in groups]
    if not any(filled):
        return groups
    names = [{column.start for column in group if column.part == "level3"} for group in groups]
    shared = [names.count(own) > 1 for own in names]
    return tuple(
        group
        for group, states, shares in zip(groups, filled, shared, strict=True)
        if states or not (shares or "value" not in {column.part for column in group})
    )


def _states_values(grid: CellGrid, rows: range, group: Sequence[Column]) -> bool:
    values = [column for column in group if column.part == "value"]
    return any(not is_blank(_cell_of(grid, row, column)) for row in rows for column in values)


def read_rows(grid: CellGrid, block: Block, blank_rows: bool = False) -> list[IndicatorRow]:
    """The indicators of a block, group after group, blank level cells carried on from above.

    Rows with nothing of their own in them are no indicators; `blank_rows` gives them too.
    """
    rows: list[IndicatorRow] = []
    for group in block.groups:
        columns = {column.part: column for column in group}
        carried: dict[str, Cell | None] = {}
        for row in range(block.first, block.last):
            cells = as_one_level({part: _cell_of(grid, row, column) for part, column in columns.items()})
            if not blank_rows and _is_empty(cells, row):
                continue
            _carry(cells, carried)
            rows.append(IndicatorRow(row, cells, columns))
    return rows


def _cell_of(grid: CellGrid, row: int, column: Column) -> Cell | None:
    """The cell of a row that covers most of a column."""
    widths: dict[Place, int] = {}
    cells: dict[Place, Cell] = {}
    for col in range(column.start, column.end):
        cell = grid.at(row, col)
        if cell is not None:
            cells[place(cell)] = cell
            widths[place(cell)] = widths.get(place(cell), 0) + 1
    return cells[max(widths, key=lambda p: (widths[p], -p[1]))] if cells else None


def _is_empty(cells: dict[str, Cell | None], row: int) -> bool:
    """Nothing of its own stands in the row: no indicator, or the lower rows of one that spans several."""
    return all(is_blank(cell) or (cell is not None and cell.row < row) for cell in cells.values())


def _carry(cells: dict[str, Cell | None], carried: dict[str, Cell | None]) -> None:
    changed = False
    for part in ("level1", "level2"):
        if part not in cells:
            continue
        own = cells[part]
        if is_blank(own) and not changed and carried.get(part) is not None:
            cells[part] = carried[part]
        elif own is not None and carried.get(part) is not own:
            changed = changed or not is_blank(own)
        carried[part] = cells[part]

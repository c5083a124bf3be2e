"""The columns of an indicator list: groups of them side by side, and those whose headers nobody can read."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from shenbao.mapping.grid import CellGrid, Place, is_blank, place
from shenbao.mapping.matching import Match
from shenbao.mapping.values import ValueGrammar
from shenbao.models.document import Cell

LEVELS = ("level1", "level2", "level3")
INFERRED = Match("", 0.5, decided=False)
"""What is said of a header that could not be read: the column is known by where it stands or what it holds."""
_PIECES = ("operator", "value", "unit")
_SIDE_PARTS = frozenset({"other_value", "score_rule", "weight", "section"})
"""Columns that say nothing of the goal itself: what was reached, how it is scored."""
_NEIGHBOURS = (
    ("level1", "level2", -1),
    ("level2", "level3", -1),
    ("level3", "level2", 0),
    ("value", "operator", 0),
    ("value", "unit", -1),
)
"""A part, the part beside which it stands, and on which side: -1 is left of it."""
_SHARE = 0.5
"""Least share of a column's filled cells that look like what it is taken for."""


@dataclass(frozen=True)
class Column:
    """Grid columns `start` to `end` (outside) that hold one part of the indicators, and their header."""

    part: str
    start: int
    end: int
    header: Cell
    match: Match


def opened(columns: Sequence[Column]) -> list[list[Column]]:
    """Columns from left to right, in groups: a part that comes again opens a new one.

    The levels right before it, above its own, belong to the new group too where the group before has all
    it needs: the first 一级指标 of two may have been misread.
    """
    groups: list[list[Column]] = [[]]
    for column in columns:
        if any(column.part == other.part for other in groups[-1]):
            groups.append([*_levels_before(groups[-1], column), column])
        else:
            groups[-1].append(column)
    return groups


def _levels_before(group: list[Column], column: Column) -> list[Column]:
    """Takes the levels above `column`'s own off the end of a group that has a value before them."""
    taken: list[Column] = []
    if column.part not in LEVELS:
        return taken
    above = LEVELS[: LEVELS.index(column.part)]
    while group and group[-1].part in above and any(c.part in _PIECES for c in group[:-1]):
        taken.insert(0, group.pop())
    return taken


def completed(grid: CellGrid, groups: Sequence[Sequence[Column]]) -> list[Column]:
    """All columns from left to right, with the levels and values whose headers were misread beyond
    recognition: the unclaimed cell where one must stand.

    A later group lacks only what another one has; where several have names of their own, each has its value
    right of them as another one has.
    """
    claimed = {place(column.header) for group in groups for column in group}
    found = [column for group in groups for column in group]
    for number, group in enumerate(groups):
        parts = {column.part: column for column in group}
        others = {column.part for other in groups if other is not group for column in other}
        mirrored = (("value", "level3", 0),) if {"level2", "level3"} <= parts.keys() & others else ()
        if _is_far(parts.get("level2"), parts.get("level3")):
            del parts["level3"]
        for part, neighbour, step in (*_NEIGHBOURS, *mirrored):
            beside = parts.get(neighbour)
            absent = part not in others and (number or (part, neighbour, step) in mirrored)
            if part in parts or beside is None or absent:
                continue
            cell = grid.at(beside.header.row, beside.start - 1 if step else beside.end)
            if cell is not None and place(cell) not in claimed and cell.row == beside.header.row:
                parts[part] = Column(part, cell.col, cell.col + cell.col_span, cell, INFERRED)
                found.append(parts[part])
                claimed.add(place(cell))
    return sorted(found, key=lambda column: column.start)


def _is_far(level2: Column | None, level3: Column | None) -> bool:
    """Whether a third level stands behind other columns: words that explain the indicator (指标内容)."""
    return level2 is not None and level3 is not None and level3.start > level2.end


def stated(columns: Sequence[Column]) -> list[Column]:
    """The columns that state goals. What stands left of all levels belongs to the project, not to its indicators."""
    first = min((column.start for column in columns if column.part in LEVELS), default=0)
    return [column for column in columns if column.part not in _SIDE_PARTS and column.start >= first]


def by_content(
    grid: CellGrid, rows: range, columns: Sequence[Column], grammar: ValueGrammar
) -> tuple[Column, ...]:
    """The columns, and that of the operators, values or units which no header tells: known by what it holds.

    Only right of the third level, and only what the list lacks altogether, or has words in: which way a goal
    points (正向指标) stands under a header much like the operators'.
    """
    level3 = min((column.end for column in columns if column.part == "level3"), default=None)
    if level3 is None:
        return tuple(columns)
    found = list(columns)
    for part in _PIECES:
        if not _lacks(grid, rows, found, part, grammar):
            continue
        free = _unclaimed(grid, found, level3)
        fits = {place(cell): _fit(_texts(grid, rows, cell.col), part, grammar) for cell in free}
        cell = max(free, key=lambda c: fits[place(c)], default=None)
        if cell is not None and fits[place(cell)] >= _SHARE:
            found = [c for c in found if c.part != part or _holds_part(grid, rows, c, grammar)]
            found.append(Column(part, cell.col, cell.col + cell.col_span, cell, INFERRED))
    return tuple(sorted(found, key=lambda column: column.start))


def _lacks(grid: CellGrid, rows: range, columns: Sequence[Column], part: str, grammar: ValueGrammar) -> bool:
    """Whether a part has neither a column with anything in it nor a place in the cells of the values."""
    own = [c for c in columns if c.part == part and _holds_part(grid, rows, c, grammar)]
    if any(_texts(grid, rows, column.start) for column in own):
        return False
    if part == "value":
        return True
    values = [text for c in columns if c.part == "value" for text in _texts(grid, rows, c.start)]
    split = [pieces for text in values if not (pieces := grammar.split(text)).words]
    within = sum(bool((pieces.operator if part == "operator" else pieces.unit).text) for pieces in split)
    return not own and within < _SHARE * len(split)


def _holds_part(grid: CellGrid, rows: range, column: Column, grammar: ValueGrammar) -> bool:
    """Whether a column may hold what its header says; values and units may be any words."""
    texts = _texts(grid, rows, column.start)
    return column.part != "operator" or not texts or _fit(texts, column.part, grammar) >= _SHARE


def _unclaimed(grid: CellGrid, columns: Sequence[Column], start: int) -> list[Cell]:
    """Header cells right of a column, on the lowest row of the headers, that no column has."""
    taken: Collection[Place] = {place(column.header) for column in columns}
    lowest = max(column.header.row + column.header.row_span - 1 for column in columns)
    return [cell for cell in grid.row(lowest) if cell.col >= start and place(cell) not in taken]


def _texts(grid: CellGrid, rows: range, col: int) -> list[str]:
    cells = (grid.at(row, col) for row in rows)
    return [cell.text for cell in cells if cell is not None and not is_blank(cell)]


def _fit(texts: Sequence[str], part: str, grammar: ValueGrammar) -> float:
    """The share of texts that may be of a part; signs of comparison tell goals from scores."""
    if not texts:
        return 0.0
    signs = sum(bool(grammar.split(text).operator.text) for text in texts) if part == "value" else 0
    return (sum(_HOLDS[part](text, grammar) for text in texts) + signs) / len(texts)


def _is_goal(text: str, grammar: ValueGrammar) -> bool:
    pieces = grammar.split(text)
    return bool(pieces.operator.text) or (pieces.sure and not pieces.words)


_HOLDS: dict[str, Callable[[str, ValueGrammar], bool]] = {
    "value": _is_goal,
    "operator": lambda text, grammar: bool(grammar.operator_value(text)) or grammar.is_descriptive(text),
    "unit": lambda text, grammar: grammar.unit_value(text) is not None,
}

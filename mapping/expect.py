"""What each cell of a table can contain, told from its header and neighbours, for reading under a constraint.

Works on tables read with errors: headers and labels are matched by similarity.
"""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

from shenbao.mapping.anchors import find_sites
from shenbao.mapping.families import Family, identify, load_families
from shenbao.mapping.folding import fold
from shenbao.mapping.grid import CellGrid, Place, is_blank, place
from shenbao.mapping.indicators import Block, read_rows
from shenbao.mapping.lines import LineBlock, read_lines
from shenbao.mapping.places import Layout, find_layout
from shenbao.mapping.values import ValueGrammar
from shenbao.mapping.vocabulary import LabelKind, Vocabulary, load_vocabulary
from shenbao.models.document import Cell, Table


class Expectation(StrEnum):
    """What a cell can contain: grammars, closed lists of names, a label of the form, or anything."""

    OPERATOR = "operator"
    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    UNIT = "unit"
    MONTH = "month"
    PERIOD = "period"
    CODE = "code"
    LEVEL1 = "level1"
    LEVEL2 = "level2"
    LABEL = "label"
    FREE = "free"


_OF_KIND: dict[LabelKind, Expectation] = {
    "money": Expectation.MONEY,
    "percent": Expectation.PERCENT,
    "number": Expectation.NUMBER,
    "month": Expectation.MONTH,
    "period": Expectation.PERIOD,
    "code": Expectation.CODE,
    "unit": Expectation.UNIT,
}
_HAN = re.compile(r"[\u4e00-\u9fff]")
_DASHES = re.compile(r"[-~/]{2,}")
_PER = re.compile(r"[万亿]?元[/·.、人件次套台个户亩月天日年]+")
"""A rate in money, whose signs may be lost."""

_WORDS = 2
"""So many Han characters that are no unit or date are words, not a number misread."""

_OF_PART = {
    "level1": Expectation.LEVEL1,
    "level2": Expectation.LEVEL2,
    "operator": Expectation.OPERATOR,
    "unit": Expectation.UNIT,
    "deadline": Expectation.MONTH,
}


_GRAMMARS = frozenset(
    (
        Expectation.OPERATOR,
        Expectation.NUMBER,
        Expectation.MONEY,
        Expectation.PERCENT,
        Expectation.UNIT,
        Expectation.MONTH,
        Expectation.PERIOD,
    )
)


def expected_kinds(
    table: Table,
    vocabulary: Vocabulary | None = None,
    families: Sequence[Family] | None = None,
) -> dict[Place, str]:
    """For every cell, by the row and column where it starts, the `Expectation` of its content.

    A value column is `number` only where the form has columns of its own for operator or unit; one cell
    that holds all three is `free`, and so is a cell of such a column that plainly holds words (`长期`) or
    dashes (`——`), whatever its column is for.
    """
    vocabulary = vocabulary or load_vocabulary()
    family = identify(table, families or load_families(), vocabulary)
    grid = CellGrid(table)
    grammar = ValueGrammar(vocabulary.units, vocabulary.operators)
    layout = find_layout(grid, family, vocabulary, grammar)
    kinds: dict[Place, str] = {place(cell): Expectation.FREE for cell in table.cells}
    kinds.update(_labelled(grid, layout, family, vocabulary))
    for block in layout.blocks:
        kinds.update(_indicators(grid, block))
    if layout.lines is not None:
        kinds.update(_lines(grid, layout.lines))
    return {where: _as_read(kind, grid.at(*where), grammar) for where, kind in kinds.items()}


def _as_read(kind: str, cell: Cell | None, grammar: ValueGrammar) -> str:
    """The kind of a place, unless what was read there is plainly something else."""
    if cell is None or kind not in _GRAMMARS:
        return kind
    text = fold(cell.text)
    if _DASHES.fullmatch(text):
        return Expectation.FREE
    if kind == Expectation.UNIT and (_PER.fullmatch(text) or grammar.unit_value(text) is not None):
        return kind
    words = len(_HAN.findall(text)) >= _WORDS and not any(char.isdigit() for char in text)
    return Expectation.FREE if words else kind


def _labelled(
    grid: CellGrid, layout: Layout, family: Family, vocabulary: Vocabulary
) -> Iterator[tuple[Place, Expectation]]:
    for site in find_sites(grid, family, layout.anchors, layout.listed).values():
        kind = _OF_KIND.get(family.kind_of(site.key, vocabulary), Expectation.FREE)
        for cell in site.values:
            yield place(cell), kind
    for where, anchor in layout.anchors.items():
        if not anchor.tail:
            yield where, Expectation.LABEL


def _indicators(grid: CellGrid, block: Block) -> Iterator[tuple[Place, Expectation]]:
    for row in range(block.header_first, block.first):
        for cell in grid.starting(row):
            yield place(cell), Expectation.LABEL
    for row_cells in read_rows(grid, block, blank_rows=True):
        separate = bool({"operator", "unit"} & set(row_cells.columns))
        value = Expectation.NUMBER if separate else Expectation.FREE
        for part, held in row_cells.cells.items():
            if held is not None:
                yield place(held), value if part == "value" else _OF_PART.get(part, Expectation.FREE)
        one, two = (row_cells.cells.get(part) for part in ("level1", "level2"))
        if one is not None and two is not None and place(one) == place(two):
            yield place(one), Expectation.FREE


def _lines(grid: CellGrid, block: LineBlock) -> Iterator[tuple[Place, Expectation]]:
    for row in range(block.header_first, block.first):
        for cell in grid.starting(row):
            if not is_blank(cell):
                yield place(cell), Expectation.LABEL
    for line in read_lines(grid, block, blank_rows=True):
        for cell in line.code:
            yield place(cell), Expectation.CODE
        if line.name is not None:
            yield place(line.name), Expectation.FREE
        for column, amount in line.amounts:
            if column.numeric:
                yield place(amount), Expectation.MONEY

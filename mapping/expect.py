"""What each cell of a table can contain, told from its header and neighbours, for reading under a constraint.

Works on tables read with errors: headers and labels are matched by similarity.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from shenbao.mapping.anchors import find_sites
from shenbao.mapping.families import Family, identify, load_families
from shenbao.mapping.grid import CellGrid, Place, is_blank, place
from shenbao.mapping.indicators import Block, read_rows
from shenbao.mapping.lines import LineBlock, read_lines
from shenbao.mapping.places import Layout, find_layout
from shenbao.mapping.values import ValueGrammar
from shenbao.mapping.vocabulary import LabelKind, Vocabulary, load_vocabulary
from shenbao.models.document import Table


class Expectation(StrEnum):
    """What a cell can contain: grammars, closed lists of names, a label of the form, or anything."""

    OPERATOR = "operator"
    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    UNIT = "unit"
    MONTH = "month"
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
    "code": Expectation.CODE,
    "unit": Expectation.UNIT,
}
_OF_PART = {
    "level1": Expectation.LEVEL1,
    "level2": Expectation.LEVEL2,
    "operator": Expectation.OPERATOR,
    "unit": Expectation.UNIT,
    "deadline": Expectation.MONTH,
}


def expected_kinds(
    table: Table,
    vocabulary: Vocabulary | None = None,
    families: Sequence[Family] | None = None,
) -> dict[Place, str]:
    """For every cell, by the row and column where it starts, the `Expectation` of its content.

    A value column is `number` only where the form has columns of its own for operator or unit; one cell
    that holds all three is `free`. A column of numbers may still hold words: the kinds are hints for the
    order in which readings are tried, not a proof.
    """
    vocabulary = vocabulary or load_vocabulary()
    family = identify(table, families or load_families(), vocabulary)
    grid = CellGrid(table)
    layout = find_layout(grid, family, vocabulary, ValueGrammar(vocabulary.units, vocabulary.operators))
    kinds: dict[Place, str] = {place(cell): Expectation.FREE for cell in table.cells}
    kinds.update(_labelled(grid, layout, family, vocabulary))
    for block in layout.blocks:
        kinds.update(_indicators(grid, block))
    if layout.lines is not None:
        kinds.update(_lines(grid, layout.lines))
    return kinds


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


def _lines(grid: CellGrid, block: LineBlock) -> Iterator[tuple[Place, Expectation]]:
    for row in range(block.header_first, block.first):
        for cell in grid.starting(row):
            if not is_blank(cell):
                yield place(cell), Expectation.LABEL
    for line in read_lines(grid, block, blank_rows=True):
        if line.code is not None:
            yield place(line.code), Expectation.CODE
        if line.name is not None:
            yield place(line.name), Expectation.FREE
        for column, amount in line.amounts:
            if column.numeric:
                yield place(amount), Expectation.MONEY

"""What stands where in a table: labels, indicator lists, the lines of a statement."""

from dataclasses import dataclass

from shenbao.mapping.anchors import Anchor, find_anchors
from shenbao.mapping.families import Family
from shenbao.mapping.grid import CellGrid, Place
from shenbao.mapping.indicators import Block, find_blocks
from shenbao.mapping.lines import LineBlock, find_line_block
from shenbao.mapping.values import ValueGrammar
from shenbao.mapping.vocabulary import Vocabulary


@dataclass(frozen=True)
class Layout:
    """Label cells by place, indicator lists top to bottom, and the statement if there is one."""

    anchors: dict[Place, Anchor]
    blocks: tuple[Block, ...]
    lines: LineBlock | None

    @property
    def listed(self) -> set[int]:
        """Rows of indicator lists and statements, their headers included."""
        return _listed(self.blocks, self.lines)


def _listed(blocks: tuple[Block, ...], lines: LineBlock | None) -> set[int]:
    rows = {row for block in blocks for row in range(block.header_first, block.last)}
    if lines:
        rows.update(range(lines.header_first, lines.last))
    return rows


def find_layout(grid: CellGrid, family: Family, vocabulary: Vocabulary, grammar: ValueGrammar) -> Layout:
    """The layout of a table; a family without `lines` has no statement, whatever the headers say."""
    blocks = find_blocks(grid, vocabulary, grammar)
    lines = (
        find_line_block(grid, family, vocabulary, _listed(blocks, None)) if family.lines is not None else None
    )
    return Layout(find_anchors(grid, family, vocabulary, _listed(blocks, lines)), blocks, lines)

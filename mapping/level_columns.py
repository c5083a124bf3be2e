"""Columns under 指标类别 or 指标类型: what stands below tells which level they hold, or that they hold two."""

import re
from collections.abc import Sequence
from dataclasses import replace

from shenbao.mapping.grid import CellGrid, is_blank
from shenbao.mapping.indicator_columns import LEVELS, Column
from shenbao.mapping.vocabulary import Vocabulary
from shenbao.models.document import Cell

ANY_LEVEL = "level"
"""The part of a header that fits the first level as well as the second."""
_LEAST = 0.7
_SHARE = 0.5
"""A column is of a level where more than this share of its filled cells are names of it."""
_UPPER = LEVELS[:2]
_JOINED = re.compile(r"(.{2,}?)\s*[-‐−—–―─－/／>＞→]+\s*(.{2,})", re.DOTALL)
"""Both levels in one cell: `产出指标-数量指标`."""


def with_levels(grid: CellGrid, columns: Sequence[Column], vocabulary: Vocabulary) -> list[Column]:
    """The columns, those of any level named by what they hold; one that holds no level of its own is left out.

    The third level's names may tell their kind (定量, 正向) under the same header.
    """
    told: list[Column] = []
    own = {column.part for column in columns}
    for column in columns:
        if column.part != ANY_LEVEL:
            told.append(column)
            continue
        parts = _levels_held(_filled_below(grid, column), vocabulary)
        if not own.intersection(parts):
            own.update(parts)
            told += [replace(column, part=part) for part in parts]
    return told


def _filled_below(grid: CellGrid, column: Column) -> list[str]:
    first = column.header.row + column.header.row_span
    cells = {row: grid.at(row, column.start) for row in range(first, grid.table.n_rows)}
    return [
        cell.text.strip() for row, cell in cells.items() if cell and cell.row == row and not is_blank(cell)
    ]


def _levels_held(texts: Sequence[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """The level whose names most of the texts are, both where most are a name of each, or none."""
    joined = [found.groups() for text in texts if (found := _JOINED.fullmatch(text))]
    both = sum(all(_is_level(name, k, vocabulary) for k, name in enumerate(pair)) for pair in joined)
    if both > _SHARE * len(texts):
        return _UPPER
    counts = [sum(_is_level(text, k, vocabulary) for text in texts) for k in range(len(_UPPER))]
    most = max(counts)
    return (_UPPER[counts.index(most)],) if most > _SHARE * len(texts) and counts.count(most) == 1 else ()


def _is_level(text: str, level: int, vocabulary: Vocabulary) -> bool:
    names = [
        vocabulary.level2_names[frame.id, ""] if level else vocabulary.level1_names[frame.id]
        for frame in vocabulary.frames
    ]
    return any(listed.match(text, _LEAST) is not None for listed in names)


def as_one_level(cells: dict[str, Cell | None]) -> dict[str, Cell | None]:
    """The parts of a row, where one cell is two levels each with its own piece of the text."""
    one, two = (cells.get(part) for part in _UPPER)
    if one is None or one is not two or not (found := _JOINED.fullmatch(one.text.strip())):
        return cells
    pieces = zip(_UPPER, found.groups(), strict=True)
    return {**cells, **{part: one.model_copy(update={"text": text}) for part, text in pieces}}

"""Rulings between numbers of several rows, lost in one column."""

from dataclasses import replace

import pytest
from drawn_pages import edges, page_table, reading

from shenbao.layout.lost_rows import with_lost_rows
from shenbao.models.stages import PageTable, ReadLine

XS = edges(120, 180, 200, start=150)
ROWS = "29|住房保障支出|12\n^|公积金|13"


def with_label(first: tuple[str, float], second: tuple[str, float]) -> PageTable:
    """Two rows of 40 pixels from y = 100 whose first cell holds two lines around these heights."""
    table = page_table(1, XS, ROWS)
    lines = tuple(ReadLine((160, y - 10, 190, y + 10), reading(text)) for text, y in (first, second))
    return replace(table, cells=(replace(table.cells[0], lines=lines), *table.cells[1:]))


def test_a_number_in_each_row_is_a_cell_in_each() -> None:
    found = with_lost_rows(with_label(("29", 120), ("30", 160)))
    own = [c for c in found.cells if c.place.col == 0]
    assert [(c.place.row, c.place.row_span, c.text) for c in own] == [(0, 1, "29"), (1, 1, "30")]
    assert own[0].polygon == ((150.0, 100.0), (270.0, 100.0), (270.0, 140.0), (150.0, 140.0))
    assert (own[0].place.drawn[1], own[1].place.drawn[0], own[1].place.drawn[1]) == (0.0, 0.0, 1.0)
    assert tuple(c.place for c in found.cells) == found.grid.cells


def test_a_wrapped_number_is_one() -> None:
    table = with_label(("2010", 120), ("5010", 160))
    wide = tuple(replace(x, box=(155, x.box[1], 262, x.box[3])) for x in table.cells[0].lines)
    table = replace(table, cells=(replace(table.cells[0], lines=wide), *table.cells[1:]))
    assert with_lost_rows(table) is table


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("住房", 120), ("保障", 160)),  # a label
        (("2010", 132), ("5010", 148)),  # a number of two lines in the middle of both
        (("2010", 110), ("5010", 125)),  # both in one row
    ],
)
def test_other_merged_cells_stay(first: tuple[str, float], second: tuple[str, float]) -> None:
    table = with_label(first, second)
    assert with_lost_rows(table) is table

"""Sides that are half drawn and make no sense."""

from dataclasses import replace

import pytest
from drawn_pages import edges, page_table, reading

from shenbao.layout.doubted_sides import without_doubted_sides
from shenbao.models.stages import PageTable, ReadLine

XS = edges(120, 180, 60, 200, start=150)
ROWS = "产出指标|数量指标|<|90\n^|质量指标|{}|95\n^|成本指标|<|12"


def drawn(table: PageTable, at: tuple[int, int], side: int, share: float) -> PageTable:
    """The table with one side (top, bottom, left, right) of the cell at a row and column drawn in part."""

    def weak(weak_side: int) -> tuple[float, float, float, float]:
        top, bottom, left, right = (share if k == weak_side else 1.0 for k in range(4))
        return top, bottom, left, right

    a = next(c for c in table.cells if (c.place.row, c.place.col) == at)
    b = next(
        c
        for c in table.cells
        if (c.place.row, c.place.col)
        == ((at[0], at[1] + a.place.col_span) if side == 3 else (at[0] + a.place.row_span, at[1]))
    )
    cells = tuple(
        replace(c, place=replace(c.place, drawn=weak(side) if c is a else weak(side - 1)))
        if c is a or c is b
        else c
        for c in table.cells
    )
    return replace(table, cells=cells)


def spans(table: PageTable) -> list[tuple[int, int, int, int]]:
    return [(c.place.row, c.place.col, c.place.row_span, c.place.col_span) for c in table.cells]


def test_a_half_drawn_side_beside_nothing_goes_where_no_other_row_has_one() -> None:
    table = drawn(page_table(1, XS, ROWS.format(".")), (1, 1), 3, 0.7)
    found = without_doubted_sides(table)
    assert (1, 1, 1, 2) in spans(found)
    assert len(found.cells) == len(table.cells) - 1
    (cell,) = [c for c in found.cells if c.place.row == 1 and c.place.col == 1]
    assert cell.text == "质量指标"
    assert cell.place.box == (270.0, 140.0, 510.0, 180.0)
    assert cell.polygon == ((270.0, 140.0), (510.0, 140.0), (510.0, 180.0), (270.0, 180.0))
    assert tuple(c.place for c in found.cells) == found.grid.cells


@pytest.mark.parametrize(
    ("rows", "share"),
    [
        (ROWS.format("."), 0.95),  # drawn beyond doubt
        (ROWS.format("合格"), 0.7),  # print on both sides
        (ROWS.format(".").replace("成本指标|<", "成本指标|."), 0.7),  # another row has it, too
    ],
)
def test_other_sides_stay(rows: str, share: float) -> None:
    table = drawn(page_table(1, XS, rows), (1, 1), 3, share)
    assert without_doubted_sides(table) is table


@pytest.mark.parametrize(("middle", "both"), [(160.0, True), (140.0, False), (200.0, False)])
def test_a_label_in_the_middle_of_two_cells_belongs_to_both(middle: float, both: bool) -> None:
    table = page_table(1, XS, "效益指标|数量指标|<|90\n^|质量指标|<|95\n.|成本指标|<|12")
    label = replace(table.cells[0], lines=(ReadLine((160, middle - 10, 240, middle + 10), reading("效益")),))
    found = without_doubted_sides(drawn(replace(table, cells=(label, *table.cells[1:])), (0, 0), 1, 0.7))
    assert len(found.cells) == len(table.cells) - both
    assert ((0, 0, 3, 1) in spans(found)) == both

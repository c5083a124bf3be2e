"""Cells of tables without rulings, and of a table around another one: flags and confidence."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from silent_engine import Silent

from shenbao.layout.join import join_tables
from shenbao.models.stages import (
    Box,
    CharReading,
    FlatPage,
    Grid,
    GridCell,
    Image,
    PageTable,
    ReadCell,
    Reading,
    ReadLine,
)
from shenbao.ocr.calibration import packaged_calibration
from shenbao.ocr.page import read_page
from shenbao.ocr.settle import settle

H = 20.0


class Counter(Silent):
    """An engine that reads every line as one sign and counts what it is given."""

    def __init__(self) -> None:
        self.pictures: list[Image] = []

    def read_lines(self, lines: Sequence[Image]) -> list[Reading]:
        self.pictures += lines
        return [Reading((CharReading("表", 0.99),)) for _ in lines]


def page_with(*boxes: Box) -> FlatPage:
    grey = np.full((600, 800), 255, np.uint8)
    for x0, y0, x1, y1 in boxes:
        grey[round(y0) : round(y1), round(x0) : round(x1)] = 0
    ink = np.where(grey < 128, 255, 0).astype(np.uint8)
    return FlatPage(1, grey, ink, ink, np.zeros_like(grey), H, 0, 0.0, lambda points: points)


def grid(xs: Sequence[float], ys: Sequence[float], drawn: float = 1.0, *, ruled: bool = True) -> Grid:
    cells = tuple(
        GridCell(r, c, 1, 1, (xs[c], ys[r], xs[c + 1], ys[r + 1]), (drawn,) * 4)
        for r in range(len(ys) - 1)
        for c in range(len(xs) - 1)
    )
    return Grid(tuple(xs), tuple(ys), cells, ruled)


def test_cells_found_by_alignment_are_flagged() -> None:
    ruled, loose = grid((50, 300), (50, 100)), grid((50, 300), (200, 260), 0.0, ruled=False)
    (first, second), _ = read_page(page_with(), [ruled, loose], Counter())
    assert [c.flags for c in first] == [()]
    assert [c.flags for c in second] == [("unruled",)]


def test_the_table_in_a_cell_is_not_read_as_the_cells_text() -> None:
    outer, inner = grid((50, 200, 750), (50, 500)), grid((300, 500), (150, 250))
    sign = (350.0, 190.0, 368.0, 210.0)
    own = (220.0, 400.0, 238.0, 420.0)
    (around, within), _ = read_page(page_with(sign, own), [outer, inner], Counter())
    assert [c.flags for c in around] == [(), ("nested_table",)]
    assert [len(c.lines) for c in around] == [0, 1]
    assert around[1].lines[0].box[1] > 390
    assert [len(c.lines) for c in within] == [1]


def table_of(found: Grid, flags: tuple[str, ...], text: str = "合计数") -> PageTable:
    cells = []
    for place in found.cells:
        x0, y0, x1, y1 = place.box
        line = ReadLine(
            (x0 + 9, y0 + 9, x0 + 69, y0 + 29), Reading(tuple(CharReading(c, 0.9999) for c in text))
        )
        polygon = ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
        cells.append(ReadCell(place, polygon, (line,), 0.1, 0.0, False, flags))
    return PageTable(1, 800.0, H, found, tuple(cells), "", ())


def confidences(table: PageTable) -> list[float]:
    (joined,) = join_tables([[table]])
    return [c.confidence for c in settle(joined, {}, packaged_calibration()).cells]


def test_unruled_tables_are_less_sure_than_ruled_ones_but_not_hopeless() -> None:
    xs, ys = (50, 300, 700), (50, 100, 150, 200)
    sure = confidences(table_of(grid(xs, ys), ()))
    loose = confidences(table_of(grid(xs, ys, 0.0, ruled=False), ("unruled",)))
    assert all(1 - b > 2 * (1 - a) for a, b in zip(sure, loose, strict=True))
    assert min(loose) > 0.5


def test_an_unruled_cell_has_no_weak_ruling() -> None:
    table = table_of(grid((50, 300, 700), (50, 100, 150), 0.0, ruled=False), ("unruled",))
    (joined,) = join_tables([[table]])
    flags = {tuple(c.flags) for c in settle(joined, {}, packaged_calibration()).cells}
    assert flags == {("unruled",)}


def test_rows_of_unruled_tables_are_not_taken_for_cut_ones() -> None:
    found = grid((50, 300, 700), (50, 100, 150), 0.0, ruled=False)
    following = replace(table_of(found, ("unruled",), "另一项"), page=2)
    (joined,) = join_tables([[table_of(found, ("unruled",))], [following]])
    assert joined.n_rows == 4


@pytest.mark.parametrize("shift", [-30.0, 25.0])
def test_columns_of_unruled_parts_are_matched_by_their_order(shift: float) -> None:
    first = table_of(grid((50, 300, 500, 700), (50, 100, 150), 0.0, ruled=False), ("unruled",))
    moved = (50, 300 + shift, 500, 700)
    following = replace(table_of(grid(moved, (50, 100, 150), 0.0, ruled=False), ("unruled",)), page=2)
    (joined,) = join_tables([[first], [following]])
    assert joined.n_cols == 3

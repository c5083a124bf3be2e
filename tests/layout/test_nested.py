"""Tables in a cell of another one, or beside it; merged cells and broken rulings are neither."""

import pytest
from drawn_pages import HEIGHT, draw_table, edges, flat_page, spans_found, white

from shenbao.layout.nested import part_tables
from shenbao.layout.rulings import find_rulings
from shenbao.layout.tables import find_tables, in_order
from shenbao.models.stages import Grid, Image

OUTER = edges(200, 300, 200, 300, start=80)
ROWS = edges(60, 300, 60, start=120)
FORM = "3|4|3|4\n3| |<|<\n3|6|<|<"


def tables(page: Image) -> list[Grid]:
    flat = flat_page(page)
    return find_tables(flat, find_rulings(flat))


def nested_page(inset: float = 24.0, inner: str = "2|2|2\n3|3|3\n3|3|3") -> Image:
    page = white(1200, 800)
    draw_table(page, OUTER, ROWS, FORM)
    left, right = OUTER[1] + inset, OUTER[4] - inset
    width = (right - left) / 3
    draw_table(page, edges(width, width, width, start=left), edges(70, 70, 70, start=ROWS[1] + inset), inner)
    return page


def test_a_table_in_a_cell() -> None:
    outer, inner = tables(nested_page())
    assert spans_found(outer) == [
        (0, 0, 1, 1), (0, 1, 1, 1), (0, 2, 1, 1), (0, 3, 1, 1), (1, 0, 1, 1), (1, 1, 1, 3), (2, 0, 1, 1), (2, 1, 1, 3),
    ]  # fmt: skip
    assert spans_found(inner) == [(r, c, 1, 1) for r in range(3) for c in range(3)]


def test_its_rulings_may_be_in_line_with_the_table_around_it() -> None:
    page = white(1200, 800)
    draw_table(page, OUTER, ROWS, FORM)
    inner = [OUTER[1] + 24, OUTER[2], OUTER[3], OUTER[4] - 24]
    draw_table(page, inner, edges(70, 70, 70, start=ROWS[1] + 24), "2|2|2\n3|3|3\n3|3|3")
    outer, nested = tables(page)
    assert len(outer.cells) == 8
    assert len(nested.cells) == 9


def test_merged_and_divided_cells_are_one_table() -> None:
    page = white(1200, 800)
    draw_table(page, OUTER, edges(60, 60, 60, 60, start=120), "3|4|3|4\n3|2|2|2\n^|2|2|2\n3|6|<|<")
    flat = flat_page(page)
    assert len(part_tables(find_rulings(flat))) == 1
    (grid,) = tables(page)
    assert len(grid.cells) == 4 + 7 + 2


def test_a_missing_piece_of_ruling_makes_no_table_of_its_own() -> None:
    page = white(1200, 800)
    xs, ys = edges(200, 300, 200, 300, start=80), edges(60, 60, 60, 60, start=120)
    draw_table(page, xs, ys, "\n".join(["3|4|3|4"] * 4))
    page[170:190, 300:560] = 255
    (grid,) = tables(page)
    assert len(grid.cells) >= 15


@pytest.mark.parametrize("gap", [30.0, 60.0, 120.0])
def test_a_table_beside_a_table(gap: float) -> None:
    page = white(1300, 700)
    left, right = edges(200, 250, start=80), edges(150, 150, 200, start=530 + gap)
    draw_table(page, left, edges(60, 60, 60, start=150), "3|4\n3|4\n3|4")
    draw_table(page, right, edges(60, 60, 60, 60, start=150), "\n".join(["2|2|3"] * 4))
    first, second = tables(page)
    assert spans_found(first) == [(r, c, 1, 1) for r in range(3) for c in range(2)]
    assert spans_found(second) == [(r, c, 1, 1) for r in range(4) for c in range(3)]


def test_tables_beside_one_another_go_left_to_right() -> None:
    page = white(1300, 700)
    draw_table(page, edges(200, 250, start=80), edges(60, 60, 60, start=158), "3|4\n3|4\n3|4")
    draw_table(page, edges(150, 200, start=600), edges(60, 60, 60, start=150), "2|3\n2|3\n2|3")
    assert [g.xs[0] < 300 for g in tables(page)] == [True, False]


def test_several_tables_on_a_page() -> None:
    page = white(1200, 1200)
    for k, top in enumerate((100, 450, 800)):
        draw_table(
            page, edges(300, 400, 300, start=90), edges(60, 60, 60, start=top), "\n".join(["3|4|3"] * (3))
        )
        assert k < 3
    assert [len(g.cells) for g in tables(page)] == [9, 9, 9]


def grid(x0: float, y0: float, x1: float, y1: float) -> Grid:
    return Grid((x0, x1), (y0, y1), ())


def test_reading_order() -> None:
    top, left, right, below = (
        grid(0, 0, 900, 90),
        grid(0, 120, 400, 500),
        grid(450, 110, 900, 300),
        grid(0, 520, 900, 700),
    )
    assert in_order([below, right, left, top]) == [top, left, right, below]


def test_a_nested_table_comes_after_its_owner() -> None:
    outer, inner = grid(0, 0, 900, 900), grid(100, 100, 500, 500)
    assert in_order([inner, outer]) == [outer, inner]


OPEN = edges(200, 300, 200, 300, start=100)


@pytest.mark.parametrize("sides", ["both", "left", "right"])
def test_an_open_side_is_closed(sides: str) -> None:
    page = white(1300, 800)
    draw_table(page, OPEN, edges(60, 60, 60, 60, start=150), "\n".join(["3|4|3|4"] * 4))
    ends = {"left": OPEN[:1], "right": OPEN[-1:], "both": [OPEN[0], OPEN[-1]]}[sides]
    for x in ends:
        for k in range(4):
            page[155 + 60 * k : 205 + 60 * k, round(x) - 3 : round(x) + 4] = 255
        column = page[:, round(x) - 1 : round(x) + 2]
        assert (column == 255).mean() > 0.9
    (found,) = tables(page)
    assert spans_found(found) == [(r, c, 1, 1) for r in range(4) for c in range(4)]
    assert found.xs[0] == pytest.approx(OPEN[0], abs=0.3 * HEIGHT)
    assert found.xs[-1] == pytest.approx(OPEN[-1], abs=0.3 * HEIGHT)

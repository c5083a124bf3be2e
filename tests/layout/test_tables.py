"""Every table of a page: those that rulings give, and those that only shaded headings seem to rule."""

import pytest
from drawn_pages import HEIGHT, draw_table, edges, flat_page, rule, sign_line, spans_found, white

from shenbao.layout.rulings import find_rulings
from shenbao.layout.tables import find_tables
from shenbao.models.stages import Grid, Image

XS = edges(160, 340, 200, 200, start=100)
PITCH = 2.2 * HEIGHT


def found(page: Image) -> list[Grid]:
    flat = flat_page(page)
    return find_tables(flat, find_rulings(flat))


def rows_of_print(page: Image, top: float, count: int) -> None:
    for r in range(count):
        for c, signs in enumerate((2, 3, 2, 2) if r == 0 else (1, 5 + r % 3, 3, 4)):
            x = XS[c] + 10 if c == 1 and r else (XS[c] + XS[c + 1] - signs * 1.15 * HEIGHT) / 2
            sign_line(page, x, top + r * PITCH, signs, seed=31 * r + c)


def box(page: Image, top: float, bottom: float) -> None:
    for y in (top, bottom):
        rule(page, (XS[0], y), (XS[-1], y))
    for x in (XS[0], XS[-1]):
        rule(page, (x, top), (x, bottom))


@pytest.mark.parametrize("foot", [True, False])
def test_the_outline_of_shaded_headings_is_no_table_of_its_own(foot: bool) -> None:
    page = white(1200, 1000)
    rows_of_print(page, 300, 6)
    box(page, 300 - 0.6 * HEIGHT, 300 + 1.6 * HEIGHT)
    if foot:
        end = 300 + 5 * PITCH + 1.6 * HEIGHT
        rule(page, (XS[0], end), (XS[-1], end))
    (grid,) = found(page)
    assert spans_found(grid) == [(r, c, 1, 1) for r in range(6) for c in range(4)]


def test_a_box_beside_no_table_stays() -> None:
    page = white(1200, 1000)
    box(page, 300, 300 + 2.2 * HEIGHT)
    sign_line(page, 200, 300 + 0.6 * HEIGHT, 12, seed=3)
    (grid,) = found(page)
    assert spans_found(grid) == [(0, 0, 1, 1)]


def test_a_row_above_a_ruled_table_stays() -> None:
    page = white(1200, 1000)
    ys = edges(*[60.0] * 4, start=400)
    draw_table(page, XS, ys, "\n".join(["|".join("4444")] * 4))
    box(page, 300, 300 + 2.2 * HEIGHT)
    sign_line(page, 200, 300 + 0.6 * HEIGHT, 12, seed=3)
    assert [len(grid.cells) for grid in found(page)] == [1, 16]

"""Tests of dashes as small as specks."""

import numpy as np
from drawn_pages import draw_table, edges, flat_page, white

from shenbao.layout.grid import find_grids
from shenbao.layout.lines import lines_of_cells
from shenbao.layout.rulings import find_rulings
from shenbao.layout.small_dashes import lone_dash, repeated

H = 25.0


def _stats(*pieces: tuple[int, int, int, int]) -> np.ndarray:
    rows = [(0, 0, 200, 60, 12000), *((x, y, w, t, w * t) for x, y, w, t in pieces)]
    return np.array(rows, np.int32)


def test_a_flat_piece_half_way_up_may_be_a_dash() -> None:
    assert lone_dash(_stats((100, 29, 7, 3)), 60, H) == 1
    assert lone_dash(_stats((100, 29, 7, 3), (20, 10, 2, 2)), 60, H) == 1


def test_what_is_high_up_or_round_or_not_alone_is_none() -> None:
    assert lone_dash(_stats((100, 5, 7, 3)), 60, H) is None
    assert lone_dash(_stats((100, 29, 5, 5)), 60, H) is None
    assert lone_dash(_stats((100, 29, 7, 3), (20, 20, 8, 20)), 60, H) is None
    assert lone_dash(_stats(), 60, H) is None


def test_only_what_comes_again_is_told() -> None:
    assert repeated([(7, 3), (8, 3), (7, 2), (14, 5)], H) == [True, True, True, False]
    assert repeated([(7, 3), (8, 3)], H) == [False, False]
    assert repeated([], H) == []


def _dashes(count: int) -> int:
    """How many cells of a table with `count` cells with a dash hold a line."""
    xs, ys = edges(150, 150, 150, start=60), edges(60, 60, 60, 60, start=60)
    page = white(600, 400)
    draw_table(page, xs, ys, "\n".join([".|.|."] * 4))
    for k in range(count):
        x, y = round(xs[1 + k % 2] + 60), round((ys[k // 2] + ys[k // 2 + 1]) / 2)
        page[y - 1 : y + 2, x : x + 7] = 0
    flat = flat_page(page, H)
    return sum(bool(cell.lines) for cell in lines_of_cells(find_grids(find_rulings(flat)), [flat])[0])


def test_dashes_of_a_table_are_lines_and_one_mark_is_a_speck() -> None:
    assert _dashes(6) == 6
    assert _dashes(1) == 0

"""Tests of dashes as small as specks."""

import numpy as np
import pytest
from drawn_pages import draw_table, edges, flat_page, white

from shenbao.layout.grid import find_grids
from shenbao.layout.lines import lines_of_cells
from shenbao.layout.rulings import find_rulings
from shenbao.layout.small_dashes import are_dashes, lone_dash, pale_dash, pale_pair, repeated

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


@pytest.mark.parametrize(
    ("at", "dashes", "told"),
    [
        pytest.param((88, 29), 2, True, id="amid, as others"),
        pytest.param((88, 29), 1, False, id="no others"),
        pytest.param((60, 29), 2, False, id="aside"),
        pytest.param((88, 36), 2, False, id="low"),
    ],
)
def test_a_stroke_in_the_very_middle_is_told_by_dashes_elsewhere(
    at: tuple[int, int], dashes: int, told: bool
) -> None:
    (_, piece), (_, dash) = _stats((*at, 24, 2)), _stats((50, 20, 26, 3))
    words = np.array([[10, 10, 20, 22, 200], [40, 10, 20, 22, 200]], np.int32)
    assert are_dashes([(piece, (60, 200))], [dash[None]] * dashes + [words], H) == [told]


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


def _ink(*strokes: tuple[int, int, int, int]) -> np.ndarray:
    ink = np.zeros((60, 200), np.uint8)
    for x, y, w, t in strokes:
        ink[y : y + t, x : x + w] = 255
    return ink


def test_a_thin_stroke_amid_a_cell_may_be_a_dash() -> None:
    found = pale_dash(_ink((90, 29, 24, 2)), H)
    assert found is not None
    labels, stats, number = found
    assert stats[number].tolist() == [90, 29, 24, 2, 48]
    assert (labels == number).sum() == 48


def test_the_edge_of_a_ruling_is_no_other_ink() -> None:
    assert pale_dash(_ink((90, 29, 24, 2), (0, 0, 200, 2)), H) is not None


def test_strokes_high_up_from_side_to_side_thick_or_in_company_are_no_pale_dashes() -> None:
    assert pale_dash(_ink((90, 10, 24, 2)), H) is None
    assert pale_dash(_ink((2, 29, 40, 2)), H) is None
    assert pale_dash(_ink((20, 29, 70, 2)), H) is None
    assert pale_dash(_ink((90, 26, 24, 8)), H) is None
    assert pale_dash(_ink((90, 29, 24, 2), (130, 20, 10, 20)), H) is None


def test_two_strokes_as_long_as_each_other_are_an_equals_sign() -> None:
    found = pale_pair(_ink((90, 25, 12, 2), (90, 31, 12, 2), (0, 0, 200, 2)), H)
    assert found is not None
    labels, _, both = found
    assert np.isin(labels, both).sum() == 48


@pytest.mark.parametrize(
    "pieces",
    [
        ((90, 25, 12, 2),),
        ((90, 25, 12, 2), (96, 31, 12, 2)),  # not one above the other
        ((90, 25, 12, 2), (90, 31, 20, 2)),  # of other lengths
        ((90, 25, 12, 2), (90, 50, 12, 2)),  # too far apart
        ((90, 5, 12, 2), (90, 11, 12, 2)),  # high up
        ((90, 22, 12, 5), (90, 31, 12, 5)),  # thick
        ((90, 25, 12, 2), (90, 31, 12, 2), (130, 28, 3, 3)),  # in company
    ],
)
def test_other_strokes_are_none(pieces: tuple[tuple[int, int, int, int], ...]) -> None:
    assert pale_pair(_ink(*pieces), H) is None


def _pale_dashes(count: int) -> list[tuple[bool, ...]]:
    """For each cell of a table with a line, `count` of which hold a thin grey dash, whether its line is faint."""
    xs, ys = edges(150, 150, 150, start=60), edges(60, 60, 60, 60, start=60)
    page = white(600, 400)
    draw_table(page, xs, ys, "\n".join([".|.|."] * 4))
    for k in range(count):
        x, y = round(xs[1 + k % 2] + 60), round((ys[k // 2] + ys[k // 2 + 1]) / 2)
        page[y : y + 2, x : x + 24] = 200
    flat = flat_page(page, H)
    found = lines_of_cells(find_grids(find_rulings(flat)), [flat])[0]
    return [cell.faint for cell in found if cell.lines]


def test_pale_dashes_of_a_table_are_print_and_one_stroke_is_dirt() -> None:
    assert _pale_dashes(6) == [(False,)] * 6
    assert _pale_dashes(1) == []

"""Rulings at a table's ends."""

import numpy as np
import pytest
from drawn_pages import flat_page

from shenbao.layout.faces import Sides
from shenbao.layout.grid import find_grids
from shenbao.layout.outer_sides import beside, without_slits, without_slivers
from shenbao.layout.rulings import find_rulings
from shenbao.models.stages import Ruling

H = 20.0


def line(horizontal: bool, at: float, start: float, end: float) -> Ruling:
    return Ruling(horizontal, at, start, end, 2.0, 1.0, 400.0)


def table() -> list[Ruling]:
    across = [line(True, y, 100, 700) for y in (100, 300, 500)]
    return across + [line(False, x, 100, 500) for x in (100, 300, 500, 700)]


@pytest.mark.parametrize(
    ("vertical", "belongs"),
    [
        (line(False, 800, 100, 500), True),  # ends where the table's own do
        (line(False, 800, 100, 420), False),
        (line(False, 715, 90, 420), True),  # behind the paled ends of rulings
        (line(False, 1000, 100, 500), False),  # too far
        (line(False, 400, 100, 500), False),  # inside
    ],
)
def test_a_vertical_beside_a_table_belongs_to_it_by_its_ends(vertical: Ruling, belongs: bool) -> None:
    assert beside(table(), [vertical], H) == ([vertical] if belongs else [])


def test_a_table_of_two_verticals_tells_nothing() -> None:
    assert beside([line(False, 100, 100, 500)] * 2, [line(False, 200, 100, 500)], H) == []


@pytest.mark.parametrize(("width", "ruled", "kept"), [(10, 0.0, 3), (10, 1.0, 4), (40, 0.0, 4)])
def test_an_outermost_slit_that_no_ruling_reaches_is_no_column(width: int, ruled: float, kept: int) -> None:
    xs = [100.0 - width, 100.0, 300.0, 500.0]
    across = np.ones((4, 3))
    across[:, 0] = ruled
    found = without_slits(xs, across, 0.5, H)
    assert len(found) == kept
    mirrored = without_slits([600 - x for x in xs][::-1], across[:, ::-1], 0.5, H)
    assert mirrored == [600 - x for x in found][::-1]


def test_strokes_of_the_line_over_a_table_give_no_row() -> None:
    """The feet of a caption's characters stand in line, close over the uppermost ruling."""
    page = np.full((400, 600), 255, np.uint8)
    for y in (100, 160, 220, 280):
        page[y : y + 3, 100:503] = 0
    for x in (100, 300, 500):
        page[100:283, x : x + 3] = 0
    for x in range(104, 200, 13):
        page[88:90, x : x + 11] = 0
    page[88:90, 210:292] = 0
    found = find_grids(find_rulings(flat_page(page, H)))
    assert [(len(grid.ys) - 1, len(grid.xs) - 1) for grid in found] == [(3, 2)]


@pytest.mark.parametrize(("apart", "left"), [(10.0, 0.0), (14.0, 1.0)])
def test_of_two_sides_with_no_room_between_the_one_whose_edge_is_drawn_less_goes(
    apart: float, left: float
) -> None:
    ys = [0.0, 40.0, 80.0, 120.0]
    xs = [0.0, 300.0 - apart, 300.0, 500.0]
    down = np.ones((3, 4))
    down[:2, 1] = 0.0  # shines through in the last row alone
    found = without_slivers(Sides(np.ones((4, 3)), down), xs, ys, 0.6, H)
    assert (found.across == 1.0).all()
    assert found.down[2].tolist() == [1.0, left, 1.0, 1.0]
    assert (found.down[:, 2] == 1.0).all()


@pytest.mark.parametrize("apart", [6, 8, 10])
def test_double_rulings_are_one_edge_each_however_wide(apart: int) -> None:
    page = np.full((400, 700), 255, np.uint8)
    for y in (100, 160, 220, 280):
        for shift in (0, apart):
            page[y + shift, 100 : 600 + apart] = 0
    for x in (100, 300, 450, 600):
        for shift in (0, apart):
            page[100 : 280 + apart, x + shift] = 0
    found = find_grids(find_rulings(flat_page(page, H)))
    assert [(len(grid.ys) - 1, len(grid.xs) - 1, len(grid.cells)) for grid in found] == [(3, 3, 9)]

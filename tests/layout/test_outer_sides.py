"""Verticals at a table's left and right end."""

import numpy as np
import pytest

from shenbao.layout.faces import Sides
from shenbao.layout.outer_sides import beside, without_slits
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
    found = without_slits(xs, Sides(across, np.ones((3, 4))), 0.5, H)
    assert len(found) == kept
    assert (
        without_slits([600 - x for x in xs][::-1], Sides(across[:, ::-1], np.ones((3, 4))), 0.5, H)
        == [600 - x for x in found][::-1]
    )

"""Sides between drawn ones that have paled to next to nothing, but are seen all along."""

import numpy as np
import pytest

from shenbao.layout.all_along import with_all_along
from shenbao.models.stages import Image, Traces

CHAR, PRESENT = 20.0, 0.6
CROSSING = [10.0, 110.0, 210.0, 310.0]


def traces(darkness: int, last: int = 210) -> Traces:
    """A line at row 50 that is so dark from column 110 to `last`, in grain."""
    ridges: Image = np.random.default_rng(3).integers(0, 6, (100, 320)).astype(np.uint8)
    ridges[49:52, 110:last] = darkness
    ink = np.zeros((100, 320), np.uint8)
    return Traces(np.zeros_like(ink), np.zeros_like(ink), ink, ridges)


def raised(seen: Traces, support: float = 0.0, beside: float = 1.0) -> float:
    found = np.array([[1.0] * 3, [1.0, support, beside], [1.0] * 3])
    return float(with_all_along(found, [10.0, 50.0, 90.0], CROSSING, seen, CHAR, PRESENT)[1, 1])


def test_a_pale_side_between_drawn_ones_is_drawn() -> None:
    assert raised(traces(12)) == PRESENT


@pytest.mark.parametrize(("darkness", "last"), [(3, 210), (40, 160)])
def test_grain_and_a_line_that_ends_are_no_side(darkness: int, last: int) -> None:
    assert raised(traces(darkness, last)) == 0.0


def test_a_side_at_the_end_of_its_line_is_left_alone() -> None:
    assert raised(traces(12), beside=0.0) == 0.0


def test_print_in_its_place_or_close_by_tells_against_it() -> None:
    seen = traces(12)
    seen.ink[53:58, 120:200] = 255
    assert raised(seen) == 0.0
    assert raised(traces(12), support=-0.3) == -0.3


@pytest.mark.parametrize(("darkness", "support"), [(90, PRESENT), (20, -0.3)])
def test_a_side_that_stands_out_sharply_is_drawn_though_print_crosses_it(
    darkness: int, support: float
) -> None:
    seen = traces(darkness)
    for start in (120, 150, 180):
        seen.ink[40:60, start : start + 12] = 255
        seen.ridges[40:60:8, start : start + 12] = 120
    assert raised(seen, support=-0.3) == support


def test_print_alone_is_no_sharp_side() -> None:
    seen = traces(0)
    for i, start in enumerate(range(112, 208, 6)):
        row = 42 + 5 * i % 16
        seen.ridges[row : row + 2, start : start + 10] = 200
    assert raised(seen, support=-0.3) == -0.3


def test_print_farther_off_is_no_grain() -> None:
    seen = traces(12)
    seen.ink[61:64, 130:180] = 255
    seen.ridges[61:64, 130:180] = 200
    assert raised(seen) == PRESENT


@pytest.mark.parametrize(("darkness", "support"), [(20, PRESENT), (0, 0.0)])
def test_a_side_in_which_no_character_has_room_is_drawn_if_seen(darkness: int, support: float) -> None:
    seen = traces(darkness)
    found = np.array([[1.0] * 3, [1.0, 0.0, 1.0], [1.0] * 3])
    narrow = [10.0, 150.0, 168.0, 310.0]
    assert with_all_along(found, [10.0, 50.0, 90.0], narrow, seen, CHAR, PRESENT)[1, 1] == support

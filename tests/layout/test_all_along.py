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

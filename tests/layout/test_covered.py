"""A streak that lies on a cell's side is told from the ruling it may cover."""

import numpy as np
import pytest

from shenbao.layout.covered import streak_or_ruling
from shenbao.models.stages import Image, Traces

LENGTH, AT, H = 900, 30, 20.0
TABLE = (300.0, 600.0)
SIDE = (300, 400)


def traces(in_table: float, outside: float) -> Traces:
    """A streak along row AT; shares of it that are unbroken ink in the side and outside of the table."""
    streaks = np.zeros((60, LENGTH), np.uint8)
    streaks[AT - 2 : AT + 3] = 255
    solid = np.zeros_like(streaks)
    solid[AT, SIDE[0] : SIDE[0] + round(in_table * (SIDE[1] - SIDE[0]))] = 255
    solid[AT, : round(outside * TABLE[0])] = 255
    solid[AT, round(TABLE[1]) : round(TABLE[1] + outside * TABLE[0])] = 255
    nothing: Image = np.zeros_like(streaks)
    return Traces(nothing, solid, solid, nothing, streaks)


def told(in_table: float, outside: float, crowd: float = 0.0) -> float:
    return streak_or_ruling(traces(in_table, outside), float(AT), SIDE, TABLE, crowd, H)


@pytest.mark.parametrize("outside", [0.0, 0.5, 1.0])
def test_a_broken_streak_is_no_ruling(outside: float) -> None:
    assert told(0.4, outside) == 0.0


def test_unbroken_ink_where_the_streak_is_broken_is_a_ruling() -> None:
    assert told(1.0, 0.3) == 1.0


def test_an_unbroken_streak_tells_nothing() -> None:
    assert np.isnan(told(1.0, 1.0))
    assert np.isnan(told(0.8, 0.3))


def test_no_ruling_is_where_print_goes_on() -> None:
    assert told(1.0, 0.3, crowd=0.4) == 0.0
    assert told(0.8, 0.3, crowd=0.25) == 0.0
    assert told(1.0, 0.3, crowd=0.25) == 1.0
    assert told(1.0, 1.0, crowd=0.25) == 0.0

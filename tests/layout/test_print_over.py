"""Print that runs over the place of an upright side: no ruling is there."""

import numpy as np
import pytest

from shenbao.layout.print_over import without_print_over
from shenbao.models.stages import Image

H = 20.0
LINES, CROSSING = [20.0, 220.0, 420.0], [50.0, 190.0]
ROWS = (70, 110, 150)
"""Where lines of text begin."""

Strokes = list[tuple[int, int]]


def support(ink: Image, found: float, line: int = 1) -> float:
    """What is left of a side between two drawn ones; the picture is turned."""
    sides = np.ones((3, 1))
    sides[line, 0] = found
    return float(without_print_over(sides, LINES, CROSSING, ink, H, 0.6)[line, 0])


def page(strokes: Strokes, rows: tuple[int, ...] = ROWS) -> Image:
    """Lines of text of upright strokes, each with a bar that makes it a character, from place to place."""
    ink = np.zeros((440, 240), np.uint8)
    for row in rows:
        for start, end in strokes:
            ink[start:end, row : row + 3] = 255
            ink[start:end, row + 15 : row + 18] = 255
            ink[start : start + 3, row : row + 18] = 255
    return ink


CROSSED: Strokes = [(178, 196), (199, 217), (219, 237), (240, 258)]
"""Characters across the middle line, a stroke of one of them upon it."""


def test_strokes_of_several_lines_of_text_are_no_side() -> None:
    assert support(page(CROSSED), 0.33) < 0


def test_a_ruling_is_seen_between_the_lines_of_text() -> None:
    ink = page(CROSSED)
    ink[219:222, 90:108] = 255
    assert support(ink, 0.33) == 0.33


@pytest.mark.parametrize("found", [0.0, 0.1, 1.0])
def test_only_half_drawn_sides_are_doubted(found: float) -> None:
    assert support(page(CROSSED), found) == found


def test_the_outermost_lines_are_left_alone() -> None:
    assert support(page([(0, 18), (21, 39)]), 0.4, line=0) == 0.4


def test_below_a_streak_text_that_goes_on_tells_that_no_ruling_is_there() -> None:
    assert support(page([(198, 216), (223, 241)]), float("nan")) < 0


def test_below_a_streak_text_that_keeps_clear_of_it_tells_nothing() -> None:
    assert np.isnan(support(page([(150, 208), (230, 300)]), float("nan")))


def test_below_a_streak_text_in_the_middle_of_both_cells_tells() -> None:
    ink = np.zeros((440, 240), np.uint8)
    ink[120:320, 60:180] = page([(150, 200), (230, 290)])[120:320, 60:180]
    moved = np.roll(ink, 60, axis=0)  # the line is off the middle of its neighbours
    lines = [20.0, 150.0, 420.0]
    sides = np.array([[1.0], [np.nan], [1.0]])
    centred = page([(170, 200), (230, 270)])
    assert without_print_over(sides, lines, CROSSING, centred, H, 0.6)[1, 0] < 0
    assert np.isnan(without_print_over(sides, lines, CROSSING, moved, H, 0.6)[1, 0])


def test_what_is_left_of_the_ruling_is_no_print() -> None:
    ink = page([(150, 205)])
    ink[226:228, 50:190] = 255
    assert np.isnan(support(ink, float("nan")))
    assert np.isnan(support(np.zeros_like(ink), float("nan")))


def test_below_a_streak_print_in_the_middle_of_each_cell_tells_that_a_ruling_is_there() -> None:
    assert support(page([(100, 140), (300, 340)]), float("nan")) == 0.6
    assert np.isnan(support(page([(100, 140), (280, 320)]), float("nan")))


def test_below_a_streak_text_that_fills_both_cells_may_have_a_space_there() -> None:
    assert np.isnan(support(page([(30, 212), (228, 410)]), float("nan")))


def test_a_blot_tells_nothing() -> None:
    ink = page([(198, 216), (223, 241)])
    ink[250:280, 100:130] = 255
    assert np.isnan(support(ink, float("nan")))


def test_what_a_seal_took_away_between_two_texts_may_have_been_print() -> None:
    ink = page([(x, x + 18) for x in (*range(36, 184, 21), *range(239, 387, 21))])
    sides = np.array([[1.0], [np.nan], [1.0]])
    ring = np.zeros_like(ink)
    ring[202:238] = 255
    tell = [without_print_over(sides, LINES, CROSSING, ink, H, 0.6, seals)[1, 0] for seals in (None, ring)]
    assert tell[0] == 0.6 and np.isnan(tell[1])

"""Strokes of print in tight rows are no sides; rulings that join, or are broken, are."""

import numpy as np
import pytest

from shenbao.layout.clear_strokes import without_strokes

H = 20.0
LINES = [20.0, 120.0, 220.0]


def support(pieces: list[tuple[int, int]], row: float = 30.0, line: int = 1) -> float:
    """What is left of a side, from 50 to 50 + row, that holds these pieces of ink."""
    ink = np.zeros((240, 300), np.uint8)
    crossing = [50.0, 50.0 + row]
    for x in crossing:
        ink[:, round(x) - 1 : round(x) + 2] = 255
    for start, end in pieces:
        ink[round(LINES[line]) - 1 : round(LINES[line]) + 1, start:end] = 255
    found = np.ones((3, 1))
    return float(without_strokes(found, LINES, crossing, ink, H, 0.6)[line, 0])


def test_a_stroke_that_keeps_white_at_both_ends_is_no_side() -> None:
    assert support([(55, 76)]) < 0.3


@pytest.mark.parametrize(
    "pieces",
    [
        [(50, 80)],  # joins both
        [(50, 76)],  # joins one
        [(55, 62), (66, 76)],  # broken in the middle, too
        [(62, 70)],  # far too short for a stroke that looks like a side
        [(53, 78)],  # a pixel is nothing
        [(50, 70), (73, 76)],  # runs out towards one end
    ],
)
def test_other_sides_stay(pieces: list[tuple[int, int]]) -> None:
    assert support(pieces) == 1.0


def test_high_rows_and_outermost_lines_are_left_alone() -> None:
    assert support([(55, 106)], row=60.0) == 1.0
    assert support([(55, 76)], line=0) == 1.0


def of_a_character(*, breadth: int, rest: tuple[int, int] | None = None) -> float:
    """What is left of a side between rulings that have paled, on which a stroke of a character so broad lies."""
    ink = np.zeros((240, 300), np.uint8)
    ink[119:121, 56:74] = 255
    ink[119 : 119 + breadth, 60:63] = 255
    if rest:
        ink[119:121, slice(*rest)] = 255
    found = np.ones((3, 1))
    return float(without_strokes(found, LINES, [50.0, 80.0], ink, H, 0.6)[1, 0])


def test_a_stroke_of_a_broad_character_is_no_side_though_the_rulings_beside_it_have_paled() -> None:
    assert of_a_character(breadth=14) < 0.3
    assert of_a_character(breadth=2) == 1.0
    assert of_a_character(breadth=14, rest=(48, 54)) < 0.3
    assert of_a_character(breadth=14, rest=(76, 82)) < 0.3
    assert of_a_character(breadth=14, rest=(66, 82)) == 1.0  # goes on to a ruling

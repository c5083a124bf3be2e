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


@pytest.mark.parametrize(
    ("row", "spikes", "is_side"), [(28, 0, False), (28, 2, False), (28, 20, True), (40, 0, True)]
)
def test_a_character_all_but_as_tall_as_its_tight_row_is_no_side(
    row: int, spikes: int, is_side: bool
) -> None:
    """It keeps two pixels from the rulings, with ragged edges one, less than what these take of a side."""
    ink = np.zeros((240, 300), np.uint8)
    for x in (50, 50 + row):
        ink[:, x - 1 : x + 2] = 255
    ink[119:121, 54:62] = ink[119:121, 64 : 47 + row] = ink[126, 54 : 47 + row] = 255
    ink[114:127, 54:57] = ink[114:127, 44 + row : 47 + row] = 255
    ink[110:112, 51 : 51 + spikes] = 255
    ink[119:121, 51 : 51 + spikes] = 255
    found = without_strokes(np.ones((3, 1)), LINES, [50.0, 50.0 + row], ink, H, 0.6)
    assert (found[1, 0] == 1.0) == is_side

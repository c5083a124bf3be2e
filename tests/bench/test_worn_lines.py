import random
from collections.abc import Sequence

import numpy as np
import pytest
from bench.render.document import Order, make
from bench.worn.lines import Line, apart, fits, hard, lines_of, printed_lines, same

from shenbao.models.stages import CharReading, Image, Reading

PRINTED = np.array([[100, 50], [300, 50], [300, 80], [100, 80]], np.float64)


def moved(left: float = 0, top: float = 0, right: float = 0, bottom: float = 0) -> np.ndarray:  # type: ignore[type-arg]
    """The corners of the printed line with its sides moved."""
    return PRINTED + np.array([[left, top], [right, top], [right, bottom], [left, bottom]])


@pytest.mark.parametrize(
    ("corners", "right"),
    [
        (moved(-10, -3, 10, 3), True),
        (moved(5, 3, -5, -3), True),
        (moved(right=-60), False),
        (moved(left=-60), False),
        (moved(top=-40, bottom=10), False),
        (moved(top=20, bottom=30), False),
    ],
)
def test_a_line_fits_where_it_is_all_of_what_is_printed(corners: np.ndarray, right: bool) -> None:  # type: ignore[type-arg]
    assert fits(corners, PRINTED) is right


@pytest.mark.parametrize(
    ("corners", "clear"),
    [
        (moved(), False),
        (moved(right=-190), False),
        (moved(left=-60, right=-205), False),
        (moved(left=-60, right=-216), True),
        (moved(left=216, right=60), True),
        (moved(top=-60, bottom=-40), False),
        (moved(top=-70, bottom=-46), True),
        (moved(top=46, bottom=70), True),
    ],
)
def test_a_line_is_apart_from_print_that_is_half_a_character_off(corners: np.ndarray, clear: bool) -> None:  # type: ignore[type-arg]
    assert apart(corners, PRINTED) is clear


def test_a_slanting_line_fits_along_its_own_direction() -> None:
    angle = np.radians(12)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    assert fits(moved(-5, -2, 5, 2) @ turn, PRINTED @ turn)
    assert not fits(moved(-5, -2, 5, 2), PRINTED @ turn)


def test_texts_are_the_same_but_for_blanks_and_widths() -> None:
    assert same("（万元）", "(万 元)") and not same("万元", "万无")


def test_lines_of_a_form_carry_what_is_printed_in_them() -> None:
    made = make(Order(seed=31, levels=("scan",), dpis=(150,), layouts=("goal_6col",), turn_share=0.0), 0)
    printed = [line.text for page in range(len(made.shots)) for line in printed_lines(made, page)]
    lines = list(lines_of(made))
    assert len(lines) > 0.8 * len(printed) > 20
    assert {line.text for line in lines} <= {*printed, ""}
    assert all(line.picture.shape[0] == 48 and line.picture.dtype == np.uint8 for line in lines)
    widths = np.array([line.picture.shape[1] for line in lines])
    lengths = np.array([len(line.text) for line in lines])
    assert np.corrcoef(widths, lengths)[0, 1] > 0.8


class Answers:
    def __init__(self, *readings: Reading) -> None:
        self.readings = readings

    def read_lines(self, lines: Sequence[Image]) -> list[Reading]:
        return list(self.readings)


def test_lines_that_are_read_rightly_and_surely_are_mostly_left_out() -> None:
    picture = np.full((48, 96), 255, np.uint8)
    right, wrong, doubtful = (
        Reading((CharReading(c, p),)) for c, p in (("人", 1.0), ("入", 1.0), ("人", 0.6))
    )
    lines = [Line(picture, "人")] * 3
    kept = [hard(lines, Answers(right, wrong, doubtful), random.Random(seed)) for seed in range(200)]  # type: ignore[arg-type]
    assert all(2 <= len(some) <= 3 for some in kept)
    assert 8 <= sum(len(some) == 3 for some in kept) <= 48

"""Level sides that a fax broke into dots, or left an end of."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from shenbao.layout.broken import with_broken
from shenbao.models.stages import Image

H = 20.0
LINES, CROSSING = [40.0, 100.0, 160.0], [20.0, 180.0, 340.0, 500.0]
LOST = [1.0, 0.0, 1.0]


def page(pepper: float = 0.0) -> Image:
    """Ink of three columns whose middle line is drawn in the first and the last."""
    chance = np.random.default_rng(3).random((200, 520))
    ink = np.where(chance < pepper, np.uint8(255), np.uint8(0))
    for y in LINES:
        ink[round(y) - 1 : round(y) + 1, 20:500] = 255
    ink[99:101, 181:340] = 0
    for x in CROSSING:
        ink[40:160, round(x) - 1 : round(x) + 1] = 255
    return ink


def side(ink: Image, *, breaking: bool = False, found: list[float] = LOST) -> float:
    support: NDArray[np.float64] = np.array([[1.0] * 3, found, [1.0] * 3])
    return float(with_broken(support, LINES, CROSSING, ink, H, 0.6, breaking)[1, 1])


@pytest.mark.parametrize("pepper", [0.0, 0.01])
def test_what_was_never_drawn_stays_so(pepper: float) -> None:
    assert side(page(pepper), breaking=True) == 0.0


@pytest.mark.parametrize(("start", "end"), [(180, 210), (310, 340)])
def test_no_ruling_ends_in_a_cell(start: int, end: int) -> None:
    ink = page(0.005)
    ink[99:101, start:end] = 255
    assert side(ink) == 0.6


def test_an_end_beside_a_side_that_is_not_drawn_is_none() -> None:
    ink = page()
    ink[99:101, 181:210] = 255
    assert side(ink, found=[0.0, 0.0, 1.0]) == 0.0


def test_a_stub_or_a_stroke_clear_of_the_sides_is_no_end() -> None:
    stub, stroke = page(), page()
    stub[99:101, 181:190] = 255
    stroke[99:101, 200:230] = 255
    assert side(stub) == side(stroke) == 0.0


def test_the_foot_of_print_is_no_end() -> None:
    ink = page()
    ink[99:101, 181:215] = 255
    ink[84:94, 181:215] = 255
    assert side(ink) == 0.0


def test_dots_tell_where_rulings_break() -> None:
    ink = page(0.002)
    for x in range(192, 325, 15):
        ink[99:101, x : x + 5] = 255
    assert side(ink, breaking=True) == 0.6
    assert side(ink, breaking=False) == 0.0


def test_dots_beside_it_as_many_do_not() -> None:
    ink = page()
    for y in range(84, 118, 3):
        for x in range(190, 335, 10):
            ink[y : y + 1, x : x + 5] = 255
    assert side(ink, breaking=True) == 0.0


def test_an_arc_is_no_ruling() -> None:
    ink = page()
    cv2.line(ink, (181, 96), (260, 105), (255,), 1)
    assert side(ink, breaking=True) == 0.0


def test_dots_with_print_all_along_near_them_are_none() -> None:
    ink = page(0.002)
    for x in range(192, 325, 15):
        ink[99:101, x : x + 5] = 255
    ink[109, 181:340] = 255
    assert side(ink, breaking=True) == 0.0

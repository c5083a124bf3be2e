"""A ruling is told from what is grown to it."""

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.cores import level_core

CHAR = 28.0
LEAST = 40


def piece() -> NDArray[np.uint8]:
    return np.zeros((60, 160), np.uint8)


def test_a_ruling_that_a_ring_touches_is_told_from_it() -> None:
    picture = piece()
    picture[20:23, 30:130] = 1
    cv2.line(picture, (108, 24), (130, 50), (1,), 6)
    found = level_core(picture[:, 30:135] > 0, LEAST, CHAR)
    assert found == (slice(20, 23), slice(0, 100))


def test_a_thick_arc_holds_no_ruling() -> None:
    picture = piece()
    cv2.ellipse(picture, (80, 180), (150, 150), 0, 240, 300, (1,), 10)
    assert level_core(picture > 0, LEAST, CHAR) is None


def test_a_thin_slanting_stroke_holds_none() -> None:
    picture = piece()
    cv2.line(picture, (10, 50), (150, 10), (1,), 3)
    assert level_core(picture > 0, LEAST, CHAR) is None


def test_a_long_step_of_a_slanting_streak_is_none() -> None:
    picture = piece()
    for k in range(3):
        picture[20 + k, 5 + 50 * k : 55 + 50 * k] = 1
    assert level_core(picture > 0, LEAST, CHAR) is None


def test_what_is_too_short_or_a_blot_is_none() -> None:
    short, blot = piece(), piece()
    short[20:23, 30:60] = 1
    blot[20:26, 30:75] = 1
    assert level_core(short > 0, LEAST, CHAR) is None
    assert level_core(blot > 0, LEAST, CHAR) is None

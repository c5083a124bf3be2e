"""Strokes that slant or bend are told from rulings, and kept out of their traces."""

import cv2
import numpy as np
import pytest

from shenbao.layout.slanting import is_slanting, taken_off
from shenbao.models.stages import Image

H = 28.0


def drawn(points: list[tuple[int, int]], thickness: int = 8) -> Image:
    picture = np.zeros((120, 200), np.uint8)
    cv2.polylines(picture, [np.array(points, np.int32)], False, (255,), thickness)
    y, x = np.nonzero(picture)
    return picture[y.min() : y.max() + 1, x.min() : x.max() + 1]


@pytest.mark.parametrize("rise", [14, -20, 40])
def test_the_side_of_a_slanting_seal(rise: int) -> None:
    assert is_slanting(drawn([(20, 60), (160, 60 + rise)]) > 0, H)


def test_the_arc_of_a_ring() -> None:
    arc = [(100 + round(140 * np.sin(a)), 150 - round(140 * np.cos(a))) for a in np.linspace(-0.45, 0.45, 30)]
    assert is_slanting(drawn(arc) > 0, H)


@pytest.mark.parametrize("points", [[(20, 60), (160, 60)], [(20, 60), (160, 63)]])
def test_a_ruling_is_level_or_nearly_so(points: list[tuple[int, int]]) -> None:
    assert not is_slanting(drawn(points) > 0, H)


def test_a_ruling_that_meets_a_stroke_is_none() -> None:
    ruling = np.zeros((40, 180), bool)
    ruling[20:24], ruling[4:22, 100:130] = True, True
    assert not is_slanting(ruling, H)


def test_what_is_longer_than_a_seal_is_none() -> None:
    assert not is_slanting(drawn([(0, 60), (199, 100)]) > 0, H / 2)


def test_strokes_go_with_their_edges() -> None:
    mask, strokes = np.zeros((2, 60, 60), np.uint8)
    mask[20:30], mask[50] = 255, 255
    strokes[22:28] = 255
    (left,) = taken_off([mask], strokes, H)
    assert not left[20:30].any() and left[50].all()

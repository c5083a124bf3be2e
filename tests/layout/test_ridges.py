"""Evidence of rulings: what is thin, dark and straight."""

import cv2
import numpy as np
import pytest

from shenbao.layout.ridges import (
    find_blots,
    least_along,
    most_along,
    opened,
    ridge,
    runs,
    solid_runs,
    transposed,
)
from shenbao.models.stages import Image

H = 20.0


def paper() -> Image:
    return np.full((120, 300), 255, np.uint8)


@pytest.mark.parametrize("dark", [0, 150, 215])
def test_a_thin_line_stands_out_as_it_is_dark(dark: int) -> None:
    page = paper()
    page[60:62, 20:280] = dark
    found = ridge(page, H)
    assert found[60, 150] == pytest.approx(255 - dark, abs=3)
    assert found[80, 150] == 0


def test_a_field_is_no_ridge() -> None:
    page = paper()
    page[40:80, 20:280] = 0
    assert ridge(page, H)[60, 150] == 0


def test_a_dotted_line_is_one_run() -> None:
    page = paper()
    for x in range(20, 280, 6):
        page[60:62, x : x + 3] = 0
    found = runs(ridge(page, H), H)
    assert (found[58:64, 30:270].max(axis=0) == 255).all()


@pytest.mark.parametrize(("length", "found"), [(10, False), (60, True)])
def test_a_run_is_as_long_as_a_character(length: int, found: bool) -> None:
    page = paper()
    page[60:62, 100 : 100 + length] = 0
    assert bool(runs(ridge(page, H), H).any()) is found


def test_solid_runs_end_where_the_ink_does() -> None:
    ink = np.zeros((120, 300), np.uint8)
    ink[60:62, 50:200] = 255
    ink[60:62, 100:102] = 0
    columns = np.flatnonzero(solid_runs(ink, np.zeros_like(ink), H).any(axis=0))
    assert (columns[0], columns[-1], len(columns)) == (50, 199, 150)


def test_blots_are_thick_both_ways_and_left_out_of_runs() -> None:
    ink = np.zeros((120, 300), np.uint8)
    ink[60:62, :] = 255
    ink[20:50, 20:60] = 255
    blots = find_blots(ink, H)
    assert blots[30, 30] == 255 and not blots[61].any()
    assert not solid_runs(ink, blots, H)[30].any()


def test_transposing_twice_changes_nothing() -> None:
    page = np.arange(12, dtype=np.uint8).reshape(3, 4)
    assert transposed(page).shape == (4, 3)
    assert np.array_equal(transposed(transposed(page)), page)


@pytest.mark.parametrize("length", [1, 2, 5, 8, 31, 180])
def test_least_and_most_along_rows_are_morphologys(length: int) -> None:
    picture = np.random.default_rng(length).integers(0, 256, (40, 150)).astype(np.uint8)
    line = np.ones((1, length), np.uint8)
    assert (least_along(picture, length) == cv2.erode(picture, line)).all()
    assert (most_along(picture, length) == cv2.dilate(picture, line)).all()


@pytest.mark.parametrize("share", [0.001, 0.9])
def test_opened_is_morphologys_opening(share: float) -> None:
    filled = np.random.default_rng(1).random((60, 200)) < share
    mask = cv2.dilate(filled.astype(np.uint8) * 255, np.ones((1, 6), np.uint8))
    mask[30, 50:120] = 255
    found = opened(np.asarray(mask, np.uint8), 9)
    assert (found == cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((1, 9), np.uint8))).all()

"""Specks of a page in two tones go; thin and broken strokes stay."""

import cv2
import numpy as np
import pytest

from shenbao.layout.pepper import is_two_toned, without_pepper
from shenbao.models.stages import Image

SQUARE = (1.0, 1.0)


def sheet(pepper: float = 0.0) -> Image:
    """White paper with a share of its pixels black."""
    chance = np.random.default_rng(7).random((1200, 900))
    return np.where(chance < pepper, np.uint8(0), np.uint8(255))


def ink_share(page: Image) -> float:
    return float((page < 128).mean())


@pytest.mark.parametrize("pepper", [0.005, 0.02, 0.05])
def test_nearly_all_specks_go(pepper: float) -> None:
    page = sheet(pepper)
    assert ink_share(without_pepper(page, SQUARE)) < 0.12 * ink_share(page)


def test_a_stroke_one_pixel_thin_stays_whole() -> None:
    page = sheet(0.03)
    page[600, 300:330] = 0
    assert (without_pepper(page, SQUARE)[600, 300:330] == 0).all()


def test_a_stroke_broken_into_dots_stays() -> None:
    page = sheet(0.02)
    page[600, 300:331:2] = 0
    assert (without_pepper(page, SQUARE)[600, 300:331:2] == 0).mean() > 0.8


def test_a_ruling_of_which_few_dots_are_left_stays() -> None:
    page = sheet(0.03)
    page[600, 100:800:3] = 0
    page[200:1000:3, 450] = 0
    clean = without_pepper(page, SQUARE)
    assert (clean[600, 130:770:3] == 0).mean() > 0.9
    assert (clean[230:970:3, 450] == 0).mean() > 0.9


def test_specks_between_characters_go() -> None:
    page = sheet(0.03)
    for left in range(100, 800, 40):
        page[590:620, left : left + 25] = 0
    between = np.hstack([without_pepper(page, SQUARE)[592:618, x + 27 : x + 38] for x in range(100, 760, 40)])
    assert ink_share(between) < 0.006


def test_a_square_stop_stays_where_specks_are_as_large() -> None:
    page = sheet(0.05)
    page[590:610, 290:310] = 255
    page[600:602, 300:302] = 0
    assert (without_pepper(page, SQUARE)[600:602, 300:302] == 0).all()


def test_pieces_larger_than_the_specks_of_the_page_stay() -> None:
    page = sheet(0.006)
    page[590:610, 290:310] = 255
    page[600, 300:303] = 0
    assert (without_pepper(page, SQUARE)[600, 300:303] == 0).all()


def test_of_stretched_rows_only_specks_that_clump_go() -> None:
    some, many = (np.repeat(sheet(pepper)[:600], 2, axis=0) for pepper in (0.03, 0.07))
    assert without_pepper(some, (1.0, 2.0)) is some
    assert ink_share(without_pepper(many, (1.0, 2.0))) < 0.12 * ink_share(many)


def test_the_fringe_of_a_speck_goes_with_it_and_that_of_a_stroke_stays() -> None:
    page = sheet(0.02)
    page[590:615, 290:340] = 255
    page[600:604, 300:330], page[604, 300:330] = 0, 200
    page[595, 310], page[595, 311] = 0, 200
    clean = without_pepper(page, SQUARE)
    assert (clean[604, 300:330] == 200).all()
    assert (clean[595, 310:312] == 255).all()


def test_clean_and_grey_pages_stay_as_they_are() -> None:
    clean = sheet(0.001)
    clean[600, 300:330] = 0
    grey = np.asarray(cv2.GaussianBlur(sheet(0.05), (5, 5), 1.0), np.uint8)
    assert without_pepper(clean, SQUARE) is clean
    assert without_pepper(grey, SQUARE) is grey


def test_a_page_smaller_than_a_band_stays_as_it_is() -> None:
    page = sheet(0.05)[:20]
    assert without_pepper(page, SQUARE) is page


def test_black_and_white_is_told_from_grey() -> None:
    page = sheet(0.05)
    grey = cv2.GaussianBlur(page, (5, 5), 1.0)
    assert is_two_toned(page)
    assert not is_two_toned(grey)
    assert not is_two_toned(page[:10])

"""Tests of dark fields with light print."""

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.dark_fields import with_dark_print
from shenbao.layout.ink import fade_red

Pixels = NDArray[np.uint8]
FIELD = (slice(300, 380), slice(200, 1400))


def _page(colour: tuple[int, int, int], print_: tuple[int, int, int] | None) -> Pixels:
    """A white page, 2000 x 1600 pixels, with a filled field and a word on it."""
    page = np.full((2000, 1600, 3), 255, np.uint8)
    page[FIELD] = colour
    if print_ is not None:
        cv2.putText(page, "INDICATOR", (600, 360), cv2.FONT_HERSHEY_SIMPLEX, 1.6, print_, 4, cv2.LINE_AA)
    return page


def _turned(page: Pixels) -> tuple[Pixels, Pixels]:
    """Faded grey and what the module makes of it."""
    grey, redness = fade_red(page)
    return grey, with_dark_print(page, grey, redness)[1]


def test_white_print_becomes_dark_on_paper() -> None:
    _, turned = _turned(_page((60, 70, 90), (255, 255, 255)))
    inner = turned[310:370, 210:1390]
    assert float((inner > 230).mean()) > 0.9
    assert int((inner < 60).sum()) > 2000


def test_the_outline_of_a_field_is_drawn() -> None:
    _, turned = _turned(_page((0, 0, 0), (255, 255, 255)))
    assert turned[296:306, 800].min() < 40
    assert turned[374:384, 800].min() < 40


def test_white_print_on_red_is_seen_and_is_no_seal() -> None:
    page = _page((192, 0, 0), (255, 255, 255))
    grey, redness = fade_red(page)
    assert grey[FIELD].min() > 200
    _, turned, stain = with_dark_print(page, grey, redness)
    assert int((turned[310:370, 210:1390] < 60).sum()) > 2000
    assert not stain[FIELD].any()


def test_a_small_red_square_is_left_to_the_seals() -> None:
    page = np.full((2000, 1600, 3), 255, np.uint8)
    page[300:420, 300:420] = (200, 30, 40)
    cv2.putText(page, "A", (330, 390), cv2.FONT_HERSHEY_SIMPLEX, 2.5, (255, 255, 255), 6)
    grey, turned = _turned(page)
    assert turned is grey


def test_black_print_on_a_coloured_field_is_left() -> None:
    grey, turned = _turned(_page((255, 255, 0), (0, 0, 0)))
    assert turned is grey


def test_a_field_without_print_is_left() -> None:
    grey, turned = _turned(_page((60, 70, 90), None))
    assert turned is grey


def test_a_dark_band_at_the_border_is_no_field() -> None:
    page = np.full((2000, 1600, 3), 255, np.uint8)
    page[:120] = 20
    cv2.putText(page, "INDICATOR", (600, 90), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (255, 255, 255), 4)
    grey, turned = _turned(page)
    assert turned is grey


def test_print_and_rulings_on_white_are_left() -> None:
    page = np.full((2000, 1600, 3), 255, np.uint8)
    for y in range(200, 1800, 60):
        cv2.putText(page, "MEASURES OF THE YEAR", (200, y), cv2.FONT_HERSHEY_SIMPLEX, 1.3, (0, 0, 0), 5)
        cv2.line(page, (150, y + 15), (1500, y + 15), (0, 0, 0), 8)
    grey, turned = _turned(page)
    assert turned is grey


def test_black_rulings_on_a_blue_field_are_kept() -> None:
    page = _page((47, 85, 151), (255, 255, 255))
    cv2.line(page, (500, 300), (500, 379), (0, 0, 0), 3)
    _, turned = _turned(page)
    assert turned[310:370, 500].max() < 100


def test_rulings_on_a_red_field_are_no_black_print() -> None:
    page = _page((192, 0, 0), (255, 255, 255))
    page[FIELD][[0, 1, 2, 3, -4, -3, -2, -1]] = (40, 90, 175)
    for x in range(200, 1401, 100):
        if not 580 < x < 900:
            page[300:380, x - 3 : x + 3] = (40, 90, 175)
    _, turned = _turned(page)
    assert int((turned[320:365, 600:880] < 60).sum()) > 2000

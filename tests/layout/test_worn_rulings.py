"""Level rulings worn to dashes are made whole; print, merged cells and whole rulings stay as they are."""

import numpy as np
import pytest

from shenbao.layout.worn_rulings import worn_rulings
from shenbao.models.stages import Image

H = 20.0


def page(*, dash: int = 18, step: int = 46) -> Image:
    """A table with a whole ruling at its top and foot, upright ones on both sides, and three worn to dashes between."""
    ink = np.zeros((400, 700), np.uint8)
    ink[(40, 41, 360, 361), 50:650] = 255
    ink[40:362, (50, 51, 648, 649)] = 255
    for y in (120, 200, 280):
        for x in range(56, 640, step):
            ink[y : y + 2, x : x + dash] = 255
    return ink


def test_dashes_become_a_ruling() -> None:
    found = worn_rulings(page(), H)
    assert found is not None
    for y in (120, 200, 280):
        assert (found[y, 60:620] == 255).all()
    assert not found[130:190].any()


def test_few_dots_in_a_row_are_none() -> None:
    assert worn_rulings(page(dash=7, step=60), H) is None


def test_a_page_without_rulings_has_no_worn_ones() -> None:
    assert worn_rulings(np.zeros((400, 700), np.uint8), H) is None
    assert worn_rulings(np.zeros((5, 700), np.uint8), H) is None


@pytest.mark.parametrize("height", [6, 14])
def test_print_has_ink_beside_its_strokes(height: int) -> None:
    ink = page(dash=0)
    for y in (110, 190):
        for x in range(60, 640, 40):
            ink[y : y + height : 4, x : x + 18] = 255
            ink[y : y + height, x] = 255
    assert worn_rulings(ink, H) is None


def test_a_gap_from_one_upright_ruling_to_another_stays() -> None:
    ink = page()
    ink[40:362, (300, 301, 334, 335)] = 255
    ink[118:124, 302:334] = 0
    found = worn_rulings(ink, H)
    assert found is not None
    assert not found[120, 306:330].any()
    assert (found[120, 60:290] == 255).all()

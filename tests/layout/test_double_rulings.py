"""Rulings of two broken lines become one broad one each; single rulings and print stay as they are."""

import numpy as np
import pytest

from shenbao.layout.double_rulings import double_rulings
from shenbao.models.stages import Image

H = 20.0


def page(*, second: bool = True) -> Image:
    """A table of level rulings, the lower line of each broken in other places than the upper one."""
    ink = np.zeros((400, 600), np.uint8)
    for y in range(40, 360, 40):
        for x in range(50, 550, 100):
            ink[y, x : x + 90] = 255
            if second:
                ink[y + 4, x + 30 : x + 125] = 255
    return ink


@pytest.mark.parametrize("turned", [False, True])
def test_both_lines_and_what_lies_between_them_become_one(turned: bool) -> None:
    ink = np.ascontiguousarray(page().T) if turned else page()
    found = double_rulings(ink, H)
    assert found is not None
    found = found.T if turned else found
    assert (found[41:44, 60:530] == 255).all()
    assert not found[50:75].any()


def test_single_rulings_stay() -> None:
    assert double_rulings(page(second=False), H) is None


def test_strokes_of_print_beside_double_rulings_stay() -> None:
    ink = page()
    for y in (54, 58, 62):
        ink[y, 200:260] = 255
    ink[50:70, (205, 230, 255)] = 255
    found = double_rulings(ink, H)
    assert found is not None
    assert not found[50:72].any()


def test_a_row_of_bold_print_between_double_rulings_stays() -> None:
    """Its strokes lie above each other as the lines of a ruling do."""
    ink = page()
    for y in (52, 56, 60, 64):
        ink[y : y + 2, 200:300] = 255
    found = double_rulings(ink, H)
    assert found is not None
    assert not found[50:68].any()
    assert (found[41:44, 60:530] == 255).all()


def worn(*, upright: bool) -> Image:
    """The same table, all level rulings broken over 1.5 characters at one place, where uprights may stand on both sides."""
    ink = page()
    ink[:, 290:320] = 0
    if upright:
        ink[40:344, (282, 286, 324, 328)] = 255
    return ink


def test_a_break_in_a_ruling_is_filled() -> None:
    found = double_rulings(worn(upright=False), H)
    assert found is not None
    assert (found[41:44, 60:530] == 255).all()


def test_a_break_from_one_upright_ruling_to_another_stays_as_cells_may_be_merged() -> None:
    found = double_rulings(worn(upright=True), H)
    assert found is not None
    assert not found[82:84, 292:318].any()
    assert (found[82:84, 60:280] == 255).all() and (found[50:70, 283:286] == 255).all()

"""Bands of rows made into lines."""

import numpy as np
import pytest
from numpy.typing import NDArray

from shenbao.layout.bands import cut_tall, merge_bands

H = 24.0
"""Character height."""


def cell(height: int, *lines: int) -> NDArray[np.bool_]:
    """A cell of this height with lines of eight characters that begin at these rows."""
    keep = np.zeros((height, 400), bool)
    for top in lines:
        for x in range(100, 100 + 8 * 26, 26):
            keep[top : top + 24, x : x + 20 : 4] = True
            keep[top + 4 : top + 24 : 6, x : x + 20] = True
    return keep


def with_ring(keep: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The same beside a thick stroke as tall as the cell."""
    ringed = keep.copy()
    ringed[:, 20:32] = True
    return ringed


def test_thin_bands_are_one_line() -> None:
    assert merge_bands([(0, 3), (12, 15), (22, 25), (60, 84)], H) == [(0, 25), (60, 84)]


def test_a_band_as_tall_as_a_line_stays() -> None:
    assert cut_tall(cell(40, 8), (8, 32), H) == [(8, 32)]


@pytest.mark.parametrize("top", [0, 10, 22, 34])
def test_a_single_line_beside_a_tall_stroke_is_not_cut(top: int) -> None:
    keep = with_ring(cell(58, top))
    parts = cut_tall(keep, (0, 58), H)
    assert sum(a <= top + 2 and top + 22 <= b for a, b in parts) == 1
    assert all(b <= top + 2 or a >= top + 22 for a, b in parts if not (a <= top + 2 and top + 22 <= b))


def test_two_lines_that_a_tall_stroke_joins_are_cut_between_them() -> None:
    ((a, b), (c, d)) = cut_tall(with_ring(cell(62, 2, 36)), (0, 62), H)
    assert (a, d) == (0, 62) and b == c and 26 <= b <= 36


def test_lines_without_white_between_them_are_cut_all_the_same() -> None:
    keep = cell(62, 2, 34)
    keep[20:40, 100:120] = True
    assert len(cut_tall(keep, (2, 58), H)) == 2


def test_what_a_seal_leaves_above_a_single_line_is_no_line() -> None:
    keep = with_ring(cell(70, 23))
    keep[0:20, 120:124] = True
    ((a, b),) = cut_tall(keep, (0, 70), H)
    assert a <= 24 and b >= 45


def test_a_line_of_one_character_below_a_single_line_stays() -> None:
    keep = with_ring(cell(90, 18))
    keep[56:80, 100:120:4] = keep[56:80:6, 100:120] = True
    (_, (a, b)) = cut_tall(keep, (0, 90), H)
    assert a <= 56 and b >= 80

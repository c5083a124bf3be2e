"""Print across merged cells is told from a half drawn ruling."""

import numpy as np
import pytest

from shenbao.layout.print_across import without_print_across

H = 30.0
CROSSING = [0.0, 150.0, 300.0, 400.0]


def seen(*parts: tuple[int, int]) -> np.ndarray:
    mask = np.zeros((60, 401), np.uint8)
    for first, last in parts:
        mask[29:32, first:last] = 255
    return mask


def told(found: list[float], *parts: tuple[int, int]) -> list[float]:
    return list(without_print_across(np.array(found), seen(*parts), 30.0, CROSSING, H))


def test_print_that_runs_across_an_edge_is_no_ruling() -> None:
    assert told([0.6, 0.65, 0.0], (50, 250)) == [0.3, 0.325, 0.0]


@pytest.mark.parametrize("parts", [(0, 200), (100, 300)])
def test_what_reaches_an_end_may_be_a_ruling(parts: tuple[int, int]) -> None:
    assert told([0.6, 0.65, 0.0], parts) == [0.6, 0.65, 0.0]


@pytest.mark.parametrize("found", [[0.6, 0.0, 0.0], [1.0, 0.65, 0.0]])
def test_one_side_alone_is_not_changed(found: list[float]) -> None:
    assert told(found, (50, 250)) == found

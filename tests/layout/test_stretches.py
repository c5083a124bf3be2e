"""What lies on and beside a stretch of a line."""

import numpy as np
import pytest

from shenbao.layout.stretches import (
    crossed_share,
    crowd_share,
    darkness,
    filled_rows,
    held_columns,
    hemmed_in,
    is_doubled,
    rows_at,
    share_of,
)
from shenbao.models.stages import Image

H = 20.0


def paper() -> Image:
    return np.zeros((60, 200), np.uint8)


def test_the_rows_of_a_line_end_at_the_page() -> None:
    assert rows_at(30.4, H) == slice(27, 34)
    assert rows_at(1.0, H).start == 0


def test_columns_that_hold_something_and_their_share() -> None:
    page = paper()
    page[30, 50:100] = 255
    held = held_columns(page[28:33])
    assert held[50:100].all() and held.sum() == 50
    assert share_of(held) == pytest.approx(0.25)
    assert share_of(np.zeros(0, bool)) == 0.0


@pytest.mark.parametrize(("first", "last", "share"), [(50, 150, 1.0), (0, 200, 100 / 188), (150, 200, 0.0)])
def test_print_on_a_stretch_is_told_without_its_ends(first: int, last: int, share: float) -> None:
    page = paper()
    page[29:32, 50:150] = 255
    assert crossed_share(page, 30, first, last, H) == pytest.approx(share)


def test_a_stretch_shorter_than_its_ends_has_no_share() -> None:
    page = paper() + np.uint8(255)
    assert crossed_share(page, 30, 50, 56, H) == 0.0
    assert crowd_share(page, 30, 50, 56, H) == 0.0


@pytest.mark.parametrize(("sides", "hemmed"), [((24,), 0), ((36,), 0), ((24, 36), 60)])
def test_only_ink_on_both_sides_hems_in(sides: tuple[int, ...], hemmed: int) -> None:
    page = paper()
    for y in sides:
        page[y, 60:120] = 255
    assert hemmed_in(page, 30, 0, 200, H).sum() == hemmed
    assert crowd_share(page, 30, 54, 126, H) == pytest.approx(hemmed / 60)


def test_nothing_is_hemmed_in_at_the_edge_of_the_page() -> None:
    assert not hemmed_in(paper() + np.uint8(255), 0, 0, 200, H).any()


def test_filled_rows_keep_what_touches_and_part_the_rest() -> None:
    mask = np.zeros((12, 6), np.uint8)
    mask[[1, 2, 5, 11]] = 255
    assert filled_rows(mask).tolist() == [1, 2, 3, 5, 6, 11]


def test_an_empty_mask_has_no_filled_rows() -> None:
    assert filled_rows(np.zeros((4, 6), np.uint8)).size == 0
    assert filled_rows(np.zeros((0, 6), np.uint8)).size == 0


def test_a_line_is_as_dark_as_the_darkest_ridge_in_its_place() -> None:
    ridges = paper()
    ridges[29, 50:100], ridges[31, 60:80], ridges[33, 90:100] = 40, 90, 200
    assert darkness(ridges, 30.2, 40, 100).tolist() == [0] * 10 + [40] * 10 + [90] * 20 + [40] * 20


@pytest.mark.parametrize(("y", "first", "doubled"), [(35, 60, True), (35, 90, False), (32, 60, False)])
def test_the_other_line_of_a_double_ruling_goes_along_all_of_a_stretch(
    y: int, first: int, doubled: bool
) -> None:
    page = paper()
    page[29:31, 60:120] = 255
    page[y, first:120] = 255
    assert is_doubled(page, 30, 60, 120, H) is doubled

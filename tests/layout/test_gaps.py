"""A side without a trace is told from the print of its row and the rows beside it."""

import numpy as np
import pytest
from numpy.typing import NDArray

from shenbao.layout.gaps import with_kept_gaps
from shenbao.models.stages import Image

H = 20.0
LINES, ROWS = [10.0, 210.0, 410.0], [10.0, 60.0, 110.0, 160.0]
LEFT, RIGHT = (20, 80), (220, 300)


def ink(*rows: list[tuple[int, int]]) -> Image:
    """Turned ink: print from one place across to another, in each row of the table."""
    page = np.zeros((420, 170), np.uint8)
    for y, prints in zip(ROWS[:-1], rows, strict=True):
        for start, end in prints:
            page[start:end, round(y) + 15 : round(y) + 35] = 255
    return page


def support(middle: float, pale: float = 0.5) -> NDArray[np.float64]:
    """Of three rows, between the outer lines one that lacks its side in the second row."""
    found = np.ones((3, 3))
    found[1] = [1.0, middle, pale if pale > 0.9 else 1.0]
    return found


def kept(page: Image, found: NDArray[np.float64], breaking: bool = True) -> float:
    return float(with_kept_gaps(found, LINES, ROWS, page, H, 0.6, breaking)[1, 1])


@pytest.mark.parametrize(
    ("own", "side"),
    [
        ([LEFT, RIGHT], 0.6),  # two cells as in the other rows
        ([LEFT], 0.6),
        ([], 0.6),
        ([(170, 250)], 0.0),  # goes through
        ([(150, 206), (214, 270)], 0.0),  # one text in the middle
        ([(60, 190)], 0.0),  # ends and begins elsewhere
    ],
)
def test_print_tells(own: list[tuple[int, int]], side: float) -> None:
    assert kept(ink([LEFT, RIGHT], own, [LEFT, RIGHT]), support(0.0)) == side


def test_specks_are_no_print() -> None:
    page = ink([LEFT, RIGHT], [LEFT, (208, 212)], [LEFT, RIGHT])
    page[208:212, 75:95] = 0
    page[208:212, 80:84] = 255
    assert kept(page, support(0.0)) == 0.6


def test_print_in_its_place_speaks_against_it() -> None:
    assert kept(ink([LEFT, RIGHT], [LEFT], [LEFT, RIGHT]), support(-0.4)) == -0.4


def test_where_nothing_has_paled_merged_cells_stay() -> None:
    page = ink([LEFT, RIGHT], [LEFT], [LEFT, RIGHT])
    assert kept(page, support(0.0), breaking=False) == 0.0
    assert kept(page, support(0.3), breaking=False) == 0.6


@pytest.mark.parametrize(("length", "step", "side"), [(14, 1, 0.6), (4, 1, 0.0), (14, 3, 0.0)])
def test_a_ruling_that_goes_into_a_side_goes_through_though_none_has_paled(
    length: int, step: int, side: float
) -> None:
    page = ink([LEFT, RIGHT], [LEFT, RIGHT], [LEFT, RIGHT])
    page[209:212, 60 : 60 + length : step] = 255
    assert kept(page, support(0.0, 1.0), breaking=False) == side


def test_rows_divided_in_another_way_tell_nothing() -> None:
    found = support(0.0)
    found[1, 0] = 0.0
    assert kept(ink([LEFT], [LEFT], [LEFT, RIGHT]), found) == 0.0


@pytest.mark.parametrize(
    ("last", "side"),
    [
        ([LEFT, RIGHT], 0.6),
        ([LEFT], 0.6),
        ([], 0.0),  # an empty cell may close a page
        ([(170, 250)], 0.0),  # goes through
    ],
)
def test_two_rows_above_tell_of_the_last_one(last: list[tuple[int, int]], side: float) -> None:
    found = support(1.0)
    found[1, 2] = 0.0
    page = ink([LEFT, RIGHT], [LEFT, RIGHT], last)
    assert with_kept_gaps(found, LINES, ROWS, page, H, 0.6, True)[1, 2] == side


@pytest.mark.parametrize(
    ("first", "trace", "side"),
    [
        ([(80, 140), (280, 340)], 0.1, 0.6),  # two headings, each in the middle of its column
        ([(80, 140), (280, 340)], 0.0, 0.0),  # nothing of the side is left
        ([LEFT, RIGHT], 0.1, 0.1),  # one line of print may have a gap
        ([(170, 250)], 0.1, 0.1),  # one heading over both
        ([], 0.1, 0.1),
    ],
)
def test_two_rows_below_tell_of_the_first_one(
    first: list[tuple[int, int]], trace: float, side: float
) -> None:
    found = support(1.0)
    found[1, 0] = trace
    page = ink(first, [LEFT, RIGHT], [LEFT, RIGHT])
    assert with_kept_gaps(found, LINES, ROWS, page, H, 0.6, True)[1, 0] == side


@pytest.mark.parametrize(("over", "side"), [([LEFT], 0.6), ([(170, 250)], 0.0)])
def test_a_row_passed_over_with_print_in_the_place_of_the_side_speaks_against_it(
    over: list[tuple[int, int]], side: float
) -> None:
    rows = [*ROWS, 210.0, 260.0]
    page = np.zeros((420, 270), np.uint8)
    page[:, :170] = ink([LEFT, RIGHT], over, [LEFT])
    page[:, 160:] = ink([LEFT, RIGHT], [LEFT, RIGHT], [])[:, 10:120]
    found = np.ones((3, 5))
    found[1, 1:3] = 0.0
    assert with_kept_gaps(found, LINES, rows, page, H, 0.6, True)[1, 2] == side


def test_what_is_left_of_the_side_itself_is_no_print() -> None:
    page = ink([LEFT, RIGHT], [LEFT, RIGHT], [LEFT, RIGHT])
    page[209:212, 70:100] = 255
    assert kept(page, support(0.0)) == 0.6
    page[203:217, 70:100] = 255  # as thick as print
    assert kept(page, support(0.0)) == 0.0


@pytest.mark.parametrize(("left", "side"), [((40, 60), 0.6), ((150, 180), 0.0)])
def test_print_that_has_paled_in_part_lies_where_the_others_do(left: tuple[int, int], side: float) -> None:
    assert kept(ink([LEFT, RIGHT], [left], [LEFT, RIGHT]), support(0.0)) == side


@pytest.mark.parametrize(
    ("own", "trace", "side"),
    [
        ([LEFT, RIGHT], 0.1, 0.6),
        ([LEFT, RIGHT], 0.0, 0.0),  # nothing of the side is left: a line may have a blank to be filled in
        ([(80, 140), (280, 340)], 0.1, 0.6),  # each in the middle of its column
        ([(20, 150), (270, 400)], 0.1, 0.1),  # one text in the middle of both, its parts far apart
        ([LEFT], 0.1, 0.1),
    ],
)
def test_two_rows_below_tell_of_a_row_below_one_that_is_divided_in_another_way(
    own: list[tuple[int, int]], trace: float, side: float
) -> None:
    rows = [*ROWS, 210.0]
    page = np.zeros((420, 220), np.uint8)
    page[:, 50:] = ink(own, [LEFT, RIGHT], [LEFT, RIGHT])
    lines = [10.0, 110.0, 210.0, 410.0]
    found = np.ones((4, 4))
    found[1, 1:] = 0.0
    found[2, 1] = trace
    assert with_kept_gaps(found, lines, rows, page, H, 0.6, True)[2, 1] == side


def test_the_outermost_lines_end_rows_however_little_is_seen_of_them() -> None:
    found = support(0.0)
    found[2, 1] = 0.2
    assert kept(ink([LEFT, RIGHT], [LEFT], [LEFT, RIGHT]), found) == 0.6

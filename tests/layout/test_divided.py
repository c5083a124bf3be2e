"""What is left of a line in a merged cell is told; print, grain and streaks are no line."""

from typing import Literal

import cv2
import numpy as np
import pytest

from shenbao.layout.divided import with_lines_inside
from shenbao.models.stages import Grid, GridCell, Image, Rulings, Traces

H = 20.0
DRAWN = (1.0, 1.0, 1.0, 1.0)
GRID = Grid(
    (10.0, 110.0, 210.0),
    (10.0, 70.0, 130.0),
    (
        GridCell(0, 0, 1, 2, (10.0, 10.0, 210.0, 70.0), DRAWN),
        GridCell(1, 0, 1, 1, (10.0, 70.0, 110.0, 130.0), DRAWN),
        GridCell(1, 1, 1, 1, (110.0, 70.0, 210.0, 130.0), DRAWN),
    ),
)


def told(ridges: Image, ink: Image | None = None, streaks: Image | None = None) -> list[float]:
    """What the cells of a grid, of which the first covers two columns, are told of pictures (rows, columns)."""
    none = np.zeros_like(ridges)
    across = Traces(none, none, none, none)
    turned = [np.ascontiguousarray(x.T) for x in (none, none, none if ink is None else ink, ridges)]
    down = Traces(*turned, streaks=None if streaks is None else np.ascontiguousarray(streaks.T))
    return [c.divided for c in with_lines_inside(GRID, Rulings((), across, down, H)).cells]


def picture(x: int, rows: slice, level: int = 30) -> Image:
    page: Image = np.zeros((150, 230), np.uint8)
    page[rows, x : x + 2] = level
    return page


def test_a_pale_line_in_a_merged_cell_is_told_of_that_cell_alone() -> None:
    assert told(picture(110, slice(10, 130))) == [1.0, 0.0, 0.0]
    assert 0.3 < told(picture(110, slice(10, 40)))[0] < 0.7
    assert told(picture(160, slice(10, 130))) == [0.0, 0.0, 0.0]


def test_the_papers_grain_is_no_line() -> None:
    page = picture(110, slice(10, 130))
    for x in (94, 99, 121, 126):
        page = cv2.max(page, picture(x, slice(10, 130)))
    assert told(page)[0] == 0.0


@pytest.mark.parametrize("where", ["ink", "streaks"])
def test_what_print_stands_beside_or_a_streak_lies_on_tells_nothing(
    where: Literal["ink", "streaks"],
) -> None:
    page, over = picture(110, slice(10, 130)), np.zeros((150, 230), np.uint8)
    over[15:65, 105:116] = 255
    assert told(page, **{where: over})[0] == 0.0

"""A grey seal's ink is taken off, print below it stays, and empty cells are empty again."""

import cv2
import numpy as np
import pytest
from drawn_marks import TABLE, bare, form, round_seal, stamped
from drawn_pages import HEIGHT, cells_of, flat_page

from shenbao.layout.lines import find_cell_lines, lines_of_cells
from shenbao.layout.seal_ink import without_seals
from shenbao.layout.seals import find_seals
from shenbao.models.stages import Box, FlatMark, FlatPage, Grid, GridCell, Image

SHAPE = (1000, 1200)
LEVELS = [70, 120]
"""Of a seal on a copy; print is 0."""


def cleaned(page: Image) -> FlatPage:
    flat = flat_page(page)
    return without_seals(flat, find_seals(flat))


def boxes(xs: list[float], ys: list[float]) -> list[tuple[Box, str]]:
    return [
        ((xs[c], ys[r], xs[c + cols], ys[r + rows]), text) for (r, c, rows, cols), text in cells_of(TABLE)
    ]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("x", "y"), [(700, 480), (480, 420), (560, 560)])
def test_empty_cells_under_a_seal_are_empty(level: int, x: int, y: int) -> None:
    page, xs, ys = form()
    flat = cleaned(stamped(page, round_seal(SHAPE, x, y, 150), level))
    placed = boxes(xs, ys)
    cells = tuple(GridCell(0, k, 1, 1, box, (1.0,) * 4) for k, (box, _) in enumerate(placed))
    (inks,) = lines_of_cells([Grid(tuple(ys), tuple(xs), cells)], [flat])
    assert [bool(ink.lines) for ink in inks] == [text != "." for _, text in placed]


@pytest.mark.parametrize("level", LEVELS)
def test_print_under_a_seal_stays(level: int) -> None:
    page, xs, ys = form()
    flat = cleaned(stamped(page, round_seal(SHAPE, 480, 420, 150), level))
    print_ = page < 100
    assert (flat.strong[print_] > 0).mean() > 0.97
    for box, text in boxes(xs, ys):
        if text.isdigit():
            assert find_cell_lines(flat, box).lines


@pytest.mark.parametrize("level", [0, 70, 120])
def test_ring_and_star_go(level: int) -> None:
    ink = round_seal(SHAPE, 600, 500, 150)
    flat = cleaned(stamped(bare(), ink, level))
    away = np.hypot(*(np.indices(SHAPE) - np.array([500, 600])[:, None, None]))
    ring_and_star = (ink > 100) & ((away > 143) | (away < 50))
    assert (flat.strong[ring_and_star] > 0).mean() < 0.05
    assert (flat.grey[ring_and_star] < 128).mean() < 0.05


def test_bitonal_print_across_the_ring_stays() -> None:
    page, _, _ = form()
    flat = cleaned(stamped(page, round_seal(SHAPE, 480, 420, 150), 0))
    print_ = cv2.erode((page < 100).astype(np.uint8), np.ones((2, 2), np.uint8)) > 0
    assert (flat.strong[print_] > 0).mean() > 0.9


def test_taken_ink_counts_as_stain() -> None:
    flat = cleaned(stamped(bare(), round_seal(SHAPE, 600, 500, 150), 70))
    assert flat.stain[500, 600] == 255
    assert flat.stain[100, 100] == 0


def test_page_without_grey_seals_is_the_same() -> None:
    flat = flat_page(form()[0])
    red = FlatMark("seal", "round", "red", 600.0, 500.0, 300.0, 300.0, 0.0, 0.9)
    hand = FlatMark("handwriting", None, "grey", 600.0, 500.0, 80.0, 40.0, 0.0, 0.9)
    assert without_seals(flat, [red, hand]) is flat


@pytest.mark.parametrize(("x", "y"), [(0.0, 0.0), (1199.0, 999.0), (1300.0, 500.0)])
def test_seal_at_the_edge_of_the_page(x: float, y: float) -> None:
    flat = flat_page(form()[0])
    mark = FlatMark("seal", "round", "grey", x, y, 10.0 * HEIGHT, 10.0 * HEIGHT, 0.0, 0.9)
    assert without_seals(flat, [mark]).grey.shape == flat.grey.shape

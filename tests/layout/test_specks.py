"""Specks beside print and alone, on dirty pages and clean ones."""

import cv2
import numpy as np
import pytest
from drawn_pages import HEIGHT as H
from drawn_pages import flat_page, sign_line, white

from shenbao.layout.lines import find_cell_lines, lines_of_cells
from shenbao.layout.specks import Pieces, wrapped_stop
from shenbao.models.stages import Box, Grid, GridCell, Image

CELL: Box = (100.0, 80.0, 400.0, 200.0)
DOT = round(0.2 * H)
TOP = 125


def line_page() -> tuple[Image, Box]:
    page = white(500, 300)
    return page, sign_line(page, 160, TOP, 6)


def line_of(page: Image, *, dirty: bool) -> Box:
    (line,) = find_cell_lines(flat_page(page), CELL, dirty=dirty).lines
    return line


def dot(page: Image, x: float, y: float, width: int = DOT, height: int = DOT) -> None:
    page[round(y) : round(y) + height, round(x) : round(x) + width] = 0


@pytest.mark.parametrize("dirty", [False, True])
def test_a_dot_before_a_line_is_dirt_on_a_dirty_page_alone(dirty: bool) -> None:
    page, box = line_page()
    dot(page, box[0] - 0.5 * H, TOP + 0.6 * H)
    assert (line_of(page, dirty=dirty)[0] > box[0] - 3) is dirty


def test_a_minus_and_an_opening_quotation_mark_begin_a_line() -> None:
    for width, height, share in ((round(0.35 * H), 2, 0.5), (DOT, DOT, 0.0)):
        page, box = line_page()
        dot(page, box[0] - 0.55 * H, TOP + share * H, width, height)
        assert line_of(page, dirty=True)[0] < box[0] - 0.3 * H


@pytest.mark.parametrize(("share", "gap", "kept"), [(0.8, 0.2, True), (0.45, 0.2, False), (0.8, 0.9, False)])
def test_a_stop_stands_low_and_close_behind_the_last_character(share: float, gap: float, kept: bool) -> None:
    page, box = line_page()
    end = int(np.flatnonzero((page[TOP : TOP + H] == 0).any(axis=0))[-1]) + 1
    dot(page, end + gap * H, TOP + share * H, DOT + 1, DOT + 1)
    # A dot far from all print is dirt on any page.
    assert (line_of(page, dirty=True)[2] > end + 2) is kept
    assert line_of(page, dirty=True)[0] == pytest.approx(box[0], abs=2)


def test_the_dots_of_a_colon_stay() -> None:
    page, _ = line_page()
    end = int(np.flatnonzero((page[TOP : TOP + H] == 0).any(axis=0))[-1]) + 1
    for share in (0.25, 0.75):
        dot(page, end + 0.3 * H, TOP + share * H)
    assert line_of(page, dirty=True)[2] > end + 0.3 * H


def test_a_slanting_speck_alone_in_a_cell_is_no_1() -> None:
    page = white(500, 300)
    cv2.line(page, (250, 150), (250 + round(0.2 * H), 150 - round(0.3 * H)), 0, 3)
    assert find_cell_lines(flat_page(page), CELL).lines
    assert not find_cell_lines(flat_page(page), CELL, dirty=True).lines


@pytest.mark.parametrize(("y", "kept"), [(139, True), (100, False)])
def test_a_lone_dash_stands_in_the_middle_of_its_cell(y: int, kept: bool) -> None:
    page = white(500, 300)
    dot(page, 240, y, round(0.4 * H), 3)
    assert bool(find_cell_lines(flat_page(page), CELL, dirty=True).lines) is kept


def test_a_blot_beside_print_is_dirt() -> None:
    page, box = line_page()
    cv2.circle(page, (round(box[2] + 0.8 * H), TOP + H // 2), round(0.25 * H), 0, -1)
    page[TOP + H // 2 - 8 : TOP + H // 2 + 8, round(box[2] + 0.8 * H) - 8 : round(box[2] + 0.8 * H) + 8] = 0
    assert line_of(page, dirty=True)[2] == pytest.approx(box[2], abs=2)


def test_specks_far_from_print_are_counted() -> None:
    page, _ = line_page()
    for x in (120, 340, 380):
        dot(page, x, 185, 4, 4)
    assert find_cell_lines(flat_page(page), CELL).specks == 3


def test_a_dot_between_words_may_end_a_line_that_goes_on() -> None:
    page, box = line_page()
    end = int(np.flatnonzero((page[TOP : TOP + H] == 0).any(axis=0))[-1]) + 1
    dot(page, end + 0.2 * H, TOP + 0.45 * H)
    sign_line(page, 160, TOP + 1.5 * H, 3, seed=1)
    first, _ = find_cell_lines(flat_page(page), CELL, dirty=True).lines
    assert first[2] > end + 0.2 * H and first[0] == pytest.approx(box[0], abs=2)


@pytest.mark.parametrize("dirty", [False, True])
def test_specks_in_one_cell_make_the_whole_page_dirty(*, dirty: bool) -> None:
    page, box = line_page()
    dot(page, box[0] - 0.3 * H - DOT, TOP + 0.5 * H)
    below: Box = (100.0, 200.0, 400.0, 280.0)
    for x in (120, 240, 380)[: 3 if dirty else 2]:
        dot(page, x, 240, 4, 4)
    flat = flat_page(page)
    cells = tuple(GridCell(row, 0, 1, 1, box, (1.0,) * 4) for row, box in enumerate((CELL, below)))
    grid = Grid((80.0, 200.0, 280.0), (100.0, 400.0), cells)
    ((upper, lower),) = lines_of_cells([grid], [flat])
    alone = find_cell_lines(flat, CELL, dirty=dirty)
    assert lower.lines == () and lower.specks == (3 if dirty else 2)
    assert upper.lines == alone.lines and (upper.waste == alone.waste).all()
    assert upper.lines != find_cell_lines(flat, CELL, dirty=not dirty).lines


def pieces_of(*boxes: tuple[int, int, int, int]) -> Pieces:
    x, y, w, t = (np.array(side, np.int32) for side in zip(*boxes, strict=True))
    return x, y, w, t


NUMERAL = pieces_of((10, 10, 20, 3), (8, 20, 22, 4))


def test_a_stop_below_a_numeral_that_fills_its_column_may_be_print() -> None:
    assert wrapped_stop(pieces_of((16, 36, 6, 6)), NUMERAL, 42, 24.0)


@pytest.mark.parametrize(
    ("mark", "width"),
    [
        ((16, 36, 6, 6), 100),  # there was room beside it
        ((16, 36, 2, 2), 42),  # a speck
        ((16, 70, 6, 6), 42),  # far below
        ((16, 28, 6, 6), 42),  # of the same line
        ((32, 36, 6, 6), 42),  # right of the print
    ],
)
def test_other_marks_below_a_numeral_are_none(mark: tuple[int, int, int, int], width: int) -> None:
    assert not wrapped_stop(pieces_of(mark), NUMERAL, width, 24.0)


def test_beside_nothing_a_mark_is_no_stop() -> None:
    none = np.zeros(0, np.int32)
    assert not wrapped_stop(pieces_of((16, 36, 6, 6)), (none, none, none, none), 42, 24.0)


def test_a_small_sign_of_comparison_alone_in_its_cell_is_no_speck() -> None:
    page = white(500, 300)
    size = round(0.2 * H)
    points = [(240, 140 - size), (240 + 2 * size, 140), (240, 140 + size)]
    cv2.polylines(page, [np.array(points, np.int32)], False, 0, 2)
    assert find_cell_lines(flat_page(page), CELL, dirty=True).lines


@pytest.mark.parametrize("hollow", [True, False])
def test_a_bold_figure_with_a_hole_is_no_blot(hollow: bool) -> None:
    page = white(500, 300)
    centre, axes = (250, 140), (round(0.24 * H), round(0.3 * H))
    cv2.ellipse(page, centre, axes, 0, 0, 360, 0, -1)
    if hollow:
        cv2.ellipse(page, centre, (axes[0] - 3, axes[1] - 3), 0, 0, 360, 255, -1)
    assert bool(find_cell_lines(flat_page(page), CELL, dirty=True).lines) is hollow


def test_a_stop_in_the_middle_of_its_square_belongs_to_its_line() -> None:
    """As typefaces with traditional forms set it."""
    page, _ = line_page()
    end = int(np.flatnonzero((page[TOP : TOP + H] == 0).any(axis=0))[-1]) + 1
    dot(page, end + 0.64 * H, TOP + 0.4 * H)
    assert line_of(page, dirty=False)[2] == pytest.approx(end + 0.64 * H + DOT, abs=2)


@pytest.mark.parametrize("above", [False, True])
@pytest.mark.parametrize("dots", [1, 3])
def test_dots_above_or_below_a_line_are_dirt_on_a_dirty_page(above: bool, dots: int) -> None:
    page, box = line_page()
    y = box[1] - 0.5 * H if above else box[3] + 0.3 * H
    for k in range(dots):
        dot(page, box[0] + (1 + 1.2 * k) * H, y)
    found = line_of(page, dirty=True)
    assert abs(found[1] - box[1]) <= 3 and abs(found[3] - box[3]) <= 3


@pytest.mark.parametrize(("off", "width", "seen"), [(0.1, 2, 0), (0.6, 2, 1), (0.1, 5, 1)])
def test_a_thin_stroke_alone_beside_a_side_is_the_edge_of_a_streak(off: float, width: int, seen: int) -> None:
    page = white(500, 300)
    x0 = round(CELL[2] - off * H) - width - 2
    page[125 : 125 + H - 2, x0 : x0 + width] = 0
    assert len(find_cell_lines(flat_page(page), CELL).lines) == seen


def test_specks_that_stand_far_apart_are_no_figures() -> None:
    page, box = line_page()
    cv2.line(page, (360, 184), (362, 184 + round(0.35 * H)), 0, 3)
    assert len(find_cell_lines(flat_page(page), CELL).lines) == 2
    assert line_of(page, dirty=True) == pytest.approx(box, abs=3)
    page = white(500, 300)
    for x, y in ((150, 100), (350, 170)):
        cv2.line(page, (x, y), (x + 2, y + round(0.3 * H)), 0, 3)
    assert len(find_cell_lines(flat_page(page), CELL).lines) == 2
    assert find_cell_lines(flat_page(page), CELL, dirty=True).lines == ()


@pytest.mark.parametrize(("words", "kept"), [(4, False), (8, True)])
def test_a_point_behind_a_few_words_is_a_speck(words: int, kept: bool) -> None:
    page = white(500, 300)
    sign_line(page, 130, TOP, words)
    end = int(np.flatnonzero((page[TOP : TOP + H] == 0).any(axis=0))[-1]) + 1
    dot(page, end + 0.25 * H, TOP + 0.8 * H, 4, 4)
    assert (line_of(page, dirty=True)[2] > end + 2) is kept


@pytest.mark.parametrize(("height", "kept"), [(0.15, False), (0.25, True)])
def test_a_quotation_mark_is_no_flat_speck(height: float, kept: bool) -> None:
    page, box = line_page()
    dot(page, box[0] - 0.55 * H, TOP + 0.05 * H, DOT, round(height * H))
    assert (line_of(page, dirty=True)[0] < box[0] - 3) is kept


@pytest.mark.parametrize(("words", "kept"), [(3, False), (10, True)])
def test_a_dot_half_way_up_ends_a_few_words_as_little_as_one_line(words: int, kept: bool) -> None:
    page = white(600, 300)
    sign_line(page, 130, TOP - 30, words, seed=2)
    sign_line(page, 130, TOP + 8, 3, seed=3)
    end = int(np.flatnonzero((page[TOP + 8 : TOP + 8 + H] == 0).any(axis=0))[-1]) + 1
    dot(page, end + 0.25 * H, TOP + 8 + 0.45 * H)
    cell: Box = (100.0, 80.0, 500.0, 200.0)
    _, last = find_cell_lines(flat_page(page), cell, dirty=True).lines
    assert (last[2] > end + 2) is kept


@pytest.mark.parametrize("wide", [False, True])
def test_the_point_of_an_amount_that_goes_on_below_stays(wide: bool) -> None:
    """Behind figures, which are narrow; behind words it is dirt."""
    page, size = white(500, 300), round((1.0 if wide else 0.5) * H)
    for row in (100, 150):
        for k in range(3):
            page[row : row + round(0.9 * H), 130 + k * (size + 4) : 130 + k * (size + 4) + size : 2] = 0
            page[row : row + 3, 130 + k * (size + 4) : 130 + k * (size + 4) + size] = 0
    end = 130 + 3 * (size + 4)
    dot(page, end + 0.2 * H, 100 + 0.75 * H, round(0.15 * H), round(0.15 * H))
    upper = find_cell_lines(flat_page(page), CELL, dirty=True).lines[0]
    assert (upper[2] > end + 0.2 * H) is not wide

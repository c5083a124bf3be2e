"""Lines of print from ink, in cells and outside tables."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from drawn_pages import HEIGHT, draw_table, edges, flat_page, rule, sign, sign_line, white

from shenbao.layout.grid import find_grids
from shenbao.layout.lines import CellInk, _holds_run, cut, find_cell_lines, find_free_lines
from shenbao.layout.rulings import find_rulings
from shenbao.models.stages import Box, CharReading, Image, Reading, ReadLine, join_lines

H = HEIGHT
CELL: Box = (100.0, 80.0, 400.0, 200.0)
"""A cell of twelve by five characters, on a page of 500 by 300."""


def cell_page(thickness: int = 3) -> Image:
    page = white(500, 300)
    x0, y0, x1, y1 = CELL
    for start, end in (
        ((x0, y0), (x1, y0)),
        ((x0, y1), (x1, y1)),
        ((x0, y0), (x0, y1)),
        ((x1, y0), (x1, y1)),
    ):
        rule(page, start, end, thickness)
    return page


def ink_of(page: Image, box: Box = CELL) -> CellInk:
    return find_cell_lines(flat_page(page), box)


def the_line(page: Image, box: Box = CELL) -> Box:
    (line,) = ink_of(page, box).lines
    return line


@pytest.mark.parametrize("thickness", [1, 3, 5])
def test_an_empty_cell_is_empty(thickness: int) -> None:
    ink = ink_of(cell_page(thickness))
    assert ink.lines == ()
    assert ink.share == 0.0
    assert not ink.touching


def test_the_inside_lies_within_the_rulings() -> None:
    inner = ink_of(cell_page()).inner
    assert all(a < b for a, b in zip(CELL[:2], inner[:2], strict=True))
    assert all(a > b for a, b in zip(CELL[2:], inner[2:], strict=True))


def test_one_line() -> None:
    page = cell_page()
    box = sign_line(page, 120, 125, 8)
    ink = ink_of(page)
    assert ink.lines[0] == pytest.approx(box, abs=2) and len(ink.lines) == 1
    assert 0.01 < ink.share < 0.2
    assert not ink.touching
    assert not ink.waste.any()


@pytest.mark.parametrize("pitch", [1.25, 1.4, 1.8])
def test_lines_apart_are_split(pitch: float) -> None:
    page = cell_page()
    tops = [90 + round(k * pitch * H) for k in range(2)]
    for k, top in enumerate(tops):
        sign_line(page, 120, top, 8 - 3 * k, seed=k)
    lines = ink_of(page).lines
    assert [line[1] for line in lines] == pytest.approx(tops, abs=2)
    assert lines[0][2] > lines[1][2]


def test_lines_that_touch_are_cut_where_least_ink_is() -> None:
    """A stem runs from the upper line into the lower one."""
    page = cell_page()
    for k in range(3):
        sign_line(page, 120, 92 + round(1.35 * H) * k, 8, seed=k)
    page[92 : 92 + round(2.7 * H) + H, 132:134] = 0
    lines = ink_of(page).lines
    assert len(lines) == 3
    assert [line[1] for line in lines] == pytest.approx([92, 124, 156], abs=0.3 * H)


@pytest.mark.parametrize("size", [1.0, 1.2])
def test_one_tall_line_stays_whole(size: float) -> None:
    page = cell_page()
    sign_line(page, 120, 120, 5, height=round(size * H))
    assert len(ink_of(page).lines) == 1


@pytest.mark.parametrize("x", [115, 240, 350])
def test_a_lone_level_stroke_is_a_line(x: int) -> None:
    """一, in the middle of a cell."""
    page = cell_page()
    page[138:141, x : x + 22] = 0
    assert the_line(page) == (x, 138, x + 22, 141)


@pytest.mark.parametrize("x", [115, 240, 370])
def test_a_lone_upright_stroke_is_a_line(x: int) -> None:
    """1, in the middle of a cell."""
    page = cell_page()
    page[130:148, x : x + 3] = 0
    assert the_line(page) == (x, 130, x + 3, 148)


@pytest.mark.parametrize("gap", [5, 8, 11])
def test_two_level_strokes_are_one_line(gap: int) -> None:
    """= and 二."""
    page = cell_page()
    page[130:133, 240:258] = page[133 + gap : 136 + gap, 240:258] = 0
    assert the_line(page) == (240, 130, 258, 136 + gap)


def test_a_lone_sign_in_a_low_cell() -> None:
    """The rows of a register are hardly higher than their print."""
    page = white(300, 200)
    draw_table(page, [60, 240], [80, 80 + round(1.5 * H)], ".")
    box = sign_line(page, 140, 80 + 0.25 * H, 1)
    assert the_line(page, (60, 80, 240, 80 + round(1.5 * H))) == pytest.approx(box, abs=2)


def test_dots_belong_to_their_characters() -> None:
    """A decimal point and a dot over its letter."""
    page = cell_page()
    sign_line(page, 120, 125, 2)
    page[146:149, 176:179] = 0
    sign(page, 183, 125, H, 9)
    assert the_line(page)[2] == pytest.approx(183 + H, abs=2)
    assert not ink_of(page).waste.any()


@pytest.mark.parametrize("size", [1, 2, 3])
def test_lone_specks_are_ignored(size: int) -> None:
    page = cell_page()
    for x, y in ((150, 100), (250, 180), (380, 140)):
        page[y : y + size, x : x + size] = 0
    ink = ink_of(page)
    assert ink.lines == ()
    assert ink.share == 0.0
    assert ink.waste.any()


def test_specks_beside_print_do_not_widen_its_line() -> None:
    page = cell_page()
    box = sign_line(page, 120, 125, 5)
    page[185:187, 380:382] = page[95:97, 300:302] = 0
    assert the_line(page) == pytest.approx(box, abs=2)


@pytest.mark.parametrize("off", [-3, 3])
def test_remains_of_rulings_are_no_print(off: int) -> None:
    """The grid's edge lies some pixels beside the drawn ruling."""
    page = cell_page(5)
    box = (CELL[0] + off, CELL[1] + off, CELL[2] + off, CELL[3] + off)
    ink = ink_of(page, box)
    assert ink.lines == ()
    assert not ink.touching


@pytest.mark.parametrize("off", [-3, 3])
def test_print_beside_remains_of_rulings(off: int) -> None:
    page = cell_page(5)
    line = sign_line(page, 120, 125, 8)
    box = (CELL[0] + off, CELL[1] + off, CELL[2] + off, CELL[3] + off)
    assert the_line(page, box) == pytest.approx(line, abs=2)


@pytest.mark.parametrize("x", [200, 330])
def test_a_streak_down_the_cell_is_no_print(x: int) -> None:
    page = cell_page()
    page[:, x : x + 3] = 0
    assert ink_of(page).lines == ()
    line = sign_line(page, 120, 125, 2)
    assert the_line(page) == pytest.approx(line, abs=2)


def test_print_over_a_ruling_touches() -> None:
    page = cell_page()
    sign_line(page, 200, CELL[3] - 16, 3)
    assert ink_of(page).touching


def test_a_cell_without_room_is_empty() -> None:
    ink = ink_of(cell_page(), (250.0, 100.0, 252.0, 101.0))
    assert ink.lines == ()


def test_a_cell_at_the_edge_of_the_page() -> None:
    page = white(200, 100)
    box = sign_line(page, 30, 40, 4)
    assert the_line(page, (0.0, 10.0, 200.0, 100.0)) == pytest.approx(box, abs=2)


def free_lines(page: Image) -> list[Box]:
    flat = flat_page(page)
    return find_free_lines(flat, find_grids(find_rulings(flat)))


def test_free_lines_in_reading_order() -> None:
    page = white(700, 600)
    boxes = [
        sign_line(page, 200, 40, 9, height=32),
        sign_line(page, 80, 100, 6, seed=1),
        sign_line(page, 450, 102, 5, seed=2),
        sign_line(page, 80, 520, 8, seed=3),
    ]
    draw_table(page, edges(150, 200, 150, start=80), edges(60, 60, 60, start=150), "3|5|3\n3|5|3\n3|5|3")
    lines = free_lines(page)
    assert len(lines) == len(boxes)
    for line, box in zip(lines, boxes, strict=True):
        assert line == pytest.approx(box, abs=3)


def test_a_page_without_print_has_no_free_lines() -> None:
    assert free_lines(white(400, 300)) == []


def test_rulings_and_specks_outside_tables_are_no_lines() -> None:
    page = white(700, 400)
    rule(page, (50, 100), (650, 100))
    page[200:202, 300:302] = 0
    assert free_lines(page) == []


@pytest.mark.parametrize(("top", "bottom"), [(125, 149), (138, 141), (120, 152)])
def test_cut_is_as_high_as_the_characters(top: int, bottom: int) -> None:
    """A low line gets its margin up to the character height, a high one a part of it."""
    page = cell_page()
    page[top:bottom, 200:222] = 0
    picture = cut(flat_page(page), (200.0, top, 222.0, bottom), ink_of(page).inner)
    assert picture.shape[0] == pytest.approx(max(1.1 * H, bottom - top + 0.3 * H), abs=2)
    assert picture.shape[1] == pytest.approx(22 + 0.6 * H, abs=2)
    dark = np.argwhere(picture == 0)
    assert dark.min(axis=0)[0] + dark.max(axis=0)[0] + 1 == pytest.approx(picture.shape[0], abs=2)


def test_cut_keeps_to_the_cell() -> None:
    """Print close to the rulings: the margin beyond the cell's inside is paper."""
    page = cell_page(5)
    line = sign_line(page, 106, 86, 11)
    ink = ink_of(page)
    picture = cut(flat_page(page), line, ink.inner, ink.waste)
    assert (picture[0] == 255).all() and (picture[:, 0] == 255).all()
    left, top = round(line[0] - 0.3 * H), round(line[1] - 0.15 * H)
    x0, y0 = round(ink.inner[0]) - left, round(ink.inner[1]) - top
    assert (picture[:y0] == 255).all() and (picture[:, :x0] == 255).all()
    assert (picture < 128).sum() > 300


def test_cut_paints_waste_over() -> None:
    page = cell_page()
    line = sign_line(page, 120, 125, 8)
    page[:, 127:130] = np.minimum(page[:, 127:130], 0)
    ink = ink_of(page)
    assert ink.waste.any()
    above = cut(flat_page(page), line, ink.inner, ink.waste)[:2]
    assert (above == 255).all()
    assert (cut(flat_page(page), line, ink.inner)[:2] < 128).any()


def test_cut_leaves_the_page_alone() -> None:
    page = cell_page()
    line = sign_line(page, 120, 125, 8)
    before = page.copy()
    picture = cut(flat_page(page), line, CELL)
    picture[:] = 0
    assert np.array_equal(page, before)


def test_lines_of_a_cell_never_overlap() -> None:
    page = cell_page()
    for k in range(3):
        sign_line(page, 110, 88 + round(1.3 * H) * k, 9 - k, seed=k + 5)
    for upper, lower in pairwise(ink_of(page).lines):
        assert upper[3] <= lower[1]


@pytest.mark.parametrize(
    ("width", "height", "kept"),
    [
        (0.35, 0.3, False),  # a speck
        (0.5, 0.45, False),  # a solid blot
        (0.04, 0.9, False),  # a hair
        (0.12, 0.75, True),  # a 1 without serifs
        (0.45, 0.1, True),  # a dash
        (0.9, 0.12, True),  # 一
    ],
)
def test_lone_marks_in_a_cell(width: float, height: float, *, kept: bool) -> None:
    page = cell_page()
    w, t = max(1, round(width * H)), max(1, round(height * H))
    page[140 : 140 + t, 240 : 240 + w] = 0
    assert bool(find_cell_lines(flat_page(page), CELL).lines) is kept


@pytest.mark.parametrize(("apart", "size", "kept"), [(0.25, 0.2, True), (0.25, 0.1, False)])
def test_small_pieces_that_are_all_that_a_cell_holds_are_one_sign(
    apart: float, size: float, *, kept: bool
) -> None:
    """A % in hairlines, of which only some ends are as dark as print."""
    page = cell_page()
    step, w = round(apart * H), round(size * H / 2)
    for k in range(4):
        x, y = 240 + step * (k % 2) + 2 * (k // 2), 140 + step * (k // 2)
        page[y : y + 2 * w, x : x + w] = 0
    assert bool(find_cell_lines(flat_page(page), CELL).lines) is kept


@pytest.mark.parametrize(("top", "kept"), [(None, True), (20, False)])
def test_a_dash_of_few_pixels_stands_half_way_up(top: int | None, *, kept: bool) -> None:
    """On a coarse scan a dash of 7 x 3 pixels is less wide than it should be."""
    page = white(300, 200)
    box: Box = (40.0, 40.0, 260.0, 120.0)
    middle = 79 if top is None else 40 + top
    page[middle : middle + 3, 200:207] = 0
    coarse = replace(flat_page(page), char_height=18.0)
    assert bool(find_cell_lines(coarse, box).lines) is kept


def test_a_line_s_picture_leaves_out_print_of_other_lines_alone() -> None:
    """What another line holds is foreign to a line; a piece that reaches into both belongs to both."""
    page = cell_page()
    upper = sign_line(page, 120, 90, 8)
    lower = sign_line(page, 120, round(upper[3]) + 3, 8, seed=1)
    ink = ink_of(page)
    first, second = ink.lines
    x, y = round(ink.inner[0]), round(ink.inner[1])
    foreign = ink.foreign(first)
    assert not foreign[: round(first[3]) - y].any()
    assert foreign[round(second[1]) - y :].sum() == (ink.pieces[round(second[1]) - y :] > 0).sum()
    stem = page.copy()
    stem[round(upper[1]) : round(lower[3]), 130:134] = 0
    joined = ink_of(stem)
    assert not joined.foreign(joined.lines[0])[:, 131 - x].any()


@pytest.mark.parametrize(
    ("ink", "length", "holds"),
    [
        ([[1, 1, 1, 0, 1, 1, 1, 1]], 5, False),
        ([[1, 1, 1, 0, 1, 1, 1, 1]], 4, True),
        ([[0, 0, 0], [1, 1, 1]], 7, True),
        ([[1, 0, 1], [1, 1, 0]], 7, False),
    ],
)
def test_runs_of_ink_in_a_row(ink: list[list[int]], length: int, *, holds: bool) -> None:
    assert _holds_run(np.array(ink, np.uint8) * 255, length) is holds


@pytest.mark.parametrize(("second", "text"), [("、", "一、"), ("人", "一\n人")])
def test_no_paragraph_begins_with_a_stop(second: str, text: str) -> None:
    boxes = ((10.0, 20.0, 30.0, 23.0), (12.0, 45.0, 18.0, 51.0))
    lines = [ReadLine(b, Reading((CharReading(c, 0.9),))) for b, c in zip(boxes, ("一", second), strict=True)]
    assert join_lines(lines, 47.0) == text


@pytest.mark.parametrize("side", range(4))
def test_a_cell_that_reaches_over_the_edge_of_the_page_keeps_its_line(side: int) -> None:
    page = white(400, 120)
    box = sign_line(page, 120, 45, 6)
    over = (-0.4 * H, -0.4 * H, 400 + 0.4 * H, 120 + 0.4 * H)
    cell = tuple(over[k] if k == side else (10.0, 10.0, 390.0, 110.0)[k] for k in range(4))
    (line,) = find_cell_lines(flat_page(page), (cell[0], cell[1], cell[2], cell[3])).lines
    assert line == pytest.approx(box, abs=3)


def test_a_cell_beyond_the_page_is_empty() -> None:
    assert find_cell_lines(flat_page(white(400, 120)), (410.0, -80.0, 500.0, -20.0)).lines == ()


def test_what_a_streak_left_above_and_below_a_line_is_no_line() -> None:
    page = white(500, 300)
    box = sign_line(page, 160, 130, 4)
    page[90:106, 280] = 0
    page[170:186, 279] = 0
    (line,) = find_cell_lines(flat_page(page), (100.0, 80.0, 400.0, 200.0)).lines
    assert line == pytest.approx(box, abs=2)

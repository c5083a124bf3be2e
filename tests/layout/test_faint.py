"""Print that a copier short of toner has left pale."""

from dataclasses import replace

import numpy as np
import pytest
from drawn_pages import HEIGHT, flat_page, rule, sign_line, white

from shenbao.layout.lines import find_cell_lines
from shenbao.models.stages import Box, Image

CELL: Box = (100.0, 80.0, 500.0, 200.0)
PALE = 190


def cell_page(count: int = 8) -> tuple[Image, Box]:
    """A cell with a line of print, and the line's box."""
    page = white(600, 300)
    x0, y0, x1, y1 = CELL
    for start, end in (
        ((x0, y0), (x1, y0)),
        ((x0, y1), (x1, y1)),
        ((x0, y0), (x0, y1)),
        ((x1, y0), (x1, y1)),
    ):
        rule(page, start, end, 3)
    return page, sign_line(page, 130, 125, count)


def paled(page: Image, left: float, right: float, level: int = PALE) -> Image:
    """The page with the print between two columns no darker than `level`."""
    pale = page.copy()
    part = pale[90:190, round(left) : round(right)]
    np.maximum(part, level, out=part)
    return pale


@pytest.mark.parametrize("side", ["begins", "ends", "begins and ends"])
def test_a_line_goes_on_where_its_print_pales(side: str) -> None:
    page, box = cell_page()
    if "begins" in side:
        page = paled(page, box[0], box[0] + 2.2 * HEIGHT)
    if "ends" in side:
        page = paled(page, box[2] - 2.2 * HEIGHT, box[2])
    (line,) = find_cell_lines(flat_page(page), CELL).lines
    assert line == pytest.approx(box, abs=2)


def test_a_line_that_is_pale_all_over_is_found() -> None:
    page, box = cell_page(3)
    (line,) = find_cell_lines(flat_page(paled(page, box[0], box[2])), CELL).lines
    assert line == pytest.approx(box, abs=2)


@pytest.mark.parametrize("shaded", [False, True])
def test_in_the_shade_what_stands_beside_print_is_paper(shaded: bool) -> None:
    page, box = cell_page(4)
    blot = round(box[2]) + 8
    page[128:140, blot : blot + 14] = PALE
    page[132:136, blot + 4 : blot + 9] = 255
    if shaded:
        dots = np.random.default_rng(3).random((100, 380)) < 0.02
        part = page[90:190, 110:490]
        part[dots] = np.minimum(part[dots], 220)
    (line,) = find_cell_lines(flat_page(page), CELL).lines
    assert line[2] == pytest.approx(box[2] if shaded else blot + 14, abs=2)


def test_what_is_fainter_than_any_toner_is_paper() -> None:
    page, box = cell_page(3)
    assert find_cell_lines(flat_page(paled(page, box[0], box[2], 252)), CELL).lines == ()


def test_where_toner_ran_short_all_that_is_paler_than_paper_is_print() -> None:
    page, box = cell_page(3)
    worn = paled(page, box[0], box[2], 240)
    (line,) = find_cell_lines(flat_page(worn), CELL).lines
    assert line == pytest.approx(box, abs=2)
    sign_line(worn, 300, 125, 3)
    (line,) = find_cell_lines(flat_page(worn), CELL).lines
    assert line[0] > 290


def test_pale_dirt_is_no_print() -> None:
    """A patch, a long streak, and specks far from print."""
    page, _ = cell_page(0)
    page[100:140, 150:250] = PALE
    page[90:190, 300:302] = PALE
    page[150:153, 350:353] = PALE
    assert find_cell_lines(flat_page(page), CELL).lines == ()


def test_pale_ink_under_a_seal_is_left_to_the_seal() -> None:
    page, box = cell_page()
    page = paled(page, box[2] - 2.2 * HEIGHT, box[2])
    stain = np.zeros_like(page)
    stain[95:180, 420:480] = 255
    (line,) = find_cell_lines(flat_page(page, stain=stain), CELL).lines
    assert line[2] < box[2] - 2 * HEIGHT


def test_soft_edges_join_no_strokes() -> None:
    """The two strokes of an equals sign stay apart, however grey their edges."""
    page, _ = cell_page(0)
    for top in (130, 141):
        page[top - 3 : top + 6, 200:224] = PALE
        page[top : top + 3, 200:224] = 0
    ink = find_cell_lines(flat_page(page), CELL)
    assert len(ink.lines) == 1
    assert ink.pieces.max() == 2


def test_lines_say_whether_they_are_faint_all_over() -> None:
    page, box = cell_page(3)
    part, whole = paled(page, box[0], box[0] + HEIGHT), paled(page, box[0], box[2])
    assert [find_cell_lines(flat_page(p), CELL).faint for p in (page, part, whole)] == [
        (False,),
        (False,),
        (True,),
    ]


def hairline(page: Image, left: int, row: int, dark: int) -> None:
    """A pale stroke as long as a character, only whose end is dark."""
    page[row : row + 2, left : left + HEIGHT] = PALE
    page[row - 1 : row + 3, left + HEIGHT - dark : left + HEIGHT] = 0


def test_a_hairline_whose_end_alone_is_dark_begins_its_line() -> None:
    page, _ = cell_page(0)
    start = round(sign_line(page, 180, 125, 4)[0] - 1.2 * HEIGHT)
    hairline(page, start, 125 + HEIGHT // 2, HEIGHT // 5)
    (line,) = find_cell_lines(flat_page(page), CELL, dirty=True).lines
    assert line[0] == pytest.approx(start, abs=2)


def test_a_sign_of_hairlines_alone_in_its_cell_is_found() -> None:
    page, _ = cell_page(0)
    for row in (135, 135 + HEIGHT // 3):
        hairline(page, 250, row, HEIGHT // 6)
    assert len(find_cell_lines(flat_page(page), CELL, dirty=True).lines) == 1


@pytest.mark.parametrize(("level", "found"), [(170, True), (215, False)])
def test_under_a_seal_hairlines_are_darker_than_what_is_left_of_it(level: int, found: bool) -> None:
    page, _ = cell_page(0)
    for row in (135, 135 + HEIGHT // 3):
        hairline(page, 250, row, HEIGHT // 6)
    page[page == PALE] = level
    flat = flat_page(page)
    stain = np.zeros_like(flat.stain)
    stain[130:170, 240:300:3] = 255
    lines = find_cell_lines(replace(flat, stain=stain), CELL, dirty=True).lines
    assert any(x1 - x0 > 0.9 * HEIGHT for x0, _, x1, _ in lines) is found


def test_a_speck_with_a_pale_edge_is_no_hairline() -> None:
    page, _ = cell_page(0)
    box = sign_line(page, 180, 125, 4)
    x, size = round(box[0] - 1.2 * HEIGHT), HEIGHT // 5
    page[140 : 140 + size + 2, x : x + size + 2] = PALE
    page[141 : 141 + size, x + 1 : x + 1 + size] = 0
    (line,) = find_cell_lines(flat_page(page), CELL, dirty=True).lines
    assert line[0] == pytest.approx(box[0], abs=2)


@pytest.mark.parametrize("dots", [1, 2])
def test_two_fine_dots_behind_a_line_are_a_colon_and_one_is_dirt(dots: int) -> None:
    page, box = cell_page(4)
    x, size = round(box[2] + 0.4 * HEIGHT), max(2, round(0.11 * HEIGHT))
    for y in (125 + HEIGHT // 3, 125 + 2 * HEIGHT // 3)[:dots]:
        page[y : y + size, x : x + size] = PALE
    page[185:187, 140:150] = PALE  # enough for the cell to be looked through for pale print
    (line,) = find_cell_lines(flat_page(page), CELL).lines
    assert line[2] == pytest.approx(x + size if dots == 2 else box[2], abs=2)


def test_a_pale_stop_ends_a_line_whose_characters_run_together() -> None:
    page, box = cell_page(4)
    page[130:133, round(box[0]) : round(box[2])] = 0
    x, size = round(box[2] + 0.3 * HEIGHT), round(0.25 * HEIGHT)
    page[140 : 140 + size, x : x + size] = PALE
    (line,) = find_cell_lines(flat_page(page), CELL).lines
    assert line[2] == pytest.approx(x + size, abs=2)


@pytest.mark.parametrize("pale", [True, False])
def test_of_a_pale_1_the_dark_part_is_no_speck(pale: bool) -> None:
    page, _ = cell_page(0)
    box = sign_line(page, 180, 125, 4)
    page = paled(page, box[0], box[2])
    x, width = round(box[0] - 0.6 * HEIGHT), round(0.25 * HEIGHT)
    if pale:
        page[125 : 125 + HEIGHT, x : x + width] = PALE
    page[130 : 130 + HEIGHT // 3, x + 1 : x + width - 1] = 0
    (line,) = find_cell_lines(flat_page(page), CELL, dirty=True).lines
    assert (line[0] < box[0] - 2) is pale

"""What is left of a seal in cells is paler than print, and in no line with it."""

from itertools import pairwise

import numpy as np
import pytest
from drawn_pages import HEIGHT as H
from drawn_pages import flat_page, sign_line, white

from shenbao.layout.lines import CellInk, lines_of_cells
from shenbao.layout.seal_traces import near_seals, print_level
from shenbao.models.stages import Box, FlatPage, Grid, GridCell, Image

EDGES = tuple(range(20, 20 + 10 * 60, 60))
"""Rulings of a column of cells."""

WIDTH = 600
SEALED = 2
"""The cell beside whose left part a seal's ring was wiped."""

LEVEL = 110


def column(words: int = 4) -> Image:
    """A column of cells with print but one."""
    page = white(WIDTH, EDGES[-1] + 20)
    for row, top in enumerate(EDGES[:-1]):
        if row != SEALED:
            sign_line(page, 300, top + 18, words, seed=row)
    return page


def stained(page: Image) -> FlatPage:
    stain = np.zeros_like(page)
    stain[EDGES[SEALED] + 10 : EDGES[SEALED] + 50, 60:70] = 255
    return flat_page(page, stain=stain)


def boxes() -> list[Box]:
    return [(20.0, float(a), WIDTH - 20.0, float(b)) for a, b in pairwise(EDGES)]


def inks(flat: FlatPage) -> list[CellInk]:
    cells = tuple(GridCell(row, 0, 1, 1, box, (1.0,) * 4) for row, box in enumerate(boxes()))
    (found,) = lines_of_cells([Grid(tuple(map(float, EDGES)), (20.0, WIDTH - 20.0), cells)], [flat])
    return found


def written(page: Image, x: float, count: int, level: int, shift: float = 0.0) -> None:
    """Characters of some level in the sealed cell."""
    other = white(WIDTH, page.shape[0])
    sign_line(other, x, EDGES[SEALED] + 18 + shift * H, count, seed=50)
    np.minimum(page, np.maximum(other, level), out=page)


@pytest.mark.parametrize(("level", "lines"), [(LEVEL, 0), (55, 1), (0, 1)])
def test_a_cell_that_holds_a_seals_characters_alone_is_empty(level: int, lines: int) -> None:
    page = column()
    written(page, 90, 3, level)
    assert len(inks(stained(page))[SEALED].lines) == lines
    assert len(inks(flat_page(page))[SEALED].lines) == 1


def test_print_beside_a_seals_characters_keeps_its_place() -> None:
    page = column()
    written(page, 300, 4, 0)
    alone = inks(stained(page))[SEALED].lines
    written(page, 90, 2, LEVEL)
    assert inks(stained(page))[SEALED].lines == alone


def test_pale_print_in_line_with_dark_one_stays() -> None:
    page = column()
    written(page, 300, 4, 0)
    (dark,) = inks(stained(page))[SEALED].lines
    written(page, 300 - 2 * 1.15 * H, 2, LEVEL)
    (line,) = inks(stained(page))[SEALED].lines
    assert line[0] < dark[0] - 2 * H and line[2] == dark[2]


def test_a_pale_comma_between_thin_strokes_of_the_line_stays() -> None:
    page = column()
    written(page, 300, 4, 0)
    top = EDGES[SEALED] + 18 + round(H / 2)
    page[top : top + 2, 270 : 270 + H] = LEVEL  # 一 of 一般
    page[top + 5 : top + 9, 255:259] = LEVEL
    page[top : top + 2, 220 : 220 + H] = LEVEL
    (line,) = inks(stained(page))[SEALED].lines
    assert line[0] == 220


def test_without_print_to_compare_with_nothing_is_a_trace() -> None:
    page = white(WIDTH, EDGES[-1] + 20)
    written(page, 90, 3, LEVEL)
    assert inks(stained(page))[SEALED].lines
    assert print_level(flat_page(page), boxes()) is None


def test_cells_near_a_seal_and_the_level_of_print() -> None:
    flat = stained(column())
    assert [row for row, near in enumerate(near_seals(flat, boxes())) if near] == [1, 2, 3]
    assert near_seals(flat_page(column()), boxes()) == [False] * 9
    assert print_level(flat, boxes()) == 0.0


def test_a_word_that_a_seal_made_paler_stays_where_a_tenth_of_it_is_as_dark_as_print() -> None:
    page = column()
    written(page, 90, 3, LEVEL)
    cell = np.zeros(page.shape, bool)
    cell[EDGES[SEALED] + 5 : EDGES[SEALED] + 55, 80:] = True
    strokes = np.argwhere(cell & (page < 255))
    dark = strokes[np.random.default_rng(1).random(len(strokes)) < 0.1]
    page[dark[:, 0], dark[:, 1]] = 0
    assert len(inks(stained(page))[SEALED].lines) == 1

"""Rings of seals are no rulings, and rulings that meet them stay."""

from typing import Literal

import cv2
import numpy as np
import pytest
from drawn_pages import draw_table, edges, flat_page, white

from shenbao.layout.grid import find_grids
from shenbao.layout.ring_lines import on_rings, ring_lines, star_ink
from shenbao.layout.rulings import find_rulings
from shenbao.models.stages import FlatMark

H = 24.0
SHAPE = (600, 800)


def ring(shape: Literal["round", "oval", "square"] = "round", confidence: float = 0.9) -> FlatMark:
    height = 200.0 if shape == "oval" else 300.0
    return FlatMark("seal", shape, "grey", 400.0, 300.0, 300.0, height, 0.0, confidence)


def test_the_line_of_a_ring_lies_within_its_outline() -> None:
    mask = ring_lines(SHAPE, [ring()], H)
    assert mask is not None
    assert mask[300, round(400 + 150 - 0.25 * H)] == 255
    assert mask[300, 400] == 0
    assert mask[300, 570] == 0


@pytest.mark.parametrize("seal", [ring("square"), ring(confidence=0.4)])
def test_squares_and_doubtful_rings_draw_none(seal: FlatMark) -> None:
    assert ring_lines(SHAPE, [seal], H) is None


def test_strokes_on_the_ring_are_told_from_rulings() -> None:
    mask = ring_lines(SHAPE, [ring("oval")], H)
    assert mask is not None
    strokes = np.zeros(SHAPE, np.uint8)
    cv2.ellipse(strokes, (400, 300), (150 - round(0.25 * H), 100 - round(0.25 * H)), 0, 250, 290, (255,), 3)
    top = int(np.flatnonzero(strokes[:, 400])[0])
    strokes[450:453, 100:700] = 255
    strokes[300:303, 100:700] = 255
    found = on_rings(strokes, mask, H)
    assert found[top, 400] == 255
    assert not found[450].any()
    assert not found[300].any()
    assert not on_rings(np.zeros(SHAPE, np.uint8), mask, H).any()


@pytest.mark.parametrize(("length", "kept"), [(80, True), (40, False)])
def test_what_goes_straight_on_a_ring_is_a_ruling_where_it_is_long_enough_to_tell(
    length: int, kept: bool
) -> None:
    mask = ring_lines(SHAPE, [ring("oval")], H)
    assert mask is not None
    top = 300 - 100 + round(0.25 * H)
    strokes = np.zeros(SHAPE, np.uint8)
    strokes[top : top + 3, 400 - length // 2 : 400 + length // 2] = 255
    assert on_rings(strokes, mask, H).any() != kept


def test_an_arc_that_stands_upright_is_no_side_of_a_cell() -> None:
    page = white(1200, 1000)
    xs, ys = edges(500, 500, start=80), edges(*[60] * 8, start=160)
    draw_table(page, xs, ys, "\n".join([". | ."] * 8))
    cv2.circle(page, (330, 400), 150, (0,), 8)
    seal = FlatMark("seal", "round", "grey", 330.0, 400.0, 312.0, 312.0, 0.0, 1.0)
    (grid,) = find_grids(find_rulings(flat_page(page), [seal]))
    assert len(grid.xs) == 3
    assert len(grid.cells) == 16


def test_a_ruling_that_a_ring_touches_is_none_of_it() -> None:
    mask = ring_lines(SHAPE, [ring()], H)
    assert mask is not None
    strokes = np.zeros(SHAPE, np.uint8)
    strokes[155:158, 370:430] = 255
    strokes[158:165, 410:430] = 255
    found = on_rings(strokes, mask, H)
    assert not found[155:158, 370:430].any()
    assert found[160:165, 410:430].all()


def test_the_star_is_what_is_solid_in_the_middle_of_a_seal() -> None:
    page = np.zeros(SHAPE, np.uint8)
    cv2.circle(page, (400, 300), 40, (255,), -1)
    page[290:310:5, 380:420:5] = 0  # a fax left holes
    page[300:303] = 255
    page[50:90, 50:90] = 255
    found = star_ink(page, [ring()], H)
    assert found is not None
    assert found[295:306, 390:410].all()
    assert not found[:, :340].any() and not found[:, 461:].any()


def test_a_seal_without_a_star_has_none() -> None:
    page = np.zeros(SHAPE, np.uint8)
    page[300:303] = 255
    assert star_ink(page, [ring()], H) is None
    page[280:320, 380:420] = 255
    assert star_ink(page, [ring(confidence=0.4)], H) is None


def test_a_star_in_line_with_a_ruling_is_no_side_of_a_cell() -> None:
    page = white(1200, 1000)
    xs, ys = edges(250, 250, 250, 250, start=80), edges(*[60] * 8, start=160)
    draw_table(page, xs, ys, "\n".join([". | . | . | ."] * 2 + [". | . | < | ."] * 3 + [". | . | . | ."] * 3))
    cv2.fillPoly(page, [np.array([(580, 340), (550, 405), (610, 405)])], (0,))
    seal = FlatMark("seal", "round", "grey", 580.0, 370.0, 312.0, 312.0, 0.0, 1.0)
    (grid,) = find_grids(find_rulings(flat_page(page), [seal]))
    assert len(grid.cells) == 29

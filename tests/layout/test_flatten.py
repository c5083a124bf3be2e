"""Delivered pages to flat pages, end to end on a drawn form."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from drawn_pages import (
    HEIGHT,
    Delivered,
    deliver,
    draw_table,
    edges,
    rule,
    sign_line,
    spans_found,
    spans_of,
    white,
)

from shenbao.layout.flatten import FLAT_SIDE, flatten
from shenbao.layout.grid import find_grids
from shenbao.layout.rulings import find_rulings
from shenbao.layout.straighten import RoughPage
from shenbao.models.stages import FlatPage, Grid, Image, PageImage, Turn

XS = edges(110, 150, 130, 170, 120, start=110)
YS = edges(56, 48, 60, 48, 52, 64, 48, 56, 48, 60, 52, 56, 60, start=180)
FORM = "\n".join(
    ["2|14|<|<|<", "^|3|3|<|2", "2|3|2|4|2", "^|3|2|4|.", "^|^|2|4|2"]
    + ["2|3|2|4|2", "^|3|.|4|2", "^|^|2|4|2"]
    + ["2|8|<|4|2", "^|3|2|4|.", "2|3|2|4|2", "^|3|2|4|2", "2|15|<|<|<"]
)


@pytest.fixture(scope="module")
def form() -> Image:
    """A page of 900 by 1100 pixels: a heading and a table of 13 rows."""
    page = white(900, 1100)
    sign_line(page, 240, 90, 11, height=34)
    sign_line(page, 110, 142, 7, seed=3)
    draw_table(page, XS, YS, FORM)
    return page


def read(delivered: Delivered, turn: Turn) -> tuple[FlatPage, Grid]:
    flat = flatten(delivered.image, lambda page: turn)
    (grid,) = find_grids(find_rulings(flat))
    return flat, grid


def assert_cells_land(delivered: Delivered, flat: FlatPage, grid: Grid, tolerance: float = 2.0) -> None:
    """The polygon of each cell is the drawn cell, corner by corner from its upper left."""
    assert spans_found(grid) == spans_of(FORM)
    for cell in grid.cells:
        x0, y0 = XS[cell.col], YS[cell.row]
        x1, y1 = XS[cell.col + cell.col_span], YS[cell.row + cell.row_span]
        drawn = delivered.place([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
        assert np.abs(np.array(flat.polygon(cell.box)) - drawn).max() < tolerance


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("skew", [-15.0, -4.2, 0.0, 1.3, 9.0, 15.0])
def test_polygons_land_on_the_drawn_cells(form: Image, turn: Turn, skew: float) -> None:
    delivered = deliver(form, -turn - skew)
    flat, grid = read(delivered, turn)
    assert flat.rotation == turn
    assert flat.skew == pytest.approx(-skew, abs=0.15)
    assert_cells_land(delivered, flat, grid)


@pytest.mark.parametrize("skew", [0.0, 3.0])
@pytest.mark.parametrize(
    "moved",
    [
        [(0.02, 0.0), (-0.02, 0.0), (0.0, 0.0), (0.0, 0.0)],
        [(0.0, 0.01), (-0.01, 0.0), (0.0, -0.02), (0.015, 0.0)],
    ],
)
def test_polygons_land_in_spite_of_perspective(
    form: Image, moved: list[tuple[float, float]], skew: float
) -> None:
    delivered = deliver(form, -skew, moved)
    flat, grid = read(delivered, 0)
    assert_cells_land(delivered, flat, grid, 3.0)


@pytest.mark.parametrize("factor", [0.7, 1.6, 3.0])
def test_pages_of_any_size(form: Image, factor: float) -> None:
    """Also larger than the flat page."""
    page = cv2.resize(form, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    delivered = deliver(page, -2.0)
    flat = flatten(delivered.image, lambda page: 0)
    assert max(flat.grey.shape) <= FLAT_SIDE * 1.1
    (grid,) = find_grids(find_rulings(flat))
    assert spans_found(grid) == spans_of(FORM)
    corner = np.array(flat.polygon(grid.box))
    drawn = delivered.place(
        [(XS[i] * factor, YS[j] * factor) for i, j in ((0, 0), (-1, 0), (-1, -1), (0, -1))]
    )
    assert np.abs(corner - drawn).max() < 2.0 * max(1.0, factor)


def test_masks_have_the_shape_of_the_flat_page(form: Image) -> None:
    flat, _ = read(deliver(form, -5.0), 0)
    assert flat.ink.shape == flat.strong.shape == flat.stain.shape == flat.grey.shape
    assert set(np.unique(flat.ink)) <= {0, 255} and set(np.unique(flat.stain)) <= {0, 255}
    assert not flat.strong[flat.ink == 0].any()
    assert flat.char_height == pytest.approx(HEIGHT, abs=1.5)
    assert flat.grey.dtype == np.uint8


def test_pale_print_beside_thick_rulings_is_as_strong_as_any() -> None:
    page = white(900, 1100)
    for k in range(12):
        sign_line(page, 160, 150 + 70 * k, 10, seed=k)
    page = np.where(page < 128, 190, page).astype(np.uint8)
    for k in range(13):
        rule(page, (100, 130 + 70 * k), (800, 130 + 70 * k), 9)
    flat = flatten(deliver(page).image, lambda rough: 0)
    row = slice(150, 180)
    assert np.count_nonzero(flat.ink[row]) > 1000
    assert np.count_nonzero(flat.strong[row]) > 0.8 * np.count_nonzero(flat.ink[row])


def test_the_turn_is_asked_for_on_a_straight_page(form: Image) -> None:
    seen: list[RoughPage] = []

    def find_turn(page: RoughPage) -> Turn:
        seen.append(page)
        return 0

    flatten(deliver(form, -8.0).image, find_turn)
    (page,) = seen
    rows = np.sort((page.ink > 0).sum(axis=1))[::-1]
    assert rows[:20].min() > 0.5 * (XS[-1] - XS[0])


def test_a_red_seal_is_faded_and_remembered(form: Image) -> None:
    rgb = np.repeat(form[:, :, None], 3, axis=2)
    seal = np.zeros(form.shape, np.uint8)
    cv2.circle(seal, (640, 760), 110, 255, 9)
    cv2.circle(seal, (640, 760), 26, 255, -1)
    rgb[(seal > 0) & (form == 255)] = (225, 60, 60)
    rgb[(seal > 0) & (form < 255)] = (70, 15, 15)
    delivered = deliver(rgb, -1.5)
    flat, grid = read(delivered, 0)
    assert_cells_land(delivered, flat, grid)
    assert (flat.stain > 0).sum() == pytest.approx(int((seal > 0).sum()), rel=0.25)
    alone = (flat.stain > 0) & (flat.ink == 0)
    assert alone.sum() > 0.6 * (flat.stain > 0).sum()
    assert np.median(flat.grey[alone]) == 255


def test_a_photo_on_a_dark_desk(form: Image) -> None:
    photo = np.full((1400, 1200, 3), 60, np.uint8)
    askew = deliver(form, -3.0).matrix
    matrix = np.array([[1.0, 0, 120], [0, 1, 110], [0, 0, 1]]) @ askew
    page = np.repeat(np.minimum(form, 225)[:, :, None], 3, axis=2)
    cv2.warpPerspective(page, matrix, (1200, 1400), photo, cv2.INTER_AREA, cv2.BORDER_TRANSPARENT)
    delivered = Delivered(PageImage(1, photo, 200.0), matrix)
    flat, grid = read(delivered, 0)
    assert_cells_land(delivered, flat, grid, 3.0)


@pytest.mark.parametrize("level", [255, 128, 0])
def test_a_page_without_anything_on_it(level: int) -> None:
    blank = np.full((400, 300, 3), level, np.uint8)
    flat = flatten(PageImage(1, blank, 200.0), lambda page: 0)
    assert flat.skew == 0
    assert not flat.ink.any()
    assert find_grids(find_rulings(flat)) == []


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3, 200), (200, 3), (40, 30)])
def test_tiny_pages_do_no_harm(width: int, height: int) -> None:
    page = np.full((height, width, 3), 255, np.uint8)
    page[height // 2, :] = 0
    flat = flatten(PageImage(1, page, 200.0), lambda page: 0)
    assert flat.grey.shape == flat.ink.shape
    assert find_grids(find_rulings(flat)) == []


def test_the_delivered_page_is_not_written_to(form: Image) -> None:
    image = deliver(form, -2.0).image
    before = image.pixels.copy()
    flatten(image, lambda page: 0)
    assert np.array_equal(image.pixels, before)


def test_the_pepper_of_a_page_in_two_tones_is_kept_apart(form: Image) -> None:
    page = np.where(form < 128, np.uint8(0), np.uint8(255))
    assert read(deliver(page), 0)[0].specks is None
    chance = np.random.default_rng(3).random(page.shape)
    peppered = np.where((chance < 0.01) & (page > 0), np.uint8(0), page)
    flat = flatten(deliver(peppered).image, lambda _: 0)
    assert flat.specks is not None and flat.specks.shape == flat.grey.shape
    margin = slice(None, round(3 * HEIGHT))
    assert (flat.grey[margin] < 128).mean() < 0.001
    assert (flat.specks[margin] < 128).mean() > 0.004
    assert (flat.specks[flat.grey < 64] == 255).mean() > 0.8


def test_edges_are_hard_on_peppered_pages_and_on_those_of_half_the_rows(form: Image) -> None:
    page = deliver(np.where(form < 128, np.uint8(0), np.uint8(255))).image
    assert not flatten(page, lambda _: 0).hard
    assert flatten(replace(page, stretch=(1.0, 2.0)), lambda _: 0).hard
    grey = deliver(np.where(form < 128, np.uint8(100), np.uint8(255))).image
    blurred = np.asarray(cv2.GaussianBlur(grey.pixels, (0, 0), 3.0), np.uint8)
    assert not flatten(replace(grey, pixels=blurred, stretch=(1.0, 2.0)), lambda _: 0).hard

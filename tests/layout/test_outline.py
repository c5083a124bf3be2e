"""The sheet told from what lies around it."""

import cv2
import numpy as np
import pytest
from drawn_pages import draw_table, edges, white

from shenbao.layout.outline import sheet_mask
from shenbao.models.stages import Image


def small(corners: list[tuple[int, int]], desk: int = 90, paper: int = 220) -> tuple[Image, np.ndarray]:
    """A sheet with these corners on a desk, 170 by 240 pixels, and where the sheet is."""
    picture = np.full((240, 170), desk, np.uint8)
    inside = cv2.fillConvexPoly(np.zeros_like(picture), np.array(corners, np.int32), (255,)) > 0
    picture[inside] = paper
    return cv2.GaussianBlur(picture, (0, 0), 0.7).astype(np.uint8), inside


STRAIGHT = [(18, 20), (150, 20), (150, 222), (18, 222)]
TURNED = [(40, 14), (158, 40), (128, 226), (10, 200)]


def assert_close(mask: Image | None, inside: np.ndarray) -> None:
    """The mask is the sheet but for its rim."""
    assert mask is not None
    rim = np.ones((9, 9), np.uint8)
    core, hull = (f(inside.astype(np.uint8), rim) > 0 for f in (cv2.erode, cv2.dilate))
    assert (mask[core] == 255).all()
    assert (mask[~hull] == 0).all()


@pytest.mark.parametrize("desk", [10, 60, 120, 170])
@pytest.mark.parametrize("corners", [STRAIGHT, TURNED])
def test_a_sheet_on_a_desk(corners: list[tuple[int, int]], desk: int) -> None:
    picture, inside = small(corners, desk)
    assert_close(sheet_mask(picture), inside)


def test_a_shadow_over_sheet_and_desk_does_not_cut_the_sheet() -> None:
    picture, inside = small(STRAIGHT)
    shade = 1 - 0.6 * np.clip((np.arange(240)[:, None] + np.arange(170)[None] - 150) / 60, 0, 1)
    assert_close(sheet_mask((picture * shade).astype(np.uint8)), inside)


def test_a_striped_desk() -> None:
    picture, inside = small(STRAIGHT)
    stripes = 90 + 40 * np.sin(np.arange(170) / 5)[None]
    picture = np.where(inside, picture, stripes).astype(np.uint8)
    assert_close(sheet_mask(picture), inside)


@pytest.mark.parametrize("wide", [2, 5, 12])
def test_a_black_border_of_a_scan(wide: int) -> None:
    picture = np.full((240, 170), 235, np.uint8)
    picture[:, :wide] = 30
    mask = sheet_mask(picture)
    assert mask is not None
    assert (mask[:, :wide] == 0).all() and (mask[:, wide + 3 :] == 255).all()


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_picture_of_one_level_is_all_sheet(level: int) -> None:
    assert sheet_mask(np.full((240, 170), level, np.uint8)) is None


def test_a_table_is_no_edge_of_the_sheet() -> None:
    page = white(1700, 2400)
    draw_table(
        page, edges(400, 600, 400, start=150), edges(*[140.0] * 15, start=150), "4|8|4\n" * 15, thickness=9
    )
    picture = cv2.resize(page, (170, 240), interpolation=cv2.INTER_AREA)
    assert sheet_mask(np.asarray(picture, np.uint8)) is None


def test_a_bright_neighbour_sheet_is_not_cut_off() -> None:
    """The fold of an open book is no edge of the sheet: what lies beyond is as bright."""
    picture = np.full((170, 240), 225, np.uint8)
    picture[:, 78:82] = 120
    assert sheet_mask(picture) is None


@pytest.mark.parametrize("shape", [(1, 1), (3, 240), (240, 3), (12, 9)])
def test_tiny_pictures_do_no_harm(shape: tuple[int, int]) -> None:
    picture = np.full(shape, 200, np.uint8)
    picture[0, 0] = 10
    mask = sheet_mask(picture)
    assert mask is None or mask.shape == shape

"""The way between the delivered page and the flat page."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from drawn_pages import white
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from shenbao.layout.bend import ACROSS, ALONG, Bend
from shenbao.layout.warp import Warp, turn_and_scale

SIZE = (1000, 1400)


def drawn(seed: int, size: float) -> Bend:
    """A bend of this greatest size, in half pages."""
    rng = np.random.default_rng(seed)
    across, down = (size * rng.uniform(-1, 1, (ALONG + 3, ACROSS + 3)) for _ in range(2))
    return Bend((500.0, 700.0), 700.0, across, down)


def turned_to(bend: Bend, size: tuple[int, int]) -> Bend:
    return replace(bend, centre=(size[0] / 2, size[1] / 2), scale=max(size) / 2)


BENT = drawn(1, 0.01)

points_on_page = arrays(np.float64, (5, 2), elements=st.floats(0, 1)).map(lambda p: p * SIZE)


def corners(width: float, height: float) -> np.ndarray:
    return np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)


@pytest.mark.parametrize(
    ("degrees", "size"), [(0, (400, 300)), (90, (300, 400)), (180, (400, 300)), (270, (300, 400))]
)
def test_a_quarter_turn_swaps_the_sides(degrees: float, size: tuple[int, int]) -> None:
    assert turn_and_scale((400, 300), degrees, 1.0)[1] == size


@pytest.mark.parametrize(
    ("degrees", "expected"), [(0, (0, 0)), (90, (300, 0)), (180, (400, 300)), (270, (0, 400))]
)
def test_the_turn_is_clockwise(degrees: float, expected: tuple[float, float]) -> None:
    """Where the upper left corner of a 400 by 300 picture goes."""
    affine, _ = turn_and_scale((400, 300), degrees, 1.0)
    assert np.allclose(affine[:, 2], expected, atol=1e-6)


@given(st.floats(-180, 360), st.floats(0.1, 2))
def test_the_turned_picture_holds_the_whole_page(degrees: float, scale: float) -> None:
    affine, (width, height) = turn_and_scale((400, 300), degrees, scale)
    placed = corners(400, 300) @ affine[:, :2].T + affine[:, 2]
    assert placed.min() > -1e-6
    assert (placed.max(axis=0) <= np.array([width, height]) + 1e-3).all()
    assert (placed.max(axis=0) > np.array([width, height]) - 1.001).all()


@given(st.floats(-20, 20), st.sampled_from([0, 90, 180, 270]), st.floats(0.2, 1.5), points_on_page)
def test_flat_points_find_their_delivered_pixels(
    skew: float, turn: int, scale: float, points: np.ndarray
) -> None:
    affine, size = turn_and_scale(SIZE, turn + skew, scale)
    rough = points @ affine[:, :2].T + affine[:, 2]
    bend = turned_to(BENT, size)
    warp = Warp(affine, bend, size)
    assert np.abs(warp(bend.forward(rough)) - points).max() < 0.5


@pytest.mark.parametrize("reduced", [1.0, 0.5])
@pytest.mark.parametrize("bend", [None, BENT])
def test_the_drawn_picture_agrees_with_the_mapping(bend: Bend | None, reduced: float) -> None:
    """Dots of the delivered page stand on the flat page where the mapping says."""
    page = white(*SIZE)
    flat_points = np.array([[150, 200], [820, 260], [500, 700], [200, 1200], [850, 1150]], np.float64)
    affine, size = turn_and_scale(SIZE, 3.0, 1.0)
    warp = Warp(affine, bend, size)
    for x, y in np.round(warp(flat_points)).astype(int):
        page[y - 2 : y + 3, x - 2 : x + 3] = 0
    size_now = (round(SIZE[0] * reduced), round(SIZE[1] * reduced))
    seen = np.asarray(cv2.resize(page, size_now, interpolation=cv2.INTER_AREA), np.uint8)
    flat = warp.apply(seen, (255,), reduced)
    assert flat.shape == (size[1], size[0])
    for x, y in flat_points.astype(int):
        dark = 255.0 - flat[y - 8 : y + 9, x - 8 : x + 9]
        at = np.arange(17) - 8
        assert abs((dark.sum(axis=0) * at).sum() / dark.sum()) < 0.75
        assert abs((dark.sum(axis=1) * at).sum() / dark.sum()) < 0.75


@pytest.mark.parametrize("bent", [False, True])
def test_beside_the_page_there_is_paper(bent: bool) -> None:
    page = np.full((100, 80), 90, np.uint8)
    affine, size = turn_and_scale((80, 100), 10.0, 1.0)
    flat = Warp(affine, turned_to(BENT, size) if bent else None, size).apply(page, (255,))
    assert flat.shape == (size[1], size[0])
    assert flat[0, 0] == flat[-1, -1] == 255
    assert (flat[40:60, 35:55] == 90).all()


@pytest.mark.parametrize("turn", [0, 90])
@pytest.mark.parametrize("bent", [False, True])
def test_a_mask_resampled_beside_a_picture_is_as_it_would_be_alone(bent: bool, turn: int) -> None:
    page, mask = white(*SIZE), np.zeros(SIZE[::-1], np.uint8)
    page[300:340, 200:700] = 0
    mask[900:1000, 120:260] = 255
    affine, size = turn_and_scale(SIZE, turn + 3.0, 0.8)
    warp = Warp(affine, turned_to(BENT, size) if bent else None, size)
    flat, stain = warp.apply_with(page, mask, (255,))
    assert (flat == warp.apply(page, (255,))).all()
    assert stain.any()
    assert np.abs(stain.astype(int) - warp.apply(mask, (0,))).max() <= 1


def test_an_empty_mask_stays_empty() -> None:
    affine, size = turn_and_scale(SIZE, 3.0, 1.0)
    _, stain = Warp(affine, None, size).apply_with(white(*SIZE), np.zeros(SIZE[::-1], np.uint8), (255,))
    assert stain.shape == size[::-1]
    assert not stain.any()

"""The way between the delivered page and the flat page."""

import numpy as np
import pytest
from drawn_pages import white
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from shenbao.layout.warp import Bend, Warp, monomials, turn_and_scale

SIZE = (1000, 1400)
BENT = Bend(
    (500.0, 700.0),
    700.0,
    np.array([0.02, 0.03, -0.02, 0.01, 0.0, 0.02]),
    np.array([-0.03, 0.02, 0.02, 0.0, 0.02, -0.01]),
)

coefficients = arrays(np.float64, 6, elements=st.floats(-0.03, 0.03))
points_on_page = arrays(np.float64, (5, 2), elements=st.floats(0, 1)).map(lambda p: p * SIZE)


def corners(width: float, height: float) -> np.ndarray:
    return np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)


@given(coefficients, coefficients, points_on_page)
def test_bend_and_its_inverse_undo_each_other(
    across: np.ndarray, down: np.ndarray, points: np.ndarray
) -> None:
    bend = Bend((500.0, 700.0), 700.0, across, down)
    assert np.abs(bend.forward(bend.inverse(points)) - points).max() < 0.05
    assert np.abs(bend.inverse(bend.forward(points)) - points).max() < 0.05


@given(points_on_page, st.floats(0.3, 3))
def test_a_scaled_bend_does_the_same_to_a_scaled_page(points: np.ndarray, factor: float) -> None:
    scaled = BENT.scaled(factor).forward(points * factor)
    assert np.abs(scaled - BENT.forward(points) * factor).max() < 1e-6


def test_no_bend_leaves_points_alone() -> None:
    still = Bend((500.0, 700.0), 700.0, np.zeros(6), np.zeros(6))
    assert np.allclose(still.forward(corners(*SIZE)), corners(*SIZE))


def test_a_bend_leaves_its_middle_axes_alone() -> None:
    """x stays where y is the middle, y where x is the middle."""
    level = np.array([[100.0, 700.0], [900.0, 700.0]])
    upright = np.array([[500.0, 50.0], [500.0, 1300.0]])
    assert np.allclose(BENT.forward(level)[:, 0], level[:, 0])
    assert np.allclose(BENT.forward(upright)[:, 1], upright[:, 1])


def test_monomials_vanish_with_their_first_coordinate() -> None:
    terms = monomials(np.array([0.0, 0.5]), np.array([0.7, 0.7]))
    assert terms.shape == (2, 6)
    assert (terms[0] == 0).all() and (terms[1] != 0).all()


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
    bend = Bend((size[0] / 2, size[1] / 2), max(size) / 2, BENT.across, BENT.down)
    warp = Warp(affine, (bend,), size)
    assert np.abs(warp(bend.forward(rough)) - points).max() < 0.5


@pytest.mark.parametrize("bends", [(), (BENT,), (BENT, BENT)])
def test_the_drawn_picture_agrees_with_the_mapping(bends: tuple[Bend, ...]) -> None:
    """Dots of the delivered page stand on the flat page where the mapping says."""
    page = white(*SIZE)
    flat_points = np.array([[150, 200], [820, 260], [500, 700], [200, 1200], [850, 1150]], np.float64)
    affine, size = turn_and_scale(SIZE, 3.0, 1.0)
    warp = Warp(affine, bends, size)
    for x, y in np.round(warp(flat_points)).astype(int):
        page[y - 2 : y + 3, x - 2 : x + 3] = 0
    flat = warp.apply(page)
    assert flat.shape == (size[1], size[0])
    for x, y in flat_points.astype(int):
        ys, xs = np.nonzero(flat[y - 8 : y + 9, x - 8 : x + 9] < 128)
        assert abs(xs.mean() - 8) < 1 and abs(ys.mean() - 8) < 1


def test_colours_and_edges_are_kept() -> None:
    """A coloured page stays so, and what lies outside it is its edge carried on."""
    page = np.zeros((100, 80, 3), np.uint8)
    page[:] = (200, 100, 50)
    affine, size = turn_and_scale((80, 100), 10.0, 1.0)
    for bends in ((), (Bend((40.0, 50.0), 50.0, BENT.across, BENT.down),)):
        flat = Warp(affine, bends, size).apply(page)
        assert flat.shape == (size[1], size[0], 3)
        assert (flat == (200, 100, 50)).all()

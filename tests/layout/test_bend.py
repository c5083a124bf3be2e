"""The smooth displacement that makes bent rulings straight."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from shenbao.layout.bend import ACROSS, ALONG, Bend, fit_spline, narrowing, still

SIZE = (1000, 1400)

seeds = st.integers(0, 10_000)
points_on_page = arrays(np.float64, (5, 2), elements=st.floats(0, 1)).map(lambda p: p * SIZE)

Curve = Callable[[np.ndarray, np.ndarray], np.ndarray]


def drawn(seed: int, size: float = 0.02) -> Bend:
    rng = np.random.default_rng(seed)
    across, down = (size * rng.uniform(-1, 1, (ALONG + 3, ACROSS + 3)) for _ in range(2))
    k, m = (float(x) for x in rng.uniform(-0.2, 0.2, 2))
    return Bend((500.0, 700.0), 700.0, across, down, narrowing=(k, m), half=(500 / 700, 1.0))


@given(seeds, points_on_page)
def test_bend_and_its_inverse_undo_each_other(seed: int, points: np.ndarray) -> None:
    bend = drawn(seed)
    assert np.abs(bend.forward(bend.inverse(points)) - points).max() < 0.01
    assert np.abs(bend.inverse(bend.forward(points)) - points).max() < 0.01


@given(seeds, points_on_page, st.floats(0.3, 3))
def test_a_scaled_bend_does_the_same_to_a_scaled_page(seed: int, points: np.ndarray, factor: float) -> None:
    bend = drawn(seed)
    scaled = bend.scaled(factor).forward(points * factor)
    assert np.abs(scaled - bend.forward(points) * factor).max() < 1e-6


@given(points_on_page)
def test_a_still_bend_leaves_points_alone(points: np.ndarray) -> None:
    bend = still(SIZE)
    assert np.allclose(bend.forward(points), points)
    assert bend.greatest(SIZE) == pytest.approx(0)


def test_greatest_displacement_is_that_of_the_page() -> None:
    same = np.full((ALONG + 3, ACROSS + 3), 0.01)  # splines of equal coefficients are constant
    bend = Bend((500.0, 700.0), 700.0, 0 * same, same)
    assert bend.greatest(SIZE) == pytest.approx(7.0)


def test_bends_are_apart_by_what_they_move_a_point_differently() -> None:
    same = np.full((ALONG + 3, ACROSS + 3), 0.01)
    one, other = (Bend((500.0, 700.0), 700.0, k * same, same) for k in (1, 3))
    assert one.apart(other, SIZE) == pytest.approx(14.0)
    assert one.apart(one, SIZE) == 0


def rows(curve: Curve, count: int = 12) -> list[np.ndarray]:
    """Strands across a page, each moved down by the curve of (along, across)."""
    along = np.linspace(-0.6, 0.6, 40)
    return [
        np.stack([along, at + curve(along, np.full(40, at))], axis=1) for at in np.linspace(-0.8, 0.8, count)
    ]


def bent_by(strands: list[np.ndarray]) -> Bend:
    return Bend((0.0, 0.0), 1.0, np.zeros((ALONG + 3, ACROSS + 3)), fit_spline(strands, 1))


CURVES: dict[str, Curve] = {
    "perspective": lambda x, y: 0.05 * x * y + 0.01 * x,
    "sag": lambda x, y: 0.03 * x**2 + 0 * y,
    "wave": lambda x, y: 0.02 * np.sin(7 * x) + 0 * y,
    "one end lifted": lambda x, y: 0.03 * np.exp(-6 * (x + 0.6)) * (1 + 0.3 * y),
}


@pytest.mark.parametrize("name", CURVES)
def test_bent_strands_become_straight(name: str) -> None:
    strands = rows(CURVES[name])
    bend = bent_by(strands)
    assert max(np.ptp(s[:, 1]) for s in strands) > 0.01
    assert max(np.ptp(bend.forward(s)[:, 1]) for s in strands) < 0.004


@pytest.mark.parametrize(("name", "expected"), [("perspective", 0.05), ("sag", 0.0), ("wave", 0.0)])
def test_narrowing_is_told_from_curl(name: str, expected: float) -> None:
    found = narrowing(fit_spline(rows(CURVES[name]), 1), (-0.6, 0.6), (-0.8, 0.8))
    assert found == pytest.approx(expected, abs=0.004)


@given(seeds)
def test_spreading_keeps_both_ends_of_the_page(seed: int) -> None:
    bend = replace(still(SIZE), narrowing=drawn(seed).narrowing)
    corners = np.array([(0.0, 0.0), (1000.0, 1400.0)])
    assert np.allclose(bend.forward(corners), corners)


def test_a_strand_of_its_own_does_not_bend_the_others() -> None:
    strands = rows(lambda x, y: 0.02 * x**2 + 0 * y)
    wild = np.stack([np.linspace(-0.5, 0.5, 40), np.linspace(0.1, 0.2, 40)], axis=1)
    bend = bent_by([*strands, wild])
    assert max(np.ptp(bend.forward(s)[:, 1]) for s in strands) < 0.003


def test_beyond_the_strands_the_bend_goes_on_without_a_leap() -> None:
    bend = bent_by(rows(lambda x, y: 0.03 * x**2 + 0 * y))
    margins = np.array([[x, y] for x in (-0.7, 0.7) for y in (-1.0, 0.0, 1.0)])
    assert np.abs(bend.forward(margins) - margins).max() < 0.06

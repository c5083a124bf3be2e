"""A smooth displacement of the plane, and its fit to strands that ought to be straight."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""Shape (n, 2): x, y."""

Floats = NDArray[np.float64]

REACH = 1.15
"""The splines' range, in half pages from the middle."""

ALONG, ACROSS = 10, 2
"""Intervals of the splines along a strand, where curl shows, and across the strands."""

GAUGE = 1e-9
"""Weight, for each point, that keeps small what the strands do not tell."""

ROUNDS = 6
"""Rounds of weighing outliers down."""

SUPPLE = 0.003
"""Weight of the splines' second differences against the strands' points."""


@dataclass(frozen=True, eq=False)
class Bend:
    """A smooth displacement that makes bent rulings straight: perspective and curl are within its reach.

    In coordinates scaled to about -1..1 around `centre`, x' = x + P(y, x) and y' = y + Q(x, y), where P and
    Q are tensor products of uniform cubic B-splines with the coefficients `across` (for P) and `down` (for
    Q), of shape (ALONG + 3, ACROSS + 3).
    """

    centre: tuple[float, float]
    scale: float
    across: Floats
    down: Floats

    def forward(self, points: Points) -> Points:
        """Rough points to flat points, shape (n, 2)."""
        p = (points - self.centre) / self.scale
        return np.asarray((p + self._shift(p)) * self.scale + self.centre, np.float64)

    def inverse(self, points: Points) -> Points:
        """Flat points to rough points, by fixed-point iteration (the displacement is small and smooth)."""
        target = (points - self.centre) / self.scale
        p = target
        for _ in range(20):
            before, p = p, target - self._shift(p)
            if np.abs(p - before).max(initial=0.0) < 1e-6:
                break
        return np.asarray(p * self.scale + self.centre, np.float64)

    def greatest(self, size: tuple[int, int]) -> float:
        """The greatest displacement, in pixels, on a (width, height) page."""
        width, height = size
        across = np.stack(np.meshgrid(np.linspace(0, width, 9), np.linspace(0, height, 9)), axis=-1)
        points = across.reshape(-1, 2)
        return float(np.abs(self.forward(points) - points).max())

    def scaled(self, factor: float) -> "Bend":
        """The same bend for a picture `factor` times the size."""
        x, y = self.centre
        return Bend((x * factor, y * factor), self.scale * factor, self.across, self.down)

    def _shift(self, p: Points) -> Points:
        x, y = p[:, 0], p[:, 1]
        return np.stack([_spline(self.across, y, x), _spline(self.down, x, y)], axis=1)


def still(centre: tuple[float, float], scale: float) -> Bend:
    """The bend that leaves every point where it is."""
    none = np.zeros((ALONG + 3, ACROSS + 3))
    return Bend(centre, scale, none, none)


def _weights(u: Floats, intervals: int) -> tuple[NDArray[np.int64], Floats]:
    """For each of n places the first of the four coefficients that count there, and their weights (n, 4)."""
    t = np.clip((u + REACH) / (2 * REACH) * intervals, 0, intervals - 1e-9)
    first = t.astype(np.int64)
    f = t - first
    g = 1 - f
    parts = [g**3, 3 * f**3 - 6 * f**2 + 4, 3 * g**3 - 6 * g**2 + 4, f**3]
    return first, np.stack(parts, axis=1) / 6


def _spline(coefficients: Floats, along: Floats, across: Floats) -> Floats:
    first, a = _weights(along, ALONG)
    other, b = _weights(across, ACROSS)
    four = np.arange(4)
    near = coefficients[(first[:, None] + four)[:, :, None], (other[:, None] + four)[:, None, :]]
    return np.asarray(np.einsum("nij,ni,nj->n", near, a, b), np.float64)


def _terms(along: Floats, across: Floats) -> Floats:
    """The splines' values at n places; shape (n, coefficients)."""
    first, a = _weights(along, ALONG)
    other, b = _weights(across, ACROSS)
    rows = np.arange(len(along))[:, None]
    one, two = np.zeros((len(along), ALONG + 3)), np.zeros((len(along), ACROSS + 3))
    one[rows, first[:, None] + np.arange(4)] = a
    two[rows, other[:, None] + np.arange(4)] = b
    return (one[:, :, None] * two[:, None, :]).reshape(len(along), -1)


def _stiffness() -> Floats:
    """The quadratic form of the coefficients' second differences along both directions."""
    one = np.diff(np.eye(ALONG + 3), 2, axis=0)
    two = np.diff(np.eye(ACROSS + 3), 2, axis=0)
    along = np.kron(one, np.eye(ACROSS + 3))
    across = np.kron(np.eye(ALONG + 3), two)
    return np.asarray(along.T @ along + 10 * across.T @ across, np.float64)


def _gauge() -> Floats:
    """The quadratic form of the coefficients' means along the strands: a displacement that is the same all
    along a strand leaves it as straight as it was, so none is wanted."""
    mean = np.kron(np.full((1, ALONG + 3), 1 / (ALONG + 3)), np.eye(ACROSS + 3))
    return np.asarray(mean.T @ mean, np.float64)


def fit_spline(strands: Sequence[Points], axis: int) -> Floats:
    """Coefficients that make each strand (points scaled to about -1..1) constant in coordinate `axis`.

    Each strand asks that its displaced coordinate be the same all along; the unknown constants drop out
    by subtracting the strand's mean, which leaves a linear least-squares problem. Second differences are
    held small (P-splines, Eilers and Marx 1996), so that the bend goes on straight where no strand tells,
    and outliers are weighed down.
    """
    rows, aims = [], []
    for s in strands:
        terms = _terms(s[:, 1 - axis], s[:, axis])
        rows.append(terms - terms.mean(axis=0))
        aims.append(s[:, axis].mean() - s[:, axis])
    a, b = np.concatenate(rows), np.concatenate(aims)
    held = SUPPLE * _stiffness() + _gauge() + GAUGE * len(b) * np.eye(a.shape[1])
    weight = np.ones(len(b))
    x = np.zeros(a.shape[1])
    for _ in range(ROUNDS):
        x = _least_squares(a, b, weight, held)
        off = np.abs(np.einsum("ij,j->i", a, x) - b)
        limit = max(2e-4, 1.5 * float(np.median(off)))
        weight = 1 / (1 + (off / limit) ** 2)
    return x.reshape(ALONG + 3, ACROSS + 3)


def _least_squares(a: Floats, b: Floats, weight: Floats, held: Floats) -> Floats:
    """The x that makes weighted |ax - b|² + x·held·x least.

    OpenCV's products, not numpy's: starting threads for matrices as small as these takes longer than they do.
    """
    root = np.sqrt(weight)
    both = np.column_stack([a, b]) * root[:, None]
    square = cv2.mulTransposed(both, aTa=True)
    _, x = cv2.solve(square[:-1, :-1] + held, square[:-1, -1:], flags=cv2.DECOMP_CHOLESKY)
    return np.asarray(x[:, 0], np.float64)

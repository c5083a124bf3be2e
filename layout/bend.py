"""A smooth displacement of the plane, and its fit to strands that ought to be straight."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

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

ENOUGH = 1200
"""Points on about which the splines are fitted: of more, neighbours are averaged."""

ROUNDS, SETTLED = 6, 5e-5
"""Rounds of weighing outliers down at most, and the change in half pages from which no more are needed."""

SUPPLE = 0.003
"""Weight of the splines' second differences against the strands' points."""

NARROWEST = 0.3
"""Greatest foreshortening that is believed: the far edge's scale is then 0.3 of the near edge's."""


@dataclass(frozen=True, eq=False)
class Bend:
    """A smooth displacement that makes bent rulings straight: perspective and curl are within its reach.

    In coordinates scaled to about -1..1 around `centre`, x' = x + P(y, x) and y' = y + Q(x, y), where P and
    Q are tensor products of uniform cubic B-splines with the coefficients `across` (for P) and `down` (for
    Q), of shape (ALONG + 3, ACROSS + 3).

    That makes rulings straight but leaves their distances foreshortened, as they are on the photo of a sheet
    that lies aslant. `narrowing` (x, y) undoes this along each axis: with u running from -1 to 1 over the
    page, u' = (u + k) / (1 + k u), the projective map that keeps both ends. `half` is half the page's width
    and height in scaled coordinates.
    """

    centre: tuple[float, float]
    scale: float
    across: Floats
    down: Floats
    narrowing: tuple[float, float] = (0.0, 0.0)
    half: tuple[float, float] = (1.0, 1.0)

    def forward(self, points: Points) -> Points:
        """Rough points to flat points, shape (n, 2)."""
        p = (points - self.centre) / self.scale
        flat = self._spread(p + self._shift(p), np.array(self.narrowing))
        return np.asarray(flat * self.scale + self.centre, np.float64)

    def inverse(self, points: Points) -> Points:
        """Flat points to rough points, by fixed-point iteration (the displacement is small and smooth)."""
        target = self._spread((points - self.centre) / self.scale, -np.array(self.narrowing))
        p = target
        for _ in range(20):
            before, p = p, target - self._shift(p)
            if np.abs(p - before).max(initial=0.0) < 1e-6:
                break
        return np.asarray(p * self.scale + self.centre, np.float64)

    def greatest(self, size: tuple[int, int]) -> float:
        """The greatest displacement, in pixels, on a (width, height) page."""
        return self.apart(None, size)

    def apart(self, other: "Bend | None", size: tuple[int, int]) -> float:
        """The greatest distance, in pixels, between where two bends (None: no bend) take a point of a page."""
        width, height = size
        across = np.stack(np.meshgrid(np.linspace(0, width, 9), np.linspace(0, height, 9)), axis=-1)
        points = across.reshape(-1, 2)
        there = points if other is None else other.forward(points)
        return float(np.abs(self.forward(points) - there).max())

    def scaled(self, factor: float) -> "Bend":
        """The same bend for a picture `factor` times the size."""
        x, y = self.centre
        return replace(self, centre=(x * factor, y * factor), scale=self.scale * factor)

    def _spread(self, p: Points, narrowing: Floats) -> Points:
        """Scaled points after the projective maps along both axes."""
        u = p / self.half
        return np.asarray(self.half * (u + narrowing) / (1 + narrowing * u), np.float64)

    def _shift(self, p: Points) -> Points:
        x, y = np.ascontiguousarray(p.T)
        return np.stack([_spline(self.across, y, x), _spline(self.down, x, y)], axis=1)


def still(size: tuple[int, int]) -> Bend:
    """The bend that leaves every point of a (width, height) page where it is."""
    none = np.zeros((ALONG + 3, ACROSS + 3))
    width, height = size
    scale = max(size) / 2
    half = (width / 2 / scale, height / 2 / scale)
    return Bend((width / 2, height / 2), scale, none, none, half=half)


def _weights(u: Floats, intervals: int) -> tuple[NDArray[np.int64], Floats]:
    """For each of n places the first of the four coefficients that count there, and their weights (4, n)."""
    t = np.clip((u + REACH) / (2 * REACH) * intervals, 0, intervals - 1e-9)
    first = t.astype(np.int64)
    f = t - first
    g = 1 - f
    ff, gg = f * f, g * g
    parts = np.stack([gg * g, 3 * ff * f - 6 * ff + 4, 3 * gg * g - 6 * gg + 4, ff * f])
    return first, parts / 6


def _spline(coefficients: Floats, along: Floats, across: Floats) -> Floats:
    first, a = _weights(along, ALONG)
    other, b = _weights(across, ACROSS)
    width, every = coefficients.shape[1], coefficients.ravel()
    place, found = first * width + other, np.zeros(len(along))
    for i in range(4):  # three times as fast as one sum over all sixteen
        found += a[i] * sum(b[j] * every[i * width + j :].take(place) for j in range(4))
    return found


def narrowing(coefficients: Floats, along: tuple[float, float], across: tuple[float, float]) -> float:
    """How strongly a fitted spline spreads its strands apart from one end to the other, within these ranges.

    On the photo of a plane, parallel strands converge where it is far away, and what stands between them
    there is foreshortened along the strands as well. This is the spline's share of the product of both
    coordinates, which functions of one of them alone, as curl is, do not touch: with its sign turned, the
    x-coefficient of the homography's denominator (Hartley and Zisserman 2004, 2.7).
    """
    u, v = (np.linspace(-0.5, 0.5, 9) * (high - low) for low, high in (along, across))
    both = [m.ravel() for m in np.meshgrid(u + sum(along) / 2, v + sum(across) / 2)]
    product = np.outer(v, u).ravel()
    return -float(product @ _spline(coefficients, *both) / max(1e-9, float(product @ product)))


def _terms(along: Floats, across: Floats) -> Floats:
    """The splines' values at n places; shape (n, coefficients)."""
    first, a = _weights(along, ALONG)
    other, b = _weights(across, ACROSS)
    rows = np.arange(len(along))[:, None]
    one, two = np.zeros((len(along), ALONG + 3)), np.zeros((len(along), ACROSS + 3))
    one[rows, first[:, None] + np.arange(4)] = a.T
    two[rows, other[:, None] + np.arange(4)] = b.T
    return (one[:, :, None] * two[:, None, :]).reshape(len(along), -1)


@cache
def _held() -> Floats:
    """The quadratic form that holds the coefficients still where no strand tells."""
    return SUPPLE * _stiffness() + _gauge()


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
    together = max(1, sum(len(s) for s in strands) // ENOUGH)
    averaged = [_averaged(s, together) for s in strands]
    every = np.concatenate(averaged)
    ends = np.cumsum([len(s) for s in averaged])[:-1]
    for s, terms in zip(averaged, np.split(_terms(every[:, 1 - axis], every[:, axis]), ends), strict=True):
        rows.append(terms - terms.mean(axis=0))
        aims.append(s[:, axis].mean() - s[:, axis])
    a, b = np.concatenate(rows), np.concatenate(aims)
    held = _held() + GAUGE * len(b) * np.eye(a.shape[1])
    weight = np.ones(len(b))
    x, off = np.zeros(a.shape[1]), np.abs(b)
    for _ in range(ROUNDS):
        x = _least_squares(a, b, weight, held)
        before, off = off, np.abs(np.einsum("ij,j->i", a, x) - b)
        if np.abs(off - before).max() < SETTLED:
            break
        limit = max(2e-4, 1.5 * float(np.median(off)))
        weight = 1 / (1 + (off / limit) ** 2)
    return x.reshape(ALONG + 3, ACROSS + 3)


def upright_again(slant: float) -> Floats:
    """Coefficients that set upright what has this slant everywhere: a B-spline of knots in line is a line."""
    knots = REACH * (2 * np.arange(-1, ALONG + 2) / ALONG - 1)
    return np.asarray(np.repeat(-slant * knots[:, None], ACROSS + 3, axis=1), np.float64)


def alike_across(coefficients: Floats, across: float) -> Floats:
    """Coefficients that bend every strand as these do one at this scaled place across the strands."""
    first, weights = _weights(np.array([across]), ACROSS)
    there = coefficients[:, int(first[0]) : int(first[0]) + 4] @ weights[:, 0]
    return np.asarray(np.repeat(there[:, None], ACROSS + 3, axis=1), np.float64)


def _averaged(strand: Points, together: int) -> Points:
    """The strand with so many neighbours for one, but at least two points."""
    if together == 1 or len(strand) < 3:
        return strand
    count = max(2, len(strand) // together)
    edges = np.arange(count) * len(strand) // count
    sizes = np.diff(np.append(edges, len(strand)))
    return np.asarray(np.add.reduceat(strand, edges) / sizes[:, None], np.float64)


def _least_squares(a: Floats, b: Floats, weight: Floats, held: Floats) -> Floats:
    """The x that makes weighted |ax - b|² + x·held·x least.

    OpenCV's products, not numpy's: starting threads for matrices as small as these takes longer than they do.
    """
    root = np.sqrt(weight)
    both = np.column_stack([a, b]) * root[:, None]
    square = cv2.mulTransposed(both, aTa=True)
    _, x = cv2.solve(square[:-1, :-1] + held, square[:-1, -1:], flags=cv2.DECOMP_CHOLESKY)
    return np.asarray(x[:, 0], np.float64)

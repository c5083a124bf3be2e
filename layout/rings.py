"""Circles and ovals among the curves of a page: Hough votes along the edges' normals, then a fit.

An oval is sought as a circle after the picture is stretched along its short axis.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.curves import SCALE, Curves, Points

RADII = (2.9, 12.5)
"""Half the longer axis of a seal, in character heights: 15 to 58 mm across in print of 8 to 16 points."""

OVALS = tuple((aspect, float(degrees)) for aspect in (0.68, 0.76) for degrees in range(-30, 31, 10))
"""Aspects and turns (degrees, clockwise) at which ovals are sought; 30 x 40 mm and 26 x 38 mm are usual."""

SECTORS = 48
NEAR = 2.2
"""Small pixels from the fitted ring within which its edges lie: both edges of the line."""

ALIGNED = float(np.cos(0.35))
"""Cosine of the angle within which an edge's normal points to the middle."""

BETTER = 0.1
"""Coverage by which an oval must be clearer than a circle, since more ovals are tried."""

SURE = 0.8
"""Coverage from which a circle is taken without looking for an oval that fits better."""

FEWEST = 45
"""Edge points that a ring of the least radius and coverage shows."""

TRIES = 16
"""Guesses of ovals that are fitted."""

PEAKS = 3
"""Places with most votes that are tried for one aspect and turn."""

ENOUGH = 1800
"""Edge points from which every second one will do, and so on."""

MOST = 10
"""Rings on one page: what bears more is no form."""

CELL = 3.0
"""Small pixels in which votes are gathered."""

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Ring:
    """A circle or oval in small pixels: middle, half the longer axis, short over long axis, turn of the long
    axis (degrees clockwise). `coverage` is the share of its sectors in which its line is seen, less that
    seen at other radii."""

    x: float
    y: float
    radius: float
    aspect: float
    degrees: float
    coverage: float

    @property
    def to_circle(self) -> Matrix:
        """The matrix (2, 2) that makes it a circle of its radius about the origin's image."""
        return _to_circle(self.aspect, self.degrees)


@dataclass(frozen=True, eq=False)
class _Stretched:
    """Curves in the space in which rings of one aspect and turn are circles: points and normals (2, n), a row of
    x and one of y."""

    points: Points
    normals: Points

    def about(self, middle: Points) -> "_About":
        """The points as they are seen from a middle."""
        x, y = self.points - middle[:, None]
        distance = np.sqrt(x * x + y * y) + 1e-6
        aligned = np.abs(x * self.normals[0] + y * self.normals[1]) > ALIGNED * distance
        return _About(x, y, distance, aligned)


@dataclass(frozen=True, eq=False)
class _About:
    """Points (n,) as offsets from a middle, their distance from it, and whether their normals point to it."""

    x: Points
    y: Points
    distance: Points
    aligned: NDArray[np.bool_]

    def on_ring(self, radius: float, reach: float) -> NDArray[np.bool_]:
        return np.asarray((np.abs(self.distance - radius) < reach) & self.aligned, np.bool_)

    @property
    def sectors(self) -> NDArray[np.int64]:
        """The sector of the ring in which each point lies."""
        return np.asarray(np.arctan2(self.y, self.x) / (2 * np.pi) % 1.0 * SECTORS, np.int64)


def find_rings(curves: Curves, least: float) -> list[Ring]:
    """Rings with at least this coverage, the clearest first."""
    rings: list[Ring] = []
    left = crowded(curves)
    left = left.only(np.arange(len(left)) % (1 + len(left) // ENOUGH) == 0)
    while len(left) >= FEWEST and len(rings) < MOST:
        ring = _clearest(left, least)
        if ring is None:
            break
        if not any(_same(ring, other) for other in rings):
            rings.append(ring)
        left = crowded(left.only(~_explained(left, ring)))
    return rings


def crowded(curves: Curves) -> Curves:
    """The curves where enough of them lie within the reach of one seal."""
    if len(curves) < FEWEST:
        return curves.only(np.zeros(len(curves), bool))
    tile = 2.0 * SCALE
    places = (curves.points / tile).astype(np.int64)
    counts = np.zeros(places.max(axis=0)[::-1] + 1, np.float32)
    np.add.at(counts, (places[:, 1], places[:, 0]), 1.0)
    reach = 2 * round(0.6 * RADII[1] * SCALE / tile) + 1
    near = cv2.boxFilter(counts, -1, (reach, reach), normalize=False, borderType=cv2.BORDER_CONSTANT)
    return curves.only(near[places[:, 1], places[:, 0]] >= FEWEST)


def _clearest(curves: Curves, least: float) -> Ring | None:
    """The ring of most coverage; an oval must beat the circle by more than chance would."""
    ring = _best(curves, _guesses(curves, 1.0, 0.0))
    if not ring or ring.coverage < SURE:
        bar = max(least, ring.coverage if ring else 0.0) + BETTER
        guesses = sorted(
            (g for turned in OVALS for g in _guesses(curves, *turned)), key=lambda g: -g.coverage
        )
        oval = _best(curves, guesses[:TRIES])
        if oval and oval.coverage > bar:
            ring = _settled(curves, oval)
    found = ring and _above_chance(curves, ring)
    return found if found and found.coverage > least else None


def _best(curves: Curves, guesses: Iterable[Ring]) -> Ring | None:
    """The guess that, fitted, has the most coverage."""
    fitted = (_refined(curves, guess) for guess in guesses)
    return max((f for f in fitted if f), key=lambda f: f.coverage, default=None)


def _settled(curves: Curves, oval: Ring) -> Ring:
    """The oval with its aspect and turn tried finer."""
    return _best(curves, (replace(oval, aspect=a, degrees=d) for a, d in _around(oval))) or oval


def _around(oval: Ring) -> Iterator[tuple[float, float]]:
    for aspect in (-0.06, -0.03, 0.0, 0.03, 0.06):
        for degrees in (-6.0, -3.0, 0.0, 3.0, 6.0):
            yield oval.aspect + aspect, oval.degrees + degrees


def _to_circle(aspect: float, degrees: float) -> Matrix:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, s], [-s / aspect, c / aspect]])


def _stretch(curves: Curves, to_circle: Matrix) -> _Stretched:
    normals = np.linalg.inv(to_circle).T @ curves.normals.T
    normals /= np.sqrt(normals[0] * normals[0] + normals[1] * normals[1])
    return _Stretched(to_circle @ curves.points.T, normals)


def _guesses(curves: Curves, aspect: float, degrees: float) -> Iterator[Ring]:
    """The rings of this aspect and turn that most edges vote for; `coverage` is the votes for each pixel of
    their line."""
    to_circle = _to_circle(aspect, degrees)
    back = np.linalg.inv(to_circle)
    seen = _stretch(curves, to_circle)
    radii = np.arange(RADII[0] * SCALE, RADII[1] * SCALE, 0.5 * SCALE)
    corner = seen.points.min(axis=1) - radii[-1]
    votes = _votes((seen.points - corner[:, None]) / CELL, seen.normals / CELL, radii)
    for r, row, column, share in _peaks(votes, 1.0 / (9.0 * np.sqrt(radii))):
        x, y = back @ (corner + (np.array([column, row]) + 0.5) * CELL)
        yield Ring(float(x), float(y), float(radii[r]), aspect, degrees, share)


def _votes(points: Points, normals: Points, radii: Points) -> NDArray[np.uint16]:
    """How many points (2, n) have the middle of a ring of each radius along their normal, either way, in the nine
    cells around each: by radius, row and column."""
    steps = normals[:, None] * radii[:, None]
    xs, ys = (
        np.stack([p + step, p - step]).astype(np.intp) for p, step in zip(points[:, None], steps, strict=True)
    )
    width, height = int(xs.max()) + 2, int(ys.max()) + 2
    ys += np.arange(len(radii))[:, None] * height
    ys *= width
    ys += xs
    # All planes in one picture: the last row of each is empty, so that none touches the next.
    counts = np.bincount(ys.ravel(), minlength=len(radii) * height * width).astype(np.uint16)
    around = cv2.boxFilter(
        counts.reshape(-1, width), -1, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT
    )
    return np.asarray(around, np.uint16).reshape(len(radii), height, width)


def _peaks(votes: NDArray[np.uint16], weights: Points) -> Iterator[tuple[int, int, int, float]]:
    """The places of most votes and these by the weight of their plane, each in another part of the page or of
    another size. The votes are used up."""
    for _ in range(PEAKS):
        weighted = votes.max(axis=(1, 2)) * weights
        r = int(weighted.argmax())
        row, column = (int(v) for v in np.unravel_index(int(votes[r].argmax()), votes.shape[1:]))
        yield r, row, column, float(weighted[r])
        around = slice(max(0, row - 3), row + 4), slice(max(0, column - 3), column + 4)
        votes[(slice(max(0, r - 2), r + 3), *around)] = 0


def _refined(curves: Curves, guess: Ring) -> Ring | None:
    """The ring fitted to the edges near a guess (Kåsa's circle fit); None where it runs away."""
    seen = _stretch(curves, guess.to_circle)
    middle, radius = guess.to_circle @ (guess.x, guess.y), guess.radius
    for reach in (1.8 * NEAR, 1.8 * NEAR, NEAR, NEAR):
        about = seen.about(middle)
        near = about.on_ring(radius, reach)
        if np.count_nonzero(near) < FEWEST // 3:
            return None
        found = _circle(about.x[near], about.y[near])
        if found is None:
            return None
        shift, fitted = found
        if np.hypot(*shift) > 2 * SCALE or abs(fitted - radius) > 1.5 * SCALE:
            return None
        middle, radius = middle + shift, fitted
    if not RADII[0] * SCALE <= radius <= RADII[1] * SCALE:
        return None
    x, y = np.linalg.inv(guess.to_circle) @ middle
    coverage = _coverage(seen.about(middle), radius)
    return Ring(float(x), float(y), radius, guess.aspect, guess.degrees, coverage)


def _circle(x: Points, y: Points) -> tuple[Points, float] | None:
    """The middle and the radius of the circle through points, by least squares on their squared distances; None
    for points on one line."""
    middle = np.array([x.mean(), y.mean()])
    x, y = x - middle[0], y - middle[1]
    squares = x * x + y * y
    xx, yy, xy = float(x @ x), float(y @ y), float(x @ y)
    area = xx * yy - xy * xy
    if area <= 0.0:
        return None
    to_x, to_y = float(x @ squares) / 2, float(y @ squares) / 2
    shift = np.array([to_x * yy - to_y * xy, to_y * xx - to_x * xy]) / area
    return middle + shift, float(np.sqrt((shift**2).sum() + squares.mean()))


def _above_chance(curves: Curves, ring: Ring) -> Ring:
    """The ring with its coverage less that of rings of other radii about the same middle."""
    seen = _stretch(curves, ring.to_circle)
    chance = _usual_coverage(seen.about(ring.to_circle @ (ring.x, ring.y)), ring.radius)
    return replace(ring, coverage=ring.coverage - chance)


def _coverage(about: _About, radius: float) -> float:
    return _share(about.sectors[about.on_ring(radius, NEAR)])


def _share(sectors: NDArray[np.int64]) -> float:
    return int(np.count_nonzero(np.bincount(sectors, minlength=SECTORS))) / SECTORS


def _usual_coverage(about: _About, radius: float) -> float:
    others = np.arange(0.6 * RADII[0] * SCALE, 1.25 * radius, NEAR)
    others = others[np.abs(others - radius) > 2 * NEAR]
    sectors = about.sectors
    shares = [_share(sectors[about.on_ring(float(r), NEAR)]) for r in others]
    return float(np.median(shares)) if shares else 0.0


def _explained(curves: Curves, ring: Ring) -> NDArray[np.bool_]:
    about = _stretch(curves, ring.to_circle).about(ring.to_circle @ (ring.x, ring.y))
    return about.on_ring(ring.radius, 2.5 * NEAR)


def _same(ring: Ring, other: Ring) -> bool:
    """Whether a ring is another line of a seal that is there already: its inner ring, or its lettering."""
    apart = float(np.hypot(ring.x - other.x, ring.y - other.y))
    return apart < 0.35 * other.radius or (apart < 0.8 * other.radius and ring.radius < 0.7 * other.radius)

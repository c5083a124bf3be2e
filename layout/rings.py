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
    """Curves in the space in which rings of one aspect and turn are circles."""

    points: Points
    normals: Points


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
    normals = curves.normals @ np.linalg.inv(to_circle)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    return _Stretched(curves.points @ to_circle.T, normals)


def _guesses(curves: Curves, aspect: float, degrees: float) -> Iterator[Ring]:
    """The rings of this aspect and turn that most edges vote for; `coverage` is the votes for each pixel of
    their line."""
    to_circle = _to_circle(aspect, degrees)
    seen = _stretch(curves, to_circle)
    radii = np.arange(RADII[0] * SCALE, RADII[1] * SCALE, 0.5 * SCALE)
    steps = radii[None, :, None] * seen.normals[:, None]
    middles = np.concatenate([seen.points[:, None] + steps, seen.points[:, None] - steps])
    corner = seen.points.min(axis=0) - radii[-1]
    places = ((middles - corner) / CELL).astype(np.int64)
    width, height = (int(v) + 2 for v in places.reshape(-1, 2).max(axis=0))
    index = (np.arange(len(radii)) * height + places[..., 1]) * width + places[..., 0]
    votes = np.bincount(index.ravel(), minlength=len(radii) * height * width).astype(np.float32)
    planes = votes.reshape(len(radii), height, width) / np.sqrt(radii)[:, None, None].astype(np.float32)
    # All planes in one picture: the last row of each is empty, so that none touches the next.
    one = cv2.blur(planes.reshape(-1, width), (3, 3), borderType=cv2.BORDER_CONSTANT)
    gathered = np.asarray(one, np.float32).reshape(planes.shape)
    for r, row, column in _peaks(gathered):
        x, y = np.linalg.inv(to_circle) @ (corner + (np.array([column, row]) + 0.5) * CELL)
        votes_each = float(gathered[r, row, column])
        yield Ring(float(x), float(y), float(radii[r]), aspect, degrees, votes_each)


def _peaks(votes: NDArray[np.float32]) -> Iterator[tuple[int, int, int]]:
    """The places of most votes, each in another part of the page or of another size."""
    votes = votes.copy()
    for _ in range(PEAKS):
        r, row, column = (int(v) for v in np.unravel_index(int(votes.argmax()), votes.shape))
        yield r, row, column
        around = slice(max(0, row - 3), row + 4), slice(max(0, column - 3), column + 4)
        votes[(slice(max(0, r - 2), r + 3), *around)] = 0.0


def _refined(curves: Curves, guess: Ring) -> Ring | None:
    """The ring fitted to the edges near a guess (Kåsa's circle fit); None where it runs away."""
    seen = _stretch(curves, guess.to_circle)
    middle, radius = guess.to_circle @ (guess.x, guess.y), guess.radius
    for reach in (1.8 * NEAR, 1.8 * NEAR, NEAR, NEAR):
        near = seen.points[_on_ring(seen, middle, radius, reach)]
        if len(near) < FEWEST // 3:
            return None
        system = np.column_stack([2.0 * near, np.ones(len(near))])
        found = np.linalg.lstsq(system, (near**2).sum(axis=1), rcond=None)[0]
        fitted = float(np.sqrt(max(0.0, found[2] + (found[:2] ** 2).sum())))
        if np.hypot(*(found[:2] - middle)) > 2 * SCALE or abs(fitted - radius) > 1.5 * SCALE:
            return None
        middle, radius = found[:2], fitted
    if not RADII[0] * SCALE <= radius <= RADII[1] * SCALE:
        return None
    x, y = np.linalg.inv(guess.to_circle) @ middle
    coverage = _coverage(seen, middle, radius)
    return Ring(float(x), float(y), radius, guess.aspect, guess.degrees, coverage)


def _above_chance(curves: Curves, ring: Ring) -> Ring:
    """The ring with its coverage less that of rings of other radii about the same middle."""
    seen = _stretch(curves, ring.to_circle)
    chance = _usual_coverage(seen, ring.to_circle @ (ring.x, ring.y), ring.radius)
    return replace(ring, coverage=ring.coverage - chance)


def _on_ring(seen: _Stretched, middle: Points, radius: float, reach: float) -> NDArray[np.bool_]:
    offset = seen.points - middle
    distance = np.linalg.norm(offset, axis=1) + 1e-6
    aligned = np.abs((offset * seen.normals).sum(axis=1)) > ALIGNED * distance
    return np.asarray((np.abs(distance - radius) < reach) & aligned, np.bool_)


def _coverage(seen: _Stretched, middle: Points, radius: float) -> float:
    offset = seen.points[_on_ring(seen, middle, radius, NEAR)] - middle
    turn = np.arctan2(offset[:, 1], offset[:, 0]) / (2 * np.pi)
    return len(np.unique((turn % 1.0 * SECTORS).astype(np.int64))) / SECTORS


def _usual_coverage(seen: _Stretched, middle: Points, radius: float) -> float:
    others = np.arange(0.6 * RADII[0] * SCALE, 1.25 * radius, NEAR)
    others = others[np.abs(others - radius) > 2 * NEAR]
    return float(np.median([_coverage(seen, middle, float(r)) for r in others])) if len(others) else 0.0


def _explained(curves: Curves, ring: Ring) -> NDArray[np.bool_]:
    seen = _stretch(curves, ring.to_circle)
    return _on_ring(seen, ring.to_circle @ (ring.x, ring.y), ring.radius, 2.5 * NEAR)


def _same(ring: Ring, other: Ring) -> bool:
    """Whether a ring is another line of a seal that is there already: its inner ring, or its lettering."""
    apart = float(np.hypot(ring.x - other.x, ring.y - other.y))
    return apart < 0.35 * other.radius or (apart < 0.8 * other.radius and ring.radius < 0.7 * other.radius)

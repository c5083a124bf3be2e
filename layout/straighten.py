"""Skew, perspective and curl undone, by the page's own rulings and lines of print."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.ink import (
    binarise,
    character_height,
    drop_specks,
    even_light,
    fade_red,
    paper_light,
    usual_height,
)
from shenbao.layout.warp import Bend, Points, monomials
from shenbao.models.stages import Image

SKEW_RANGE = 22.0
"""Degrees to each side within which the skew is looked for (beyond it a page counts as turned)."""
ROUGH_SIDE = 1400
"""Longest side in pixels of the picture in which bends are measured."""

LONG_ENOUGH = 0.3
"""Length (in half pages) beyond which a strand has no more say: one long streak must not outvote a table."""

STROKE = 0.2
"""Length (in half pages) up to which a strand may be strokes of print in a row."""

LEAST_SAY = 0.5
"""Total length (in half pages) of the strands that are none, from which a page's bend can be told."""


@dataclass(frozen=True, eq=False)
class Strand:
    """Points (n, 2) along one ruling or a piece of one, its direction, and thickness times contrast."""

    points: Points
    horizontal: bool
    weight: float


@dataclass(frozen=True, eq=False)
class RoughPage:
    """A small picture of the page to measure on: evenly lit grey, ink without specks, character height."""

    grey: Image
    ink: Image
    char_height: float


def rough_page(rgb: Image, side: int) -> RoughPage:
    """The page at a size whose longest side is at most `side` pixels."""
    scale = min(1.0, side / max(rgb.shape[:2]))
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else rgb
    faded, _ = fade_red(np.asarray(small, np.uint8))
    grey = even_light(faded, paper_light(faded))
    guess = usual_height(grey)
    ink = drop_specks(binarise(grey, guess), guess)
    return RoughPage(grey, ink, character_height(ink))


def measure_skew(ink: Image) -> float:
    """Degrees by which the page must be turned clockwise to stand straight, in (-22, 22).

    Rulings and lines of print make the projections of the ink onto the axes sharpest when the page is
    straight (Postl's method, here on both axes at once); the sharpness is searched coarse to fine.
    """
    ys, xs = np.nonzero(ink)
    if len(xs) < 50:
        return 0.0
    if len(xs) > 60_000:
        some = np.random.default_rng(0).choice(len(xs), 60_000, replace=False)
        xs, ys = xs[some], ys[some]
    points = np.stack([xs - xs.mean(), ys - ys.mean()]).astype(np.float32)
    best, span = 0.0, SKEW_RANGE
    for step in (1.0, 0.2, 0.04):
        angles = best + np.arange(-span, span + step / 2, step)
        sharpness = [_sharpness(points, float(a), step) for a in angles]
        best = float(angles[int(np.argmax(sharpness))])
        span = step
    return best


def _sharpness(points: NDArray[np.float32], degrees: float, step: float) -> float:
    """How peaked the projections of the points are, after turning them clockwise by `degrees`."""
    angle = np.deg2rad(degrees)
    c, s = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    width = max(1.0, 600.0 * np.deg2rad(step))  # bins as wide as the search is coarse
    total = 0.0
    for row in ((c, -s), (s, c)):
        line = (row[0] * points[0] + row[1] * points[1]) / width
        counts = np.bincount((line - line.min()).astype(np.int32)).astype(np.float64)
        total += float((counts**2).sum())
    return total


def find_strands(page: RoughPage) -> list[Strand]:
    """Pieces of rulings that run within a few degrees of the axes, as points along them.

    Strands much lighter than is usual on the page are streaks of a copier and are left out.
    """
    h = page.char_height
    turned_ink, turned_grey = np.ascontiguousarray(page.ink.T), np.ascontiguousarray(page.grey.T)
    strands = _strands(page.ink, page.grey, h, horizontal=True)
    strands += _strands(turned_ink, turned_grey, h, horizontal=False)
    usual = weighted_median([s.weight for s in strands], [len(s.points) for s in strands])
    return [s for s in strands if s.weight > 0.45 * usual]


def weighted_median(values: Sequence[float], weights: Sequence[float]) -> float:
    """The value at which half of the weight is reached; 0 where there are none."""
    if not len(values):
        return 0.0
    order = np.argsort(values)
    total = np.cumsum(np.asarray(weights, np.float64)[order])
    return float(np.asarray(values, np.float64)[order][int(np.searchsorted(total, total[-1] / 2))])


def _strands(ink: Image, grey: Image, char_height: float, *, horizontal: bool) -> list[Strand]:
    run = max(5, round(0.8 * char_height))
    mask = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
    mask = cv2.dilate(mask, np.ones((3, 3), np.uint8))  # joins the steps of a slanting line
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    found = []
    for i in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[i])
        if w < 4 * char_height or h > 0.12 * w + 0.5 * char_height or area > 0.45 * char_height * w:
            continue
        piece = (labels[y : y + h, x : x + w] == i) & (ink[y : y + h, x : x + w] > 0)
        contrast = 255.0 - float(grey[y : y + h, x : x + w][piece].mean())
        points = _trace(piece, x, y, char_height, horizontal)
        found.append(Strand(points, horizontal, contrast * float(piece.sum()) / w))
    return [s for s in found if len(s.points) >= 4]


def _trace(piece: NDArray[np.bool_], x: int, y: int, char_height: float, horizontal: bool) -> Points:
    """Mean place of the ink in each slice of about half a character along the piece."""
    step = max(2, round(0.5 * char_height))
    edges = np.arange(0, piece.shape[1], step)
    count = np.add.reduceat(piece.sum(axis=0), edges)
    rows = np.arange(piece.shape[0])[:, None]
    place = np.add.reduceat((piece * rows).sum(axis=0), edges)
    good = count > 0
    along = x + np.minimum(edges + step / 2, piece.shape[1])[good]
    across = y + place[good] / count[good]
    pair = (along, across) if horizontal else (across, along)
    return np.stack(pair, axis=1).astype(np.float64)


def fit_bend(strands: list[Strand], size: tuple[int, int]) -> Bend | None:
    """The bend of a (width, height) page that makes each strand a line of constant x or y.

    Each strand asks that its displaced coordinate be the same all along; the unknown constants drop out
    by subtracting the strand's mean, which leaves a linear least-squares problem in the polynomial's
    coefficients. Outliers are weighed down (Huber), high orders are held small (ridge).
    None where too few strands speak.
    """
    width, height = size
    centre, scale = (width / 2, height / 2), max(width, height) / 2
    parts = []
    for horizontal in (False, True):
        own = [(s.points - centre) / scale for s in strands if s.horizontal == horizontal]
        axis = 1 if horizontal else 0
        lengths = [float(np.ptp(s[:, 1 - axis])) for s in own]
        told = sum(x for x in lengths if x > STROKE) >= LEAST_SAY
        parts.append(_fit(_agreeing(own, axis), axis) if told else None)
    if parts[0] is None and parts[1] is None:
        return None
    zero = np.zeros(6)
    across, down = (zero if p is None else p for p in parts)
    return Bend(centre, scale, across, down)


def _agreeing(strands: list[Points], axis: int) -> list[Points]:
    """The strands whose slant agrees with that of their neighbours.

    Perspective and curl change the slant evenly over the page; a streak of the copier or a stroke of
    print stands at an angle of its own. The slant is modelled as linear across the strands, by least absolute differences.
    """
    if len(strands) < 4:
        return strands
    slant = np.array([np.polyfit(s[:, 1 - axis], s[:, axis], 1)[0] for s in strands])
    place = np.array([s[:, axis].mean() for s in strands])
    length = np.minimum([np.ptp(s[:, 1 - axis]) for s in strands], LONG_ENOUGH)
    good = np.ones(len(strands), bool)
    for _ in range(3):
        off = np.abs(slant - _line(place[good], slant[good], length[good])(place))
        good = off <= max(0.005, 2.0 * weighted_median(list(off[good]), list(length[good])))
    return [s for s, keep in zip(strands, good, strict=True) if keep]


def _line(x: NDArray[np.float64], y: NDArray[np.float64], weight: NDArray[np.float64]) -> np.poly1d:
    """The line through weighted points with least absolute differences, by reweighting; steep ones are
    held back a little."""
    terms = np.column_stack([np.ones(len(x)), x])
    ridge = np.diag([1e-6, 1e-3]) * weight.sum()
    own = weight.copy()
    for _ in range(20):
        aw = terms * own[:, None]
        offset, slope = np.linalg.solve(aw.T @ terms + ridge, aw.T @ y)
        own = weight / np.maximum(np.abs(offset + slope * x - y), 1e-3)
    return np.poly1d([slope, offset])


def _fit(strands: list[Points], axis: int) -> NDArray[np.float64] | None:
    if sum(len(s) for s in strands) < 12 or len(strands) < 2:
        return None
    rows, aims = [], []
    for s in strands:
        terms = monomials(s[:, 1 - axis], s[:, axis])
        rows.append(terms - terms.mean(axis=0))
        aims.append(s[:, axis].mean() - s[:, axis])
    a, b = np.concatenate(rows), np.concatenate(aims)
    ridge = np.diag(np.array([1e-6, 1e-4, 1e-4, 1e-3, 1e-3, 1e-3]) * len(b))
    weight = np.ones(len(b))
    x = np.zeros(6)
    for _ in range(6):
        aw = a * weight[:, None]
        x = np.linalg.solve(aw.T @ a + ridge, aw.T @ b)
        off = np.abs(a @ x - b)
        limit = max(2e-4, 1.5 * float(np.median(off)))
        weight = np.minimum(1.0, limit / np.maximum(off, 1e-9))
    return np.asarray(x, np.float64)

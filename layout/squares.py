"""Square seals among the curves of a page: four slanting sides, or a solid block with white characters."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.curves import SCALE, Curves, Points
from shenbao.models.stages import Image

SIDES = (3.5, 12.0)
"""Side of a square seal, in character heights."""

SQUARE = 0.75
"""Least ratio of its sides."""

SOLID = 0.5
"""Share of black above which a stretch of two characters is a block, and no print."""

SPREAD = 2.0
"""Small pixels by which edges are seen beside where they are."""

STEP = 6
"""Degrees in which directions of sides are told."""


@dataclass(frozen=True)
class Square:
    """A square in small pixels: middle, sides, turn in degrees clockwise; `coverage` is the share of its
    sides that is seen."""

    x: float
    y: float
    width: float
    height: float
    degrees: float
    coverage: float


def find_squares(curves: Curves, small: Image) -> list[Square]:
    """Squares, solid ones first."""
    found = [*_blocks(small)]
    for cluster in _clusters(curves, small.shape):
        square = _framed(cluster)
        if square and not any(np.hypot(square.x - f.x, square.y - f.y) < f.width / 2 for f in found):
            found.append(square)
    return found


def _blocks(small: Image) -> list[Square]:
    """Solid blocks about as wide as high."""
    reach = 2 * round(SCALE) + 1
    dark = cv2.blur(cv2.bitwise_not(small), (reach, reach), borderType=cv2.BORDER_REPLICATE)
    _, mask = cv2.threshold(dark, 255 * SOLID, 255, cv2.THRESH_BINARY)
    if not mask.any():
        return []
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for contour in contours:
        (x, y), (w, t), degrees = cv2.minAreaRect(contour)
        filled = cv2.contourArea(contour) / max(1.0, w * t)
        w, t = w + 0.15 * reach, t + 0.15 * reach  # its white characters have drawn the bound inwards
        if _is_square(w, t) and filled > 0.7:
            found.append(Square(x, y, w, t, _small_turn(degrees), filled))
    return found


def _is_square(width: float, height: float) -> bool:
    low, high = SIDES[0] * SCALE, SIDES[1] * SCALE
    return (
        low <= min(width, height)
        and max(width, height) <= high
        and min(width, height) > SQUARE * max(width, height)
    )


def _small_turn(degrees: float) -> float:
    return (degrees + 45.0) % 90.0 - 45.0


def _clusters(curves: Curves, shape: tuple[int, ...]) -> list[Curves]:
    """The curves in groups that lie within about a character of each other."""
    if not len(curves):
        return []
    mask = np.zeros(shape, np.uint8)
    x, y = curves.points.astype(np.int64).T
    mask[y, x] = 255
    reach = 2 * round(0.5 * SCALE) + 1
    count, labels = cv2.connectedComponents(cv2.dilate(mask, np.ones((reach, reach), np.uint8)))
    group = labels[y, x]
    sizes = np.bincount(group, minlength=count)
    return [curves.only(group == g) for g in np.flatnonzero(sizes >= 4 * SIDES[0] * SCALE)]


def _framed(cluster: Curves) -> Square | None:
    """The square frame that a cluster draws, if it draws one."""
    normal = np.degrees(np.arctan2(cluster.normals[:, 1], cluster.normals[:, 0])) % 90.0
    counts = np.bincount((normal / STEP).astype(np.int64) % (90 // STEP), minlength=90 // STEP)
    usual = (int(np.argmax(counts + np.roll(counts, 1))) * STEP) % 90.0
    turned = np.radians(4.0 * (normal - usual))
    along = np.abs(np.angle(np.exp(1j * turned))) < np.radians(4.0 * STEP)
    if along.mean() < 0.5:
        return None
    degrees = usual + float(np.degrees(np.median(np.angle(np.exp(1j * turned[along]))))) / 4.0
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    upright = cluster.points[along] @ np.array([[c, s], [-s, c]]).T
    low, high = np.percentile(upright, 2, axis=0) + SPREAD, np.percentile(upright, 98, axis=0) - SPREAD
    width, height = (float(v) for v in high - low)
    if not _is_square(width, height):
        return None
    x, y = np.array([[c, -s], [s, c]]) @ ((low + high) / 2)
    return Square(float(x), float(y), width, height, _small_turn(degrees), _sides_seen(upright, low, high))


def _sides_seen(points: Points, low: Points, high: Points) -> float:
    """Share of the four sides near which points lie; the barest side counts twice."""
    shares = []
    for axis in (0, 1):
        for side in (low[axis], high[axis]):
            near: NDArray[np.bool_] = np.abs(points[:, axis] - side) < 0.6 * SCALE
            steps = ((points[near, 1 - axis] - low[1 - axis]) / SCALE).astype(np.int64)
            room = max(1, round((high[1 - axis] - low[1 - axis]) / SCALE))
            shares.append(min(1.0, len(np.unique(steps)) / room))
    return float(sum(shares) + min(shares)) / 5.0

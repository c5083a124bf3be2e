"""Long curved or slanting strokes of a page: what seals and handwriting draw, and print and rulings do not.

Print at this scale is edges in all directions side by side, rulings and rows of print are level or upright.
An edge that keeps one slanting direction over more than a character belongs to neither.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.ink import Labels, components
from shenbao.models.stages import FlatPage, Image

SCALE = 4.5
"""Pixels that a character is high in the small picture in which curves are sought."""

EDGE = 50.0
"""Least gradient (Sobel, grey levels per 8 pixels) of an edge."""

COHERENT = 0.6
"""Least coherence of the structure tensor, 0 for edges in all directions to 1 for one straight edge."""

OFF_AXIS = float(np.sin(2 * np.radians(9.0)))
"""Sine of twice the angle to the axes below which an edge may be a ruling's or a row of print's."""

LONGEST_PRINT = 1.3
"""Character heights that a slanting stroke of ordinary print does not exceed."""

Points = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Curves:
    """Edge points (n, 2) as x, y of the small picture, their unit normals (n, 2), the stroke each belongs to
    (n,), and how many small pixels a flat pixel is."""

    points: Points
    normals: Points
    strokes: Labels
    scale: float

    def only(self, which: NDArray[np.bool_]) -> "Curves":
        return Curves(self.points[which], self.normals[which], self.strokes[which], self.scale)

    def __len__(self) -> int:
        return len(self.points)


@dataclass(frozen=True, eq=False)
class Seen:
    """A page in small, and its curves."""

    small: Image
    curves: Curves


def look(page: FlatPage) -> Seen:
    """The curves of a page's print and of what stands over it."""
    small = small_picture(page.grey, page.char_height)
    return Seen(small, find_curves(small, small.shape[1] / page.grey.shape[1]))


def small_picture(picture: Image, char_height: float) -> Image:
    """The picture at the scale in which curves are sought."""
    scale = SCALE / char_height
    height, width = picture.shape
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def find_curves(small: Image, scale: float, *, with_level: bool = False) -> Curves:
    """The curves of a small picture, print dark on 255.

    `with_level` also takes level and upright strokes: for pictures that hold no print, such as of red ink.
    """
    soft = cv2.GaussianBlur(small, (0, 0), 0.7)
    across = cv2.Sobel(soft, cv2.CV_32F, 1, 0, ksize=3)
    down = cv2.Sobel(soft, cv2.CV_32F, 0, 1, ksize=3)
    xx, yy, xy = (
        cv2.GaussianBlur(a * b, (0, 0), 1.5) for a, b in ((across, across), (down, down), (across, down))
    )
    twice = 2.0 * xy
    length = cv2.magnitude(xx - yy, twice)
    seen = (cv2.magnitude(across, down) > EDGE) & (length > COHERENT * (xx + yy + 1.0))
    if not with_level:
        seen &= np.abs(twice) > OFF_AXIS * length
    strokes, stats = components(seen.astype(np.uint8))
    long = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) >= LONGEST_PRINT * SCALE
    long[0] = False
    y, x = np.nonzero(long.take(strokes))
    angle = 0.5 * np.arctan2(twice[y, x], (xx - yy)[y, x])
    normals = np.column_stack([np.cos(angle), np.sin(angle)]).astype(np.float64)
    points = np.column_stack([x, y]).astype(np.float64)
    return Curves(points, normals, strokes[y, x], scale)

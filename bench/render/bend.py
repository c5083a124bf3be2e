"""The photographed page: curl and perspective on a desk, with the exact forward map.

The curl moves points up and down as a function of x alone, then sideways as a function of y alone;
both are undone exactly, so the picture is drawn by the inverse and points go by the forward map.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.render.damage import Pixels, Points, Rng, Shot

Wave = Callable[[NDArray[np.float64]], NDArray[np.float64]]
_COARSE = 8


@dataclass(frozen=True)
class Bend:
    """`down(x)` and `across(y)` are shifts in pixels; `lens` is the 3 x 3 homography to the photo."""

    down: Wave
    across: Wave
    lens: NDArray[np.float64]
    size: tuple[int, int]

    def forward(self, points: Points) -> Points:
        x, y = points[:, 0], points[:, 1]
        y = y + self.down(x)
        x = x + self.across(y)
        done: Points = _project(self.lens, np.stack([x, y], axis=1))
        return done

    def backward(self, points: Points) -> Points:
        flat = _project(np.asarray(np.linalg.inv(self.lens), np.float64), points)
        x = flat[:, 0] - self.across(flat[:, 1])
        return np.stack([x, flat[:, 1] - self.down(x)], axis=1)


def _project(matrix: NDArray[np.float64], points: Points) -> Points:
    lifted = np.concatenate([points, np.ones((len(points), 1))], axis=1) @ matrix.T
    return np.asarray(lifted[:, :2] / lifted[:, 2:], np.float64)


def _wave(rng: Rng, length: float, height: float) -> Wave:
    """A bow, a slow wave and one lifted end, together up to about `height` pixels."""
    bow, slow, end = rng.uniform(-1, 1, 3) * height * np.array([0.6, 0.3, 0.5])
    phase, turns = float(rng.uniform(0, 6.28)), float(rng.uniform(0.7, 1.6))
    left = rng.uniform() < 0.5

    def shift(t: NDArray[np.float64]) -> NDArray[np.float64]:
        u = np.clip(t / length, -0.3, 1.3)
        near = np.exp(-5 * (u if left else 1 - u))
        return np.asarray(bow * (1 - (2 * u - 1) ** 2) + slow * np.sin(6.28 * turns * u + phase) + end * near)

    return shift


def draw_bend(rng: Rng, width: int, height: int, *, tilt: float, curl: float, turn: float) -> Bend:
    """A bend at random: `tilt` and `curl` as shares of the page width, `turn` up to so many degrees."""
    margin = float(rng.uniform(0.03, 0.12))
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * (width, height)
    moved = corners + rng.uniform(-tilt, tilt, (4, 2)) * width
    angle = np.radians(rng.uniform(-turn, turn))
    rotation = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    moved = (moved - (width / 2, height / 2)) @ rotation
    low, high = moved.min(axis=0), moved.max(axis=0)
    pad = margin * width
    place = moved - low + pad
    size = np.ceil(high - low + 2 * pad).astype(int)
    lens = cv2.getPerspectiveTransform(corners.astype(np.float32), place.astype(np.float32))
    reach = curl * width
    bend_down, bend_across = _wave(rng, width, reach), _wave(rng, height, reach * 0.3)
    return Bend(bend_down, bend_across, np.asarray(lens, np.float64), (int(size[0]), int(size[1])))


def photograph(shot: Shot, bend: Bend, desk: Pixels) -> Shot:
    """The page drawn through `bend` on a `desk` (RGB, of the bend's size)."""
    width, height = bend.size
    xs = np.arange(0, width + _COARSE, _COARSE, dtype=np.float64)
    ys = np.arange(0, height + _COARSE, _COARSE, dtype=np.float64)
    grid = np.stack(np.meshgrid(xs, ys), axis=-1)
    source = bend.backward(grid.reshape(-1, 2) + 0.0).reshape(grid.shape).astype(np.float32)
    maps = [_refine(source[..., k], width, height) for k in (0, 1)]
    drawn = cv2.remap(shot.pixels, maps[0], maps[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    page_h, page_w = shot.pixels.shape[:2]
    inside = (maps[0] >= 0) & (maps[0] < page_w) & (maps[1] >= 0) & (maps[1] < page_h)
    edge = cv2.GaussianBlur(inside.astype(np.float32), (0, 0), 1.2)
    falls = cv2.GaussianBlur(inside.astype(np.float32), (0, 0), max(2.0, width / 120))
    floor = desk.astype(np.float32) * (1 - 0.5 * falls)[..., None]
    mixed = floor + (drawn.astype(np.float32) - floor) * edge[..., None]
    return shot.then(mixed.astype(np.uint8), bend.forward)


def _refine(values: NDArray[np.float32], width: int, height: int) -> NDArray[np.float32]:
    """A map known on every 8th pixel, at every pixel.

    Knots lie at multiples of 8; `warpAffine` samples them there, which plain resizing does not.
    """
    step = np.array([[1 / _COARSE, 0, 0], [0, 1 / _COARSE, 0]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(
        cv2.warpAffine(values, step, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    )


def desk_top(rng: Rng, width: int, height: int) -> Pixels:
    """A dark, wooden or grey desk, RGB, with slow shading and grain."""
    kinds = np.array(
        [[38, 42, 50], [70, 52, 38], [96, 70, 48], [120, 120, 118], [30, 30, 30], [150, 132, 110]]
    )
    base = kinds[int(rng.integers(len(kinds)))]
    coarse = rng.uniform(0.75, 1.25, (int(rng.integers(2, 5)), int(rng.integers(2, 40)))).astype(np.float32)
    shade = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    desk: Pixels = np.clip(shade[..., None] * base.astype(np.float32), 0, 255).astype(np.uint8)
    return desk

"""The mapping between the delivered page and the flat page, exact both ways.

delivered --(affine: quarter turn, rotation, scale)--> rough --(bends)--> flat
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.models.stages import Image

Points = NDArray[np.float64]
"""Shape (n, 2): x, y."""


@dataclass(frozen=True, eq=False)
class Bend:
    """A smooth displacement of the plane that makes bent rulings straight.

    In coordinates scaled to about -1..1, x' = x + y·P(x, y) and y' = y + x·Q(x, y), where P and Q are
    polynomials: perspective and the curl of a page are within its reach, and a point on the middle axes
    stays about where it is.
    """

    centre: tuple[float, float]
    scale: float
    across: NDArray[np.float64]
    down: NDArray[np.float64]

    def forward(self, points: Points) -> Points:
        """Rough points to flat points, shape (n, 2)."""
        p = (points - self.centre) / self.scale
        return np.asarray((p + self._shift(p)) * self.scale + self.centre, np.float64)

    def inverse(self, points: Points) -> Points:
        """Flat points to rough points, by fixed-point iteration (the displacement is small and smooth)."""
        target = (points - self.centre) / self.scale
        p = target
        for _ in range(12):
            before, p = p, target - self._shift(p)
            if np.abs(p - before).max(initial=0.0) < 1e-9:
                break
        return np.asarray(p * self.scale + self.centre, np.float64)

    def scaled(self, factor: float) -> "Bend":
        """The same bend for a picture `factor` times the size."""
        x, y = self.centre
        return Bend((x * factor, y * factor), self.scale * factor, self.across, self.down)

    def _shift(self, p: Points) -> Points:
        x, y = p[:, 0], p[:, 1]
        return np.stack([monomials(y, x) @ self.across, monomials(x, y) @ self.down], axis=1)


def monomials(along: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Terms up to third order that vanish where `along` is 0; shape (n, 6)."""
    a, b = along, other
    return np.stack([a, a * b, a * a, a * b * b, a * a * b, a * a * a], axis=-1)


@dataclass(frozen=True, eq=False)
class Warp:
    """Delivered page to flat page. `affine` (2, 3) maps delivered pixels to the rough page.

    `size` is the flat page's (width, height). Calling it maps flat points (n, 2) to delivered points.
    """

    affine: NDArray[np.float64]
    bends: tuple[Bend, ...]
    size: tuple[int, int]

    def __call__(self, points: Points) -> Points:
        p = np.asarray(points, np.float64)
        for bend in reversed(self.bends):
            p = bend.inverse(p)
        back = cv2.invertAffineTransform(self.affine)
        return np.asarray(p @ back[:, :2].T + back[:, 2], np.float64)

    def apply(self, picture: Image, step: int = 16) -> Image:
        """The delivered picture (any channel count) resampled to the flat page; its edge is carried on outside.

        The exact mapping is worked out every `step` pixels and interpolated between: bends are smooth.
        """
        width, height = self.size
        if not self.bends:
            return np.asarray(
                cv2.warpAffine(
                    picture, self.affine, self.size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
                ),
                np.uint8,
            )
        xs = np.arange(0, width + step, step, dtype=np.float64)
        ys = np.arange(0, height + step, step, dtype=np.float64)
        nodes = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
        coarse = self(nodes).reshape(len(ys), len(xs), 2).astype(np.float32)
        fine = _upsample(coarse, step)[:height, :width]
        found = cv2.remap(picture, fine, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[call-overload]
        return np.asarray(found, np.uint8)


def _upsample(nodes: NDArray[np.float32], step: int) -> NDArray[np.float32]:
    """Node values every `step` pixels to every pixel; node k lands exactly on pixel k * step."""
    rows, cols = nodes.shape[:2]
    shift = np.array([[step, 0, 0], [0, step, 0]], np.float64)
    size = ((cols - 1) * step + 1, (rows - 1) * step + 1)
    return np.asarray(
        cv2.warpAffine(nodes, shift, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE),
        np.float32,
    )


def turn_and_scale(
    size: tuple[int, int], degrees: float, scale: float
) -> tuple[NDArray[np.float64], tuple[int, int]]:
    """The affine that turns a (width, height) picture clockwise and scales it, and the size that holds it all."""
    width, height = size
    angle = np.deg2rad(degrees)
    c, s = float(np.cos(angle)) * scale, float(np.sin(angle)) * scale
    linear = np.array([[c, -s], [s, c]])
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64) @ linear.T
    low = corners.min(axis=0)
    full = np.ceil(corners.max(axis=0) - low - 1e-6).astype(int)
    return np.column_stack([linear, -low]), (int(full[0]), int(full[1]))

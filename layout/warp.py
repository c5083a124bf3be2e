"""The mapping between the delivered page and the flat page, exact both ways.

delivered --(affine: quarter turn, rotation, scale)--> rough --(bend)--> flat
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.bend import Bend, Points
from shenbao.models.stages import Image

STEP = 24
"""Pixels of the flat page between places for which the mapping is worked out: bends are smooth."""


PLACES = 9
"""Places along each side of a box by which it is told where a mapping brings it."""

STILL = 0.3
"""Pixels by which a mapping may move a picture that is then left as it is."""


@dataclass(frozen=True, eq=False)
class Warp:
    """Delivered page to flat page. `affine` (2, 3) maps delivered pixels to the rough page.

    `size` is the flat page's (width, height). Calling it maps flat points (n, 2) to delivered points.
    """

    affine: NDArray[np.float64]
    bend: Bend | None
    size: tuple[int, int]

    def __call__(self, points: Points) -> Points:
        p = np.asarray(points, np.float64)
        if self.bend is not None:
            p = self.bend.inverse(p)
        back = cv2.invertAffineTransform(self.affine)
        return np.asarray(p @ back[:, :2].T + back[:, 2], np.float64)

    def apply(self, picture: Image, beside: tuple[int, ...], reduced: float = 1.0) -> Image:
        """The delivered picture (any channel count) resampled to the flat page.

        `beside` fills each channel where the flat page reaches beyond the picture, which may be the
        delivered one `reduced` to this share of its size.
        """
        if self._leaves(picture, reduced):
            return picture
        return self._rows(picture, beside, slice(0, self.size[1]), self._maps(reduced), reduced)

    def apply_with(
        self, picture: Image, mask: Image, beside: tuple[int, ...], reduced: float = 1.0
    ) -> tuple[Image, Image]:
        """The picture as by `apply`, and a mask (255) on it, 0 beside it and with levels between at its edges.

        Of the mask only those rows of the flat page are worked out to which something of it comes.
        """
        if self._leaves(picture, reduced):
            return picture, mask
        maps, found = self._maps(reduced), np.zeros(self.size[::-1], np.uint8)
        rows = self._rows_of(mask, reduced)
        if rows.start < rows.stop:
            found[rows] = self._rows(mask, (0,), rows, maps, reduced)
        return self._rows(picture, beside, slice(0, self.size[1]), maps, reduced), found

    def _leaves(self, picture: Image, reduced: float) -> bool:
        """Whether the mapping leaves every pixel of a picture where it is."""
        still = self.bend is None and _is_still(self._affine(reduced), self.size)
        return still and picture.shape[1::-1] == self.size

    def _rows_of(self, mask: Image, reduced: float) -> slice:
        """The rows of the flat page to which something of a mask comes, and some more."""
        x, y, width, height = cv2.boundingRect(mask)
        across, down = np.linspace(x, x + width, PLACES), np.linspace(y, y + height, PLACES)
        places = np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)
        affine = self._affine(reduced)
        rough = np.asarray(places @ affine[:, :2].T + affine[:, 2], np.float64)
        flat = (rough if self.bend is None else self.bend.forward(rough))[:, 1]
        return slice(max(0, int(flat.min()) - STEP), min(self.size[1], int(flat.max()) + STEP))

    def _rows(
        self,
        picture: Image,
        beside: tuple[int, ...],
        rows: slice,
        maps: list[NDArray[np.float32]],
        reduced: float,
    ) -> Image:
        """The picture resampled to some rows of the flat page, by the `maps` of all of it where it is bent."""
        flags = cv2.INTER_LINEAR
        if maps:
            x, y = (m[rows] for m in maps)
            return np.asarray(cv2.remap(picture, x, y, flags, borderValue=beside), np.uint8)
        affine, size = self._affine(reduced), (self.size[0], rows.stop - rows.start)
        affine[1, 2] -= rows.start
        return np.asarray(cv2.warpAffine(picture, affine, size, flags=flags, borderValue=beside), np.uint8)

    def _affine(self, reduced: float) -> NDArray[np.float64]:
        """The affine from the delivered picture in its `reduced` size.

        Pixels are squares: their middles, not their corners, have whole numbers.
        """
        shift = (reduced - 1) / 2
        enlarge = np.array(
            [[1 / reduced, 0, -shift / reduced], [0, 1 / reduced, -shift / reduced], [0, 0, 1]]
        )
        return np.asarray(self.affine @ enlarge, np.float64)

    def _maps(self, reduced: float) -> list[NDArray[np.float32]]:
        """For each pixel of the flat page its x and its y on the delivered picture in its `reduced` size; none
        without a bend.

        Worked out for the middles of squares of STEP pixels, and interpolated between.
        """
        if self.bend is None:
            return []
        width, height = self.size
        xs, ys = (np.arange(-STEP, side + STEP, STEP) + (STEP - 1) / 2 for side in (width, height))
        nodes = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
        places = (self(nodes) * reduced + (reduced - 1) / 2).astype(np.float32).reshape(len(ys), len(xs), 2)
        size = (len(xs) * STEP, len(ys) * STEP)
        inside = (slice(STEP, STEP + height), slice(STEP, STEP + width))
        fine = [cv2.resize(np.ascontiguousarray(places[..., k]), size)[inside] for k in (0, 1)]
        return [np.asarray(m, np.float32) for m in fine]


def _is_still(affine: NDArray[np.float64], size: tuple[int, int]) -> bool:
    """Whether the affine leaves every pixel of a (width, height) picture where it is."""
    width, height = size
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    return float(np.abs(corners @ affine[:, :2].T + affine[:, 2] - corners).max()) < STILL


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

"""Print under and beside a grey seal as a small network sees it.

A seal's characters are as dark as print in places, and its ring crosses print: what tells them apart is how strokes
stand to the seal's middle and to the lines of print. The network has seen seals on invented copies and faxes, and the
same pages without them (bench/seals/). OpenCV runs it.
"""

from dataclasses import dataclass
from functools import cache
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from shenbao.layout.networks import KnownNetwork, darkness, known
from shenbao.models.stages import FlatMark, FlatPage

CHANNELS = 5
"""What is seen of each pixel: its darkness, how far it is from the seal's middle and from its outline, and whither."""

AROUND = 1.0
"""Character heights around a seal that are looked at with it."""

OUTSIDE = 0.8
"""How far, in character heights, a seal's line may lie outside its outline, which may be found somewhat askew."""

SHARES, INWARD = 180.0, (64.0, 64.0)
"""What bytes are made of distances by: the way from the middle to the outline has so many steps, and a character height
within the outline the first, counted from the second at the outline itself."""


class KnownPrint(KnownNetwork):
    """Schema of `data/seal_print.json`: the file of the network, and the darkness (0 to 1) that print has at least."""

    print_: Annotated[float, Field(alias="print", gt=0.0, lt=1.0)]


@cache
def known_network() -> KnownPrint:
    return known(KnownPrint, "seal_print.json")


@dataclass(frozen=True, eq=False)
class Spot:
    """The part of a page around a seal: its corner there, and for each pixel (height, width) how far it lies from the
    seal's middle, as a share of the way to its outline (`share`), how many character heights within the outline
    (`inward`), and in which direction (`level`, `upright`, from -1 to 1)."""

    x: int
    y: int
    share: NDArray[np.float32]
    inward: NDArray[np.float32]
    level: NDArray[np.float32]
    upright: NDArray[np.float32]

    @property
    def window(self) -> tuple[slice, slice]:
        height, width = self.share.shape
        return slice(self.y, self.y + height), slice(self.x, self.x + width)

    @property
    def inside(self) -> NDArray[np.bool_]:
        return np.asarray(self.inward > -OUTSIDE, np.bool_)


def spot_of(seal: FlatMark, page: FlatPage) -> Spot:
    height, width = page.grey.shape
    reach = 0.5 * float(np.hypot(seal.width, seal.height)) if seal.shape == "square" else 0.5 * seal.width
    reach += AROUND * page.char_height
    x0, x1 = max(0, round(seal.x - reach)), min(width, round(seal.x + reach))
    y0, y1 = max(0, round(seal.y - reach)), min(height, round(seal.y + reach))
    dx = np.arange(x0, max(x0, x1), dtype=np.float32)[None] - np.float32(seal.x)
    dy = np.arange(y0, max(y0, y1), dtype=np.float32)[:, None] - np.float32(seal.y)
    c, s = np.float32(np.cos(np.radians(seal.degrees))), np.float32(np.sin(np.radians(seal.degrees)))
    along, across = np.abs(c * dx + s * dy), np.abs(c * dy - s * dx)
    half_w, half_t = np.float32(seal.width / 2), np.float32(seal.height / 2)
    if seal.shape == "square":
        share = np.maximum(along / half_w, across / half_t)
    else:
        share = np.hypot(along / half_w, across / half_t)
    inward = (1 - share) * min(half_w, half_t) / np.float32(page.char_height)
    away = np.maximum(np.hypot(dx, dy), np.float32(1.0))
    level, upright = (np.asarray(part / away, np.float32) for part in (dx, dy))
    return Spot(x0, y0, share, inward, level, upright)


def pictures_of(spot: Spot, page: FlatPage) -> NDArray[np.uint8]:
    """What the network sees of a spot, (CHANNELS, height, width) of bytes."""
    seen = (
        255.0 - page.grey[spot.window],
        SHARES * spot.share,
        INWARD[0] * spot.inward + INWARD[1],
        127.0 * spot.level + 128.0,
        127.0 * spot.upright + 128.0,
    )
    return np.stack([np.clip(np.round(channel), 0, 255).astype(np.uint8) for channel in seen])


def print_below(spot: Spot, page: FlatPage) -> NDArray[np.float32]:
    """How dark the page would be without the seal at each pixel of a spot, from 0 for paper to 1 for its ink.

    Raises:
        ValueError: the network's file is altered.
    """
    return darkness(known_network(), pictures_of(spot, page))

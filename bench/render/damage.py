"""What happens to a page between printer and file: each damage is one seeded function.

A `Shot` is the picture as it stands and the exact map from pixels of the clean page to its own.
Pictures are uint8, grey (height, width) or RGB (height, width, 3).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Points = NDArray[np.float64]
Floats = NDArray[np.float32]
Rng = np.random.Generator


@dataclass(frozen=True, eq=False)
class Drawn:
    """A seal or handwriting on a page: its corners (4, 2), clockwise, in pixels of the clean page."""

    kind: str
    shape: str
    corners: Points


@dataclass(frozen=True, eq=False)
class Shot:
    """`move` takes points (n, 2) of the clean page to this picture's pixels; `marks` is what was added."""

    pixels: Pixels
    move: Callable[[Points], Points]
    marks: tuple[Drawn, ...] = ()

    def then(self, pixels: Pixels, step: Callable[[Points], Points]) -> "Shot":
        earlier = self.move
        return Shot(pixels, lambda points: step(earlier(points)), self.marks)


def fresh(pixels: Pixels) -> Shot:
    return Shot(pixels, lambda points: points)


def _field(rng: Rng, shape: tuple[int, int], knots: int, low: float, high: float) -> Floats:
    """A smooth random field of `shape`, between about `low` and `high`, on `knots` x `knots` knots."""
    coarse = rng.uniform(low, high, (knots, knots)).astype(np.float32)
    return cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_CUBIC).astype(np.float32, copy=False)


def _scale(pixels: Pixels, gain: Floats) -> Pixels:
    """Pixels times a field, clipped."""
    wide = gain if pixels.ndim == 2 else cv2.merge([gain] * 3)
    return np.asarray(cv2.multiply(pixels, wide, dtype=cv2.CV_8U), np.uint8)


def rgb(shot: Shot) -> Shot:
    """The picture with three channels."""
    if shot.pixels.ndim == 3:
        return shot
    return replace(shot, pixels=np.asarray(cv2.cvtColor(shot.pixels, cv2.COLOR_GRAY2RGB), np.uint8))


def grey(shot: Shot) -> Shot:
    if shot.pixels.ndim == 2:
        return shot
    return replace(shot, pixels=np.asarray(cv2.cvtColor(shot.pixels, cv2.COLOR_RGB2GRAY), np.uint8))


def coloured_ink(shot: Shot, ink: tuple[int, int, int]) -> Shot:
    """Black print in another ink; grey levels run from `ink` to white."""
    table = np.stack([np.linspace(c, 255, 256) for c in ink], axis=1).astype(np.uint8)
    return replace(shot, pixels=table[grey(shot).pixels])


def skew(shot: Shot, degrees: float, paper: int = 250) -> Shot:
    """Turned by `degrees` counter-clockwise about the middle on paper of the same size."""
    height, width = shot.pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    border = (paper, paper, paper)
    turned = cv2.warpAffine(
        shot.pixels,
        matrix,
        (width, height),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=border,
    )
    return shot.then(np.asarray(turned, np.uint8), lambda p: p @ matrix[:, :2].T + matrix[:, 2])


def shrink(shot: Shot, factor: float, paper: int = 255) -> Shot:
    """Drawn smaller about the middle, as room for a great skew."""
    height, width = shot.pixels.shape[:2]
    matrix = np.array([[factor, 0, width * (1 - factor) / 2], [0, factor, height * (1 - factor) / 2]])
    border = (paper, paper, paper)
    small = cv2.warpAffine(shot.pixels, matrix, (width, height), flags=cv2.INTER_AREA, borderValue=border)
    return shot.then(np.asarray(small, np.uint8), lambda p: p @ matrix[:, :2].T + matrix[:, 2])


def quarter_turns(shot: Shot, turned: int) -> Shot:
    """Turned so that a clockwise turn by `turned` degrees makes it upright again."""
    height, width = shot.pixels.shape[:2]
    if turned == 0:
        return shot
    pixels = np.ascontiguousarray(np.rot90(shot.pixels, turned // 90))
    steps: dict[int, Callable[[Points], Points]] = {
        90: lambda p: np.stack([p[:, 1], width - p[:, 0]], axis=1),
        180: lambda p: np.stack([width - p[:, 0], height - p[:, 1]], axis=1),
        270: lambda p: np.stack([height - p[:, 1], p[:, 0]], axis=1),
    }
    return shot.then(pixels, steps[turned])


def blur(shot: Shot, sigma: float) -> Shot:
    """Gaussian blur, `sigma` in pixels."""
    return replace(shot, pixels=np.asarray(cv2.GaussianBlur(shot.pixels, (0, 0), sigma), np.uint8))


def motion_blur(shot: Shot, length: int, degrees: float) -> Shot:
    """Smeared over `length` pixels along a direction."""
    kernel = np.zeros((length, length), np.float32)
    kernel[length // 2, :] = 1.0
    turn = cv2.getRotationMatrix2D(((length - 1) / 2, (length - 1) / 2), degrees, 1.0)
    kernel = np.asarray(cv2.warpAffine(kernel, turn, (length, length)), np.float32)
    smeared = cv2.filter2D(shot.pixels, -1, kernel / max(float(kernel.sum()), 1e-6))
    return replace(shot, pixels=np.asarray(smeared, np.uint8))


def uneven_light(shot: Shot, rng: Rng, depth: float) -> Shot:
    """Darker by up to `depth` (0 to 1) in smooth patches."""
    return replace(shot, pixels=_scale(shot.pixels, _field(rng, shot.pixels.shape[:2], 4, 1 - depth, 1.0)))


def grain(shot: Shot, rng: Rng, sigma: float) -> Shot:
    """Gaussian noise of `sigma` grey levels."""
    noise = np.empty(shot.pixels.shape, np.int16)
    cv2.setRNGSeed(int(rng.integers(2**31)))
    cv2.randn(noise, np.zeros(1), np.full(1, sigma))
    return replace(shot, pixels=np.asarray(cv2.add(shot.pixels, noise, dtype=cv2.CV_8U), np.uint8))


def contrast(shot: Shot, black: int, white: int) -> Shot:
    """Grey levels squeezed between `black` and `white`."""
    table = np.linspace(black, white, 256).astype(np.uint8)
    return replace(shot, pixels=np.asarray(cv2.LUT(shot.pixels, table), np.uint8))


def gamma(shot: Shot, power: float) -> Shot:
    table = (255 * np.linspace(0, 1, 256) ** power).astype(np.uint8)
    return replace(shot, pixels=np.asarray(cv2.LUT(shot.pixels, table), np.uint8))


def stamp(
    shot: Shot, mask: Floats, centre: tuple[float, float], ink: tuple[int, int, int], strength: float
) -> Shot:
    """Ink of a seal laid over the page like glass: print below it shows through.

    `centre` in pixels of the clean page; call it before the page is bent.
    """
    page = shot.pixels.copy()
    side_y, side_x = mask.shape
    x0, y0 = round(centre[0] - side_x / 2), round(centre[1] - side_y / 2)
    left, top = max(0, x0), max(0, y0)
    right, bottom = min(page.shape[1], x0 + side_x), min(page.shape[0], y0 + side_y)
    if right <= left or bottom <= top:
        return shot
    part = mask[top - y0 : bottom - y0, left - x0 : right - x0] * strength
    colour = np.array(ink if page.ndim == 3 else [sum(ink) / 3], np.float32)
    pass_through = 1 - part[..., None] * (1 - colour / 255)
    region = page[top:bottom, left:right].reshape(bottom - top, right - left, -1)
    page[top:bottom, left:right] = (
        (region * pass_through).reshape(page[top:bottom, left:right].shape).astype(np.uint8)
    )
    return replace(shot, pixels=page)


def streaks(shot: Shot, rng: Rng, count: int, level: int) -> Shot:
    """Vertical lines over the whole page, as a dirty copier glass draws them."""
    page = shot.pixels.copy()
    height, width = page.shape[:2]
    for _ in range(count):
        x, wide = int(rng.integers(width)), int(rng.integers(1, 3))
        shade = int(rng.integers(level, 240))
        breaks = np.asarray(rng.uniform(0, 1, height) < rng.uniform(0.7, 1.0))
        strip = page[:, x : x + wide]
        page[:, x : x + wide] = np.where(
            breaks.reshape(-1, *[1] * (page.ndim - 1)), np.minimum(strip, shade), strip
        )
    return replace(shot, pixels=page)


def dirt(shot: Shot, rng: Rng, count: int, largest: float) -> Shot:
    """Dark specks of up to `largest` pixels radius."""
    page = shot.pixels.copy()
    height, width = page.shape[:2]
    for _ in range(count):
        at = (int(rng.integers(width)), int(rng.integers(height)))
        axes = (max(1, round(largest * rng.uniform() ** 3)), max(1, round(largest * rng.uniform() ** 3)))
        shade = int(rng.integers(0, 140))
        cv2.ellipse(page, at, axes, float(rng.uniform(0, 180)), 0, 360, (shade, shade, shade), -1)
    return replace(shot, pixels=page)


def toner_loss(shot: Shot, rng: Rng, share: float) -> Shot:
    """Print pales in patches until rulings break; `share` of the page is touched."""
    field = _field(rng, shot.pixels.shape[:2], 24, 0, 1)
    loss = np.clip((field - (1 - share)) / max(share, 1e-3), 0, 0.68).astype(np.float32)
    return replace(shot, pixels=np.asarray(255 - _scale(255 - shot.pixels, 1 - loss), np.uint8))


def broken_rulings(shot: Shot, rng: Rng, count: int, length: float) -> Shot:
    """White scratches of about `length` pixels, level or upright, 1 to 3 pixels thick."""
    page = shot.pixels.copy()
    height, width = page.shape[:2]
    for _ in range(count):
        x, y = int(rng.integers(width)), int(rng.integers(height))
        reach = round(length * rng.uniform(0.3, 1.6))
        end = (x + reach, y) if rng.uniform() < 0.5 else (x, y + reach)
        cv2.line(page, (x, y), end, (252, 252, 252), int(rng.integers(1, 4)))
    return replace(shot, pixels=page)


def dark_edges(shot: Shot, rng: Rng, reach: float) -> Shot:
    """Black bands along one or two page edges, up to `reach` pixels wide, as an open lid gives."""
    page = shot.pixels.copy()
    for side in rng.choice(4, size=int(rng.integers(1, 3)), replace=False):
        wide = max(1, round(reach * rng.uniform(0.2, 1)))
        strip = {0: page[:wide], 1: page[-wide:], 2: page[:, :wide], 3: page[:, -wide:]}[int(side)]
        strip[...] = np.minimum(strip, int(rng.integers(10, 90)))
    return replace(shot, pixels=page)


def show_through(shot: Shot, other: Pixels, strength: float) -> Shot:
    """The back of the sheet shows, mirrored and faint; `other` is a grey page."""
    back = cv2.resize(other[:, ::-1], shot.pixels.shape[1::-1], interpolation=cv2.INTER_AREA)
    back = cv2.GaussianBlur(back, (0, 0), 1.5)
    faint = (1 - strength * (1 - back.astype(np.float32) / 255)).astype(np.float32)
    return replace(shot, pixels=_scale(shot.pixels, faint))


def resample(shot: Shot, sx: float, sy: float) -> Shot:
    """Scaled by `sx` and `sy`."""
    height, width = shot.pixels.shape[:2]
    size = (max(1, round(width * sx)), max(1, round(height * sy)))
    kx, ky = size[0] / width, size[1] / height
    inter = cv2.INTER_AREA if min(sx, sy) < 1 else cv2.INTER_LINEAR
    pixels = np.asarray(cv2.resize(shot.pixels, size, interpolation=inter), np.uint8)
    return shot.then(pixels, lambda p: p * np.array([kx, ky]))


def bitonal(shot: Shot, rng: Rng, level: int, pepper: float, salt: float) -> Shot:
    """Black and white at `level`; `pepper` and `salt` are the shares of flipped pixels."""
    page = np.where(grey(shot).pixels < level, 0, 255).astype(np.uint8)
    chance = rng.random(page.shape, np.float32)
    page[chance < pepper] = 0
    page[chance > 1 - salt] = 255
    return replace(shot, pixels=page)


def lost_lines(shot: Shot, rng: Rng, count: int) -> Shot:
    """Fax lines that went missing: the row above is repeated."""
    page = shot.pixels.copy()
    for _ in range(count):
        y, tall = int(rng.integers(2, page.shape[0] - 4)), int(rng.integers(1, 3))
        page[y : y + tall] = page[y - 1]
    return replace(shot, pixels=page)


def colour_cast(shot: Shot, gains: tuple[float, float, float]) -> Shot:
    """Each channel times its gain."""
    tables = np.stack([np.clip(np.arange(256) * g, 0, 255) for g in gains], axis=1).astype(np.uint8)
    return replace(shot, pixels=np.asarray(cv2.LUT(rgb(shot).pixels, tables.reshape(1, 256, 3)), np.uint8))


def shadow(shot: Shot, rng: Rng, depth: float) -> Shot:
    """A soft-edged shadow over part of the picture, as a hand or the phone throws it."""
    height, width = shot.pixels.shape[:2]
    small = np.ones((64, 64), np.float32)
    polygon = rng.integers(-16, 80, (4, 2)).astype(np.int32)
    cv2.fillConvexPoly(small, cv2.convexHull(polygon), (1 - depth,))
    soft = cv2.GaussianBlur(small, (0, 0), float(rng.uniform(2, 8)))
    return replace(
        shot, pixels=_scale(shot.pixels, cv2.resize(soft, (width, height)).astype(np.float32, copy=False))
    )

"""The way that rulings too faint to be followed run: the bend at which their projections are sharpest.

A ruling that is barely darker than its paper shows in no place on a photo, but summed along its way it
stands out. So the way is sought: the page is cut into strips, each strip's darkness is summed to a profile,
and the profiles are shifted against one another, as perspective and curl would have it, until they fall on
top of one another (Postl's criterion for skew, here for a bend of five parameters).
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.bend import Points
from shenbao.layout.faint_rulings import least_darkness, without_print
from shenbao.layout.ridges import ridge
from shenbao.models.stages import Image

STRIPS = 16
"""Strips across which the page is cut; within one the way of a ruling is taken as level."""

DARKEST = 30
"""Darkness (of 255) beyond which nothing counts for more: faint rulings are sought, not blots."""

AVERAGED = 0.5
"""Character heights over which darkness is averaged along a line: less than lets a slanting one fade."""

PIECE, LEAST = 1.0, 0.8
"""Length in character heights of pieces of rulings that can be seen, and how long they must be together, in
widths of the page, for a search."""

STEEPEST, STEPS = 0.09, 21
"""Greatest slant, and change of slant over half a page, that is sought, and how many are tried of each."""

CLEAR = 1.04
"""How much sharper the sharpest projection is than most others where there are rulings at all."""

LEVELS = ((2, 3.0, 0.006), (2, 2.0, 0.003), (1, 1.5, 0.0015), (1, 1.0, 0.0008))
"""Coarse to fine: pixels between places, pixels of blur, and the change of a parameter that is tried."""

KEPT = 0.96
"""Share of the sharpness of print that is left at least where it is straightened with the rulings beside it."""

PRINT_BLUR = 0.16
"""Character heights of blur of print's projections: rows of it need not stand as exactly as rulings do."""

PAIRS = ((0, 1), (2, 3), (0, 2), (4, 0))
"""Which parameters are changed together."""

ROUNDS = 3
"""How often all pairs are changed on one level at most."""

HELD = 0.1
"""Share of the fullest strip's darkness from which a strip holds rulings."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Profiles:
    """Darkness of thin lines summed along each strip: `sums` (strips, height), at the strips' middles `xs`,
    on a page of this (width, height)."""

    sums: NDArray[np.float32]
    xs: Floats
    size: tuple[int, int]


def sharpest_lines(grey: Image, ink: Image, char_height: float) -> list[Points]:
    """Lines (n, 2) along which a page's faint rulings run from left to right; none where nothing is clear.

    `grey` is evenly lit, `ink` (255) what is plainly seen on it, straight to within a few degrees.
    """
    if grey.shape[1] < STRIPS:
        return []
    found = ridge(without_print(grey, ink, char_height), char_height, AVERAGED)
    if not _holds_pieces(found, char_height):
        return []
    profiles = _profiles(found, char_height)
    start = _coarse(profiles)
    if start is None:
        return []
    way = _refined(profiles, start)
    return _lines(way, profiles) if _suits_print(way, ink, char_height) else []


def _suits_print(parameters: Floats, ink: Image, h: float) -> bool:
    """Whether print, too, stands in line along this way of the rulings: else strokes of prose were taken for them."""
    dark = np.minimum(ink, np.uint8(DARKEST))
    sharpness = _Shifted(_profiles(dark, h), LEVELS[0][0], max(1.0, PRINT_BLUR * h))
    return sharpness(parameters) >= KEPT * sharpness(np.zeros_like(parameters))


def _holds_pieces(found: Image, h: float) -> bool:
    """Whether there are enough pieces of rulings, however faint, among ridges."""
    _, dark = cv2.threshold(found, least_darkness(found), 255, cv2.THRESH_BINARY)
    pieces = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, max(5, round(PIECE * h)) | 1), np.uint8))
    return bool(cv2.countNonZero(pieces) >= LEAST * found.shape[1])


def _profiles(found: Image, h: float) -> Profiles:
    """The profiles of ridges."""
    dark = np.minimum(found, DARKEST)
    height, width = dark.shape
    edges = np.linspace(0, width, STRIPS + 1).round().astype(int)
    sums = np.add.reduceat(dark, edges[:-1], axis=1, dtype=np.float32).T
    sums = np.maximum(sums - cv2.blur(sums, (2 * round(h) | 1, 1)), 0.0)
    return Profiles(np.ascontiguousarray(sums), (edges[:-1] + edges[1:]) / 2, (width, height))


class _Shifted:
    """The sharpness of the profiles' sum as a function of how they are shifted.

    With x and y in half pages from the middle, a line that is level at y on the straight page goes through
    y + a x + b x y + c x² + d x² y + e x³: slant and its change by perspective, bow and its change, and curl.
    """

    def __init__(self, profiles: Profiles, step: int, blur: float) -> None:
        self._sums = cv2.GaussianBlur(profiles.sums, (0, 0), sigmaX=blur, sigmaY=1e-3)
        places = np.arange(0, profiles.size[1], step, dtype=np.float64)
        self._terms = _terms(profiles.xs[:, None], places[None], profiles.size).astype(np.float32)
        shape = (STRIPS, len(places))
        self._places = np.broadcast_to(places.astype(np.float32), shape)
        self._rows = np.repeat(np.arange(STRIPS, dtype=np.float32)[:, None], len(places), axis=1)

    def __call__(self, parameters: Floats) -> float:
        places = self._places + np.tensordot(parameters.astype(np.float32), self._terms, 1)
        shifted = cv2.remap(
            self._sums, places, self._rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(0,)
        )
        total = shifted.sum(axis=0)
        return float(total @ total)


def _terms(x: Floats, y: Floats, size: tuple[int, int]) -> Floats:
    """What each parameter shifts, in pixels, at places that broadcast to one shape: (parameters, ...)."""
    half = max(size) / 2
    u, v = np.broadcast_arrays((x - size[0] / 2) / half, (y - size[1] / 2) / half)
    return np.asarray(half * np.stack([u, u * v, u**2, u**2 * v, u**3]), np.float64)


def _coarse(profiles: Profiles) -> Floats | None:
    """Slant and its change at which the projection is sharpest; None where it is hardly sharper than others."""
    sharpness = _Shifted(profiles, 4, 4.0)
    slants = np.linspace(-STEEPEST, STEEPEST, STEPS)
    tried = np.zeros((STEPS**2, 5))
    tried[:, 0], tried[:, 1] = np.repeat(slants, STEPS), np.tile(slants, STEPS)
    found = np.array([sharpness(p) for p in tried])
    clear = found.max() > CLEAR * np.median(found)
    return tried[int(found.argmax())] if clear else None


def _refined(profiles: Profiles, start: Floats) -> Floats:
    """The parameters, changed two at a time by ever smaller steps as long as the projection becomes sharper."""
    best = start
    for step, blur, change in LEVELS:
        sharpness = _Shifted(profiles, step, blur)
        for _ in range(ROUNDS):
            before = best
            for pair in PAIRS:
                best = _better(sharpness, best, pair, change)
            if best is before:
                break
    return best


def _better(sharpness: _Shifted, parameters: Floats, pair: tuple[int, int], change: float) -> Floats:
    """The sharpest of the parameters and those up to two changes away in a pair of them."""
    tried = [parameters]
    for one in range(-2, 3):
        for other in range(-2, 3):
            changed = parameters.copy()
            changed[list(pair)] += (one * change, other * change)
            tried.append(changed)
    return max(tried, key=sharpness)  # the first of equals: unchanged


def _lines(parameters: Floats, profiles: Profiles) -> list[Points]:
    """A dozen lines with these parameters over the part of the page that holds rulings."""
    xs, ys = _extent(profiles)
    lines = []
    for y in np.linspace(*ys, 12):
        shift = np.tensordot(parameters, _terms(xs, np.array(y), profiles.size), 1)
        lines.append(np.stack([xs, y + shift], axis=1))
    return lines


def _extent(profiles: Profiles) -> tuple[Floats, tuple[float, float]]:
    """Places along, and first and last across, between which the profiles' darkness lies."""
    strips = profiles.sums.sum(axis=1)
    held = np.flatnonzero(strips > HELD * strips.max())
    x0, x1 = profiles.xs[held[[0, -1]]]
    total = profiles.sums.sum(axis=0)
    rows = np.flatnonzero(total > HELD * total.max())
    return np.linspace(x0, x1, 2 * STRIPS), (float(rows[0]), float(rows[-1]))

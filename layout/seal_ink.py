"""A seal's own ink told from the print below it, and taken off the page before it is read.

Coloured seals are faded when the page is flattened. A grey one is told by its level, where a copier has
left it lighter than print; on a bitonal page only by where it lies: its ring, its star.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.ink import Labels, components
from shenbao.layout.ridges import opened
from shenbao.models.stages import FlatMark, FlatPage, Image

RIM = 0.45
"""Half the width of the band, in character heights, in which a seal's ring or frame is looked for."""

APART = 45.0
"""Grey levels by which a seal must be lighter than print to be told by its level."""

SECTORS = 24
"""Parts of a seal, around its middle, whose inking is measured."""

DARK = 0.1
"""Share of a stroke that must be as dark as print for it to be print."""

FEW = 6
"""Strokes around a seal from which the level of print is told; without them it is taken as black."""

TOUCHING = 0.35
"""Distance from print, in character heights, within which a seal's line touches it."""

OUTSIDE = 0.3
"""How far, in character heights, a seal's line may lie outside its outline as found."""

UNROUND = 0.12
"""How far, in character heights, its line may stray from the shape that was found."""

ACROSS = 0.6
"""Gap between strokes, in character heights, that the line of a seal may hide."""

STAR = 0.36
"""Radius of the star, as a share of the seal's."""

THICK = 0.26
"""Thickness, in character heights, from which ink in the middle of a seal is its star and no print."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class _Spot:
    """The part of a page around a seal: its corner there, and for each pixel how far it lies from the
    seal's middle, as a share of the way to its outline (`share`), in pixels short of the outline, and in
    which of its `SECTORS`."""

    seal: FlatMark
    x: int
    y: int
    share: NDArray[np.float32]
    inward: NDArray[np.float32]
    sector: NDArray[np.int64]

    @property
    def window(self) -> tuple[slice, slice]:
        height, width = self.share.shape
        return slice(self.y, self.y + height), slice(self.x, self.x + width)


def without_seals(page: FlatPage, marks: Sequence[FlatMark]) -> FlatPage:
    """The page without the ink of its grey seals, which is entered as stain; what is as dark as print stays."""
    grey_seals = [m for m in marks if m.kind == "seal" and m.colour == "grey"]
    if not grey_seals:
        return page
    grey, strong, stain = page.grey.copy(), page.strong.copy(), page.stain.copy()
    for spot in (_spot(seal, page) for seal in grey_seals):
        window = spot.window
        ink = strong[window] > 0
        if not ink.size:
            continue
        own, line = _own_ink(page.grey[window], ink, spot, page)
        strong[window][own] = 0
        stain[window][own] = 255
        grey[window][_to_fade(own, line, strong[window] > 0, page.char_height)] = 255
    return replace(page, grey=grey, strong=strong, stain=stain)


def _to_fade(own: Mask, line: Mask, kept: Mask, h: float) -> Mask:
    """The pixels of the picture that are wiped: a seal's ink with its soft edges.

    Its line and star stay where they touch print: strokes are lost with them more often than they are
    misread under them.
    """
    reach = 2 * round(TOUCHING * h) + 1
    strokes = np.asarray(kept & ~(_rulings(kept, h) > 0), np.uint8)
    labels, stats = components(strokes)
    usual = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) > 0.3 * h
    usual[0] = False
    near = cv2.dilate(np.asarray(usual.take(labels), np.uint8), np.ones((reach, reach), np.uint8)) > 0
    faded = own & ~(line & near)
    edges = cv2.dilate(faded.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    sparing = cv2.dilate((kept | (own & ~faded)).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return np.asarray(faded | (edges & ~sparing), np.bool_)


def _spot(seal: FlatMark, page: FlatPage) -> _Spot:
    height, width = page.grey.shape
    reach = 0.5 * float(np.hypot(seal.width, seal.height)) if seal.shape == "square" else 0.5 * seal.width
    reach += 0.2 * page.char_height
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
    inward = (1 - share) * min(half_w, half_t)
    sector = (np.arctan2(dy, dx) / (2 * np.pi) % 1.0 * SECTORS).astype(np.int64) % SECTORS
    return _Spot(seal, x0, y0, share.astype(np.float32), inward.astype(np.float32), sector)


def _own_ink(grey: Image, ink: Mask, spot: _Spot, page: FlatPage) -> tuple[Mask, Mask]:
    """The pixels of strong ink that are the seal's, by their place and by their level, and those of them that
    are of its line or star."""
    h = page.char_height
    inside = ink & (spot.inward > -OUTSIDE * h)
    rim = inside & (spot.inward < 2 * RIM * h)
    if not rim.any():
        return rim, rim
    line = _line(rim, spot, h)
    print_level = _print_level(spot, page)
    bound = _level_bounds(grey, line, spot, print_level)[spot.sector]
    star = _star(inside, spot, h)
    placed = (line & ~(grey < bound)) | (star & ~(grey < _bound(grey[star], print_level)))
    own = placed | _lighter(inside & ~placed, grey < np.where(bound > 0, bound, 256), h)
    own &= ~_crossing(inside & ~own, own, h)
    return own, own & placed


def _print_level(spot: _Spot, page: FlatPage) -> float:
    """How dark the palest usual print around a seal is: the dark part of its strokes, four fifths of them.

    Where a copier has lost toner, print may be paler than the seal, and level tells nothing.
    """
    h = page.char_height
    reach = round(3 * h)
    window = tuple(slice(max(0, s.start - reach), s.stop + reach) for s in spot.window)
    grey, ink = page.grey[window], page.strong[window] > 0
    inside = np.zeros(ink.shape, np.bool_)
    top, left = (s.start - w.start for s, w in zip(spot.window, window, strict=True))
    rows, columns = spot.share.shape
    inside[top : top + rows, left : left + columns] = spot.inward > -OUTSIDE * h
    outside = ink & ~inside & ~(_rulings(ink, h) > 0)
    labels, stats = components(outside.astype(np.uint8))
    solid = np.flatnonzero(stats[:, cv2.CC_STAT_AREA] > (0.25 * h) ** 2)
    dark = [_dark_part(grey, labels, stats, int(k)) for k in solid if k]
    return float(np.percentile(dark, 80)) if len(dark) >= FEW else 0.0


def _dark_part(grey: Image, labels: Labels, stats: NDArray[np.int32], which: int) -> float:
    """The level of the darkest fifth of a component."""
    x, y, w, t = stats[which, :4]
    spot = slice(y, y + t), slice(x, x + w)
    return float(np.percentile(grey[spot][labels[spot] == which], 20))


def _level_bounds(grey: Image, line: Mask, spot: _Spot, print_level: float) -> NDArray[np.float32]:
    """For each sector of a seal the level below which its ink is print's; 0 where the two are alike.

    A seal is never evenly inked, so its level is taken from its line near by.
    """
    levels, sectors = grey[line].astype(np.float32), spot.sector[line]
    found = np.zeros(SECTORS, np.float32)
    for k in range(SECTORS):
        near = levels[(sectors - k + 1) % SECTORS <= 2]
        found[k] = _bound(near, print_level)
    return found


def _bound(levels: NDArray[np.float32] | Image, print_level: float) -> float:
    """The level between print and ink of these levels; 0 where they are alike."""
    level = float(np.percentile(levels, 40)) if len(levels) else 0.0
    return (print_level + level) / 2 if level - print_level > APART else 0.0


def _lighter(rest: Mask, dark: Mask, h: float) -> Mask:
    """Strokes of which hardly anything is as dark as print."""
    free = rest & ~(_rulings(rest, h) > 0)
    labels, stats = components(free.astype(np.uint8))
    pale = np.bincount(labels[free & dark], minlength=len(stats)) < DARK * stats[:, cv2.CC_STAT_AREA]
    return np.asarray(free & pale.take(labels), np.bool_)


def _rulings(ink: Mask, h: float) -> Image:
    """What runs on longer than any stroke of a character."""
    run, mask = round(3 * h), ink.astype(np.uint8)
    level = opened(mask, run)
    upright = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((run, 1), np.uint8))
    return np.asarray(cv2.dilate(cv2.max(level, upright), np.ones((3, 3), np.uint8)), np.uint8)


def _line(rim: Mask, spot: _Spot, h: float) -> Mask:
    """The line of the seal's ring or frame: where most of the rim's ink lies."""
    top = 2 * RIM * h
    counts, places = np.histogram(spot.inward[rim], bins=max(6, round(top / 2)), range=(-OUTSIDE * h, top))
    peak, least = int(np.argmax(counts)), max(1.6 * float(np.median(counts)), 0.25 * float(counts.max()))
    low = high = peak
    while low > 0 and counts[low - 1] > least:
        low -= 1
    while high < len(counts) - 1 and counts[high + 1] > least:
        high += 1
    first, last = places[low] - UNROUND * h, places[high + 1] + UNROUND * h
    return np.asarray(rim & (spot.inward >= first) & (spot.inward <= last), np.bool_)


def _crossing(kept: Mask, own: Mask, h: float) -> Mask:
    """The seal's ink through which kept strokes go: between two that all but meet across it."""
    reach = 2 * round(ACROSS * h / 2) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    joined = cv2.morphologyEx(_solid(kept, h), cv2.MORPH_CLOSE, disc)
    return np.asarray(own & (joined > 0), np.bool_)


def _solid(kept: Mask, h: float) -> Image:
    """The kept ink without slivers that were left along the seal's own line."""
    labels, stats = components(kept.astype(np.uint8))
    solid = stats[:, cv2.CC_STAT_AREA] > (0.2 * h) ** 2
    solid[0] = False
    return np.asarray(solid.take(labels), np.uint8)


def _star(inside: Mask, spot: _Spot, h: float) -> Mask:
    """Thick ink in the middle of a round seal, its tips included."""
    if spot.seal.shape != "round":
        return np.zeros(inside.shape, np.bool_)
    middle = (inside & (spot.share < STAR)).astype(np.uint8)
    side = max(3, round(THICK * h)) | 1
    body = cv2.morphologyEx(
        middle, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    )
    if cv2.countNonZero(body) < 0.5 * h * h:
        return np.zeros(inside.shape, np.bool_)
    reach = 2 * round(0.3 * h) + 1
    grown = cv2.dilate(body, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    return np.asarray((grown > 0) & (middle > 0), np.bool_)

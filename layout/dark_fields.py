"""Light print on dark fields, as in coloured header rows, turned into dark print on paper.

A field is solid where no print is: it outlasts an opening by less than a character, which strokes do not.
Only fields that hold something light are turned; their outline, at which cells end, is drawn as a ruling.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.ink import components, is_colourless, percentile, reduced, usual_height
from shenbao.models.stages import Image

SIDE = 650
"""Longest side in pixels, about, of the picture in which fields are looked for."""

DARK = 0.6
"""Share of the paper's brightness up to which a field is dark."""

SOLID, GLYPH = 0.35, 1.2
"""Thickness in usual character heights that only fields have, and of what is closed over as print in them."""

LONG, LONG_RED, HIGH = 5.0, 12.0, 1.0
"""Least longer side of a field in usual character heights, that of a red one (a square seal is no field), and
least shorter side."""

FILLED, RIM = 0.7, 0.93
"""Share of its box, turned as it is, that a field fills at least, and share of its rim that is dark: letters closed
over are ragged."""

LIGHT = (0.006, 0.5)
"""Least and greatest share of a field that light print and rulings take."""

BLACK_PRINT, LEGIBLE = 0.02, 0.4
"""Share of a field from which what is black in it is its print, and share of the paper's brightness from which a
field is so light that black print on it can be read."""

RULING, DOTTED = 1.5, 0.15
"""Length in usual character heights from which a black line on a field is a ruling, and of the gaps in it."""

OUTLINE = 0.05
"""Thickness in usual character heights of the outline drawn around a field."""

NOISE = 10.0
"""Levels (of 255) below its ground that a ruling on a dark field must be to be seen."""

Slices = tuple[slice, slice]


@dataclass(frozen=True, eq=False)
class _Field:
    """A dark field: its box, its mask (255) in it, and the levels of its ground, its light print and paper."""

    box: Slices
    mask: Image
    ground: float
    light: float
    paper: float


def with_dark_print(rgb: Image, grey: Image, redness: Image) -> tuple[Image, Image, Image]:
    """A page, and its `grey` and `redness` (`ink.fade_red`), with light print on dark fields made dark on paper.

    Pictures without such fields are given back as they are.
    """
    h = usual_height(grey)
    fields = [
        field for box in _dark_boxes(rgb, grey) if (field := _field(box, _darkest(rgb[box]), grey[box], h))
    ]
    if not fields:
        return rgb, grey, redness
    given, rgb, grey, redness = rgb, rgb.copy(), grey.copy(), redness.copy()
    for field in fields:
        inside = cv2.dilate(field.mask, np.ones((3, 3), np.uint8)) > 0
        turned = _turned(field, given[field.box], h)
        rgb[field.box] = np.where(inside[..., None], turned[..., None], rgb[field.box])
        grey[field.box] = np.where(inside, turned, grey[field.box])
        redness[field.box] = np.where(inside, 0, redness[field.box])
    return rgb, grey, redness


def _darkest(rgb: Image) -> Image:
    """Each pixel's darkest channel: white print stands out of fields of every colour in it."""
    red, green, blue = cv2.split(rgb)
    return np.asarray(cv2.min(red, cv2.min(green, blue)), np.uint8)


def _dark_boxes(rgb: Image, grey: Image) -> list[Slices]:
    """The boxes, a little larger, of what may be dark fields; solid things at the picture's border are none."""
    whole = max(1, round(max(rgb.shape) / SIDE))
    picture = grey if is_colourless(rgb) else rgb
    # By two it is done far faster than by other whole numbers.
    small = reduced(reduced(picture, 2), whole // 2) if whole % 2 == 0 else reduced(picture, whole)
    dark = small if small.ndim == 2 else _darkest(small)
    h = usual_height(dark)
    usual = percentile(dark[::4, ::4], 75)
    solid = _solid(np.asarray(dark < DARK * usual, np.uint8) * 255, h)
    if not cv2.countNonZero(solid):
        return []
    joined = np.asarray(cv2.morphologyEx(solid, cv2.MORPH_CLOSE, _square(GLYPH * h)), np.uint8)
    height, width = dark.shape
    found = []
    for x, y, w, t, _ in components(joined)[1][1:].tolist():
        inner = x > 0 and y > 0 and x + w < width and y + t < height
        if inner and max(w, t) >= LONG * h and min(w, t) >= HIGH * h:
            m = round(GLYPH * h) + 1  # what is closed over must not reach the border of the box
            top, left = max(0, y - m) * whole, max(0, x - m) * whole
            found.append((slice(top, (y + t + m) * whole), slice(left, (x + w + m) * whole)))
    return found


def _solid(dark: Image, h: float) -> Image:
    """What is dark (255) and thicker than strokes of print."""
    return np.asarray(cv2.morphologyEx(dark, cv2.MORPH_OPEN, _square(SOLID * h)), np.uint8)


def _square(side: float) -> Image:
    return np.ones((max(3, round(side)) | 1,) * 2, np.uint8)


def _field(box: Slices, channel: Image, grey: Image, h: float) -> _Field | None:
    """The dark field in a box, where it holds light print; None where it holds none."""
    paper = percentile(channel, 98)
    dark = np.asarray(channel < DARK * paper, np.uint8) * 255
    mask = _whole(_solid(dark, h), dark, h)
    if mask is None:
        return None
    inside = mask > 0
    ground = float(np.median(channel[inside & (dark > 0)]))
    if _is_red(grey, ground, paper, inside) and max(mask.shape) < (LONG_RED + 1) * h:
        return None
    middle = (ground + paper) / 2
    core = cv2.erode(mask, _square(0.2 * h)) > 0
    bright = core & (channel > middle)
    share = float(bright.sum()) / max(1, int(core.sum()))
    if not LIGHT[0] <= share <= LIGHT[1] or _has_black_print(grey, core, paper, h):
        return None
    return _Field(box, mask, ground, float(np.percentile(channel[bright], 60)), paper)


def _whole(solid: Image, dark: Image, h: float) -> Image | None:
    """The largest solid thing with its print closed over; None where it is no field."""
    closed = np.asarray(cv2.morphologyEx(solid, cv2.MORPH_CLOSE, _square(GLYPH * h)), np.uint8)
    labels, stats = components(closed)
    if len(stats) < 2:
        return None
    k = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    own = np.asarray(labels == k, np.uint8) * 255
    outline = max(cv2.findContours(own, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0], key=len)
    width, height = cv2.minAreaRect(outline)[1]
    if max(width, height) < LONG * h or min(width, height) < HIGH * h:
        return None
    whole = _with_holes(own, dark)
    rim = cv2.subtract(
        cv2.erode(whole, np.ones((3, 3), np.uint8)), cv2.erode(whole, np.ones((7, 7), np.uint8))
    )
    is_field = cv2.countNonZero(whole) >= FILLED * width * height and float((dark[rim > 0] > 0).mean()) >= RIM
    return whole if is_field else None


def _with_holes(own: Image, dark: Image) -> Image:
    """The field with the holes that lines of print leave in it; one that is mostly light is another cell."""
    labels, stats = components(np.asarray(255 - own, np.uint8))
    inked = np.bincount(labels.ravel(), (dark > 0).ravel(), len(stats))
    height, width = own.shape
    filled = own.copy()
    for k in range(1, len(stats)):
        x, y, w, t, area = stats[k].tolist()
        inner = x > 0 and y > 0 and x + w < width and y + t < height
        if inner and inked[k] > (1 - DARK) * area:
            filled[labels == k] = 255
    return filled


def _is_red(grey: Image, ground: float, paper: float, inside: NDArray[np.bool_]) -> bool:
    """Whether a field is one that fades as seals do."""
    return float(np.median(grey[inside])) > max(DARK * paper, 1.5 * ground)


def _has_black_print(grey: Image, core: NDArray[np.bool_], paper: float, h: float) -> bool:
    """Whether enough within a field (`core`) is clearly darker than its own ground, as black print on a coloured
    field is; rulings, which run farther than strokes, are none."""
    ground = float(np.median(grey[core]))
    if ground <= LEGIBLE * paper:
        return False
    black = np.asarray((grey < 0.5 * ground) & core, np.uint8)
    run, gap = (max(3, round(share * h)) | 1 for share in (RULING, DOTTED))
    for along in ((1, 0), (0, 1)):
        lines = cv2.morphologyEx(black, cv2.MORPH_CLOSE, _line(gap, along))
        lines = cv2.morphologyEx(lines, cv2.MORPH_OPEN, _line(run, along))
        black = np.asarray(cv2.subtract(black, cv2.dilate(lines, np.ones((3, 3), np.uint8))), np.uint8)
    return float(black[core].mean()) > BLACK_PRINT


def _line(length: int, along: tuple[int, int]) -> Image:
    return np.ones((length, 1) if along[0] else (1, length), np.uint8)


def _turned(field: _Field, rgb: Image, h: float) -> Image:
    """The field as dark print on paper: what is lighter or darker than its ground, and its outline.

    White shows best in the darkest channel, black rulings do in the brightest.
    """
    bright = rgb.max(axis=2).astype(np.float32)
    ground = float(np.median(bright[field.mask > 0]))
    lighter = (_darkest(rgb).astype(np.float32) - field.ground) / max(field.light - field.ground, 1.0)
    darker = (ground - NOISE - bright) / max(ground, 0.35 * field.paper)
    thick = max(1, round(OUTLINE * h))
    outline = cv2.morphologyEx(field.mask, cv2.MORPH_GRADIENT, np.ones((2 * thick + 1,) * 2, np.uint8)) > 0
    ink = np.where(outline, 1.0, np.clip(np.maximum(lighter, darker), 0.0, 1.0))
    return np.asarray(field.paper * (1.0 - ink), np.uint8)

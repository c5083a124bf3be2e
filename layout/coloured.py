"""Rulings that grey hides: coloured lines that fade with the seals, white ones that part fields of colour.

A ruling is told from a seal's ink by its shape. Rulings hang together in nets that are larger than any seal,
and in these they are long thin straight runs; a ring that touches a net has none.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from shenbao.layout.ink import components, is_colourless, usual_height
from shenbao.layout.ridges import ridge, runs, transposed
from shenbao.models.stages import Image

SIDE = 1300
"""Longest side in pixels, about, of the picture in which nets and fields are looked for."""

TINTED = 24
"""Levels (of 255) by which a coloured line is darker in its darkest channel than in faded grey, at least."""

HIDDEN = 0.65
"""Share of the paper's brightness from which a line is bright in grey: darker ones are seen there."""

NET = 18.0
"""Width or height of a net of rulings in usual character heights: no seal is as large."""

FIELD = 12
"""Levels (of 255) by which the colour of a filled field is off that of the paper, at least."""

WIDE, HIGH, FULL = 10.0, 1.2, 0.3
"""Least width and height of a field in usual character heights, and the share of its box that it fills."""

LIGHTER = 8
"""Levels (of 255) by which a white ruling is lighter than the field around it, at least."""

ENLARGED, CLEAR = 6, 80
"""How many times that difference is shown, and up to which level: fields of one table differ in darkness."""

PARTED = 0.01
"""Share of a field that its white rulings take, at least."""

SURE = 10.0
"""Character heights from which a thin straight run is a ruling, whatever it meets."""

CROSSED = 0.5
"""Gap in character heights at which a run that another crosses is still one."""

LONG = 3.0
"""Character heights from which it is enough that a run goes on at one end, or, if it is white, meets another."""

THICKER, STRONGER = 1.7, 2.0
"""How much thicker and stronger than the page's sure rulings a short one may be: rings of seals are both."""

MEETS, GOES_ON = 0.5, 3.0
"""Character heights within which both ends of a short ruling meet one that crosses it, or goes on from it."""


@dataclass(frozen=True, eq=False)
class Hidden:
    """How clearly (0 to 255) places of a page may show rulings that its faded grey hides; None for nowhere.

    `tinted`: by lines of colour, seals that touch them among them; `white`: by white lines on fields of colour.
    """

    tinted: Image | None
    white: Image | None

    def both(self, size: tuple[int, int]) -> Image:
        """Both in one picture of this width and height."""
        seen = np.zeros(size[::-1], np.uint8)
        for picture in (self.tinted, self.white):
            if picture is not None:
                seen = np.asarray(
                    cv2.max(seen, cv2.resize(picture, size, interpolation=cv2.INTER_AREA)), np.uint8
                )
        return seen


def find_hidden(rgb: Image, faded: Image) -> Hidden | None:
    """What the colours of a page tell of its rulings beyond its faded grey (`ink.fade_red`); None for nothing.

    `rgb` and `faded` have the same size; the pictures found may be smaller by a whole number.
    """
    if is_colourless(rgb):
        return None
    whole = max(1, round(max(faded.shape) / SIDE))
    small = np.asarray(
        cv2.resize(rgb, None, fx=1 / whole, fy=1 / whole, interpolation=cv2.INTER_AREA), np.uint8
    )
    grey = np.asarray(cv2.resize(faded, small.shape[1::-1], interpolation=cv2.INTER_AREA), np.uint8)
    h = usual_height(grey)
    darkest = _darkest(small)
    tinted = _tinted(grey, darkest, h)
    # Fields are large, so half the size tells them.
    half = np.asarray(cv2.resize(small, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    field = _field(_from_paper(half), h / 2)
    white = None if field is None else _parted(darkest, _enlarged(field, grey.shape[1::-1]), h)
    return None if tinted is None and white is None else Hidden(tinted, white)


def _darkest(rgb: Image) -> Image:
    """Each pixel's darkest channel."""
    red, green, blue = cv2.split(rgb)
    return np.asarray(cv2.min(red, cv2.min(green, blue)), np.uint8)


def _enlarged(mask: Image, size: tuple[int, int]) -> Image:
    return np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST), np.uint8)


def _tinted(grey: Image, darkest: Image, h: float) -> Image | None:
    """How much darker than grey nets of thin lines are in their darkest channel; None where there are none."""
    tint = np.asarray(cv2.subtract(grey, darkest), np.uint8)
    thin = _above(cv2.morphologyEx(tint, cv2.MORPH_TOPHAT, _square(0.4 * h)), TINTED)
    bright = _above(grey, HIDDEN * float(np.percentile(grey[::8, ::8], 75)))
    return _net(tint, np.asarray(cv2.bitwise_and(thin, bright), np.uint8), h)


def _above(picture: MatLike, level: float) -> Image:
    """Mask (255) of the pixels that are brighter than `level`."""
    return np.asarray(cv2.threshold(picture, level, 255, cv2.THRESH_BINARY)[1], np.uint8)


def _square(side: float) -> Image:
    return np.ones((max(3, round(side)) | 1,) * 2, np.uint8)


def _net(strength: Image, thin: Image, h: float) -> Image | None:
    """The strength of what is `thin` (255), where some of it hangs together over more than a seal does; else None."""
    if cv2.countNonZero(thin) < NET * h:
        return None
    _, stats = components(np.asarray(cv2.morphologyEx(thin, cv2.MORPH_CLOSE, _square(0.25 * h)), np.uint8))
    side = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    if not (side[1:] >= NET * h).any():
        return None
    return np.asarray(cv2.bitwise_and(strength, cv2.dilate(thin, _square(3))), np.uint8)


def _from_paper(rgb: Image) -> Image:
    """How far (0 to 255) the colour of each pixel is from the paper's, its brightness left out."""
    channels, darkest = cv2.split(rgb), _darkest(rgb)
    light = float(np.percentile(darkest[::8, ::8], 75))
    paper = darkest[::8, ::8] >= light
    most = np.zeros_like(darkest)
    for one, other in ((channels[i], channels[k]) for i, k in ((0, 1), (1, 2), (0, 2))):
        usual = float(np.median(one[::8, ::8][paper].astype(np.float32) - other[::8, ::8][paper]))
        off = cv2.addWeighted(one, 0.5, other, -0.5, 128)
        off = cv2.addWeighted(
            off, 1.0, darkest, -0.5 * usual / max(light, 1.0), 0
        )  # black is black on any paper
        most = np.asarray(cv2.max(most, cv2.absdiff(off, np.full_like(off, 128))), np.uint8)
    return np.asarray(cv2.convertScaleAbs(most, alpha=2.0), np.uint8)


def _field(colour: Image, h: float) -> Image | None:
    """Mask (255) of the fields that are filled with colour; None where there are none."""
    tinted = cv2.countNonZero(_above(colour, FIELD))
    if tinted < FULL * WIDE * HIGH * h**2:
        return None
    print_ = _square(0.9 * h)
    filled = cv2.morphologyEx(cv2.morphologyEx(colour, cv2.MORPH_CLOSE, print_), cv2.MORPH_OPEN, print_)
    labels, stats = components(_above(filled, FIELD))
    width, height, area = (stats[:, k] for k in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA))
    good = (np.maximum(width, height) > WIDE * h) & (
        area > np.maximum(FULL * width * height, WIDE * HIGH * h**2)
    )
    good[0] = False
    return np.where(good, np.uint8(255), np.uint8(0)).take(labels) if good.any() else None


def _parted(darkest: Image, field: Image, h: float) -> Image | None:
    """The strength of the white rulings on fields of colour, and of the outlines of fields that they part."""
    bare = cv2.morphologyEx(darkest, cv2.MORPH_CLOSE, _square(0.6 * h))
    lighter = np.asarray(
        cv2.bitwise_and(cv2.morphologyEx(bare, cv2.MORPH_TOPHAT, _square(0.5 * h)), field), np.uint8
    )
    thin = _above(lighter, LIGHTER)
    if cv2.countNonZero(thin) < PARTED * cv2.countNonZero(field):
        return None
    outline = cv2.morphologyEx(field, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    shown = np.asarray(cv2.max(cv2.convertScaleAbs(lighter, alpha=ENLARGED), outline), np.uint8)
    return np.asarray(cv2.threshold(shown, CLEAR, CLEAR, cv2.THRESH_TRUNC)[1], np.uint8)


def find_lines(hidden: Hidden, h: float) -> Image | None:
    """Mask (255) of the rulings on an upright straight page; None where there are none.

    `hidden` holds pictures of the page's size; `h` is its character height in pixels.
    """
    found = [
        _lines(picture, h, white)
        for picture, white in ((hidden.tinted, False), (hidden.white, True))
        if picture is not None
    ]
    lines = [f for f in found if f is not None]
    return np.asarray(np.maximum.reduce(lines), np.uint8) if lines else None


def _lines(strength: Image, h: float, white: bool) -> Image | None:
    """Mask of the rulings of one picture: its longest runs, and those as thick and as clear that meet one which
    crosses them, or go on from one: at both ends, or where they are long at one. On what is `white` no seal misleads."""
    bare = np.asarray(cv2.bitwise_not(strength), np.uint8)
    views = [_Runs.of(ridge(picture, h), h) for picture in (bare, transposed(bare))]
    taken = [view.length >= SURE * h for view in views]
    if not any(t.any() for t in taken):
        return None
    masks = [
        view.drawn(np.zeros(view.labels.shape, np.uint8), sure)
        for view, sure in zip(views, taken, strict=True)
    ]
    usual = _alike(views, taken)
    for i in (0, 1, 0, 1, 0, 1):
        more = views[i].meets(usual[i] & ~taken[i], masks[i], transposed(masks[1 - i]), h, white)
        taken[i] |= more
        masks[i] = views[i].drawn(masks[i], more)
    return np.asarray(cv2.max(masks[0], transposed(masks[1])), np.uint8)


def _alike(views: "list[_Runs]", sure: list[NDArray[np.bool_]]) -> list[NDArray[np.bool_]]:
    """Which runs are no thicker and no clearer than the sure ones are."""
    thickness = np.median(np.concatenate([v.thickness[s] for v, s in zip(views, sure, strict=True)]))
    strength = np.median(np.concatenate([v.strength[s] for v, s in zip(views, sure, strict=True)]))
    thickest, strongest = THICKER * max(2.0, float(thickness)), STRONGER * float(strength)
    return [(v.thickness <= thickest) & (v.strength <= strongest) for v in views]


@dataclass(frozen=True, eq=False)
class _Runs:
    """Connected runs along rows: their labels, and their boxes (n, 4), lengths and thicknesses in pixels, and
    how clearly (0 to 255) the middles of them show."""

    labels: NDArray[np.int32]
    boxes: NDArray[np.int32]
    length: NDArray[np.float64]
    thickness: NDArray[np.float64]
    strength: NDArray[np.float64]

    @classmethod
    def of(cls, ridges: Image, h: float) -> "_Runs":
        bridge = np.ones((1, round(CROSSED * h) | 1), np.uint8)
        labels, stats = components(
            np.asarray(cv2.morphologyEx(runs(ridges, h), cv2.MORPH_CLOSE, bridge), np.uint8)
        )
        boxes, area = stats[1:, :4], stats[1:, cv2.CC_STAT_AREA]
        length = boxes[:, 2].astype(np.float64)
        shown = [float(np.median(ridges[y : y + t, x : x + w].max(axis=0))) for x, y, w, t in boxes.tolist()]
        return cls(labels, boxes, length, area / length, np.array(shown))

    def drawn(self, mask: Image, more: NDArray[np.bool_]) -> Image:
        """A mask of the picture's size with some of the runs added."""
        mask = mask.copy()
        for i in np.flatnonzero(more):
            x, y, w, t = (int(v) for v in self.boxes[i])
            spot = (slice(y, y + t), slice(x, x + w))
            mask[spot][self.labels[spot] == i + 1] = 255
        return mask

    def meets(
        self, wanted: NDArray[np.bool_], along: Image, crossing: Image, h: float, white: bool
    ) -> NDArray[np.bool_]:
        """Which of the `wanted` runs meet, at both ends, something in the mask `crossing`, or go on in `along`."""
        near, far = max(1, round(MEETS * h)), round(GOES_ON * h)
        met = np.zeros(len(self.boxes), np.bool_)
        for i in np.flatnonzero(wanted):
            x, y, w, t = (int(v) for v in self.boxes[i])
            rows, band = crossing[max(0, y - near // 2) : y + t + near // 2], along[y : y + t]
            meets = [rows[:, max(0, end - near) : end + near].any() for end in (x, x + w)]
            goes_on = [band[:, max(0, x - far) : x].any(), band[:, x + w : x + w + far].any()]
            met[i] = all(m or g for m, g in zip(meets, goes_on, strict=True))
            if w >= LONG * h:
                met[i] |= any(goes_on) or (white and any(meets))
        return met

"""Rulings that grey hides: coloured lines that fade with the seals, white ones that part filled fields.

A ruling is told from a seal's ink by its shape. Rulings hang together in nets that are larger than any seal,
and in these they are long thin straight runs; a ring that touches a net has none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from shenbao.layout.ink import components, is_colourless, percentile, reduced, usual_height
from shenbao.layout.ridges import opened, transposed
from shenbao.models.stages import Image

SIDE = 1300
"""Longest side in pixels, about, of the picture in which nets and fields are looked for."""

TINTED = 24
"""Levels (of 255) by which a coloured line is darker in its darkest channel than in faded grey, at least."""

PALE = 12
"""The same for lines that are off red, among which no seal shows."""

GRAINIER = 4.0
"""How many times the tint is that of half the page, at least: in dim light the grain of a photograph has colour."""

OFF_RED = 0.4
"""Share of the tint of lines, from which they are off red, that is there between green and blue."""

USUAL = 100.0
"""Level that what is usually tinted is brought up to: pale lines are as straight as others."""

HIDDEN = 0.65
"""Share of the paper's brightness from which a line is bright in grey: darker ones are seen there."""

NET = 18.0
"""Width or height of a net of rulings in usual character heights: no seal is as large."""

FIELD = 12
"""Levels (of 255) by which the colour of a filled field is off that of the paper, at least."""

DARK, SHADED = 0.5, 0.1
"""Share of the paper's brightness from which what is darker is no print, and share of a page without colour that is so
where it may hold fields."""

SHADE = 5
"""Levels (of 255) by which a field without colour is darker than the paper, at least."""

FITS, COARSE, PAPER = 4, 40, 0.05
"""Rounds in which the light of the paper is fitted, pixels along the shorter side to which it is, and least share of
them that are paper."""

WIDE, HIGH, FULL = 10.0, 1.2, 0.3
"""Least width and height of a field in usual character heights, and the share of its box that it fills."""

ENLARGED, CLEAR = 10, 80
"""How many times that difference is shown, and up to which level: fields of one table differ in darkness."""

AVERAGED, SHOWN, STRAIGHT = 1.0, 15, 2.0
"""Character heights along which a white ruling is averaged to be told, least of that mean, `ENLARGED`, and
character heights over which it reaches that."""

NEAR = 4.0
"""Character heights from a straight stretch within which what else shows in its line may be of it."""


STEP = 5
"""Levels (of 255) of the step at the edge of a field that noise may be."""

PRINT, BESIDE = 40, 0.8
"""Levels (of 255) by which print is darker than its ground, and gap between strokes, in character heights,
that is no ruling."""


@dataclass(frozen=True, eq=False)
class White:
    """How clearly (0 to 255) white lines on filled fields show, and a mask (255) of the strokes of print and seals."""

    lines: Image
    strokes: Image


@dataclass(frozen=True, eq=False)
class Hidden:
    """How clearly (0 to 255) places of a page may show rulings that its faded grey hides; None for nowhere.

    `tinted`: by lines of colour, seals that touch them among them; `white`: by white lines on filled fields.
    """

    tinted: Image | None
    white: White | None

    def both(self, size: tuple[int, int]) -> Image:
        """Both in one picture of this width and height."""
        seen = np.zeros(size[::-1], np.uint8)
        for picture in (self.tinted, None if self.white is None else self.white.lines):
            if picture is not None:
                seen = np.asarray(
                    cv2.max(seen, cv2.resize(picture, size, interpolation=cv2.INTER_AREA)), np.uint8
                )
        return seen

    def changed(self, change: Callable[[Image], Image]) -> "Hidden":
        """With all pictures changed alike."""
        tinted = None if self.tinted is None else change(self.tinted)
        white = self.white and White(change(self.white.lines), change(self.white.strokes))
        return Hidden(tinted, white)


def find_hidden(rgb: Image, faded: Image) -> Hidden | None:
    """What a page tells of its rulings beyond what is dark in its faded grey (`ink.fade_red`); None for nothing.

    `rgb` and `faded` have the same size; the pictures found may be smaller by a whole number.
    """
    whole = max(1, round(max(faded.shape) / SIDE))
    if is_colourless(rgb):
        white = _white_on_grey(faded, whole)
        return None if white is None else Hidden(None, white)
    small, grey = reduced(rgb, whole), reduced(faded, whole)
    h = usual_height(grey)
    darkest = _darkest(small)
    tinted = _tinted(small, grey, darkest, h)
    # Fields are large, so half the size tells them.
    white = _white(darkest, _from_paper(reduced(small, 2)), h)
    return None if tinted is None and white is None else Hidden(tinted, white)


def _white_on_grey(grey: Image, whole: int) -> White | None:
    """White rulings of a page without colour, where enough of it is darker than its paper and no print."""
    step = max(1, min(grey.shape) // COARSE)
    some = grey[::step, ::step]
    usual = float(np.percentile(some, 90))
    if float(((some > DARK * usual) & (some < usual - SHADE)).mean()) < SHADED:
        return None  # saves the fit
    light = _paper_light(some)
    if light is None or float(((light - some > SHADE) & (some > DARK * light)).mean()) < SHADED:
        return None
    small = reduced(grey, whole)
    half = reduced(small, 2)
    paper = cv2.resize(light.clip(0, 255).astype(np.uint8), half.shape[1::-1])
    below = cv2.convertScaleAbs(cv2.subtract(paper, half), alpha=FIELD / SHADE)
    return _white(small, np.asarray(below, np.uint8), usual_height(small))


def _white(darkest: Image, off_paper: Image, h: float) -> White | None:
    """White rulings on fields that a picture of half the size tells by how far they are off the paper."""
    field = _field(off_paper, h / 2)
    return None if field is None else _parted(darkest, _enlarged(field, darkest.shape[1::-1]), h)


def _paper_light(some: Image) -> NDArray[np.float64] | None:
    """The brightness of the paper at each of some pixels, a surface of the second order; None where too little is paper.

    It is fitted to the lightest quarter, and again to what lies near it.
    """
    y, x = np.indices(some.shape).reshape(2, -1) / max(some.shape)
    terms = np.column_stack([np.ones_like(x), x, y, x * x, x * y, y * y])
    levels = some.ravel().astype(np.float64)
    paper, surface = levels >= np.percentile(levels, 75), levels
    for _ in range(FITS):
        known = terms[paper]
        surface = terms @ np.linalg.lstsq(known.T @ known, known.T @ levels[paper], rcond=None)[0]
        paper = np.abs(levels - surface) < SHADE
        if np.count_nonzero(paper) < PAPER * len(levels):
            return None
    return np.asarray(surface.reshape(some.shape), np.float64)


def _darkest(rgb: Image) -> Image:
    """Each pixel's darkest channel."""
    red, green, blue = cv2.split(rgb)
    return np.asarray(cv2.min(red, cv2.min(green, blue)), np.uint8)


def _enlarged(mask: Image, size: tuple[int, int]) -> Image:
    return np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST), np.uint8)


def _tinted(rgb: Image, grey: Image, darkest: Image, h: float) -> Image | None:
    """How much darker than grey nets of thin lines are in their darkest channel; None where there are none.

    Where a net is off red, what tells that is given instead: red seals do not show there.
    """
    bright = _above(grey, HIDDEN * percentile(grey[::8, ::8], 75))
    tint = np.asarray(cv2.subtract(grey, darkest), np.uint8)
    thin = _thin(tint, bright, TINTED, h)
    if not _is_net(thin, h):
        return None
    off_red = np.asarray(cv2.absdiff(*cv2.split(rgb)[1:]), np.uint8)
    clear = _thin(off_red, bright, TINTED, h)
    if _is_net(clear, h) and float(np.median(off_red[clear > 0] / np.maximum(tint[clear > 0], 1))) > OFF_RED:
        return _shown(off_red, _thin(off_red, bright, PALE, h))
    return _shown(tint, thin)


def _thin(strength: Image, bright: Image, least: float, h: float) -> Image:
    """Mask (255) of the lines that are tinted, more than grain is, and bright in grey."""
    raised = cv2.morphologyEx(strength, cv2.MORPH_TOPHAT, _square(0.4 * h))
    lines = _above(raised, max(least, GRAINIER * float(np.median(raised[::4, ::4]))))
    return np.asarray(cv2.bitwise_and(lines, bright), np.uint8)


def _above(picture: MatLike, level: float) -> Image:
    """Mask (255) of the pixels that are brighter than `level`."""
    return np.asarray(cv2.threshold(picture, level, 255, cv2.THRESH_BINARY)[1], np.uint8)


def _square(side: float) -> Image:
    return np.ones((max(3, round(side)) | 1,) * 2, np.uint8)


def _shown(strength: Image, thin: Image) -> Image:
    """The strength of what is `thin` (255), pale lines made clear."""
    shown = cv2.bitwise_and(strength, cv2.dilate(thin, _square(3)))
    usual = float(np.median(strength[thin > 0]))
    return np.asarray(cv2.convertScaleAbs(shown, alpha=max(1.0, USUAL / usual)), np.uint8)


def _is_net(thin: Image, h: float) -> bool:
    """Whether some of what is `thin` (255) hangs together over more than a seal does."""
    if cv2.countNonZero(thin) < NET * h:
        return False
    _, stats = components(np.asarray(cv2.morphologyEx(thin, cv2.MORPH_CLOSE, _square(0.25 * h)), np.uint8))
    side = np.maximum(stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT])
    return bool((side >= NET * h).any())


def _from_paper(rgb: Image) -> Image:
    """How far (0 to 255) the colour of each pixel is from the paper's, its brightness left out."""
    channels, darkest = cv2.split(rgb), _darkest(rgb)
    light = percentile(darkest[::8, ::8], 75)
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


def _parted(darkest: Image, field: Image, h: float) -> White | None:
    """The white rulings on filled fields, and the outlines of fields that they part."""
    bare = np.asarray(cv2.morphologyEx(darkest, cv2.MORPH_CLOSE, _square(0.6 * h)), np.uint8)
    lighter = cv2.bitwise_and(cv2.morphologyEx(bare, cv2.MORPH_TOPHAT, _square(0.5 * h)), field)
    lines = np.asarray(cv2.convertScaleAbs(lighter, alpha=ENLARGED), np.uint8)
    strokes = _above(cv2.subtract(bare, darkest), PRINT)
    if not _is_net(_straight(lines, strokes, h), h):
        return None
    bare = np.asarray(cv2.morphologyEx(bare, cv2.MORPH_CLOSE, _square(h)), np.uint8)
    sides = _sides(bare, field, h)
    shown = cv2.max(*(_in_line(seen, _straight_both(seen, strokes, h), h) for seen in (lines, sides)))
    shown = cv2.threshold(shown, CLEAR, CLEAR, cv2.THRESH_TRUNC)[1]
    return White(np.asarray(shown, np.uint8), strokes)


def _sides(bare: Image, field: Image, h: float) -> Image:
    """How clearly the ground changes: at the edge of a field however little, elsewhere in it more than by noise."""
    step = cv2.bitwise_and(
        cv2.morphologyEx(bare, cv2.MORPH_GRADIENT, _square(3)), cv2.dilate(field, _square(0.4 * h))
    )
    edge = cv2.dilate(cv2.morphologyEx(field, cv2.MORPH_GRADIENT, _square(3)), _square(0.4 * h))
    gain = ENLARGED / 2
    clear = cv2.addWeighted(step, gain, step, 0.0, -STEP * gain)
    return np.asarray(cv2.max(clear, cv2.convertScaleAbs(cv2.bitwise_and(step, edge), alpha=gain)), np.uint8)


def _straight_both(shown: Image, strokes: Image, h: float) -> tuple[Image, Image]:
    """Masks (255) of what goes on along rows, and along columns."""
    down = _straight(transposed(shown), transposed(strokes), h)
    return _straight(shown, strokes, h), transposed(down)


def _straight(shown: Image, strokes: Image, h: float) -> Image:
    """Mask (255) of what goes on along rows, noise averaged out, gaps between strokes of print left out."""
    along, beside, run = (max(5, round(size * h)) | 1 for size in (AVERAGED, BESIDE, STRAIGHT))
    long = opened(_above(cv2.blur(shown, (along, 1)), SHOWN), run)
    if not cv2.countNonZero(long):
        return long
    hemmed = cv2.morphologyEx(strokes, cv2.MORPH_CLOSE, np.ones((beside, 1), np.uint8))
    return opened(np.asarray(cv2.subtract(long, hemmed), np.uint8), run)


def _in_line(shown: Image, straight: Sequence[Image], h: float) -> Image:
    """What is shown on the straight stretches and in line with them."""
    reach = 2 * round(NEAR * h) + 1
    across = cv2.dilate(straight[0], np.ones((3, reach), np.uint8))
    down = cv2.dilate(straight[1], np.ones((reach, 3), np.uint8))
    return np.asarray(cv2.bitwise_and(shown, cv2.max(across, down)), np.uint8)

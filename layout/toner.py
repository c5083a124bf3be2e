"""Print that a copier had too little toner for, made as dark as the rest of the page.

Toner runs short in patches: rulings pale there, and print does, too. So pale rulings tell where print is to be stretched by
what is darkest near by. What is pale between dark rulings is no print, but shines through from the back of the paper.
"""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.ink import STRETCHED, find_ink
from shenbao.layout.ridges import transposed
from shenbao.models.stages import Evened, FlatPage, Image, Ruling, Rulings, Traces

SHORTEST = 2.0
"""Length in character heights from which a ruling tells how much toner there was along it."""

LONG = 10.0
"""Length from which one tells by itself how dark it is with enough toner; a shorter one may lie where it runs short."""

FAINTEST = 150.0
"""Usual darkness (of 255) of rulings from which they tell something: in fainter ones, grain tells more."""

AS_USUAL, OWN = 0.75, 0.9
"""The quantiles of darkness along all rulings, and along one, that it has where there is enough toner."""

PALE = 0.6
"""Share of its darkness below which a ruling lacks toner."""

SHORT = 0.03
"""Share of the rulings' length that must lack it."""

DARKENED = 0.8
"""Share of the usual darkness below which print is darkened."""

BLACK = 1.3
"""How much darker something is than print with enough toner that is none."""

LEAST = 0.2
"""Share of the usual darkness of print that pale print is reckoned to have at least."""

CELL, REACH = 0.5, 0.9
"""Character heights between the places for which toner is told, and over how far (standard deviation) it is averaged."""

CLOSE = 0.12
"""Character heights around a streak, and around specks, in which nothing is darkened."""

AROUND = 1.25
"""Character heights around a place over which the least of that counts: print that is darkened too much stays as it is."""

NEAR_BY = 0.01
"""Weight, averaged so, of what is told from which it is near enough, that of a place beside one being about 0.05."""

SMOOTHED = 0.045
"""Standard deviation, in character heights, of the blur that takes the grain off pale print: half a thin stroke."""

NOISY = 2.5
"""How often the grain that is left, as its standard deviation, is taken for paper."""

NEAR, FEW_GRAINS = 0.9, 6.0
"""Character heights across in which the darkest is print, where toner lacks, and times the grain's deviation that it is darker
than paper."""

TO_DEVIATION = 1.4826
"""Standard deviation over median of absolute deviations of noise that is normally distributed."""

STRONG = 0.35
"""Darkness (of 1) from which stretched print is as dark as the page's."""

Samples = NDArray[np.float64]
"""Of toner, (n, 3): down and across, in pixels, and its share of what is usual, 0 to 1."""


def with_enough_toner(page: FlatPage, rulings: Rulings) -> FlatPage:
    """The page with print darkened where rulings are pale; itself, where toner did not run short."""
    if page.even is None:
        return page
    told = _told(rulings, page.grey.shape)
    if told is None:
        return page
    share = np.asarray(cv2.resize(told, page.grey.shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)
    darker = np.asarray(cv2.min(page.grey, _darkened(page.even, page.char_height)), np.uint8)
    lacking = cv2.subtract(_lacking(page.even, share, page.char_height), _streaks(rulings))
    more = cv2.bitwise_and(find_ink(darker, page.char_height).mask, lacking)
    _, dark = cv2.threshold(darker, 255 * (1 - STRONG), 255, cv2.THRESH_BINARY_INV)
    return replace(
        page,
        grey=np.where(lacking > 0, darker, page.grey),
        ink=np.asarray(cv2.max(page.ink, more), np.uint8),
        strong=np.asarray(cv2.max(page.strong, cv2.bitwise_and(more, dark)), np.uint8),
    )


def _lacking(even: Evened, share: NDArray[np.float32], h: float) -> Image:
    """Mask (255) of what is to be darkened: where toner lacks, but for what is darker than print, as specks are."""
    _, dark = cv2.threshold(even.picture, 255 - BLACK * even.contrast, 255, cv2.THRESH_BINARY_INV)
    side = 2 * round(CLOSE * h) + 1
    specks = np.asarray(cv2.dilate(dark, np.ones((side, side), np.uint8)), np.uint8)
    return np.where((share < DARKENED) & (specks == 0), np.uint8(255), np.uint8(0))


def _streaks(rulings: Rulings) -> Image:
    """Mask (255) of the page's streaks, which are no print, and of what lies close by."""
    level, upright = (t.streaks for t in (rulings.across, rulings.down))
    side = 2 * round(CLOSE * rulings.char_height) + 1
    around = np.ones((side, 3 * side), np.uint8)
    found = [np.zeros_like(rulings.across.ink)]
    if level is not None:
        found.append(np.asarray(cv2.dilate(level, around), np.uint8))
    if upright is not None:
        found.append(transposed(np.asarray(cv2.dilate(upright, around), np.uint8)))
    return np.asarray(np.maximum.reduce(found), np.uint8)


def _told(rulings: Rulings, shape: Sequence[int]) -> NDArray[np.float32] | None:
    """The share of the usual toner (0 to 1) at places `CELL` apart on a page of this shape; None where it is enough.

    Where rulings of both directions are near, that of the darker ones: those of one are paler, too, where pixels are coarse.
    """
    step = CELL * rulings.char_height
    size = int(shape[0] / step) + 2, int(shape[1] / step) + 2
    shares, weights, places = [], [], []
    for horizontal, traces in ((True, rulings.across), (False, rulings.down)):
        found = _samples(
            [r for r in rulings.lines if r.horizontal == horizontal], traces, rulings.char_height
        )
        at = (found[:, 0] / step).astype(int), (found[:, 1] / step).astype(int)
        told_of = np.zeros((2, *size), np.float32)
        np.add.at(told_of[0], at, found[:, 2])
        np.add.at(told_of[1], at, 1.0)
        share, weight = (cv2.GaussianBlur(part, (0, 0), REACH / CELL) for part in told_of)
        shares.append(np.where(weight > NEAR_BY, share / np.maximum(weight, NEAR_BY), 0.0))
        weights.append(weight > NEAR_BY)
        places.append(np.array(at))
    told = np.where(weights[0] | weights[1], cv2.max(*shares), 1.0)
    seen = told[tuple(np.concatenate(places, axis=1))]
    if not seen.size or (seen < PALE).mean() < SHORT:
        return None
    side = 2 * round(AROUND / CELL) + 1
    least = cv2.erode(told, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
    # What is told of stretched pictures lacks what was taken for paper.
    return np.asarray(STRETCHED + (1 - STRETCHED) * least, np.float32)


def _samples(lines: Sequence[Ruling], traces: Traces, h: float) -> Samples:
    """What rulings of one direction tell."""
    along = [_along(line, traces, h) for line in lines if line.end - line.start >= SHORTEST * h]
    usual = float(np.quantile(np.concatenate([dark for _, dark in along]), AS_USUAL)) if along else 0.0
    if usual < FAINTEST:
        return np.empty((0, 3))
    return np.concatenate([np.column_stack([places, _share(dark, usual)]) for places, dark in along])


def _share(dark: NDArray[np.float64], usual: float) -> NDArray[np.float64]:
    """The share of the darkness (n,) along a ruling of that with enough toner, 0 to 1."""
    own = float(np.quantile(dark, OWN))
    return np.minimum(1.0, dark / max(1.0, own if len(dark) >= LONG else max(own, usual)))


def _along(line: Ruling, traces: Traces, h: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Places (n, 2), down and across, along a ruling, about a character height apart, and how dark it is there.

    That is the median over the stretch between them: a scratch or a crossing line is shorter.
    """
    middle, start, end = round(line.at), round(line.start), round(line.end)
    dark = traces.ridges[max(0, middle - 2) : middle + 3, start:end].max(axis=0)
    count = max(1, int(len(dark) / h))
    stretches = np.array_split(dark, count)
    places = start + (np.arange(count) + 0.5) * len(dark) / count
    across = np.full(count, line.at)
    pairs = (across, places) if line.horizontal else (places, across)
    return np.column_stack(pairs), np.array([np.median(part) for part in stretches])


def _darkened(even: Evened, h: float) -> Image:
    """The picture stretched as if there had been enough toner: by what is darkest near by."""
    smooth = np.asarray(cv2.GaussianBlur(even.picture, (0, 0), max(0.6, SMOOTHED * h)), np.uint8)
    dark = np.asarray(cv2.subtract(_paper(smooth, h), smooth), np.uint8)
    grain = TO_DEVIATION * float(np.quantile(dark[::4, ::4], 0.75))
    near = np.ones((round(NEAR * h) | 1,) * 2, np.uint8)
    most = cv2.blur(cv2.dilate(dark, near), near.shape)
    full = np.clip(most, max(LEAST * even.contrast, FEW_GRAINS * grain), even.contrast).astype(np.float32)
    paper = np.maximum(STRETCHED * full, NOISY * grain)
    light = 255 * (1 - (dark - paper) / np.maximum(full - paper, 1.0))
    return np.asarray(np.clip(light, 0, 255), np.uint8)


def _paper(smooth: Image, h: float) -> Image:
    """The brightness of the paper around each pixel: the median over a window of about two characters."""
    small = cv2.resize(smooth, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    median = cv2.medianBlur(small, round(h / 2) | 1)
    return np.asarray(cv2.resize(median, smooth.shape[::-1], interpolation=cv2.INTER_LINEAR), np.uint8)

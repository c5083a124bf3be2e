"""Print told from paper: seals faded, light evened, ink as a mask."""

from dataclasses import dataclass
from typing import Any, cast

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from shenbao.layout.outline import SMALL_SIDE, sheet_mask
from shenbao.models.stages import Image

RED_SHARE = 0.10
"""Red this much (of full scale) above green and blue is coloured ink."""

VIOLET_STEP, VIOLET_INK, VIOLET_LEAST, VIOLET_PRINT = 4, 0.75, 0.0005, 0.5
"""Of how many pixels one tells whether violet ink is a page's print; share of the paper's brightness below which there is
ink; share of the page from which there is a seal, and share of the ink from which it is print."""

DARKEST = 16
"""Brightness (of 255) up to which nothing can be told from black: no paper."""

PAPER, BLACK = 225, 60
"""Brightness (of 255) on the evenly lit page above which all is paper, and below which all is ink."""

STRETCHED = 0.15
"""Share of the contrast of print up to which a pixel becomes paper when levels are stretched."""

FEW = 400
"""Specks up to which it is quicker to take them off one by one."""

GRAINY = 0.006
"""Share of a page's pixels in specks from which it is strewn with them, as a fax is."""


Labels = NDArray[np.integer[Any]]
"""The number of the component that each pixel belongs to."""


@dataclass(frozen=True, eq=False)
class Ink:
    """The ink of a page: mask (255 = ink) without specks, the share of the page (0 to 1) that specks took,
    the median height of its characters in pixels, and the boxes (n, 4) of its connected pieces: x, y, width, height."""

    mask: Image
    specks: float
    char_height: float
    pieces: NDArray[np.int32]


def fade_red(rgb: Image) -> tuple[Image, Image]:
    """Grey with red ink faded towards the paper, and how red each pixel is.

    Red ink is bright in the red channel, black ink is dark in all three: the red channel shows print
    that lies under a seal. What the channel keeps of the seal is lifted by its redness. So is violet ink, which is darkest
    in the green channel alone, unless most of the page's ink is violet: that is print.

    Returns:
        grey and redness, each of shape (height, width), 0 to 255; redness is that of violet ink, too.
    """
    if is_colourless(rgb):
        red = np.asarray(cv2.extractChannel(rgb, 0), np.uint8)
        return red, np.zeros_like(red)
    red, green, blue = (np.asarray(channel, np.uint8) for channel in cv2.split(rgb))
    redness = cv2.subtract(red, cv2.max(green, blue))
    grey = cv2.addWeighted(red, 1.0, redness, 0.6, 0.0)
    violet = _violet(red, green, blue)
    if violet is not None:
        grey, redness = cv2.add(grey, violet), cv2.max(redness, violet)
    return np.asarray(grey, np.uint8), np.asarray(redness, np.uint8)


def _violet(red: Image, green: Image, blue: Image) -> Image | None:
    """How violet each pixel is (0 to 255), of a page with ink of that colour that is not its print; else None."""
    few = [np.ascontiguousarray(channel[::VIOLET_STEP, ::VIOLET_STEP]) for channel in (red, green, blue)]
    some, dark = _violetness(*few), few[1]
    inked = dark < VIOLET_INK * percentile(dark, 75)
    coloured = np.count_nonzero(some[inked] > 255 * RED_SHARE)
    if not VIOLET_LEAST * some.size < coloured < VIOLET_PRINT * np.count_nonzero(inked):
        return None
    return _violetness(red, green, blue)


def _violetness(red: Image, green: Image, blue: Image) -> Image:
    return np.asarray(cv2.subtract(cv2.min(red, blue), green), np.uint8)


def is_colourless(rgb: Image) -> bool:
    """Whether the channels agree to the pixel in some rows: nothing so small as to lie between is a seal."""
    red, green, blue = cv2.split(np.ascontiguousarray(rgb[:: max(1, len(rgb) // 128)]))
    return np.array_equal(red, green) and np.array_equal(green, blue)


def even_light(grey: Image) -> Image:
    """The picture as if lit evenly: paper 255, print as dark as it is relative to its paper.

    Surroundings of the sheet (a desk, a scanner's lid) become paper too.
    """
    height, width = grey.shape
    scale = min(1.0, SMALL_SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    whole = max(1, max(height, width) // (2 * SMALL_SIDE))  # by a whole number first, which is far faster
    small = np.asarray(cv2.resize(reduced(grey, whole), size, interpolation=cv2.INTER_AREA), np.uint8)
    light, bare = paper_light(small, sheet_mask(small))
    evened = cv2.divide(grey, cv2.resize(light, (width, height), interpolation=cv2.INTER_LINEAR), scale=255.0)
    if bare is not None:
        covered = cv2.resize(bare, (width, height), interpolation=cv2.INTER_LINEAR)
        _, covered = cv2.threshold(covered, 127, 255, cv2.THRESH_BINARY)
        evened = cv2.max(evened, covered)
    return np.asarray(evened, np.uint8)


def reduced(picture: Image, whole: int) -> Image:
    """The picture by a whole number smaller."""
    if whole == 1:
        return picture
    share = 1 / whole
    return np.asarray(cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA), np.uint8)


def paper_light(small: Image, sheet: Image | None) -> tuple[Image, Image | None]:
    """The brightness of the bare paper at each pixel of a small picture, and a mask (255) of what is no paper.

    The paper is the upper envelope of the picture at a scale coarser than print, within the mask `sheet`
    (None: everywhere); the mask of what is no paper is None where all is.
    """
    light = cv2.medianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), 5)
    inside = np.where(light > DARKEST, np.uint8(255) if sheet is None else sheet, np.uint8(0))
    part = (inside > 0).astype(np.float32)
    total = cv2.GaussianBlur(light * part, (0, 0), 2.0)
    share = cv2.GaussianBlur(part, (0, 0), 2.0)
    even = np.where(share > 0.02, total / np.maximum(share, 0.02), 255.0)
    bare = None if inside.all() else np.asarray(255 - inside, np.uint8)
    return np.asarray(np.clip(even, 1, 255), np.uint8), bare


def binarise(evened: Image, char_height: float) -> Image:
    """Ink mask (255 ink, 0 paper) of an evenly lit page.

    A pixel is ink when it is clearly darker than the mean around it (a window of about two characters)
    and not as bright as paper. The least contrast follows from the page's own grain.
    """
    window = max(3, 2 * round(char_height) + 1)
    contrast = int(min(40.0, 14.0 + 3.0 * _grain(evened)))
    # As OpenCV's adaptiveThreshold with both bounds, in half the time: the level up to which a pixel is ink.
    level = np.asarray(cv2.blur(evened, (window, window), borderType=cv2.BORDER_REPLICATE), np.uint8)
    np.clip(level, np.uint8(BLACK + contrast), np.uint8(min(255, PAPER + contrast)), out=level)
    np.subtract(level, np.uint8(contrast), out=level)
    return np.asarray(cv2.compare(evened, level, cv2.CMP_LE), np.uint8)


def _up_to(evened: Image, level: float) -> Image:
    """Mask (255) of the pixels that are no brighter than `level`."""
    _, mask = cv2.threshold(evened, level, 255, cv2.THRESH_BINARY_INV)
    return np.asarray(mask, np.uint8)


def _grain(evened: Image) -> float:
    """Median of how far pixels are from the median of their neighbours, over strips of an eighth of the page."""
    strips = np.concatenate([evened[y : y + 6] for y in range(0, evened.shape[0], 48)])
    counts = _histogram(np.asarray(cv2.absdiff(strips, cv2.medianBlur(strips, 3)), np.uint8))
    return _quantile(counts, 0.5)


def _histogram(levels: Image, mask: Image | None = None) -> NDArray[np.float64]:
    return np.asarray(cv2.calcHist([levels], [0], mask, [256], [0, 256])[:, 0], np.float64)


def percentile(levels: MatLike, percent: float) -> float:
    """As numpy's of a picture's levels, but from their counts: far faster than by sorting."""
    total = np.cumsum(_histogram(np.ascontiguousarray(levels)))
    place = (total[-1] - 1) * percent / 100
    low, high = np.searchsorted(total, [np.floor(place), np.ceil(place)], side="right")
    return float(low + (high - low) * (place % 1))


def _quantile(counts: NDArray[np.float64], share: float) -> float:
    """The level below which `share` of the pixels of a histogram lie: far faster than by sorting."""
    total = np.cumsum(counts)
    return float(np.searchsorted(total, share * total[-1]))


def components(mask: Image) -> tuple[Labels, NDArray[np.int32]]:
    """Labels of a mask's 8-connected components, and OpenCV's statistics of each (n, 5), the background's first.

    Decision trees of blocks of pixels (Bolelli and others 2019). With labels of 16 bits it takes less than half the
    time: there is half as much to write, and OpenCV does not share the work out, which costs more than it saves.
    """
    size = cv2.CV_16U if _runs(mask) < np.iinfo(np.uint16).max else cv2.CV_32S
    _, labels, stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(mask, 8, size, cv2.CCL_SPAGHETTI)
    return cast(Labels, labels), np.asarray(stats, np.int32)


def _runs(mask: Image) -> int:
    """How many labels may be given out while a mask's components are found, at most: one to each run in a pair of rows.

    OpenCV does not notice when they no longer fit into 16 bits.
    """
    height, width = (int(side) for side in mask.shape)
    most = -(-height // 2) * -(-width // 2)
    if most < np.iinfo(np.uint16).max:
        return most
    pairs = cv2.max(mask[: height // 2 * 2 : 2], mask[1::2])
    begun = cv2.countNonZero(cv2.compare(pairs[:, 1:], pairs[:, :-1], cv2.CMP_GT))
    return begun + len(pairs) + width  # those at the left side, and those in an odd last row


def find_ink(evened: Image, char_height: float, *, grainy: bool = False) -> Ink:
    """The ink of an evenly lit page without specks; `char_height` is the height to expect.

    `grainy`: the page was strewn with specks, of which clumps are left that are as large as small characters.
    """
    every = binarise(evened, char_height)
    labels, stats = components(every)
    stats = stats[1:]
    area = stats[:, cv2.CC_STAT_AREA]
    side = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    # Less than this is too small to be a dot or a stroke of a character.
    speck = (area <= max(2.0, (0.09 * char_height) ** 2)) | (side <= 0.12 * char_height)
    if speck.sum() > FEW:
        inked = np.flatnonzero(every > 0)  # of a page, few pixels
        every.ravel()[inked[speck.take(labels.ravel().take(inked) - 1)]] = 0
    else:
        for i in np.flatnonzero(speck):
            x, y, w, h, _ = stats[i].tolist()
            part = (slice(y, y + h), slice(x, x + w))
            every[part][labels[part] == i + 1] = 0
    specks = float(area[speck].sum()) / every.size
    kept = stats[~speck]
    return Ink(every, specks, _character_height(kept, every, grainy), kept[:, :4])


def print_contrast(evened: Image, ink: Image) -> float:
    """How much darker than paper the print of a page is (0 to 255): the third quartile over its ink."""
    counts = _histogram(evened, ink)
    return 255.0 - _quantile(counts, 0.25) if counts.any() else 255.0


def strong_ink(evened: Image, ink: Image, contrast: float) -> Image:
    """The ink about as dark as the page's print: streaks, bleed-through and faint dirt left out."""
    return np.asarray(cv2.bitwise_and(_up_to(evened, 255.0 - 0.45 * contrast), ink), np.uint8)


def stretch(evened: Image, contrast: float) -> Image:
    """Levels stretched so that print is black and what is much fainter than print is paper."""
    white, black = 255.0 - STRETCHED * contrast, 255.0 - max(contrast, 60.0)
    levels = np.clip((np.arange(256) - black) / (white - black) * 255.0, 0, 255)
    return np.asarray(cv2.LUT(evened, levels.astype(np.uint8)), np.uint8)


def usual_height(picture: Image) -> float:
    """The character height to expect, in pixels, before any is measured: 10 pt print on an A4 page."""
    return 0.012 * float(max(picture.shape[:2]))


def _character_height(stats: NDArray[np.int32], ink: Image, grainy: bool) -> float:
    """Median height in pixels of the characters among components; a share of the page where none are seen.

    Characters are components about as wide as high; rulings and blots fall out by size. Taller pieces
    weigh more, since Chinese characters fall into parts. On a grainy page what holds more ink weighs more: clumps
    of specks are many, but thin.
    """
    page = max(ink.shape)
    w = stats[:, cv2.CC_STAT_WIDTH].astype(np.float64)
    h = stats[:, cv2.CC_STAT_HEIGHT].astype(np.float64)
    usual = (h > page * 0.004) & (h < page * 0.04) & (w < 1.8 * h) & (w > 0.5 * h)
    if int(usual.sum()) < 8:
        return usual_height(ink)
    sizes = h[usual]
    order = np.argsort(sizes)
    weight = np.cumsum((stats[usual, cv2.CC_STAT_AREA] if grainy else sizes)[order])
    return float(sizes[order][int(np.searchsorted(weight, weight[-1] * 0.5))])

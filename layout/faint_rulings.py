"""Rulings that are barely darker than their paper, seen on a straight page by their length."""

import cv2
import numpy as np

from shenbao.layout.ridges import down_to_half, ridge, transposed
from shenbao.models.stages import Image

STROKE, TALLEST = 0.25, 1.5
"""How far, in character heights, strokes of print reach across a level line: more than a ruling is thick, less
than upright rulings do."""

AROUND = 0.4
"""Character heights beside such a stroke in which others are level."""

GAP = 1.2
"""Character heights of a gap in a ruling, at most, where print stands on it or another one crosses it."""

AVERAGED = 1.0
"""Character heights over which darkness is averaged along a line."""

FAINTEST, NOISE = 8.0, 2.5
"""Least darkness (of 255) of a ruling, and how often it is that of the page's most marked grain."""

GRAIN = 0.9
"""Share of a page's darkness along lines that is its grain."""

SHORTEST = 1.5
"""Length of the shortest ruling, in character heights."""

PEPPERED = 2.5
"""The same on a page in black and white, where pepper in a row looks faint."""


def faint_rulings(grey: Image, ink: Image, char_height: float, *, two_toned: bool = False) -> Image:
    """Mask (255) of the level and upright lines of a straight page, however faint.

    `grey` is lit evenly but not stretched; `ink` (255) is what is plainly seen on it.
    """
    least = (PEPPERED if two_toned else SHORTEST) * char_height
    across = _level(grey, ink, char_height, least)
    down = _level(transposed(grey), transposed(ink), char_height, least)
    return np.asarray(cv2.max(across, transposed(down)), np.uint8)


def without_print(grey: Image, ink: Image, h: float) -> Image:
    """The picture with paper for print, as what may be level rulings is sought."""
    high, tall = (np.ones((max(3, round(x * h)), 1), np.uint8) for x in (STROKE, TALLEST))
    upright = cv2.dilate(cv2.morphologyEx(ink, cv2.MORPH_OPEN, tall), np.ones((3, 3), np.uint8))
    strokes = cv2.subtract(cv2.morphologyEx(ink, cv2.MORPH_OPEN, high), upright)
    print_ = cv2.dilate(strokes, np.ones((5, 2 * round(AROUND * h) + 1), np.uint8))
    return np.asarray(cv2.max(grey, print_), np.uint8)


def least_darkness(found: Image) -> float:
    """The least darkness of a ruling among ridges `found` in a picture without print."""
    return max(FAINTEST, NOISE * float(np.quantile(found[::5, ::5], GRAIN)))


def _level(grey: Image, ink: Image, h: float, least_length: float) -> Image:
    """Mask of the level lines; as averaged darkness falls to half at an end, so far they go."""
    found = ridge(without_print(grey, ink, h), h, AVERAGED)
    dark = down_to_half(found, h, AVERAGED, least_darkness(found))
    run = np.ones((1, max(7, round(SHORTEST * h)) | 1), np.uint8)
    long = cv2.morphologyEx(dark, cv2.MORPH_OPEN, run)
    gap = np.ones((1, max(3, round(GAP * h)) | 1), np.uint8)
    whole = cv2.morphologyEx(long, cv2.MORPH_CLOSE, gap)
    if least_length > SHORTEST * h:
        whole = cv2.morphologyEx(whole, cv2.MORPH_OPEN, np.ones((1, round(least_length)), np.uint8))
    return np.asarray(whole, np.uint8)

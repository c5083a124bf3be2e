"""Where a page holds something thin, dark and straight: the evidence that rulings are found in."""

from collections.abc import Callable

import cv2
import numpy as np
from cv2.typing import MatLike

from shenbao.models.stages import Image

AVERAGED = 0.3
"""Character heights over which the darkness along a line is averaged: less than most gaps between strokes."""

FAINTEST = 20.0
"""Least darkness (of 255, print being about 255) of a ruling against its surroundings."""

PALE = 12.0
"""The same of a ruling that has all but gone, where there is more than its darkness to tell it by."""

ENOUGH = 96.0
"""Darkness (of 255) that belongs to a ruling whatever lies beside it on the line."""

MOST_ROWS = 0.7
"""Share of a mask's rows from which to take out those that hold something costs more than it saves."""


def transposed(picture: Image) -> Image:
    """The picture with its columns as rows, so that what is sought along rows finds what is upright."""
    return np.asarray(cv2.transpose(picture), np.uint8)


def ridge(grey: Image, h: float, averaged: float = AVERAGED) -> Image:
    """How much darker each pixel is than what lies above and below it, averaged along the line over
    so many character heights; 0 to 255.

    The mean along the line makes a dotted or faint ruling whole; the black-hat across it (Serra 1982)
    leaves what is thinner than about half a character.
    """
    mean = cv2.blur(grey, (max(5, round(averaged * h)) | 1, 1))
    across = np.ones((max(5, round(0.4 * h)) | 1, 1), np.uint8)
    return np.asarray(cv2.morphologyEx(mean, cv2.MORPH_BLACKHAT, across), np.uint8)


def down_to_half(
    found: Image, h: float, averaged: float, least: float = FAINTEST, enough: float = 255.0
) -> Image:
    """Mask (255) of ridges `found` with darkness averaged over so many character heights, each to where it falls to
    half, but not below `least`; what is darker than `enough` (0 to 255) always belongs to it."""
    near = 2 * (max(5, round(averaged * h)) | 1) + 1
    half = np.right_shift(most_along(found, near), 1)
    np.clip(half, np.uint8(least), np.uint8(enough), out=half)
    return np.asarray(cv2.compare(found, half, cv2.CMP_GT), np.uint8)


def runs(found: Image, h: float) -> Image:
    """Mask (255) of `found` ridges that go on horizontally for about a character.

    An end is where the darkness falls to half, or for a black line to what is dark enough anyway: where
    it crosses another, little of it stands out.
    """
    dark = down_to_half(found, h, AVERAGED, enough=ENOUGH)
    return opened(dark, max(7, round(0.9 * h)) | 1)


def opened(mask: Image, length: int) -> Image:
    """A mask without what is shorter along its rows than so many pixels.

    As morphology's opening, whose second half is here left out in rows that hold nothing so long.
    """
    long = least_along(mask, length)
    held = np.flatnonzero(long.max(axis=1, initial=0))
    if len(held) > MOST_ROWS * len(long):
        return most_along(long, length)
    if len(held):
        long[held] = most_along(long[held], length)
    return long


def least_along(picture: Image, length: int) -> Image:
    """The darkest of so many pixels around each along its row: an erosion."""
    return _along(picture, length, cv2.min, 255)


def most_along(picture: Image, length: int) -> Image:
    """The brightest of so many pixels around each along its row: a dilation."""
    return _along(picture, length, cv2.max, 0)


def _along(picture: Image, length: int, of_two: Callable[[Image, Image], MatLike], beyond: int) -> Image:
    """One of so many pixels around each along its row; beyond the page's sides they are `beyond`.

    That of twice as many is one of two that are known already: far fewer steps than OpenCV's, which looks at all.
    """
    before = length // 2
    sides = (0, 0, before, length - 1 - before)
    found = np.asarray(cv2.copyMakeBorder(picture, *sides, cv2.BORDER_CONSTANT, value=(beyond,)), np.uint8)
    done = 1
    while done < length:
        step = min(done, length - done)
        found = np.asarray(of_two(found[:, :-step], found[:, step:]), np.uint8)
        done += step
    return found


def solid_runs(ink: Image, blots: Image, h: float) -> Image:
    """Mask (255) of ink that goes on horizontally for about a character, small gaps bridged, `blots` left out.

    Less than `runs` finds, but with exact ends.
    """
    gap = np.ones((1, max(3, round(0.15 * h)) | 1), np.uint8)
    closed = np.asarray(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, gap), np.uint8)
    return np.asarray(cv2.subtract(opened(closed, max(7, round(0.9 * h)) | 1), blots), np.uint8)


def find_blots(ink: Image, h: float) -> Image:
    """Mask (255) of ink that is thicker, both ways, than any ruling or stroke of print."""
    side = max(3, round(0.7 * h)) | 1
    square = np.ones((side, side), np.uint8)
    blots = np.asarray(cv2.erode(ink, square), np.uint8)
    x, y, w, t = cv2.boundingRect(blots)
    if w:
        around = slice(max(0, y - side), y + t + side), slice(max(0, x - side), x + w + side)
        blots[around] = cv2.dilate(blots[around], square)
    return blots

"""Blue seals faded as red ones are, where the blue ink on a page is a seal's and not print.

Red ink may be faded wherever it is: hardly a form is printed in it. Blue is written and printed with. So only what is
within a blue line or field as large as a seal is faded: a ring, a frame, a solid square.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.ink import Labels, components, percentile, usual_height
from shenbao.models.stages import Image

BLUE = 0.08
"""Share of full scale by which blue ink is bluer than it is red or green."""

STEP = 4
"""Of how many pixels along and across one tells where there is blue ink."""

LEAST, PRINT, INK = 0.0005, 0.5, 0.75
"""Share of the page from which there may be a blue seal, share of its ink from which it is printed in blue, and share
of the paper's brightness below which there is ink."""

SIZES, ASPECT = (3.5, 25.0), 1.8
"""Sides of a seal, in usual character heights, and how much longer one may be than the other."""

MARGIN = 0.3
"""Usual character heights around a seal that its edges reach."""

GAP = 0.6
"""Gap between pieces of a seal, in usual character heights, where print crosses its line or it took little ink."""

SPAN = 0.4
"""Share of a seal that one of its pieces reaches over, at least: print is of many small ones."""

Slices = tuple[slice, slice]


def without_blue_seals(rgb: Image, grey: Image) -> tuple[Image, Image] | None:
    """The grey of a page with its blue seals faded, and how blue each of their pixels is; None where there are none.

    Black print is dark in all channels: the blue one shows what lies under a blue seal.

    Args:
        rgb: of shape (height, width, 3), grey: of shape (height, width), 0 to 255.
    """
    few = np.ascontiguousarray(rgb[::STEP, ::STEP])
    scales = _scales(few)
    if not _may_hold_seals(_on_white(few, scales)):
        return None  # saves to look at every pixel
    channels = _on_white(rgb, scales)
    blue, blueness = channels[2], _blueness(channels)
    boxes = _seals(blueness)
    if not boxes:
        return None
    faded, only = grey.copy(), np.zeros_like(grey)
    for box in boxes:
        under = np.asarray(cv2.add(blue[box], blueness[box]), np.uint8)
        faded[box] = np.maximum(faded[box], under)
        only[box] = blueness[box]
    return faded, only


def _scales(rgb: Image) -> list[float]:
    """What brings each channel up to where paper is as bright in it as in red."""
    usual = [percentile(channel, 75) for channel in cv2.split(rgb)]
    return [usual[0] / max(1.0, level) for level in usual]


def _on_white(rgb: Image, scales: list[float]) -> list[Image]:
    """The channels, blue and green as they would be on paper that is as bright in them as in red: yellowed paper
    hides what is blue."""
    return [
        np.asarray(channel if scale == 1.0 else cv2.convertScaleAbs(channel, alpha=scale), np.uint8)
        for channel, scale in zip(cv2.split(rgb), scales, strict=True)
    ]


def _blueness(channels: list[Image]) -> Image:
    red, green, blue = channels
    return np.asarray(cv2.subtract(blue, cv2.max(red, green)), np.uint8)


def _may_hold_seals(channels: list[Image]) -> bool:
    """Whether some pixels of a page are blue, but not most of its ink."""
    red, blue = channels[0], _blueness(channels) > 255 * BLUE
    if np.count_nonzero(blue) < LEAST * blue.size:
        return False
    inked = red < INK * percentile(red, 75)
    return bool(np.count_nonzero(blue & inked) < PRINT * np.count_nonzero(inked))


def _seals(blueness: Image) -> list[Slices]:
    """Where blue lines or fields stand that are as large as a seal and about as high as wide."""
    h = usual_height(blueness)
    reach = np.ones((STEP + 1, STEP + 1), np.uint8)
    pieces = (cv2.dilate(blueness, reach)[::STEP, ::STEP] > 255 * BLUE).astype(np.uint8)
    side = 2 * round(GAP * h / STEP / 2) + 1
    joined = cv2.morphologyEx(pieces, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    labels, stats = components(np.asarray(joined, np.uint8))
    longest = _longest(np.asarray(pieces, np.uint8), labels, len(stats))
    seals = []
    for (x, y, w, t, _), long in zip((stats[1:] * STEP).tolist(), (longest[1:] * STEP).tolist(), strict=True):
        if _is_seal(w, t, h) and long >= SPAN * max(w, t):
            seals.append(_around(x, y, w, t, MARGIN * h))
    return seals


def _longest(pieces: Image, joined: Labels, count: int) -> NDArray[np.int32]:
    """For each of the `joined` ones the longest side of its pieces."""
    labels, stats = components(pieces)
    owner = np.zeros(len(stats), np.int32)
    owner[labels[pieces > 0]] = joined[pieces > 0]
    longest = np.zeros(count, np.int32)
    np.maximum.at(longest, owner[1:], stats[1:, 2:4].max(axis=1))
    return longest


def _is_seal(width: int, height: int, h: float) -> bool:
    short, long = sorted((width, height))
    return SIZES[0] * h <= short and long <= SIZES[1] * h and long < ASPECT * short


def _around(x: int, y: int, width: int, height: int, margin: float) -> Slices:
    out = round(margin)
    return slice(max(0, y - out), y + height + out), slice(max(0, x - out), x + width + out)

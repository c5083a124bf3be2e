"""Bands of rows that hold a cell's print, made into lines: thin ones joined, tall ones cut.

A seal's ring or characters that were left beside print make one tall band of it, in which least ink need not be where
lines part. So what is taller than a character has no say in where a band is cut, and where every cut would go through
print the band holds a single line.
"""

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.ink import components

LINE_HEIGHT = 1.3
"""Tallest single line, in character heights; a lone 二 or = may fill less."""

SEVERAL = 1.75
"""Height from which a band holds several lines."""

TALL = 1.6
"""Height beyond which a piece of ink is no character."""

LINE = 1.15
"""Height of the single line that is sought in a tall band."""

LEAST, FILLED = 0.8, 0.08
"""Height of what remains of the band beside it for another line, and ink of so many of its rows, as a share of that of
rows of print: what is lower or emptier is of the seal. A line may hold a single character."""

THROUGH = 0.45
"""Ink of a row, as a share of that of a row of print, from which a cut goes through print."""

QUIET = 0.5
"""Ink of the rows around a single line, as a share of that of its own, up to which they hold no further line."""

SINGLE = 3
"""Lines that a band in which a single one is sought may be as tall as."""

Band = tuple[int, int]
"""First row, and the first one after it."""


def merge_bands(bands: list[Band], h: float) -> list[Band]:
    """Bands that together are no taller than a line are one: the strokes of 二, a dot over its letter.

    Each thin band joins the neighbour that is nearer; what is tall enough to be a line stays alone.
    """
    merged: list[Band] = []
    for top, bottom in bands:
        if merged and bottom - merged[-1][0] <= LINE_HEIGHT * h:
            merged[-1] = (merged[-1][0], bottom)
        else:
            merged.append((top, bottom))
    return merged


def cut_tall(keep: NDArray[np.bool_], band: Band, h: float) -> list[Band]:
    """A band of several lines that touch, cut where least ink of characters is.

    Args:
        keep: mask of a cell's print (height, width).
        band: rows of `keep`.
        h: character height in pixels.
    """
    top, bottom = band
    count = round((bottom - top) / (LINE_HEIGHT * h))
    if bottom - top < SEVERAL * h or count < 2:
        return [band]
    ink = _of_characters(keep[top:bottom], h)
    pitch, cuts = (bottom - top) / count, [0]
    for k in range(1, count):
        low, high = round((k - 0.3) * pitch), round((k + 0.3) * pitch)
        cuts.append(low + int(np.argmin(ink[low:high])))
    if count <= SINGLE and (line := _single_line(ink, cuts[1:], h)) is not None:
        least = FILLED * float(ink[slice(*line)].mean())
        ends = pairwise([0, *line, bottom - top])
        rests = [
            (a, *_densest(ink[a:b], h)) for a, b in ends if (a, b) == line or _holds_line(ink[a:b], least, h)
        ]
        parts = [(start + a, start + b) for start, a, b in rests]
    else:
        parts = list(pairwise([*cuts, bottom - top]))
    return [(top + a, top + b) for a, b in parts]


def _of_characters(rows: NDArray[np.bool_], h: float) -> NDArray[np.int64]:
    """Ink of each row that is of pieces no taller than a character; of all pieces where none is so low."""
    labels, stats = components(np.ascontiguousarray(rows).view(np.uint8))
    low = stats[:, cv2.CC_STAT_HEIGHT] <= TALL * h
    low[0] = False
    kept = low.take(labels) if low.any() else rows
    return np.asarray(kept.sum(axis=1), np.int64)


def _holds_line(ink: NDArray[np.int64], least: float, h: float) -> bool:
    """Whether rows with this ink hold a line beside another: somewhere as much as `least` in each row."""
    size = max(1, round(LEAST * h))
    return len(ink) >= size and float(np.convolve(ink, np.ones(size), "valid").max()) >= least * size


def _single_line(ink: NDArray[np.int64], cuts: list[int], h: float) -> Band | None:
    """The rows of the one line in a band with this ink, where a cut goes through print; None where none does, or the
    rows around that line hold as much."""
    start, end = _densest(ink, h)
    inside = float(ink[start:end].mean())
    around = (ink.sum() - ink[start:end].sum()) / max(1, len(ink) - (end - start))
    if around > QUIET * inside or all(ink[at] < THROUGH * inside for at in cuts):
        return None
    return start, end


def _densest(ink: NDArray[np.int64], h: float) -> Band:
    """The rows as many as a line has that hold most ink."""
    size = min(len(ink), round(LINE * h))
    start = int(np.convolve(ink, np.ones(size, np.int64), "valid").argmax())
    return start, start + size

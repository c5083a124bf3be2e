"""Line pictures made ready for the recogniser: 48 pixels high, in batches of equal width.

Measured on 666 lone characters cut from forms at several levels of damage: the net reads best when
the rest of its picture is the mid-grey of its training (which is 0 after normalisation) and the
picture is at least four times as wide as high. Lone characters right: 92.3 % with paper colour up
to the next multiple of 32, 92.6 % with paper colour up to 192, 96.8 % with mid-grey up to 192. On 500
longer lines the padding made no difference beyond 1 %.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.models.stages import Image

HEIGHT = 48
"""Rows of the recogniser's picture; the net is made for no other."""

PADDING = 127
MIN_WIDTH = 192
MAX_WIDTH = 3840
"""Columns; a line of 160 characters squeezed into them kept a character error of 0.2 %."""

WIDTH_STEP = 32


@dataclass(frozen=True, eq=False)
class LineBatch:
    """Pictures for one run of the net.

    `pixels` (n, 48, width) grey 0 to 255; `positions` are the lines' places in the caller's list;
    `used` is the share of `width`, from the left, that each line takes, the rest being padding.
    """

    pixels: Image
    positions: tuple[int, ...]
    used: tuple[float, ...]


def scaled_width(height: int, width: int) -> int:
    """Columns that a line picture of this size has when it is `HEIGHT` rows high."""
    return min(MAX_WIDTH, max(1, round(width * HEIGHT / height)))


def padded_width(columns: int) -> int:
    """Width of the net's picture for a line of so many columns.

    Widths come in steps, so that few shapes occur: for every new shape the engine compiles its
    kernels afresh.
    """
    return max(MIN_WIDTH, -(-columns // WIDTH_STEP) * WIDTH_STEP)


def batches(lines: Sequence[Image], size: int) -> Iterator[LineBatch]:
    """The lines in batches, widest first; lines without a pixel are left out.

    Only lines of the same padded width share a batch: so what a line reads as does not depend on
    the lines beside it. Of each width there are whole batches of `size`, and what is left over comes line by
    line: batches of every number up to `size` would be so many shapes more.

    Raises:
        ValueError: a picture is not grey (height, width).
    """
    by_width: dict[int, list[int]] = {}
    for position, line in enumerate(lines):
        if line.ndim != 2:
            raise ValueError(f"line picture {position} has shape {line.shape}, not (height, width)")
        if line.size:
            by_width.setdefault(padded_width(scaled_width(*line.shape)), []).append(position)
    for width in sorted(by_width, reverse=True):
        positions = by_width[width]
        whole = len(positions) // size * size
        for start in range(0, whole, size):
            yield _batch(lines, positions[start : start + size], width)
        for position in positions[whole:]:
            yield _batch(lines, [position], width)


def _batch(lines: Sequence[Image], positions: Sequence[int], width: int) -> LineBatch:
    pixels = np.full((len(positions), HEIGHT, width), PADDING, np.uint8)
    used = []
    for row, position in zip(pixels, positions, strict=True):
        line = lines[position]
        columns = scaled_width(*line.shape)
        shrinks = line.shape[0] > HEIGHT
        row[:, :columns] = cv2.resize(
            line, (columns, HEIGHT), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
        )
        used.append(columns / width)
    return LineBatch(pixels, tuple(positions), tuple(used))


def normalised(pixels: Image) -> NDArray[np.float32]:
    """The recogniser's input (n, 3, 48, width), -1 for black to 1 for white, of pixels (n, 48, width)."""
    grey = pixels.astype(np.float32) / 127.5 - 1.0
    return np.repeat(grey[:, None], 3, axis=1)

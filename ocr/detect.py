"""Text lines of a page, from the map of a Differentiable Binarization net (DB; Liao et al., AAAI 2020).

The net gives for every pixel the probability that it belongs to the shrunken core of a text line.
Pages are upright here, so a line is a connected core and its box; the box grows by the distance that
the paper undoes the shrinking with: area times ratio over perimeter.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.models.stages import Box, Image

LONG_SIDE = 1280
"""Longest side of the net's picture in pixels; larger pages are shrunk to it."""

SIDE_STEP = 32
"""The net's picture has sides that are multiples of this."""

CORE = 0.3
"""Least probability of a core pixel."""

LINE = 0.5
"""Least mean probability over the pixels of a core."""

GROWTH = 1.6
"""Ratio of the growth distance."""

LEAST_SIDE = 2
"""Cores thinner than this many pixels of the net's picture are grain of the map."""


def net_picture(page: Image) -> Image:
    """A grey page (height, width), shrunk to the net's limits: (height, width), multiples of 32."""
    scale = min(1.0, LONG_SIDE / max(page.shape))
    height, width = (max(SIDE_STEP, round(side * scale / SIDE_STEP) * SIDE_STEP) for side in page.shape)
    if (height, width) == page.shape:
        return page
    return cv2.resize(page, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def line_boxes(probability: NDArray[np.float32], page_shape: tuple[int, int]) -> list[Box]:
    """Boxes of the text lines.

    Args:
        probability: the net's map (height, width), over the whole page at the net's scale.
        page_shape: height and width of the page in pixels.

    Returns:
        Boxes in pixels of the page, inside it.
    """
    core = (probability > CORE).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(core, connectivity=8)
    sums = np.bincount(labels.ravel(), weights=probability.ravel(), minlength=count)
    rows, columns = probability.shape
    height, width = page_shape
    boxes: list[Box] = []
    for label in range(1, count):
        x, y, w, h, area = (int(value) for value in stats[label])
        if min(w, h) < LEAST_SIDE or sums[label] / area < LINE:
            continue
        grow = w * h * GROWTH / (2 * (w + h))
        x0, x1 = max(0.0, x - grow), min(float(columns), x + w + grow)
        y0, y1 = max(0.0, y - grow), min(float(rows), y + h + grow)
        boxes.append((x0 * width / columns, y0 * height / rows, x1 * width / columns, y1 * height / rows))
    return boxes

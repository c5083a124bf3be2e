"""Short breaks in rulings that a fax wore, filled."""

import cv2
import numpy as np

from shenbao.layout.ink import components
from shenbao.models.stages import Image

BREAK, MEETS = 2.0, 0.25
"""Character heights up to which breaks in a ruling are filled, and from its end within which a break meets another ruling."""


def without_breaks(level: Image, upright: Image, h: float) -> Image:
    """The rulings along the rows with short breaks filled, but for those that reach from one upright ruling to another:
    there cells may be merged."""
    across = np.ones((1, round(BREAK * h) | 1), np.uint8)
    whole = np.asarray(cv2.morphologyEx(np.ascontiguousarray(level), cv2.MORPH_CLOSE, across), np.uint8)
    labels, stats = components(np.asarray(cv2.subtract(whole, level), np.uint8))
    near = round(MEETS * h)
    merged = np.zeros(len(stats), np.bool_)
    for number, (x, y, width, height) in enumerate(stats[1:, :4].tolist(), start=1):
        rows = upright[y : y + height]
        ends = rows[:, max(0, x - near) : x + near], rows[:, x + width - near : x + width + near]
        merged[number] = all(end.any() for end in ends)
    return np.where(merged[labels], np.uint8(0), whole)

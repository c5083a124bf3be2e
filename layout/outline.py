"""Where the sheet lies in its picture: a desk, a scanner's lid or a black border around it is told from it."""

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.models.stages import Image

SMALL_SIDE = 240
"""Longest side in pixels of the picture in which the outline is looked for."""

STEP = 0.13
"""Natural logarithm of how much brighter the sheet is than what lies beside its edge."""

COVERED = 0.5
"""Share of the picture's side along which such a step must be seen for it to be the sheet's edge."""

FARTHEST = 0.4
"""Share of the picture within which an edge of the sheet is looked for, from each side."""

STEEPEST = 0.36
"""Greatest slant of an edge against the picture's sides: that of a sheet turned by 20 degrees."""

BEND = 3
"""Pixels of the small picture by which an edge may leave a straight line."""


def sheet_mask(grey: Image) -> Image | None:
    """Mask (255 = sheet) of a small picture; None where the sheet fills it.

    Each of the four edges is the innermost line on whose outer side the picture is clearly darker for most
    of its length. Light that changes slowly, as a shadow on the sheet does, has no such step; print is
    closed over before.
    """
    level = np.log(_without_print(grey).astype(np.float32) + 8)
    mask = np.full(grey.shape, True)
    for turns in range(4):
        edge = _left_edge(np.rot90(level, turns))
        if edge is not None:
            columns = np.arange(np.rot90(level, turns).shape[1])
            mask &= np.rot90(columns[None] > edge[:, None] + 0.5, -turns)
    if mask.all() or mask.mean() < 0.1:
        return None
    return mask.astype(np.uint8) * 255


def _without_print(grey: Image) -> Image:
    """The picture with dark details closed over, but a dark band along its border kept."""
    reach = 4
    framed = cv2.copyMakeBorder(grey, reach, reach, reach, reach, cv2.BORDER_CONSTANT, value=(0,))
    closed = cv2.morphologyEx(framed, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    return np.asarray(closed[reach:-reach, reach:-reach], np.uint8)


def _left_edge(level: NDArray[np.float32]) -> NDArray[np.float64] | None:
    """For each row the column left of which the surroundings lie; None where there are none.

    `level` is the logarithm of the brightness.
    """
    height, width = level.shape
    near = round(FARTHEST * width)
    if near < 8 or height < 8:
        return None
    step = cv2.filter2D(level, -1, np.array([[-0.5, -0.5, 0.5, 0.5]], np.float32), anchor=(2, 0))[:, :near]
    seen = cv2.dilate((step > STEP).astype(np.uint8), np.ones((1, 2 * BEND + 1), np.uint8))
    ys, xs = np.nonzero(seen)
    if len(ys) < COVERED * height:
        return None
    slopes = np.linspace(-STEEPEST, STEEPEST, 73)
    lines = np.round(xs[None] - slopes[:, None] * (ys - height / 2)[None]).astype(int)
    inside = (lines >= 0) & (lines < near)
    score = np.stack([np.bincount(r[k], minlength=near) for r, k in zip(lines, inside, strict=True)]) / height
    best = score.max(axis=0)
    peaks = cv2.dilate(best.astype(np.float32)[None], np.ones((1, 4 * BEND + 1), np.uint8))[0]
    for at in np.flatnonzero((best >= COVERED) & (best >= peaks - 1e-6))[::-1]:
        line = at + slopes[int(score[:, at].argmax())] * (np.arange(height) - height / 2)
        if _darker_outside(level, line):
            return _followed(np.asarray(step, np.float32), line)
    return None


def _darker_outside(level: NDArray[np.float32], line: NDArray[np.float64]) -> bool:
    """Whether most of what lies left of the line is darker than the sheet right of it."""
    height, width = level.shape
    columns = np.arange(width)[None]
    rows = np.arange(height)
    sheet = level[rows, np.clip(np.round(line + 2 * BEND).astype(int), 0, width - 1)]
    outside = columns < line[:, None] - BEND
    dark = level < (sheet - STEP / 2)[:, None]
    return not outside.any() or float(dark[outside].mean()) > 0.6


def _followed(step: NDArray[np.float32], line: NDArray[np.float64]) -> NDArray[np.float64]:
    """The edge where the step is sharpest near the line, smoothed along the rows."""
    near = np.round(line).astype(int)[:, None] + np.arange(-BEND - 1, BEND + 2)[None]
    there = np.clip(near, 0, step.shape[1] - 1)
    found = np.take_along_axis(step, there, axis=1)
    sharpest = np.where(found.max(axis=1) > STEP / 2, there[np.arange(len(line)), found.argmax(axis=1)], line)
    smooth = cv2.medianBlur(np.pad(sharpest, 2, "edge").astype(np.float32)[:, None], 5)[2:-2, 0]
    return np.asarray(smooth, np.float64)

"""Pieces of print outside tables: runs of characters without a wide gap, found on a small picture."""

from collections.abc import Sequence

import cv2
import numpy as np

from shenbao.layout.ink import components
from shenbao.models.stages import Box, FlatPage, Grid, Image, Rulings

FINE = 8
"""Pixels that a character's height keeps on the small picture."""

JOINED = 0.55
"""Gap in character heights up to which characters are one piece."""

LEADER = 0.3
"""Height, in character heights, up to which a long piece is a row of dots or a dash."""


def find_pieces(page: FlatPage, rulings: Rulings, grids: Sequence[Grid]) -> list[Box]:
    """Boxes on the flat page of the print outside grids, rulings and specks left out; unordered.

    A line of leader dots is one long flat piece.
    """
    h = page.char_height
    step = max(1, round(h / FINE))
    small = _small(page.strong, step)
    if not small.any():
        return []
    for grid in grids:
        _wipe(small, grid.box, 0.3 * h, step)
    for line in rulings.lines:
        if line.end - line.start > 3.0 * h:
            box = (
                (line.start, line.at, line.end, line.at)
                if line.horizontal
                else (line.at, line.start, line.at, line.end)
            )
            _wipe(small, box, line.thickness / 2 + 0.08 * h, step)
    gap = max(1, round(JOINED * h / step))
    joined = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((1, gap + 1), np.uint8))
    stats = components(np.asarray(joined, np.uint8))[1]
    boxes = [(x, y, x + w, y + t) for x, y, w, t, _ in stats[1:].tolist()]
    scaled = [(a * step, b * step, c * step, d * step) for a, b, c, d in boxes]
    low = [_floats(b) for b in scaled if b[3] - b[1] < 4.0 * h]
    return [box for box in _stacked(low, h) if _is_print(box, h)]


def _floats(box: tuple[int, int, int, int]) -> Box:
    return float(box[0]), float(box[1]), float(box[2]), float(box[3])


def _small(ink: Image, step: int) -> Image:
    height, width = ink.shape
    size = (max(1, width // step), max(1, height // step))
    shrunk = cv2.resize(ink[: size[1] * step, : size[0] * step], size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.threshold(shrunk, 40, 255, cv2.THRESH_BINARY)[1], np.uint8)


def _wipe(small: Image, box: Box, pad: float, step: int) -> None:
    x0, y0, x1, y1 = (box[0] - pad, box[1] - pad, box[2] + pad, box[3] + pad)
    small[max(0, int(y0 / step)) : int(y1 / step) + 1, max(0, int(x0 / step)) : int(x1 / step) + 1] = 0


def _is_print(box: Box, h: float) -> bool:
    """Whether a piece is as large as a sign at least, or a leader, and no drawing."""
    w, t = box[2] - box[0], box[3] - box[1]
    streak = t > 1.4 * h and w < 0.5 * h
    return max(w, t) > 0.6 * h and not streak


def _stacked(boxes: list[Box], h: float) -> list[Box]:
    """The boxes with those that lie over one another within a line's height made one: 二, 亠 over its rest."""
    done: list[Box] = []
    for box in sorted(boxes, key=lambda b: b[1]):
        i = _partner(box, done, h)
        if i is None:
            done.append(box)
        else:
            left, top, right, bottom = done[i]
            done[i] = (min(box[0], left), top, max(box[2], right), max(box[3], bottom))
    return done


def _partner(box: Box, above: list[Box], h: float) -> int | None:
    """The nearest of the boxes above, sorted by their tops, that makes one line of print with a box."""
    for i in range(len(above) - 1, -1, -1):
        left, top, right, bottom = above[i]
        if max(box[3], bottom) - top <= 1.15 * h:
            if min(box[2], right) - max(box[0], left) > -0.2 * h:
                return i
        elif box[3] - top > 1.15 * h:
            return None  # what begins further up is too far away
    return None

"""Pieces of print outside tables: runs of characters without a wide gap, found on a small picture."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.ink import Labels, components
from shenbao.models.stages import Box, FlatPage, Grid, Image, Rulings

FINE = 8
"""Pixels that a character's height keeps on the small picture."""

JOINED = 0.55
"""Gap in character heights up to which characters are one piece."""

SPECK = 0.3
"""Size, in character heights, up to which ink is a dot or dirt."""

SIGN = 0.8
"""Gap in character heights between a full-width sign's dots and the characters beside it at most."""

FREE = 0.35
"""Gap in character heights from which dots are no part of a character."""

STREWN = 3.0
"""Lone dots on a square of ten character heights from which a page is strewn with them."""

LEADER = 0.3
"""Height, in character heights, up to which a long piece is a row of dots or a dash."""


def find_pieces(page: FlatPage, rulings: Rulings, grids: Sequence[Grid]) -> list[Box]:
    """Boxes on the flat page of the print outside grids, rulings and specks left out; unordered.

    A line of leader dots is one long flat piece.
    """
    h = page.char_height
    step = max(1, round(h / FINE))
    small = _small(page.strong, step)
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
    rows = _rows_near(small, round(SIGN * h / step))
    if not rows.size:
        return []
    joined = _without_specks(small[rows], small.size, h, step)
    low = [box for box in _boxes(joined, rows, step) if box[3] - box[1] < 4.0 * h]
    return [box for box in _stacked(low, h) if _is_print(box, h)]


def _rows_near(small: Image, reach: int) -> NDArray[np.intp]:
    """The rows that hold ink or lie up to `reach` pixels from some: in these alone, what lies no farther apart does
    as it did, and of a page full of tables they are few."""
    held = small.max(axis=1, keepdims=True)
    return np.flatnonzero(cv2.dilate(held, np.ones((2 * reach + 1, 1), np.uint8)))


def _boxes(joined: Image, rows: NDArray[np.intp], step: int) -> list[Box]:
    """Boxes, in the flat page's pixels, of what is joined in these `rows` of the small picture."""
    x, y, w, t = components(joined)[1][1:, :4].T
    edges = np.stack([x, rows[y], x + w, rows[y + t - 1] + 1], axis=1).astype(np.float64) * step
    return [tuple(box) for box in edges.tolist()]


def _joined(small: Image, h: float, step: int, gap: float = JOINED) -> Image:
    """The ink with gaps along its lines filled, up to `gap` in character heights."""
    width = max(1, round(gap * h / step))
    return np.asarray(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((1, width + 1), np.uint8)), np.uint8)


def _without_specks(small: Image, size: int, h: float, step: int) -> Image:
    """The joined ink without dirt: dots that stand alone, and where these are many on a page of `size` pixels, all dots.

    Dirt between two pieces makes them one, or is a piece of itself; but so a colon joins what it stands between.
    """
    labels, stats = components(small)
    large = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) * step > SPECK * h
    large[0] = False
    large |= _of_leaders(labels, large, h, step)
    signs = np.asarray(255 * large.take(labels), np.uint8)
    close, near = (_beside(signs, labels, len(stats), round(r * h / step)) for r in (FREE, SIGN))
    dots = int((~large[1:]).sum())
    lone = dots - int((near & ~large)[1:].sum())
    if lone * (10.0 * h / step) ** 2 > STREWN * size:
        return _joined(signs, h, step)
    kept = np.asarray(255 * (near | large).take(labels), np.uint8)
    free = np.asarray(255 * (near & ~close).take(labels), np.uint8)
    around = cv2.dilate(free, np.ones((1, 2 * round(SIGN * h / step) + 1), np.uint8))
    bridges = cv2.min(around, _joined(kept, h, step, SIGN))
    return np.asarray(cv2.max(bridges, _joined(kept, h, step)), np.uint8)


def _beside(signs: Image, labels: Labels, count: int, reach: int) -> NDArray[np.bool_]:
    """For each label whether it has pixels as near as `reach` pixels to the signs; never for that of the paper."""
    found = np.zeros(count, bool)
    found[labels[cv2.dilate(signs, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) > 0]] = True
    found[0] = False
    return found


def _of_leaders(labels: Labels, large: NDArray[np.bool_], h: float, step: int) -> NDArray[np.bool_]:
    """For each label whether it is a dot of a row of dots."""
    dots = np.asarray((labels > 0) & ~large.take(labels), np.uint8)
    rows, stats = components(_joined(dots, h, step))
    long = (stats[:, cv2.CC_STAT_HEIGHT] * step < LEADER * h) & (stats[:, cv2.CC_STAT_WIDTH] * step > 3.0 * h)
    long[0] = False
    found = np.zeros(len(large), bool)
    found[labels[long.take(rows) & (dots > 0)]] = True
    return found


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

"""FlatPage and grids -> handwriting: strokes that curve or slant on for longer than any stroke of print.

Print that is larger than the page's usual height stands above its table, as a title; so handwriting is
sought from the first table on. Small neat handwriting is not told from print.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.curves import SCALE, Curves, Seen, look
from shenbao.layout.ink import components
from shenbao.layout.seals import PICTURE
from shenbao.models.stages import FlatMark, FlatPage, Grid, Image

LONG = 2.1
"""Character heights that a slanting or curved stroke must reach; those of print stay below 1.9."""

LARGEST = (14.0, 7.0)
"""Width and height of a word written by hand, in character heights; what is larger is a drawing."""

DARK = 150
"""Grey level below which the small picture shows a stroke."""

CONFIDENCE = 0.75
"""Share of such places that were handwriting on rendered pages, seals left out."""


def find_handwriting(
    page: FlatPage, grids: Sequence[Grid], seals: Sequence[FlatMark], seen: Seen | None = None
) -> tuple[FlatMark, ...]:
    """Words written by hand, each with the ink that its long strokes are connected with; `seen` as for
    `find_seals`."""
    if not grids:
        return ()
    seen = seen or look(page)
    small, curves = seen.small, seen.curves
    top = min(grid.box[1] for grid in grids) * curves.scale
    seeds = _long_strokes(_outside(curves, seals), top)
    if not len(seeds) or len(curves) > PICTURE * small.size:
        return ()
    found = []
    for x, y, w, t in _words(small, seeds):
        if w <= LARGEST[0] * SCALE and t <= LARGEST[1] * SCALE:
            middle = (x + w / 2) / curves.scale, (y + t / 2) / curves.scale
            size = w / curves.scale, t / curves.scale
            found.append(FlatMark("handwriting", None, "grey", *middle, *size, 0.0, CONFIDENCE))
    return tuple(found)


def _outside(curves: Curves, seals: Sequence[FlatMark]) -> Curves:
    """The curves that are not of a seal."""
    kept = np.ones(len(curves), np.bool_)
    for seal in seals:
        away = curves.points / curves.scale - (seal.x, seal.y)
        kept &= np.hypot(away[:, 0], away[:, 1]) > 0.62 * max(seal.width, seal.height)
    return curves.only(kept)


def _long_strokes(curves: Curves, top: float) -> NDArray[np.int64]:
    """Points (n, 2) of the strokes below `top` that are too long for print."""
    names, of = np.unique(curves.strokes, return_inverse=True)
    low, high = np.full((len(names), 2), np.inf), np.full((len(names), 2), -np.inf)
    np.minimum.at(low, of, curves.points)
    np.maximum.at(high, of, curves.points)
    long = (np.hypot(*(high - low).T) >= LONG * SCALE) & (low[:, 1] > top)
    return np.asarray(curves.points[long[of]], np.int64)


def _words(small: Image, seeds: NDArray[np.int64]) -> list[tuple[int, int, int, int]]:
    """Left, top, width and height of the ink around the seeds, rulings left out, in small pixels."""
    _, ink = cv2.threshold(small, DARK, 255, cv2.THRESH_BINARY_INV)
    run = round(3 * SCALE)
    rules = cv2.max(
        cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, run), np.uint8)),
        cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((run, 1), np.uint8)),
    )
    near = np.zeros_like(ink)
    near[seeds[:, 1], seeds[:, 0]] = 255
    near = cv2.dilate(near, np.ones((5, 5), np.uint8))
    _, labels = cv2.connectedComponents(cv2.subtract(ink, rules))
    touched = np.unique(labels[near > 0])
    word = np.isin(labels, touched[touched > 0]).astype(np.uint8) * 255
    reach = 2 * round(0.6 * SCALE) + 1
    joined = cv2.dilate(cv2.max(word, near), np.ones((reach, reach), np.uint8))
    _, stats = components(np.asarray(joined, np.uint8))
    shrink = reach // 2
    return [
        (int(x) + shrink, int(y) + shrink, max(1, int(w) - 2 * shrink), max(1, int(t) - 2 * shrink))
        for x, y, w, t, _ in stats[1:]
    ]

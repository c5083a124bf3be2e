"""The lines and stars of round and oval seals, kept from being taken for rulings.

Where a ring runs along a page's rows or columns for a while it looks like the side of a cell. A ruling goes on
straight where a ring bends away: a stroke that stays on the ring is a part of it, and what lies below is not known.
A star is ink from ruling to ruling in a low row.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from shenbao.layout.cores import level_core
from shenbao.layout.ink import components
from shenbao.layout.slanting import bow
from shenbao.models.stages import FlatMark, Image

INSIDE = 0.25
"""Character heights by which the line of a ring lies inside its outline."""

BAND = 0.9
"""Width in character heights of the band in which it lies."""

ON_RING = 0.85
"""Share of a stroke within the band from which it is of the ring."""

LONG, STRAIGHT = 3.0, 0.03
"""Character heights from which a stroke shows whether it bends, and by which the middle of a ruling lies off its ends;
that of a ring of 16 character heights across does by twice as much."""

SHORTEST = 2.0
"""Length in character heights of the shortest ruling that is told from the ring which it hangs together with."""

SURE = 0.6
"""Probability of a seal from which its ring counts."""

STAR, FILLED, SOLID = 0.4, 0.12, 0.4
"""Share of a seal's width and height, around its middle, in which its star lies; character heights of holes in its ink,
and from which ink is thicker, both ways, than a ruling."""


def ring_lines(shape: tuple[int, ...], seals: Sequence[FlatMark], char_height: float) -> Image | None:
    """Mask (255) of this shape (height, width) of where the rings of seals run; None where there are none."""
    rings = [s for s in seals if s.shape in ("round", "oval") and s.confidence >= SURE]
    if not rings:
        return None
    mask = np.zeros(shape[:2], np.uint8)
    for seal in rings:
        axes = tuple(max(1, round(side / 2 - INSIDE * char_height)) for side in (seal.width, seal.height))
        middle = (round(seal.x), round(seal.y))
        width = max(3, round(BAND * char_height))
        cv2.ellipse(mask, middle, (axes[0], axes[1]), seal.degrees, 0, 360, (255,), width)
    return mask


def star_ink(ink: Image, seals: Sequence[FlatMark], char_height: float) -> Image | None:
    """Mask (255, as the page's `ink`) of the stars of seals: what is solid in their middle; None where there is none."""
    found = np.zeros_like(ink)
    hole, side = (max(3, round(x * char_height)) | 1 for x in (FILLED, SOLID))
    for seal in (s for s in seals if s.shape in ("round", "oval") and s.confidence >= SURE):
        x, y = (STAR / 2 * length for length in (seal.width, seal.height))
        rows, columns = (slice(max(0, round(m - r)), round(m + r) + 1) for m, r in ((seal.y, y), (seal.x, x)))
        if ink[rows, columns].size:
            filled = cv2.morphologyEx(ink[rows, columns], cv2.MORPH_CLOSE, np.ones((hole, hole), np.uint8))
            solid = cv2.morphologyEx(filled, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
            near = cv2.dilate(solid, np.ones((side, side), np.uint8))
            found[rows, columns] |= np.asarray(cv2.bitwise_and(near, filled), np.uint8)
    return found if found.any() else None


def on_rings(strokes: Image, rings: Image, h: float) -> Image:
    """Mask (255) of those connected pieces of a mask (height, width) of what runs along rows that lie on rings, and
    bend as these do where they are long enough to show it."""
    found = np.zeros_like(strokes)
    both = np.asarray(cv2.bitwise_and(strokes, rings), np.uint8)
    _, top, _, high = cv2.boundingRect(both)
    if not high:
        return found
    window = slice(top, top + high)
    labels, stats = components(strokes[window])
    inside = np.bincount(labels.ravel().take(np.flatnonzero(both[window])), minlength=len(stats))
    for i in np.flatnonzero(inside > ON_RING * stats[:, cv2.CC_STAT_AREA]):
        x, y, w, t, _ = stats[i].tolist()
        piece = labels[y : y + t, x : x + w] == i
        if w < LONG * h or bow(piece) > STRAIGHT * h:
            core = level_core(piece, round(SHORTEST * h), h)
            if core is not None and bow(piece[core]) <= STRAIGHT * h:
                piece[core] = False  # a ruling that the ring touches
            found[window][y : y + t, x : x + w][piece] = 255
    return found

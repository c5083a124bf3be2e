"""The lines of round and oval seals, kept from being taken for rulings.

Where a ring runs along a page's rows or columns for a while it looks like the side of a cell. A ruling goes on
straight where a ring bends away: a stroke that stays on the ring is a part of it, and what lies below is not known.
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
    inside = np.bincount(labels[np.nonzero(both[window])], minlength=len(stats))
    for i in np.flatnonzero(inside > ON_RING * stats[:, cv2.CC_STAT_AREA]):
        x, y, w, t, _ = stats[i].tolist()
        piece = labels[y : y + t, x : x + w] == i
        if w < LONG * h or bow(piece) > STRAIGHT * h:
            core = level_core(piece, round(SHORTEST * h), h)
            if core is not None and bow(piece[core]) <= STRAIGHT * h:
                piece[core] = False  # a ruling that the ring touches
            found[window][y : y + t, x : x + w][piece] = 255
    return found

"""The lines of round and oval seals, kept from being taken for rulings.

Where a ring runs along a page's rows or columns for a while it looks like the side of a cell. A ruling goes on
straight where a ring bends away: a stroke that stays on the ring is a part of it, and what lies below is not known.
"""

from collections.abc import Sequence

import cv2
import numpy as np

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
    rows = np.flatnonzero(cv2.bitwise_and(strokes, rings).any(axis=1))
    if not rows.size:
        return found
    window = slice(rows[0], rows[-1] + 1)
    count, labels = cv2.connectedComponents(strokes[window])
    inside = np.bincount(labels[rings[window] > 0], minlength=count)
    of_ring = inside > ON_RING * np.bincount(labels.ravel(), minlength=count)
    of_ring[0] = False
    for i in np.flatnonzero(of_ring):
        columns = np.flatnonzero((labels == i).any(axis=0))
        piece = labels[:, columns[0] : columns[-1] + 1] == i
        of_ring[i] = piece.shape[1] < LONG * h or bow(piece) > STRAIGHT * h
    found[window][of_ring[labels]] = 255
    return found

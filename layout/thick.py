"""Sides of cells on which ink lies that is far thicker than any ruling: the ring or star of a grey seal, a blot.

It is no sign of a ruling, and hides one: the rest of the side tells.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.paled import MARGIN, PRESENT
from shenbao.layout.stretches import held_columns, rows_at, share_of
from shenbao.models.stages import Image

THICK = 0.25
"""Character heights from which ink is thicker, both ways, than a stroke of print or a ruling."""

TIMES = 2
"""Times the usual thickness of a page's rulings that it must be as well."""

LITTLE = 0.15
"""Share of a side on which such ink is let pass."""

TOLD = 0.3
"""Share of a side that must be free of it for a ruling to be told."""

BARE, DRAWN = 0.1, 0.93
"""Share of what is off a seal's ring up to which no ruling is there, and from which one is."""

STUB = 0.6
"""Character heights that a ruling goes into a side, however little is seen of it there, from which the side is left
to its neighbours: beside a merged cell rulings end where they meet another."""


def told_by_the_rest(
    traces: Image,
    ink: Image,
    at: float,
    side: tuple[int, int],
    thickness: int,
    h: float,
    rings: Image | None = None,
) -> float | None:
    """The support of a side, from start to end along, by what lies beside thick ink and off the `rings` of seals: not a
    number where too little is left to tell, None where little or nothing is hidden.

    `traces` holds what is taken for the ruling, `thickness` (pixels) is the page's usual one.
    """
    rows, (first, last) = rows_at(at, h), side
    if not traces[rows, first:last].any():
        return None
    hidden = _thick(ink, rows, first, last, max(round(THICK * h), TIMES * thickness) | 1)
    seen = held_columns(traces[rows, first:last])
    if rings is not None:
        off_rings = ~(hidden | held_columns(rings[rows, first:last]))
        share = share_of(seen[off_rings])
        if share_of(off_rings) >= TOLD and not BARE <= share <= DRAWN:
            return share
    if share_of(hidden) < LITTLE:
        return None
    if share_of(~hidden) < TOLD:
        return float("nan")
    share = share_of(seen[~hidden])
    if share > 0.0 and _keeps_clear(seen | hidden, thickness // 2, h):
        return None
    return max(share, PRESENT / 2) if _stub(seen & ~hidden) > STUB * h else share


def _keeps_clear(held: NDArray[np.bool_], half: int, h: float) -> bool:
    """Whether what a side holds keeps clear of the rulings, `half` as thick to each side, at both its ends, as a line
    of bold print does."""
    margin = max(2, round(MARGIN * h))
    inner = held[half : len(held) - half]
    return max(share_of(inner[:margin]), share_of(inner[-margin:])) < PRESENT


def _stub(seen: NDArray[np.bool_]) -> int:
    """How far what is seen goes in from an end without a gap, at the one where it goes farther."""
    ends = (int(np.argmin(side)) if not side.all() else len(side) for side in (seen, seen[::-1]))
    return max(ends)


def _thick(ink: Image, rows: slice, first: int, last: int, size: int) -> NDArray[np.bool_]:
    """Which columns of the rows hold ink that is part of a square of this size."""
    top, left = max(0, rows.start - size), max(0, first - size)
    around = ink[top : rows.stop + size, left : last + size]
    opened = cv2.morphologyEx(around, cv2.MORPH_OPEN, np.ones((size, size), np.uint8))
    inner = opened[rows.start - top : rows.stop - top, first - left : last - left]
    return held_columns(np.asarray(inner, np.uint8))

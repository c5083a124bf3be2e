"""Sides of cells on which ink lies that is far thicker than any ruling: the ring or star of a grey seal, a blot.

It is no sign of a ruling, and hides one: the rest of the side tells.
"""

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.paled import MARGIN, PRESENT
from shenbao.layout.stretches import held_columns, rows_at, share_of
from shenbao.models.stages import Image, Traces

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

STARRED = 0.15
"""Share of a side on which a seal's star lies from which it is told by the rest, however solid it is."""

STUB = 0.6
"""Character heights that a ruling goes into a side, however little is seen of it there, from which the side is left
to its neighbours: beside a merged cell rulings end where they meet another."""


def seals_of(traces: Traces) -> Image | None:
    """Mask (255) of where the rings and stars of seals are; None where there are none."""
    if traces.stars is None or traces.rings is None:
        return traces.rings
    return np.asarray(cv2.bitwise_or(traces.rings, traces.stars), np.uint8)


def without_seals_of(traces: Traces) -> Image:
    """The ink of traces without the rings and stars of seals."""
    seals = seals_of(traces)
    return traces.ink if seals is None else np.asarray(cv2.subtract(traces.ink, seals), np.uint8)


def on_stars(traces: Traces, lines: list[float], crossing: list[float], h: float) -> NDArray[np.bool_]:
    """On which sides (lines, sides) a seal's star lies; none of lines of one side, which were found by that alone."""
    return _shares(traces.stars if len(crossing) > 2 else None, lines, crossing, h) > STARRED


def hidden_by_seals(traces: Traces, lines: list[float], crossing: list[float], h: float) -> NDArray[np.bool_]:
    """On which sides (lines, sides) too little is off the rings and stars of seals to tell."""
    return _shares(seals_of(traces), lines, crossing, h) > 1 - TOLD


def _shares(mask: Image | None, lines: list[float], crossing: list[float], h: float) -> NDArray[np.float64]:
    """The share of each side (lines, sides) that a mask holds."""
    found = np.zeros((len(lines), len(crossing) - 1))
    if mask is None:
        return found
    for i, at in enumerate(lines):
        held = held_columns(mask[rows_at(at, h)])
        found[i] = [share_of(held[round(a) : round(b) + 1]) for a, b in pairwise(crossing)]
    return found


def told_by_the_rest(
    traces: Image,
    ink: Image,
    at: float,
    side: tuple[int, int],
    thickness: int,
    h: float,
    seals: Image | None = None,
) -> float | None:
    """The support of a side, from start to end along, by what lies beside thick ink and off `seals`, their rings and
    stars: not a number where too little is left to tell, None where little or nothing is hidden.

    `traces` holds what is taken for the ruling, `thickness` (pixels) is the page's usual one.
    """
    rows, (first, last) = rows_at(at, h), side
    if not traces[rows, first:last].any():
        return None
    hidden = _thick(ink, rows, first, last, max(round(THICK * h), TIMES * thickness) | 1)
    seen = held_columns(traces[rows, first:last])
    if seals is not None:
        off_seals = ~(hidden | held_columns(seals[rows, first:last]))
        share = share_of(seen[off_seals])
        if share_of(off_seals) >= TOLD and not BARE <= share <= DRAWN:
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

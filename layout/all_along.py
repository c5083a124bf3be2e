"""A side between two drawn ones on its line, of which next to nothing is seen, but that all along.

Beside a merged cell no line goes on as a ruling. Where it is darkest in the line's own place in each part of a side
that print leaves free, a ruling has paled there: by chance, that is rare.
"""

import numpy as np
from numpy.typing import NDArray

from shenbao.layout.stretches import held_columns, share_of
from shenbao.models.stages import Traces

LEAST = -0.05
"""Support from which nothing speaks against a side."""

PARTS, SHORT = 4, 2.0
"""In how many parts a side is looked at, one fewer where it is no longer than so many character heights."""

FREE = 0.9
"""Share of it that must have no print close by."""

OWN, NEAR, FAR, AROUND = 0.1, 0.15, 0.4, 0.7
"""Character heights within which a line lies, between which print beside it is close, and within which others are."""

DARKER = 2.0
"""Darkness (of 255) by which the line's own place must exceed what is usual around it."""

END = 0.25
"""Character heights at both ends that are left out."""


def with_all_along(
    found: NDArray[np.float64],
    lines: list[float],
    crossing: list[float],
    traces: Traces,
    h: float,
    present: float,
) -> NDArray[np.float64]:
    """The support of sides (lines, sides), that of those between two drawn ones which are seen all along raised to
    `present`."""
    drawn = np.nan_to_num(found) >= present
    between = np.zeros_like(drawn)
    between[1:-1, 1:-1] = drawn[1:-1, :-2] & drawn[1:-1, 2:]
    raised = found.copy()
    for i, j in np.argwhere(between & ~drawn & (found > LEAST)):
        if _is_seen(traces, lines[i], crossing[j], crossing[j + 1], h):
            raised[i, j] = present
    return raised


def _is_seen(traces: Traces, at: float, start: float, end: float, h: float) -> bool:
    middle, first, last = round(at), round(start + END * h), round(end - END * h)
    around, own = round(AROUND * h), max(1, round(OWN * h))
    top = middle - around
    if top < 0 or middle + around >= len(traces.ink) or last - first < h:
        return False
    if traces.streaks is not None and traces.streaks[middle - own : middle + own + 1, first:last].any():
        return False
    near, far = max(2, round(NEAR * h)), round(FAR * h)
    above, below = (traces.ink[middle + a : middle + b, first:last] for a, b in ((-far, -near), (near, far)))
    free = ~(held_columns(above) | held_columns(below))
    if share_of(free) < FREE:
        return False
    band = traces.ridges[top : middle + around + 1, first:last]
    parts = np.array_split(np.arange(last - first), PARTS if last - first > SHORT * h else PARTS - 1)
    return all(
        _is_darkest(band[:, part[free[part]]].mean(axis=1), around, own) for part in parts if free[part].any()
    )


def _is_darkest(profile: NDArray[np.float64], middle: int, own: int) -> bool:
    """Whether a profile across a line is darkest in the line's own place."""
    here = float(profile[middle - own : middle + own + 1].max())
    beside = np.concatenate([profile[: middle - 2 * own], profile[middle + 2 * own + 1 :]])
    return here > float(beside.max()) and here > float(np.median(beside)) + DARKER

"""A side between two drawn ones on its line, of which next to nothing is seen, but that all along.

Beside a merged cell no line goes on as a ruling. Where it is darkest in the line's own place in each part of a side
that print leaves free, a ruling has paled there: by chance, that is rare.
"""

from dataclasses import dataclass

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

LONG, DARK, SHARP = 2.5, 30.0, 2.0
"""Character heights from which a side that print crosses is looked at, the darkness (of 255) that each part of it has at
least, and how many times that close beside it and around it."""

DARKER = 2.0
"""Darkness (of 255) by which the line's own place must exceed what is usual around it."""

END = 0.25
"""Character heights at both ends that are left out."""

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class _Side:
    """Place of a side across, and where it begins and ends along, in pixels."""

    at: float
    start: float
    end: float


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
    for i, j in np.argwhere(between & ~drawn & ~np.isnan(found)):
        side = _Side(lines[i], crossing[j], crossing[j + 1])
        if _is_seen(traces, side, h) if found[i, j] > LEAST else _is_ridge(traces, side, h):
            raised[i, j] = present
    return raised


def _is_seen(traces: Traces, side: _Side, h: float) -> bool:
    """Whether next to nothing is seen, but that all along, or the side is dark all along between print."""
    middle, first, last = round(side.at), round(side.start + END * h), round(side.end - END * h)
    around, own = round(AROUND * h), max(1, round(OWN * h))
    top = middle - around
    if not _can_be_seen(traces, side, h):
        return False
    near, far = max(2, round(NEAR * h)), round(FAR * h)
    above, below = (traces.ink[middle + a : middle + b, first:last] for a, b in ((-far, -near), (near, far)))
    free = ~(held_columns(above) | held_columns(below))
    if share_of(free) < FREE:
        return _is_ridge(traces, side, h)
    rows = slice(top, middle + around + 1)
    band, ink = traces.ridges[rows, first:last], traces.ink[rows, first:last]
    return all(
        _is_darkest(band[:, columns].mean(axis=1), held_columns(ink[:, columns].T), around, own)
        for part in _parts(side, last - first, h)
        if (columns := part[free[part]]).size
    )


def _can_be_seen(traces: Traces, side: _Side, h: float) -> bool:
    """Whether a side lies within the page, is long enough but for one that leaves no character room, and is off streaks."""
    middle, first, last = round(side.at), round(side.start + END * h), round(side.end - END * h)
    around, own = round(AROUND * h), max(1, round(OWN * h))
    least = 2 if side.end - side.start < h else h
    if middle - around < 0 or middle + around >= len(traces.ink) or last - first < least:
        return False
    streaks = traces.streaks
    return streaks is None or not streaks[middle - own : middle + own + 1, first:last].any()


def _parts(side: _Side, length: int, h: float) -> list[NDArray[np.intp]]:
    """The places along a side in parts."""
    wide = side.end - side.start - 2 * END * h
    count = 1 if side.end - side.start < h else PARTS - (wide <= SHORT * h)
    return np.array_split(np.arange(length), count)


def _is_darkest(profile: NDArray[np.float64], print_: Bools, middle: int, own: int) -> bool:
    """Whether a profile across a line, where rows of print are left out, is darkest in the line's own place."""
    here = float(profile[middle - own : middle + own + 1].max())
    off = np.abs(np.arange(len(profile)) - middle) > 2 * own
    beside = profile[off & ~print_]
    if beside.size < off.sum() / 2:
        return False
    return here > float(beside.max()) and here > float(np.median(beside)) + DARKER


def _is_ridge(traces: Traces, side: _Side, h: float) -> bool:
    """Whether a side stands out sharply in its own place in each of its parts, though print or a seal crosses it:
    strokes of these lie elsewhere in each part."""
    if side.end - side.start < LONG * h or not _can_be_seen(traces, side, h):
        return False
    middle, first, last = round(side.at), round(side.start + END * h), round(side.end - END * h)
    around, near = round(AROUND * h), max(2, round(NEAR * h))
    band = traces.ridges[middle - around : middle + around + 1, first:last]
    peaks = []
    for columns in np.array_split(np.arange(last - first), PARTS):
        profile = band[:, columns].mean(axis=1)
        place = around - 1 + int(profile[around - 1 : around + 2].argmax())
        edges = profile[place - near : place].min(), profile[place + 1 : place + near + 1].min()
        if profile[place] < max(DARK, SHARP * max(edges), SHARP * float(np.median(profile))):
            return False
        peaks.append(place)
    return max(peaks) - min(peaks) <= 1

"""The ruling in a piece that is too high for one: a seal's ring or side that touches it hangs together with it."""

import numpy as np
from numpy.typing import NDArray

from shenbao.layout.stretches import share_of, stretches_of

THICKEST = 0.25
"""Character heights that a ruling with something grown to it is thick, at most: rings of seals are thicker."""

THIN = 8
"""Times its thickness that a ruling is long, at least."""

MOST = 0.8
"""Share of the piece's length that it has, and that one row has of its own: a streak that slants goes on in others."""

HALF = 0.5
"""Share of the fullest row's ink from which a row belongs to the ruling."""

CLEAR, BESIDE = 0.5, 0.1
"""Share of the ruling's length that must have nothing grown to it on either side, and character heights to the rows
that are looked at."""

Bools = NDArray[np.bool_]


def level_core(spot: Bools, least: int, h: float) -> tuple[slice, slice] | None:
    """Rows and columns of the ruling in a connected piece (height, width), None where there is none.

    It is at least `least` pixels long, thin, and for most of its length alone in its rows and in those
    beside them, which no stroke that slants is.
    """
    filled = spot.sum(axis=1)
    best = int(filled.argmax())
    if filled[best] < least:
        return None
    rows = next(s for s in stretches_of(filled >= HALF * filled[best]) if s[0] <= best < s[1])
    if rows[1] - rows[0] > max(2.0, THICKEST * h):
        return None
    held = np.asarray(spot[slice(*rows)].any(axis=0), np.bool_)
    first, last = max(stretches_of(held), key=lambda s: s[1] - s[0])
    away = max(1, round(BESIDE * h))
    beside = _row(spot, rows[0] - away) | _row(spot, rows[1] - 1 + away)
    long = max(least, THIN * (rows[1] - rows[0]), MOST * len(held))
    is_level = share_of(spot[best, first:last]) > MOST
    if last - first < long or not is_level or share_of(~beside[first:last]) < CLEAR:
        return None
    return slice(*rows), slice(first, last)


def _row(spot: Bools, row: int) -> Bools:
    return spot[row] if 0 <= row < len(spot) else np.zeros(spot.shape[1], np.bool_)

"""What lies on and beside a stretch of a line: ink in its place, print close by."""

import numpy as np
from numpy.typing import NDArray

from shenbao.models.stages import Image

WHOLE = 0.9
"""Share of a stretch that the other line of a double ruling has of it in one row of pixels, at least."""


def rows_at(at: float, h: float) -> slice:
    """The rows in which a line at a place may lie."""
    reach = max(2, round(0.15 * h))
    return slice(max(0, round(at) - reach), round(at) + reach + 1)


def filled_rows(mask: Image) -> NDArray[np.intp]:
    """The rows of a mask that hold anything, each with an empty one after it.

    In a picture of these rows alone, what works along rows is quicker, and what touches is the same.
    """
    filled = mask.max(axis=1, initial=0) > 0
    filled[1:] |= filled[:-1].copy()
    return np.flatnonzero(filled)


def stretches_of(held: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where what is held in a row of places begins and ends (the first place after it), one after the other."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], held.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def held_columns(band: Image) -> NDArray[np.bool_]:
    """Which columns of a band hold anything."""
    return np.asarray(band.any(axis=0), np.bool_)


def share_of(mask: NDArray[np.bool_]) -> float:
    return np.count_nonzero(mask) / mask.size if mask.size else 0.0


def darkness(ridges: Image, at: float, first: int, last: int) -> NDArray[np.uint8]:
    """How dark a line is at each column of the stretch: the darkest of the `ridges` in its place."""
    middle = round(at)
    return np.asarray(ridges[max(0, middle - 1) : middle + 2, first:last].max(axis=0), np.uint8)


def crossed_share(ink: Image, at: float, first: int, last: int, h: float) -> float:
    """Share of the stretch, its ends left out, in which print stands where the ruling would be."""
    cut, reach = round(0.3 * h), max(1, round(0.06 * h))
    middle = round(at)
    band = ink[max(0, middle - reach) : middle + reach + 1, first + cut : last - cut]
    return share_of(held_columns(band)) if band.size else 0.0


def hemmed_in(ink: Image, at: float, first: int, last: int, h: float) -> NDArray[np.bool_]:
    """Where along the stretch ink lies close by on both sides of the place, as inside a character."""
    near, far = round(0.15 * h), round(0.4 * h)
    middle = round(at)
    one = ink[max(0, middle - far) : max(0, middle - near), first:last]
    other = ink[middle + near + 1 : middle + far + 1, first:last]
    if not one.size or not other.size:
        return np.zeros(last - first, bool)
    return np.asarray((one.max(axis=0) > 0) & (other.max(axis=0) > 0))


def crowd_share(ink: Image, at: float, first: int, last: int, h: float) -> float:
    """Share of the stretch, its ends left out, that is hemmed in by print."""
    cut = round(0.3 * h)
    inner = hemmed_in(ink, at, first + cut, last - cut, h) if last - first > 2 * cut else np.empty(0, bool)
    return share_of(inner)


def is_doubled(ink: Image, at: float, first: int, last: int, h: float) -> bool:
    """Whether another line goes along beside all of the stretch, as in a double ruling; strokes of print are shorter."""
    near, far, middle = round(0.15 * h), round(0.4 * h), round(at)
    rows = (slice(max(0, middle - far), max(0, middle - near)), slice(middle + near + 1, middle + far + 1))
    return any(bool((ink[side, first:last] > 0).mean(axis=1).max(initial=0.0) > WHOLE) for side in rows)

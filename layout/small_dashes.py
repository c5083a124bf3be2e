"""Dashes for "none", and signs of equality, that are as small as specks or so thin that they are paler than print: alone
in their cells, half way up; the dashes are alike in several of them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from shenbao.layout.ink import Labels, components
from shenbao.models.stages import Image

WIDTH = (0.15, 0.6)
"""Width of a small dash in character heights."""

FLAT = 1.6
"""Times its height that it is wide at least, be it blurred by a pixel."""

MIDDLE = 0.35
"""How far from the middle of its cell, in character heights, a dash stands that is alone in it."""

PALE_WIDTH, PALE_FLAT, CLEAR = (0.3, 2.3), 4.0, 0.25
"""Width of a dash that is paler than print, in character heights, times its height that it is wide at least, and how
far from the sides of its cell it ends, in character heights: what streaks leave runs from side to side."""

PAIR_WIDTH, PAIR_FLAT, PAIR_APART = (0.3, 1.0), 3.0, (0.08, 0.5)
"""Width of each stroke of a = in character heights, times its height that it is wide at least, and the paper between the
two in character heights."""

ALIKE, OTHERS = 0.06, 2
"""Character heights by which dashes of one table differ in size, and how many others must be like one."""

AMID = 0.25, 0.15
"""How far from the very middle of its cell, across and up or down in character heights, a dash stands that is one
without others like it, if the table has as many dashes elsewhere."""


def lone_dash(stats: NDArray[np.int32], height: int, h: float) -> int | None:
    """The number of the piece of ink that may be a dash in a cell of this height; None where nothing may or where
    other ink is about as large. `stats` are OpenCV's of the cell's pieces (n, 5), the paper's first."""
    k = _only_large(stats, np.arange(len(stats)) > 0, h)
    if k is None:
        return None
    _, _, wide, tall, _ = stats[k].tolist()
    flat = wide >= FLAT * tall and wide <= WIDTH[1] * h
    return k if flat and _is_half_way_up(stats[k], height, h) else None


def pale_dash(ink: Image, h: float) -> tuple[Labels, NDArray[np.int32], int] | None:
    """The one flat piece half way up in all the ink of a cell (height, width), however pale, that has none as dark as
    print: the numbers of the pieces, their boxes and areas, and which it is. None where other ink is about as large.

    Pieces at the very rim are the edges of rulings.
    """
    labels, stats = components(ink)
    height, width = ink.shape
    k = _only_large(stats, _off_rim(stats, ink), h)
    if k is None:
        return None
    left, _, wide, _, _ = stats[k].tolist()
    clear = min(left, width - left - wide) >= CLEAR * h
    return (
        (labels, stats, k)
        if _is_stroke(stats[k], h) and clear and _is_half_way_up(stats[k], height, h)
        else None
    )


def pale_pair(ink: Image, h: float) -> tuple[Labels, NDArray[np.int32], list[int]] | None:
    """The two strokes of a = that is all the ink of a cell (height, width) and paler than print, as `pale_dash`: as long
    as each other, one above the other. None where there is more, or less."""
    labels, stats = components(ink)
    both = 1 + np.flatnonzero(_off_rim(stats, ink)[1:])  # the paper is none
    if len(both) != 2:
        return None
    x, y, w, t, _ = stats.T
    upper, lower = sorted(both.tolist(), key=lambda k: int(y[k]))
    flat = all(w[k] >= PAIR_FLAT * t[k] and PAIR_WIDTH[0] * h <= w[k] <= PAIR_WIDTH[1] * h for k in both)
    level = max(abs(int(x[upper] - x[lower])), abs(int(w[upper] - w[lower]))) <= max(1.0, ALIKE * h)
    apart = PAIR_APART[0] * h <= y[lower] - (y[upper] + t[upper]) <= PAIR_APART[1] * h
    middle = abs((y[upper] + y[lower] + t[lower]) / 2 - len(ink) / 2) < MIDDLE * h
    return (labels, stats, [upper, lower]) if flat and level and apart and middle else None


def _off_rim(stats: NDArray[np.int32], ink: Image) -> NDArray[np.bool_]:
    """Which pieces of a cell's ink touch none of its sides."""
    height, width = ink.shape
    x, y, w, t, _ = stats.T
    return np.asarray((x > 0) & (y > 0) & (x + w < width) & (y + t < height), np.bool_)


def _only_large(stats: NDArray[np.int32], among: NDArray[np.bool_], h: float) -> int | None:
    """The number of the only piece `among` all that is as large as a dash at least; None where there are others."""
    large = np.flatnonzero(among & (stats[:, 2:4].max(axis=1) >= WIDTH[0] * h))
    return int(large[0]) if len(large) == 1 else None


def _is_half_way_up(piece: NDArray[np.int32], height: int, h: float) -> bool:
    """Whether a piece's middle is about that of a cell of this height."""
    _, top, _, tall, _ = piece.tolist()
    return bool(abs(top + tall / 2 - height / 2) < MIDDLE * h)


def are_dashes(
    found: Sequence[tuple[NDArray[np.int32], tuple[int, ...]]], prints: Sequence[NDArray[np.int32]], h: float
) -> list[bool]:
    """For each piece of a table that may be a dash whether it is one: several others are like it, or it stands in the
    very middle of its cell and there are dashes as dark as print elsewhere.

    Args:
        found: the box (x, y, width, height, ...) of each, and the shape (height, width) of its cell.
        prints: the boxes and areas (n, 5) of the print in each of the table's cells.
    """
    alike = repeated([(int(piece[2]), int(piece[3])) for piece, _ in found], h)
    usual = bool(found) and sum(len(pieces) == 1 and _is_stroke(pieces[0], h) for pieces in prints) >= OTHERS
    return [
        again or (usual and _is_amid(piece, shape, h))
        for again, (piece, shape) in zip(alike, found, strict=True)
    ]


def _is_stroke(piece: NDArray[np.int32], h: float) -> bool:
    """Whether a piece is as flat and as wide as a dash."""
    _, _, wide, tall, _ = piece.tolist()
    return bool(wide >= PALE_FLAT * tall and PALE_WIDTH[0] * h <= wide <= PALE_WIDTH[1] * h)


def _is_amid(piece: NDArray[np.int32], shape: tuple[int, ...], h: float) -> bool:
    """Whether a piece stands in the very middle of its cell."""
    left, top, wide, tall = piece[:4].tolist()
    across, down = abs(left + wide / 2 - shape[1] / 2), abs(top + tall / 2 - shape[0] / 2)
    return bool(across < AMID[0] * h and down < AMID[1] * h)


def repeated(sizes: Sequence[tuple[int, int]], h: float) -> list[bool]:
    """For each width and height of a dash whether several others are like it, as dirt never is."""
    if not sizes:
        return []
    at = np.array(sizes, np.float64)
    apart = np.abs(at[:, None] - at[None]).max(axis=2)
    return [bool(alike) for alike in (apart <= max(1.0, ALIKE * h)).sum(axis=1) > OTHERS]

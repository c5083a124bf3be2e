"""From drawn and missing sides to rectangular faces."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Face = tuple[int, int, int, int]
"""first row, first column, last row + 1, last column + 1, in the finest grid"""

UNKNOWN = 0.8
"""Share of a drawn side's support that a side has of which nothing is known."""


@dataclass(frozen=True, eq=False)
class Sides:
    """How far the sides of the finest grid's cells are drawn, 0 to 1.

    `across` (rows + 1, cols): the horizontal sides; `down` (rows, cols + 1): the vertical ones. Not a
    number where a streak lies on a side and nothing can be told, until they are restored; below 0 where
    print stands in the side's place. `kept` (as `down`): those of which nothing was seen, but the print tells.
    `lengths`: of the columns' and the rows' sides, in any unit; as long as one another where they are not given.
    """

    across: NDArray[np.float64]
    down: NDArray[np.float64]
    kept: NDArray[np.bool_] | None = None
    lengths: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None

    @property
    def weights(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """How much the columns' and the rows' sides count, the usual one for 1: what is longer tells more."""
        if self.lengths is None:
            return np.ones(self.across.shape[1]), np.ones(self.down.shape[0])
        columns, rows = (np.asarray(x / np.median(x), np.float64) for x in self.lengths)
        return columns, rows


def restore(sides: Sides, present: float) -> Sides:
    """Sides half seen, or not seen at all, decided by their neighbours.

    A seal, a dropout or print over a ruling hides a piece of it; a merged cell shows nothing there. So
    what is half seen between two drawn sides on its line is drawn. What lies under a streak is as in the
    nearest row (or column) that is divided alike, or else drawn if its line is drawn on both sides of it;
    what these do not tell is left to the faces: it costs little to draw it where another ruling ends there.
    """
    across = _uncovered(sides.across.T, present).T
    down = _uncovered(sides.down, present)
    return replace(sides, across=bridged(across, present), down=bridged(down.T, present).T)


def _uncovered(support: NDArray[np.float64], present: float) -> NDArray[np.float64]:
    """Columns are lines: entries that are not a number set to `present` or 0."""
    found = support.copy()
    told = ~np.isnan(support)
    drawn = np.nan_to_num(support) >= present
    for r, c in np.argwhere(~told):
        alike = _alike(drawn, told, int(r), int(c))
        yes = drawn[alike, c] if alike is not None else _goes_on(drawn, told, int(r), int(c))
        unknown = UNKNOWN * present if alike is None else 0.0
        found[r, c] = present if yes else unknown
    return found


def _alike(drawn: NDArray[np.bool_], told: NDArray[np.bool_], r: int, c: int) -> int | None:
    """The nearest row that is divided as row `r` is, as far as can be told, and tells of line `c`."""
    both = told & told[r]
    same = ((drawn == drawn[r]) | ~both).all(axis=1) & (both.sum(axis=1) >= 3) & told[:, c]
    rows = np.flatnonzero(same)
    return int(rows[np.abs(rows - r).argmin()]) if len(rows) else None


def _goes_on(drawn: NDArray[np.bool_], told: NDArray[np.bool_], r: int, c: int) -> bool:
    """Whether line `c` is drawn both before and after row `r`."""
    rows = np.flatnonzero(told[:, c])
    before, after = rows[rows < r], rows[rows > r]
    return bool(len(before) and len(after) and drawn[before[-1], c] and drawn[after[0], c])


def bridged(support: NDArray[np.float64], present: float) -> NDArray[np.float64]:
    """Rows are lines: half seen entries whose left and right neighbours are present raised to `present`."""
    seen = support >= present
    between = np.zeros_like(seen)
    between[:, 1:-1] = seen[:, :-2] & seen[:, 2:]
    return np.where(between & ~seen & (support >= present / 2), present, support)


def merge_faces(sides: Sides, present: float) -> list[Face]:
    """Cells of the finest grid merged where the side between them is not drawn; all faces rectangular.

    A merged region that is no rectangle, or into which a ruling runs without parting it, has either a
    ruling too few or a ruling too many. Both repairs are weighed by the support that speaks against them,
    and the cheaper one is made, until all fit.
    """
    across, down = sides.across >= present, sides.down >= present
    across[[0, -1]] = True
    down[:, [0, -1]] = True
    while True:
        labels = _label(across, down)
        odd = _first_odd(labels, across, down)
        if odd is None:
            return _faces(labels)
        _repair(odd, labels, sides, across, down, present)


def _label(across: NDArray[np.bool_], down: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Region number of each finest cell, regions numbered in reading order."""
    rows, cols = down.shape[0], across.shape[1]
    labels = np.full((rows, cols), -1, np.int32)
    number = 0
    for r0 in range(rows):
        for c0 in range(cols):
            if labels[r0, c0] >= 0:
                continue
            stack = [(r0, c0)]
            labels[r0, c0] = number
            while stack:
                r, c = stack.pop()
                for open_, nr, nc in (
                    (r > 0 and not across[r, c], r - 1, c),
                    (r + 1 < rows and not across[r + 1, c], r + 1, c),
                    (c > 0 and not down[r, c], r, c - 1),
                    (c + 1 < cols and not down[r, c + 1], r, c + 1),
                ):
                    if open_ and labels[nr, nc] < 0:
                        labels[nr, nc] = number
                        stack.append((nr, nc))
            number += 1
    return labels


def _faces(labels: NDArray[np.int32]) -> list[Face]:
    """The bounds of all regions, by their numbers."""
    place = np.indices(labels.shape).reshape(2, -1)
    number, count = labels.ravel(), int(labels.max()) + 1
    first, last = np.full((2, count), labels.size), np.zeros((2, count), place.dtype)
    for k in (0, 1):
        np.minimum.at(first[k], number, place[k])
        np.maximum.at(last[k], number, place[k])
    return list(zip(*first.tolist(), *(last + 1).tolist(), strict=True))


def _first_odd(labels: NDArray[np.int32], across: NDArray[np.bool_], down: NDArray[np.bool_]) -> int | None:
    areas = np.bincount(labels.ravel()).tolist()
    for i, (r0, c0, r1, c1) in enumerate(_faces(labels)):
        if areas[i] != (r1 - r0) * (c1 - c0):
            return i
        if areas[i] > 1 and (across[r0 + 1 : r1, c0:c1].any() or down[r0:r1, c0 + 1 : c1].any()):
            return i
    return None


def _repair(
    odd: int,
    labels: NDArray[np.int32],
    sides: Sides,
    across: NDArray[np.bool_],
    down: NDArray[np.bool_],
    present: float,
) -> None:
    """Cut the odd region along its best supported line, or open it up to its bounding rectangle."""
    region = labels == odd
    r0, c0, r1, c1 = _faces(labels)[odd]
    columns, rows = sides.weights
    cuts: list[tuple[float, bool, int]] = []
    for r in range(r0 + 1, r1):
        both = region[r - 1] & region[r] & ~across[r]
        if both.any():
            cuts.append((_price((present - sides.across[r]) * columns, across[r], both), True, r))
    for c in range(c0 + 1, c1):
        both = region[:, c - 1] & region[:, c] & ~down[:, c]
        if both.any():
            cuts.append((_price((present - sides.down[:, c]) * rows, down[:, c], both), False, c))
    inner_across, inner_down = across[r0 + 1 : r1, c0:c1], down[r0:r1, c0 + 1 : c1]
    opening = float(
        ((sides.across[r0 + 1 : r1, c0:c1] - present) * columns[c0:c1])[inner_across].sum()
        + ((sides.down[r0:r1, c0 + 1 : c1] - present) * rows[r0:r1, None])[inner_down].sum()
    )
    cost, horizontal, at = min(cuts)
    if opening < cost:
        inner_across[:] = False
        inner_down[:] = False
    elif horizontal:
        across[at, c0:c1] |= region[at - 1, c0:c1] & region[at, c0:c1]
    else:
        down[r0:r1, at] |= region[r0:r1, at - 1] & region[r0:r1, at]


def _price(against: NDArray[np.float64], drawn: NDArray[np.bool_], missing: NDArray[np.bool_]) -> float:
    """What speaks against drawing the `missing` sides of a line.

    Less so where the line is drawn on one end of them, least where it is on both: a ruling breaks more
    easily than a stub of one grows.
    """
    first, last = (int(i) for i in np.flatnonzero(missing)[[0, -1]])
    ends = int(first > 0 and drawn[first - 1]) + int(last + 1 < len(drawn) and drawn[last + 1])
    return float(against[missing].sum()) * (1.0, 0.6, 0.3)[ends]

"""Rows and columns of a table from its print alone: gaps that run through, lines that belong together.

After T. Kieninger's observation (The T-Recs table recognition system, 1998) that the words of one column
overlap from line to line, while words of neighbouring columns do not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from shenbao.models.stages import Box

RIVER = 0.6
"""Width, in character heights, of a gap that parts two columns."""

NARROW = 0.5
"""Width, in character heights, of a gap that parts two columns with a heading each."""

STRADDLE = 0.15
"""Share of the print of two such columns that may run over their gap: what a seal or dirt has joined."""

PHRASE = 1.15
"""Gap, in character heights, up to which pieces on one line are read on: a full-width bracket leaves as much."""

Boxes = NDArray[np.float64]
"""x0, y0, x1, y1 of boxes, shape (n, 4)."""


@dataclass(frozen=True, eq=False)
class Band:
    """Print between two gaps that run through the table's whole width: one row, or lines of one."""

    pieces: Boxes

    @property
    def top(self) -> float:
        return float(self.pieces[:, 1].min())

    @property
    def bottom(self) -> float:
        return float(self.pieces[:, 3].max())


def as_boxes(pieces: Sequence[Box]) -> Boxes:
    return np.array(pieces, np.float64).reshape(-1, 4)


def bands(pieces: Boxes, h: float) -> list[Band]:
    """The pieces in bands, top to bottom. Pieces taller than a line bridge no gap.

    Bands close together without print above one another are one: lines of cells beside each other.
    """
    single = pieces[:, 3] - pieces[:, 1] < 1.75 * h
    if not single.any():
        return []
    inset = 0.03 * h
    groups: list[list[int]] = []
    bottom = -np.inf
    for i in sorted(np.flatnonzero(single), key=lambda k: float(pieces[k, 1])):
        if pieces[i, 1] + inset > bottom - inset:
            groups.append([])
            bottom = -np.inf
        groups[-1].append(int(i))
        bottom = max(bottom, float(pieces[i, 3]))
    ends = [(float(pieces[g, 1].min()), float(pieces[g, 3].max())) for g in groups]
    for i in np.flatnonzero(~single):
        middle = float(pieces[i, 1] + pieces[i, 3]) / 2
        own = next((g for g, (a, b) in zip(groups, ends, strict=False) if a < middle < b), None)
        if own is None:
            groups.append([int(i)])
        else:
            own.append(int(i))
    found = sorted((Band(pieces[g]) for g in groups), key=lambda b: b.top + b.bottom)
    runs: list[list[Band]] = []
    for band in found:
        if runs and _is_one_row(runs[-1][-1], band, h):
            runs[-1].append(band)
        else:
            runs.append([band])
    return [Band(np.concatenate([b.pieces for b in run])) for run in runs]


def _is_one_row(one: Band, other: Band, h: float) -> bool:
    """Whether two bands are close, one over the other, with no print in the same place across."""
    tall = max(b.bottom - b.top for b in (one, other)) > 1.75 * h
    if tall or other.top - one.bottom > 0.35 * h:
        return False
    a, b = one.pieces, other.pieces
    over = np.minimum(a[:, None, 2], b[None, :, 2]) - np.maximum(a[:, None, 0], b[None, :, 0])
    return not (over > 0).any()


def crossing(pieces: Boxes, others: Sequence[Band], share: float = 0.5) -> NDArray[np.bool_]:
    """For each piece whether it lies over two or more pieces of most bands (a `share` of them), as a title or a
    common heading does; print of one column meets one piece of its column at most."""
    many = [spans for spans in (_shadows(b.pieces) for b in others) if len(spans) >= 2]
    if not many or not len(pieces):
        return np.zeros(len(pieces), bool)
    hits = np.zeros(len(pieces))
    for spans in many:
        over = np.minimum(pieces[:, None, 2], spans[:, 1]) - np.maximum(pieces[:, None, 0], spans[:, 0])
        hits += (over > 0).sum(axis=1) >= 2
    return np.asarray(hits >= share * len(many), bool)


def _shadows(pieces: Boxes) -> NDArray[np.float64]:
    """The stretches of a line below the pieces, from left to right, shape (n, 2)."""
    spans: list[list[float]] = []
    for a, b in sorted((float(a), float(b)) for a, b in pieces[:, [0, 2]]):
        if spans and a <= spans[-1][1]:
            spans[-1][1] = max(spans[-1][1], b)
        else:
            spans.append([a, b])
    return np.array(spans, np.float64).reshape(-1, 2)


def phrases(pieces: Boxes, h: float) -> Boxes:
    """The pieces with those on one line made one over a gap as wide as a punctuation mark leaves."""
    done: list[list[float]] = []
    for x0, y0, x1, y1 in sorted(map(tuple, pieces.tolist())):
        for other in reversed(done):
            over = min(y1, other[3]) - max(y0, other[1])
            if x0 - other[2] < PHRASE * h and over > 0.5 * min(y1 - y0, other[3] - other[1]):
                other[:] = [other[0], min(y0, other[1]), max(x1, other[2]), max(y1, other[3])]
                break
        else:
            done.append([x0, y0, x1, y1])
    return np.array(done, np.float64).reshape(-1, 4)


def columns(pieces: Boxes, left: float, right: float, h: float, river: float = RIVER) -> list[float]:
    """Column edges: `left`, the middle of every gap that runs down through all pieces, `right`.

    `river` is the least width of a gap in character heights.
    """
    if not len(pieces):
        return [left, right]
    spans = sorted((float(a), float(b)) for a, b in pieces[:, [0, 2]])
    edges, reach = [left], spans[0][1]
    for a, b in spans[1:]:
        if a - reach >= river * h:
            edges.append((a + reach) / 2)
        reach = max(reach, b)
    return [*edges, right]


def least_crossed(pieces: Boxes, left: float, right: float, h: float) -> list[float]:
    """The middle of the gap between two places that the fewest pieces run over; none where these are many."""
    ends = np.unique(pieces[:, [0, 2]])
    middles = (ends[1:] + ends[:-1]) / 2
    found: list[tuple[int, float, float]] = []
    for x in middles[(middles > left) & (middles < right)]:
        before, after = pieces[pieces[:, 2] < x], pieces[pieces[:, 0] > x]
        over = len(pieces) - len(before) - len(after)
        if over > STRADDLE * len(pieces) or not len(before) or not len(after):
            continue
        start, stop = float(before[:, 2].max()), float(after[:, 0].min())
        if stop - start >= NARROW * h:
            found.append((over, start - stop, (start + stop) / 2))
    return [min(found)[2]] if found else []


def placed(pieces: Boxes, xs: Sequence[float]) -> NDArray[np.int32]:
    """First and last column of each piece, shape (n, 2): those that it lies in by more than a sliver."""
    edges = np.array(xs)
    sliver = np.minimum(0.25 * (pieces[:, 2] - pieces[:, 0]), 0.2 * (pieces[:, 3] - pieces[:, 1]))
    first = np.searchsorted(edges, pieces[:, 0] + sliver, side="right") - 1
    last = np.searchsorted(edges, pieces[:, 2] - sliver, side="left") - 1
    both = np.stack([first, np.maximum(first, last)], axis=1)
    return np.asarray(np.clip(both, 0, len(xs) - 2), np.int32)


def filled(band: Band, xs: Sequence[float]) -> frozenset[int]:
    """The columns in which a band has print."""
    return frozenset(c for first, last in placed(band.pieces, xs) for c in range(first, last + 1))


def row_cuts(found: Sequence[Band], xs: Sequence[float], h: float) -> list[float]:
    """Heights between the rows of successive bands: a band with little in it, close to a fuller one that
    has print in the same columns, goes on with that one's row."""
    if len(found) < 2:
        return []
    fills = [filled(b, xs) for b in found]
    gaps = [b.top - a.bottom for a, b in pairwise(found)]
    usual = float(np.median([len(f) for f in fills]))
    core = [len(f) >= max(2.0, 0.5 * usual) for f in fills]
    between = [g for g, (a, b) in zip(gaps, pairwise(core), strict=True) if a and b]
    near = 0.7 * (float(np.quantile(between, 0.25)) if between else 0.9 * h)
    owner = list(range(len(found)))
    for i in range(len(found)):
        if core[i]:
            continue
        options = [
            (gaps[min(i, j)], j)
            for j in (i - 1, i + 1)
            if 0 <= j < len(found)
            and gaps[min(i, j)] < near
            and (fills[i] <= _reached(owner, fills, j) or gaps[min(i, j)] < 0.15 * h)
        ]
        if options:
            owner[i] = owner[min(options)[1]]
    # A band between two of one row, or several lines running on from a row, end up with one owner.
    for i in reversed(range(len(found) - 1)):
        if not core[i] and owner[i] == i and gaps[i] < near and fills[i] <= fills[owner[i + 1]]:
            owner[i] = owner[i + 1]
    for i, band in enumerate(found):
        if owner[i] == i and len(band.pieces) == 1 and float(np.ptp(band.pieces[0, [0, 2]])) < 1.2 * h:
            owner[i] = owner[_nearest(gaps, i)]  # a blot, or a last character far below its line
    return [(a.bottom + b.top) / 2 for k, (a, b) in enumerate(pairwise(found)) if owner[k] != owner[k + 1]]


def _nearest(gaps: Sequence[float], i: int) -> int:
    above = gaps[i - 1] if i else np.inf
    below = gaps[i] if i < len(gaps) else np.inf
    return i - 1 if above <= below else i + 1


def _reached(owner: list[int], fills: Sequence[frozenset[int]], j: int) -> frozenset[int]:
    return fills[j] | fills[owner[j]]


def partition(centres: Sequence[float], xs: Sequence[float]) -> list[int]:
    """Splits neighbouring columns (edges `xs`) among headings that stand in the middle of their columns.

    Returns:
        for each heading, left to right, the number of columns that it gets; least total distance between
        headings and the middles of their columns (dynamic programming).
    """
    n, m = len(xs) - 1, len(centres)
    if not 0 < m <= n:
        return []
    best: dict[tuple[int, int], tuple[float, int]] = {(0, 0): (0.0, 0)}
    for k in range(1, m + 1):
        for end in range(k, n - (m - k) + 1):
            best[k, end] = min(
                (best[k - 1, start][0] + abs((xs[start] + xs[end]) / 2 - centres[k - 1]), start)
                for start in range(k - 1, end)
                if (k - 1, start) in best
            )
    sizes, end = [], n
    for k in range(m, 0, -1):
        start = best[k, end][1]
        sizes.append(end - start)
        end = start
    return sizes[::-1]

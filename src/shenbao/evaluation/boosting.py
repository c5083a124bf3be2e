"""Gradient boosting of small decision trees from given log odds (Friedman, 2001), with signs obeyed.

Second-order steps on values in bins, as in XGBoost (Chen and Guestrin, 2016): a leaf is the sum of slopes over
the sum of curvatures plus a penalty. A signal with a sign splits only so that the tree rises, or falls, with it;
the leaves on both sides are kept apart by the middle of the two. Pure functions on numpy arrays.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from shenbao.evaluation.regression import Flags, Floats, logistic
from shenbao.models.calibration import Split

Codes = NDArray[np.int64]
Node = float | Split


@dataclass(frozen=True)
class Growth:
    """How trees are grown.

    `trees` of at most `depth` splits one below the other, each counted at `rate`; `penalty` on squared leaves;
    a leaf holds at least `least` of curvature, the sum of p (1 - p) over its rows: rows that are sure count little.
    `bins` values are told apart for each signal; each tree sees the share `seen` of the signals.
    """

    trees: int = 60
    depth: int = 2
    rate: float = 0.1
    penalty: float = 20.0
    least: float = 3.0
    bins: int = 24
    seen: float = 0.5
    seed: int = 1


@dataclass(frozen=True, eq=False)
class _Binned:
    """Rows (n, k) as numbers of bins, which end at `ends` (for each signal, rising)."""

    names: tuple[str, ...]
    codes: Codes
    ends: tuple[Floats, ...]
    signs: Floats
    bins: int


@dataclass(frozen=True, eq=False)
class _Part:
    """The rows of a node, their slopes and curvatures, and the range that its leaves may have."""

    rows: NDArray[np.intp]
    slope: Floats
    bend: Floats
    low: float = -np.inf
    high: float = np.inf


def boost(
    names: tuple[str, ...], features: Floats, right: Flags, start: Floats, signs: Floats, growth: Growth
) -> tuple[Split, ...]:
    """Trees whose sum, added to the log odds `start` (n,), foretells which rows are right.

    `features` (n, k) of signals `names`, `signs` (k,) as for `regression.fit_signed`.
    """
    binned = _bin(names, features, signs, growth.bins)
    chance = np.random.default_rng(growth.seed)
    odds = start.astype(float).copy()
    found = []
    for _ in range(growth.trees):
        p = logistic(odds)
        part = _Part(np.arange(len(right)), right - p, np.maximum(p * (1 - p), 1e-6))
        seen = chance.random(len(names)) < growth.seen
        tree = _grown(binned, part, seen, growth.depth, growth)
        if isinstance(tree, Split):
            found.append(tree)
            odds += values(tree, names, features)
    return tuple(found)


def values(tree: Node, names: tuple[str, ...], features: Floats) -> Floats:
    """What a tree adds for each row (n,) of features (n, k)."""
    if not isinstance(tree, Split):
        return np.full(len(features), float(tree))
    low = features[:, names.index(tree.signal)] <= tree.limit
    found = np.empty(len(features))
    found[low] = values(tree.low, names, features[low])
    found[~low] = values(tree.high, names, features[~low])
    return found


def _bin(names: tuple[str, ...], features: Floats, signs: Floats, bins: int) -> _Binned:
    ends = tuple(_ends(column, bins) for column in features.T)
    codes = [np.searchsorted(end, column) for end, column in zip(ends, features.T, strict=True)]
    most = max(map(len, ends), default=0) + 1
    return _Binned(names, np.column_stack(codes).astype(np.int64), ends, signs, most)


def _ends(column: Floats, bins: int) -> Floats:
    held = np.unique(column)
    if len(held) > bins:
        held = np.unique(np.quantile(column, np.linspace(0, 1, bins + 1)))
    # Rounded as they are stored, so that a row falls on the same side here and there.
    return np.unique(np.round((held[1:] + held[:-1]) / 2, 5))


def _grown(binned: _Binned, part: _Part, seen: Flags, depth: int, growth: Growth) -> Node:
    """A leaf, already at the rate of growth, or a node with what is below it."""
    slope, bend = part.slope[part.rows].sum(), part.bend[part.rows].sum()
    leaf = float(np.clip(slope / (bend + growth.penalty), part.low, part.high))
    best = _best(binned, part, seen, growth) if depth and bend >= 2 * growth.least else None
    if best is None:
        return round(growth.rate * leaf, 6)
    signal, end, low, high = best
    below = binned.codes[part.rows, signal] <= end
    middle, sign = (low + high) / 2, binned.signs[signal]
    left, right = replace(part, rows=part.rows[below]), replace(part, rows=part.rows[~below])
    if sign > 0:
        left, right = replace(left, high=middle), replace(right, low=middle)
    elif sign < 0:
        left, right = replace(left, low=middle), replace(right, high=middle)
    return Split(
        signal=binned.names[signal],
        limit=float(binned.ends[signal][end]),
        low=_grown(binned, left, seen, depth - 1, growth),
        high=_grown(binned, right, seen, depth - 1, growth),
    )


def _best(binned: _Binned, part: _Part, seen: Flags, growth: Growth) -> tuple[int, int, float, float] | None:
    """Signal and bin of the split that gains most, with the leaves it would have; None where none gains."""
    places = (binned.codes[part.rows] + np.arange(len(seen)) * binned.bins)[:, seen].ravel()
    size = len(seen) * binned.bins

    def sums(of: Floats) -> Floats:
        weights = np.repeat(of[part.rows], int(seen.sum()))
        counted = np.bincount(places, weights, size).reshape(len(seen), binned.bins)
        return np.asarray(np.cumsum(counted, axis=1)[:, :-1], float)

    slopes, bends = sums(part.slope), sums(part.bend)
    slope, bend = part.slope[part.rows].sum(), part.bend[part.rows].sum()
    low, low_gain = _leaves(slopes, bends, part, growth.penalty)
    high, high_gain = _leaves(slope - slopes, bend - bends, part, growth.penalty)
    _, whole = _leaves(np.array(slope), np.array(bend), part, growth.penalty)
    fits = (bends >= growth.least) & (bend - bends >= growth.least) & seen[:, None]
    fits &= (high - low) * binned.signs[:, None] >= 0
    fits &= np.arange(binned.bins - 1) < np.array([len(end) for end in binned.ends])[:, None]
    gain = np.where(fits, low_gain + high_gain - whole, 0.0)
    if not gain.size or gain.max() <= 1e-3:
        return None
    signal, end = divmod(int(gain.argmax()), gain.shape[1])
    return signal, end, float(low[signal, end]), float(high[signal, end])


def _leaves(slopes: Floats, bends: Floats, part: _Part, penalty: float) -> tuple[Floats, Floats]:
    """Leaves of these sums, within the node's range, and how much each lessens the loss."""
    found = np.clip(slopes / (bends + penalty), part.low, part.high)
    return found, slopes * found - 0.5 * (bends + penalty) * found**2

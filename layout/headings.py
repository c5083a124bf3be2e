"""Headings that stand over several columns, each with a heading of its own, in tables without verticals."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from shenbao.layout.alignment import Boxes, partition, phrases, placed
from shenbao.models.stages import Ruling


@dataclass(frozen=True)
class Split:
    """A line at height `y` under the common headings of `columns`, which it parts from those below.

    `groups` are the columns (first, last + 1) that each common heading stands over.
    """

    y: float
    columns: frozenset[int]
    groups: tuple[tuple[int, int], ...]


def ruled_splits(pieces: Boxes, rules: Sequence[Ruling], xs: Sequence[float], h: float) -> list[Split]:
    """The splits that short rulings within a heading show, top to bottom."""
    levels: list[list[Ruling]] = []
    for rule in sorted(rules, key=lambda r: r.at):
        if levels and rule.at - levels[-1][-1].at < 0.5 * h:
            levels[-1].append(rule)
        else:
            levels.append([rule])
    splits = []
    for level in levels:
        y = float(np.mean([r.at for r in level]))
        under = frozenset(
            j
            for j, (a, b) in enumerate(pairwise(xs))
            if sum(max(0.0, min(b, r.end) - max(a, r.start)) for r in level) > 0.6 * (b - a)
        )
        above = pieces[(pieces[:, 3] <= y + 0.3 * h) & (pieces[:, 3] > y - 4.0 * h)]
        if under:
            splits.append(Split(y, under, _groups(phrases(above, h), under, xs)))
    return splits


def seen_split(pieces: Boxes, xs: Sequence[float], h: float, *, whole: bool = False) -> Split | None:
    """The split that common headings show by standing across columns, over headings of these.

    `pieces` are those of the headings. Columns whose own heading stands in the middle of the height have
    no part in it. `whole` asks that all that stands above others be common headings, as captions are not.
    """
    where = placed(pieces, xs)
    single = where[:, 0] == where[:, 1]
    if not single.any():
        return None
    middle = (pieces[:, 1] + pieces[:, 3]) / 2
    low = single & (middle > float(middle[single].max()) - 0.6 * h)
    leaves = frozenset(where[low, 0].tolist())
    over = ~low & (~single | np.isin(where[:, 0], list(leaves)))
    alone = frozenset(where[~low & ~over, 0].tolist())
    found = _groups(pieces[over], leaves - alone, xs)
    groups = tuple(
        (a, b) for a, b in found if b - a > 1 and _centred(pieces[over], pieces[low], (a, b), xs, h)
    )
    crossing = pieces[over] if whole else pieces[over & ~single]
    if not groups or any(not any(_within(p, g, xs) for g in groups) for p in crossing):
        return None
    columns = frozenset(c for a, b in groups for c in range(a, b))
    top = pieces[over & (where[:, 0] >= min(columns)) & (where[:, 1] <= max(columns))]
    y = (float(top[:, 3].max()) + float(pieces[low, 1].min())) / 2
    return Split(y, columns, groups)


def _within(piece: Boxes, group: tuple[int, int], xs: Sequence[float]) -> bool:
    return bool(xs[group[0]] < (piece[0] + piece[2]) / 2 < xs[group[1]])


def _centred(over: Boxes, low: Boxes, group: tuple[int, int], xs: Sequence[float], h: float) -> bool:
    """Whether a common heading stands in the middle of its columns, or of the headings below it: unlike
    the captions of a table."""
    own = over[[_within(p, group, xs) for p in over]]
    below = low[[_within(p, group, xs) for p in low]]
    if not len(own) or not len(below):
        return False
    middle = (own[:, 0].min() + own[:, 2].max()) / 2
    aims = ((xs[group[0]] + xs[group[1]]) / 2, (below[:, 0].min() + below[:, 2].max()) / 2)
    return bool(min(abs(middle - a) for a in aims) < 2.0 * h)


def _groups(above: Boxes, under: frozenset[int], xs: Sequence[float]) -> tuple[tuple[int, int], ...]:
    """The columns of each heading among those above a run of neighbouring columns."""
    groups: list[tuple[int, int]] = []
    for start, end in _runs(under):
        middles = (above[:, 0] + above[:, 2]) / 2 if len(above) else np.empty(0)
        own = sorted(float(m) for m in middles if xs[start] <= m <= xs[end])
        at = start
        for size in partition(own, xs[start : end + 1]):
            groups.append((at, at + size))
            at += size
    return tuple(groups)


def _runs(columns: frozenset[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for c in sorted(columns):
        if runs and runs[-1][1] == c:
            runs[-1] = (runs[-1][0], c + 1)
        else:
            runs.append((c, c + 1))
    return runs

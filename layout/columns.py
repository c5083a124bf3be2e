"""Column edges of a table's parts on several pages brought into one grid.

Edges are shares (0 to 1) of the table's width.
"""

from collections.abc import Sequence
from statistics import median

REACH = 0.035
"""How far edges of one column may lie apart on two pages: a photographed page keeps a little perspective."""

STANDS_OUT = 0.015
"""How far edges of one column may lie apart where those of all others do not."""

FINE = 0.012
"""How far edges of one column lie apart at most where perspective is taken out."""

FITTING = 2.5
"""Columns that must fit, those a little apart in part, for a perspective to be told."""

BENDS, STEPS = 12, 100
"""Perspectives that are tried to each side, and how many of them move the middle by a quarter of the width."""

CLEAR = 2
"""Inner columns up to which nothing is known of the others."""


def matched(one: Sequence[float], other: Sequence[float]) -> list[tuple[int, int]]:
    """Pairs of indices of edges that are one column edge: in order, the most and nearest that go together."""
    gain = [[0.0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i, a in enumerate(one, start=1):
        for j, b in enumerate(other, start=1):
            pair = gain[i - 1][j - 1] + max(0.0, 1.0 - abs(a - b) / REACH)
            gain[i][j] = max(gain[i - 1][j], gain[i][j - 1], pair)
    pairs: list[tuple[int, int]] = []
    i, j = len(one), len(other)
    while i and j:
        if gain[i][j] == gain[i - 1][j]:
            i -= 1
        elif gain[i][j] == gain[i][j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]


def same_edges(one: Sequence[float], other: Sequence[float]) -> list[tuple[int, int]]:
    """Pairs of indices of edges that are one column edge, without those that stand out: where all others lie
    as exactly as in scans, neighbours a little apart are two columns of different rows."""
    pairs = matched(one, other)
    inner = [(i, j) for i, j in pairs if 0 < i < len(one) - 1 and 0 < j < len(other) - 1]
    gaps = [abs(one[i] - other[j]) for i, j in inner]
    if len(gaps) <= CLEAR:
        return pairs
    most = max(STANDS_OUT, 3.0 * median(gaps))
    return [(i, j) for i, j in pairs if abs(one[i] - other[j]) <= most]


def _from_nearer(edges: Sequence[float], reference: Sequence[float]) -> list[float]:
    """The edges as the page of `reference` would show them, where the other page was photographed from another side.

    Between ends that are the same, perspective moves x by about k x (1 - x). It is told from at least one column
    more that then lies where the reference has one.
    """
    here = max(FITTING, _fit(edges, reference) + 1.0)
    if min(len(edges), len(reference)) - 2 < here:
        return list(edges)  # no perspective can fit that many
    bent = [[x + k / STEPS * x * (1.0 - x) for x in edges] for k in range(-BENDS, BENDS + 1)]
    fits = [_fit(each, reference) for each in bent]
    best = max(range(len(bent)), key=lambda n: (fits[n], -abs(n - BENDS)))
    return bent[best] if fits[best] >= here else list(edges)


def _fit(one: Sequence[float], other: Sequence[float]) -> float:
    """How many inner edges lie where the other page has one; those a little apart count in part."""
    return sum(
        max(0.0, 1.0 - abs(one[i] - other[j]) / FINE)
        for i, j in matched(one, other)
        if 0 < i < len(one) - 1 and 0 < j < len(other) - 1
    )


def reconciled(edges: Sequence[float], reference: Sequence[float]) -> list[float]:
    """The edges in the frame of `reference`: those that are its own take its values, others lie between."""
    edges = _from_nearer(edges, reference)
    pairs = same_edges(edges, reference)
    if not pairs:
        return list(edges)
    known = dict(pairs)
    found = []
    for i, edge in enumerate(edges):
        if i in known:
            found.append(reference[known[i]])
            continue
        left = max((k for k in known if k < i), default=None)
        right = min((k for k in known if k > i), default=None)
        found.append(_between(edge, edges, reference, known, left, right))
    return found


def _between(
    edge: float,
    edges: Sequence[float],
    reference: Sequence[float],
    known: dict[int, int],
    left: int | None,
    right: int | None,
) -> float:
    """Where an edge lies in the reference, by the matched ones beside it."""
    if left is None or right is None:
        nearest = right if left is None else left
        assert nearest is not None
        return edge + reference[known[nearest]] - edges[nearest]
    share = (edge - edges[left]) / (edges[right] - edges[left])
    a, b = reference[known[left]], reference[known[right]]
    return a + share * (b - a)

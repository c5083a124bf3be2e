"""Edges of rows and columns that no ruling was found for: what is seen of them was too pale, or too broken.

Where lines that were taken for none lie within a grid, the network of `side_net` looks at the sides that they would be.
"""

from collections.abc import Callable, Sequence
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from shenbao.layout.faces import Sides
from shenbao.layout.paled import PRESENT
from shenbao.layout.side_net import HALF, known_network, seen_on
from shenbao.layout.side_pictures import Lattice, lattices
from shenbao.models.stages import Ruling, Rulings

SEEN = 1.25
"""Character heights along an edge of which something must be seen."""

NEAR = 0.4
"""Character heights within which lines beside each other are one, and from a known edge on it is that edge's."""

BESIDE, END = 0.4, 0.5
"""Share of a table's width or height within which its own end may lie beyond the last edge, and share of the other one
of which something must be seen there."""

CLOSED = 0.8
"""Share of the sides on such a line that must be drawn."""

Edges = list[float]

Measure = Callable[[Edges, Edges], tuple[Sides, Sides, float]]
"""From the edges of columns and rows to how far their sides are drawn: measured, told by their neighbours, and the
share of sides that are not drawn beyond doubt."""


def hidden_edges(
    xs: Edges, ys: Edges, rulings: Rulings, broken: float, measure: Measure
) -> tuple[Edges, Edges]:
    """Places of columns' and of rows' edges within a grid, beside those known, that the network is sure to see.

    `broken` is the share (0 to 1) of the known sides that are not drawn beyond doubt.
    """
    if rulings.across.dark is None:
        return [], []
    columns, rows = possible_edges(xs, ys, rulings, broken > 0.0)
    return (
        _seen(sorted(xs + columns), ys, xs, False, rulings, measure) if columns else [],
        _seen(xs, sorted(ys + rows), ys, True, rulings, measure) if rows else [],
    )


def _seen(xs: Edges, ys: Edges, known: Edges, level: bool, rulings: Rulings, measure: Measure) -> Edges:
    """Which of the level edges, or of the others, the network sees but for those known."""
    measured, told, broken = measure(xs, ys)
    lattice = lattices(measured, told, xs, ys, rulings)[0 if level else 1]
    lines = [i for i, at in enumerate(lattice.lines) if at not in known]
    shares = dict(zip(lines, seen_on(lattice, lines, rulings, broken), strict=True))
    first, last = lattice.lines.index(known[0]), lattice.lines.index(known[-1])
    drawn = known_network().drawn
    inner = [i for i in lines if first < i < last and (shares[i] >= drawn).any()]
    before = takewhile(lambda i: _closes(lattice, i, i, shares[i]), range(first - 1, -1, -1))
    after = takewhile(lambda i: _closes(lattice, i, i - 1, shares[i]), range(last + 1, len(lattice.lines)))
    return [lattice.lines[i] for i in (*before, *inner, *after)]


def _closes(lattice: Lattice, line: int, gap: int, shares: NDArray[np.float64]) -> bool:
    """Whether a line beyond the outermost edge is the table's own end: it is seen nearly everywhere, and what bounds the
    table on both sides goes on over the gap to it."""
    joined = lattice.beside[[0, -1], gap] >= PRESENT
    return bool(joined.all() and (shares >= HALF).mean() >= CLOSED and shares.max() >= known_network().drawn)


def possible_edges(xs: Edges, ys: Edges, rulings: Rulings, broken: bool) -> tuple[Edges, Edges]:
    """Places of columns' and of rows' edges within a grid, and beside it, where a line might be one.

    Where none of the known sides is `broken`, little that is seen of a line is none.
    """
    lines = (*rulings.lines, *rulings.weak)
    across, down = ([x for x in lines if x.horizontal is level] for level in (True, False))
    h = rulings.char_height
    least = SEEN * h if broken else np.inf
    return _among(down, xs, ys, least, h), _among(across, ys, xs, least, h)


def _among(lines: Sequence[Ruling], edges: Edges, crossing: Edges, least: float, h: float) -> Edges:
    known = np.array(edges)
    reach, whole = BESIDE * (known[-1] - known[0]), END * (crossing[-1] - crossing[0])
    groups: list[list[tuple[float, float]]] = []
    for line in sorted(lines, key=lambda x: x.at):
        length = min(line.end, crossing[-1]) - max(line.start, crossing[0])
        near = known[0] - reach < line.at < known[-1] + reach
        if length <= 0 or not near or np.abs(known - line.at).min() < NEAR * h:
            continue
        if not groups or line.at - groups[-1][-1][0] > NEAR * h:
            groups.append([])
        groups[-1].append((line.at, length))
    found = []
    for group in groups:
        at, lengths = np.array(group).T
        place = float(np.average(at, weights=lengths))
        if lengths.sum() >= (min(least, whole) if known[0] < place < known[-1] else whole):
            found.append(place)
    return found

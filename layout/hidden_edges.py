"""Edges of rows and columns that no ruling was found for: what is seen of them was too pale, or too broken.

Where lines that were taken for none lie within a grid, the network of `side_net` looks at the sides that they would be.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise, takewhile

import numpy as np
from numpy.typing import NDArray

from shenbao.layout.faces import Sides
from shenbao.layout.paled import PRESENT
from shenbao.layout.side_net import HALF, asked, known_network
from shenbao.layout.side_pictures import Lattice, lattices, with_lines
from shenbao.models.stages import Ruling, Rulings

SEEN = 1.25
"""Character heights along an edge of which something must be seen."""

NEAR = 0.4
"""Character heights within which lines beside each other are one, and from a known edge on it is that edge's."""

MET = 0.3
"""Character heights from an edge within which a line ends at it."""

BESIDE, END = 0.4, 0.5
"""Share of a table's width or height within which its own end may lie beyond the last edge, and share of the other one
of which something must be seen there."""

CLOSED = 0.8
"""Share of the sides on such a line that must be drawn."""

PART = 0.3
"""Share of a side of which something must be seen for the network to be asked for it."""

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
    lines = possible_lines(xs, ys, rulings, broken > 0.0)

    def seen(level: bool) -> Edges:
        known, crossing = (ys, xs) if level else (xs, ys)
        among = [x for x in lines if x.horizontal is level]
        places = places_of(among, known, crossing, rulings.char_height)
        if not places:
            return []
        edges = sorted(known + places)
        wide = (xs, edges) if level else (edges, ys)
        measured, told, share = measure(*wide)
        lattice = lattices(measured, told, *wide, rulings)[0 if level else 1]
        return _seen(lattice, known, among, rulings, share)

    return seen(False), seen(True)


def _seen(lattice: Lattice, edges: Edges, lines: Sequence[Ruling], rulings: Rulings, broken: float) -> Edges:
    """Which of a lattice's lines the network sees, but for the known `edges`. Of each it is asked as if there were no
    other."""
    known = [i for i, at in enumerate(lattice.lines) if at in edges]
    first, last, count = known[0], known[-1], len(lattice.lines)
    shares: dict[int, NDArray[np.float64]] = {}
    for i in sorted({*range(count)}.difference(known)):
        kept = sorted([*known, i])
        alone = with_lines(lattice, kept)
        places = _touched(alone, kept.index(i), lines, not first < i < last, rulings.char_height)
        shares[i] = asked(places, alone, rulings, broken)
    drawn = known_network().drawn
    inner = [i for i, share in shares.items() if first < i < last and share.max(initial=0.0) >= drawn]
    before = takewhile(lambda i: _closes(lattice, i, shares[i]), range(first - 1, -1, -1))
    after = takewhile(lambda i: _closes(lattice, i - 1, shares[i]), range(last + 1, count))
    return [lattice.lines[i] for i in (*before, *inner, *after)]


def _touched(
    lattice: Lattice, line: int, lines: Sequence[Ruling], every: bool, h: float
) -> list[tuple[int, int]]:
    """The sides of a line, `every` one or those of which a good part was seen."""
    near = [x for x in lines if abs(x.at - lattice.lines[line]) < NEAR * h]
    return [
        (line, j)
        for j, (start, end) in enumerate(pairwise(lattice.crossing))
        if every or any(min(x.end, end) - max(x.start, start) > PART * (end - start) for x in near)
    ]


def _closes(lattice: Lattice, gap: int, shares: NDArray[np.float64]) -> bool:
    """Whether a line beyond the outermost edge is the table's own end: it is seen nearly everywhere, and what bounds the
    table on both sides goes on over the gap to it."""
    joined = lattice.beside[[0, -1], gap] >= PRESENT
    drawn = (shares >= HALF).mean() >= CLOSED and shares.max() >= known_network().drawn
    return bool(drawn and joined.all())


def possible_lines(xs: Edges, ys: Edges, rulings: Rulings, broken: bool) -> list[Ruling]:
    """Lines that the rules took for none but that may be edges: where none of a grid's sides is `broken`, and among
    print, those alone that go from edge to edge."""
    h = rulings.char_height
    found = [x for x in (*rulings.lines, *rulings.weak) if broken or _is_whole(x, xs, ys, h)]
    return found + [x for x in rulings.strokes if _is_whole(x, xs, ys, h)]


def _is_whole(line: Ruling, xs: Edges, ys: Edges, h: float) -> bool:
    """Whether a line goes from one of the edges that it would cross to another one, as few strokes of print do."""
    at = xs if line.horizontal else ys
    first, last = (min(range(len(at)), key=lambda k: abs(at[k] - end)) for end in (line.start, line.end))
    return first < last and abs(at[first] - line.start) < MET * h and abs(at[last] - line.end) < MET * h


def places_of(lines: Sequence[Ruling], edges: Edges, crossing: Edges, h: float) -> Edges:
    """Places of lines that are none of the known `edges`, those near a longer one together; beyond these edges of long
    lines alone."""
    first, last = edges[0], edges[-1]
    reach, whole = BESIDE * (last - first), END * (crossing[-1] - crossing[0])
    left = [
        (min(x.end, crossing[-1]) - max(x.start, crossing[0]), x.at)
        for x in lines
        if first - reach < x.at < last + reach and min(abs(x.at - edge) for edge in edges) >= NEAR * h
    ]
    left = sorted(((length, at) for length, at in left if length > 0), reverse=True)
    found = []
    while left:
        group = [(length, at) for length, at in left if abs(at - left[0][1]) < NEAR * h]
        left = [x for x in left if x not in group]
        total = sum(length for length, _ in group)
        place = sum(length * at for length, at in group) / total
        if total >= (SEEN * h if first < place < last else whole):
            found.append(place)
    return sorted(found)

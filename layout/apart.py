"""Tables one above the other whose outer sides stand in line: rulings that a title parts are not one."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from shenbao.layout.rulings import SURE
from shenbao.layout.stretches import held_columns, rows_at, share_of
from shenbao.models.stages import Ruling, Rulings

ROOM = 1.3
"""Character heights between two rulings in which a title has room."""

BARE, TOUCHED = 0.25, 0.5
"""Share of the gap in which the verticals over it may show something on average, and each of them: print may touch."""

CORNER = 0.6
"""Character heights from the end of a ruling within which another one makes a corner with it."""


def parted(table: list[Ruling], rulings: Rulings) -> list[list[Ruling]]:
    """The rulings of one table or of several: cut where all verticals over a gap between two rulings that go from
    side to side are bare."""
    h = rulings.char_height
    levels = sorted((x for x in table if x.horizontal and x.end - x.start > SURE * h), key=lambda x: x.at)
    for upper, lower in pairwise(levels):
        if lower.at - upper.at > ROOM * h and _is_bare(table, upper, lower, rulings):
            above, below = _cut(table, upper.at, lower.at)
            return [above, *parted(below, rulings)]
    return [table]


def _is_bare(table: Sequence[Ruling], upper: Ruling, lower: Ruling, rulings: Rulings) -> bool:
    """Whether verticals run over the gap, both tables have both their sides, and nothing is seen of any in it."""
    h, traces = rulings.char_height, rulings.down
    upright = [x for x in table if not x.horizontal]
    over_it = [x for x in upright if x.start < upper.at - CORNER * h and x.end > upper.at - CORNER * h]
    under_it = [x for x in upright if x.end > lower.at + CORNER * h and x.start < lower.at + CORNER * h]
    corners = [(over_it, upper.start), (over_it, upper.end), (under_it, lower.start), (under_it, lower.end)]
    if not all(any(abs(x.at - end) < CORNER * h for x in sides) for sides, end in corners):
        return False
    margin = max(2, round(0.25 * h))
    gap = slice(round(upper.at) + margin, round(lower.at) - margin)
    through = [x for x in over_it if x.end > lower.at + CORNER * h]
    shares = [share_of(held_columns(traces.faint[rows_at(x.at, h), gap])) for x in through]
    return bool(shares) and sum(shares) <= BARE * len(shares) and max(shares) <= TOUCHED


def _cut(table: Sequence[Ruling], upper: float, lower: float) -> tuple[list[Ruling], list[Ruling]]:
    """The rulings down to the one at `upper` and from that at `lower` on, verticals cut to either."""
    middle = (upper + lower) / 2
    above = [x for x in table if x.horizontal and x.at <= upper + 1]
    below = [x for x in table if x.horizontal and x.at >= lower - 1]
    for x in table:
        if x.horizontal:
            continue
        if x.start < middle:
            above.append(replace(x, end=min(x.end, upper)))
        if x.end > middle:
            below.append(replace(x, start=max(x.start, lower)))
    return (
        [x for x in above if x.horizontal or x.start < x.end],
        [x for x in below if x.horizontal or x.start < x.end],
    )

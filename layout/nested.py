"""Tables in a cell of another table, or beside one another, told from merged cells by their rulings.

The rulings of merged and divided cells meet those of their table. A table in a cell, or close beside
another one, has a frame of its own that meets nothing else, though rulings of both may be in line.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from shenbao.models.stages import Box, Image, Ruling, Rulings, Traces

MEET = 0.3
"""Character heights within which two rulings meet."""

STROKE = 4.0
"""Character heights up to which a line may be strokes of print."""

APART = 0.5
"""Character heights without ink that may lie between a table and its neighbour."""

Group = list[Ruling]


def part_tables(rulings: Rulings) -> list[Rulings]:
    """The rulings of a page, those of tables in a cell or beside one another apart, each on their own.

    What is left comes first: the rulings as they are where no such table is found.
    """
    h = rulings.char_height
    pieces = {id(line): _cut_at_gaps(line, rulings) for line in rulings.lines}
    every = [p for own in pieces.values() for p in own]
    groups = _meeting([p for p in every if _is_ruling(p, every, h)], MEET * h)
    framed = [g for g in groups if _is_framed(g, MEET * h)]
    inner = [g for g in framed if _stands_in_another(g, groups, h)]
    beside = {
        k
        for (i, a), (j, b) in combinations(enumerate(framed), 2)
        if _are_beside(_box(a), _box(b))
        for k in (i, j)
    }
    own = inner + [g for k, g in enumerate(framed) if k in beside and not any(g is x for x in inner)]
    if not own:
        return [rulings]
    taken = {id(line) for g in own for line in g}
    rest: list[Ruling] = []
    for line in rulings.lines:
        cut = pieces[id(line)]
        left = [p for p in cut if id(p) not in taken]
        rest += [line] if len(left) == len(cut) else left
    boxes = [_box(g) for g in own]
    turned = [(y0, x0, y1, x1) for x0, y0, x1, y1 in boxes]
    across, down = _wiped(rulings.across, boxes), _wiped(rulings.down, turned)
    outer = replace(rulings, lines=tuple(rest), across=across, down=down)
    return [outer, *(_alone(rulings, g, [x for x in inner if x is not g]) for g in own)]


def _alone(rulings: Rulings, group: Group, inner: Sequence[Group]) -> Rulings:
    """The rulings of one table, the traces of tables inside it taken out."""
    boxes = [_box(g) for g in inner if _lies_in(_box(g), _box(group))]
    if not boxes:
        return replace(rulings, lines=tuple(group))
    turned = [(y0, x0, y1, x1) for x0, y0, x1, y1 in boxes]
    across, down = _wiped(rulings.across, boxes), _wiped(rulings.down, turned)
    return replace(rulings, lines=tuple(group), across=across, down=down)


def _cut_at_gaps(line: Ruling, rulings: Rulings) -> list[Ruling]:
    """The ruling cut where it has no ink from one crossing ruling to the next: there two rulings of two
    tables are in line, or one of a merged cell's."""
    h = rulings.char_height
    traces = rulings.across if line.horizontal else rulings.down
    reach = max(2, round(0.15 * h))
    first, last = round(line.start), round(line.end)
    band = traces.faint[max(0, round(line.at) - reach) : round(line.at) + reach + 1, first:last]
    if not band.size:
        return [line]
    seen = np.concatenate([[1], (band.max(axis=0) > 0).astype(np.int8), [1]])
    edges = np.flatnonzero(np.diff(seen))
    crossing = np.array(
        [
            x.at
            for x in rulings.lines
            if x.horizontal != line.horizontal and x.start - MEET * h <= line.at <= x.end + MEET * h
        ]
    )
    parts, start = [], line.start
    for a, b in zip(edges[::2] + first, edges[1::2] + first, strict=True):
        if b - a < APART * h or not len(crossing):
            continue
        ends = [float(np.abs(crossing - at).min()) for at in (a, b)]
        inside = ((crossing > a + MEET * h) & (crossing < b - MEET * h)).any()
        if max(ends) < MEET * h and not inside:
            parts.append(replace(line, start=start, end=float(a)))
            start = float(b)
    return [line] if not parts else [_placed(x, traces, reach) for x in (*parts, replace(line, start=start))]


def _placed(line: Ruling, traces: Traces, reach: int) -> Ruling:
    """The piece of a ruling at its own place across."""
    top = max(0, round(line.at) - reach)
    band = traces.faint[top : round(line.at) + reach + 1, round(line.start) : round(line.end)] > 0
    rows = band.sum(axis=1)
    return (
        replace(line, at=top + float((rows * np.arange(len(rows))).sum() / rows.sum()))
        if rows.sum()
        else line
    )


def _is_ruling(line: Ruling, lines: Sequence[Ruling], h: float) -> bool:
    """Whether a line is long, or ends at others both ways: a stroke of print does neither."""
    if line.end - line.start > STROKE * h:
        return True
    crossing = [x.at for x in lines if _meet(line, x, MEET * h)]
    return all(any(abs(at - end) < MEET * h for at in crossing) for end in (line.start, line.end))


def _meeting(lines: Sequence[Ruling], reach: float) -> list[Group]:
    """Rulings in groups that meet one another, those with both directions."""
    groups: list[Group] = []
    for line in lines:
        met = [g for g in groups if any(_meet(line, other, reach) for other in g)]
        groups = [g for g in groups if not any(g is m for m in met)]
        groups.append([line, *(x for m in met for x in m)])
    return [g for g in groups if len({x.horizontal for x in g}) == 2]


def _meet(one: Ruling, other: Ruling, reach: float) -> bool:
    if one.horizontal == other.horizontal:
        return False
    on_one = one.start - reach <= other.at <= one.end + reach
    return on_one and other.start - reach <= one.at <= other.end + reach


def _box(group: Group) -> Box:
    across, down = _sides(group)
    xs, ys = [x.at for x in down], [x.at for x in across]
    return min(xs), min(ys), max(xs), max(ys)


def _sides(group: Group) -> tuple[Group, Group]:
    return [x for x in group if x.horizontal], [x for x in group if not x.horizontal]


def _is_framed(group: Group, reach: float) -> bool:
    """Whether the outermost rulings of a group make a closed frame, with at least one more inside."""
    across, down = _sides(group)
    if len(across) < 2 or len(down) < 2 or len(group) < 5:
        return False
    x0, y0, x1, y1 = _box(group)

    def closed(lines: Group, at: float, start: float, end: float) -> bool:
        edge = [x for x in lines if abs(x.at - at) < reach]
        return min(x.start for x in edge) < start + reach and max(x.end for x in edge) > end - reach

    sides = [(across, y0, x0, x1), (across, y1, x0, x1), (down, x0, y0, y1), (down, x1, y0, y1)]
    within = all(x0 - reach < x.start and x.end < x1 + reach for x in across)
    return within and all(closed(*side) for side in sides)


def _stands_in_another(group: Group, groups: Sequence[Group], h: float) -> bool:
    """Whether another group lies around this one, keeps off it, and has no ruling inside it."""
    box, margin = _box(group), MEET * h
    around = [g for g in groups if g is not group and _lies_in(box, _box(g), margin)]
    return any(not any(_enters(line, box, margin) for line in g) for g in around)


def _lies_in(inner: Box, outer: Box, margin: float = 0.0) -> bool:
    return (
        outer[0] < inner[0] - margin
        and outer[1] < inner[1] - margin
        and outer[2] > inner[2] + margin
        and outer[3] > inner[3] + margin
    )


def _are_beside(a: Box, b: Box) -> bool:
    return min(a[3], b[3]) > max(a[1], b[1]) and (a[2] < b[0] or b[2] < a[0])


def _enters(line: Ruling, box: Box, margin: float) -> bool:
    x0, y0, x1, y1 = box
    low, high, start, end = (y0, y1, x0, x1) if line.horizontal else (x0, x1, y0, y1)
    return low - margin < line.at < high + margin and line.end > start + margin and line.start < end - margin


def _wiped(traces: Traces, boxes: Sequence[Box]) -> Traces:
    """The traces without what lies in the boxes, given in the traces' own coordinates."""

    def wipe(mask: Image) -> Image:
        copy = mask.copy()
        for x0, y0, x1, y1 in boxes:
            copy[max(0, round(y0) - 4) : round(y1) + 5, max(0, round(x0) - 4) : round(x1) + 5] = 0
        return np.asarray(copy, np.uint8)

    dark = None if traces.dark is None else wipe(traces.dark)
    faint, solid, ridges = (wipe(mask) for mask in (traces.faint, traces.solid, traces.ridges))
    return replace(traces, faint=faint, solid=solid, ridges=ridges, dark=dark)

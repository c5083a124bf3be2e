"""Rulings -> grids: the faces that rulings enclose, as cells with spans."""

from dataclasses import replace

import numpy as np

from shenbao.layout.faces import Face, Sides, merge_faces, restore
from shenbao.layout.rulings import LONG
from shenbao.layout.straighten import weighted_median
from shenbao.models.stages import Grid, GridCell, Image, Ruling, Rulings

PRESENT = 0.6
"""Share of a side's length under which a ruling must be found for the side to count as drawn."""

SURE = 8.0
"""Character heights from which a line is too long for chance to put strokes of print in a row."""


def find_grids(rulings: Rulings) -> list[Grid]:
    """The ruled tables of a page, top to bottom, then left to right."""
    grids = []
    for group in _connected(rulings):
        grid = _grid(group, rulings)
        if grid is not None:
            grids.append(grid)
    return sorted(_outermost(grids), key=lambda g: (g.ys[0], g.xs[0]))


def _connected(rulings: Rulings) -> list[list[Ruling]]:
    """Rulings in groups that meet one another, at a corner or a crossing."""
    lines, reach = rulings.lines, 0.6 * rulings.char_height
    parent = list(range(len(lines)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    across = [i for i, line in enumerate(lines) if line.horizontal]
    down = [i for i, line in enumerate(lines) if not line.horizontal]
    for i in across:
        a = lines[i]
        for j in down:
            b = lines[j]
            if a.start - reach <= b.at <= a.end + reach and b.start - reach <= a.at <= b.end + reach:
                parent[root(i)] = root(j)
    groups: dict[int, list[Ruling]] = {}
    for i, line in enumerate(lines):
        groups.setdefault(root(i), []).append(line)
    return [g for g in groups.values() if len({x.horizontal for x in g}) == 2]


def _grid(lines: list[Ruling], rulings: Rulings) -> Grid | None:
    h = rulings.char_height
    across = [x for x in lines if x.horizontal]
    down = [x for x in lines if not x.horizontal]
    across = [x for x in across if _is_long(x, h)]
    down = _joining(down, _edges(across, h), h)
    across = _joining(across, _edges(down, h), h)
    ys = _with_open_ends(_edges(across, h), down, h)
    down = [x for x in down if _is_side(x, ys, rulings.ink.T, h)]
    xs = _with_open_ends(_edges(down, h, ys), across, h)
    across = [x for x in across if _is_side(x, xs, rulings.ink, h)]
    ys = _with_open_ends(_edges(across, h), down, h)
    if len(xs) < 2 or len(ys) < 2 or xs[-1] - xs[0] < 3 * h or ys[-1] - ys[0] < 1.2 * h:
        return None
    while True:
        sides = restore(_measure(xs, ys, rulings), PRESENT)
        faces = merge_faces(sides, PRESENT)
        keep_y = sorted({i for face in faces for i in (face[0], face[2])})
        keep_x = sorted({j for face in faces for j in (face[1], face[3])})
        if len(keep_x) == len(xs) and len(keep_y) == len(ys):
            return _cells(xs, ys, sides, faces)
        xs, ys = [xs[j] for j in keep_x], [ys[i] for i in keep_y]


def _with_open_ends(edges: list[float], crossing: list[Ruling], h: float) -> list[float]:
    """The edges with one more at an end where the crossing rulings run on beyond the last one.

    A table that is cut by the page's end, or drawn without its outer lines, is open there: all crossing
    rulings that run on stop at about the same place.
    """
    if not edges or len(crossing) < 2:
        return edges
    starts = [x.start for x in crossing if x.start < edges[0] - 0.9 * h]
    ends = [x.end for x in crossing if x.end > edges[-1] + 0.9 * h]
    first = [min(starts)] if len(starts) >= 2 and np.ptp(starts) < 0.6 * h else []
    last = [max(ends)] if len(ends) >= 2 and np.ptp(ends) < 0.6 * h else []
    return first + edges + last


def _edges(lines: list[Ruling], h: float, crossing: list[float] | None = None) -> list[float]:
    """Places of the rulings with near ones (a double ruling, two halves) taken as one, sorted.

    Two lines that meet at one of the `crossing` edges, each coming from its own side, are two column
    edges of the upper and the lower part of a form, however close.
    """
    groups: list[list[Ruling]] = []
    for line in sorted(lines, key=lambda x: x.at):
        near = groups[-1] if groups and line.at - groups[-1][-1].at < 0.4 * h else []
        apart = any(line.at - x.at > 0.12 * h and _meet(line, x, crossing or [], h) for x in near)
        if near and not apart:
            near.append(line)
        else:
            groups.append([line])
    return [float(np.average([x.at for x in g], weights=[x.end - x.start for x in g])) for g in groups]


def _meet(one: Ruling, other: Ruling, crossing: list[float], h: float) -> bool:
    upper, lower = sorted((one, other), key=lambda x: x.start)
    return any(abs(upper.end - y) < 0.25 * h and abs(lower.start - y) < 0.25 * h for y in crossing)


def _is_long(line: Ruling, h: float) -> bool:
    return line.end - line.start >= LONG * h


def _is_side(line: Ruling, crossing: list[float], ink: Image, h: float) -> bool:
    """Whether a line no longer than a few lines of print runs without a gap from one crossing edge to
    another, clear of print.

    Strokes of print that nearly touch the rulings look alike but for the gap. `ink` has rows along the
    line (turned for a vertical one).
    """
    if line.end - line.start > SURE * h:
        return True
    if len(crossing) < 2:
        return False
    at = np.array(crossing)
    first, last = (round(float(at[np.abs(at - end).argmin()])) for end in (line.start, line.end))
    if last <= first:
        return False
    middle, reach = round(line.at), max(1, round(0.06 * h))
    band = ink[max(0, middle - reach) : middle + reach + 1, first : last + 1]
    whole = float((band.max(axis=0) > 0).mean()) if band.size else 0.0
    return whole > (0.9 if _is_long(line, h) else 0.97) and _crowd(ink, line.at, first, last, h) < 0.35


def _joining(lines: list[Ruling], edges: list[float], h: float) -> list[Ruling]:
    """The lines that begin or end at one of the crossing edges, or do both where they are short.

    A ruling ends at another ruling. A streak of the scanner runs past the table or ends anywhere, a
    stroke of print keeps clear of the rulings. A line that runs past the table is cut to it, since a
    streak may lie on a ruling, and must be about as heavy as the rest.
    """
    if len(edges) < 2:
        return []
    open_ends = _with_open_ends(edges, lines, h)
    at, low, high = np.array(open_ends), open_ends[0], open_ends[-1]
    usual = weighted_median([x.weight for x in lines], [x.end - x.start for x in lines])

    def joins(line: Ruling) -> bool:
        gaps = sorted(float(np.abs(at - end).min()) for end in (line.start, line.end))
        return gaps[0] < 0.5 * h if _is_long(line, h) else gaps[1] < 0.3 * h

    kept = []
    for line in lines:
        inside = replace(line, start=max(line.start, low), end=min(line.end, high))
        runs_out = line.start < low - 1.5 * h or line.end > high + 1.5 * h
        fits = inside.start < inside.end and joins(inside)
        if fits and (not runs_out or line.weight > 0.7 * usual):
            kept.append(inside)
    return kept


def _measure(xs: list[float], ys: list[float], rulings: Rulings) -> Sides:
    """How far each side between neighbouring edges is drawn, 0 to 1."""
    h = rulings.char_height
    across = np.zeros((len(ys), len(xs) - 1))
    down = np.zeros((len(ys) - 1, len(xs)))
    turned, turned_ink = rulings.down.T, rulings.ink.T
    for i, y in enumerate(ys):
        for j in range(len(xs) - 1):
            across[i, j] = _support(rulings.across, rulings.ink, y, xs[j], xs[j + 1], h)
    for j, x in enumerate(xs):
        for i in range(len(ys) - 1):
            down[i, j] = _support(turned, turned_ink, x, ys[i], ys[i + 1], h)
    return Sides(across, down)


def _support(mask: Image, ink: Image, at: float, start: float, end: float, h: float) -> float:
    """Share of the stretch from start to end beside which the mask holds a ruling.

    A ruling joins its neighbours and stands clear of print; a stroke of print keeps a margin at both
    ends and has more strokes on both sides. Either counts against it.
    """
    reach = max(2, round(0.15 * h))
    first, last = round(start), round(end) + 1
    band = mask[max(0, round(at) - reach) : round(at) + reach + 1, first:last]
    drawn = np.flatnonzero(band.max(axis=0)) if band.size else np.empty(0, np.intp)
    if not len(drawn):
        return 0.0
    share = float(len(drawn) / band.shape[1])
    margin = max(reach, 0.22 * h)  # the crossing ruling itself fills about half of this
    inner = drawn[(drawn > margin) & (drawn < band.shape[1] - 1 - margin)]
    if not len(inner):
        return 0.0 if band.shape[1] > 2.2 * margin else share
    free = sorted((float(inner[0]), float(band.shape[1] - 1 - inner[-1])))
    if free[0] > margin + 0.1 * h:
        return share / 2
    if share > 0.95 and free[1] < margin + 0.1 * h:
        return share
    return share * (1.0 - _crowd(ink, at, first, last, h))


def _crowd(ink: Image, at: float, first: int, last: int, h: float) -> float:
    """Share of the stretch that has ink close by on both sides of the place, as inside a character."""
    near, far, cut = round(0.15 * h), round(0.4 * h), round(0.3 * h)
    middle = round(at)
    one = ink[max(0, middle - far) : max(1, middle - near), first + cut : last - cut]
    other = ink[middle + near + 1 : middle + far + 1, first + cut : last - cut]
    if not one.size or not other.size:
        return 0.0
    return float(((one.max(axis=0) > 0) & (other.max(axis=0) > 0)).mean())


def _cells(xs: list[float], ys: list[float], sides: Sides, faces: list[Face]) -> Grid:
    cells = []
    for r0, c0, r1, c1 in faces:
        around = (
            round(float(sides.across[r0, c0:c1].mean()), 4),
            round(float(sides.across[r1, c0:c1].mean()), 4),
            round(float(sides.down[r0:r1, c0].mean()), 4),
            round(float(sides.down[r0:r1, c1].mean()), 4),
        )
        box = (xs[c0], ys[r0], xs[c1], ys[r1])
        cells.append(GridCell(r0, c0, r1 - r0, c1 - c0, box, around))
    cells.sort(key=lambda c: (c.row, c.col))
    return Grid(tuple(xs), tuple(ys), tuple(cells))


def _outermost(grids: list[Grid]) -> list[Grid]:
    """Grids that do not lie inside another one's box."""

    def inside(a: Grid, b: Grid) -> bool:
        ax0, ay0, ax1, ay1 = a.box
        bx0, by0, bx1, by1 = b.box
        return bx0 <= ax0 and by0 <= ay0 and ax1 <= bx1 and ay1 <= by1

    return [g for g in grids if not any(inside(g, other) for other in grids if other is not g)]

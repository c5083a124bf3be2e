"""Rulings -> grids: the faces that rulings enclose, as cells with spans."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.all_along import with_all_along
from shenbao.layout.apart import parted
from shenbao.layout.broken import DOTS, with_broken
from shenbao.layout.clear_strokes import without_strokes
from shenbao.layout.covered import streak_or_ruling
from shenbao.layout.divided import with_lines_inside
from shenbao.layout.dotted_rulings import FEW
from shenbao.layout.edges import edges_of
from shenbao.layout.faces import Face, Sides, merge_faces, restore
from shenbao.layout.gaps import with_kept_gaps
from shenbao.layout.hidden_edges import hidden_edges
from shenbao.layout.outer_sides import beside, without_slits, without_slivers
from shenbao.layout.paled import FOLLOWED, MARGIN, PRESENT, is_as_dark, pale_line, stands_alone, with_paled
from shenbao.layout.print_across import without_print_across
from shenbao.layout.print_over import without_print_over
from shenbao.layout.ridges import PALE
from shenbao.layout.rulings import EVEN, LONG, REACH, SURE
from shenbao.layout.side_net import weighed
from shenbao.layout.straighten import weighted_median
from shenbao.layout.stretches import (
    crossed_share,
    crowd_share,
    held_columns,
    is_doubled,
    rows_at,
    share_of,
)
from shenbao.layout.thick import hidden_by_seals, on_stars, seals_of, told_by_the_rest, without_seals_of
from shenbao.layout.underlines import without_underlines
from shenbao.models.stages import Grid, GridCell, Image, Ruling, Rulings, Traces

SEEN = 0.93
"""Share from which a side is drawn beyond doubt."""

UNBROKEN, BESIDE, ALONE, INKED = 0.98, 0.1, 0.02, 0.93
"""Share of a thin pale line that is seen where it goes from edge to edge, and how much print may stand beside it
where it is long, and where it is so short that it may be a stroke, but for one of which that much is ink."""

CROWDED = 0.35
"""Share of a line with print close by on both sides from which it is a stroke of print itself."""

DOUBLED = 0.9
"""Share of a line that holds ink from which it is one of a double ruling, though print stands beside that."""

HEMMED = 0.2
"""The same from which what is half seen is no broken ruling."""

TRACED = 0.75
"""The same from which it is, though streaks lie close by."""

TOLD = 0.3
"""Share of a side that must be free of streaks for its ruling to be told."""

BREAKING = 0.02
"""Share of a table's sides, of those at least half seen, that must be broken for others to be looked for
that have all but gone."""

MOST = 0.6
"""Share of a table from which a line that crosses some of its rulings is one, though both its ends have gone; what
has come apart in the middle counts together."""

IN_LINE = 0.1
"""Character heights across within which pieces of one ruling lie."""

UNDRAWN = 0.2
"""Share of a side under which a line leaves it out."""

THICK = 1.5
"""Times the usual thickness of a table's rulings from which a short line needs to be whole to be one."""


@dataclass(frozen=True, eq=False)
class Faced:
    """The edges of a table's columns and rows, their sides, the faces that these enclose, and the share of sides that
    are broken."""

    xs: list[float]
    ys: list[float]
    sides: Sides
    faces: list[Face]
    broken: float


def find_grids(rulings: Rulings) -> list[Grid]:
    """The ruled tables of a page, top to bottom, then left to right."""
    rulings = replace(rulings, lines=without_underlines(rulings))
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
    for same in (across, down):
        for i, j in _go_on([lines[k] for k in same], reach, rulings.char_height):
            parent[root(same[i])] = root(same[j])
    groups: dict[int, list[Ruling]] = {}
    for i, line in enumerate(lines):
        groups.setdefault(root(i), []).append(line)
    tables = [g for g in groups.values() if len({x.horizontal for x in g}) == 2]
    loose = [x for g in groups.values() if len({x.horizontal for x in g}) == 1 for x in g]
    whole = [table + beside(table, loose, rulings.char_height) for table in tables]
    return [part for table in whole for part in parted(table, rulings)]


def _go_on(lines: Sequence[Ruling], reach: float, h: float) -> list[tuple[int, int]]:
    """Which of the lines in one direction are pieces of one ruling, by their numbers: in line, and hardly apart."""
    order = sorted(range(len(lines)), key=lambda k: (lines[k].at, lines[k].start))
    return [
        (i, j)
        for i, j in pairwise(order)
        if abs(lines[i].at - lines[j].at) < IN_LINE * h
        and max(lines[i].start, lines[j].start) - min(lines[i].end, lines[j].end) < reach
    ]


def _grid(lines: list[Ruling], rulings: Rulings) -> Grid | None:
    h = rulings.char_height
    across = [x for x in lines if x.horizontal]
    down = [x for x in lines if not x.horizontal]
    across = [x for x in across if _is_long(x, h)]
    down = _joining(down, across, rulings.down, h)
    across = _joining(across, down, rulings.across, h)
    usual = weighted_median([x.thickness for x in lines], [x.end - x.start for x in lines])
    ys = _with_open_ends(edges_of(across, h), down, h)
    down = [x for x in down if _is_side(x, ys, rulings.down, usual, h)]
    xs = _with_open_ends(edges_of(down, h, ys), across, h)
    across = [x for x in across if _is_side(x, xs, rulings.across, usual, h)]
    ys = _with_open_ends(edges_of(across, h), down, h)
    if len(xs) < 2 or len(ys) < 2 or xs[-1] - xs[0] < 3 * h or ys[-1] - ys[0] < 1.4 * h:
        return None
    found = _faced(xs, ys, rulings, ())
    columns, rows = hidden_edges(found.xs, found.ys, rulings, found.broken, partial(_known, rulings=rulings))
    if columns or rows:
        found = _faced(sorted(found.xs + columns), sorted(found.ys + rows), rulings, {*columns, *rows})
    return with_lines_inside(_cells(found), rulings)


def _faced(xs: list[float], ys: list[float], rulings: Rulings, doubted: Collection[float]) -> Faced:
    """The faces between edges, without the edges that part none; the network alone tells of the `doubted` ones."""
    h = rulings.char_height
    while True:
        measured, told, broken = _known(xs, ys, rulings)
        seen = weighed(measured, told, xs, ys, rulings, broken, doubted)
        sides = without_slivers(seen, xs, ys, PRESENT, h)
        columns = without_slits(xs, sides.across, PRESENT, h)
        rows = without_slits(ys, sides.down.T, PRESENT, h)
        if len(columns) < len(xs) or len(rows) < len(ys):
            xs, ys = columns, rows
            continue
        faces = merge_faces(sides, PRESENT)
        keep_y = sorted({i for face in faces for i in (face[0], face[2])})
        keep_x = sorted({j for face in faces for j in (face[1], face[3])})
        if len(keep_x) == len(xs) and len(keep_y) == len(ys):
            return Faced(xs, ys, sides, faces, broken)
        xs, ys = [xs[j] for j in keep_x], [ys[i] for i in keep_y]


def _with_open_ends(edges: list[float], crossing: list[Ruling], h: float) -> list[float]:
    """The edges with one more at an end where the crossing rulings run on beyond the last one.

    A table that is cut by the page's end, or drawn without its outer lines, is open there: most crossing
    rulings that reach the last edge run on, or both outermost do, and stop at about the same place.
    """
    if not edges or len(crossing) < 2:
        return edges
    long = sorted((x for x in crossing if _is_long(x, h)), key=lambda x: x.at)
    first = _open_end([edges[0] - x.start for x in long], h)
    last = _open_end([x.end - edges[-1] for x in long], h)
    return [edges[0] - d for d in first] + edges + [edges[-1] + d for d in last]


def _open_end(beyond: list[float], h: float) -> list[float]:
    """How far a table goes on behind its last edge, if it does, from how far each ruling, in order, does."""
    reaching = [d for d in beyond if d > -0.5 * h]
    on = [d for d in reaching if d > 0.9 * h]
    end = float(np.median(on)) if on else 0.0
    alike = [d for d in on if abs(d - end) < 0.3 * h]  # the others have paled
    if len(alike) < 2:
        return []
    outermost = min(reaching[0], reaching[-1]) > 0.9 * h
    return [end] if len(alike) > len(reaching) / 2 or outermost and len(alike) > len(on) / 2 else []


def _is_long(line: Ruling, h: float) -> bool:
    return line.end - line.start >= LONG * h


def _is_side(line: Ruling, crossing: list[float], traces: Traces, usual: float, h: float) -> bool:
    """Whether a line no longer than a few lines of print is one from crossing edge to crossing edge.

    Where it leaves out sides, as beside a merged cell, one of its parts must be.
    """
    if line.end - line.start > SURE * h:
        return True
    at = np.array(crossing)
    if len(at) < 2:
        return False
    first, last = (int(np.abs(at - end).argmin()) for end in (line.start, line.end))
    parts = _drawn_parts(line, crossing[first : last + 1], traces.faint, h)
    return any(_runs_clear(line, start, end, traces, usual, h) for start, end in parts)


def _drawn_parts(line: Ruling, crossing: list[float], faint: Image, h: float) -> list[tuple[int, int]]:
    """From which to which of the crossing edges a line goes, cut at sides that show nothing of it."""
    seen = held_columns(faint[rows_at(line.at, h)])
    parts: list[tuple[int, int]] = []
    for start, end in pairwise(round(y) for y in crossing):
        if share_of(seen[start : end + 1]) < UNDRAWN:
            continue
        if parts and parts[-1][1] == start:
            start = parts.pop()[0]
        parts.append((start, end))
    return parts


def _runs_clear(line: Ruling, first: int, last: int, traces: Traces, usual: float, h: float) -> bool:
    """Whether a line runs without a gap from first to last, clear of print.

    Strokes of print that nearly touch the rulings look alike but for the gap. What stands clear of print
    and is of about the `usual` thickness may have paled or lack a little at an end.
    """
    is_long = last - first >= LONG * h
    crowd = crowd_share(traces.ink, line.at, first, last, h)
    middle, reach = round(line.at), max(1, round(0.06 * h))
    rows = slice(max(0, middle - reach), middle + reach + 1)
    whole = share_of(held_columns(traces.ink[rows, first : last + 1]))
    if whole > DOUBLED and is_doubled(traces.ink, line.at, first, last, h):
        return True
    if crowd >= CROWDED or whole > (0.9 if is_long else 0.97):
        return crowd < CROWDED
    if line.thickness > THICK * usual:  # an arc of a seal is thick
        return False
    pale = share_of(traces.ridges[rows, first : last + 1].max(axis=0) >= PALE)
    if pale > UNBROKEN and crowd < (BESIDE if is_long or whole > INKED else ALONE):
        return True
    return crowd <= 0.05 and (pale if is_long else whole) > 0.9


def _joining(lines: list[Ruling], crossing: list[Ruling], traces: Traces, h: float) -> list[Ruling]:
    """The lines that begin or end at one of the crossing lines' edges, or do both where they are short.

    A ruling ends at another ruling. A streak of the scanner runs past the table or ends anywhere, a
    stroke of print keeps clear of the rulings, and an arc of a seal crosses one at most. A line that runs
    past the table is cut to it, since a streak may lie on a ruling, and must be about as heavy as the rest.
    """
    open_ends = _with_open_ends(edges_of(crossing, h), lines, h)
    if len(open_ends) < 2:
        return []
    at, low, high = np.array(open_ends), open_ends[0], open_ends[-1]
    usual = weighted_median([x.weight for x in lines], [x.end - x.start for x in lines])

    def joins(line: Ruling) -> bool:
        gaps = sorted(float(np.abs(at - end).min()) for end in (line.start, line.end))
        crossed = sum(_crosses(x, line, 0.5 * h) for x in crossing)
        if line.end - line.start > SURE * h:
            parts = [x.end - x.start for x in lines if abs(x.at - line.at) < EVEN * h]
            most = sum(parts) > MOST * (high - low)
            met = most and any(_ends_along(x, line, 0.5 * h) for x in crossing)
            return gaps[0] < 1.5 * h or crossed >= (1 if most else 4) or met  # both ends may have paled
        if not _is_long(line, h):
            return (
                gaps[1] < 0.3 * h or max(gaps[0] / 0.3, gaps[1] / 0.5) < h and _pales_to(line, at, traces, h)
            )
        return gaps[1] < 0.5 * h or gaps[0] < 0.5 * h and (crossed > 1 or _pales_to(line, at, traces, h))

    kept = []
    for line in lines:
        inside = replace(line, start=max(line.start, low), end=min(line.end, high))
        runs_out = line.start < low - 1.5 * h or line.end > high + 1.5 * h
        fits = inside.start < inside.end and joins(inside)
        if fits and (not runs_out or line.weight > 0.7 * usual):
            kept.append(inside)
    return kept


def _crosses(one: Ruling, other: Ruling, margin: float) -> bool:
    """Whether each of two lines passes through the other, clear of its ends."""
    return all(x.start + margin < y.at < x.end - margin for x, y in ((one, other), (other, one)))


def _ends_along(one: Ruling, other: Ruling, margin: float) -> bool:
    """Whether the first of two lines begins or ends at the other one, clear of that one's ends."""
    at_end = min(abs(one.start - other.at), abs(one.end - other.at)) < margin
    return at_end and other.start + margin < one.at < other.end - margin


def _pales_to(line: Ruling, edges: NDArray[np.float64], traces: Traces, h: float) -> bool:
    """Whether a line that ends between crossing edges goes on, however pale, to the next of them."""
    before, after = edges[edges < line.start], edges[edges > line.end]
    for near, far in ((line.start, before[-1:]), (line.end, after[:1])):
        joined = float(np.abs(edges - near).min()) < (0.5 if _is_long(line, h) else 0.3) * h
        if joined:
            continue
        if not len(far):
            return False
        first, last = sorted((round(near), round(float(far[0]))))
        if last - first > REACH * h or pale_line(traces, round(line.at), first, last, h).mean() < FOLLOWED:
            return False
    return True


def _known(xs: list[float], ys: list[float], rulings: Rulings) -> tuple[Sides, Sides, float]:
    """How far each side is drawn by what is seen of it, the same after its neighbours told what is hidden, and the
    share of them that are broken."""
    measured = _measure(xs, ys, rulings)
    broken = _broken(np.nan_to_num(np.concatenate([measured.across.ravel(), measured.down.ravel()])))
    return measured, restore(measured, PRESENT), broken


def _measure(xs: list[float], ys: list[float], rulings: Rulings) -> Sides:
    """How far each side between neighbouring edges is drawn, 0 to 1; not a number under a streak."""
    h = rulings.char_height
    level, upright = ([x for x in rulings.lines if x.horizontal is is_level] for is_level in (True, False))
    halves = _half(level), _half(upright)
    across = _along(ys, xs, rulings.across, halves, h)
    down = _along(xs, ys, rulings.down, halves[::-1], h)
    breaking = rulings.dashed or _broken(np.concatenate([across.ravel(), down.ravel()])) > BREAKING
    across = with_paled(across, ys, xs, rulings.across, h, breaking)
    dots = FEW if rulings.dashed else DOTS
    across = with_broken(across, ys, xs, without_seals_of(rulings.across), h, PRESENT, breaking, dots)
    across = with_all_along(across, ys, xs, rulings.across, h, PRESENT)
    down = with_paled(down, xs, ys, rulings.down, h, breaking)
    down = with_all_along(down, xs, ys, rulings.down, h, PRESENT)
    down = without_strokes(down, xs, ys, rulings.down.ink, h, PRESENT)
    print_ = without_seals_of(_without_streaks(rulings.down))
    down = without_print_over(down, xs, ys, print_, h, PRESENT, seals_of(rulings.down))
    restored = with_kept_gaps(down, xs, ys, print_, h, PRESENT, breaking)
    return Sides(across, restored.T, restored.T > down.T, (np.diff(xs), np.diff(ys)))


def _broken(found: NDArray[np.float64]) -> float:
    """Share of those sides, of all at least half seen, that are not drawn beyond doubt."""
    drawn = found[found >= PRESENT / 2]
    return float((drawn < SEEN).mean()) if drawn.size else 0.0


def _half(lines: list[Ruling]) -> int:
    """Half the usual thickness of rulings, in whole pixels."""
    return int(weighted_median([x.thickness for x in lines], [x.end - x.start for x in lines]) / 2)


def _along(
    lines: list[float], crossing: list[float], traces: Traces, halves: tuple[int, int], h: float
) -> NDArray[np.float64]:
    """Support of the sides on each line between crossing edges, shape (lines, crossing edges - 1).

    `halves` are half the usual thickness of the lines and of the crossing rulings, which are no part of them. A line that is solid where it is
    surely drawn is solid everywhere: its sides are looked for in solid ink, which strokes of print imitate
    less. Other lines are looked for among faint traces.
    """
    bare, half = _without_streaks(traces), halves[1]
    thickness = 2 * max(halves) + 1
    faint, solid = (
        np.array([_supports(mask, bare, at, crossing, half, h) for at in lines])
        for mask in (bare.faint, bare.solid)
    )
    whole = np.full(len(lines), np.nan)
    for i in range(len(lines)):
        sure = faint[i] > SEEN
        if sure.any():
            whole[i] = float(np.quantile(solid[i][sure], 0.1))
    usual = float(np.nanmedian(whole)) if not np.isnan(whole).all() else 0.0
    is_solid = np.where(np.isnan(whole), usual, whole) > SEEN
    found = np.where(is_solid[:, None] & ~np.isnan(faint), solid, faint)
    if _broken(found) <= BREAKING:
        low = np.diff(crossing) < LONG * h  # so low that a stroke of print that touches one end is most of it
        found[is_solid[:, None] & low & (found < SEEN)] *= 0.5
    for i, j in np.argwhere(is_solid[:, None] & (faint > SEEN) & (found < PRESENT)):
        # A blot lies on the ruling, a seal's star; or bold print or a seal's characters beside it have thinned its ink.
        blotted = (
            crossed_share(traces.ink, lines[i], round(crossing[j]), round(crossing[j + 1]) + 1, h) > SEEN
        )
        stands = stands_alone(traces, lines[i], crossing[j], crossing[j + 1], half, h)
        if blotted or stands or is_as_dark(traces, lines[i], crossing, half, int(j), faint[i] > SEEN):
            found[i, j] = faint[i, j]
    starred = on_stars(traces, lines, crossing, h)
    found[starred & hidden_by_seals(traces, lines, crossing, h)] = np.nan
    seals = seals_of(traces)
    for i, j in np.argwhere((found < SEEN) | starred & ~np.isnan(found)):
        side, mask = (
            (round(crossing[j]), round(crossing[j + 1]) + 1),
            bare.solid if is_solid[i] else bare.faint,
        )
        rest = told_by_the_rest(mask, traces.ink, lines[i], side, thickness, h, seals)
        told = starred[i, j] or found[i, j] >= PRESENT / 4  # print that goes on through a star is the star
        if rest is not None and (told or rest > SEEN or np.isnan(rest)):
            found[i, j] = rest
    for i, at in enumerate(lines):
        found[i] = without_print_across(found[i], bare.solid if is_solid[i] else bare.faint, at, crossing, h)
    covered = _covered(faint, lines, crossing, traces, h) if usual > SEEN else np.zeros_like(faint, bool)
    for i, j in np.argwhere(covered):
        first, last = round(crossing[j]), round(crossing[j + 1]) + 1
        crowd = crowd_share(bare.ink, lines[i], first, last, h)
        ends = crossing[0], crossing[-1]
        found[i, j] = streak_or_ruling(traces, lines[i], (first, last), ends, crowd, h)
    return found


def _without_streaks(traces: Traces) -> Traces:
    """The traces without the ink of streaks, which is no print, nor what is solid of those that cover nothing."""
    if traces.streaks is None or traces.covers is None:
        return traces
    ink = np.asarray(cv2.subtract(traces.ink, traces.streaks), np.uint8)
    told = cv2.subtract(traces.streaks, traces.covers)
    return replace(traces, ink=ink, solid=np.asarray(cv2.subtract(traces.solid, told), np.uint8))


def _covered(
    faint: NDArray[np.float64], lines: list[float], crossing: list[float], traces: Traces, h: float
) -> NDArray[np.bool_]:
    """On which sides a streak lies and nothing is seen that is darker."""
    covered = np.zeros_like(faint, bool)
    if traces.covers is None:
        return covered
    for i, at in enumerate(lines):
        free = ~held_columns(traces.covers[rows_at(at, h)])
        for j, (a, b) in enumerate(pairwise(round(c) for c in crossing)):
            covered[i, j] = not faint[i, j] >= TRACED and share_of(free[a : b + 1]) < TOLD
    return covered


def _supports(
    mask: Image, traces: Traces, at: float, crossing: list[float], half: int, h: float
) -> list[float]:
    """The support of each side of one line, from crossing edge to crossing edge."""
    rows = rows_at(at, h)
    seen = held_columns(mask[rows])
    told = None if traces.covers is None else ~held_columns(traces.covers[rows])
    ends = [round(c) for c in crossing]
    return [_support(seen, told, traces.ink, at, a + half, b + 1 - half, h) for a, b in pairwise(ends)]


def _support(
    line: NDArray[np.bool_],
    clean: NDArray[np.bool_] | None,
    ink: Image,
    at: float,
    first: int,
    last: int,
    h: float,
) -> float:
    """Share of the stretch from first to last in which the line's traces hold a ruling.

    A ruling joins its neighbours and stands clear of print; a stroke of print keeps a margin at both
    ends and has more strokes on both sides. Either counts against it. Where no part of the line is
    `clean` of streaks nothing can be told: a stretch that they cover is not a number, unless print goes
    on through it. Print where a missing ruling would be speaks against it: the support is below 0.
    """
    seen = line[first:last]
    if clean is not None and share_of(seen) < SEEN:
        told = clean[first:last]
        if share_of(told) < TOLD and share_of(seen) < TRACED:
            return 0.0 if crowd_share(ink, at, first, last, h) > HEMMED else float("nan")
        seen = seen[told] if share_of(told) >= TOLD else seen
    share = share_of(seen)
    if share == 0.0:
        return 0.0
    margin = max(2, round(MARGIN * h))
    loose = sorted(share_of(part) for part in (seen[:margin], seen[-margin:]))
    if share > 0.95 and loose[0] > PRESENT:
        return share
    crowd = crowd_share(ink, at, first, last, h)
    share *= (1.0 - crowd) if loose[1] > PRESENT else 0.5
    if crowd >= HEMMED:
        share = min(share, 0.49 * PRESENT)
    return share if share >= PRESENT / 2 else share - crossed_share(ink, at, first, last, h)


def _cells(found: Faced) -> Grid:
    xs, ys, sides, cells = found.xs, found.ys, found.sides, []
    seen = sides.down if sides.kept is None else np.where(sides.kept, 0.0, sides.down)
    across, down = (support.clip(0.0, 1.0) for support in (sides.across, seen))
    for r0, c0, r1, c1 in found.faces:
        edges = across[r0, c0:c1], across[r1, c0:c1], down[r0:r1, c0], down[r0:r1, c1]
        top, bottom, left, right = (round(float(np.add.reduce(edge)) / len(edge), 4) for edge in edges)
        box = (xs[c0], ys[r0], xs[c1], ys[r1])
        cells.append(GridCell(r0, c0, r1 - r0, c1 - c0, box, (top, bottom, left, right)))
    cells.sort(key=lambda c: (c.row, c.col))
    return Grid(tuple(xs), tuple(ys), tuple(cells))


def _outermost(grids: list[Grid]) -> list[Grid]:
    """Grids that do not lie inside another one's box; a mere frame around a grid is none."""

    def inside(a: Grid, b: Grid) -> bool:
        ax0, ay0, ax1, ay1 = a.box
        bx0, by0, bx1, by1 = b.box
        return bx0 <= ax0 and by0 <= ay0 and ax1 <= bx1 and ay1 <= by1

    frames = [g for g in grids if len(g.cells) == 1 and any(inside(x, g) for x in grids if x is not g)]
    rest = [g for g in grids if g not in frames]
    return [g for g in rest if not any(inside(g, other) for other in rest if other is not g)]

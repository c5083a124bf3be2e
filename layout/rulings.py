"""FlatPage -> rulings: the straight drawn lines of a page."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.cores import level_core
from shenbao.layout.dotted_rulings import with_dotted
from shenbao.layout.feed_lines import feed_lines
from shenbao.layout.frames import part_frames
from shenbao.layout.ink import components
from shenbao.layout.ridges import PALE, find_blots, opened, ridge, runs, solid_runs, transposed
from shenbao.layout.ring_lines import on_rings, ring_lines, star_ink
from shenbao.layout.slanting import bow, is_slanting, middle, taken_off
from shenbao.layout.straighten import weighted_median
from shenbao.layout.streaks import Seen, find_streaks
from shenbao.layout.stretches import filled_rows, held_columns, share_of
from shenbao.models.stages import FlatMark, FlatPage, Image, Ruling, Rulings, Traces

SHORTEST = 1.25
"""Length of the shortest ruling, in character heights: the side of a cell with one line of print."""

MOST = 5000
"""Pieces of a page that are looked at, longest first; only a page hatched all over has more."""

LIGHTEST = 0.15
"""Share of the usual weight of a page's rulings below which a line is none of them."""

MET, PALED, ALIKE = 0.3, 2.0, 1.0
"""Character heights from crossing lines within which a lighter one ends that is the paled side of a cell, the
shortest length of one, and how near another one like it lies that is of the same streak."""

RUNS_OUT = 0.05
"""Share of a piece's length that lies outside tables from which it is none of their rulings."""

FEW = 0.1
"""Share of the rulings' length that may be lighter than the lightest rulings are taken to be."""

PALEST, AS_THICK = 0.25, 0.7
"""Share of the contrast that all rulings have but a `FEW`, below which a short line is none that is at least this
share as thick as is usual: it shines through from the back of the paper. Where toner runs short, lines become thinner
as they pale."""

LONG = 2.5
"""Character heights from which a line is too long to be a stroke of print."""

ATTACHED = 0.4
"""Share of a line's length on which strokes may stand before it is one of them."""

EDGE = 0.03
"""Share of the page beside its edges in which no table begins or ends."""

BARE = 0.25
"""Share of it up to which strokes stand on its other side, where a row of characters ends, or beside a double ruling."""

STROKE, WHOLE = 3.0, 0.98
"""Character heights from which a line that holds ink on this share of its length is no stroke of print."""

TALLER = 2.0
"""The same where nothing but a seal's ring stands beside it."""

BESIDE_PAIR = 0.6
"""Share of a double ruling beside which figures may stand on one side, at the end of their cell."""

LEVEL = 0.06
"""Character heights by which the middle of a ruling may lie off its ends."""

SURE = 8.0
"""Character heights from which a line is too long for chance to put strokes of print in a row."""

THICKEST = 0.35
"""Character heights from which a ruling is too thick to stand out as a ridge (see `ridge`)."""

BLACK = 255.0
"""Darkness of solid ink."""

REACH = 6.0
"""Character heights without a trace that may lie between two pieces of one ruling."""

EVEN = 0.1
"""Character heights across within which pieces in a row lie that are dashes of one ruling."""

TRAIL = 0.5
"""Share of the row between two such dashes that must show something of the line."""


@dataclass(frozen=True)
class Piece:
    """A long thin run of ink: place across, extent along, mean thickness, and thickness times contrast."""

    at: float
    start: float
    end: float
    thickness: float
    weight: float

    @property
    def length(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, eq=False)
class View:
    """What is seen along one direction, in pictures turned so that their rows lie along it.

    `strokes` are pieces that stand among print, or are so thick for their length that they may be strokes of it.
    """

    traces: Traces
    pieces: list[Piece]
    strokes: list[Piece]


def find_rulings(page: FlatPage, seals: Sequence[FlatMark] = ()) -> Rulings:
    """All rulings of a flat page, horizontal ones first, each top to bottom or left to right.

    Streaks along the scanner's feed are left out, and so are the rings of `seals` and lines that are much lighter
    than usual or slant: rulings of one page are about equally heavy and straight by now.
    """
    h = page.char_height
    feed = feed_lines(page)
    blots = find_blots(page.ink, h)
    rings = ring_lines(page.ink.shape, seals, h)
    upright = [transposed(p) for p in (page.grey, page.ink, blots)]
    pictures = (page.grey, page.ink, blots, rings), (*upright, _turned(rings))

    def seen(grey: Image, ink: Image, blots: Image, rings: Image | None) -> View:
        return _seen(ridge(grey, h), solid_runs(ink, blots, h), ink, rings, h)

    with ThreadPoolExecutor(2) as pool:  # OpenCV works outside the interpreter's lock
        views = list(pool.map(lambda p: seen(*p), pictures))
    usual = _usual_weight(views)
    for i in (0, 1):
        outside = _outside(views[1 - i].pieces, views[i].traces.ink.shape[1], h)
        crossing = [(p.at, p.start, p.end) for p in views[1 - i].pieces if p.length > LONG * h]
        lightest = _lightest([p for p in views[i].pieces if not _runs_out(p, outside)], usual, h)
        tables = Seen(outside, np.array(crossing, np.float64).reshape(-1, 3), usual, lightest)
        streaks = find_streaks(views[i].traces.ridges, views[i].traces.ink, feed[i], tables, h)
        if streaks is not None:
            views[i] = _without(views[i], *streaks, h)
    usual = _usual_weight(views)
    every, weak, strokes = _lines_of(views, usual, h)
    lines = _not_from_the_back(every, h)
    weak += [line for line in every if line not in lines]
    lines, dashed = with_dotted(lines, views[0].traces.ink, h)
    lines, frames = part_frames(lines, h)
    stars = star_ink(page.ink, seals, h)
    stain = page.stain if cv2.countNonZero(page.stain) else None
    shown = (page.grey, stars, stain), (upright[0], _turned(stars), _turned(stain))
    across, down = (
        replace(view.traces, dark=np.asarray(cv2.bitwise_not(grey), np.uint8), stars=stars, stain=stain)
        for view, (grey, stars, stain) in zip(views, shown, strict=True)
    )
    return Rulings(tuple(lines), across, down, h, frames, dashed, tuple(weak), tuple(strokes))


def _lines_of(
    views: Sequence[View], usual: float, h: float
) -> tuple[list[Ruling], list[Ruling], list[Ruling]]:
    """The lines that pieces of about the `usual` weight make, the others, and the strokes (see `View`)."""
    lines, weak, strokes = [], [], []
    for view, other, horizontal in zip(views, views[::-1], (True, False), strict=True):
        heavy = [p for p in view.pieces if p.weight > LIGHTEST * usual]
        light = [p for p in view.pieces if p.weight <= LIGHTEST * usual]
        sure = [p for p in other.pieces if p.length > SURE * h and p.weight > LIGHTEST * usual]
        heavy += _paled_sides(light, sure, h)
        groups = _collinear(heavy, view.traces, h)
        found = [_measured(group, view.traces.faint, horizontal) for group in groups]
        lines += sorted(found, key=lambda line: line.at)
        weak += [_measured([p], view.traces.faint, horizontal) for p in light if p not in heavy]
        strokes += [
            Ruling(horizontal, p.at, p.start, p.end, p.thickness, 1.0, p.weight) for p in view.strokes
        ]
    return lines, weak, strokes


def _turned(mask: Image | None) -> Image | None:
    return None if mask is None else transposed(mask)


def _usual_weight(views: Sequence[View]) -> float:
    everything = [p for view in views for p in view.pieces]
    return weighted_median([p.weight for p in everything], [p.length for p in everything])


def _paled_sides(light: list[Piece], crossing: list[Piece], h: float) -> list[Piece]:
    """Those of the pieces that are too light for rulings which go from one line that crosses them to the next one
    and no farther, as the side of a cell does that has paled; streaks go on beyond."""

    def ends_at(p: Piece, place: float) -> bool:
        return any(abs(c.at - place) < MET * h and c.start - h < p.at < c.end + h for c in crossing)

    whole = [p for p in light if p.length > PALED * h and ends_at(p, p.start) and ends_at(p, p.end)]
    return [p for p in whole if p.length < SURE * h and sum(abs(q.at - p.at) < ALIKE * h for q in light) == 1]


def _runs_out(piece: Piece, outside: NDArray[np.bool_]) -> bool:
    """Whether a piece goes on outside every table, as a streak does."""
    return bool(outside[int(piece.start) : int(piece.end)].mean() > RUNS_OUT)


def _lightest(pieces: list[Piece], usual: float, h: float) -> float:
    """The weight that few of the long pieces fall short of, by length."""
    rulings = sorted(
        (p.weight, p.length) for p in pieces if p.length > LONG * h and p.weight > LIGHTEST * usual
    )
    lengths = np.cumsum([length for _, length in rulings])
    return rulings[int(np.searchsorted(lengths, FEW * lengths[-1]))][0] if rulings else 0.0


def _not_from_the_back(lines: list[Ruling], h: float) -> list[Ruling]:
    """The rulings without short ones far paler than all others but as thick, which shine through the paper."""
    if not lines:
        return lines
    by_contrast = sorted(lines, key=_contrast)
    lengths = np.cumsum([line.end - line.start for line in by_contrast])
    palest = PALEST * _contrast(by_contrast[int(np.searchsorted(lengths, FEW * lengths[-1]))])
    thick = weighted_median([q.thickness for q in lines], [q.end - q.start for q in lines]) * AS_THICK
    return [q for q in lines if _contrast(q) >= palest or q.thickness < thick or q.end - q.start >= SURE * h]


def _contrast(line: Ruling) -> float:
    """Of a ruling against the paper, 0 to 255."""
    return line.weight / max(1.0, line.thickness)


def _seen(ridges: Image, solid: Image, ink: Image, rings: Image | None, h: float) -> View:
    faint = np.asarray(cv2.max(runs(ridges, h), solid), np.uint8)
    if rings is not None:
        arcs = on_rings(faint, rings, h)
        faint, solid, ridges = taken_off((faint, solid, ridges), arcs, h)
    traces = Traces(faint, solid, ink, ridges, rings=rings)
    pieces, strokes, slanting = _pieces(traces, ridges, h)
    if slanting is not None:
        faint, bare = taken_off((traces.faint, solid), slanting, h)
        traces = replace(traces, faint=faint, solid=bare)
    return View(traces, pieces, strokes)


def _without(view: View, streaks: Image, covers: Image, h: float) -> View:
    """The view with its streaks, which are told from rulings but where they `cover`, left out of ridges and
    faint traces."""
    ridges = np.asarray(cv2.subtract(view.traces.ridges, streaks), np.uint8)
    bare = np.asarray(cv2.subtract(view.traces.solid, streaks), np.uint8)
    ink = np.asarray(cv2.subtract(view.traces.ink, streaks), np.uint8)
    clean = _seen(ridges, bare, ink, view.traces.rings, h)
    whole = replace(
        clean.traces, solid=view.traces.solid, ink=view.traces.ink, streaks=streaks, covers=covers
    )
    return replace(clean, traces=whole)


def _outside(pieces: list[Piece], size: int, h: float) -> NDArray[np.bool_]:
    """Which places across long pieces, of `size` in all, lie outside every table; none where no piece tells."""
    edge = EDGE * size  # a scanner's black border is no table
    at = [p.at for p in pieces if p.length > LONG * h and edge < p.at < size - edge]
    free = np.full(size, bool(at))
    if at:
        free[max(0, round(min(at) - h)) : round(max(at) + h)] = False
    return free


def _pieces(traces: Traces, found: Image, h: float) -> tuple[list[Piece], list[Piece], Image | None]:
    """Long thin straight pieces of the traces of ridges `found`, those that may be strokes of print (see `View`), and the
    mask (255) of strokes among them that slant or bend as no ruling does, None where there are none."""
    long = max(9, round(SHORTEST * h)) | 1
    rows, mask = _long_runs(traces.faint, long)
    if not rows.size:
        return [], [], None
    beside = _without_long_runs(traces.ink, mask, rows, h)
    off_rings = beside if traces.rings is None else np.asarray(cv2.subtract(beside, traces.rings), np.uint8)
    labels, stats = components(mask)
    pieces: list[Piece] = []
    doubtful: list[Piece] = []
    thick: list[Piece] = []
    slanting = None
    for i in _longest(stats):
        x, y, w, high, area = stats[i].tolist()
        if w < long:
            continue
        spot = labels[y : y + high, x : x + w] == i
        blob = w < 8 * area / w
        if blob or high > 0.35 * h + 0.05 * w:
            core = level_core(spot, long, h)
            if not blob and is_slanting(spot, h):
                slanting = np.zeros_like(traces.faint) if slanting is None else slanting
                slanting[rows[y] : rows[y] + high, x : x + w][spot] = 255
            if core is None:
                thick += _thick(spot, found, x, int(rows[y]), h) if blob else []
                continue
            y, x, spot = y + core[0].start, x + core[1].start, spot[core]
            if slanting is not None:
                slanting[rows[y] : rows[y] + len(spot), x : x + spot.shape[1]] = 0
        for first, last in _straight_parts(spot, long, h):
            part = spot[:, first:last]
            piece = _piece(part, found, x + first, int(rows[y]))
            if piece.thickness > THICKEST * h and piece.length > SURE * h:
                piece = replace(piece, weight=BLACK * piece.thickness)
            clear = (
                (piece.length > SURE * h and not _are_strokes(piece, traces.ink, beside, h))
                or (
                    _is_unbroken(piece, traces.ink, STROKE * h)
                    or _stands_clear(piece, beside, h)
                    or _is_unbroken(piece, traces.ink, TALLER * h)
                    and _stands_clear(piece, off_rings, h)
                )
                and (len(part) - 1 < LEVEL * h or bow(part) < LEVEL * h)
            )
            (pieces if clear else doubtful).append(piece)
    return pieces + _doubled(doubtful, beside, h), doubtful + thick, slanting


def _longest(stats: NDArray[np.int32]) -> list[int]:
    """Numbers of the components, but the paper's, in order; the longest `MOST` of a page that is hatched."""
    wide = stats[1:, cv2.CC_STAT_WIDTH]
    return sorted((1 + np.argsort(-wide, kind="stable")[:MOST]).tolist())


def _long_runs(faint: Image, long: int) -> tuple[NDArray[np.intp], Image]:
    """The filled rows of a mask of runs along rows that are `long`, and the mask in these rows alone."""
    rows = filled_rows(faint)
    if not rows.size:
        return rows, faint[rows]
    mask = opened(faint[rows], long)
    held = filled_rows(mask)
    return rows[held], mask[held]


def _without_long_runs(ink: Image, mask: Image, rows: NDArray[np.intp], h: float) -> Image:
    """The ink without what is far longer than a stroke of print: the other line of a double ruling.

    `mask` holds runs that are long already, in the page's `rows`.
    """
    longer = opened(mask, max(9, round(6 * h)))
    held = np.flatnonzero(longer.max(axis=1, initial=0))
    left = ink.copy()
    if held.size:
        left[rows[held]] = cv2.subtract(left[rows[held]], longer[held])
    return left


def _straight_parts(spot: NDArray[np.bool_], least: int, h: float) -> list[tuple[int, int]]:
    """Column ranges of a component that are level, halving what is not: a streak may join a ruling."""
    high, width = spot.shape
    limit = 0.012 * width + 0.06 * h
    if (high - 1) * 4 / 3 <= limit or _rise(spot) <= limit:
        return [(0, width)]
    if width < 2 * least:
        return []
    middle = width // 2
    left = _straight_parts(spot[:, :middle], least, h)
    right = _straight_parts(spot[:, middle:], least, h)
    return left + [(middle + a, middle + b) for a, b in right]


def _piece(spot: NDArray[np.bool_], found: Image, x: int, y: int) -> Piece:
    high, width = spot.shape
    filled = spot.sum(axis=1).tolist()  # of few rows: lists are quicker
    thickness = sum(filled) / width
    dark = np.where(spot, found[y : y + high, x : x + width], 0)
    # Print that touches the line must not shift it: its place is where most of it lies.
    most = filled.index(max(filled))
    near = [(row, count) for row, count in enumerate(filled) if abs(row - most) <= thickness]
    at = y + sum(row * count for row, count in near) / max(1, sum(count for _, count in near))
    return Piece(at, float(x), float(x + width), thickness, float(dark.sum()) / width)


def _thick(spot: NDArray[np.bool_], found: Image, x: int, y: int, h: float) -> list[Piece]:
    """A piece that is thick for its length, but not too thick for a ruling: a short double one, perhaps."""
    return [_piece(spot, found, x, y)] if len(spot) <= THICKEST * h else []


def _rise(spot: NDArray[np.bool_]) -> float:
    """How far the piece climbs from its first to its last quarter, in pixels over its whole length."""
    high, width = spot.shape
    if high == 1:
        return 0.0
    quarter = max(1, width // 4)
    return abs(middle(spot[:, -quarter:]) - middle(spot[:, :quarter])) * 4 / 3


def _stands_clear(piece: Piece, ink: Image, h: float) -> bool:
    """Whether a piece is no row of strokes of print.

    Those have ink on both sides, and the strokes that they meet stand on them.
    """
    half = piece.thickness / 2
    sides = _beside(piece, ink, half + max(1.5, 0.05 * h), half + 0.3 * h)
    if min(sides) >= 0.35 or max(sides) >= 0.85:
        return False
    return max(_beside(piece, ink, half + max(2.0, 0.07 * h), half + max(4.0, 0.13 * h))) < ATTACHED


def _are_strokes(piece: Piece, ink: Image, beside: Image, h: float) -> bool:
    """Whether a long piece is the upper or lower strokes of a row of like characters, as of 0000: there are gaps between
    them, and the characters stand on it on one side alone."""
    half = piece.thickness / 2
    sides = _beside(piece, beside, half + max(2.0, 0.07 * h), half + max(4.0, 0.13 * h))
    return max(sides) >= ATTACHED and min(sides) < BARE and not _is_unbroken(piece, ink, 0.0)


def _is_unbroken(piece: Piece, ink: Image, stroke: float) -> bool:
    """Whether a piece is longer than a stroke of print may be and has no gap, as rows of strokes do."""
    if piece.length <= stroke:
        return False
    middle = round(piece.at)
    band = ink[max(0, middle - 1) : middle + 2, int(piece.start) : int(piece.end)]
    return bool(share_of(held_columns(band)) > WHOLE)


def _doubled(pieces: list[Piece], ink: Image, h: float) -> list[Piece]:
    """Of pieces that do not stand clear, those that do in pairs as long as each other: short double rulings.

    One of each pair is given, since between the two nothing is drawn.
    """
    level = sorted(pieces, key=lambda p: p.at)
    found = []
    for i, one in enumerate(level):
        for other in level[i + 1 :]:
            if other.at - one.at > 0.4 * h:
                break
            even = max(abs(one.start - other.start), abs(one.end - other.end)) < 0.12 * h
            outer = sorted(_outer(one, other, ink, h)) if even else (1.0, 1.0)
            if outer[1] < 0.35 or (outer[0] < BARE and outer[1] < BESIDE_PAIR):
                found.append(max(one, other, key=lambda p: p.weight))
    return found


def _outer(one: Piece, other: Piece, ink: Image, h: float) -> tuple[float, float]:
    """The shares of a pair above and below which ink stands close by."""
    above, below = (p.thickness / 2 + max(1.5, 0.05 * h) for p in (one, other))
    return _beside(one, ink, above, above + 0.3 * h)[0], _beside(other, ink, below, below + 0.3 * h)[1]


def _beside(piece: Piece, ink: Image, near: float, far: float) -> tuple[float, float]:
    """Shares of a piece above and below which ink lies between two distances from its middle, in pixels."""
    shares = []
    for low, high in ((piece.at - far, piece.at - near), (piece.at + near, piece.at + far)):
        band = ink[max(0, round(low)) : max(1, round(high) + 1), int(piece.start) : int(piece.end)]
        shares.append(np.count_nonzero(band.max(axis=0)) / band.shape[1] if band.size else 0.0)
    return shares[0], shares[1]


def _collinear(pieces: list[Piece], traces: Traces, h: float) -> list[list[Piece]]:
    """Pieces in groups that are one ruling: the same place across, gaps along of a few characters at most.

    Short pieces may be strokes of print and are only put to what they all but touch.
    """
    groups: list[list[Piece]] = []
    places: list[float] = []
    for piece in sorted(pieces, key=lambda p: p.at):
        for i in range(len(groups) - 1, -1, -1):
            if abs(piece.at - places[i]) < 0.25 * h and any(_joins(piece, p, h) for p in groups[i]):
                groups[i].append(piece)
                places[i] = _place(groups[i])
                break
        else:
            groups.append([piece])
            places.append(_place([piece]))
    return _rows(groups, traces, h)


def _rows(groups: list[list[Piece]], traces: Traces, h: float) -> list[list[Piece]]:
    """The groups, those put together that dots or a pale line join: a ruling that a fax broke into dashes."""
    rows: list[list[Piece]] = []
    ends: list[tuple[float, float]] = []  # place and end of each row
    for group in sorted(groups, key=lambda g: min(p.start for p in g)):
        start, at = min(p.start for p in group), _place(group)
        for i, (place, end) in enumerate(ends):
            even = abs(at - place) < EVEN * h and start - end < REACH * h
            if even and _is_trail((at + place) / 2, end, start, traces, h):
                rows[i].extend(group)
                ends[i] = _place(rows[i]), max(p.end for p in rows[i])
                break
        else:
            rows.append(list(group))
            ends.append((at, max(p.end for p in group)))
    return rows


def _is_trail(at: float, start: float, end: float, traces: Traces, h: float) -> bool:
    """Whether something pale, at least, goes on along a row from start to end, and no print stands by it."""
    if end - start < 0.3 * h:
        return True
    band = traces.ridges[max(0, round(at) - 1) : round(at) + 2, int(start) : int(end)]
    if not band.size or (band.max(axis=0) >= PALE).mean() < TRAIL:
        return False
    return max(_beside(Piece(at, start, end, 0.0, 0.0), traces.ink, 0.15 * h, 0.4 * h)) < 0.2


def _place(group: list[Piece]) -> float:
    """Where across the pieces of a group lie, longer ones counting for more."""
    return sum(p.at * p.length for p in group) / sum(p.length for p in group)


def _joins(one: Piece, other: Piece, h: float) -> bool:
    gap = max(one.start, other.start) - min(one.end, other.end)
    return gap < (REACH if min(one.length, other.length) >= LONG * h else 0.3) * h


def _measured(group: list[Piece], runs: Image, horizontal: bool) -> Ruling:
    length = sum(p.length for p in group)
    at, start, end = _place(group), min(p.start for p in group), max(p.end for p in group)
    thickness = sum(p.thickness * p.length for p in group) / length
    weight = sum(p.weight * p.length for p in group) / length
    reach = max(2, round(thickness))
    band = runs[max(0, round(at) - reach) : round(at) + reach + 1, int(start) : int(end)]
    support = float((band.max(axis=0) > 0).mean()) if band.size else 0.0
    return Ruling(horizontal, at, start, end, thickness, support, weight)

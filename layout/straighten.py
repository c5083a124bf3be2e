"""Skew, perspective and curl undone, by the page's own rulings and lines of print."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.bend import (
    NARROWEST,
    Bend,
    Points,
    alike_across,
    fit_spline,
    narrowing,
    still,
    upright_again,
)
from shenbao.layout.ink import components, find_ink, print_contrast, stretch, usual_height
from shenbao.layout.ridges import opened, ridge, runs, transposed
from shenbao.layout.sharpest import sharpest_lines
from shenbao.models.stages import Image

SKEW_RANGE = 22.0
"""Degrees to each side within which the skew is looked for (beyond it a page counts as turned)."""
ENOUGH = 40_000
"""Pixels of ink, evenly drawn, on about which the skew is measured; for the coarse search fewer do."""
WIDEST = 5.0
"""Greatest width in pixels of the bins of a projection: lines of print and the gaps between them must not share one."""
SMALLEST = 32
"""Pixels of a picture's side from which anything can be told of its length."""

STREAKED = 0.2
"""Share of an eighth of a line under which there is ink where a streak goes through."""
MARGIN = 0.04
"""Share of the page at each end in which no print is looked for."""
ROUGH_SIDE = 1400
"""Longest side in pixels of the picture in which bends are measured."""

LONG_ENOUGH = 0.3
"""Length (in half pages) beyond which a strand has no more say: one long streak must not outvote a table."""

ROUGHEST = 0.08
"""Character heights by which most points of a strand may leave the middle of their neighbours."""

STROKE = 0.12
"""Length (in half pages) up to which a strand may be strokes of print in a row."""

LEAST_SAY = 0.3
"""Total length (in half pages) of the strands that are none, from which a page's bend can be told."""

MANY, LIKE = 6, 0.008
"""How many short strands tell a slant that they have in common, and the difference of slants that are alike."""

IN_COMMON, TOGETHER = 0.75, 0.6
"""Share of them that must be alike, and their length together, in sides of the page, where they tell its bend."""

SHORT, SHORTEST = 4.0, 2.0
"""Length in character heights under which a strand may be strokes of print, and that of the shortest side of a
cell that is a strand."""

MEET = 0.6
"""Character heights within which a side of a cell ends at another strand."""

FRAMED = 3
"""How many sides of cells tell an axis's bend, however short."""

TOLD = 0.25
"""Share of the page from which a strand is surely a ruling: two such tell how their axis bends."""

SAME_END, ENDING = 0.01, 0.75
"""Share of the page within which strands end together, and share of an axis's strands that do, three at least at each
end, where they are rulings from end to end, however short."""

BAND = 0.12
"""Breadth (in half pages) of the band in which all strands of an axis may lie that tell how the page bends there alone:
how that changes over the page would be guessed."""

NEAR, NEIGHBOURS = 0.2, 7
"""Distance (in half pages) of strands that are neighbours, and how many each has at least."""


@dataclass(frozen=True, eq=False)
class Strand:
    """Points (n, 2) along one ruling or a piece of one, its direction, and thickness times contrast.

    `framed`: a side of cells, that goes from one horizontal strand to another. `short`: short enough to be
    strokes of print but for that.
    """

    points: Points
    horizontal: bool
    weight: float
    framed: bool = False
    short: bool = False


@dataclass(frozen=True, eq=False)
class RoughPage:
    """A small picture of the page to measure on: evenly lit grey, ink without specks, character height."""

    grey: Image
    ink: Image
    char_height: float


def rough_page(evened: Image) -> RoughPage:
    """A small evenly lit picture with its ink found."""
    ink = find_ink(evened, usual_height(evened))
    return RoughPage(evened, ink.mask, ink.char_height)


def measure_skew(ink: Image) -> float:
    """Degrees by which the page must be turned clockwise to stand straight, in (-22, 22).

    Rulings and lines of print make the projections of the ink onto the axes sharpest when the page is
    straight (Postl's method, here on both axes at once); the sharpness is searched coarse to fine.
    """
    ys, xs = np.nonzero(_without_feed_lines(ink))
    if len(xs) < 50:
        return 0.0
    points = np.stack([xs - xs.mean(), ys - ys.mean()]).astype(np.float32)
    best, span = 0.0, SKEW_RANGE
    for step, enough in ((1.0, ENOUGH // 4), (0.2, ENOUGH // 2), (0.04, ENOUGH)):
        some = np.ascontiguousarray(points[:, :: 1 + len(xs) // enough])
        angles = best + np.arange(-span, span + step / 2, step)
        best = float(angles[int(np.argmax(_sharpness(some, angles, step)))])
        span = step
    return best


def _without_feed_lines(ink: Image) -> NDArray[np.bool_]:
    """The ink without what runs along the picture's own sides from end to end: a scanner's streaks and borders.

    A line is one when there is ink in nearly all of its eighths and in the margins, where print never
    comes. On a straight page rulings may go with them, but print remains.
    """
    left = ink > 0
    if min(left.shape) < SMALLEST:
        return left
    for picture in (left, left.T):
        picture[:, through_columns(picture)] = False
    return left


def through_columns(seen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which columns (width,) lie on or next to a line that runs through what is `seen` from end to end."""
    if len(seen) < SMALLEST:
        return np.zeros(seen.shape[1], np.bool_)
    margin = max(1, round(MARGIN * len(seen)))
    parts = [*np.array_split(seen, 8), seen[:margin], seen[-margin:]]
    inked = np.stack([part.mean(axis=0) > STREAKED for part in parts])
    through = (inked[:8].sum(axis=0) >= 7) & inked[8:].all(axis=0)
    return np.asarray(cv2.dilate(through.astype(np.uint8), np.ones((3, 1), np.uint8))[:, 0] > 0)


def _sharpness(points: NDArray[np.float32], degrees: NDArray[np.float64], step: float) -> NDArray[np.int64]:
    """How peaked the projections of the points are, after turning them clockwise by each of the `degrees`."""
    angles = np.deg2rad(degrees)[:, None]
    c, s = np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)
    width = np.float32(
        min(WIDEST, max(1.0, 600.0 * np.deg2rad(step)))
    )  # bins as wide as the search is coarse
    total = np.zeros(len(degrees), np.int64)
    for along, across in ((c, -s), (s, c)):
        lines = (along * points[0] + across * points[1]) / width
        lines -= lines.min(axis=1, keepdims=True)
        bins = int(lines.max()) + 1
        places = lines.astype(np.int32) + bins * np.arange(len(degrees), dtype=np.int32)[:, None]
        counts = np.bincount(places.ravel(), minlength=bins * len(degrees)).reshape(len(degrees), bins)
        total += np.einsum("ij,ij->i", counts, counts)
    return total


def find_strands(page: RoughPage) -> list[Strand]:
    """Pieces of rulings that run within a few degrees of the axes, as points along them.

    Strands much lighter than is usual on the page are streaks of a copier and are left out.
    """
    grey = stretch(page.grey, print_contrast(page.grey, page.ink))
    turned_grey, turned_ink = transposed(grey), transposed(page.ink)
    h = page.char_height
    level = _strands(grey, page.ink, h, horizontal=True)
    down = [_framed(s, level, h) for s in _strands(turned_grey, turned_ink, h, horizontal=False)]
    strands = level + [s for s in down if s.framed or not s.short]
    usual = weighted_median([s.weight for s in strands], [len(s.points) for s in strands])
    return [s for s in strands if s.weight > 0.45 * usual]


def _framed(strand: Strand, level: Sequence[Strand], h: float) -> Strand:
    """The strand that runs down, marked where it ends at horizontal ones both ways."""
    ends = (strand.points[strand.points[:, 1].argmin()], strand.points[strand.points[:, 1].argmax()])
    return replace(strand, framed=all(any(_meets(x, y, other, h) for other in level) for x, y in ends))


def _meets(x: float, y: float, level: Strand, h: float) -> bool:
    along, across = level.points.T
    within = along[0] - h <= x <= along[-1] + h
    return bool(within and abs(np.interp(x, along, across) - y) < MEET * h)


def weighted_median(values: Sequence[float], weights: Sequence[float]) -> float:
    """The value at which half of the weight is reached; 0 where there are none."""
    if not len(values):
        return 0.0
    order = np.argsort(values)
    total = np.cumsum(np.asarray(weights, np.float64)[order])
    return float(np.asarray(values, np.float64)[order][int(np.searchsorted(total, total[-1] / 2))])


def _strands(grey: Image, ink: Image, char_height: float, *, horizontal: bool) -> list[Strand]:
    """The strands of an axis, of a picture turned so that they run across; of level ones none that is short."""
    run = max(5, round(0.8 * char_height))
    solid = opened(ink, run)
    mask = cv2.max(runs(ridge(grey, char_height), char_height), solid)
    joined = cv2.dilate(mask, np.ones((3, 3), np.uint8))  # joins the steps of a slanting line
    labels, stats = components(np.asarray(joined, np.uint8))
    darkness = cv2.bitwise_and(cv2.bitwise_not(grey), mask)
    strands = []
    for i in _long_and_thin(stats, (SHORT if horizontal else SHORTEST) * char_height, char_height):
        x, y, w, h, _ = stats[i].tolist()
        part = (slice(y, y + h), slice(x, x + w))
        dark = np.where(labels[part] == i, darkness[part], np.uint8(0))
        points = _trace(dark, x, y, char_height)
        if len(points) >= 4 and _is_smooth(points, char_height):
            placed = points if horizontal else points[:, ::-1]
            strands.append(Strand(placed, horizontal, float(dark.sum()) / w, short=w < SHORT * char_height))
    return strands


def _long_and_thin(stats: NDArray[np.int32], least: float, char_height: float) -> list[int]:
    """The components, `least` pixels long, that may be rulings that run across."""
    _, _, w, h, area = stats.T
    long = (w >= least) & (h <= 0.12 * w + 0.5 * char_height)
    thin = area <= (0.45 * char_height + 2) * w
    return [int(i) for i in np.flatnonzero(long & thin) if i > 0]


def _trace(dark: Image, x: int, y: int, char_height: float) -> Points:
    """Middle of the darkness in each slice of about half a character along a piece that runs across."""
    step = max(2, round(0.5 * char_height))
    edges = np.arange(0, dark.shape[1], step)
    total = np.add.reduceat(dark.sum(axis=0, dtype=np.float64), edges)
    rows = np.arange(dark.shape[0])[:, None]
    place = np.add.reduceat((dark * rows).sum(axis=0, dtype=np.float64), edges)
    good = total > 0
    along = x + np.minimum(edges + step / 2, dark.shape[1])[good]
    return np.stack([along, y + place[good] / total[good]], axis=1)


def _is_smooth(points: Points, char_height: float) -> bool:
    """Whether points about half a character apart follow a line; strokes of print in a row go up and down."""
    y = points[:, 1]
    lag = min(2, (len(y) - 1) // 2)
    off = np.abs(y[: -2 * lag] - 2 * y[lag:-lag] + y[2 * lag :]) / 2
    return float(np.sort(off)[round(0.8 * (len(off) - 1))]) < ROUGHEST * char_height


def untold(strands: Sequence[Strand], size: tuple[int, int]) -> list[bool]:
    """The axes, horizontal (true) first, of whose bend the strands of a (width, height) page do not tell."""
    return [axis for axis in (True, False) if not _tell(strands, size, horizontal=axis)]


def faint_strands(page: RoughPage, axes: Sequence[bool]) -> list[Strand]:
    """Lines along a page's rulings of those axes, as `untold` gives them.

    Rulings that have all but paled are seen in pieces, if at all, before they stand straight. Upright ones are not
    believed where no level ones are told: characters of prose stand in line, too.
    """
    found: list[Strand] = []
    for horizontal in axes:
        grey, ink = (p if horizontal else transposed(p) for p in (page.grey, page.ink))
        lines = sharpest_lines(grey, ink, page.char_height)
        if horizontal and not lines:
            return []
        found += [Strand(x if horizontal else x[:, ::-1], horizontal, 0.0) for x in lines]
    return found


def instead(strands: list[Strand], faint: Sequence[Strand], size: tuple[int, int]) -> list[Strand]:
    """The strands, with the `faint` ones of a (width, height) page where its own do not tell of their axis."""
    missing = {s.horizontal for s in faint} & set(untold(strands, size))
    kept = [s for s in strands if s.horizontal not in missing]
    return kept + [s for s in faint if s.horizontal in missing]


def in_pieces(strands: Sequence[Strand], size: tuple[int, int]) -> bool:
    """Whether of an axis of a (width, height) page only short pieces tell: rulings that are seen so are faint."""
    for axis in (True, False):
        own, length = _of_axis(strands, size, horizontal=axis)
        whole = _are_whole(own, length, horizontal=axis) or _end_together(own, length, horizontal=axis)
        if not whole and _run_alike(own, length, horizontal=axis):
            return True
    return False


def _end_together(own: list[Strand], length: int, *, horizontal: bool) -> bool:
    """Whether most strands begin and end where others do, as those of a low table whose outer rulings are not seen."""
    along = [s.points[:, 0 if horizontal else 1] for s in own if not s.short]
    if len(along) < FRAMED:
        return False
    together = [
        (np.abs(ends[:, None] - ends) <= SAME_END * length).sum(axis=1) >= FRAMED
        for ends in (np.array([f(a) for a in along]) for f in (np.min, np.max))
    ]
    return float((together[0] & together[1]).mean()) >= ENDING


def _tell(strands: Sequence[Strand], size: tuple[int, int], *, horizontal: bool) -> bool:
    """Whether the strands of an axis tell how it bends: they are long, sides of cells, or many and alike."""
    own, length = _of_axis(strands, size, horizontal=horizontal)
    return _are_whole(own, length, horizontal=horizontal) or _run_alike(own, length, horizontal=horizontal)


def _of_axis(
    strands: Sequence[Strand], size: tuple[int, int], *, horizontal: bool
) -> tuple[list[Strand], int]:
    """The strands of an axis of a (width, height) page, and how long the page is along it."""
    return [s for s in strands if s.horizontal is horizontal], size[0 if horizontal else 1]


def _are_whole(own: list[Strand], length: int, *, horizontal: bool) -> bool:
    along = sorted(float(np.ptp(s.points[:, 0 if horizontal else 1])) for s in own)
    return sum(s.framed for s in own) >= FRAMED or len(along) > 1 and along[-2] >= TOLD * length


def _run_alike(own: list[Strand], length: int, *, horizontal: bool) -> bool:
    long = [s.points for s in own if not s.short]
    together = sum(float(np.ptp(s[:, 0 if horizontal else 1])) for s in long)
    return together >= TOGETHER * length and _shared_slant(long, 1 if horizontal else 0) is not None


def fit_bend(strands: list[Strand], size: tuple[int, int], before: Bend | None = None) -> Bend | None:
    """The bend of a (width, height) page that makes each strand a line of constant x or y.

    Along an axis of which too few strands tell it is that of `before`; None where there is none at all.
    """
    kept = before or still(size)
    across, down = (_fit_axis(strands, axis, kept) for axis in (0, 1))
    if across is None and down is None:
        return before
    x, y = kept.narrowing
    if down is not None:
        kept, x = replace(kept, down=down[0]), _believed(down[1] * kept.half[0])
    if across is not None:
        kept, y = replace(kept, across=across[0]), _believed(across[1] * kept.half[1])
    return replace(kept, narrowing=(x, y))


def _believed(narrowing: float) -> float:
    return min(NARROWEST, max(-NARROWEST, narrowing))


def _fit_axis(strands: list[Strand], axis: int, page: Bend) -> tuple[NDArray[np.float64], float] | None:
    """The coefficients that straighten an axis's strands, and how they draw together along it."""
    own = [replace(s, points=(s.points - page.centre) / page.scale) for s in strands]
    own = [s for s in own if s.horizontal == (axis == 1)]
    long, framed = [s.points for s in own if not s.short], [s.points for s in own if s.framed]
    lengths = [float(np.ptp(s[:, 1 - axis])) for s in long]
    if sum(x for x in lengths if x > STROKE) >= LEAST_SAY:
        agreeing = _agreeing(long, axis)
    elif len(framed) >= FRAMED:
        agreeing = framed
    else:
        slant = _common_slant(long, axis)
        return None if slant is None else (upright_again(slant), 0.0)
    if len(agreeing) < 2 or sum(len(s) for s in agreeing) < 12:
        return None
    fitted = fit_spline(agreeing, axis)
    places = [float(s[:, axis].mean()) for s in agreeing]
    if float(np.ptp(places)) < BAND:
        return alike_across(fitted, float(np.mean(places))), 0.0
    low, high = (f(np.concatenate(agreeing), axis=0) for f in (np.min, np.max))
    along, across = ((float(low[k]), float(high[k])) for k in (1 - axis, axis))
    return fitted, narrowing(fitted, along, across)


def _common_slant(strands: list[Points], axis: int) -> float | None:
    """The slant that many strands have in common, however short; None where they have none or stand straight.

    Of faint rulings that slant, no more than pieces are seen before they stand upright.
    """
    slant = _shared_slant(strands, axis)
    return slant if slant is not None and abs(slant) > 2 * LIKE else None


def _shared_slant(strands: list[Points], axis: int) -> float | None:
    """The slant that most of many strands have; None where they are few or run each another way."""
    slants = np.array([_slant(s, axis) for s in strands])
    if len(slants) < MANY:
        return None
    middle = float(np.median(slants))
    return middle if (np.abs(slants - middle) < LIKE).mean() >= IN_COMMON else None


def _agreeing(strands: list[Points], axis: int) -> list[Points]:
    """The strands whose slant agrees with that of their neighbours.

    Perspective and curl change the slant smoothly over the page; a streak of the copier or a stroke of
    print stands at an angle of its own, other than the longer part of the strands around it.
    """
    if len(strands) < 4:
        return strands
    slant = np.array([_slant(s, axis) for s in strands])
    place = np.array([s.mean(axis=0) for s in strands])
    length = np.minimum([np.ptp(s[:, 1 - axis]) for s in strands], LONG_ENOUGH)
    off = np.array([abs(slant[i] - _usual_slant(i, place, slant, length)) for i in range(len(strands))])
    good = off <= max(0.006, 2.5 * weighted_median(list(off), list(length)))
    return [s for s, keep in zip(strands, good, strict=True) if keep]


def _slant(strand: Points, axis: int) -> float:
    """How coordinate `axis` changes with the other one: least squares."""
    along = strand[:, 1 - axis] - strand[:, 1 - axis].mean()
    return float(along @ strand[:, axis] / max(1e-9, float(along @ along)))


def _usual_slant(own: int, place: Points, slant: NDArray[np.float64], length: NDArray[np.float64]) -> float:
    """The slant that most of the strands near strand `own` have."""
    away = np.hypot(*(place - place[own]).T)
    near = away <= max(NEAR, float(np.sort(away)[min(NEIGHBOURS, len(away)) - 1]))
    return weighted_median(list(slant[near]), list(length[near]))

"""Lines of print, found from ink: inside a known cell, and on the page outside tables."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.bands import cut_tall, merge_bands
from shenbao.layout.faint import faint_print, holds_faint, whole_strokes
from shenbao.layout.ink import Labels, components
from shenbao.layout.order import rows
from shenbao.layout.ridges import opened, transposed
from shenbao.layout.seal_traces import near_seals, print_level, seal_traces
from shenbao.layout.small_dashes import MIDDLE, are_dashes, lone_dash, pale_dash, pale_pair
from shenbao.layout.specks import (
    DIRTY,
    FAR,
    SMALL,
    Pieces,
    beside_line,
    blots,
    few_words,
    is_convex,
    lone_specks,
    off_line,
    wrapped_stop,
)
from shenbao.layout.stretches import filled_rows, stretches_of
from shenbao.models.stages import Box, FlatPage, Grid, Image

Window = tuple[slice, slice]
"""Rows and columns of the page."""

STROKES_APART = 0.65
"""Gap in character heights that the strokes of one character leave at most, as those of 二."""

HAIR = 0.07
"""Width in character heights below which nothing is a line of print: even a 1 is wider than what is left of a streak."""

PARTS, SIGN, INKED = 3, (0.45, 1.1), 0.035
"""Small pieces that are one sign at least, how large it is, in character heights, and its ink, in squares of these, at
least: of 8 such groups of specks in 170 copies, faxes, photographs and scans none had more than 0.023."""

PALEST = 230
"""Grey level (of 255) of the flat page up to which a pixel counts as ink, however faint."""


PALEST_WORN = 250
"""The same in a cell with no ink darker than `WORN`: there a copier ran short of toner, and what is paler than paper is
print. Elsewhere so pale a rim would join strokes that stand apart."""

WORN = 130
"""Grey level (of 255) that no ink is darker than where toner ran short."""

PALEST_STAINED = 185
"""The same in a cell that a seal's ink reaches: most of what is left of that is paler."""


@dataclass(frozen=True, eq=False)
class CellInk:
    """What print a cell holds.

    `lines` are boxes on the flat page, top to bottom; `share` the share of the cell's inside that is
    print; `touching` whether print reaches the rulings; `waste` (height, width) masks, within the
    cell's inside box `inner`, what is no print (remains of rulings, streaks, specks), and `print_` what is;
    `specks` counts specks far from print. `faint` tells for each line whether none of it is as dark as the page's print.
    """

    inner: Box
    lines: tuple[Box, ...]
    share: float
    touching: bool
    waste: NDArray[np.bool_]
    print_: NDArray[np.bool_]
    specks: int = 0
    faint: tuple[bool, ...] = ()

    @cached_property
    def pieces(self) -> NDArray[np.int32]:
        """The connected pieces of the cell's print by number (height, width), 0 where there is none."""
        return np.asarray(cv2.connectedComponents(self.print_.view(np.uint8))[1], np.int32)

    @cached_property
    def _count(self) -> int:
        return int(self.pieces.max(initial=0)) + 1

    def foreign(self, line: Box) -> NDArray[np.bool_]:
        """Mask (height, width), within `inner`, of what a picture of the line must not show: waste, and print
        of which no part stands in the line's rows."""
        top, bottom = (round(y - self.inner[1]) for y in (line[1], line[3]))
        outside = self.waste.copy()
        if len(self.lines) == 1:
            return outside
        others = np.ones(self._count, np.bool_)
        others[0] = False
        others[self.pieces[top:bottom]] = False
        for beyond in (slice(0, top), slice(bottom, None)):
            outside[beyond] |= others.take(self.pieces[beyond])
        return outside


def find_cell_lines(page: FlatPage, box: Box, *, dirty: bool = False) -> CellInk:
    """The lines of print inside a cell whose sides are the centre lines of its rulings.

    `dirty`: the page is known to have specks, so that small marks beside print are taken for some.
    """
    return _lines_in(_cell_pieces(page, box), page.char_height, dirty=dirty)


def lines_of_cells(grids: Sequence[Grid], pages: Sequence[FlatPage]) -> list[list[CellInk]]:
    """The lines in each grid's cells; where there are specks about, what they may have added is left out."""
    cells = [
        _with_dashes(_without_seals(p, [_cell_pieces(p, c.box) for c in g.cells]), p.char_height)
        for g, p in zip(grids, pages, strict=True)
    ]
    dirty = sum(cell.specks for group in cells for cell in group) >= DIRTY
    return [
        [_lines_in(cell, p.char_height, dirty=dirty) for cell in group]
        for group, p in zip(cells, pages, strict=True)
    ]


@dataclass(frozen=True, eq=False)
class _CellPieces:
    """The ink of a cell, taken apart, before it is known whether the page is dirty.

    `dark` (height, width) is ink as dark as print, `every` all ink without long strokes; `labels` numbers the
    connected pieces of the dark ink, `stats` holds their boxes and areas, `print_` says which are print. `faint`: there
    is ink beside the dark one.
    """

    inner: Box
    dark: Image
    every: Image
    labels: Labels
    stats: NDArray[np.int32]
    print_: NDArray[np.bool_]
    specks: int = 0
    faint: bool = False


def _cell_pieces(page: FlatPage, box: Box) -> _CellPieces:
    h = page.char_height
    inset = max(2.0, 0.1 * h)
    # A ruling at the edge of a picture may be put just outside it.
    height, width = page.strong.shape
    x0, y0 = (
        min(max(0, round(at + inset)), most - 1) for at, most in zip(box[:2], (width, height), strict=True)
    )
    x1, y1 = min(max(x0 + 1, round(box[2] - inset)), width), min(max(y0 + 1, round(box[3] - inset)), height)
    dark = page.strong[y0:y1, x0:x1]
    inner = (float(x0), float(y0), float(x1), float(y1))
    window = slice(y0, y1), slice(x0, x1)
    palest = _palest(page, window)
    every = _every_ink(page, window, palest)
    if not cv2.countNonZero(every):
        nothing = np.zeros((0, 5), np.int32)
        return _CellPieces(inner, dark, every, np.zeros((0, 0), np.int32), nothing, np.zeros(0, bool))
    numbers, stats = components(np.ascontiguousarray(dark))
    if (stats[1:, 2:4] >= np.minimum(_half_strokes(h), dark.shape[::-1])).any():
        numbers, stats = components(
            _without_long_strokes(dark, lambda around: page.strong[around], window, h)
        )
    every = _without_long_strokes(every, lambda around: _every_ink(page, around, palest), window, h)
    faint = holds_faint(every, numbers > 0, h)
    boxes = whole_strokes(stats, numbers, every, h) if faint else stats
    print_, specks = _is_print(boxes, dark.shape, h)
    return _CellPieces(inner, dark, every, numbers, boxes, print_, specks, faint)


def _with_dashes(cells: list[_CellPieces], h: float) -> list[_CellPieces]:
    """The cells of a grid, those small or pale dashes alone in them being print which come again and again, or stand
    in the very middle where other cells hold dashes."""
    found = {
        k: dash
        for k, cell in enumerate(cells)
        if len(cell.stats) and not cell.print_.any() and (dash := _dash(cell, h)) is not None
    }
    pieces = [(stats[number], cells[k].dark.shape) for k, (_, stats, number) in found.items()]
    told = are_dashes(pieces, [cell.stats[cell.print_] for cell in cells], h)
    shown = list(cells)
    for k in compress(found, told):
        labels, stats, number = found[k]
        print_ = np.arange(len(stats)) == number
        specks = max(0, cells[k].specks - 1)
        shown[k] = replace(cells[k], labels=labels, stats=stats, print_=print_, specks=specks)
    return [_with_pair(cell, h) if len(cell.stats) and not cell.print_.any() else cell for cell in shown]


def _with_pair(cell: _CellPieces, h: float) -> _CellPieces:
    """A cell without print, the two pale strokes of a = that are all it holds being print."""
    pair = pale_pair(cell.every, h)
    if pair is None:
        return cell
    labels, stats, both = pair
    return replace(cell, labels=labels, stats=stats, print_=np.isin(np.arange(len(stats)), both))


def _dash(cell: _CellPieces, h: float) -> tuple[Labels, NDArray[np.int32], int] | None:
    """The pieces of a cell without print of which one may be a dash, their boxes and areas, and which it is."""
    number = lone_dash(cell.stats, cell.dark.shape[0], h)
    return pale_dash(cell.every, h) if number is None else (cell.labels, cell.stats, number)


def _without_seals(page: FlatPage, cells: list[_CellPieces]) -> list[_CellPieces]:
    """The cells of a grid, what was left of seals being no print."""
    near = near_seals(page, [cell.inner for cell in cells])
    if not any(near):
        return cells
    level = print_level(page, [cell.inner for cell, sealed in zip(cells, near, strict=True) if not sealed])
    if level is None:
        return cells
    return [
        _without_traces(page, cell, level) if sealed and cell.print_.any() else cell
        for cell, sealed in zip(cells, near, strict=True)
    ]


def _without_traces(page: FlatPage, cell: _CellPieces, level: float) -> _CellPieces:
    x0, y0, x1, y1 = (round(v) for v in cell.inner)
    traces = seal_traces(
        page.grey[y0:y1, x0:x1], cell.labels, cell.stats, cell.print_, level, page.char_height
    )
    return replace(cell, print_=cell.print_ & ~traces)


def _lines_in(cell: _CellPieces, h: float, *, dirty: bool) -> CellInk:
    if not len(cell.stats):
        nothing = np.zeros(cell.dark.shape, bool)
        return CellInk(cell.inner, (), 0.0, False, nothing, nothing)
    print_ = cell.print_
    if dirty and print_.any():
        print_ = _without_specks(cell, h)
    # Mostly all is print, and to look up the number of every pixel takes longer.
    strong = cell.labels > 0 if print_[1:].all() else print_.take(cell.labels)
    dark = cell.dark > 0
    keep = faint_print(cell.every, strong, dark & ~strong, h) if cell.faint else strong
    found = [line for line in _split_lines(keep, h) if line[2] - line[0] >= HAIR * h]
    x0, y0 = round(cell.inner[0]), round(cell.inner[1])
    lines = tuple((x0 + a, y0 + b, x0 + c, y0 + d) for a, b, c, d in found)
    rim = np.concatenate([keep[0], keep[-1], keep[:, 0], keep[:, -1]])
    waste = dark & ~keep
    faint = tuple(not strong[b:d].any() for _, b, _, d in found)
    share = float(np.count_nonzero(keep) / keep.size)
    return CellInk(cell.inner, lines, share, bool(rim.any()), waste, keep, cell.specks, faint)


def _palest(page: FlatPage, window: Window) -> int:
    """Grey level (of 255) up to which a pixel of a cell counts as ink, however faint; under a seal that which is
    darker than the seal is mostly left."""
    if page.stain[window].any():
        return PALEST_STAINED
    return PALEST if page.grey[window].min() < WORN else PALEST_WORN


def _every_ink(page: FlatPage, window: Window, palest: int) -> Image:
    """The ink in a window of the page, however faint."""
    _, ink = cv2.threshold(page.grey[window], palest, 255, cv2.THRESH_BINARY_INV)
    return np.asarray(cv2.bitwise_or(ink, page.strong[window]), np.uint8)


def _without_long_strokes(crop: Image, ink: Callable[[Window], Image], window: Window, h: float) -> Image:
    """A cell's ink without what runs on longer than any stroke of a character, also beyond the cell: rulings and
    streaks. `ink` gives that of any window of the page, `window` is the cell's own."""
    (wide, tall), least = _longest_strokes(h), _half_strokes(h)
    left = crop
    for across, view, half, long in ((True, crop, least[0], wide), (False, crop.T, least[1], tall)):
        # Hardly any cell holds such a stroke, and to look for one is much less work than to open the picture.
        if _holds_run(view, half):
            around, own = _grown(window, (0, long) if across else (long, 0))
            seen = ink(around)
            strokes = opened(seen, long) if across else transposed(opened(transposed(seen), long))
            left = np.asarray(cv2.subtract(left, strokes[own]), np.uint8)
    return left


def _grown(window: Window, by: tuple[int, int]) -> tuple[Window, Window]:
    """A window of the page with rows and columns more on each side, as far as the page has them before it, and
    where in it the window was."""
    starts = [max(0, part.start - more) for part, more in zip(window, by, strict=True)]
    rows, columns = (
        slice(start, part.stop + more) for start, part, more in zip(starts, window, by, strict=True)
    )
    own = [slice(part.start - start, part.stop - start) for start, part in zip(starts, window, strict=True)]
    return (rows, columns), (own[0], own[1])


def _longest_strokes(h: float) -> tuple[int, int]:
    """Width and height in pixels beyond which nothing is a stroke of a character."""
    return max(3, round(3.2 * h)), max(3, round(2.2 * h))


def _half_strokes(h: float) -> tuple[int, int]:
    """What is left of these, rounded up, where the side of a cell cuts a stroke in half."""
    wide, tall = _longest_strokes(h)
    return (wide + 1) // 2, (tall + 1) // 2


def _holds_run(ink: Image, length: int) -> bool:
    """Whether as many pixels in line, in some row, are ink; of a picture that is narrower, a whole row."""
    part, reached, length = ink, 1, min(length, ink.shape[1])
    while reached < length:
        step = min(reached, length - reached)
        part, reached = part[:, step:] & part[:, :-step], reached + step
    return bool(part.any())


def _is_print(stats: NDArray[np.int32], shape: tuple[int, ...], h: float) -> tuple[NDArray[np.bool_], int]:
    """For each component whether it is print, component 0 being the paper, and the number of specks."""
    height, width = shape[0], shape[1]
    x, y = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    w, t = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    area = stats[:, cv2.CC_STAT_AREA]
    pieces = x, y, w, t
    remains = _ruling_remains(pieces, (height, width), h)
    streak = (w <= 0.25 * h) & (t >= 0.9 * height) & (t > 1.3 * h)
    rule = (t <= 0.25 * h) & (w >= 0.9 * width) & (w > 1.3 * h)
    print_ = ~(remains | streak | rule)
    small = np.maximum(w, t) < 0.3 * h
    print_[0] = False
    tiny = np.flatnonzero(print_ & small)
    large = _some(pieces, print_ & ~small)
    lone = tiny[~_near_others(_some(pieces, tiny), large, h)] if len(tiny) else tiny
    if len(lone):
        lone = np.setdiff1d(lone, tiny[_in_cluster(_some(pieces, tiny), h)])
    if len(lone) == 1 and wrapped_stop(_some(pieces, lone), large, width, h):
        lone = lone[:0]
    print_[lone] = False
    if len(tiny) == len(stats) - 1 and _is_sign(_some(pieces, tiny), int(area[tiny].sum()), h):
        print_[tiny] = True
        return np.asarray(print_, bool), 0
    if print_.any() and (
        _is_blot(pieces, area, print_, height, h) or _is_edge(_some(pieces, print_), width, h)
    ):
        print_[:] = False
    return np.asarray(print_, bool), len(lone)


def _without_specks(cell: _CellPieces, h: float) -> NDArray[np.bool_]:
    """Which components of a cell on a dirty page are print."""
    x, y, w, t, area = cell.stats.T
    pieces, height = (x, y, w, t), cell.dark.shape[0]
    kept = cell.print_.copy()
    for number in np.flatnonzero(blots(pieces, area, kept, h)).tolist():
        kept[number] = not is_convex(cell.labels, cell.stats[number], number)
    for number in np.flatnonzero(lone_specks(pieces, kept, height, h)).tolist():
        kept[number] = not is_convex(cell.labels, cell.stats[number], number)
    if not kept.any():
        return kept
    inked = np.zeros(height, bool)
    for top, tall in zip(y[kept], t[kept], strict=True):
        inked[top : top + tall] = True
    bands = merge_bands(stretches_of(inked), h)
    words = few_words(pieces, kept, h)
    for band in bands:
        kept = kept & ~beside_line(pieces, kept, band, h, words=words, ends=band is bands[-1])
        kept = kept & ~off_line(pieces, kept, band, cell.dark.shape[1], h)
    return np.asarray(kept, bool)


def _is_sign(parts: Pieces, ink: int, h: float) -> bool:
    """Whether small pieces that are all that a cell holds lie together as the parts of one sign, of which nothing more
    is dark enough: a % in hairlines."""
    x, y, w, t = parts
    if len(x) < PARTS or ink < INKED * h * h:
        return False
    size = max(int((x + w).max() - x.min()), int((y + t).max() - y.min()))
    return SIGN[0] * h <= size <= SIGN[1] * h


def _is_edge(print_: Pieces, width: int, h: float) -> bool:
    """Whether all that a cell holds is the edge of a streak beside a ruling: no figure is so thin, so near to a side."""
    x, _, w, _ = print_
    left, right = int(x.min()), int((x + w).max())
    return right - left <= 0.1 * h and (right <= 0.2 * h or left >= width - 0.2 * h)


def _is_blot(
    pieces: Pieces, area: NDArray[np.int32], print_: NDArray[np.bool_], height: int, h: float
) -> bool:
    """Whether all that a cell of this height holds is dirt: specks, a hair, or one blot smaller than any sign but a
    dash. Half way up the cell a dash may be so small that the pixels at its edges make it look shorter.

    Limits measured on 1,324 cells of copies, faxes and scans.
    """
    x, y, w, t = _some(pieces, print_)
    ink = int(area[print_].sum())
    if max(w.max(), t.max()) < 0.3 * h and ink < 0.05 * h * h:
        return True
    wide, tall = int((x + w).max() - x.min()), int((y + t).max() - y.min())
    if wide < HAIR * h and tall < 1.3 * h:
        return True
    middle = abs(int(y.min()) + tall / 2 - height / 2) < MIDDLE * h
    if wide >= 2.5 * tall or middle and wide - 1 >= 2.5 * (tall - 1):
        return False
    solid = len(w) == 1 and ink > 0.6 * wide * tall and tall < 2.5 * wide  # the strokes of = are two
    return solid and max(wide, tall) < 0.6 * h


def _ruling_remains(
    pieces: Pieces,
    shape: tuple[int, int],
    h: float,
) -> NDArray[np.bool_]:
    """For each component whether it is left of a ruling: thin, close along a side of the cell, and either
    at its very edge or one of several that stand in line."""
    x, y, w, t = pieces
    height, width = shape
    upright, level = w <= 0.2 * h, t <= 0.2 * h
    beside = ((x == 0) | (x + w >= width)) & upright
    above = ((y == 0) | (y + t >= height)) & level
    near_x = ((x + w <= 0.35 * h) | (x >= width - 0.35 * h)) & upright
    near_y = ((y + t <= 0.35 * h) | (y >= height - 0.35 * h)) & level
    long_x = near_x & (_in_line(x + w / 2, t, near_x, h) > 1.4 * h)
    long_y = near_y & (_in_line(y + t / 2, w, near_y, h) > 1.4 * h)
    return np.asarray(beside | above | long_x | long_y, bool)


def _in_line(
    centre: NDArray[np.float64], length: NDArray[np.int32], which: NDArray[np.bool_], h: float
) -> NDArray[np.float64]:
    """For each component the total length of those of `which` that stand in line with it."""
    if not which.any():
        return np.zeros(len(centre))
    level = np.abs(centre[:, None] - centre[which][None]) < 0.12 * h
    return np.asarray((level * length[which][None]).sum(axis=1), np.float64)


def _some(pieces: Pieces, which: NDArray[np.bool_] | NDArray[np.intp]) -> Pieces:
    x, y, w, t = pieces
    return x[which], y[which], w[which], t[which]


def _in_cluster(pieces: Pieces, h: float) -> NDArray[np.bool_]:
    """For each of small components whether it and another one all but touch and together are as big as a sign:
    the circles of a % whose stroke is too fine to see, the dots of a colon."""
    x, y, w, t = pieces
    right, bottom = x + w, y + t
    across = np.maximum(x[None] - right[:, None], x[:, None] - right[None])
    down = np.maximum(y[None] - bottom[:, None], y[:, None] - bottom[None])
    wide = np.maximum(right[:, None], right[None]) - np.minimum(x[:, None], x[None])
    tall = np.maximum(bottom[:, None], bottom[None]) - np.minimum(y[:, None], y[None])
    middle = np.abs((x + right)[:, None] - (x + right)[None]) / 2
    touching = (across < 0.15 * h) & (down < 0.15 * h) & (np.maximum(wide, tall) > 0.4 * h)
    stacked = (middle < 0.1 * h) & (down < 0.6 * h) & (tall > 0.3 * h)
    pair = touching | stacked
    np.fill_diagonal(pair, False)
    return np.asarray(pair.any(axis=1), bool)


def _near_others(pieces: Pieces, others: Pieces, h: float) -> NDArray[np.bool_]:
    """For each component whether one of `others` lies within about a character: a dot belongs to something."""
    x, y, w, t = pieces
    ox, oy, ow, ot = others
    across = np.maximum(ox[None] - (x + w)[:, None], x[:, None] - (ox + ow)[None])
    down = np.maximum(oy[None] - (y + t)[:, None], y[:, None] - (oy + ot)[None])
    return np.asarray(((across < FAR * h) & (down < 0.35 * h)).any(axis=1), bool)


def _split_lines(keep: NDArray[np.bool_], h: float) -> list[tuple[int, int, int, int]]:
    """Boxes of the lines in a mask of print, by its projection onto the vertical axis."""
    single = stretches_of(np.asarray(keep.any(axis=1), np.bool_))
    last = len(single) - _ends_in_stop(single, keep, h)
    lines = []
    for band in [*merge_bands(single[:last], h), *single[last:]]:
        for a, b in cut_tall(keep, band, h):
            columns = np.flatnonzero(keep[a:b].any(axis=0))
            if len(columns):
                lines.append((int(columns[0]), a, int(columns[-1]) + 1, b))
    return lines


def _ends_in_stop(bands: list[tuple[int, int]], keep: NDArray[np.bool_], h: float) -> bool:
    """Whether the last band is a small mark farther below the others than the strokes of a character are apart."""
    if len(bands) < 2:
        return False
    (_, above), (top, bottom) = bands[-2:]
    if bottom - top >= SMALL * h or top - above <= STROKES_APART * h:
        return False
    columns = np.flatnonzero(keep[top:bottom].any(axis=0))
    return int(columns[-1] - columns[0]) < SMALL * h


def find_free_lines(page: FlatPage, grids: Sequence[Grid]) -> list[Box]:
    """Lines of print outside tables, row by row: characters run together along the line."""
    h = page.char_height
    ink = page.strong.copy()
    for grid in grids:
        x0, y0, x1, y1 = (round(v) for v in grid.box)
        pad = round(0.3 * h)
        ink[max(0, y0 - pad) : y1 + pad, max(0, x0 - pad) : x1 + pad] = 0
    held = filled_rows(ink)
    if not held.size:
        return []
    ink = ink[held]
    run = np.ones((1, max(3, round(1.2 * h)) | 1), np.uint8)
    labels, stats = components(np.asarray(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, run), np.uint8))
    boxes = []
    wide, tall = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    for i in np.flatnonzero((0.5 * h <= tall) & (tall <= 3.0 * h) & (wide >= 0.5 * h)).tolist():
        x, y, w, t, _ = stats[i].tolist()
        own = (labels[y : y + t, x : x + w] == i) & (ink[y : y + t, x : x + w] > 0)
        if i and 0.05 < own.mean() < 0.8:
            top = float(held[y])
            boxes.append((float(x), top, float(x + w), top + t))
    return [boxes[i] for row in rows(range(len(boxes)), boxes) for i in row]


def cut(page: FlatPage, line: Box, within: Box, waste: NDArray[np.bool_] | None = None) -> Image:
    """The grey picture of a line with a margin, made up with paper where `within` ends; waste painted over.

    The picture is at least as tall as the page's characters: a lone 一 or = is told by its place in the
    line. The margins, in character heights, read best of those that were tried.
    """
    h = page.char_height
    above = max(0.15 * h, (1.1 * h - (line[3] - line[1])) / 2)
    beside = 0.3 * h
    wanted = (line[0] - beside, line[1] - above, line[2] + beside, line[3] + above)
    a, b, c, d = (round(v) for v in wanted)
    picture = np.full((max(1, d - b), max(1, c - a)), 255, np.uint8)
    x0, y0, x1, y1 = (
        max(a, round(within[0])),
        max(b, round(within[1])),
        min(c, round(within[2])),
        min(d, round(within[3])),
    )
    part = page.grey[y0:y1, x0:x1]
    if waste is not None and waste.any():
        ox, oy = round(within[0]), round(within[1])
        dirt = np.asarray(waste[y0 - oy : y1 - oy, x0 - ox : x1 - ox], np.uint8)
        part = np.where(cv2.dilate(dirt, np.ones((3, 3), np.uint8)) > 0, 255, part)
    picture[y0 - b : y1 - b, x0 - a : x1 - a] = part
    return picture

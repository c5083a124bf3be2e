"""Tables without vertical rulings, or without any: found by how their print is aligned.

A fallback for what `shenbao.layout.grid` does not give. Three-line tables, tables with horizontal rulings
only and tables without rulings become grids whose cells' undrawn sides say so (`GridCell.drawn`) and whose
`ruled` is False. Strict: prose, lists, contents pages and signatures must not become tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from shenbao.layout.alignment import (
    NARROW,
    PHRASE,
    Band,
    Boxes,
    as_boxes,
    bands,
    columns,
    crossing,
    least_crossed,
    phrases,
    placed,
    row_cuts,
)
from shenbao.layout.blocks import Block, free_blocks, inside, ruled_blocks, slab
from shenbao.layout.faces import Sides, merge_faces
from shenbao.layout.headings import Split, ruled_splits, seen_split
from shenbao.layout.pieces import LEADER, find_pieces
from shenbao.layout.remains import without_remains
from shenbao.models.stages import FlatPage, Grid, GridCell, Ruling, Rulings

DRAWN = 0.6
"""Share from which `merge_faces` takes a side as there; sides here are there (1) or not (0)."""

INNER_RULING = 8.0
"""Length, in character heights, of the shortest ruling that parts cells below the headings: strokes of
print may make up shorter ones."""

HEADED = 0.8
"""Share of the columns that need a heading where no ruling speaks for a table."""

ACROSS = 0.25
"""Share of a table's print, by length, that may run across columns."""

WORDS = 0.25
"""Share of a table's print that is longer than a sign: dirt and broken streaks are not."""

MANY = 4
"""Columns from which one row under their headings is a table between rulings: the end of one, on its last page."""

LEGIBLE = 0.72
"""Least height of a heading in character heights: the dirt of a shaded heading is lower."""

SOMETIMES = 0.2
"""Share of the rows in which a common heading lies over two columns with print in them."""

ROWS = 4
"""Rows below from which headings that stand aside from one another make two levels."""


@dataclass(frozen=True, eq=False)
class Layout:
    """The finest rows and columns of a block; `cuts` are rows' edges with no ruling, `splits` lines that part
    common headings from those below."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    splits: tuple[Split, ...]


def find_aligned(page: FlatPage, rulings: Rulings, grids: Sequence[Grid]) -> list[Grid]:
    """The tables of a page that lack vertical rulings, top to bottom, `grids` being its ruled ones."""
    h = page.char_height
    pieces = find_pieces(page, rulings, grids)
    if len(pieces) < 6:
        return []
    boxes, level = without_remains(as_boxes(pieces), rulings.lines, h)
    found: list[Grid] = []
    for block in ruled_blocks(boxes, level, grids, h):
        layout = _ruled_layout(block, h)
        if layout is not None and _holds_table(block, layout, h):
            found.append(_grid(block, layout))
    for block in free_blocks(_outside(boxes, found), h):
        layout = _free_layout(block, h)
        if layout is not None and _holds_table(block, layout, h) and _is_aligned(block, layout, h):
            found.append(_grid(block, layout))
    return sorted(found, key=lambda g: (g.ys[0], g.xs[0]))


def _outside(boxes: Boxes, grids: Sequence[Grid]) -> Boxes:
    for grid in grids:
        boxes = boxes[~inside(boxes, *grid.box)]
    return boxes


def _ruled_layout(block: Block, h: float) -> Layout | None:
    head = block.full[1]
    whole = phrases(_without_specks(block.pieces, head, h), h)
    body = bands(slab(whole, head, block.full[-1]), h)
    if not body:
        return None
    own = whole[~(crossing(whole, body) | _over_rulings(whole, block.partial, head, h))]
    headed = (own[:, 1] + own[:, 3]) / 2 < head
    xs = _headed_columns(own, headed, block, h)
    slabs = [bands(slab(block.pieces, a, b), h) for a, b in pairwise(block.full)]
    cuts = [row_cuts(lines, xs, h) for lines in slabs]
    if len(slabs) >= 4 and np.median([len(c) for c in cuts[1:]]) < 1:
        cuts[1:] = [[] for _ in cuts[1:]]
    rules = [r for r in block.partial if r.at < head or r.end - r.start > INNER_RULING * h]
    splits = ruled_splits(block.pieces, rules, xs, h)
    if not splits:
        heading = seen_split(slab(block.pieces, block.full[0], head), xs, h)
        splits = [heading] if heading else []
    cuts[0] = [y for y in cuts[0] if not any(_same_line(y, s, block.pieces, xs) for s in splits)]
    return _layout(xs, [*block.full, *(y for c in cuts for y in c)], splits)


def _without_specks(pieces: Boxes, head: float, h: float) -> Boxes:
    """The pieces but for those of the headings, above `head`, that are lower than a character."""
    heading = (pieces[:, 1] + pieces[:, 3]) / 2 < head
    return np.asarray(pieces[~heading | (pieces[:, 3] - pieces[:, 1] >= LEGIBLE * h)], np.float64)


def _same_line(y: float, split: Split, pieces: Boxes, xs: Sequence[float]) -> bool:
    """Whether nothing stands between a cut and a split, in the columns of the split."""
    low, high = sorted((y, split.y))
    between = slab(pieces, low, high)
    return not any(int(first) in split.columns for first, _ in placed(between, xs))


def _layout(xs: Sequence[float], ys: Sequence[float], splits: Sequence[Split]) -> Layout:
    """The rows' edges with those of the splits."""
    whole = [s for s in splits if len(s.columns) < len(xs) - 1 or s.groups]
    return Layout(tuple(xs), tuple(sorted([*ys, *(s.y for s in whole)])), tuple(whole))


def _over_rulings(pieces: Boxes, rules: Sequence[Ruling], head: float, h: float) -> NDArray[np.bool_]:
    """For each piece whether it is a heading that stands on a short ruling."""
    over = np.zeros(len(pieces), bool)
    middle = (pieces[:, 0] + pieces[:, 2]) / 2
    for rule in rules:
        if rule.at < head:
            on = (pieces[:, 3] < rule.at + 0.3 * h) & (middle > rule.start) & (middle < rule.end)
            over |= on
    return over


def _free_layout(block: Block, h: float) -> Layout | None:
    every = bands(block.pieces, h)
    start, xs = _first_row(every, block, h)
    if len(xs) < 4 or len(every) - start < 4:
        return None
    first, split = _common_headings(every, start, xs, h)
    rows = _without_foot(every[first:], h)
    cuts = row_cuts(rows, xs, h)
    if split is not None:
        cuts = [y for y in cuts if not _same_line(y, split, block.pieces, xs)]
    ys = [rows[0].top - 0.4 * h, *cuts, rows[-1].bottom + 0.4 * h]
    return _layout(xs, ys, [split] if split else [])


def _without_foot(rows: list[Band], h: float) -> list[Band]:
    """The rows without lone lines far below: a page number, a note."""
    while len(rows) > 4:
        gaps = [b.top - a.bottom for a, b in pairwise(rows)]
        lone = len(phrases(rows[-1].pieces, h)) == 1
        if not lone or gaps[-1] < 1.5 * max(0.5 * h, float(np.median(gaps))):
            break
        rows = rows[:-1]
    return rows


def _common_headings(
    every: Sequence[Band], start: int, xs: Sequence[float], h: float
) -> tuple[int, Split | None]:
    """The first band of the headings, where `start` holds those of single columns, and how common ones
    above are parted from them."""
    for first in range(start, max(-1, start - 4), -1):
        if first < start and every[first + 1].top - every[first].bottom > 2.0 * h:
            break
        heading = np.concatenate([b.pieces for b in every[first : start + 1]])
        split = seen_split(phrases(heading, h), xs, h, whole=first < start)
        if split is not None:
            return first, split
    return start, None


def _first_row(every: Sequence[Band], block: Block, h: float) -> tuple[int, list[float]]:
    """The first band that has a heading for nearly every column, and the columns from there on.

    Titles and captions above it run across columns, or stand over few of them.
    """
    for start in range(min(6, len(every) - 3)):
        rest = every[start:]
        pieces = phrases(np.concatenate([b.pieces for b in rest]), h)
        own = pieces[~crossing(pieces, bands(pieces, h))]
        head = (own[:, 1] + own[:, 3]) / 2 < rest[0].bottom
        low = ~head | ~_is_upper(own, own[head], rest[1:], h)
        xs = _headed_columns(own[low], head[low], block, h)
        headed = {int(c) for c in placed(own[head], xs)[:, 0]}
        if len(headed) >= HEADED * (len(xs) - 1):
            return start, xs
    return 0, []


def _is_upper(pieces: Boxes, heads: Boxes, below: Sequence[Band], h: float) -> NDArray[np.bool_]:
    """Which pieces stand as high as headings over other headings, where there are two levels, and not over
    one heading alone, as the first line of a long one does: that one begins with it or has the same middle,
    and lies over one column of print `below`."""
    middle = (heads[:, 1] + heads[:, 3]) / 2
    if not len(heads) or np.ptp(middle) < 1.1 * h:
        return np.zeros(len(pieces), bool)
    limit = middle.min() + 0.3 * np.ptp(middle)
    low = heads[middle > limit]
    over = np.minimum(pieces[:, None, 2], low[None, :, 2]) - np.maximum(pieces[:, None, 0], low[None, :, 0])
    one = low[over.argmax(axis=1)]
    apart = np.abs(np.stack([pieces[:, 0] - one[:, 0], (pieces - one)[:, [0, 2]].mean(axis=1)]))
    common = ((over > 0).sum(axis=1) != 1) | crossing(pieces, below, SOMETIMES)
    if sum(len(band.pieces) > 1 for band in below) >= ROWS:
        common |= (apart > 0.6 * h).all(axis=0)
    return np.asarray(((pieces[:, 1] + pieces[:, 3]) / 2 < limit) & common)


def _headed_columns(pieces: Boxes, head: NDArray[np.bool_], block: Block, h: float) -> list[float]:
    """The columns of pieces that meet no common heading; `head` tells which of them are headings.

    A heading in the middle may stand clear of all numbers on the right of its column: a column without
    heading and a heading without column beside it are one.
    """
    xs = columns(_without_blots(pieces, head), block.left, block.right, h)
    where = placed(pieces, xs)[:, 0]
    headed = np.array([(where[head] == j).any() for j in range(len(xs) - 1)])
    counts = np.array([(where[~head] == j).sum() for j in range(len(xs) - 1)])
    several = bool(np.median(counts[counts > 0]) > 1) if counts.any() else True
    full = counts > several
    for j in reversed(range(1, len(xs) - 1)):
        if headed[j] != headed[j - 1] and full[j] != full[j - 1] and headed[j] != full[j]:
            del xs[j]
            headed[j - 1], full[j - 1] = True, True
    heads = pieces[head]
    top = float(heads[:, 1].min()) if len(heads) else 0.0
    near = replace(block, pieces=block.pieces[block.pieces[:, 3] > top])
    return _between_headings(xs, heads, near, several, h)


def _between_headings(xs: list[float], heads: Boxes, block: Block, several: bool, h: float) -> list[float]:
    """The columns with those parted that have two headings side by side, at the widest gap between what
    stands below: it may be narrower than one between columns that nothing else tells apart. `several` tells
    whether there is more than one row below. Where rulings speak for a table, some print may lie over the gap."""
    pieces = block.pieces
    edges = list(xs)
    middles = (heads[:, 0] + heads[:, 2]) / 2
    end = float(heads[:, 3].max()) if len(heads) else 0.0
    body = pieces[pieces[:, 1] > end]
    for left, right in pairwise(xs):
        own = heads[(middles > left) & (middles < right)]
        own = own[np.argsort(own[:, 0])]
        for one, other in pairwise(own):
            if other[0] - one[2] > PHRASE * h:
                start, stop = (float(p[0] + p[2]) / 2 for p in (one, other))
                near = pieces[(pieces[:, 2] > start) & (pieces[:, 0] < stop)]
                cuts = columns(near, start, stop, h, NARROW)[1:-1]
                cuts = cuts or (least_crossed(near, start, stop, h) if block.full else [])
                edges += [x for x in cuts[:1] if _on_both(body, left, x, right) > several]
    return sorted(edges)


def _on_both(pieces: Boxes, left: float, at: float, right: float) -> int:
    """How often print stands on either side of a place, between two edges: on the side where it is fewer."""
    one = (pieces[:, 0] > left) & (pieces[:, 2] < at)
    other = (pieces[:, 0] > at) & (pieces[:, 2] < right)
    return int(min(one.sum(), other.sum()))


def _without_blots(pieces: Boxes, head: NDArray[np.bool_]) -> Boxes:
    """The pieces but for those that stand in no line of three and under no heading (`head`)."""
    over = np.minimum(pieces[:, None, 2], pieces[None, :, 2]) - np.maximum(
        pieces[:, None, 0], pieces[None, :, 0]
    )
    meets = over > 0
    kept = head | (meets.sum(axis=1) >= 3) | (meets & head).any(axis=1)
    return np.asarray(pieces[kept], np.float64)


def _holds_table(block: Block, layout: Layout, h: float) -> bool:
    """Whether rows, columns and what stands in them are those of a table: three rows of two columns at least,
    or one row under many headings, four where no ruling speaks for it, most cells filled and short, hardly any
    print across columns, no leader dots."""
    n_rows, n_cols = len(layout.ys) - 1, len(layout.xs) - 1
    fewest = 4 if not block.full else 3 if n_cols < MANY else 2
    if n_rows < fewest or n_cols < 2:
        return False
    own = block.pieces[inside(block.pieces, block.left, layout.ys[0], block.right, layout.ys[-1])]
    size = own[:, 2:] - own[:, :2]
    if not len(own) or ((size[:, 1] < LEADER * h) & (size[:, 0] > 3.0 * h)).sum() > 1:
        return False
    head = max((s.y for s in layout.splits), default=layout.ys[0])
    first, last = placed(own, layout.xs).T
    across = (last > first) & (own[:, 1] > head)
    whole = phrases(own, h)
    wide = whole[:, 2] - whole[:, 0]
    first = placed(whole, layout.xs)[:, 0]
    if size[across, 0].sum() > ACROSS * size[:, 0].sum() or (wide > 1.5 * h).mean() < WORDS:
        return False
    rows = np.clip(np.searchsorted(layout.ys, (whole[:, 1] + whole[:, 3]) / 2) - 1, 0, n_rows - 1)
    holds = np.zeros((n_rows, n_cols), bool)
    holds[rows, first] = True
    usual = [float(np.median(wide[first == j])) if (first == j).any() else 0.0 for j in range(n_cols)]
    short = sum(w < 9.0 * h for w in usual)
    least = 0.4 if block.full else 0.5
    return bool(holds.mean() >= least and short >= max(1, n_cols - 1, 0.5 * n_cols) - (n_cols > 4))


def _is_aligned(block: Block, layout: Layout, h: float) -> bool:
    """Whether each column but one keeps an edge or its middle from row to row, and nearly all have a heading."""
    own = block.pieces[inside(block.pieces, block.left, layout.ys[0], block.right, layout.ys[-1])]
    own = phrases(own, h)
    n_cols = len(layout.xs) - 1
    lowest = max((s.y for s in layout.splits), default=layout.ys[0])
    end = next((y for y in layout.ys if y > lowest + 0.1 * h), layout.ys[-1])
    below = (own[:, 1] + own[:, 3]) / 2 > end
    headed = {int(c) for a, b in placed(own[~below], layout.xs) for c in range(a, b + 1)}
    where = placed(own[below], layout.xs)
    aligned = 0
    for j in range(n_cols):
        column = own[below][(where[:, 0] == j) & (where[:, 1] == j)]
        marks = (column[:, 0], column[:, 2], (column[:, 0] + column[:, 2]) / 2)
        aligned += any(_agree(m, h) for m in marks)
    return aligned >= n_cols - 1 and len(headed) >= HEADED * n_cols


def _agree(marks: NDArray[np.float64], h: float) -> bool:
    """Whether all but a third of the marks, or one (a number of the column above), are at one place."""
    if not len(marks):
        return True
    off = int((np.abs(marks - np.median(marks)) > 0.6 * h).sum())
    return off <= 1 + 0.3 * len(marks)


def _grid(block: Block, layout: Layout) -> Grid:
    xs, ys = layout.xs, layout.ys
    rows, cols = len(ys) - 1, len(xs) - 1
    across, down = np.ones((rows + 1, cols)), np.ones((rows, cols + 1))
    for split in layout.splits:
        i = ys.index(split.y)
        top = max((k for k in range(i) if ys[k] in block.full or k == 0), default=0)
        upper = max(top, *(ys.index(s.y) for s in layout.splits if s.y < split.y), 0) if i else 0
        across[i] = [float(j in split.columns) for j in range(cols)]
        for first, last in split.groups:
            down[upper:i, first + 1 : last] = 0.0
    _open_spanned(block, layout, down)
    cells = []
    for r0, c0, r1, c1 in merge_faces(Sides(across, down), DRAWN):
        drawn = (float(ys[r0] in block.full), float(ys[r1] in block.full), 0.0, 0.0)
        cells.append(GridCell(r0, c0, r1 - r0, c1 - c0, (xs[c0], ys[r0], xs[c1], ys[r1]), drawn))
    cells.sort(key=lambda c: (c.row, c.col))
    return Grid(xs, ys, tuple(cells), ruled=False)


def _open_spanned(block: Block, layout: Layout, down: NDArray[np.float64]) -> None:
    """Takes out the sides that a piece of print runs over, where nothing else stands in those columns."""
    rows = np.searchsorted(layout.ys, (block.pieces[:, 1] + block.pieces[:, 3]) / 2) - 1
    where = placed(block.pieces, layout.xs)
    for row, (first, last) in zip(rows, where, strict=True):
        if not 0 <= row < len(down) or first == last:
            continue
        same = (rows == row) & (where[:, 0] <= last) & (where[:, 1] >= first)
        if int(same.sum()) == 1:
            down[row, first + 1 : last + 1] = 0.0

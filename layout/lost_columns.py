"""Columns whose rulings one page of a table has lost, restored from the pages that show them.

A header printed again tells: where its names over several columns stand in one cell of a page, the rulings
between them are lost there, not left out. Below it rows are divided as the other pages' rows always are, where
the print leaves room. Without one, the rows of a register tell that go on after a page's end with one edge less.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rapidfuzz import fuzz

from shenbao.layout.columns import reconciled
from shenbao.layout.headers import is_header
from shenbao.layout.lost_rows import between
from shenbao.models.document import Polygon
from shenbao.models.plain import plain
from shenbao.models.stages import CharReading, Grid, GridCell, PageTable, ReadCell, Reading, ReadLine

LIKE = 60.0
"""Likeness (0 to 100), on average, of a header's names to what was read across its lost rulings."""

LAST, COLUMNS = 3, 4
"""Rows before a page's end, and columns left after it, from which a register is known."""

TOP = 3
"""Rows in which a repeated header begins."""

CLEAR = 0.4
"""Character heights within which the middle of a character is the lost ruling's, not print's."""

ROOM = 0.6
"""Character heights between the print of two cells."""


def with_lost_columns(tables: Sequence[PageTable]) -> list[PageTable]:
    """The parts of one table, in page order, with the columns that single pages have lost."""
    found: list[PageTable] = []
    for table in tables:
        others = [
            x for x in tables if x is not table and x.grid.ruled and len(x.grid.xs) > len(table.grid.xs)
        ]
        for other in others if table.grid.ruled else []:
            table = _completed(table, other)
        if found and table.grid.ruled and found[-1].grid.ruled:
            table = _as_before(table, found[-1])
        found.append(table)
    return found


def _as_before(table: PageTable, before: PageTable) -> PageTable:
    """The table with the one column edge that all of its rows lack and the last rows before its page have."""
    xs, h = _in_frame(table.grid.xs, before.grid.xs), table.char_height
    lost = [x for x in xs if min(abs(x - own) for own in table.grid.xs) > h / 2]
    last = len(before.grid.ys) - 1
    rows = [[c for c in before.cells if c.place.row == last - k] for k in range(1, LAST + 1)]
    same = all(_is_undivided(row) and len(row) == len(xs) - 1 for row in rows)
    fewer = len(table.grid.xs) - 1
    mine = [[c for c in table.cells if c.place.row == r] for r in range(len(table.grid.ys) - 1)]
    alike = all(_is_undivided(row) and len(row) == fewer for row in mine)
    if not (same and alike and len(lost) == 1 and fewer == len(xs) - 2 >= COLUMNS):
        return table
    wide = [c for c in table.cells if c.place.box[0] < lost[0] < c.place.box[2]]
    return _divided(table, lambda _: lost) if all(_has_room(c, lost[0], h) for c in wide) else table


def _is_undivided(row: Collection[ReadCell]) -> bool:
    """Whether all cells of a row are one row high and one column wide."""
    return all(c.place.row_span == c.place.col_span == 1 for c in row)


def _completed(table: PageTable, other: PageTable) -> PageTable:
    """The table with the columns that its repeated header names, and `other` shows."""
    xs = _in_frame(table.grid.xs, other.grid.xs)
    rows = [[c for c in other.cells if c.place.row == row] for row in range(len(other.grid.ys) - 1)]
    headers = [(row, names) for row, names in enumerate(rows) if is_header([c.text for c in names])]
    for row in range(min(TOP, len(table.grid.ys) - 1)):
        mine = [c for c in table.cells if c.place.row == row]
        for header, names in headers:
            lost = _lost(mine, names, xs, table.char_height)
            if lost and _are_shared(lost, header, other, xs):
                return _named(table, row, lost, _always(other, header, xs, lost))
    return table


def _in_frame(xs: Sequence[float], other: Sequence[float]) -> list[float]:
    """Another page's column edges in this page's pixels."""
    width = xs[-1] - xs[0]
    mine, theirs = ([(x - e[0]) / (e[-1] - e[0]) for x in e] for e in (xs, other))
    return [xs[0] + share * width for share in reconciled(theirs, mine)]


def _lost(mine: Sequence[ReadCell], names: Sequence[ReadCell], xs: Sequence[float], h: float) -> list[float]:
    """The edges between a header's names that stand in one cell; none unless the whole header is the same."""
    lost: list[float] = []
    likeness: list[float] = []
    for cell in mine:
        x0, _, x1, _ = cell.place.box
        under = [n for n in names if x0 - h / 2 < xs[n.place.col] and _right(n, xs) < x1 + h / 2]
        inner = sorted(xs[n.place.col] for n in under)[1:]
        pieces = [piece.text for piece in _cut(cell, inner, h)]
        if len(under) != len(pieces) or inner and not all(n.text for n in under):
            return []
        likeness += [
            fuzz.ratio(plain(p), plain(n.text)) for p, n in zip(pieces, under, strict=True) if n.text
        ]
        lost += inner
    return lost if likeness and sum(likeness) / len(likeness) >= LIKE else []


def _are_shared(lost: Sequence[float], header: int, other: PageTable, xs: Sequence[float]) -> bool:
    """Whether other rows than its header have those edges, too: one that a header's cell alone has may be a seal's
    stroke on it."""
    rest = [c for c in other.cells if c.place.row != header]
    used = {x for c in rest for x in (xs[c.place.col], _right(c, xs))}
    return used.issuperset(lost)


def _right(cell: ReadCell, xs: Sequence[float]) -> float:
    return xs[cell.place.col + cell.place.col_span]


def _always(other: PageTable, header: int, xs: Sequence[float], lost: Sequence[float]) -> list[float]:
    """Those of the edges that no cell below the header of another page, of at least two rows, runs over."""
    below = [c for c in other.cells if c.place.row > header]
    if len({c.place.row for c in below}) < 2:
        return []
    return [x for x in lost if not any(xs[c.place.col] < x < _right(c, xs) for c in below)]


def _named(table: PageTable, header: int, lost: Sequence[float], always: Sequence[float]) -> PageTable:
    """The table with its header divided at the lost edges, and so the cells below that are as wide as one of
    its cells, where print leaves room."""
    widths = {(c.place.col, c.place.col_span) for c in table.cells if c.place.row == header}

    def edges(cell: ReadCell) -> Sequence[float]:
        if cell.place.row == header:
            return lost
        if cell.place.row < header or (cell.place.col, cell.place.col_span) not in widths:
            return []
        return [x for x in always if _has_room(cell, x, table.char_height)]

    return _divided(table, edges)


def _divided(table: PageTable, edges: Callable[[ReadCell], Sequence[float]]) -> PageTable:
    """The table with each cell divided at those of its `edges` that lie in it."""
    cells: list[ReadCell] = []
    for cell in table.cells:
        x0, _, x1, _ = cell.place.box
        cells.extend(_cut(cell, [x for x in edges(cell) if x0 < x < x1], table.char_height))
    xs = sorted({x for c in cells for x in (c.place.box[0], c.place.box[2])} | set(table.grid.xs))
    placed = [replace(c, place=_placed(c.place, xs)) for c in cells]
    placed.sort(key=lambda c: (c.place.row, c.place.col))
    grid = Grid(tuple(xs), table.grid.ys, tuple(c.place for c in placed))
    return replace(table, grid=grid, cells=tuple(placed))


def _placed(place: GridCell, xs: Sequence[float]) -> GridCell:
    """A cell's place among more columns, by where it begins and ends."""
    left, right = (min(range(len(xs)), key=lambda k: abs(xs[k] - x)) for x in (place.box[0], place.box[2]))
    return replace(place, col=left, col_span=right - left)


@dataclass(frozen=True)
class _Char:
    """A character with the pixels that it takes from left to right."""

    reading: CharReading
    x0: float
    x1: float

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2


def _chars(line: ReadLine) -> list[_Char]:
    x0, _, x1, _ = line.box
    width = x1 - x0
    return [_Char(c, x0 + c.start * width, x0 + c.end * width) for c in line.reading.chars]


def _has_room(cell: ReadCell, x: float, h: float) -> bool:
    """Whether the print of every line keeps clear of an edge."""
    for line in cell.lines:
        every = _chars(line)
        chars = [c for c in every if abs(c.middle - x) > CLEAR * h]
        left = max((c.x1 for c in chars if c.middle < x), default=-float("inf"))
        right = min((c.x0 for c in chars if c.middle > x), default=float("inf"))
        if right - left < (ROOM if chars == every else ROOM + 1.0) * h:
            return False
    return True


def _cut(cell: ReadCell, inner: Sequence[float], h: float) -> list[ReadCell]:
    """The cell cut at these edges, its lines too; what was read in the place of an edge is dropped."""
    x0, y0, x1, y1 = cell.place.box
    edges = [x0, *sorted(inner), x1]
    last = len(edges) - 2
    found = []
    for k, (left, right) in enumerate(pairwise(edges)):
        top, bottom, first, end = cell.place.drawn
        drawn = (top, bottom, first if k == 0 else 0.0, end if k == last else 0.0)
        place = replace(cell.place, box=(left, y0, right, y1), drawn=drawn)
        shares = ((left - x0) / (x1 - x0), (right - x0) / (x1 - x0))
        lines = tuple(part for line in cell.lines if (part := _part(line, left, right, inner, h)))
        found.append(replace(cell, place=place, polygon=_piece(cell.polygon, *shares), lines=lines))
    return found


def _part(line: ReadLine, left: float, right: float, inner: Sequence[float], h: float) -> ReadLine | None:
    """What of a line stands from left to right; the line itself where it is whole."""
    if not any(line.box[0] < x < line.box[2] for x in inner):
        return line if left <= (line.box[0] + line.box[2]) / 2 < right else None
    chars = [
        c
        for c in _chars(line)
        if left <= c.middle < right and not any(abs(c.middle - x) <= CLEAR * h for x in inner)
    ]
    if not chars:
        return None
    x0, x1 = max(left, chars[0].x0), min(right, chars[-1].x1)
    width = max(1.0, x1 - x0)
    readings = tuple(
        replace(c.reading, start=max(0.0, (c.x0 - x0) / width), end=min(1.0, (c.x1 - x0) / width))
        for c in chars
    )
    return ReadLine((x0, line.box[1], x1, line.box[3]), Reading(readings))


def _piece(polygon: Polygon, start: float, end: float) -> Polygon:
    """The part of a cell's place on the delivered page between two shares of its width."""
    a, b, c, d = polygon
    return between(a, b, start), between(a, b, end), between(d, c, end), between(d, c, start)

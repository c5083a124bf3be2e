"""PageTables -> JoinedTables: a table that goes on over pages becomes one."""

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from shenbao.layout.columns import REACH, matched, reconciled
from shenbao.layout.doubted_sides import without_doubted_sides
from shenbao.layout.headers import header_rows, is_header, names_columns, numbers_columns
from shenbao.layout.heard_again import heard_again, span_of
from shenbao.layout.join_breaks import is_number, put_below
from shenbao.layout.lost_columns import with_lost_columns
from shenbao.layout.lost_rows import with_lost_rows
from shenbao.models.plain import plain
from shenbao.models.stages import JoinedCell, JoinedTable, PageTable, Part, ReadCell

SAME_ROW = 80.0
"""Likeness (0 to 100) from which two rows count as the same header, one read on each page."""

MISREAD = 50.0
"""The same for two cells of which one holds no header word: a fax leaves half a label's signs."""

TOP = 3
"""Rows at a table's top that may be its header whatever they say."""

MANY, MOST = 5, 0.8
"""Cells of a header, and share of them, that must be alike where most of its signs were misread."""

NAMED = 3
"""Header words from which a row may be a header though the rest of it was misread."""


@dataclass(frozen=True)
class Placed:
    """A table of a page, with its column edges as shares of its width."""

    table: PageTable
    edges: tuple[float, ...]

    @staticmethod
    def of(table: PageTable) -> "Placed":
        xs = table.grid.xs
        return Placed(table, tuple((x - xs[0]) / (xs[-1] - xs[0]) for x in xs))

    def as_wide_as(self, other: "Placed") -> bool:
        """Whether two tables are as wide, in shares of their pages or, as on photographs taken from nearer
        and farther, in characters."""
        mine, theirs = (t.table.grid.xs[-1] - t.table.grid.xs[0] for t in (self, other))
        shares = mine / self.table.page_width - theirs / other.table.page_width
        chars = (mine / self.table.char_height) / (theirs / other.table.char_height)
        return abs(shares) <= 0.12 or abs(chars - 1.0) <= 0.1


def join_tables(
    pages: Sequence[Sequence[PageTable]], known: Container[str] = frozenset()
) -> list[JoinedTable]:
    """The tables of a document's pages, in reading order, parts on following pages joined.

    `known`: labels, without blanks, that forms print; one that a page's end cuts is put together.
    """
    chains: list[list[Placed]] = []
    for tables in pages:
        for number, table in enumerate(tables):
            placed = Placed.of(table)
            if number == 0 and chains and _goes_on(chains[-1], placed):
                chains[-1].append(_in_line(chains[-1][-1], placed))
            else:
                chains.append([placed])
    return [_joined(f"t{i}", chain, known) for i, chain in enumerate(chains, start=1)]


def _in_line(before: Placed, after: Placed) -> Placed:
    """A following part found by alignment, as many columns wide, on the edges of the part before: its own
    lie anywhere between columns."""
    loose = not (before.table.grid.ruled and after.table.grid.ruled)
    if loose and len(before.edges) == len(after.edges):
        return replace(after, edges=before.edges)
    return after


def _goes_on(chain: list[Placed], after: Placed) -> bool:
    """Whether a page's first table continues the last table of the page before.

    It does when it stands at once under the page's top, has no title of its own, is as wide, and shares
    column edges with what it continues.
    """
    before = chain[-1]
    if after.table.page != before.table.page + 1 or not before.as_wide_as(after):
        return False
    if after.table.title and not _says_again(after.table.title, chain):
        return False
    counts = [len(p.edges) - 2 for p in (before, after)]
    chance = min(1.0, 2 * REACH * max(counts))
    share = max(0.5, chance)
    return len(matched(before.edges[1:-1], after.edges[1:-1])) >= share * min(counts)


def _says_again(title: str, chain: list[Placed]) -> bool:
    """Whether what stands above a table is the title before, or was read in a repeated header that lost its rulings."""
    names = [
        plain(c.text) for p in chain for row in _rows(p.table) if row.is_header for c in row.cells if c.text
    ]
    return any(fuzz.ratio(plain(title), old) >= SAME_ROW for old in (plain(chain[0].table.title), *names))


@dataclass(frozen=True)
class Row:
    """The cells that start in one row of a page's table, with the page's part for each."""

    cells: tuple[ReadCell, ...]

    @property
    def text(self) -> str:
        return "|".join(plain(c.text) for c in self.cells if c.text)

    @property
    def is_header(self) -> bool:
        return is_header([c.text for c in self.cells])

    @property
    def numbers_columns(self) -> bool:
        return numbers_columns([c.text for c in self.cells])

    @property
    def counts_columns(self) -> bool:
        """Whether at least three numbers, or most of more, are those of their columns, counted from the same one."""
        firsts = Counter(int(text) - col for col, text in self.numbers.items() if text.isdecimal())
        right = max(firsts.values(), default=0)
        return right >= (3 if right == len(self.numbers) else max(4, 0.6 * len(self.numbers)))

    @property
    def named(self) -> int:
        """How many of its cells hold header words."""
        return names_columns([c.text for c in self.cells])

    @property
    def may_be_header(self) -> bool:
        """Whether it names some columns and holds no number: other names may be misread, or new."""
        return not self.numbers and self.named >= NAMED

    @property
    def numbers(self) -> dict[int, str]:
        """The numbers that stand in cells of their own, by column."""
        return {c.place.col: text for c in self.cells if is_number(text := plain(c.text))}


def _rows(table: PageTable) -> list[Row]:
    count = len(table.grid.ys) - 1
    return [Row(tuple(c for c in table.cells if c.place.row == r)) for r in range(count)]


def _joined(name: str, chain: list[Placed], known: Container[str]) -> JoinedTable:
    first = chain[0].table
    whole = _mended([placed.table for placed in chain])
    chain = [p if p.table is t else Placed.of(t) for p, t in zip(chain, whole, strict=True)]
    dropped, again = _without_repeats([_rows(placed.table) for placed in chain])
    told = heard_again(chain[0].table, [(old.cells, row.cells) for old, row in again])
    chain[0] = replace(chain[0], table=told)
    chain, columns = _in_one_frame(chain, dropped)
    cells: list[JoinedCell] = []
    base = 0
    for placed, skip in zip(chain, dropped, strict=True):
        own = _placed_cells(placed, skip, base, columns)
        count = len(placed.table.grid.ys) - 1 - skip
        cells, cut = put_below(cells, own, base, known)
        base += count - cut
    cells.sort(key=lambda c: (c.row, c.col))
    table = JoinedTable(
        id=name,
        title=first.title,
        captions=first.captions,
        pages=tuple(p.table.page for p in chain),
        n_rows=base,
        n_cols=len(columns) - 1,
        header_rows=(),
        cells=tuple(cells),
    )
    return replace(table, header_rows=header_rows(table))


def _mended(tables: Sequence[PageTable]) -> Sequence[PageTable]:
    """The parts of a table without doubted sides, and with those that single rows or pages have lost; what a file
    says itself stays as it is."""
    if all(c.known is not None for table in tables for c in table.cells):
        return tables
    return with_lost_columns([with_lost_rows(without_doubted_sides(table)) for table in tables])


def _without_repeats(parts: Sequence[list[Row]]) -> tuple[list[int], list[tuple[Row, Row]]]:
    """How many leading rows of each part repeat earlier ones, and of those that can be told the earlier one and it."""
    seen: list[Row] = []
    dropped: list[int] = []
    again: list[tuple[Row, Row]] = []
    for rows in parts:
        pairs = _repeated(seen, rows) if dropped else []
        again += [(seen[old], row) for old, row in zip(pairs, rows, strict=False) if old is not None]
        dropped.append(len(pairs))
        seen.extend(rows[len(pairs) :])
    return dropped, again


def _repeated(seen: list[Row], rows: list[Row]) -> list[int | None]:
    """The leading rows that repeat rows of the table's top, or header rows further down: which, if it can be told.

    The lines of a register are alike, too: rows with a number in a cell of its own are data, but for the
    numbering of columns that follows a repeated header with the same numbers.
    """
    headers = [i for i, old in enumerate(seen) if i < TOP or old.is_header or old.may_be_header]
    found: list[int | None] = []
    following = -1
    while len(found) < min(TOP + 1, len(rows)):
        old, deep = _said_before(rows[len(found) :], seen, headers, following)
        if not deep:
            break
        found += [k if k < len(seen) else None for k in range(old, old + deep)]
        following = old + deep
    return found


def _said_before(
    rows: Sequence[Row], seen: Sequence[Row], headers: Sequence[int], following: int
) -> tuple[int, int]:
    """Which earlier row the first of these rows repeats, and how many rows deep; 0 deep where it repeats none.

    `following` is the row after the header that was repeated last, -1 if none was.
    """
    row = rows[0]
    found = [i for i in headers if row.text.count("|") >= 1 and _alike(row, seen[i])]
    if row.numbers and not row.is_header and row.named < NAMED:
        found = [i for i in found if i == following and _same_numbers(row.numbers, seen[i].numbers)]
    found = found or [i for i, old in enumerate(seen) if _misread(row, old)]
    if found:
        return found[0], _shared_depth(rows, seen[found[0] :])
    if following >= 0:
        return following, int(following < len(seen) and row.counts_columns)
    depths = ((i, _same_shape(rows, seen[i:])) for i in headers if i < TOP)
    return next(((i, deep) for i, deep in depths if deep), (0, 0))


def _same_shape(rows: Sequence[Row], old: Sequence[Row]) -> int:
    """How many rows deep a header is that is divided as one that says about the same, or that cannot be read; 0 where
    it is not."""
    deep = max((c.place.row_span for c in rows[0].cells), default=0)
    if not 1 < deep <= min(TOP, len(old)):
        return 0
    if _shapes(rows, deep) != _shapes(old, deep):
        return 0
    now, before = (sum(row.named for row in part[:deep]) for part in (rows, old))
    unread = not old[0].is_header and (rows[0].is_header or now >= NAMED)
    said = ["|".join(row.text for row in part[:deep]) for part in (rows, old)]
    return deep if unread or max(now, before) >= NAMED and fuzz.ratio(*said) >= MISREAD else 0


def _shared_depth(rows: Sequence[Row], old: Sequence[Row]) -> int:
    """How many rows a repeated header has in all, by at least two of its cells that are as deep in both, or by one where
    all cells of so many rows are alike in shape."""
    depths = {(c.place.col, plain(c.text)): c.place.row_span for c in old[0].cells if c.text}
    same = [
        c.place.row_span
        for c in rows[0].cells
        if c.text and depths.get((c.place.col, plain(c.text))) == c.place.row_span
    ]
    sure = (d for d in same if 1 < d <= TOP and (same.count(d) >= 2 or _shapes(rows, d) == _shapes(old, d)))
    return max(sure, default=1)


def _shapes(rows: Sequence[Row], deep: int) -> list[list[tuple[int, int, int]]]:
    """The spans of the cells of the first rows."""
    return [[span_of(c) for c in row.cells] for row in rows[:deep]]


def _same_numbers(one: dict[int, str], other: dict[int, str]) -> bool:
    """Whether two rows hold the same numbers; the numbering of columns is known where a seal hides half of one."""
    same = sum(one.get(col) == text for col, text in other.items())
    counted = any(list(x.values()) == [str(i) for i in range(1, len(x) + 1)] for x in (one, other))
    return one == other or (counted and same >= max(3, 0.5 * max(len(one), len(other))))


def _alike(row: Row, old: Row) -> bool:
    """Whether two rows say the same: as a whole, or in most cells where a seal hides some, or both number the
    columns, in signs too small for a fax."""
    if row.numbers_columns and old.numbers_columns or fuzz.ratio(row.text, old.text) >= SAME_ROW:
        return True
    pairs, filled = _facing(row, old), sum(bool(c.text) for c in old.cells)
    same = sum(fuzz.ratio(a, b) >= SAME_ROW for a, b in pairs)
    if row.is_header and old.is_header and len(pairs) >= 0.6 * filled:
        return same >= max(3, 0.5 * len(pairs))
    return same >= max(2, 0.6 * filled)


def _misread(row: Row, old: Row) -> bool:
    """Whether two rows are one header that was misread, cell by cell, though one of them names columns enough, or in
    most cells, where both do."""
    if max(row.named, old.named) < NAMED or row.numbers or old.numbers:
        return False
    pairs = [[plain(c.text) for c in r.cells if c.text] for r in (row, old)]
    if len(pairs[0]) == len(pairs[1]) and all(
        fuzz.ratio(a, b) >= (SAME_ROW if names_columns([a]) and names_columns([b]) else MISREAD)
        for a, b in zip(*pairs, strict=True)
    ):
        return True
    both = [(a, b) for a, b in _facing(row, old) if a]
    close = sum(fuzz.ratio(a, b) >= MISREAD for a, b in both)
    return min(row.named, old.named) >= NAMED and len(both) >= MANY and close >= MOST * len(both)


def _facing(row: Row, old: Row) -> list[tuple[str, str]]:
    """What two rows say in the same columns, where the older one says anything."""
    texts = {(c.place.col, c.place.col_span): plain(c.text) for c in old.cells if c.text}
    return [
        (plain(c.text), texts[c.place.col, c.place.col_span])
        for c in row.cells
        if (c.place.col, c.place.col_span) in texts
    ]


def _in_one_frame(chain: list[Placed], dropped: list[int]) -> tuple[list[Placed], list[float]]:
    """The parts with their column edges in the frame of the first, and the finest edges of all.

    Edges that only dropped rows use do not count.
    """
    parts: list[Placed] = []
    columns: list[float] = []
    for placed, skip in zip(chain, dropped, strict=True):
        edges = tuple(reconciled(placed.edges, columns)) if columns else placed.edges
        used = {
            edges[i]
            for c in placed.table.cells
            if c.place.row + c.place.row_span > skip
            for i in (c.place.col, c.place.col + c.place.col_span)
        }
        parts.append(replace(placed, edges=edges))
        columns = sorted({*columns, *used})
    return parts, columns


def _placed_cells(placed: Placed, skip: int, base: int, columns: list[float]) -> list[JoinedCell]:
    """The cells of one part in the joined grid's rows and columns."""

    def column(index: int) -> int:
        edge = placed.edges[index]
        return min(range(len(columns)), key=lambda k: abs(columns[k] - edge))

    found = []
    for cell in placed.table.cells:
        place = cell.place
        last = place.row + place.row_span
        if last <= skip:
            continue
        row = max(place.row, skip)
        left, right = column(place.col), column(place.col + place.col_span)
        part = Part(placed.table.page, cell)
        found.append(JoinedCell(row - skip + base, left, last - row, right - left, (part,), cell.flags))
    return found

"""PageTables -> JoinedTables: a table that goes on over pages becomes one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from rapidfuzz import fuzz

from shenbao.layout.headers import header_rows, is_header, plain
from shenbao.models.stages import JoinedCell, JoinedTable, PageTable, Part, ReadCell

SAME_ROW = 80.0
"""Likeness (0 to 100) from which two rows count as the same header, one read on each page."""


@dataclass(frozen=True)
class Placed:
    """A table of a page, with its column edges as shares of its width."""

    table: PageTable
    edges: tuple[float, ...]

    @staticmethod
    def of(table: PageTable) -> "Placed":
        xs = table.grid.xs
        return Placed(table, tuple((x - xs[0]) / (xs[-1] - xs[0]) for x in xs))

    @property
    def width(self) -> float:
        """The table's width as a share of its page's."""
        return (self.table.grid.xs[-1] - self.table.grid.xs[0]) / self.table.page_width

    @property
    def tolerance(self) -> float:
        """Share of the table's width within which edges of two pages are the same column edge."""
        xs = self.table.grid.xs
        return 0.5 * self.table.char_height / (xs[-1] - xs[0])


def join_tables(pages: Sequence[Sequence[PageTable]]) -> list[JoinedTable]:
    """The tables of a document's pages, in reading order, parts on following pages joined."""
    chains: list[list[Placed]] = []
    for tables in pages:
        for number, table in enumerate(tables):
            placed = Placed.of(table)
            if number == 0 and chains and _goes_on(chains[-1][-1], placed):
                chains[-1].append(placed)
            else:
                chains.append([placed])
    return [_joined(f"t{i}", chain) for i, chain in enumerate(chains, start=1)]


def _goes_on(before: Placed, after: Placed) -> bool:
    """Whether a page's first table continues the last table of the page before.

    It does when it stands at once under the page's top, has no title of its own, is as wide, and shares
    column edges with what it continues.
    """
    if after.table.page != before.table.page + 1:
        return False
    title = plain(after.table.title)
    if title and fuzz.ratio(title, plain(before.table.title)) < SAME_ROW:
        return False
    if abs(before.width - after.width) > 0.12:
        return False
    few, many = sorted((before.edges, after.edges), key=len)
    shared = sum(min(abs(e - m) for m in many) < after.tolerance for e in few[1:-1])
    return shared >= 0.5 * (len(few) - 2)


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
    def holds_numbers(self) -> bool:
        return any(_is_number(plain(c.text)) for c in self.cells)


def _is_number(text: str) -> bool:
    return text.replace(".", "").replace(",", "").isdigit()


def _rows(table: PageTable) -> list[Row]:
    count = len(table.grid.ys) - 1
    return [Row(tuple(c for c in table.cells if c.place.row == r)) for r in range(count)]


def _joined(name: str, chain: list[Placed]) -> JoinedTable:
    first = chain[0].table
    seen: list[Row] = []
    cells: list[JoinedCell] = []
    dropped = [0]
    for number, placed in enumerate(chain):
        skip = _repeated(seen, _rows(placed.table)) if number else 0
        if number:
            dropped.append(skip)
        seen.extend(_rows(placed.table)[skip:])
    columns = _common_columns(chain, dropped)
    base = 0
    for placed, skip in zip(chain, dropped, strict=True):
        own = _placed_cells(placed, skip, base, columns)
        rows = len(placed.table.grid.ys) - 1 - skip
        if cells and _is_cut(cells, own, base):
            cells = _mend(cells, own, base)
            rows -= 1
        else:
            cells = _carry_on(cells, own, base)
        base += rows
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


def _repeated(seen: list[Row], rows: list[Row]) -> int:
    """How many leading rows repeat rows of the table's top, or header rows further down.

    The lines of a register are alike, too: rows with a number in a cell of its own are data, but for the
    numbering of columns that follows a repeated header unchanged.
    """
    headers = [i for i, old in enumerate(seen) if i < 3 or old.is_header]
    count, following = 0, -1
    for row in rows[:4]:
        found = [i for i in headers if row.text.count("|") >= 1 and _alike(row, seen[i])]
        if row.holds_numbers and not row.is_header:
            found = [i for i in found if i == following and row.text == seen[i].text]
        if not found:
            break
        count, following = count + 1, found[0] + 1
    return count


def _alike(row: Row, old: Row) -> bool:
    return fuzz.ratio(row.text, old.text) >= SAME_ROW


def _common_columns(chain: list[Placed], dropped: list[int]) -> list[float]:
    """The finest column edges of all parts, as shares of the width; edges of dropped rows do not count."""
    edges: list[float] = []
    for placed, skip in zip(chain, dropped, strict=True):
        used = {
            i
            for c in placed.table.cells
            if c.place.row + c.place.row_span > skip
            for i in (c.place.col, c.place.col + c.place.col_span)
        }
        edges.extend(placed.edges[i] for i in used)
    tolerance = max(p.tolerance for p in chain)
    groups: list[list[float]] = []
    for edge in sorted(edges):
        if groups and edge - groups[-1][0] < tolerance:
            groups[-1].append(edge)
        else:
            groups.append([edge])
    return [float(np.mean(g)) for g in groups]


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
        found.append(
            JoinedCell(row - skip + base, left, last - row, max(1, right - left), (part,), cell.flags)
        )
    return found


def _facing(
    cells: list[JoinedCell], own: list[JoinedCell], base: int
) -> list[tuple[JoinedCell | None, JoinedCell]]:
    """The cells at the top of a following page, left to right, each with the one it stands under."""
    above = {(c.col, c.col_span): c for c in cells if c.row + c.row_span == base}
    top = sorted((c for c in own if c.row == base), key=lambda c: c.col)
    return [(above.get((c.col, c.col_span)), c) for c in top]


def _is_cut(cells: list[JoinedCell], own: list[JoinedCell], base: int) -> bool:
    """Whether the page's end cut a row in two.

    Then all columns go on. Either no ruling closes the row on both pages, or, beside the merged labels
    that go on empty, the second piece holds much less than the first: only long texts run over.
    """
    pairs = _facing(cells, own, base)
    if len(pairs) < 2 or any(over is None for over, _ in pairs):
        return False
    both = [(over, cell) for over, cell in pairs if over is not None]
    if all(_is_open(over.parts[-1].cell, 1) and _is_open(cell.parts[0].cell, 0) for over, cell in both):
        return True
    filled = [(bool(over.text), bool(cell.text)) for over, cell in both]
    while filled and not filled[0][1]:
        filled.pop(0)
    first, second = (sum(f[i] for f in filled) for i in (0, 1))
    return 0 < second <= first / 2 and not any(f[1] and not f[0] for f in filled)


def _is_open(cell: ReadCell, side: int) -> bool:
    """Whether the top (0) or bottom (1) side of a cell was not drawn."""
    return cell.place.drawn[side] < 0.3


def _mend(cells: list[JoinedCell], own: list[JoinedCell], base: int) -> list[JoinedCell]:
    """The two pieces of a cut row put together, cell by cell; the rows after it move up by one."""
    pairs = {c: over for over, c in _facing(cells, own, base) if over is not None}
    kept = [c for c in cells if c not in pairs.values()]
    mended = [_grown(over, c.row_span - 1, c.parts) for c, over in pairs.items()]
    return kept + mended + [replace(c, row=c.row - 1) for c in own if c not in pairs]


def _carry_on(cells: list[JoinedCell], own: list[JoinedCell], base: int) -> list[JoinedCell]:
    """Adds the cells of a following page; merged label cells go on in the cells that they stand under.

    From the left, cells at the top of the page that are empty, or merged cells that repeat the label
    above, continue what they stand under.
    """
    pairs: dict[JoinedCell, JoinedCell] = {}
    for over, cell in _facing(cells, own, base):
        if over is None or not (not cell.text or _repeats(over, cell)):
            break
        pairs[cell] = over
    kept = [c for c in cells if c not in pairs.values()]
    grown = [
        _grown(over, c.row_span, tuple(replace(p, cell=replace(p.cell, lines=())) for p in c.parts))
        for c, over in pairs.items()
    ]
    return kept + grown + [c for c in own if c not in pairs]


def _repeats(over: JoinedCell, cell: JoinedCell) -> bool:
    merged = over.row_span > 1 or cell.row_span > 1
    return merged and fuzz.ratio(plain(over.text), plain(cell.text)) >= SAME_ROW


def _grown(over: JoinedCell, rows: int, parts: tuple[Part, ...]) -> JoinedCell:
    flags = (*over.flags, "joined_over_pages")
    return replace(over, row_span=over.row_span + rows, parts=over.parts + parts, flags=flags)

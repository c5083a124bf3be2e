"""PageTables -> JoinedTables: a table that goes on over pages becomes one."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from shenbao.layout.columns import matched, reconciled
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
            if number == 0 and chains and _goes_on(chains[-1][-1], placed):
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
    if not before.as_wide_as(after):
        return False
    inner = min(len(before.edges), len(after.edges)) - 2
    return len(matched(before.edges[1:-1], after.edges[1:-1])) >= 0.5 * inner


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
    def numbers(self) -> dict[int, str]:
        """The numbers that stand in cells of their own, by column."""
        return {c.place.col: text for c in self.cells if _is_number(text := plain(c.text))}


def _is_number(text: str) -> bool:
    return text.replace(".", "").replace(",", "").isdigit()


def _rows(table: PageTable) -> list[Row]:
    count = len(table.grid.ys) - 1
    return [Row(tuple(c for c in table.cells if c.place.row == r)) for r in range(count)]


def _joined(name: str, chain: list[Placed], known: Container[str]) -> JoinedTable:
    first = chain[0].table
    seen: list[Row] = []
    cells: list[JoinedCell] = []
    dropped = [0]
    for number, placed in enumerate(chain):
        skip = _repeated(seen, _rows(placed.table)) if number else 0
        if number:
            dropped.append(skip)
        seen.extend(_rows(placed.table)[skip:])
    chain, columns = _in_one_frame(chain, dropped)
    base = 0
    for placed, skip in zip(chain, dropped, strict=True):
        own = _placed_cells(placed, skip, base, columns)
        rows = len(placed.table.grid.ys) - 1 - skip
        if cells and _is_cut(cells, own, base):
            cells = _mend(cells, own, base)
            rows -= 1
        else:
            cells = _carry_on(cells, own, base, known)
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
    numbering of columns that follows a repeated header with the same numbers.
    """
    headers = [i for i, old in enumerate(seen) if i < 3 or old.is_header]
    count, following = 0, -1
    for row in rows[:4]:
        found = [i for i in headers if row.text.count("|") >= 1 and _alike(row, seen[i])]
        if row.numbers and not row.is_header:
            found = [i for i in found if i == following and row.numbers == seen[i].numbers]
        if not found:
            break
        count, following = count + 1, found[0] + 1
    return count


def _alike(row: Row, old: Row) -> bool:
    """Whether two rows say the same: as a whole, or in most cells where a seal hides some."""
    if fuzz.ratio(row.text, old.text) >= SAME_ROW:
        return True
    texts = {(c.place.col, c.place.col_span): plain(c.text) for c in old.cells if c.text}
    pairs = [
        (plain(c.text), texts[c.place.col, c.place.col_span])
        for c in row.cells
        if (c.place.col, c.place.col_span) in texts
    ]
    same = sum(fuzz.ratio(a, b) >= SAME_ROW for a, b in pairs)
    return same >= max(2, 0.6 * len(texts))


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


def _facing(
    cells: list[JoinedCell], own: list[JoinedCell], base: int
) -> list[tuple[JoinedCell | None, JoinedCell]]:
    """The cells at the top of a following page, left to right, each with the one it stands under."""
    above = {(c.col, c.col_span): c for c in cells if c.row + c.row_span == base}
    top = sorted((c for c in own if c.row == base), key=lambda c: c.col)
    return [(above.get((c.col, c.col_span)), c) for c in top]


def _is_cut(cells: list[JoinedCell], own: list[JoinedCell], base: int) -> bool:
    """Whether the page's end cut a row in two.

    Then all columns go on, and what goes on in words had filled its last line: it was wrapped. Either no
    ruling closes the row on both pages, or, beside the merged labels, the second piece holds much less
    than the first: only long texts run over. Numbers do not: where one stands under another, these are two rows.
    """
    pairs = _facing(cells, own, base)
    if len(pairs) < 2 or any(over is None for over, _ in pairs):
        return False
    both = [(over, cell) for over, cell in pairs if over is not None]
    single = [(over, cell) for over, cell in both if over.row_span == cell.row_span == 1]
    on = [(over, cell) for over, cell in single if cell.text]
    if any(not _is_full(over) for over, _ in on):
        return False
    if any(_is_number(plain(over.text)) and _is_number(plain(cell.text)) for over, cell in on):
        return False
    if all(_is_open(over.parts[-1].cell, 1) and _is_open(cell.parts[0].cell, 0) for over, cell in both):
        return True
    return 0 < len(on) <= sum(bool(over.text) for over, _ in single) / 2


def _is_full(cell: JoinedCell) -> bool:
    """Whether the last line of a cell leaves no room for two more characters."""
    lines = [line for line in cell.parts[-1].cell.lines if line.reading.chars]
    if not lines:
        return False
    x0, y0, x1, y1 = lines[-1].box
    left, _, right, _ = cell.parts[-1].cell.place.box
    return (right - left) - (x1 - x0) < 2.6 * (y1 - y0)


def _is_open(cell: ReadCell, side: int) -> bool:
    """Whether the top (0) or bottom (1) side of a cell was not drawn."""
    return cell.place.drawn[side] < 0.3


def _mend(cells: list[JoinedCell], own: list[JoinedCell], base: int) -> list[JoinedCell]:
    """The two pieces of a cut row put together, cell by cell; the rows after it move up by one."""
    pairs = {c: over for over, c in _facing(cells, own, base) if over is not None}
    kept = [c for c in cells if c not in pairs.values()]
    mended = [_grown(over, c.row_span - 1, c.parts) for c, over in pairs.items()]
    return kept + mended + [replace(c, row=c.row - 1) for c in own if c not in pairs]


def _carry_on(
    cells: list[JoinedCell], own: list[JoinedCell], base: int, known: Container[str]
) -> list[JoinedCell]:
    """Adds the cells of a following page; merged label cells go on in the cells that they stand under.

    From the left, cells at the top of the page continue what they stand under when they are merged and
    empty, repeat the label above, or end a word that it began. Of cells that are one row high on both
    pages, at most two empty ones may: a row with more blanks has them of its own.
    """
    facing = _facing(cells, own, base)
    pairs: dict[JoinedCell, JoinedCell] = {}
    for over, cell in facing:
        if over is None or not (
            not cell.text or _repeats(over, cell, known) or _ends_word(over, cell, known)
        ):
            break
        pairs[cell] = over
    low = [c for c, over in pairs.items() if c.row_span == over.row_span == 1 and not c.text]
    if len(low) > 2:
        pairs = {c: over for c, over in pairs.items() if c not in low}
    kept = [c for c in cells if c not in pairs.values()]
    grown = [_grown(over, c.row_span, _parts_of(over, c, known)) for c, over in pairs.items()]
    return kept + grown + [c for c in own if c not in pairs]


def _parts_of(over: JoinedCell, cell: JoinedCell, known: Container[str]) -> tuple[Part, ...]:
    """The parts that a label goes on in: without their lines where these only repeat it."""
    if cell.text and _ends_word(over, cell, known):
        return cell.parts
    return tuple(replace(p, cell=replace(p.cell, lines=())) for p in cell.parts)


def _ends_word(over: JoinedCell, cell: JoinedCell, known: Container[str]) -> bool:
    """Whether the page's end cut a known label in two: 服务对象满|意度."""
    return plain(cell.text) not in known and plain(over.text) + plain(cell.text) in known


def _repeats(over: JoinedCell, cell: JoinedCell, known: Container[str]) -> bool:
    """Whether a merged label is printed again: 年度绩效目标 and 年度绩效指标 are alike, but two known labels."""
    merged = over.row_span > 1 or cell.row_span > 1
    one, other = plain(over.text), plain(cell.text)
    two_labels = one != other and one in known and other in known
    return merged and not two_labels and fuzz.ratio(one, other) >= SAME_ROW


def _grown(over: JoinedCell, rows: int, parts: tuple[Part, ...]) -> JoinedCell:
    flags = (*over.flags, "joined_over_pages")
    return replace(over, row_span=over.row_span + rows, parts=over.parts + parts, flags=flags)

"""Measures rows, and deals them out over pages: repeated headings, merged cells that go on, cut rows.

All lengths are pixels of the page before damage.
"""

from dataclasses import dataclass, replace
from math import ceil, floor

from bench.render.fonts import wrap
from bench.render.form import Form, FormCell
from bench.render.style import Style

INSET = 2.6
"""Millimetres between the rulings of a cell and those of a table in it."""


@dataclass(frozen=True)
class Measured:
    """The form in pixels: column edges from the left page edge, row heights, lines of each cell."""

    xs: tuple[float, ...]
    heights: tuple[float, ...]
    lines: tuple[tuple[str, ...], ...]
    line_height: float
    pad: float


@dataclass(frozen=True)
class PageRow:
    """A row as it stands on one page; `repeated` when it is a heading shown again."""

    source: int
    height: float
    repeated: bool = False


@dataclass(frozen=True)
class PageCell:
    """A cell, or the part of one, on a page. `src` is its index in the form's cells."""

    row: int
    col: int
    row_span: int
    col_span: int
    text: str
    lines: tuple[str, ...]
    role: str
    src: int
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class PagePlan:
    """What one page shows of the form."""

    rows: tuple[PageRow, ...]
    top: float
    cells: tuple[PageCell, ...]
    goes_on: bool

    @property
    def bottom(self) -> float:
        return self.top + sum(r.height for r in self.rows)


def measure(form: Form, style: Style, width: float) -> Measured:
    """Column edges, wrapped lines and row heights for a page `width` pixels wide."""
    left, right = style.px(style.margin[0]), width - style.px(style.margin[2])
    xs = tuple(round(left + e * (right - left)) for e in form.edges)
    across, down = style.px(style.padding[0]), style.px(style.padding[1])
    line_height = style.face.size * style.leading
    lines: list[tuple[str, ...]] = []
    heights = [max(style.px(style.least_row), line_height + 2 * down)] * form.n_rows
    for cell in form.cells:
        face = style.bold if cell.bold and style.bold_labels else style.face
        room = max(xs[cell.col + cell.col_span] - xs[cell.col] - 2 * across, face.size * 1.05)
        lines.append(tuple(wrap(face, cell.text, room, keep_words=style.keep_words)))
        if cell.row_span == 1:
            heights[cell.row] = max(heights[cell.row], len(lines[-1]) * line_height + 2 * down)
    for cell, text in zip(form.cells, lines, strict=True):
        rows = range(cell.row, cell.row + cell.row_span)
        need = len(text) * line_height + 2 * down
        if cell.role == "nested" and form.nested is not None:
            inner = measure(form.nested, nested_style(form, style, width), width)
            need = sum(inner.heights) + 2 * style.px(INSET)
        lack = need - sum(heights[r] for r in rows)
        if lack > 0:
            for r in rows:
                heights[r] += lack / len(rows)
    return Measured(xs, tuple(ceil(h) for h in heights), tuple(lines), line_height, down)


def nested_style(form: Form, style: Style, width: float) -> Style:
    """The style of the form in a cell: its margins are where that cell stands, a little further in."""
    cell = next(c for c in form.cells if c.role == "nested")
    left, right = style.px(style.margin[0]), width - style.px(style.margin[2])
    x0, x1 = (left + form.edges[i] * (right - left) for i in (cell.col, cell.col + cell.col_span))
    mm = 25.4 / style.dpi
    margin = (x0 * mm + INSET, style.margin[1], (width - x1) * mm + INSET, style.margin[3])
    return replace(style, margin=margin, frame=style.ruling)


def _cut(form: Form, m: Measured, row: int, room: float) -> tuple[float, float] | None:
    """Heights of the two parts of a row cut so that the first fits `room`; None if it cannot be cut."""
    count = floor((room - 2 * m.pad) / m.line_height)
    most = max(
        (len(m.lines[i]) for i, c in enumerate(form.cells) if c.row == row and c.row_span == 1), default=1
    )
    if count < 1 or most <= count:
        return None
    return ceil(count * m.line_height + 2 * m.pad), ceil((most - count) * m.line_height + 2 * m.pad)


def deal(
    form: Form, style: Style, m: Measured, top: float, next_top: float, bottom: float
) -> list[list[PageRow]]:
    """The rows of each page; the first page's table begins at `top`, the others' at `next_top`."""
    pages: list[list[PageRow]] = [[]]
    heading = [PageRow(r, m.heights[r], True) for r in form.repeats] if style.repeat_header else []
    y = top
    pending = [(r, m.heights[r]) for r in range(form.n_rows)]
    while pending:
        row, height = pending.pop(0)
        fresh = all(r.repeated for r in pages[-1])
        if y + height <= bottom or (fresh and not (parts := _cut(form, m, row, bottom - y))):
            pages[-1].append(PageRow(row, height))
            y += height
            continue
        may_cut = fresh or (style.cut_rows and row not in form.header_rows)
        parts = _cut(form, m, row, bottom - y) if may_cut else None
        if parts and (height == m.heights[row]):
            pages[-1].append(PageRow(row, parts[0]))
            pending.insert(0, (row, parts[1]))
        else:
            pending.insert(0, (row, height))
        again = heading if row > max(form.repeats, default=form.n_rows) else []
        pages.append(list(again))
        y = next_top + sum(r.height for r in again)
    return pages


def _parts(cell: FormCell, pages: list[list[PageRow]]) -> list[tuple[int, list[int], bool]]:
    """Page, page rows and whether it is a repetition, for each part of a cell."""
    parts: list[tuple[int, list[int], bool]] = []
    wanted = range(cell.row, cell.row + cell.row_span)
    for page, rows in enumerate(pages):
        for repeated in (True, False):
            at = [i for i, r in enumerate(rows) if r.source in wanted and r.repeated == repeated]
            if at:
                parts.append((page, at, repeated))
    return parts


def plan(form: Form, style: Style, m: Measured, top: float, next_top: float, bottom: float) -> list[PagePlan]:
    """Every page with its cells; each cell's lines are dealt out over its parts from the top."""
    pages = deal(form, style, m, top, next_top, bottom)
    tops = [top] + [next_top] * (len(pages) - 1)
    ys = [_running(start, rows) for start, rows in zip(tops, pages, strict=True)]
    cells: list[list[PageCell]] = [[] for _ in pages]
    for src, cell in enumerate(form.cells):
        left = list(m.lines[src])
        parts = _parts(cell, pages)
        body = [p for p in parts if not p[2]]
        for page, at, repeated in parts:
            box = (m.xs[cell.col], ys[page][at[0]], m.xs[cell.col + cell.col_span], ys[page][at[-1] + 1])
            first, last = (page, at, repeated) == body[0], (page, at, repeated) == body[-1]
            if repeated:
                shown = list(m.lines[src])
            else:
                room = (
                    len(left) if last else max(1, floor((box[3] - box[1] - 2 * m.pad) / m.line_height + 0.01))
                )
                shown, left = left[:room], left[room:]
            goes_on = not (repeated or first)
            if goes_on and style.carry and not shown and cell.role in ("label", "level1", "level2"):
                shown = list(m.lines[src])
            cells[page].append(_page_cell(cell, src, at, shown, len(body) > 1, goes_on, box))
    done = [sorted(c, key=lambda x: (x.row, x.col)) for c in cells]
    return [
        PagePlan(tuple(rows), start, tuple(found), i + 1 < len(pages))
        for i, (rows, start, found) in enumerate(zip(pages, tops, done, strict=True))
    ]


def _page_cell(
    cell: FormCell,
    src: int,
    at: list[int],
    shown: list[str],
    split: bool,
    goes_on: bool,
    box: tuple[float, float, float, float],
) -> PageCell:
    text = "".join(shown) if split else cell.text
    role = "continued" if goes_on else cell.role
    return PageCell(at[0], cell.col, len(at), cell.col_span, text, tuple(shown), role, src, box)


def _running(start: float, rows: list[PageRow]) -> list[float]:
    edges = [start]
    for row in rows:
        edges.append(edges[-1] + row.height)
    return edges

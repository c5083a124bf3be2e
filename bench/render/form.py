"""A form before it is drawn: a grid of cells, and the facts that a reader should find in it.

Lengths across the form are fractions of its width, 0 at the left and 1 at the right edge.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Align = Literal["left", "center", "right"]
Lines = Literal["all", "open", "across", "three", "none"]
"""Which rulings a table has: all; all but its left and right edge; horizontal ones only; those above and
below the headings and at the end (a three-line table); none."""

Facts = dict[str, str]

_SAME_EDGE = 0.01


@dataclass(frozen=True)
class FormCell:
    """A cell of the grid: its place from 0, spans, text with its line ends, and its role in the form."""

    row: int
    col: int
    row_span: int
    col_span: int
    text: str
    role: str
    align: Align
    bold: bool

    @property
    def span(self) -> tuple[int, int, int, int]:
        return self.row, self.col, self.row_span, self.col_span


@dataclass(frozen=True)
class Form:
    """One table with its title and captions.

    `edges` are the column edges (n_cols + 1 fractions). `captions` stand in one line between title
    and table. `header_rows` are the rows of column headings; `repeats` those that a following page
    shows again. `fields` has the contract's keys, `indicators` one dict per indicator row. `beside` is a
    second form printed to the right of this one, `nested` one that stands in the cell with that role.
    """

    family: str
    title: str
    captions: tuple[str, ...]
    edges: tuple[float, ...]
    n_rows: int
    header_rows: tuple[int, ...]
    repeats: tuple[int, ...]
    cells: tuple[FormCell, ...]
    fields: Facts
    indicators: tuple[Facts, ...]
    landscape: bool = False
    note: str = ""
    size: float = 10.5
    lines: Lines = "all"
    beside: "Form | None" = None
    nested: "Form | None" = None

    @property
    def n_cols(self) -> int:
        return len(self.edges) - 1


_ALIGN: dict[str, Align] = {"number": "right", "text": "left", "description": "left"}


@dataclass
class Sheet:
    """Collects cells by their edges; columns are found when all cells are known.

    Rows whose edges never meet those of other rows thus give a grid with many columns and spans.
    """

    title: str
    captions: tuple[str, ...] = ()
    fields: Facts = field(default_factory=dict)
    indicators: list[Facts] = field(default_factory=list)
    header_rows: list[int] = field(default_factory=list)
    row: int = 0
    _cells: list[tuple[int, int, float, float, str, str, Align, bool]] = field(default_factory=list)

    def put(
        self,
        x0: float,
        x1: float,
        text: str,
        role: str,
        *,
        row: int | None = None,
        rows: int = 1,
        align: Align | None = None,
        key: str | None = None,
    ) -> None:
        """A cell from edge `x0` to `x1`; a named field when `key` is given and the cell holds text."""
        at = self.row if row is None else row
        role = "empty" if role == "number" and not text else role
        bold = role in ("label", "header")
        self._cells.append((at, rows, x0, x1, text, role, align or _ALIGN.get(role, "center"), bold))
        if key and text:
            self.fields[key] = text

    def line(self, edges: Sequence[float], texts: Sequence[str], roles: str | Sequence[str]) -> None:
        """One row of cells between successive `edges`, then on to the next row."""
        names = [roles] * len(texts) if isinstance(roles, str) else roles
        for x0, x1, text, role in zip(edges, edges[1:], texts, names, strict=False):
            self.put(x0, x1, text, role)
        self.row += 1

    def header(self, edges: Sequence[float], texts: Sequence[str]) -> None:
        self.header_rows.append(self.row)
        self.line(edges, texts, "header")

    def form(
        self,
        family: str,
        *,
        landscape: bool = False,
        repeats: Sequence[int] | None = None,
        note: str = "",
        size: float = 10.5,
    ) -> Form:
        """The finished form.

        Raises:
            ValueError: the cells overlap or leave a hole.
        """
        edges: list[float] = []
        for x in sorted(x for c in self._cells for x in c[2:4]):
            if not edges or x - edges[-1] > _SAME_EDGE:
                edges.append(x)

        def column(x: float) -> int:
            return min(range(len(edges)), key=lambda i: abs(edges[i] - x))

        cells = [
            FormCell(r, column(x0), rs, column(x1) - column(x0), text, role, align, bold)
            for r, rs, x0, x1, text, role, align, bold in self._cells
        ]
        cells.sort(key=lambda c: (c.row, c.col))
        n_rows = max(c.row + c.row_span for c in cells)
        check_cover(cells, n_rows, len(edges) - 1, family)
        width = edges[-1] - edges[0]
        return Form(
            family,
            self.title,
            self.captions,
            tuple((e - edges[0]) / width for e in edges),
            n_rows,
            tuple(self.header_rows),
            tuple(self.header_rows if repeats is None else repeats),
            tuple(cells),
            dict(self.fields),
            tuple(self.indicators),
            landscape,
            note,
            size,
        )


def check_cover(cells: Sequence[FormCell], n_rows: int, n_cols: int, name: str) -> None:
    """Raises ValueError unless the cells cover the grid exactly once."""
    seen: set[tuple[int, int]] = set()
    for c in cells:
        for at in (
            (r, k) for r in range(c.row, c.row + c.row_span) for k in range(c.col, c.col + c.col_span)
        ):
            if at in seen:
                raise ValueError(f"{name}: cells overlap at row {at[0]}, column {at[1]}: {c.text!r}")
            seen.add(at)
    if len(seen) != n_rows * n_cols:
        hole = next((r, k) for r in range(n_rows) for k in range(n_cols) if (r, k) not in seen)
        raise ValueError(f"{name}: no cell at row {hole[0]}, column {hole[1]}")

"""Scores the structure of tables page by page, whatever found them: spans alone, no text needed.

`scoring` pairs tables by their texts; a layout that was not read has none, so here tables are paired by
the cells that they share.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shenbao.evaluation.scoring import found_cells, truth_cells
from shenbao.evaluation.teds import Span, rows_of, similarity

Json = Mapping[str, Any]
Spans = frozenset[Span]
"""The cells of one table, each as row, column, row span, column span."""


def page_tables(truth: Mapping[str, Any]) -> list[list[Json]]:
    """Per page of a truth file its tables, each with `n_rows` and `cells`; `table` tells a page's tables apart."""
    return [_tables(page["cells"]) for page in truth["pages"]]


def _tables(cells: Iterable[Json]) -> list[Json]:
    groups: dict[int, list[Json]] = {}
    for cell in cells:
        groups.setdefault(cell.get("table", 0), []).append(cell)
    return [
        {"n_rows": max(c["r"] + c["rs"] for c in group), "cells": group}
        for _, group in sorted(groups.items())
    ]


def truth_spans(tables: Iterable[Json]) -> list[Spans]:
    return [frozenset(truth_cells(t)) for t in tables]


def found_spans(tables: Iterable[Json]) -> list[Spans]:
    return [frozenset(found_cells(t)) for t in tables]


def compact(spans: Spans) -> Spans:
    """The spans in the coarsest grid that tells their edges apart.

    A page that continues a table need not show all of the table's columns; by itself it has fewer.
    """
    rows = {edge: i for i, edge in enumerate(sorted({e for r, _, rs, _ in spans for e in (r, r + rs)}))}
    cols = {edge: i for i, edge in enumerate(sorted({e for _, c, _, cs in spans for e in (c, c + cs)}))}
    return frozenset(
        (rows[r], cols[c], rows[r + rs] - rows[r], cols[c + cs] - cols[c]) for r, c, rs, cs in spans
    )


@dataclass
class Counts:
    """What was counted over pages; the measures are those of `scoring`, page by page."""

    n: Counter[str] = field(default_factory=Counter)
    teds: float = 0.0

    def add(self, other: "Counts") -> None:
        self.n.update(other.n)
        self.teds += other.teds

    @property
    def structure_f1(self) -> float:
        total = self.n["cells"] + self.n["found"]
        return 2 * self.n["hit"] / total if total else 1.0

    @property
    def spans_right(self) -> float:
        return self.n["right"] / self.n["tables"] if self.n["tables"] else 1.0

    @property
    def teds_s(self) -> float:
        return self.teds / self.n["tables"] if self.n["tables"] else 1.0


def pair_by_spans(truths: Sequence[Spans], found: Sequence[Spans]) -> list[int | None]:
    """For each truth table the found table that shares most cells, earlier ones first."""
    left = list(range(len(found)))
    partners: list[int | None] = []
    for table in truths:
        best = max(left, key=lambda i: (len(table & found[i]), -i), default=None)
        if best is not None:
            left.remove(best)
        partners.append(best)
    return partners


def count_page(truths: Sequence[Spans], found: Sequence[Spans]) -> Counts:
    """The counts of one page, each table in its `compact` grid. Cells of tables that are too many count as found, so they cost precision."""
    counts = Counts()
    truths, found = [compact(t) for t in truths], [compact(t) for t in found]
    for table, partner in zip(truths, pair_by_spans(truths, found), strict=True):
        have = frozenset[Span]() if partner is None else found[partner]
        counts.n.update(cells=len(table), hit=len(table & have), tables=1, right=int(table == have))
        counts.teds += _teds(table, have)
    counts.n.update(pages=1, found=sum(map(len, found)), extra=max(0, len(found) - len(truths)))
    return counts


def _teds(truth: Spans, found: Spans) -> float:
    def rows(spans: Spans) -> Any:
        return rows_of(dict.fromkeys(spans, ""), 1 + max(s[0] for s in spans))

    return similarity(rows(truth), rows(found), content=False) if truth and found else 0.0


def total(counts: Iterable[Counts]) -> Counts:
    out = Counts()
    for one in counts:
        out.add(one)
    return out

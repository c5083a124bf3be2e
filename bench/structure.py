"""Scores the structure of tables page by page, whatever found them: spans alone, no text needed.

`scoring` pairs tables by their texts; a layout that was not read has none, so here tables are paired by
the cells that they share.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shenbao.evaluation.scoring import truth_cells
from shenbao.evaluation.teds import Span, rows_of, similarity

Spans = frozenset[Span]
"""The cells of one table, each as row, column, row span, column span."""


def page_spans(truth: Mapping[str, Any]) -> list[list[Spans]]:
    """Per page of a truth file the spans of its tables; a page entry holds one table or a list `tables`."""
    return [[frozenset(truth_cells(t)) for t in page.get("tables", (page,))] for page in truth["pages"]]


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
    """The counts of one page. Cells of tables that are too many count as found, so they cost precision."""
    counts = Counts()
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

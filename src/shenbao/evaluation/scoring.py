"""Scores digitised documents against their truth.

A truth folder holds <name>.truth.json, an output folder the matching <name>.json in the output
contract's form. Everything is counted over all truth cells, fields and indicators: what the output lacks is
wrong, and a document without output is wrong altogether.

structure_f1    F1 of (row, column, row span, column span) over cells
spans_right     share of tables in which every span is right
cell_exact      share of truth cells whose text is right in its place (white space dropped, NFKC,
                look-alike signs as one); cells of role `ignore` are placed but not read
number_exact    the same over number, amount, value and code cells that hold a digit
empty_filled    share of truly empty cells that were given text; filled_empty: the reverse
teds, teds_s    tree-edit-distance similarity of tables, with text and structure only (`teds`)
field_exact     share of truth fields of which one record has the text or value
indicator_exact share of truth indicators with level 1 to 3, operator, value and unit all right
auroc, ece, coverage_at_*   what the cells' confidences are worth (`measures`)

Tables are paired in order by the overlap of their texts. Reports come for all documents and for
each damage level.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shenbao.evaluation import normal
from shenbao.evaluation.measures import Judged, measures
from shenbao.evaluation.teds import Span, rows_of, similarity

Json = Mapping[str, Any]
Wrong = tuple[str, str | None]
"""What the truth says, and what the output says."""
Where = tuple[int, int, int]
"""Table of the output, from 0, and row and column where the cell starts."""
Summary = dict[str, float | int | None]

_NUMBER_ROLES = frozenset({"number", "amount", "value", "code"})


@dataclass(frozen=True)
class Outcome:
    """A cell of the truth that is to be read, beside the output's cell in its place.

    `want` and `have` are in plain form (`normal.plain`); `have`, `confidence` and `where` are None
    where the output has no cell there. `role` is the truth's word for the kind of cell.
    """

    role: str
    want: str
    have: str | None
    confidence: float | None
    where: Where | None

    @property
    def right(self) -> bool:
        return self.have == self.want


@dataclass
class Tally:
    """Counts over documents, every cell's outcome, and the indicators that were lost."""

    counts: Counter[str] = field(default_factory=Counter)
    sums: dict[str, float] = field(default_factory=lambda: {"teds": 0.0, "teds_s": 0.0})
    outcomes: list[Outcome] = field(default_factory=list)
    lost_indicators: list[str] = field(default_factory=list)
    has_teds: bool = True

    @property
    def judged(self) -> list[Judged]:
        """The confidences, each with whether its cell was right."""
        return [(o.confidence, o.right) for o in self.outcomes if o.confidence is not None]

    @property
    def wrong(self) -> list[Wrong]:
        """Cells that are wrong, then indicators that were lost."""
        cells: list[Wrong] = [(o.want, o.have) for o in self.outcomes if not o.right]
        return cells + [(f"indicator {text}", None) for text in self.lost_indicators]

    def add(self, other: "Tally") -> None:
        self.counts.update(other.counts)
        self.outcomes += other.outcomes
        self.lost_indicators += other.lost_indicators
        self.has_teds = self.has_teds and other.has_teds
        for name, value in other.sums.items():
            self.sums[name] += value


def truth_cells(table: Json) -> dict[Span, Json]:
    return {(c["r"], c["c"], c["rs"], c["cs"]): c for c in table["cells"]}


def found_cells(table: Json | None) -> dict[Span, Json]:
    cells = table["cells"] if table else ()
    return {(c["row"], c["col"], c.get("row_span", 1), c.get("col_span", 1)): c for c in cells}


def _words(table: Json) -> Counter[str]:
    return Counter(text for c in table["cells"] if (text := normal.plain(c["text"])))


def pair(truths: Sequence[Json], found: Sequence[Json]) -> list[int | None]:
    """For each truth table the position of the output table that shares most cell texts, earlier ones first.

    Where the numbers of tables differ, a table that shares no text is nobody's partner.
    """
    left = list(range(len(found)))
    partners: list[int | None] = []
    for table in truths:
        words = _words(table)
        shared = {i: sum((words & _words(found[i])).values()) for i in left}
        best = max(left, key=lambda i: shared[i] - 1e-3 * i, default=None)
        if best is None or (shared[best] == 0 and len(truths) != len(found)):
            partners.append(None)
            continue
        left.remove(best)
        partners.append(best)
    return partners


def _outcome(cell: Json, found: Json | None, table: int | None) -> Outcome:
    want, role = normal.plain(cell["text"]), str(cell.get("role", ""))
    if found is None or table is None:
        return Outcome(role, want, None, None, None)
    confidence = found.get("confidence")
    return Outcome(
        role,
        want,
        normal.plain(found["text"]),
        None if confidence is None else float(confidence),
        (table, found["row"], found["col"]),
    )


def _score_cell(tally: Tally, outcome: Outcome) -> None:
    counts = tally.counts
    number = outcome.role in _NUMBER_ROLES and re.search(r"\d", outcome.want) is not None
    counts["cell_ok"] += outcome.right
    counts["numbers"] += number
    counts["number_ok"] += number and outcome.right
    if outcome.want:
        counts["filled"] += 1
        counts["filled_empty"] += not outcome.have
    else:
        counts["empty"] += 1
        counts["empty_filled"] += bool(outcome.have)
    tally.outcomes.append(outcome)


def _outcomes(table: Json, found: Json | None, position: int | None) -> Iterator[Outcome]:
    output = found_cells(found)
    start = {(span[0], span[1]): cell for span, cell in output.items()}
    for span, cell in truth_cells(table).items():
        if cell.get("role") != "ignore":
            yield _outcome(cell, output.get(span) or start.get((span[0], span[1])), position)


def outcomes(truth: Json, document: Json) -> list[Outcome]:
    """The outcome of every cell of a document's truth that is to be read."""
    tables = document.get("tables", ())
    return [
        outcome
        for table, position in zip(truth["tables"], pair(truth["tables"], tables), strict=True)
        for outcome in _outcomes(table, None if position is None else tables[position], position)
    ]


def _score_table(tally: Tally, table: Json, found: Json | None, position: int | None) -> None:
    truth, output = truth_cells(table), found_cells(found)
    counts = tally.counts
    counts["cells"] += len(truth)
    counts["out_cells"] += len(output)
    counts["spans_hit"] += len(set(truth) & set(output))
    counts["tables"] += 1
    counts["spans_right"] += set(truth) == set(output)
    counts["cells_ignored"] += sum(cell.get("role") == "ignore" for cell in truth.values())
    for outcome in _outcomes(table, found, position):
        _score_cell(tally, outcome)
    if not output:
        return
    a = rows_of({s: normal.plain(c["text"]) for s, c in truth.items()}, table["n_rows"])
    b = rows_of({s: normal.plain(c["text"]) for s, c in output.items()}, 1 + max(s[0] for s in output))
    try:
        tally.sums["teds"] += similarity(a, b, content=True)
        tally.sums["teds_s"] += similarity(a, b, content=False)
    except ImportError:
        tally.has_teds = False


def _score_fields(tally: Tally, truth: Json, document: Json) -> None:
    found: dict[str, list[Json]] = defaultdict(list)
    for record in document.get("records", ()):
        for key, entry in record.get("fields", {}).items():
            found[key].append(entry)
    for key, text in truth.get("fields", {}).items():
        want = normal.value(text)
        entries = found.get(key, ())
        tally.counts["fields"] += 1
        tally.counts["field_ok"] += any(
            want in (normal.value(e.get("text")), normal.value(e.get("value"))) for e in entries
        )


def _part(indicator: Json, key: str, *, canonical: bool) -> str:
    """A part of an output indicator: its value when `canonical` and there is one, else its text."""
    entry = indicator.get(key)
    if not isinstance(entry, Mapping):
        return str(entry or "")
    chosen = entry.get("value") if canonical and entry.get("value") not in (None, "") else entry.get("text")
    return "" if chosen is None else str(chosen)


def _identity(level1: str, level2: str, level3: str, operator: str) -> tuple[str, ...]:
    first, sign = normal.plain(level1), normal.plain(operator)
    if first == "效果指标":
        first = "效益指标"
    return first, normal.plain(level2), normal.plain(level3), "" if sign == "=" else sign


def same_indicator(truth: Json, found: Json) -> bool:
    """Level 1 to 3 and operator alike (= as none); value and unit alike in normal form or as printed."""
    want = _identity(*(truth.get(k, "") for k in ("level1", "level2", "level3", "operator")))
    names = [(k, k != "level3") for k in ("level1", "level2", "level3", "operator")]
    if want != _identity(*(_part(found, k, canonical=c) for k, c in names)):
        return False
    values = {normal.value(_part(found, "value", canonical=c)) for c in (True, False)}
    units = {normal.unit(_part(found, "unit", canonical=c)) for c in (True, False)}
    return normal.value(truth.get("value")) in values and normal.unit(truth.get("unit")) in units


def _score_indicators(tally: Tally, truth: Json, document: Json) -> None:
    found = [i for record in document.get("records", ()) for i in record.get("indicators", ())]
    for indicator in truth.get("indicators", ()):
        tally.counts["indicators"] += 1
        hit = next((k for k, other in enumerate(found) if same_indicator(indicator, other)), None)
        if hit is None:
            tally.lost_indicators.append(" ".join(map(str, indicator.values())))
        else:
            found.pop(hit)
            tally.counts["indicator_ok"] += 1
    tally.counts["extra_indicators"] += len(found)


def score_document(truth: Json, document: Json) -> Tally:
    """Everything counted for one document; an empty `document` counts as failed."""
    tally = Tally()
    tables = document.get("tables", ())
    for table, position in zip(truth["tables"], pair(truth["tables"], tables), strict=True):
        _score_table(tally, table, None if position is None else tables[position], position)
    tally.counts["extra_tables"] += max(0, len(tables) - len(truth["tables"]))
    _score_fields(tally, truth, document)
    _score_indicators(tally, truth, document)
    tally.counts["documents"] += 1
    tally.counts["failed"] += not document
    return tally


def summary(tally: Tally) -> Summary:
    """The report's figures; None where nothing was there to count."""
    n = tally.counts

    def share(part: float, whole: int) -> float | None:
        return part / whole if whole else None

    read = n["cells"] - n["cells_ignored"]
    precision, recall = share(n["spans_hit"], n["out_cells"]) or 0.0, share(n["spans_hit"], n["cells"]) or 0.0
    figures: Summary = {key: n[key] for key in ("documents", "failed", "tables", "cells")}
    figures |= {
        "structure_f1": 2 * precision * recall / (precision + recall) if precision + recall else 0.0,
        "spans_right": share(n["spans_right"], n["tables"]),
        "cell_exact": share(n["cell_ok"], read),
        "number_exact": share(n["number_ok"], n["numbers"]),
        "empty_filled": share(n["empty_filled"], n["empty"]),
        "filled_empty": share(n["filled_empty"], n["filled"]),
        "teds": share(tally.sums["teds"], n["tables"]) if tally.has_teds else None,
        "teds_s": share(tally.sums["teds_s"], n["tables"]) if tally.has_teds else None,
        "field_exact": share(n["field_ok"], n["fields"]),
        "indicator_exact": share(n["indicator_ok"], n["indicators"]),
        "extra_tables": n["extra_tables"],
        "extra_indicators": n["extra_indicators"],
    }
    return figures | measures(tally.judged, read)


@dataclass(frozen=True)
class Scored:
    """A document's outcome: its name, its truth, its output ({} where there is none), what was counted."""

    name: str
    truth: Json
    output: Json
    tally: Tally

    @property
    def level(self) -> str:
        return str(self.truth.get("level", "all"))


@dataclass(frozen=True)
class Report:
    """Figures for all documents and per level, and what they were made from."""

    figures: dict[str, Summary]
    documents: tuple[Scored, ...]

    def worst(self, count: int) -> list[tuple[float, str, Tally]]:
        """The documents with most errors per cell."""
        shares = [
            (len(d.tally.wrong) / max(1, d.tally.counts["cells"]), d.name, d.tally) for d in self.documents
        ]
        return sorted(shares, key=lambda s: s[:2], reverse=True)[:count]


def _read(path: Path) -> Json:
    """The output document, or {} where there is none that can be read."""
    try:
        document: Json = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return document


def score_folder(truths: Path, outputs: Path, names: Iterable[str] | None = None) -> Report:
    """Scores every truth file of a folder, or those of `names`."""
    wanted = None if names is None else set(names)
    documents = []
    for path in sorted(truths.glob("*.truth.json")):
        name = path.name.removesuffix(".truth.json")
        if wanted is not None and name not in wanted:
            continue
        truth = json.loads(path.read_text("utf-8"))
        output = _read(outputs / f"{name}.json")
        documents.append(Scored(name, truth, output, score_document(truth, output)))
    return report_of(documents)


def report_of(documents: Sequence[Scored]) -> Report:
    """The figures of documents that were scored."""
    total, levels = Tally(), defaultdict[str, Tally](Tally)
    for document in documents:
        total.add(document.tally)
        levels[document.level].add(document.tally)
    figures = {"all": summary(total), **{level: summary(levels[level]) for level in sorted(levels)}}
    return Report(figures, tuple(documents))


def table(figures: Mapping[str, Summary]) -> str:
    """The report as aligned text, one column per level."""

    def show(value: float | None) -> str:
        return "-" if value is None else f"{value:.4f}" if isinstance(value, float) else str(value)

    lines = [f"{'':18}" + "".join(f"{level:>10}" for level in figures)]
    columns = figures.values()
    lines += [f"{key:18}" + "".join(f"{show(c[key]):>10}" for c in columns) for key in figures["all"]]
    return "\n".join(lines)

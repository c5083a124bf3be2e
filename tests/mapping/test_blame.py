"""One digit wrong in a budget statement: is the wrong cell named first, and doubted most?"""

import random
from decimal import Decimal
from typing import Any

import pytest

from shenbao.mapping.records import build_records
from shenbao.models.document import Candidate, Cell, CellRef, Field, Record, Table

STATEMENTS = 9
ROUNDS = 25
Spot = tuple[str, int, int]


def money_cells(tables: list[Table]) -> list[tuple[int, int]]:
    """Number of the table and of the cell, for every amount that a record holds."""
    return [
        (t, c)
        for t, table in enumerate(tables)
        for c, cell in enumerate(table.cells)
        if "." in cell.text and cell.text.replace(".", "").isdigit()
    ]


def other_digit(text: str, rng: random.Random) -> str:
    at = rng.choice([i for i, char in enumerate(text) if char.isdigit()])
    return text[:at] + rng.choice("0123456789".replace(text[at], "")) + text[at + 1 :]


def with_cell(table: Table, number: int, **changes: Any) -> Table:
    cells = list(table.cells)
    cells[number] = cells[number].model_copy(update=changes)
    return table.model_copy(update={"cells": cells})


def statements(documents: Any, perfect: Any, seed: str) -> list[Table]:
    truths = [t for t in documents[seed] if t["table_no"] <= STATEMENTS]
    tables = [perfect(truth, i) for i, truth in enumerate(truths)]
    return [
        table.model_copy(update={"cells": [c.model_copy(update={"confidence": 0.995}) for c in table.cells]})
        for table in tables
    ]


def amounts(records: list[Record]) -> dict[Spot, Field]:
    return {spot(f.cells[0]): f for r in records for line in r.lines for f in line.amounts.values()}


def spot(ref: CellRef) -> Spot:
    return ref.table, ref.row, ref.col


def first_named(records: list[Record], known: set[Any]) -> list[Spot]:
    """The first cell of every failed hard check that the sound document does not have."""
    return [
        spot(check.cells[0])
        for record in records
        for check in record.checks
        if check.severity == "hard" and check.status == "fail" and (check.rule, check.message) not in known
    ]


@pytest.mark.parametrize("seed", ["002", "003"])
def test_the_wrong_cell_is_named_first(
    documents: Any, perfect: Any, vocabulary: Any, families: Any, seed: str
) -> None:
    """At least 95 % of the wrong digits, each one named first by all the checks that it breaks."""
    rng = random.Random(int(seed))
    tables = statements(documents, perfect, seed)
    sound = build_records(tables, [], vocabulary, families, 0.98)
    known = {(c.rule, c.message) for r in sound for c in r.checks if c.status == "fail"}
    right = lowest = 0
    for t, c in rng.sample(money_cells(tables), ROUNDS):
        cell = tables[t].cells[c]
        broken = with_cell(tables[t], c, text=other_digit(cell.text, rng))
        records = build_records([*tables[:t], broken, *tables[t + 1 :]], [], vocabulary, families, 0.98)
        wrong = (broken.id, cell.row, cell.col)
        named = first_named(records, known)
        right += bool(named) and set(named) == {wrong}
        doubted = min(amounts(records).values(), key=lambda field: field.confidence)
        lowest += spot(doubted.cells[0]) == wrong
    assert right / ROUNDS >= 0.95
    assert lowest / ROUNDS >= 0.9


def test_checks_that_hold_raise_confidence(
    documents: Any, perfect: Any, vocabulary: Any, families: Any
) -> None:
    tables = statements(documents, perfect, "002")
    fields = amounts(build_records(tables, [], vocabulary, families, 0.98))
    raised = [field for field in fields.values() if field.value and field.confidence > 0.995]
    assert len(raised) > 200
    assert max(field.confidence for field in raised) < 1.0


def one_of_three(readings: list[tuple[str, float]], last: tuple[str, str] = ("17.70", "")) -> Table:
    others = {(1, 4): [Candidate(text=last[1], probability=0.1)]} if last[1] else {}
    candidates = [Candidate(text=text, probability=p) for text, p in readings]
    texts = [
        ("科目编码", "科目名称", "合计", "基本支出", "项目支出"),
        ("", "合计", "30.00", readings[0][0], last[0]),
    ]
    cells = [
        Cell(
            row=r, col=c, text=text, confidence=readings[0][1] if (r, c) == (1, 3) else 0.999,
            candidates=candidates if (r, c) == (1, 3) else others.get((r, c), []),
        )
        for r, row in enumerate(texts)
        for c, text in enumerate(row)
    ]  # fmt: skip
    return Table(
        id="t1", title="一般公共预算财政拨款支出表", captions=[], pages=[1], n_rows=2, n_cols=5,
        header_rows=[0], cells=cells,
    )  # fmt: skip


def test_another_reading_is_put_forward_but_not_applied(vocabulary: Any, families: Any) -> None:
    table = one_of_three([("12.80", 0.9), ("12.90", 0.05), ("12.30", 0.04)])
    record = build_records([table], [], vocabulary, families, 0.98)[0]
    field = record.lines[0].amounts["基本支出"]
    assert "若读作 12.30，则合计相符" in field.reasons
    assert (field.text, field.value, field.status) == ("12.80", "12.8", "review")
    failed = next(c for c in record.checks if c.status == "fail")
    assert (failed.cells[0].row, failed.cells[0].col) == (1, 3)
    assert field.confidence == min(f.confidence for f in record.lines[0].amounts.values())
    assert Decimal(record.lines[0].amounts["合计"].value) == 30


def test_no_reading_is_put_forward_where_none_comes_out(vocabulary: Any, families: Any) -> None:
    table = one_of_three([("12.80", 0.9), ("12.90", 0.1)])
    record = build_records([table], [], vocabulary, families, 0.98)[0]
    assert not [r for r in record.lines[0].amounts["基本支出"].reasons if r.startswith("若读作")]


def test_two_readings_together(vocabulary: Any, families: Any) -> None:
    table = one_of_three([("12.80", 0.9), ("12.30", 0.1)], ("11.70", "17.70"))
    amounts_ = build_records([table], [], vocabulary, families, 0.98)[0].lines[0].amounts
    assert "若读作 12.30、另一处读作 17.70，则合计相符" in amounts_["基本支出"].reasons
    assert "若读作 17.70、另一处读作 12.30，则合计相符" in amounts_["项目支出"].reasons
    assert amounts_["项目支出"].text == "11.70"


def test_the_true_reading_is_found_among_candidates(
    documents: Any, perfect: Any, vocabulary: Any, families: Any
) -> None:
    """A wrong digit in a statement whose cell still has the true reading among three others."""
    rng = random.Random(5)
    tables = statements(documents, perfect, "002")
    for t, c in rng.sample(money_cells(tables), 12):
        text = tables[t].cells[c].text
        texts = [other_digit(text, rng), *(other_digit(text, rng) for _ in range(2)), text]
        candidates = [Candidate(text=x, probability=0.2) for x in texts]
        broken = with_cell(tables[t], c, text=texts[0], candidates=candidates, confidence=0.7)
        records = build_records([*tables[:t], broken, *tables[t + 1 :]], [], vocabulary, families, 0.98)
        field = amounts(records)[broken.id, tables[t].cells[c].row, tables[t].cells[c].col]
        assert f"若读作 {text}，则合计相符" in field.reasons
        assert field.text == texts[0] and field.status == "review"

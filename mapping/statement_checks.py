"""Statements as a whole: numbering without gaps (B7), money as ddd.dd (F1), tasks and their forms (L5)."""

import re
from collections.abc import Iterator, Sequence

from shenbao.mapping.folding import fold
from shenbao.mapping.grid import CellGrid
from shenbao.mapping.lines import is_money
from shenbao.mapping.verdicts import Verdict, amount
from shenbao.models.document import Record, Table
from shenbao.models.numerals import NUMERAL, numeral_value

_ORDINAL = re.compile(f"({NUMERAL})、")
_NUMBERED_LEAST = 3
_MONEY = re.compile(r"[-(]?\d{1,3}(,?\d{3})*\.\d\d\)?")
_STATEMENTS = ("budget_summary", "fiscal_summary", "three_public")


def statement_verdicts(
    records: Sequence[Record], tables: Sequence[Table], trees: Sequence[str]
) -> Iterator[Verdict]:
    """The rules of budget statements; `trees` are the families with a tree of codes."""
    for owner, (record, table) in enumerate(zip(records, tables, strict=True)):
        yield from _numbering(owner, record, table)
        if record.family in (*_STATEMENTS, *trees):
            yield from _written(owner, record)
    yield from _tasks(records)


def _written(owner: int, record: Record) -> Iterator[Verdict]:
    for line in record.lines:
        for path, field in line.amounts.items():
            if field.text and is_money(path):
                good = _MONEY.fullmatch(fold(field.text)) is not None
                yield Verdict("F1", "金额写作两位小数", "soft", good, owner, "" if good else f"{path} {field.text}",
                              found=field.text, fields=(field,))  # fmt: skip


def _tasks(records: Sequence[Record]) -> Iterator[Verdict]:
    """L5: the budgets of the department's tasks are those of the project forms."""
    departments = [(i, r) for i, r in enumerate(records) if r.family == "dept_declaration"]
    totals = [f for r in records if r.family == "project_declaration" and (f := r.fields.get("budget_total"))]
    if len(departments) != 1 or not totals:
        return
    owner, record = departments[0]
    tasks = [f for line in record.lines for path, f in line.amounts.items() if "预算资金" in path]
    planned, stated = (sorted(v for f in fields if (v := amount(f))) for fields in (tasks, totals))
    yield Verdict("L5", "项目申报表预算 = 主要任务预算", "hard", planned == stated, owner,
                  expected="、".join(map(str, planned)), found="、".join(map(str, stated)),
                  fields=(*tasks, *totals))  # fmt: skip


def _numbering(owner: int, record: Record, table: Table) -> Iterator[Verdict]:
    """B7: 序号 and 栏次 count without gaps; so do the ordinals of the items."""
    grid = CellGrid(table)
    for row in range(table.n_rows):
        head = grid.at(row, 0)
        if head is None or head.row != row:
            continue
        if fold(head.text) == "栏次":
            across = [fold(cell.text) for cell in grid.starting(row)[1:]]
            yield from _counted(owner, "栏次连续", across)
        if fold(head.text) == "序号":
            down = [fold(c.text) for r in range(row + 1, table.n_rows) if (c := grid.at(r, 0)) and c.row == r]
            yield from _counted(owner, "序号连续", [text for text in down if text != "栏次"])
    names = [fold(line.name.text) for line in record.lines if line.name]
    ordinals = [numeral_value(found[1]) for name in names if (found := _ORDINAL.match(name))]
    runs = _runs([ordinal - 1 for ordinal in ordinals if ordinal])
    if record.family == "budget_summary" and runs:
        yield Verdict(
            "B7", "收支项目序数连续", "firm", all(run == list(range(len(run))) for run in runs), owner
        )


def _runs(numbers: Sequence[int]) -> list[list[int]]:
    """Numbers cut where they begin again."""
    runs: list[list[int]] = []
    for number in numbers:
        if number == 0 or not runs:
            runs.append([])
        runs[-1].append(number)
    return runs


def _counted(owner: int, title: str, texts: Sequence[str]) -> Iterator[Verdict]:
    if len(texts) >= _NUMBERED_LEAST and all(text.isdigit() for text in texts):
        wanted = [str(n) for n in range(1, len(texts) + 1)]
        wrong = [text for text, want in zip(texts, wanted, strict=True) if text != want]
        yield Verdict("B7", title, "firm", not wrong, owner, found="、".join(wrong) or None)

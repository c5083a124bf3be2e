"""Procurement (P1, P3, P4, P7 to P9, O1): rules that no plain sum can state."""

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from shenbao.mapping.folding import fold
from shenbao.mapping.verdicts import Identity, Verdict, amount, of_identity
from shenbao.mapping.vocabulary import UnitKind, Vocabulary
from shenbao.models.document import BudgetLine, Field, Record

_CODE = re.compile(r"[ABC]\d{8}")
_PHYSICAL: frozenset[UnitKind] = frozenset(("count", "time"))


def procurement_verdicts(records: Sequence[Record], vocabulary: Vocabulary) -> Iterator[Verdict]:
    """The rules of every procurement table of a document."""
    for owner, record in enumerate(records):
        if record.family == "gov_procurement":
            yield from _items(owner, record, vocabulary)
            yield from _units(owner, record, records)
            yield from _budgets(owner, record, records)


def column(line: BudgetLine, pattern: str) -> Field | None:
    """The line's amount in the column whose path fits the whole pattern."""
    return next((f for path, f in line.amounts.items() if re.fullmatch(pattern, path)), None)


def _items(owner: int, record: Record, vocabulary: Vocabulary) -> Iterator[Verdict]:
    for line in record.lines:
        if line.code is None or not line.code.value:
            continue
        yield Verdict("P8", "采购目录序号为字母加8位数字", "firm", _CODE.fullmatch(line.code.value) is not None,
                      owner, line.code.text, fields=(line.code,))  # fmt: skip
        unit = column(line, "(.*/)?计量单位")
        if unit is not None and unit.value:
            physical = vocabulary.unit_kinds.get(fold(unit.value)) in _PHYSICAL
            yield Verdict("P9", "计量单位是实物单位", "soft", physical, owner, unit.text, fields=(unit,))
        yield from _product(owner, line)


def _product(owner: int, line: BudgetLine) -> Iterator[Verdict]:
    fields = [column(line, p) for p in ("(.*/)?数量", "(.*/)?单价", "政府采购金额.*/合计")]
    number, price, total = (amount(field) for field in fields)
    if number and price and total is not None:
        product = (number * price).quantize(Decimal("0.01"), ROUND_HALF_UP)
        yield Verdict("P1", "数量 × 单价 = 金额", "firm", product == total, owner, line.name.text if line.name else "",
                      str(product), str(total), tuple(f for f in fields if f is not None))  # fmt: skip


def _units(owner: int, record: Record, records: Sequence[Record]) -> Iterator[Verdict]:
    """P3, P4, O1: items add up to the subtotal of their unit, subtotals to the total, and to no more than
    the budget of their project; units with a subtotal are units of the department."""
    whole: Field | None = None
    subtotals: list[tuple[str, Field]] = []
    items: dict[int, list[Field]] = {}
    projects: dict[str, tuple[Field, list[Field]]] = {}
    for line in record.lines:
        total, label = column(line, "政府采购金额.*/合计"), column(line, "(.*/)?项目名称")
        budget = column(line, "(.*/)?预算资金")
        text = fold(label.text) if label else ""
        if total is None:
            continue
        if text in ("合计", "总计"):
            whole = total
        elif text.endswith("小计"):
            subtotals.append((text.removesuffix("小计"), total))
        else:
            items.setdefault(len(subtotals), []).append(total)
            if budget is not None and amount(budget):
                projects.setdefault(text, (budget, []))[1].append(total)
    for number, (unit, subtotal) in enumerate(subtotals, start=1):
        yield from _sum(owner, "P3", "小计 = 明细之和", "hard", (subtotal,), items.get(number, []), unit)
    if whole is not None:
        yield from _sum(owner, "P3", "合计 = 小计之和", "hard", (whole,), [f for _, f in subtotals])
    for project, (budget, parts) in projects.items():
        identity = Identity(tuple(parts), (budget,), "<=")
        if identity.known:
            yield of_identity("P4", "采购额不超过项目预算资金", "firm", owner, identity, project)
    yield from _known_units(owner, [unit for unit, _ in subtotals], records)


def _sum(
    owner: int,
    rule: str,
    title: str,
    severity: str,
    total: tuple[Field, ...],
    parts: Sequence[Field],
    where: str = "",
) -> Iterator[Verdict]:
    identity = Identity(total, tuple(parts))
    if parts and identity.known:
        yield of_identity(rule, title, "hard", owner, identity, where)


def _known_units(owner: int, units: Sequence[str], records: Sequence[Record]) -> Iterator[Verdict]:
    """O1: the units of the subtotals stand in the table of organisations."""
    names = [
        fold(line.name.text).replace("(本级)", "本级")
        for record in records
        if record.family == "org_setup"
        for line in record.lines
        if line.name
    ]
    for unit in units if names else ():
        bare = unit.replace("(本级)", "本级")
        known = any(name == bare or name == bare.removesuffix("本级") for name in names)
        yield Verdict("O1", "小计单位见于机构设置", "firm", known, owner, unit)


def _budgets(owner: int, record: Record, records: Sequence[Record]) -> Iterator[Verdict]:
    """P7: the budget named for a project is that of its goal table."""
    goals = {
        fold(name.value): total
        for other in records
        if (name := other.fields.get("project_name")) and (total := other.fields.get("budget_total"))
    }
    for line in record.lines:
        label, budget = column(line, "(.*/)?项目名称"), column(line, "(.*/)?预算资金")
        total = goals.get(fold(label.text)) if label else None
        if budget is not None and budget.value and total is not None:
            identity = Identity((budget,), (total,))
            if identity.known:
                yield of_identity("P7", "采购表预算资金 = 绩效目标表预算数", "firm", owner, identity)

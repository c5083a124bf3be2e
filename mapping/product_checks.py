"""Products that must not exceed the budget: how many times the price of one (E1), people times a standard (L8)."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from rapidfuzz.distance import LCSseq

from shenbao.mapping.folding import fold
from shenbao.mapping.verdicts import Verdict, amount
from shenbao.models.document import Field, Indicator, Record

_YUAN = Decimal(10_000)
_MONTHS = 12
_ALIKE = 3
"""Least number of characters that the names of a count and of its standard share."""

Priced = tuple[Indicator, Decimal]


def product_verdicts(owner: int, record: Record) -> Iterator[Verdict]:
    """Products of a form whose budget is stated in 万元."""
    total = record.fields.get("budget_total")
    limit = amount(total)
    if total is None or not total.value or limit is None or total.unit not in (None, "万元"):
        return
    prices = [(i, v) for i in record.indicators if _unit(i).startswith("元/") and (v := amount(i.value))]
    if record.family == "project_declaration":
        yield from _standards(owner, record, prices, total, limit)
    else:
        yield from _products(owner, record, prices, limit)


def _products(owner: int, record: Record, prices: Sequence[Priced], limit: Decimal) -> Iterator[Verdict]:
    """E1: `500人` and `200元/人`: the product of the only count in the price's unit."""
    for item, price in prices:
        counted = [i for i in record.indicators if _unit(i) == _unit(item).removeprefix("元/")]
        number = amount(counted[0].value) if len(counted) == 1 else None
        if number:
            yield _verdict("E1", "数量 × 单价不超过预算数", owner, number * price / _YUAN, limit,
                           [counted[0].value, item.value])  # fmt: skip


def _standards(
    owner: int, record: Record, prices: Sequence[Priced], total: Field, limit: Decimal
) -> Iterator[Verdict]:
    """L8: people times their monthly standard times twelve, all kinds together."""
    counts = [i for i in record.indicators if amount(i.value) and _is_count(_unit(i))]
    whole = Decimal(0)
    fields: list[Field | None] = [total]
    for item, price in prices:
        best = max(counts, key=lambda i: _likeness(i, item), default=None)
        number = amount(best.value) if best is not None else None
        if best is not None and number and _likeness(best, item) >= _ALIKE:
            whole += number * price * (_MONTHS if _unit(item).endswith("/月") else 1) / _YUAN
            fields += [best.value, item.value]
    if len(fields) > 1:
        yield _verdict("L8", "人数 × 标准 × 月数不超过预算", owner, whole, limit, fields)


def _unit(item: Indicator) -> str:
    return item.unit.value if item.unit else ""


def _is_count(unit: str) -> bool:
    return bool(unit) and "元" not in unit and unit != "%"


def _likeness(count: Indicator, price: Indicator) -> int:
    one, two = (fold(i.level3.value) if i.level3 else "" for i in (count, price))
    return int(LCSseq.similarity(one, two))


def _verdict(
    rule: str, title: str, owner: int, product: Decimal, limit: Decimal, fields: Sequence[Field | None]
) -> Verdict:
    return Verdict(rule, title, "soft", product <= limit, owner, expected=f"≤{limit}",
                   found=f"{product.normalize():f}", fields=tuple(f for f in fields if f is not None))  # fmt: skip

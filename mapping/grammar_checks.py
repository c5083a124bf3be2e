"""How the values of indicators are written (G11 to G15, G20): conventions that forms often break."""

import re
from collections.abc import Iterator
from decimal import Decimal

from shenbao.mapping.folding import fold
from shenbao.mapping.verdicts import Verdict, amount
from shenbao.mapping.vocabulary import Vocabulary
from shenbao.models.document import Field, Indicator, Record

_CALENDAR = "年月日"
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_RATE = re.compile(r"率$")
_QUANTITY = re.compile(r"(?<![\d.])(?<!目标)(?<!内容)(?P<number>\d+(?:\.\d+)?)(?P<unit>%|[\u4e00-\u9fff])")


def grammar_verdicts(owner: int, record: Record, vocabulary: Vocabulary) -> Iterator[Verdict]:
    """The conventions for each indicator of a goal table or project form."""
    if not record.family.startswith(("goal_", "project_")):
        return
    for item in record.indicators:
        yield from _written(owner, item, vocabulary)
        if item.value is None or not item.value.value:
            continue
        if _NUMBER.fullmatch(item.value.value):
            yield from _number(owner, item, item.value)
        elif fold(item.value.text) not in vocabulary.placeholders:
            yield from _words(owner, item, item.value)
    yield from _goals(owner, record, vocabulary)


def _written(owner: int, item: Indicator, vocabulary: Vocabulary) -> Iterator[Verdict]:
    if item.level1 is not None and item.level1.value:
        standard = fold(item.level1.text) == item.level1.value
        yield _soft("G4b", "一级指标用标准名称", standard, owner, item.level1)
    held = [field for field in (item.description, item.basis) if field is not None]
    if held:
        yield _soft("G15", "指标描述和确定依据不为空", all(f.value for f in held), owner, *held)
    if item.value is not None:
        placeholder = fold(item.value.text) in vocabulary.placeholders
        yield _soft("G14b", "不以“未涉及”等代替指标值", not placeholder, owner, item.value)


def _number(owner: int, item: Indicator, value: Field) -> Iterator[Verdict]:
    unit, operator = item.unit, item.operator
    number = amount(value)
    name = fold(item.level3.value) if item.level3 else ""
    if unit is not None:
        yield _soft("G12a", "数值带单位", bool(unit.value), owner, value, unit)
    if operator is not None:
        yield _soft("G12b", "数值带运算符", bool(operator.value), owner, value, operator)
    if unit is not None and unit.value:
        yield _soft("G12c", "百分比写作%", unit.value != "%" or fold(unit.text) == "%", owner, unit)
    if unit is not None and unit.value == "%" and number is not None:
        yield _soft("G13", "百分率在0至100之间", 0 <= number <= 100, owner, value)
        if operator is not None and operator.value == "≥":
            firm = not (operator.value == "≥" and number == 100)
            yield _soft("G13c", "不写≥100%", firm, owner, value, operator)
    if unit is not None and _RATE.search(name):
        yield _soft("G13b", "“…率”的单位为%", unit.value == "%", owner, value, unit)
    if operator is not None and _is_cost(item):
        yield _soft("G11", "成本指标不用≥", operator.value not in ("≥", ">"), owner, value, operator)


def _words(owner: int, item: Indicator, value: Field) -> Iterator[Verdict]:
    if item.level3 is not None:
        same = fold(item.level3.value) == fold(value.value)
        yield _soft("G14", "文字指标值不是指标名", not same, owner, value, item.level3)


def _goals(owner: int, record: Record, vocabulary: Vocabulary) -> Iterator[Verdict]:
    """G20: numbers named in the goals come again as values of indicators."""
    goals = record.fields.get("goals")
    if goals is None or not record.indicators:
        return
    values = {amount(item.value) for item in record.indicators if item.value is not None}
    named = {(m["number"], m["unit"]) for m in _QUANTITY.finditer(fold(goals.value))}
    for number, unit in sorted(named):
        if vocabulary.unit_kinds.get(unit) is not None and unit not in _CALENDAR:
            held = Decimal(number) in values
            yield Verdict("G20", "绩效目标中的数量见于指标值", "soft", held, owner,
                          f"{number}{unit}", found=f"{number}{unit}", fields=(goals,))  # fmt: skip


def _is_cost(item: Indicator) -> bool:
    return any(f is not None and "成本" in f.value for f in (item.level1, item.level2))


def _soft(rule: str, title: str, good: bool, owner: int, *fields: Field) -> Verdict:
    where = "" if good else next((field.text for field in fields if field.text), "")
    return Verdict(rule, title, "soft", good, owner, where, fields=fields)

"""Goal tables and declaration forms: budget, plan, code, levels (the G and L rules)."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from shenbao.mapping.folding import fold
from shenbao.mapping.product_checks import product_verdicts
from shenbao.mapping.rules import Rules
from shenbao.mapping.verdicts import Verdict, amount
from shenbao.mapping.vocabulary import Frame
from shenbao.models.document import Field, Indicator, Record, Table

_TITLE = re.compile(r"^\d{1,3}[、.,]?(?P<name>.+?)(?P<ending>(?:绩效|成绩)?目标表)$")
_NUMBER = re.compile(r"^(?P<number>\d{1,3})[、.,]")


def goal_verdicts(owner: int, record: Record, frames: Sequence[Frame], rules: Rules) -> Iterator[Verdict]:
    """The rules of one form with indicators."""
    yield from _plan(owner, record, rules)
    yield from _code(owner, record, rules)
    yield from _pairs(owner, record, frames)
    if record.family.startswith(("goal_", "project_")) and record.indicators:
        yield from _kinds(owner, record)
        yield from _twice(owner, record)
    yield from _costs(owner, record)
    yield from _deadlines(owner, record)
    yield from product_verdicts(owner, record)


def title_verdicts(records: Sequence[Record], tables: Sequence[Table]) -> Iterator[Verdict]:
    """G7, G8: the titles of goal tables, their numbers and the project names in them."""
    goals = [(i, r, fold(t.title)) for i, (r, t) in enumerate(zip(records, tables, strict=True))
             if r.family.startswith("goal_")]  # fmt: skip
    for owner, record, title in goals:
        name = record.fields.get("project_name")
        found = _TITLE.match(title)
        if found and name is not None and name.cells and name.value:
            good = found["name"] == fold(name.value)
            yield Verdict("G7a", "表题中的项目名称 = 项目名称", "soft", good, owner,
                          expected=found["name"], found=name.value, fields=(name,))  # fmt: skip
            standard = found["ending"] == "绩效目标表"
            yield Verdict("G7b", "表题以“绩效目标表”结尾", "soft", standard, owner, found=title)
    numbered = [(owner, int(m["number"])) for owner, _, title in goals if (m := _NUMBER.match(title))]
    if len(numbered) > 1:
        first = numbered[0][1]
        found_numbers = [number for _, number in numbered]
        good = found_numbers == list(range(first, first + len(numbered)))
        yield Verdict("G8", "绩效目标表序号连续", "firm", good, numbered[0][0],
                      found="、".join(map(str, found_numbers)))  # fmt: skip


def code_uniqueness(records: Sequence[Record]) -> Iterator[Verdict]:
    """G9d: no project code twice in one document."""
    seen: dict[str, list[tuple[int, Field]]] = {}
    for owner, record in enumerate(records):
        field = record.fields.get("project_code")
        if field is not None and field.value:
            seen.setdefault(field.value, []).append((owner, field))
    if sum(map(len, seen.values())) < 2:
        return
    for code, same in seen.items():
        yield Verdict("G9d", "项目编码唯一", "firm", len(same) == 1, same[0][0], code,
                      found=code, fields=tuple(field for _, field in same))  # fmt: skip


def _plan(owner: int, record: Record, rules: Rules) -> Iterator[Verdict]:
    fields = [record.fields[key] for key in rules.plan if key in record.fields and record.fields[key].value]
    numbers = [v for field in fields if (v := amount(field)) is not None]
    if not fields or len(numbers) < len(fields):
        return
    found = "、".join(str(v) for v in numbers)
    yield Verdict("G2a", "资金支出计划逐期不减少", "hard", numbers == sorted(numbers), owner,
                  found=found, fields=tuple(fields))  # fmt: skip
    yield Verdict("G2b", "资金支出计划最后为100%", "firm", numbers[-1] == 100, owner,
                  expected="100", found=str(numbers[-1]), fields=tuple(fields[-1:]))  # fmt: skip


def _code(owner: int, record: Record, rules: Rules) -> Iterator[Verdict]:
    field = record.fields.get("project_code")
    if field is None or not field.value:
        return
    for form in rules.codes:
        if re.match(form.known_by, field.value):
            good = re.fullmatch(form.pattern, field.value) is not None
            yield Verdict(form.rule, form.title, form.severity, good, owner,
                          found=field.value, fields=(field,))  # fmt: skip
    scheme = rules.check_character
    if field.value.startswith(scheme.prefixes):
        expected = scheme.of(field.value)
        good = expected is not None and field.value[-1] == expected
        yield Verdict("G9c", "项目编码校验位", "hard", good, owner,
                      expected=expected, found=field.value[-1:], fields=(field,))  # fmt: skip


def _pairs(owner: int, record: Record, frames: Sequence[Frame]) -> Iterator[Verdict]:
    """G4: each second level stands below a first level that may have it, where both are known names."""
    ones = {entry.name for frame in frames for entry in frame.level1}
    twos = {child.name for frame in frames for entry in frame.level1 for child in entry.children}
    for item in record.indicators if frames else ():
        one, two = item.level1, item.level2
        if one and two and one.value in ones and two.value in twos:
            good = any(frame.allows(one.value, two.value) for frame in frames)
            yield Verdict("G4", "二级指标属于其一级指标", "firm", good, owner,
                          found=f"{one.value}/{two.value}", fields=(one, two))  # fmt: skip


def _kinds(owner: int, record: Record) -> Iterator[Verdict]:
    """G5, G6: the four kinds of 产出, a benefit and a satisfaction row, in the fixed order."""
    firsts = _values(record.indicators, "level1")
    seconds = _values(record.indicators, "level2")
    wanted = ["数量指标", "质量指标", "时效指标"] + ([] if "成本指标" in firsts else ["成本指标"])
    yield _complete("G5a", "产出四类指标齐全", owner, wanted, seconds)
    yield _complete("G5b", "有效益指标", owner, ["效益指标"], firsts)
    yield _complete("G5c", "有满意度指标", owner, ["满意度指标"], firsts)
    order = [name for name in ("产出指标", "效益指标", "满意度指标") if name in firsts]
    yield _in_order("G6b", "一级指标次序固定", owner, order, firsts)
    yield _in_order("G6", "产出指标次序固定", owner, [n for n in wanted if n in seconds], seconds)


def _complete(rule: str, title: str, owner: int, wanted: Sequence[str], seen: Sequence[str]) -> Verdict:
    missing = [name for name in wanted if name not in seen]
    found = "缺" + "、".join(missing) if missing else None
    return Verdict(rule, title, "soft", not missing, owner, expected="、".join(wanted), found=found)


def _in_order(rule: str, title: str, owner: int, expected: Sequence[str], found: Sequence[str]) -> Verdict:
    first_seen = [name for name in dict.fromkeys(found) if name in expected]
    return Verdict(rule, title, "soft", first_seen == list(expected), owner,
                   expected="、".join(expected), found="、".join(first_seen))  # fmt: skip


def _values(indicators: Sequence[Indicator], part: str) -> list[str]:
    fields = (getattr(item, part) for item in indicators)
    return [field.value for field in fields if field is not None and field.value]


def _twice(owner: int, record: Record) -> Iterator[Verdict]:
    """G16: no third-level name twice below one second level."""
    seen: dict[tuple[str, str, str], list[Field]] = {}
    for item in record.indicators:
        if item.level3 and item.level3.value:
            one, two = (field.value if field else "" for field in (item.level1, item.level2))
            seen.setdefault((one, two, fold(item.level3.value)), []).append(item.level3)
    double = tuple(field for same in seen.values() if len(same) > 1 for field in same)
    found = "、".join(dict.fromkeys(field.value for field in double)) or None
    yield Verdict(
        "G16", "同一二级指标下三级指标不重复", "soft", not double, owner, found=found, fields=double
    )


def _costs(owner: int, record: Record) -> Iterator[Verdict]:
    """G10: no single cost in 万元 above the budget, nor all of them together; of two budgets (the year's
    and the whole term's) the greater counts."""
    total = record.fields.get("budget_total")
    term = amount(record.fields.get("budget_term_total"))
    limit = amount(total)
    limit = limit if limit is None or term is None else max(limit, term)
    if total is None or not total.value or limit is None or total.unit not in (None, "万元"):
        return
    costs = [(item, cost) for item in record.indicators if (cost := _cost(item)) is not None]
    for item, cost in costs:
        if item.value is not None:
            yield Verdict("G10a", "单项成本不超过预算数", "firm", cost <= limit, owner, item.value.value,
                          f"≤{limit}", str(cost), (item.value,))  # fmt: skip
    fields = tuple(item.value for item, _ in costs if item.value is not None)
    whole = sum((cost for _, cost in costs), Decimal(0))
    if fields:
        yield Verdict("G10b", "成本合计不超过预算数", "soft", whole <= limit, owner,
                      expected=f"≤{limit}", found=str(whole), fields=fields)  # fmt: skip
    capped = all(
        item.operator is not None and item.operator.value in ("≤", "<", "=", "") for item, _ in costs
    )
    if fields and capped:
        yield Verdict("G10c", "成本合计 = 预算数", "soft", whole == limit, owner,
                      expected=str(limit), found=str(whole), fields=fields)  # fmt: skip


def _cost(item: Indicator) -> Decimal | None:
    """The cost of a cost indicator in 万元."""
    is_cost = any(f is not None and "成本" in f.value for f in (item.level1, item.level2))
    if (
        not is_cost
        or item.unit is None
        or item.unit.value != "万元"
        or not item.value
        or not item.value.value
    ):
        return None
    return amount(item.value)


def _deadlines(owner: int, record: Record) -> Iterator[Verdict]:
    """L7: deadlines lie inside the period of implementation."""
    period = record.fields.get("implementation_period")
    if period is None or "/" not in period.value:
        return
    start, end = period.value.split("/")
    for item in record.indicators:
        field = item.deadline
        if field is not None and re.match(r"\d{4}-\d\d", field.value):
            yield Verdict("L7", "完成时限在实施期内", "hard", start <= field.value[:7] <= end, owner,
                          field.value, period.value, field.value, (field,))  # fmt: skip

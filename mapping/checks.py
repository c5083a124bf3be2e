"""Identities that a record must fulfil. What is printed is never changed; a failure is shown."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation

from shenbao.mapping.families import Family
from shenbao.mapping.fields import to_review
from shenbao.mapping.line_checks import line_checks
from shenbao.mapping.rules import Rules, Severity, SumRule, load_rules
from shenbao.mapping.vocabulary import Frame, Vocabulary
from shenbao.models.document import BudgetLine, CellRef, Check, Field, Indicator, Record

Rule = Callable[[Record, Rules], Iterable[Check]]
_ZERO = Decimal(0)


def check_record(record: Record, vocabulary: Vocabulary, family: Family) -> Record:
    """The record with its checks; fields that a failed hard check involves go to review."""
    rules = load_rules()
    checks = [check for rule in _RULES for check in rule(record, rules)]
    checks += _pairs(record, [vocabulary.frame(f) for f in family.frames])
    checks += line_checks(record, rules)
    failed = {
        (ref.table, ref.row, ref.col): check
        for check in checks
        if check.severity == "hard" and check.status == "fail"
        for ref in check.cells
    }
    return _reviewed(record, failed).model_copy(update={"checks": checks})


def amount(field: Field | None) -> Decimal | None:
    """The number of a field; 0 for a blank one; None where there is none or it is not a number."""
    if field is None:
        return None
    if not field.value:
        return _ZERO
    try:
        return Decimal(field.value)
    except InvalidOperation:
        return None


def made_check(
    rule: str,
    title: str,
    severity: Severity,
    good: bool,
    *,
    expected: object = None,
    found: object = None,
    fields: Iterable[Field] = (),
) -> Check:
    """A Check over the cells of `fields`; `title` says in words what should hold."""
    refs: list[CellRef] = []
    for field in fields:
        refs += [ref for ref in field.cells if ref not in refs]
    return Check(
        rule=rule,
        severity=severity,
        status="pass" if good else "fail",
        message=title if good else f"{title}：不成立",
        expected=None if expected is None else str(expected),
        found=None if found is None else str(found),
        cells=refs,
    )


def _skipped(rule: str, title: str, severity: Severity) -> Check:
    return Check(rule=rule, severity=severity, status="skipped", message=f"{title}：缺少数据")


def _sums(record: Record, rules: Rules) -> Iterator[Check]:
    for rule in rules.sums:
        if record.family in rule.families:
            yield _sum(record, rule)


def _sum(record: Record, rule: SumRule) -> Check:
    total = record.fields.get(rule.total)
    parts = [record.fields[key] for key in rule.parts if key in record.fields]
    values = [amount(field) for field in parts]
    whole = amount(total)
    if total is None or whole is None or not parts or None in values or not any(f.value for f in parts):
        return _skipped(rule.rule, rule.title, rule.severity)
    expected = sum((v for v in values if v is not None), _ZERO)
    return made_check(
        rule.rule, rule.title, rule.severity, expected == whole,
        expected=expected, found=whole, fields=[total, *parts],
    )  # fmt: skip


def _plan(record: Record, rules: Rules) -> Iterator[Check]:
    fields = [record.fields[key] for key in rules.plan if key in record.fields and record.fields[key].value]
    values = [amount(field) for field in fields]
    numbers = [v for v in values if v is not None]
    if not fields or len(numbers) < len(values):
        return
    found = "、".join(str(v) for v in numbers)
    yield made_check(
        "G2a", "资金支出计划逐期不减少", "hard", numbers == sorted(numbers), found=found, fields=fields
    )
    yield made_check(
        "G2b", "资金支出计划最后为100%", "firm", numbers[-1] == 100, expected=100, found=numbers[-1],
        fields=fields[-1:],
    )  # fmt: skip


def _code(record: Record, rules: Rules) -> Iterator[Check]:
    field = record.fields.get("project_code")
    scheme = rules.check_character
    if field is None or not field.value.startswith(scheme.prefixes):
        return
    expected = scheme.of(field.value)
    good = expected is not None and field.value[-1] == expected
    yield made_check(
        "G9c", "项目编码校验位", "hard", good, expected=expected, found=field.value[-1:], fields=[field]
    )


def _pairs(record: Record, frames: Sequence[Frame]) -> Iterator[Check]:
    """G4: each second level stands below a first level that may have it."""
    bad: list[Field] = []
    checked = 0
    for item in record.indicators:
        if item.level1 and item.level2 and item.level1.value and item.level2.value:
            checked += 1
            one, two = item.level1.value, item.level2.value
            if not any(frame.allows(one, two) for frame in frames):
                bad += [item.level1, item.level2]
    if checked and frames:
        found = "、".join(sorted({field.value for field in bad})) or None
        yield made_check("G4", "二级指标属于其一级指标", "firm", not bad, found=found, fields=bad)


def _kinds(record: Record, rules: Rules) -> Iterator[Check]:
    """G5, G6: the four kinds of 产出, a benefit and a satisfaction row, in the fixed order."""
    if not record.family.startswith(("goal_", "project_")) or not record.indicators:
        return
    firsts = _values(record.indicators, "level1")
    seconds = _values(record.indicators, "level2")
    wanted = ["数量指标", "质量指标", "时效指标"] + ([] if "成本指标" in firsts else ["成本指标"])
    missing = [name for name in wanted if name not in seconds]
    yield made_check(
        "G5a",
        "产出四类指标齐全",
        "soft",
        not missing,
        expected="、".join(wanted),
        found="缺" + "、".join(missing) if missing else None,
    )
    missing = [name for name in ("效益指标", "满意度指标") if name not in firsts]
    yield made_check(
        "G5b",
        "有效益指标和满意度指标",
        "soft",
        not missing,
        found="缺" + "、".join(missing) if missing else None,
    )
    order = [name for name in ("产出指标", "效益指标", "满意度指标") if name in firsts]
    yield _order("G6b", "一级指标次序固定", order, firsts)
    yield _order(
        "G6", "产出指标次序固定", [n for n in wanted if n in seconds], [s for s in seconds if s in wanted]
    )


def _order(rule: str, title: str, expected: Sequence[str], found: Sequence[str]) -> Check:
    first_seen = [name for name in dict.fromkeys(found) if name in expected]
    return made_check(
        rule, title, "soft", first_seen == expected, expected="、".join(expected), found="、".join(first_seen)
    )


def _values(indicators: Sequence[Indicator], part: str) -> list[str]:
    fields = (getattr(item, part) for item in indicators)
    return [field.value for field in fields if field is not None and field.value]


def _costs(record: Record, rules: Rules) -> Iterator[Check]:
    """G10a: no single cost in 万元 above the budget."""
    total = record.fields.get("budget_total")
    limit = amount(total)
    if total is None or not total.value or limit is None or total.unit not in (None, "万元"):
        return
    bad: list[Field] = []
    seen = False
    for item in record.indicators:
        is_cost = any(f is not None and "成本" in f.value for f in (item.level1, item.level2))
        if not is_cost or item.value is None or item.unit is None or item.unit.value != "万元":
            continue
        cost = amount(item.value)
        seen = True
        if cost is not None and cost > limit:
            bad.append(item.value)
    if seen:
        found = "、".join(field.value for field in bad) or None
        yield made_check(
            "G10a", "单项成本不超过预算数", "firm", not bad, expected=f"≤{limit}", found=found, fields=bad
        )


def _deadlines(record: Record, rules: Rules) -> Iterator[Check]:
    """L7: deadlines lie inside the period of implementation."""
    period = record.fields.get("implementation_period")
    if period is None or "/" not in period.value:
        return
    start, end = period.value.split("/")
    dates = [i.deadline for i in record.indicators if i.deadline is not None and i.deadline.value]
    bad = [field for field in dates if not start <= field.value[:7] <= end]
    if dates:
        found = "、".join(sorted({field.value for field in bad})) or None
        yield made_check(
            "L7", "完成时限在实施期内", "soft", not bad, expected=period.value, found=found, fields=bad
        )


def _tasks(record: Record, rules: Rules) -> Iterator[Check]:
    """L4: the year's tasks add up to the project expenditure."""
    total = record.fields.get("project_expenditure")
    if record.family != "dept_declaration" or total is None or not record.lines:
        return
    budgets = [f for line in record.lines for path, f in line.amounts.items() if "预算资金" in path]
    values = [amount(field) for field in budgets]
    whole = amount(total)
    if whole is None or not budgets or None in values:
        return
    expected = sum((v for v in values if v is not None), _ZERO)
    yield made_check(
        "L4", "年度主要任务预算之和 = 项目支出", "hard", expected == whole,
        expected=expected, found=whole, fields=[total, *budgets],
    )  # fmt: skip


_RULES: tuple[Rule, ...] = (_sums, _plan, _code, _kinds, _costs, _deadlines, _tasks)


def _reviewed(record: Record, failed: dict[tuple[str, int, int], Check]) -> Record:
    if not failed:
        return record

    def touched(field: Field) -> Field:
        for ref in field.cells:
            check = failed.get((ref.table, ref.row, ref.col))
            if check is not None:
                return to_review(field, f"{check.message}（{check.rule}）")
        return field

    return record.model_copy(
        update={
            "fields": {key: touched(field) for key, field in record.fields.items()},
            "lines": [
                BudgetLine(
                    code=line.code and touched(line.code),
                    name=line.name and touched(line.name),
                    amounts={name: touched(field) for name, field in line.amounts.items()},
                )
                for line in record.lines
            ],
        }
    )

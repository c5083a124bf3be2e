"""Identities inside a statement: row sums (B6, P2), the tree of codes (B4), the total row (B5)."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from shenbao.mapping.rules import Rules, Severity, SumRule
from shenbao.models.document import BudgetLine, CellRef, Check, Field, Record

_ZERO = Decimal(0)
_TOTAL_NAMES = ("合计", "总计")
_LEVELS = {3: 5, 5: 7}
"""Length of a code to the length of its children's codes."""


def line_checks(record: Record, rules: Rules) -> Iterator[Check]:
    """The checks of all lines: one for each rule that holds throughout, else one for each failure."""
    for rule in rules.rows:
        if record.family in rule.families:
            yield from _gathered(rule.rule, rule.title, rule.severity, _row_sums(record.lines, rule))
    if record.family in rules.tree_families:
        yield from _gathered("B4", "上级科目 = 下级科目之和", "hard", _tree(record.lines))
        yield from _gathered("B5", "合计 = 各类科目之和", "hard", _total(record.lines))


_Identity = tuple[str, Field, list[Field]]
"""Where it stands in words, the total, the parts."""


def _gathered(rule: str, title: str, severity: Severity, identities: Iterator[_Identity]) -> Iterator[Check]:
    held, failures = 0, []
    for where, total, parts in identities:
        values = [_amount(field) for field in parts]
        whole = _amount(total)
        if whole is None or None in values:
            continue
        expected = sum((v for v in values if v is not None), _ZERO)
        held += expected == whole
        if expected != whole:
            failures.append(_failure(rule, f"{title}（{where}）", severity, expected, whole, [total, *parts]))
    yield from failures
    if held and not failures:
        yield Check(rule=rule, severity=severity, status="pass", message=f"{title}（{held}处）")


def _failure(
    rule: str, title: str, severity: Severity, expected: Decimal, found: Decimal, fields: Sequence[Field]
) -> Check:
    refs: list[CellRef] = [ref for field in fields for ref in field.cells]
    return Check(
        rule=rule, severity=severity, status="fail", message=f"{title}：不成立",
        expected=str(expected), found=str(found), cells=refs,
    )  # fmt: skip


def _amount(field: Field) -> Decimal | None:
    if not field.value:
        return _ZERO
    return Decimal(field.value) if re.fullmatch(r"-?\d+(\.\d+)?", field.value) else None


def _row_sums(lines: Sequence[BudgetLine], rule: SumRule) -> Iterator[_Identity]:
    for line in lines:
        total = next((f for path, f in line.amounts.items() if re.fullmatch(rule.total, path)), None)
        parts = [
            f for path, f in line.amounts.items() if any(re.fullmatch(part, path) for part in rule.parts)
        ]
        if total is not None and parts and any(f.value for f in (total, *parts)):
            yield (line.name.text if line.name else ""), total, parts


def _tree(lines: Sequence[BudgetLine]) -> Iterator[_Identity]:
    coded = {line.code.value: line for line in lines if line.code and line.code.value.isdigit()}
    for code, line in coded.items():
        length = _LEVELS.get(len(code))
        children = [other for c, other in coded.items() if len(c) == length and c.startswith(code)]
        if children:
            for path, total in line.amounts.items():
                yield f"{code} {path}", total, [c.amounts[path] for c in children if path in c.amounts]


def _total(lines: Sequence[BudgetLine]) -> Iterator[_Identity]:
    classes = [
        line for line in lines if line.code and len(line.code.value) == 3 and line.code.value.isdigit()
    ]
    for line in lines:
        if classes and line.name and line.name.value in _TOTAL_NAMES and not (line.code and line.code.value):
            for path, total in line.amounts.items():
                yield path, total, [c.amounts[path] for c in classes if path in c.amounts]

"""What a rule says of a record or of several: identities between amounts, and other findings."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import Literal

from shenbao.mapping.folding import fold
from shenbao.mapping.rules import Severity
from shenbao.models.document import CellRef, Check, Field

Spot = tuple[str, int, int]
"""Table id, row and column of a cell."""

_NOTHING = re.compile(r"[-/]*|亿元|万元|元|无")
_ZERO = Decimal(0)


def spot(ref: CellRef) -> Spot:
    return ref.table, ref.row, ref.col


def spots(field: Field) -> Iterator[Spot]:
    """The cells that hold the field."""
    return (spot(ref) for ref in field.cells)


def decimal(text: str) -> Decimal | None:
    """The number in normal form; 0 for a blank, a dash or a bare unit word; None for anything else."""
    if _NOTHING.fullmatch(fold(text)):
        return _ZERO
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def amount(field: Field | None) -> Decimal | None:
    """The number of a field; None where there is no field, or it holds no number."""
    return None if field is None else decimal(field.value)


@dataclass(frozen=True)
class Identity:
    """The amounts of `left` together equal those of `right`, or with the relation `<=` are at most them."""

    left: tuple[Field, ...]
    right: tuple[Field, ...]
    relation: Literal["=", "<="] = "="

    @property
    def fields(self) -> tuple[Field, ...]:
        return (*self.left, *self.right)

    @property
    def known(self) -> bool:
        """Whether every field is a number."""
        return all(amount(field) is not None for field in self.fields)

    @property
    def blank(self) -> bool:
        """Whether nothing at all is printed in the fields: 0 = 0, which says nothing."""
        return not any(field.value for field in self.fields)

    def sides(self, instead: Mapping[Spot, Decimal] | None = None) -> tuple[Decimal, Decimal]:
        """The sums of both sides, with other amounts `instead` of the printed ones in some cells."""
        return _total(self.left, instead or {}), _total(self.right, instead or {})

    def holds(self, instead: Mapping[Spot, Decimal] | None = None) -> bool:
        left, right = self.sides(instead)
        return left == right if self.relation == "=" else left <= right


def _total(fields: Iterable[Field], instead: Mapping[Spot, Decimal]) -> Decimal:
    total = _ZERO
    for field in fields:
        other = next((instead[s] for s in spots(field) if s in instead), None)
        value = amount(field) if other is None else other
        total += _ZERO if value is None else value
    return total


@dataclass(frozen=True)
class Verdict:
    """One application of a rule. `good` is None where data are missing.

    `owner` is the number of the record that shows it, `where` says in words which row or column of it.
    """

    rule: str
    title: str
    severity: Severity
    good: bool | None
    owner: int
    where: str = ""
    expected: str | None = None
    found: str | None = None
    fields: tuple[Field, ...] = ()
    identity: Identity | None = None

    @property
    def message(self) -> str:
        """The rule in words, where it was applied, and what came of it."""
        place = f"（{self.where}）" if self.where else ""
        outcome = {True: "", False: "：不成立", None: "：缺少数据"}[self.good]
        return f"{self.title}{place}{outcome}"


def of_identity(
    rule: str, title: str, severity: Severity, owner: int, identity: Identity, where: str = ""
) -> Verdict:
    """The verdict on an identity whose fields are all numbers."""
    left, right = identity.sides()
    sign = "≤" if identity.relation == "<=" else ""
    return Verdict(
        rule, title, severity, identity.holds(), owner, where,
        f"{sign}{right}", str(left), identity.fields, identity,
    )  # fmt: skip


def as_checks(verdicts: Iterable[Verdict], order: Mapping[Spot, int]) -> list[Check]:
    """Checks of one record: each hard or firm failure alone; soft ones, and what passed, of a rule together.

    `order` ranks cells: of a failed check's cells the likeliest culprit comes first.
    """
    checks: list[Check] = []
    for _, same in groupby(
        sorted(verdicts, key=lambda v: (v.rule, v.title)), lambda v: (v.rule, v.title)
    ):  # fmt: skip
        group = list(same)
        failures = [v for v in group if v.good is False]
        passed = [v for v in group if v.good]
        soft = bool(failures) and failures[0].severity == "soft"
        checks += [_gathered(failures)] if soft else [_check(v, "fail", order) for v in failures]
        if passed and not failures:
            checks.append(_passed(passed))
        elif not failures:
            checks.append(_check(group[0], "skipped", order))
    return checks


def _check(verdict: Verdict, status: Literal["fail", "skipped"], order: Mapping[Spot, int]) -> Check:
    refs = sorted(_refs(verdict.fields), key=lambda ref: order.get(spot(ref), len(order)))
    return Check(
        rule=verdict.rule, severity=verdict.severity, status=status, message=verdict.message,
        expected=verdict.expected, found=verdict.found, cells=refs,
    )  # fmt: skip


def _gathered(failures: list[Verdict]) -> Check:
    first = failures[0]
    found = [v.found or v.where for v in failures if v.found or v.where]
    return Check(
        rule=first.rule,
        severity=first.severity,
        status="fail",
        message=first.message if len(failures) == 1 else f"{first.title}：{len(failures)}处不成立",
        expected=first.expected,
        found="、".join(dict.fromkeys(found)) or None,
        cells=_refs([field for verdict in failures for field in verdict.fields]),
    )


def _passed(verdicts: list[Verdict]) -> Check:
    first, alone = verdicts[0], len(verdicts) == 1
    return Check(
        rule=first.rule,
        severity=first.severity,
        status="pass",
        message=first.message if alone else f"{first.title}（{len(verdicts)}处）",
        expected=first.expected if alone else None,
        found=first.found if alone else None,
        cells=_refs(first.fields) if alone else [],
    )


def _refs(fields: Iterable[Field]) -> list[CellRef]:
    refs: dict[Spot, CellRef] = {}
    for field in fields:
        for ref in field.cells:
            refs.setdefault(spot(ref), ref)
    return list(refs.values())

"""X11: the budgets of the projects add up, for each function, to its project expenditure.

A goal table does not print its function's code, so the projects are dealt out: is there a way to give
every project to one code such that all codes come out, in total and in what the general budget pays?
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shenbao.mapping.equations import Fact, facts_of
from shenbao.mapping.verdicts import Identity, Verdict, amount, of_identity
from shenbao.models.document import Field, Record

_TITLE = "项目预算数之和 = 功能科目项目支出"
_STEPS = 20_000
"""Attempts after which the question is left open."""
_COLUMN = "项目支出"
_LEAF = re.compile(r"\d{7}")

Amounts = tuple[Decimal, Decimal]
"""All of it, and the part that the general budget pays."""


@dataclass(frozen=True)
class Share:
    """A code or project with its amounts; `field` holds the total."""

    code: str
    field: Field
    amounts: Amounts


def function_verdicts(records: Sequence[Record]) -> Iterator[Verdict]:
    """One verdict for each code with project expenditure, or a single open one.

    Where the projects cannot be dealt out, but could if one certain code were left aside, that code fails.
    Where several codes could be the wrong one, or none alone, nothing is said of any of them.
    """
    facts = facts_of(records)
    codes, projects = _codes(facts), _projects(records)
    if not codes or not projects:
        return
    owner = next(fact.owner for fact in facts["expenditure_summary"])
    dealt = _dealt(projects, codes)
    failed = "" if dealt is not None else _only_wrong(projects, codes)
    if failed:
        dealt = _dealt(projects, [code for code in codes if code.code != failed], rest=failed)
    if dealt is None:
        fields = tuple(share.field for share in codes)
        yield Verdict("X11", _TITLE, "hard", None, owner, fields=fields)
        return
    for code in codes:
        identity = Identity((code.field,), tuple(p.field for p in projects if dealt[id(p)] == code.code))
        yield of_identity("X11", _TITLE, "hard", owner, identity, code.code)


def _codes(facts: Mapping[str, Sequence[Fact]]) -> list[Share]:
    """The codes at the bottom of the tree that have project expenditure."""
    totals = _by_code(facts.get("expenditure_summary", ()))
    general = _by_code(facts.get("func_expenditure", ()))
    found = []
    for code, field in totals.items():
        total, paid = amount(field), amount(general[code]) if code in general else Decimal(0)
        if total is None or paid is None:
            return []
        if total:
            found.append(Share(code, field, (total, paid)))
    return found


def _by_code(facts: Sequence[Fact]) -> dict[str, Field]:
    """Project expenditure by code; nothing where the statement stands in the document more than once."""
    own = [fact for fact in facts if fact.column == _COLUMN and _LEAF.fullmatch(fact.code)]
    return {f.code: f.field for f in own} if len({fact.owner for fact in own}) == 1 else {}


def _projects(records: Sequence[Record]) -> list[Share]:
    """The projects, dearest first; none where one of them has no readable budget."""
    found = []
    for record in records:
        if record.family != "goal_hebei_7col":
            continue
        total, paid = record.fields.get("budget_total"), record.fields.get("budget_fiscal")
        whole, part = amount(total), amount(paid)
        if total is None or not total.value or whole is None or part is None:
            return []
        found.append(Share("", total, (whole, part)))
    return sorted(found, key=lambda share: share.amounts, reverse=True)


Dealt = dict[int, str]
"""The code of each project, by the project's identity."""


def _only_wrong(projects: Sequence[Share], codes: Sequence[Share]) -> str:
    """The only code without which the others come out; "" where there is none, or more than one."""
    alone = [
        code.code
        for code in codes
        if _dealt(projects, [other for other in codes if other is not code], rest=code.code) is not None
    ]
    return alone[0] if len(alone) == 1 else ""


def _dealt(projects: Sequence[Share], codes: Sequence[Share], rest: str | None = None) -> Dealt | None:
    """Every project given to a code, or to `rest` where one is named, such that all codes come out."""
    dealing = _Dealing(projects, {code.code: code.amounts for code in codes}, rest)
    return dealing.result if dealing.deal(0) else None


class _Dealing:
    """A search in depth, the projects in their order, which does not go twice where nothing was found."""

    def __init__(self, projects: Sequence[Share], left: dict[str, Amounts], rest: str | None) -> None:
        """`left` is what each code still lacks."""
        self._projects = projects
        self._left = left
        self._rest = rest
        self._dead: set[tuple[int, tuple[Amounts, ...]]] = set()
        self.result: Dealt = {}

    def deal(self, number: int) -> bool:
        """Whether the projects from `number` on can be dealt out; then `result` says how."""
        if number == len(self._projects):
            return not any(lacking for amounts in self._left.values() for lacking in amounts)
        state = (number, tuple(self._left.values()))
        if state in self._dead or len(self._dead) > _STEPS:
            return False
        project = self._projects[number]
        for code, lacks in list(self._left.items()):
            if _fits(project.amounts, lacks):
                self._left[code] = (lacks[0] - project.amounts[0], lacks[1] - project.amounts[1])
                self.result[id(project)] = code
                if self.deal(number + 1):
                    return True
                self._left[code] = lacks
        if self._rest is not None:
            self.result[id(project)] = self._rest
            if self.deal(number + 1):
                return True
        self._dead.add(state)
        return False


def _fits(amounts: Amounts, lacks: Amounts) -> bool:
    """Whether the project is no more than the code lacks, in either part of its money."""
    (whole, part), (total, paid) = amounts, lacks
    return part <= paid and whole - part <= total - paid

"""Sums that the rules data ask for, found in the records of a document."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shenbao.mapping.folding import fold, label_forms
from shenbao.mapping.lines import is_numeric
from shenbao.mapping.rules import Equation, Selector
from shenbao.mapping.verdicts import Identity, Verdict, decimal, of_identity
from shenbao.models.document import BudgetLine, Field, Record

_FIELD = -1


@dataclass(frozen=True)
class Fact:
    """An amount of a record: its key, or its line's number, code and folded name and its column's path.

    The name of a line without one is the first words in it (`合计` in a column of projects).
    """

    owner: int
    line: int
    code: str
    name: str
    column: str
    field: Field


Group = tuple[object, ...]


def facts_of(records: Sequence[Record]) -> dict[str, list[Fact]]:
    """All amounts of a document by family, in order."""
    facts: dict[str, list[Fact]] = {}
    for owner, record in enumerate(records):
        own = facts.setdefault(record.family, [])
        own += [Fact(owner, _FIELD, "", "", key, field) for key, field in record.fields.items()]
        own += [fact for number, line in enumerate(record.lines) for fact in _of_line(owner, number, line)]
    return facts


def _of_line(owner: int, number: int, line: BudgetLine) -> Iterator[Fact]:
    code = line.code.value if line.code else ""
    name = fold(line.name.text) if line.name else ""
    name = name or next((text for f in line.amounts.values() if decimal(text := fold(f.text)) is None), "")
    for column, field in line.amounts.items():
        yield Fact(owner, number, code, name, column, field)


def equation_verdicts(records: Sequence[Record], equations: Sequence[Equation]) -> Iterator[Verdict]:
    """What every equation says of the document; nothing where its families are not there."""
    facts = facts_of(records)
    for equation in equations:
        if equation.left.family in facts and equation.right.family in facts:
            yield from _verdicts(equation, facts)


def _verdicts(equation: Equation, facts: dict[str, list[Fact]]) -> Iterator[Verdict]:
    left = _grouped(equation, equation.left, facts[equation.left.family])
    right = _grouped(equation, equation.right, facts[equation.right.family])
    for group, totals in left.items():
        parts = _ordered(equation, totals, right.get(group, []))
        identity = Identity(_fields(totals), _fields(parts), equation.relation)
        if not parts or identity.blank:
            continue
        if identity.known and _complete(equation, identity):
            where = "" if not group else _where(equation, totals[0])
            yield of_identity(
                equation.rule, equation.title, equation.severity, totals[0].owner, identity, where
            )
        elif equation.by == "record":
            yield Verdict(
                equation.rule,
                equation.title,
                equation.severity,
                None,
                totals[0].owner,
                fields=identity.fields,
            )


def _complete(equation: Equation, identity: Identity) -> bool:
    """A total without any part printed was not broken down; it says nothing."""
    return equation.by != "record" or any(field.value for field in identity.right)


def _grouped(equation: Equation, selector: Selector, facts: Sequence[Fact]) -> dict[Group, list[Fact]]:
    own = [fact for fact in facts if chosen(selector, fact)]
    if equation.crosses and not selector.every and len({fact.owner for fact in own}) > 1:
        return {}
    groups: dict[Group, list[Fact]] = {}
    for fact in own:
        groups.setdefault(_group(equation, fact), []).append(fact)
    return groups


def chosen(selector: Selector, fact: Fact) -> bool:
    """Whether an amount is of what the selector asks for."""
    if selector.fields:
        return fact.line == _FIELD and fact.column in selector.fields
    wanted = ((selector.names, fact.name), (selector.codes, fact.code), (selector.columns, fact.column))
    return (
        fact.line != _FIELD
        and is_numeric(fact.column)
        and all(pattern is None or re.fullmatch(pattern, text) is not None for pattern, text in wanted)
    )


def _group(equation: Equation, fact: Fact) -> Group:
    owner = () if equation.crosses else (fact.owner,)
    if equation.by == "row":
        return *owner, fact.line
    if equation.by == "column":
        return *owner, fact.column
    if equation.by == "code":
        return *owner, fact.code
    if equation.by == "name":
        return *owner, label_forms(fact.name)[-1] if fact.name else ""
    return owner


def _ordered(equation: Equation, totals: Sequence[Fact], parts: Sequence[Fact]) -> list[Fact]:
    line = totals[0].line
    if equation.order == "above":
        return [part for part in parts if part.line < line]
    if equation.order == "below":
        return [part for part in parts if part.line > line]
    return list(parts)


def _fields(facts: Sequence[Fact]) -> tuple[Field, ...]:
    return tuple(fact.field for fact in facts)


def _where(equation: Equation, fact: Fact) -> str:
    named = {
        "row": f"{fact.code}{fact.name}",
        "column": fact.column,
        "code": fact.code or fact.name,
        "name": fact.name,
    }
    return named.get(equation.by, "")

"""Goal tables joined to the lines of other tables that speak of the same project."""

import re
from collections.abc import Iterator, Mapping, Sequence

from shenbao.mapping.equations import facts_of
from shenbao.mapping.folding import fold
from shenbao.mapping.procurement_checks import column
from shenbao.mapping.vocabulary import Vocabulary
from shenbao.models.document import BudgetLine, CellRef, Field, Link, Record

_ALIKE = 0.85
"""Least similarity of two spellings of one project's name."""
_GOALS = ("goal_hebei_7col", "goal_hebei_6col", "project_declaration")
_STATEMENT = "expenditure_summary"


def linked(records: Sequence[Record], vocabulary: Vocabulary) -> list[Record]:
    """The records, each goal table with its links.

    A procurement line belongs to the goal table whose project name it bears, or nearly bears while no
    other project's does. Nothing is linked to a statement that stands in the document more than once.
    """
    goals = {i: name for i, r in enumerate(records) if r.family in _GOALS and (name := _project(r))}
    names = vocabulary.names({str(i): (name,) for i, name in goals.items() if _alone(name, goals)})
    procured: dict[int, list[CellRef]] = {}
    for line, label in _procurement(records):
        match = names.match(label.text, _ALIKE)
        if match is not None and match.decided:
            procured.setdefault(int(match.name), []).extend(_cells(line))
    whole = list(_project_expenditure(records))
    result = []
    for number, record in enumerate(records):
        links = [Link(kind="procurement", cells=procured[number])] if number in procured else []
        if number in goals and whole and record.fields.get("budget_total") is not None:
            links.append(Link(kind="project_expenditure", cells=whole))
        result.append(record.model_copy(update={"links": links}) if links else record)
    return result


def _alone(name: str, goals: Mapping[int, str]) -> bool:
    return sum(name == other for other in goals.values()) == 1


def _project(record: Record) -> str:
    name = record.fields.get("project_name")
    return fold(name.value) if name is not None else ""


def _procurement(records: Sequence[Record]) -> Iterator[tuple[BudgetLine, Field]]:
    for record in records:
        for line in record.lines if record.family == "gov_procurement" else ():
            label = column(line, "(.*/)?项目名称")
            if label is not None and label.text.strip():
                yield line, label


def _cells(line: BudgetLine) -> list[CellRef]:
    fields = [line.code, line.name, *line.amounts.values()]
    return list({(c.table, c.row, c.col): c for f in fields if f is not None for c in f.cells}.values())


def _project_expenditure(records: Sequence[Record]) -> Iterator[CellRef]:
    if sum(record.family == _STATEMENT for record in records) != 1:
        return
    for fact in facts_of(records)[_STATEMENT]:
        if fact.column == "项目支出" and not fact.code and re.fullmatch("[合总]计", fact.name):
            yield from fact.field.cells

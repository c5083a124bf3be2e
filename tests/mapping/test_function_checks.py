"""X11: projects dealt out to the functions whose project expenditure they make up."""

from decimal import Decimal

from shenbao.mapping.function_checks import function_verdicts
from shenbao.mapping.verdicts import Verdict
from shenbao.models.document import BudgetLine, CellRef, Field, Record


def field(name: str, value: str, row: int, table: str) -> Field:
    cells = [CellRef(table=table, row=row, col=1)]
    return Field(
        name=name, label=name, text=value, value=value, confidence=0.99, status="accepted", cells=cells
    )


def statement(family: str, amounts: dict[str, str]) -> Record:
    lines = [
        BudgetLine(
            code=field("编码", code, row, family),
            name=None,
            amounts={"项目支出": field("项目支出", value, row, family)},
        )
        for row, (code, value) in enumerate(amounts.items())
    ]
    return Record(family=family, tables=[family], fields={}, lines=lines)


def projects(*budgets: tuple[str, str]) -> list[Record]:
    return [
        Record(
            family="goal_hebei_7col",
            tables=[f"g{number}"],
            fields={
                "budget_total": field("预算数", total, 0, f"g{number}"),
                "budget_fiscal": field("财政资金", fiscal, 1, f"g{number}"),
            },
        )
        for number, (total, fiscal) in enumerate(budgets)
    ]


TOTALS = {"204": "40.00", "2040604": "13.70", "2040607": "26.30"}
GENERAL = {"2040604": "13.70", "2040607": "6.30"}
BUDGETS = (("8.70", "8.70"), ("5.00", "5.00"), ("6.30", "6.30"), ("20.00", ""))


def verdicts(totals: dict[str, str], *budgets: tuple[str, str]) -> list[Verdict]:
    records = [statement("expenditure_summary", totals), statement("func_expenditure", GENERAL)]
    return list(function_verdicts([*records, *projects(*budgets)]))


def test_projects_that_make_up_the_functions() -> None:
    found = verdicts(TOTALS, *BUDGETS)
    assert [(v.where, v.good) for v in found] == [("2040604", True), ("2040607", True)]
    parts = {v.where: [f.value for f in v.identity.right] for v in found if v.identity}
    assert parts == {"2040604": ["8.70", "5.00"], "2040607": ["20.00", "6.30"]}


def test_the_function_that_does_not_come_out_is_named() -> None:
    found = {v.where: v for v in verdicts(TOTALS, *BUDGETS[:3], ("29.00", ""))}
    assert (found["2040604"].good, found["2040607"].good) == (True, False)
    identity = found["2040607"].identity
    assert identity is not None and identity.sides() == (Decimal("26.30"), Decimal("35.30"))


def test_where_several_functions_could_be_wrong_none_is_accused() -> None:
    assert [v.good for v in verdicts(TOTALS, ("1.00", "1.00"))] == [None]


def test_nothing_is_said_without_both_sides() -> None:
    assert verdicts({"204": "40.00"}, *BUDGETS) == []
    assert verdicts(TOTALS) == []
    assert verdicts(TOTALS, ("八元", "")) == []


def test_very_many_alike_projects_do_not_take_forever() -> None:
    many = [("1.01", "1.01")] * 12 + [("1.03", "1.03")] * 12
    assert [v.good for v in verdicts({"2040604": "13.70", "2040607": "99.37"}, *many)] == [None]

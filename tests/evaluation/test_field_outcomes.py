"""Which fields count as right beside the truth."""

from typing import Any

import pytest

from shenbao.evaluation.field_outcomes import field_outcomes
from shenbao.models.document import (
    BudgetLine,
    Cell,
    CellRef,
    Document,
    Field,
    Indicator,
    Record,
    Source,
    Table,
)


def field(text: str, value: str | None = None, at: tuple[int, int] = (0, 0)) -> Field:
    return Field(
        name="", label="", text=text, value=text if value is None else value, confidence=0.9,
        status="accepted", cells=[CellRef(table="t1", row=at[0], col=at[1])],
    )  # fmt: skip


def document(record: dict[str, Any], cells: tuple[str, ...] = ("x",)) -> Document:
    table = Table(
        id="t1", title="", captions=[], pages=[1], n_rows=1, n_cols=len(cells), header_rows=[],
        cells=[Cell(row=0, col=c, text=text, confidence=0.9) for c, text in enumerate(cells)],
    )  # fmt: skip
    return Document(
        status="complete",
        source=Source(name="a.png", sha256="0" * 64, kind="image/png", page_count=1),
        pages=[],
        tables=[table],
        records=[Record.model_validate({"family": "x", "tables": ["t1"], "fields": {}, **record})],
    )


def truth(**more: Any) -> dict[str, Any]:
    cells = [
        {"r": 0, "c": c, "rs": 1, "cs": 1, "text": text} for c, text in enumerate(more.pop("cells", "x"))
    ]
    return {"tables": [{"cells": cells, "n_rows": 1}], "fields": {}, "indicators": [], **more}


def judged(true: dict[str, Any], found: Document) -> list[tuple[str, bool]]:
    return [(o.placed.part, o.right) for o in field_outcomes(true, found)]


@pytest.mark.parametrize(
    ("text", "value", "want", "right"),
    [
        ("1,000.00", "1000.00", "1000", True),
        ("97.5", "97.5", "97,5", False),
        ("朝阳县司法局", None, "朝阳县 司法局", True),
        ("朝阳县司法局", None, "朝阳市司法局", False),
        ("O12", "012", "012", True),
        ("", None, "", True),
    ],
)
def test_a_field_is_right_as_printed_or_in_normal_form(
    text: str, value: str | None, want: str, right: bool
) -> None:
    found = document({"fields": {"a": field(text, value)}})
    assert judged(truth(fields={"a": want}), found) == [("field", right)]


def test_a_field_that_the_truth_does_not_name_is_not_judged() -> None:
    assert judged(truth(), document({"fields": {"a": field("1")}})) == []


def row(level3: str, value: str = "5", **more: str) -> dict[str, str]:
    return {
        "level1": "产出指标",
        "level2": "数量指标",
        "level3": level3,
        "operator": "",
        "value": value,
        "unit": "个",
    } | more


def indicator(**parts: str) -> Indicator:
    return Indicator.model_validate({name: field(text) for name, text in parts.items()})


def test_every_part_of_an_indicator_is_judged() -> None:
    have = row("案件", value="6")
    found = judged(truth(indicators=[row("案件")]), document({"indicators": [indicator(**have)]}))
    assert dict(found) == {
        "level1": True, "level2": True, "level3": True, "operator": True, "value": False, "unit": True,
    }  # fmt: skip


def test_no_operator_says_equal_and_percent_may_be_a_word() -> None:
    have = row("案件", operator="=", unit="百分比")
    found = judged(truth(indicators=[row("案件", unit="%")]), document({"indicators": [indicator(**have)]}))
    assert all(right for _, right in found)


def test_an_operator_that_differs_is_wrong() -> None:
    have = row("案件", operator=">")
    found = judged(
        truth(indicators=[row("案件", operator="≥")]), document({"indicators": [indicator(**have)]})
    )
    assert [part for part, right in found if not right] == ["operator"]


def test_a_lost_indicator_does_not_shift_the_others() -> None:
    wanted = [row("甲"), row("乙", value="7"), row("丙", value="8")]
    have = [indicator(**wanted[0]), indicator(**wanted[2])]
    assert all(right for _, right in judged(truth(indicators=wanted), document({"indicators": have})))


def test_an_indicator_that_is_not_there_is_wrong_in_every_part() -> None:
    extra = indicator(level1="资金", level2="备注", level3="无", operator="-", value="无", unit="无")
    have = [indicator(**row("甲")), extra]
    found = judged(truth(indicators=[row("甲")]), document({"indicators": have}))
    assert [right for _, right in found] == [True] * 6 + [False] * 6


def test_a_line_is_right_where_its_cells_are() -> None:
    line = BudgetLine(
        code=field("201", at=(0, 0)), name=field("办公贵", at=(0, 1)), amounts={"合计": field("5", at=(0, 2))}
    )
    found = document({"lines": [line]}, ("201", "办公贵", "5"))
    assert judged(truth(cells=("201", "办公费", "5")), found) == [
        ("code", True),
        ("name", False),
        ("amount", True),
    ]

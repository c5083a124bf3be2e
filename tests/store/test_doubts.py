"""What kind of thing stands in a place: money is looked at first, so nothing else may be called so."""

import pytest

from shenbao.mapping.vocabulary import load_vocabulary
from shenbao.models.document import (
    BudgetLine,
    Cell,
    CellRef,
    Document,
    Engine,
    Field,
    Record,
    Source,
    Table,
)
from shenbao.store.doubts import rank_of, spots_of

COLUMNS = {
    "本年收入/小计": ("845.44", "money"),
    "支出/预算数": ("", "money"),
    "单价": ("l2.50", "money"),
    "数量": ("12", "number"),
    "计量单位": ("台", "words"),
    "完成时限": ("2021年12月", "words"),
    "对应项目": ("", "words"),
    "支出/功能科目编码": ("2040610", "code"),
    "移": ("1,204.00", "money"),
    "顶": ("2040610", "number"),
}
"""Column by its headers -> a cell's text, and its kind."""


def field(name: str, text: str, col: int) -> Field:
    return Field(
        name=name,
        label=name,
        text=text,
        value=text,
        confidence=0.5,
        status="review",
        cells=[CellRef(table="t1", row=1, col=col)],
    )


def document() -> Document:
    texts = {"code": "2040610", "name": "社区矫正", **{name: text for name, (text, _) in COLUMNS.items()}}
    fields = {name: field(name, text, col) for col, (name, text) in enumerate(texts.items())}
    cells = [
        Cell(row=1, col=col, text=text, confidence=0.5, regions=[]) for col, text in enumerate(texts.values())
    ]
    line = BudgetLine(code=fields.pop("code"), name=fields.pop("name"), amounts=fields)
    return Document(
        status="complete",
        source=Source(name="a.png", sha256="0" * 64, kind="image/png", page_count=1),
        pages=[],
        tables=[
            Table(
                id="t1",
                title="收入预算表",
                captions=[],
                pages=[1],
                n_rows=2,
                n_cols=len(texts),
                header_rows=[0],
                cells=cells,
            )
        ],
        records=[Record(family="income_summary", tables=["t1"], fields={}, lines=[line])],
        errors=[],
        engine=Engine(name="none", version="0", models={}),
    )


@pytest.mark.parametrize(
    ("col", "kind"), list(enumerate(["code", "name", *(kind for _, kind in COLUMNS.values())]))
)
def test_kinds_of_a_budget_line(col: int, kind: str) -> None:
    spots = spots_of(document(), 0.96, load_vocabulary())
    assert spots["t1", 1, col].kind == kind


def test_money_comes_first() -> None:
    spots = spots_of(document(), 0.96, load_vocabulary()).values()
    ranked = sorted(spots, key=rank_of)
    assert {spot.kind for spot in ranked[:4]} == {"money"}
    assert "money" not in {spot.kind for spot in ranked[4:]}

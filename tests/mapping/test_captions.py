"""The unit of money in the print above a table, read well or badly."""

from collections.abc import Callable

import pytest

from shenbao.mapping.captions import money_unit, unit_in_brackets
from shenbao.mapping.vocabulary import Vocabulary
from shenbao.models.document import Record, Table

Draw = Callable[..., Table]
Map = Callable[..., Record]


@pytest.mark.parametrize(
    ("caption", "unit"),
    [("单位：万元", "万元"), ("金额单位：元", "元"), ("单位: 人民币万元", "万元"), ("单位：亿元", "亿元"),
     ("单位：方元", "万元"), ("单位：力元", "万元"), ("单位：万无", "万元"), ("单拉：万元", "万元"),
     ("预算年度：2024 单位：方元", "万元"), ("单位：忆元", "亿元"),
     ("单位：无", None), ("填报单位：元谋县教育局", None), ("填报单位：无锡市财政局", None),
     ("填报单位：万元镇政府", None), ("单位：人", None)],
)  # fmt: skip
def test_the_unit_of_a_caption(vocabulary: Vocabulary, draw: Draw, caption: str, unit: str | None) -> None:
    assert money_unit(draw("a | b", "表", (caption,)), [], vocabulary) == unit


def test_a_unit_read_well_counts_before_one_read_badly(vocabulary: Vocabulary, draw: Draw) -> None:
    assert money_unit(draw("a | b", "表", ("单位：忆元", "单位：万元")), [], vocabulary) == "万元"


@pytest.mark.parametrize(
    ("inside", "unit"),
    [("万元", "万元"), ("单位:元", "元"), ("方元", "万元"), ("万兀", "万元"), ("无", None), ("个", None)],
)
def test_the_unit_in_the_brackets_of_a_label(vocabulary: Vocabulary, inside: str, unit: str | None) -> None:
    assert unit_in_brackets(inside, vocabulary) == unit


def test_amounts_keep_their_unit_below_a_misread_caption(draw: Draw, map_table: Map) -> None:
    table = draw(
        """
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        205      | 教育支出 | 11.50 | 8.00    | 3.50
        """,
        "一般公共预算财政拨款支出表",
        ("单位：方元",),
    )
    assert {f.unit for f in map_table(table).lines[0].amounts.values()} == {"万元"}


def test_a_label_and_its_value_found_as_two_lines(draw: Draw, map_table: Map) -> None:
    record = map_table(
        draw("项目名称 | 清淤", "项目支出绩效目标申报表", ("填报单位：", "水务局", "2023年度"))
    )
    assert record.fields["reporting_unit"].value == "水务局"
    assert record.fields["budget_year"].value == "2023"


def test_a_label_without_a_colon_and_its_value_beside_it(draw: Draw, map_table: Map) -> None:
    captions = ("填报单位（盖章）", "水务局", "2023年度", "金额单位", "万元")
    record = map_table(draw("项目名称 | 清淤\n年度资金总额 | 5", "项目支出绩效目标申报表", captions))
    assert record.fields["reporting_unit"].value == "水务局"
    assert record.fields["budget_year"].value == "2023"
    assert record.fields["budget_total"].unit == "万元"


def test_a_label_without_a_value_takes_no_other_label(draw: Draw, map_table: Map) -> None:
    captions = ("填报单位", "金额单位", "2023年度", "单位：元")
    record = map_table(draw("项目名称 | 清淤", "项目支出绩效目标申报表", captions))
    assert "reporting_unit" not in record.fields

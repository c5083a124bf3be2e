from collections.abc import Callable

import pytest

from shenbao.mapping.confidence import after_checks, combined, known_name, placing
from shenbao.mapping.families import Family
from shenbao.mapping.matching import Match
from shenbao.mapping.records import build_records
from shenbao.mapping.vocabulary import Vocabulary
from shenbao.models.document import Candidate, Record, Table, Text

Draw = Callable[..., Table]
Map = Callable[..., Record]

SIX = """
绩效目标 | 1.保持干净 | < | < | < | <
一级指标 | 二级指标 | 三级指标 | 绩效指标描述 | 指标值 | 指标值确定依据
产出指标 | 数量指标 | 清运次数 | 反映次数 | ≥1次 | 合同
 | 数量指标 | 巡检次数 | 反映次数 | {value} | 合同
效果指标 | 社会效益指标 | 合格 | 反映管理 | 合格 |
"""


def test_one_cell_gives_three_fields_that_share_it(draw: Draw, map_table: Map) -> None:
    item = map_table(draw(SIX.format(value="≥ 95 百分比"), "1、机关绩效目标表")).indicators[1]
    assert item.operator and item.value and item.unit
    assert (item.operator.text, item.value.text, item.unit.text) == ("≥", "95", "百分比")
    assert item.unit.value == "%"
    assert item.operator.cells == item.value.cells == item.unit.cells
    assert item.deadline is None


def test_a_blank_level_goes_on_and_an_alias_keeps_its_print(draw: Draw, map_table: Map) -> None:
    items = map_table(draw(SIX.format(value="2次"), "1、机关绩效目标表")).indicators
    assert [i.level1.text for i in items if i.level1] == ["产出指标", "产出指标", "效果指标"]
    assert [i.level1.value for i in items if i.level1] == ["产出指标", "产出指标", "效益指标"]
    assert items[2].basis is not None and items[2].basis.text == ""
    assert all(i.level1 is not None and i.level1.status == "accepted" for i in items)


def test_confidence_comes_from_the_cells(draw: Draw, map_table: Map) -> None:
    table = draw(SIX.format(value="2次"), "1、机关绩效目标表", confidence=0.9)
    item = map_table(table).indicators[0]
    assert item.value is not None
    assert item.value.confidence == pytest.approx(0.9)
    assert item.value.status == "review"
    assert item.value.reasons


def test_a_near_name_is_named_but_reviewed(draw: Draw, map_table: Map) -> None:
    table = draw(SIX.format(value="2次").replace("社会效益指标", "社会效溢指标"), "1、机关绩效目标表")
    level2 = map_table(table).indicators[2].level2
    assert level2 is not None
    assert (level2.text, level2.value, level2.status) == ("社会效溢指标", "社会效益指标", "review")
    assert "社会效溢指标" in level2.reasons[0]


def test_a_value_the_grammar_cannot_place_is_kept_and_flagged(draw: Draw, map_table: Map) -> None:
    value = map_table(draw(SIX.format(value="≥O5%"), "1、机关绩效目标表")).indicators[1].value
    assert value is not None
    assert (value.text, value.status) == ("≥O5%", "review")


def test_the_name_in_the_title_and_the_lines_above(draw: Draw, map_table: Map) -> None:
    captions = ("填报单位（盖章）：某司法局 预算年度：2023", "单位：万元")
    texts = tuple(
        Text(text=text, confidence=0.99, polygon=((0, 0), (1, 0), (1, 1), (0, 1)))
        for text in (*captions, "1、机关经费绩效目标表")
    )
    fields = map_table(draw(SIX.format(value="1"), "1、机关经费绩效目标表", captions), texts).fields
    assert fields["project_name"].value == "机关经费"
    assert fields["reporting_unit"].value == "某司法局"
    assert fields["budget_year"].value == "2023"
    assert fields["reporting_unit"].status == "accepted"


def test_print_without_a_confidence_goes_to_review(draw: Draw, map_table: Map) -> None:
    fields = map_table(draw(SIX.format(value="1"), "1、机关经费绩效目标表")).fields
    assert fields["project_name"].status == "review"


def test_words_in_the_unit_column_are_the_value(draw: Draw, map_table: Map) -> None:
    table = draw(
        """
        一级指标 | 二级指标 | 三级指标 | 指标值 | < | < | 指标值确定依据
        ^ | ^ | ^ | 符号 | 值 | 单位 | ^
        部门产出 | 数量 | 次数 | ≥ | 5 | 次 | 计划
        部门效果 | 满意度 | 机关满意 | 文字描述 | | 满意 | 计划
        """,
        "部门整体支出绩效指标",
    )
    first, second = map_table(table).indicators
    assert first.value and first.level1 and first.level2 and second.value and second.unit and second.operator
    assert (first.level1.value, first.level2.value, first.value.value) == ("部门产出", "数量", "5")
    assert (second.value.text, second.unit.text, second.operator.value) == ("满意", "", "")
    assert second.value.reasons


def test_shifted_rows_and_other_columns_do_not_matter(draw: Draw, map_table: Map) -> None:
    """The same words elsewhere in the grid give the same record: nothing hangs on row or column numbers."""
    moved = draw(
        """
        备注 | | 说明 |
        联系人 | 王某 | 预算数 | 12.00
        三级指标 | 一级指标 | 二级指标 | 指标值
        清运次数 | 产出指标 | 数量指标 | ≥1次
        """
    )
    record = map_table(moved)
    assert record.fields["budget_total"].value == "12"
    item = record.indicators[0]
    assert item.level3 and item.level1 and (item.level3.text, item.level1.value) == ("清运次数", "产出指标")


def test_empty_and_odd_tables_do_not_fail(draw: Draw, map_table: Map) -> None:
    for drawing in ("a", "|", "一级指标 | 二级指标 | 三级指标", "合计 | 1.00"):
        record = map_table(draw(drawing))
        assert record.indicators == []


def test_combined_confidence_is_a_probability() -> None:
    assert combined([0.9, 0.99], [0.5]) == pytest.approx(0.45)
    assert combined([]) == 0.5
    assert placing(Match("a", 1.0)) == 1.0
    assert placing(Match("a", 0.75, "b", 0.75, decided=False)) < 0.5
    assert 0.75 < placing(Match("a", 0.75, "b", 0.25)) < 1.0


def test_candidates_of_a_level_cell_decide_between_rivals(draw: Draw, map_table: Map) -> None:
    table = draw(SIX.format(value="2次"), "1、机关绩效目标表")
    cells = [
        cell.model_copy(
            update={"text": "口量指标", "candidates": [Candidate(text="质量指标", probability=0.2)]}
        )
        if (cell.row, cell.col) == (2, 1)
        else cell
        for cell in table.cells
    ]
    level2 = map_table(table.model_copy(update={"cells": cells})).indicators[0].level2
    assert level2 is not None
    assert (level2.text, level2.value, level2.status) == ("口量指标", "质量指标", "review")


def test_department_and_year_of_a_document(
    draw: Draw, vocabulary: Vocabulary, families: tuple[Family, ...]
) -> None:
    form = SIX.format(value="2次")
    tables = [
        draw(form, f"{i}、机关绩效目标表", captions).model_copy(update={"id": f"t{i}"})
        for i, captions in enumerate([("（2021年度）", "填报单位：某县司法局"), (), ()], start=1)
    ]
    records = build_records(tables, [], vocabulary, families, 0.98)
    for record in records[1:]:
        for key, value in (("budget_year", "2021"), ("reporting_unit", "某县司法局")):
            field = record.fields[key]
            assert field.value == value
            assert field.confidence < records[0].fields[key].confidence
            assert field.status == "review"
            assert any("同一文件" in reason for reason in field.reasons)


def test_tables_that_disagree_share_nothing(
    draw: Draw, vocabulary: Vocabulary, families: tuple[Family, ...]
) -> None:
    form = SIX.format(value="2次")
    tables = [
        draw(form, "1、机关绩效目标表", captions).model_copy(update={"id": f"t{i}"})
        for i, captions in enumerate([("（2021年度）",), ("（2022年度）",), ()])
    ]
    records = build_records(tables, [], vocabulary, families, 0.98)
    assert "budget_year" not in records[2].fields


def test_checks_move_confidence_by_odds() -> None:
    assert after_checks(0.99, [], 0) == pytest.approx(0.99)
    assert after_checks(0.99, [], 1) == pytest.approx(0.9975, abs=1e-4)
    assert after_checks(0.99, [], 2) == after_checks(0.99, [], 9) > after_checks(0.99, [], 1)
    assert after_checks(1.0, [], 3) == 1.0
    one, two = after_checks(0.99, [[0.99] * 4], 0), after_checks(0.99, [[0.99] * 4] * 2, 0)
    assert 0.8 < one < 0.9 and two < 0.4
    doubtful_neighbour = after_checks(0.99, [[0.99, 0.5]], 0)
    assert doubtful_neighbour > one, "the failure is the doubtful one's"


TWO_YEARS = """
项目名称 | < | 校舍维修 | < | < | <
项目资金（万元） | < | 中期资金总额： | {term} | 年度资金总额： | {year}
^ | ^ | 其中：财政拨款 | {term} | 其中：财政拨款 | {year}
^ | ^ | 其他资金 | 0 | 其他资金 | 0
"""


def test_parts_of_the_year_stand_under_its_total(draw: Draw, map_table: Map) -> None:
    """The same labels stand under the sum of the whole term; the year's count."""
    record = map_table(draw(TWO_YEARS.format(term="18.31", year="5"), "项目支出绩效目标申报表"))
    assert record.family == "project_declaration"
    assert record.fields["budget_total"].value == record.fields["budget_fiscal"].value == "5"
    assert record.fields["budget_fiscal"].cells[0].col == record.fields["budget_total"].cells[0].col == 5
    assert record.fields["budget_term_total"].value == "18.31"
    assert [c.status for c in record.checks if c.rule == "L6"] == ["pass"]


@pytest.mark.parametrize(("confidence", "value"), [(1.0, "社会综合效益指标"), (0.6, "社会效益指标")])
def test_a_longer_name_surely_read_is_another_name(
    draw: Draw, map_table: Map, confidence: float, value: str
) -> None:
    form = SIX.format(value="2次").replace("社会效益指标", "社会综合效益指标")
    level2 = map_table(draw(form, "1、机关绩效目标表", confidence=confidence)).indicators[2].level2
    assert level2 is not None
    assert (level2.text, level2.value, level2.status) == ("社会综合效益指标", value, "review")


def test_a_name_of_a_closed_list_is_surer_than_its_cell(draw: Draw, map_table: Map) -> None:
    table = draw(SIX.format(value="2次"), "1、机关绩效目标表", confidence=0.9)
    item = map_table(table).indicators[0]
    assert item.level2 is not None and item.level3 is not None
    assert item.level2.confidence == pytest.approx(known_name(0.9))
    assert item.level2.confidence > item.level3.confidence
    assert known_name(1.0) == 1.0 and known_name(0.0) == 0.0


PARTS = """
一级指标 | 二级指标 | 三级指标 | 运算符号 | 内容 | 度量单位
产出指标 | 数量指标 | 件数 | ≥ | 5 |
^ | 质量指标 | 程度 | | 效果明显 |
"""


def test_a_number_without_its_unit_is_looked_at(draw: Draw, map_table: Map) -> None:
    number, words = map_table(draw(PARTS, "项目绩效目标申报表")).indicators
    assert number.unit is not None and words.unit is not None
    assert (number.unit.text, number.unit.status) == ("", "review")
    assert number.unit.reasons == ["数值旁没有单位"]
    assert words.unit.status == "accepted"


def test_a_number_column_with_a_smudged_header_is_no_amount(draw: Draw, map_table: Map) -> None:
    table = draw(
        """
        1序号11 | 科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        1 |     | 合计 | 9.00 | 5.00 | 4.00
        2 | 204 | 公共安全支出 | 9.00 | 5.00 | 4.00
        3 | 20406 | 司法 | 9.00 | 5.00 | 4.00
        """,
        "一般公共预算财政拨款支出表",
    )
    record = map_table(table)
    assert list(record.lines[0].amounts) == ["合计", "基本支出", "项目支出"]
    assert {c.rule for c in record.checks if c.status == "pass"} >= {"B4", "B5", "B6", "B8"}
    assert not [c for c in record.checks if c.status == "fail"]


def test_an_unknown_level_is_no_wrong_pair(draw: Draw, map_table: Map) -> None:
    form = SIX.format(value="2次").replace("社会效益指标", "治理成效指数")
    record = map_table(draw(form, "1、机关绩效目标表"))
    assert [c.status for c in record.checks if c.rule == "G4"] == ["pass"]


def test_a_header_between_specks_still_heads_its_column(draw: Draw, map_table: Map) -> None:
    table = draw(
        """
        一级指标 | 二级指标 | 三级指标 | 指标值1V
        产出指标 | 数量指标 | 清淤长度 | ≥12公里
        """,
        "绩效目标表",
    )
    item = map_table(table).indicators[0]
    assert item.value is not None and item.value.value == "12"
    assert item.value.reasons == ["“指标值1V”与词表用语不完全一致"]


@pytest.mark.parametrize("header", ["符号 | 佰 | 单位", "荷马 | 值 | 单位", "符号 | 值 | 里拉"])
def test_one_misread_header_of_operator_value_and_unit(draw: Draw, map_table: Map, header: str) -> None:
    table = draw(
        f"""
        一级指标 | 二级指标 | 三级指标 | 指标值 | < | <
        ^        | ^        | ^        | {header}
        部门产出 | 数量     | 普法次数 | ≥ | 12 | 次
        ^        | 质量     | 合格率   | ≥ | 95 | %
        """,
        "部门整体支出绩效指标",
    )
    found = [
        tuple(f.value for f in (i.operator, i.value, i.unit) if f is not None)
        for i in map_table(table).indicators
    ]
    assert found == [("≥", "12", "次"), ("≥", "95", "%")]


@pytest.mark.parametrize(
    "header",
    [
        "一级指标 | 二级指标 | 二级指标 | 绩效指标描述 | 指标值",
        "一级指标 | 一级指标 | 三级指标 | 绩效指标描述 | 指标值",
        "二级指标 | 二级指标 | 三级指标 | 绩效指标描述 | 指标值",
        "一级指标 | 三级指标 | 三级指标 | 绩效指标描述 | 指标值",
        "一级指标 | 二级指标 | 一级指标 | 绩效指标描述 | 指标值",
        "三级指标 | 二级指标 | 三级指标 | 绩效指标描述 | 指标值",
        "一级指标 | 二级指标 | 三级指标 | 绩效指标描述 | ",
    ],
)
def test_a_header_misread_for_its_neighbours_or_lost(draw: Draw, map_table: Map, header: str) -> None:
    table = draw(
        f"""
        {header}
        产出指标 | 数量指标 | 普法次数 | 全年开展的次数 | ≥12次
        ^        | 质量指标 | 合格率   | 合格的份额     | ≥95%
        """,
        "项目绩效目标表",
    )
    found = [
        tuple(f.value for f in (i.level1, i.level2, i.level3, i.value) if f is not None)
        for i in map_table(table).indicators
    ]
    assert found == [("产出指标", "数量指标", "普法次数", "12"), ("产出指标", "质量指标", "合格率", "95")]


def test_a_value_column_between_operator_and_unit(draw: Draw, map_table: Map) -> None:
    table = draw(
        """
        一级指标 | 二级指标 | 三级指标 | 运算符号 | 佰 | 度量单位
        产出指标 | 数量指标 | 普法次数 | ≥ | 12 | 次
        """,
        "项目支出绩效目标申报表",
    )
    item = map_table(table).indicators[0]
    assert item.value is not None and item.value.value == "12"
    assert item.value.status == "review"


def test_two_level_headers_in_one_cell_head_both_columns(draw: Draw, map_table: Map) -> None:
    table = draw(
        """
        一级指标二级指标1 | < | 三级指标 | 评分标准 | 指标值 | < | <
        ^        | ^        | ^        | ^ | 符号 | 值 | 单位
        部门产出 | 数量     | 普法次数 | 无 | ≥ | 12 | 次
        ^        | 质量     | 合格率   | 无 | ≥ | 95 | %
        """,
        "部门整体支出绩效指标",
    )
    found = [
        tuple(f.value for f in (i.level1, i.level2, i.level3) if f is not None)
        for i in map_table(table).indicators
    ]
    assert found == [("部门产出", "数量", "普法次数"), ("部门产出", "质量", "合格率")]


@pytest.mark.parametrize("row", ["≥ | 12次 | <", "≥12 | < | 次", "≥12次 | < | <"])
def test_operator_value_and_unit_in_one_cell_of_several_columns(draw: Draw, map_table: Map, row: str) -> None:
    table = draw(
        f"""
        一级指标 | 二级指标 | 三级指标 | 运算符号 | 指标值 | 度量单位
        产出指标 | 数量指标 | 普法次数 | {row}
        产出指标 | 质量指标 | 合格率 | ≥ | 95 | %
        """,
        "项目支出绩效目标申报表",
    )
    found = [
        tuple(f.value for f in (i.operator, i.value, i.unit) if f is not None)
        for i in map_table(table).indicators
    ]
    assert found == [("≥", "12", "次"), ("≥", "95", "%")]

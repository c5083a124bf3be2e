from collections.abc import Callable
from typing import Any

from shenbao.mapping.expect import Expectation, expected_kinds
from shenbao.models.document import Table

Draw = Callable[..., Table]

FORM = """
项目(政策)名称 | < | 社区矫正 | < | 实施期 | < | 2021年1月—2021年12月 | <
预算资金情况(万元) | < | 年度预算资金总额： | < | 16.23 | < | < | <
^ | ^ | 其中：财政拨款收人 | < | 16.23 | < | < | <
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 运算符亏 | 内容 | 度量单位 | 计划完成时限
^ | 产出指标 | 数量指标 | 对象人数 | V | 200 | 人 | 2021年12月
^ | ^ | 质量指标 | 犯罪率 |  |  |  |
"""


def test_a_form_read_with_errors(draw: Draw) -> None:
    kinds = expected_kinds(draw(FORM, "县本级部门预算项目绩效目标申报表"))
    assert kinds[0, 0] == kinds[1, 2] == kinds[2, 2] == kinds[3, 4] == Expectation.LABEL
    assert kinds[1, 4] == kinds[2, 4] == Expectation.MONEY
    assert [kinds[4, col] for col in range(1, 8)] == [
        "level1", "level2", "free", "operator", "number", "unit", "month",
    ]  # fmt: skip
    assert kinds[5, 4] == Expectation.OPERATOR, "an empty cell expects what its column holds"
    assert kinds[0, 2] == Expectation.FREE


def test_a_value_cell_that_holds_all_three_is_free(draw: Draw) -> None:
    kinds = expected_kinds(
        draw(
            """
            一级指标 | 二级指标 | 三级指标 | 绩效指标描述 | 指标值 | 指标值确定依据
            产出指标 | 数量指标 | 件数 | 件数 | ≥5件 | 计划
            """
        )
    )
    assert kinds[1, 4] == Expectation.FREE
    assert kinds[1, 1] == Expectation.LEVEL2


def test_every_cell_has_a_kind_and_truth_cells_fit(truths: Any, perfect: Any, grammar: Any) -> None:
    fits = {"level1": "level1", "level2": "level2", "op": "operator", "date": "month"}
    for truth in truths:
        table = perfect(truth)
        kinds = expected_kinds(table)
        assert set(kinds) == {(cell.row, cell.col) for cell in table.cells}
        for cell in truth["cells"]:
            wanted = fits.get(cell["role"])
            if wanted and cell["text"] and cell["r"] not in truth["header_rows"]:
                assert kinds[cell["r"], cell["c"]] in (wanted, "free"), (truth["id"], cell)


def test_statements(truths: Any, perfect: Any) -> None:
    truth = next(t for t in truths if t["family"] == "func_expenditure")
    kinds = expected_kinds(perfect(truth))
    assert [kinds[4, col] for col in range(1, 6)] == ["code", "free", "money", "money", "money"]


def test_words_in_the_columns_of_values_are_free(draw: Draw) -> None:
    kinds = expected_kinds(
        draw(
            """
            一级指标 | 二级指标 | 三级指标 | 运算符号 | 内容 | 度量单位 | 计划完成时限
            产出指标 | 数量指标 | 件数 | 三 | 5O | 田 | 2021年12用
            ^ | 质量指标 | 程度 | 文字描述 | 效果明显 | 提升 | 长期
            ^ | 时效指标 | 时间 | —— | —— | —— | ——
            ^ | 成本指标 | 成本 | 二 | 12 | 百分比 |
            ^ | 成本指标 | 补助 | 二 | 12 | 元/人月 | 2021年12月
            """
        )
    )
    assert [kinds[1, col] for col in range(3, 7)] == ["operator", "number", "unit", "month"]
    assert [kinds[2, col] for col in range(3, 7)] == ["free"] * 4
    assert [kinds[3, col] for col in range(3, 7)] == ["free"] * 4
    assert [kinds[4, col] for col in range(3, 7)] == ["operator", "number", "unit", "month"]
    assert kinds[5, 5] == "unit"


def test_the_period_of_a_form_is_a_period(draw: Draw) -> None:
    assert expected_kinds(draw(FORM, "县本级部门预算项目绩效目标申报表"))[0, 6] == Expectation.PERIOD


def test_values_of_truth_tables_keep_the_kind_they_fit(truths: Any, perfect: Any, grammar: Any) -> None:
    """No truth cell has a kind of which its text is not: each constrained cell can be read as it is."""
    for truth in truths:
        table = perfect(truth)
        kinds = expected_kinds(table)
        for cell in table.cells:
            kind, text = kinds[cell.row, cell.col], cell.text.strip()
            if kind == Expectation.OPERATOR:
                assert grammar.operator_value(text) is not None, (truth["id"], text)
            if kind in (Expectation.NUMBER, Expectation.MONEY, Expectation.PERCENT) and text:
                assert any(char.isdigit() for char in text), (truth["id"], text)
            if kind == Expectation.UNIT:
                assert grammar.unit_value(text) is not None, (truth["id"], text)

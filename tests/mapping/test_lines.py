"""Lines of statements as forms print them that keep a code in several columns, or totals over two of them."""

from collections.abc import Callable

from shenbao.mapping.expect import Expectation, expected_kinds
from shenbao.models.document import Record, Table

Draw = Callable[..., Table]
Map = Callable[..., Record]

HEAD = """
        科目编码 | < | < | 科目名称 | 合计 | 基本支出 | 项目支出 | 备注
        类 | 款 | 项 | ^ | ^ | ^ | ^ | ^
"""
FULL = """
         |    |    | 合计 | 9.00 | 5.00 | 4.00 |
        204 |    |    | 公共安全支出 | 9.00 | 5.00 | 4.00 |
        204 | 06 |    | 司法 | 9.00 | 5.00 | 4.00 |
        204 | 06 | 01 | 行政运行 | 9.00 | 5.00 | 4.00 |
"""
TITLE = "2024年一般公共预算支出表"


def _codes(record: Record) -> list[str]:
    return [line.code.value if line.code else "-" for line in record.lines]


def test_levels_of_a_code_in_columns_of_their_own_are_one_code(draw: Draw, map_table: Map) -> None:
    record = map_table(draw(HEAD + FULL.strip("\n"), TITLE))
    assert _codes(record) == ["", "204", "20406", "2040601"]
    code = record.lines[3].code
    assert code is not None
    assert [(ref.row, ref.col) for ref in code.cells] == [(5, 0), (5, 1), (5, 2)]
    assert list(record.lines[0].amounts) == ["合计", "基本支出", "项目支出", "备注"]
    assert {c.rule for c in record.checks if c.status == "pass"} >= {"B4", "B8", "F1"}


def test_levels_that_a_row_leaves_out_are_those_above(draw: Draw, map_table: Map) -> None:
    bare = FULL.replace("204 | 06 |    ", "  | 06 |    ").replace("204 | 06 | 01", "   |  | 01")
    record = map_table(draw(HEAD + bare.strip("\n"), TITLE))
    assert _codes(record) == ["", "204", "20406", "2040601"]
    code = record.lines[3].code
    assert code is not None
    assert [(ref.row, ref.col) for ref in code.cells] == [(3, 0), (4, 1), (5, 2)]


def test_levels_of_a_code_are_read_as_codes(draw: Draw) -> None:
    kinds = expected_kinds(draw(HEAD + FULL.strip("\n"), TITLE))
    assert {kinds[5, col] for col in range(3)} == {Expectation.CODE}
    assert kinds[5, 4] == Expectation.MONEY


def test_two_tables_side_by_side_keep_their_levels_apart(draw: Draw, map_table: Map) -> None:
    table = draw(
        """
        科目编码 | < | 科目名称 | 金额 | 科目编码 | < | 科目名称 | 金额
        类 | 款 | ^ | ^ | 类 | 款 | ^ | ^
        501 | 01 | 工资奖金津补贴 | 7.00 | 301 | 02 | 津贴补贴 | 3.00
        """,
        "基本支出经济分类表",
    )
    assert _codes(map_table(table)) == ["50101", "30102"]


def test_a_total_over_code_and_name_is_no_code(draw: Draw, map_table: Map) -> None:
    table = draw(
        """
        科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        合计 | < | 9.00 | 5.00 | 4.00
        204 | 公共安全支出 | 9.00 | 5.00 | 4.00
        """,
        TITLE,
    )
    first, second = map_table(table).lines
    assert first.code is None
    assert first.name is not None
    assert first.name.text == "合计"
    assert second.code is not None


def test_a_title_that_begins_with_the_year_names_no_department(draw: Draw, map_table: Map) -> None:
    record = map_table(draw(HEAD + FULL.strip("\n"), TITLE))
    assert "department_name" not in record.fields


def test_the_head_of_a_form_beside_its_section_label_is_no_statement(draw: Draw, map_table: Map) -> None:
    """The project's name ends in a word of amounts."""
    table = draw(
        """
        基本情况 | 项目名称 | 公共文化场馆免费开放补助 | < | <
        ^ | 主管部门 | 东山县文化局 | 实施单位 | 东山县图书馆
        ^ | 预算数 | 425.20 | 其他资金 | 5.00
        """,
        "项目资金审核表",
    )
    record = map_table(table)
    assert not record.lines
    assert record.fields["project_name"].text == "公共文化场馆免费开放补助"
    assert record.fields["budget_total"].value == "425.2"

"""Indicator lists of which one header cannot be read."""

from collections.abc import Callable

import pytest
from indicator_lines import WANTED, lines

from shenbao.models.document import Record, Table

Draw = Callable[..., Table]
Map = Callable[..., Record]

THREE = """一级指标 | 二级指标 | 三级指标 | 指标分值 | 符号 | 数值 | 单位 | 指标说明
产出指标 | 数量指标 | 维修水库座数 | 20 | ≥ | 38 | 座 | 全年
^ | 质量指标 | 验收合格率 | 20 | = | 100 | % | 全年
满意度指标 | 服务对象满意度指标 | 群众满意度 | 10 | ≥ | 90 | % | 问卷"""
BELOW = """一级指标 | 二级指标 | 三级指标 | 指标值 | < | < | 备注
^ | ^ | ^ | 符号 | 值 | 单位 | ^
产出指标 | 数量指标 | 维修水库座数 | ≥ | 38 | 座 |
^ | 质量指标 | 验收合格率 | = | 100 | % |
满意度指标 | 服务对象满意度指标 | 群众满意度 | ≥ | 90 | % |"""
ONE = """一级指标 | 二级指标 | 三级指标 | 权重 | 指标值 | 上年指标值
产出指标 | 数量指标 | 维修水库座数 | 20 | ≥38座 | 30座
^ | 质量指标 | 验收合格率 | 20 | =100% | 100%
满意度指标 | 服务对象满意度指标 | 群众满意度 | 10 | ≥90% | 88%"""


@pytest.mark.parametrize("unread", ["", "卞旦疋"])
@pytest.mark.parametrize(
    ("grid", "header"),
    [(grid, header) for grid in (THREE, BELOW, ONE) for header in grid.splitlines()[0].split(" | ")
     if header not in ("<", "备注", "指标说明")],
)  # fmt: skip
def test_one_header_that_cannot_be_read_costs_no_indicator(
    grid: str, header: str, unread: str, draw: Draw, map_table: Map
) -> None:
    first, rest = grid.split("\n", 1)
    heads = [unread if head == header else head for head in first.split(" | ")]
    table = draw(" | ".join(heads) + "\n" + rest, "项目绩效目标表", ())
    assert lines(map_table(table)) == WANTED


def test_a_group_left_blank_beside_the_years_own_is_no_indicator(draw: Draw, map_table: Map) -> None:
    grid = """一级指标 | 二级指标 | 指标内容 | 指标值 | 年度指标值
产出指标 | 数量指标 | 维修水库座数 | | ≥38座
^ | 质量指标 | 验收合格率 | | =100%
满意度指标 | 服务对象满意度指标 | 群众满意度 | | ≥90%"""
    assert lines(map_table(draw(grid, "项目绩效目标表", ()))) == WANTED


def test_words_under_a_header_like_the_operators_are_none(draw: Draw, map_table: Map) -> None:
    table = draw(
        """
        一级指标 | 二级指标 | 三级指标 | X口性质 | 绩效指标值 | 度量单位 | 指标方向性
        产出指标 | 数量指标 | 普法次数 | ≥ | 12 | 次 | 正向指标
        ^        | 质量指标 | 合格率 | ≥ | 95 | % | 正向指标
        ^        | 成本指标 | 总成本 | ≤ | 8 | 万元 | 反向指标
        """,
        "部门预算项目绩效目标申报表",
    )
    found = [i.operator.text for i in map_table(table).indicators if i.operator is not None]
    assert found == ["≥", "≥", "≤"]

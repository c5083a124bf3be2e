"""Headers that fit two levels, and cells that hold two: told by what stands below them."""

from collections.abc import Callable

import pytest
from indicator_lines import WANTED, lines

from shenbao.models.document import Record, Table

Draw = Callable[..., Table]
Map = Callable[..., Record]

ROWS = """产出指标 | 数量指标 | 维修水库座数 | ≥38座
^ | 质量指标 | 验收合格率 | =100%
满意度指标 | 服务对象满意度指标 | 群众满意度 | ≥90%"""


@pytest.mark.parametrize("heads", ["指标类别 | 指标类型", "指标类型 | 指标类别"])
def test_columns_are_named_by_what_they_hold(heads: str, draw: Draw, map_table: Map) -> None:
    table = draw(f"{heads} | 指标名称 | 指标值\n{ROWS}", "项目绩效目标表", ())
    assert lines(map_table(table)) == WANTED


@pytest.mark.parametrize("sign", ["-", "—", "/", "→"])
def test_two_levels_in_one_cell_are_parted(sign: str, draw: Draw, map_table: Map) -> None:
    rows = f"""产出指标{sign}数量指标 | 维修水库座数 | ≥38座
产出指标{sign}质量指标 | 验收合格率 | =100%
满意度指标{sign}服务对象满意度指标 | 群众满意度 | ≥90%"""
    table = draw(f"指标类型 | 指标名称 | 指标值\n{rows}", "项目绩效目标表", ())
    found = map_table(table)
    assert lines(found) == WANTED
    assert found.indicators[0].level1 is not None and found.indicators[0].level1.text == "产出指标"


def test_a_list_without_its_first_level_is_all_for_review(draw: Draw, map_table: Map) -> None:
    rows = """数量指标 | 维修水库座数 | ≥38座
质量指标 | 验收合格率 | =100%
时效指标 | 按期完成率 | ≥90%"""
    found = map_table(draw(f"二级指标 | 三级指标 | 指标值\n{rows}", "项目绩效目标表", ()))
    assert [(i.level1, i.level2.value) for i in found.indicators if i.level2] == [
        (None, "数量指标"),
        (None, "质量指标"),
        (None, "时效指标"),
    ]
    fields = [
        field
        for item in found.indicators
        for field in (item.level2, item.level3, item.operator, item.value, item.unit)
        if field is not None
    ]
    assert len(fields) == 15
    assert [(f.status, f.reasons) for f in fields] == [("review", ["没有认出一级指标"])] * 15

"""Goal tables and the other tables of a document: links, and what checks say of cells."""

from collections.abc import Callable
from typing import Any

from shenbao.mapping.families import Family
from shenbao.mapping.records import map_document
from shenbao.mapping.vocabulary import Vocabulary
from shenbao.models.document import Table

Draw = Callable[..., Table]

GOAL = """
项目编码 | 324-0601-JQN-UAKH | 项目名称 | {name}
预算数   | 30.00 | 其中：财政资金 | 30.00
绩效目标 | 建成 | < | <
一级指标 | 二级指标 | 三级指标 | 指标值
产出指标 | 数量指标 | 采购数量 | ≥12台
"""

PROCUREMENT = """
政府采购项目来源 | <        | 采购物品名称 | 目录序号  | 数量 | 单价 | 政府采购金额 | <
项目名称         | 预算资金 | ^            | ^         | ^    | ^    | 合计 | 一般公共预算拨款
合计             | 30.00    |              |           |      |      | 24.00 | 24.00
信息化设备       | 30.00    | 服务器       | A02010104 | 12   | 2.00 | 24.00 | 24.00
"""

EXPENDITURE = """
科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
        | 合计     | 45.00 | 10.00 | {projects}
205     | 教育支出 | 45.00 | 10.00 | 35.00
"""


def drawn(draw: Draw, name: str, projects: str = "35.00") -> list[Table]:
    tables = [
        draw(GOAL.format(name=name), f"1、{name}绩效目标表", confidence=0.99),
        draw(GOAL.format(name="食堂"), "2、食堂绩效目标表", confidence=0.99),
        draw(PROCUREMENT, "部门政府采购预算", confidence=0.99),
        draw(EXPENDITURE.format(projects=projects), "部门预算支出总表", confidence=0.99),
    ]
    return [table.model_copy(update={"id": f"t{i}"}) for i, table in enumerate(tables, start=1)]


def test_a_goal_table_is_linked_to_its_procurement_and_the_expenditure(
    draw: Draw, vocabulary: Vocabulary, families: tuple[Family, ...]
) -> None:
    records = map_document(drawn(draw, "信息化设备"), [], vocabulary, families, 0.98).records
    links = {link.kind: {(c.table, c.row) for c in link.cells} for link in records[0].links}
    assert links == {"procurement": {("t3", 3)}, "project_expenditure": {("t4", 1)}}
    assert {link.kind for link in records[1].links} == {"project_expenditure"}
    assert not records[2].links and not records[3].links


def test_a_name_read_nearly_right_is_linked_and_another_is_not(
    draw: Draw, vocabulary: Vocabulary, families: tuple[Family, ...]
) -> None:
    for name, kinds in (("信息化设各采购安装", set()), ("信息化设备", {"procurement"})):
        tables = drawn(draw, name)
        records = map_document(tables, [], vocabulary, families, 0.98).records
        assert {link.kind for link in records[0].links} - {"project_expenditure"} == kinds
    long = "城区老旧小区改造配套设备"
    tables = drawn(draw, long)
    cells = [c.model_copy(update={"text": long.replace("备", "各")}) if c.text == "信息化设备" else c
             for c in tables[2].cells]  # fmt: skip
    tables[2] = tables[2].model_copy(update={"cells": cells})
    records = map_document(tables, [], vocabulary, families, 0.98).records
    assert "procurement" in {link.kind for link in records[0].links}


def test_what_fails_and_what_holds_changes_the_confidence_of_cells(
    draw: Draw, vocabulary: Vocabulary, families: tuple[Family, ...]
) -> None:
    def statement(projects: str) -> dict[tuple[int, int], float]:
        mapped = map_document(drawn(draw, "信息化设备", projects), [], vocabulary, families, 0.98)
        return {(c.row, c.col): c.confidence for c in mapped.tables[3].cells}

    sound, broken = statement("35.00"), statement("36.00")
    assert all(0.99 < sound[1, col] < 1.0 for col in (2, 3, 4))
    assert sound[1, 1] == 0.99, "no check speaks of a name"
    assert broken[1, 4] == min(broken.values()) < 0.8


def test_links_of_a_whole_document(documents: Any, perfect: Any, vocabulary: Any, families: Any) -> None:
    tables = [perfect(truth, i) for i, truth in enumerate(documents["003"])]
    records = map_document(tables, [], vocabulary, families, 0.98).records
    goals = [record for record in records if record.family == "goal_hebei_7col"]
    assert len(goals) == 30
    assert all(any(k.kind == "project_expenditure" for k in record.links) for record in goals)
    assert sum(any(k.kind == "procurement" for k in record.links) for record in goals) == 1

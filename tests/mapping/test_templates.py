"""Forms that are unlike the seeds: the ministry's older and later template, and forms of no family."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from shenbao.errors import UsageError
from shenbao.mapping.families import Family, load_families, read_family
from shenbao.mapping.records import build_records
from shenbao.mapping.vocabulary import Vocabulary
from shenbao.models.document import Indicator, Record, Table, Text

Draw = Callable[..., Table]
Map = Callable[..., Record]

MINISTRY_2015 = """
项目名称       | <      | 农村公路养护 | <      | <      | <      | <        | <
主管部门及代码 | <      | 交通局[348]  | <      | 实施单位 | <    | 公路养护中心 | <
项目属性       | <      | 延续项目     | <      | 项目期 | <      | 2020年-2022年 | <
项目资金（万元） | <    | 中期资金总额：| <     | 300.00 | 年度资金总额： | < | 100.00
^              | ^      | 其中：财政拨款 | <    | 300.00 | 其中：财政拨款 | < | 80.00
^              | ^      | 其他资金     | <      |        | 其他资金 | <      | 20.00
总体目标       | 中期目标 | <          | <      | <      | 年度目标 | <      | <
^              | 目标1：全部养护 | <   | <      | <      | 目标1：养护120公里 | < | <
绩效指标       | 一级指标 | 二级指标   | 三级指标 | 指标值 | 二级指标 | 三级指标 | 指标值
^              | 产出指标 | 数量指标   | 养护里程 | ≥360公里 | 数量指标 | 养护里程 | ≥120公里
^              | ^      | 质量指标     | 验收合格率 | ≥95% | 质量指标 | 验收合格率 | ≥95%
^              | 效益指标 | 社会效益指标 | 出行便利程度 | 明显提高 | 社会效益指标 | 出行便利程度 | 有所提高
^              | 满意度指标 | 服务对象满意度指标 | 群众满意度 | ≥90% | 服务对象满意度指标 | 群众满意度 | ≥90%
"""

MINISTRY_2021 = """
项目名称     | <        | 智慧图书馆建设 | <        | <      | <
主管部门     | 文化局   | <              | 实施单位 | 市图书馆 | <
项目资金(万元) | 年度资金总额 | <          | 250      | <      | <
^            | 其中：财政拨款 | <        | 200      | <      | <
^            | 上年结转资金 | <          | 30       | <      | <
^            | 其他资金 | <              | 20       | <      | <
年度总体目标 | 建成自助借阅点。 | <      | <        | <      | <
绩效指标     | 一级指标 | 二级指标       | 三级指标 | 指标值 | 计量单位
^            | 成本指标 | 经济成本指标   | 设备采购成本 | ≤180 | 万元
^            | ^        | 社会成本指标   | 施工扰民投诉 | ≤5   | 次
^            | ^        | 生态环境成本指标 | 设备能耗 | ≤1000 | 千瓦时
^            | 产出指标 | 数量指标       | 自助借阅点数量 | =12 | 个
^            | ^        | 时效指标       | 完成时间 | 2024年11月 |
^            | 效益指标 | 社会效益指标   | 借阅量增长率 | ≥15 | %
^            | 满意度指标 | 服务对象满意度指标 | 读者满意度 | ≥95 | %
备注         | 无       | <              | <        | <      | <
"""

UNKNOWN = """
任务名称   | 河道清淤 | 联系人     | 王某
经办科室   | 水利科   | 项目起止时间 | 2022年3月至2022年10月
申请金额   | 36万元   | 主管部门   | 水务局
三级指标   | 目标值   | 二级指标   | 一级指标
清淤长度   | ≥12公里  | 数量指标   | 产出指标
完工及时率 | 100%     | 时效指标   |
水质改善   | 明显     | 生态效益指标 | 效益指标
"""


def parts(item: Indicator) -> tuple[str, ...]:
    fields = (item.level1, item.level2, item.level3, item.operator, item.value, item.unit)
    return tuple("" if field is None else field.value for field in fields)


def test_the_older_ministry_template(draw: Draw, map_table: Map) -> None:
    record = map_table(draw(MINISTRY_2015, "项目支出绩效目标申报表", ("（2020年度）",)))
    values = {key: field.value for key, field in record.fields.items()}
    assert record.family == "project_declaration"
    assert values["project_name"] == "农村公路养护"
    assert values["implementation_period"] == "2020-01/2022-12"
    assert (values["budget_term_total"], values["budget_total"]) == ("300", "100")
    assert values["implementing_unit"] == "公路养护中心"
    assert values["budget_year"] == "2020"
    assert (values["term_goals"], values["goals"]) == ("目标1：全部养护", "目标1：养护120公里")
    assert record.fields["budget_total"].unit == "万元"
    assert [parts(i) for i in record.indicators] == [
        ("产出指标", "数量指标", "养护里程", "≥", "360", "公里"),
        ("产出指标", "质量指标", "验收合格率", "≥", "95", "%"),
        ("效益指标", "社会效益指标", "出行便利程度", "", "明显提高", ""),
        ("满意度指标", "服务对象满意度指标", "群众满意度", "≥", "90", "%"),
        ("产出指标", "数量指标", "养护里程", "≥", "120", "公里"),
        ("产出指标", "质量指标", "验收合格率", "≥", "95", "%"),
        ("效益指标", "社会效益指标", "出行便利程度", "", "有所提高", ""),
        ("满意度指标", "服务对象满意度指标", "群众满意度", "≥", "90", "%"),
    ]


def test_the_later_ministry_template(draw: Draw, map_table: Map) -> None:
    record = map_table(draw(MINISTRY_2021, "项目支出绩效目标表"))
    values = {key: field.value for key, field in record.fields.items()}
    assert (values["budget_total"], values["budget_fiscal"]) == ("250", "200")
    assert (values["budget_carryover"], values["budget_other"]) == ("30", "20")
    assert values["goals"] == "建成自助借阅点。"
    assert [parts(i) for i in record.indicators] == [
        ("成本指标", "经济成本指标", "设备采购成本", "≤", "180", "万元"),
        ("成本指标", "社会成本指标", "施工扰民投诉", "≤", "5", "次"),
        ("成本指标", "生态环境成本指标", "设备能耗", "≤", "1000", "千瓦时"),
        ("产出指标", "数量指标", "自助借阅点数量", "=", "12", "个"),
        ("产出指标", "时效指标", "完成时间", "", "2024-11", ""),
        ("效益指标", "社会效益指标", "借阅量增长率", "≥", "15", "%"),
        ("满意度指标", "服务对象满意度指标", "读者满意度", "≥", "95", "%"),
    ]
    assert all(check.status == "pass" for check in record.checks if check.rule in ("L6", "G4"))


def test_a_form_of_no_family_gives_labels_and_indicators(draw: Draw, map_table: Map) -> None:
    record = map_table(draw(UNKNOWN, "任务安排表"))
    assert record.family == "generic"
    assert record.fields["contact_person"].value == "王某"
    assert record.fields["implementation_period"].value == "2022-03/2022-10"
    assert record.fields["supervising_department"].value == "水务局"
    assert record.fields["经办科室"].value == "水利科"
    assert record.fields["申请金额"].text == "36万元"
    assert [parts(i) for i in record.indicators] == [
        ("产出指标", "数量指标", "清淤长度", "≥", "12", "公里"),
        ("产出指标", "时效指标", "完工及时率", "", "100", "%"),
        ("效益指标", "生态效益指标", "水质改善", "", "明显", ""),
    ]


def test_a_statement_of_no_family_gives_lines(draw: Draw, map_table: Map) -> None:
    table = draw(
        """
        科目编码 | 科目名称 | 上年数 | 本年预算 | <
        ^        | ^        | ^      | 基本支出 | 项目支出
        205      | 教育支出 | 10.00  | 8.00     | 3.50
        20502    | 普通教育 | 10.00  | 8.00     | 3.50
        """,
        "学校经费安排",
        ("单位：万元",),
    )
    record = map_table(table)
    assert record.family == "generic"
    line = record.lines[1]
    assert line.code is not None and line.code.value == "20502"
    assert line.name is not None and line.name.value == "普通教育"
    assert {path: field.value for path, field in line.amounts.items()} == {
        "上年数": "10",
        "本年预算/基本支出": "8",
        "本年预算/项目支出": "3.5",
    }
    assert line.amounts["本年预算/项目支出"].unit == "万元"


def test_a_family_can_be_added_from_a_file(draw: Draw, vocabulary: Vocabulary, tmp_path: Path) -> None:
    path = tmp_path / "grain_purchase.json"
    family = {
        "id": "grain_purchase",
        "title": "粮食收购资金申报表",
        "source": "test",
        "evidence": [{"title": "粮食收购", "weight": 3}, {"label": "收购品种", "weight": 1}],
        "frames": ["project"],
        "captions": ["reporting_unit"],
        "fields": [
            {"key": "grain_kind", "labels": ["收购品种"], "find": ["right"], "name": "收购品种"},
            {"key": "grain_price", "labels": ["收购价（元）"], "find": ["below"], "kind": "money"},
        ],
    }
    path.write_text(json.dumps(family, ensure_ascii=False), "utf-8")
    families: tuple[Family, ...] = (*load_families(), read_family(path))
    table = draw(
        """
        收购品种 | 小麦 | 收购价（元）
        数量     | 30   | 1,180.50
        """,
        "粮食收购资金申报表",
        ("申报单位：粮食局",),
    )
    text = Text(text="申报单位：粮食局", confidence=0.99, polygon=((0, 0), (9, 0), (9, 9), (0, 9)))
    record = build_records([table], [text], vocabulary, families, 0.98)[0]
    assert record.family == "grain_purchase"
    assert record.fields["grain_kind"].value == "小麦"
    assert record.fields["grain_price"].value == "1180.5"
    assert record.fields["grain_price"].unit == "元"
    assert record.fields["reporting_unit"].value == "粮食局"
    assert record.fields["reporting_unit"].confidence == pytest.approx(0.99)


def test_a_family_file_that_is_wrong_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text('{"id": "bad", "title": "x", "source": "x", "evidence": [{"weight": 1}]}', "utf-8")
    with pytest.raises(UsageError):
        read_family(path)
    with pytest.raises(UsageError):
        read_family(tmp_path / "missing.json")


@pytest.mark.parametrize(
    ("title", "family"),
    [("部门收支总体情况表", "budget_summary"), ("财政拨款收支总体情况表", "fiscal_summary"),
     ("部门收入总体情况表", "income_summary"), ("部门支出总体情况表", "expenditure_summary"),
     ("一般公共预算支出情况表", "func_expenditure"), ("政府性基金预算支出情况表", "func_expenditure_fund"),
     ("一般公共预算基本支出情况表", "basic_expenditure")],
)  # fmt: skip
def test_statements_with_titles_of_other_regions(draw: Draw, map_table: Map, title: str, family: str) -> None:
    heads = {
        "basic_expenditure": "科目编码 | 科目名称 | 合计 | 人员经费 | 公用经费",
        "budget_summary": "序号 | 项目 | 预算数 | 项目 | 预算数",
        "fiscal_summary": "序号 | 项目 | 金额 | 项目 | 合计",
    }
    head = heads.get(family, "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出")
    assert map_table(draw(f"{head}\n205 | 教育 | 9.00 | 8.00 | 1.00", title)).family == family

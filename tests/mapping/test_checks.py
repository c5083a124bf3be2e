from collections.abc import Callable
from typing import Any

from shenbao.mapping.rules import load_rules
from shenbao.models.document import Check, Record, Table

Draw = Callable[..., Table]
Map = Callable[..., Record]

GOAL = """
项目编码 | {code} | < | 项目名称 | 法律援助 | < | <
预算规模及资金用途 | 预算数 | {total} | 其中：财政资金 | 20.00 | 其他资金 | 7.39
^ | 用于法律援助。 | < | < | < | < | <
资金支出计划（%） | 3月底 | < | 6月底 | < | 10月底 | 12月底
^ |  | < | 50% | < | {october} | {december}
绩效目标 | 办好案件 | < | < | < | < | <
一级指标 | 二级指标 | 三级指标 | 绩效指标描述 | 指标值 | 指标值确定依据 | <
产出指标 | 数量指标 | 案件数 | 案件数 | ≥10件 | 工作计划 | <
^ | 质量指标 | 合格率 | 合格率 | ≥95% | 工作计划 | <
^ | 时效指标 | 及时率 | 及时率 | ≥95% | 工作计划 | <
^ | 成本指标 | 总成本 | 总成本 | ≤{cost}万元 | 工作计划 | <
效益指标 | {benefit} | 知晓率 | 知晓率 | ≥50% | 工作计划 | <
满意度指标 | 服务对象满意度指标 | 满意度 | 满意度 | ≥90% | 问卷 | <
"""
GOOD = {
    "code": "13031124P00468712306K", "total": "27.39", "october": "75%", "december": "100%",
    "cost": "27.39", "benefit": "社会效益指标",
}  # fmt: skip


def mapped(draw: Draw, map_table: Map, **changes: str) -> Record:
    table = draw(GOAL.format(**{**GOOD, **changes}), "1、法律援助绩效目标表", ("单位：万元",))
    return map_table(table)


def check(record: Record, rule: str) -> Check:
    return next(c for c in record.checks if c.rule == rule)


def test_a_sound_goal_table_passes_everything(draw: Draw, map_table: Map) -> None:
    record = mapped(draw, map_table)
    assert record.family == "goal_hebei_7col"
    assert {c.rule for c in record.checks} >= {
        "G1",
        "G2a",
        "G2b",
        "G4",
        "G5a",
        "G5b",
        "G6",
        "G6b",
        "G9c",
        "G10a",
    }
    assert [c.rule for c in record.checks if c.status != "pass"] == []
    assert all(field.status == "accepted" for field in record.fields.values() if field.cells)


def test_a_sum_that_fails_sends_its_fields_to_review(draw: Draw, map_table: Map) -> None:
    record = mapped(draw, map_table, total="27.99", cost="5")
    failed = check(record, "G1")
    assert (failed.status, failed.severity, failed.expected, failed.found) == (
        "fail",
        "hard",
        "27.39",
        "27.99",
    )
    assert len(failed.cells) == 3
    for key in ("budget_total", "budget_fiscal", "budget_other"):
        assert record.fields[key].status == "review"
        assert any("G1" in reason for reason in record.fields[key].reasons)
    assert record.fields["project_code"].status == "accepted"
    assert record.fields["budget_total"].text == "27.99"


def test_the_plan_must_not_fall(draw: Draw, map_table: Map) -> None:
    record = mapped(draw, map_table, october="40%")
    assert check(record, "G2a").status == "fail"
    assert record.fields["plan_june"].status == "review"
    assert check(record, "G2b").status == "pass"


def test_the_plan_may_be_blank_once_it_is_spent(draw: Draw, map_table: Map) -> None:
    record = mapped(draw, map_table, october="100%", december="")
    assert check(record, "G2b").status == "pass"
    assert record.fields["plan_december"].text == ""


def test_a_plan_that_ends_early_is_only_noted(draw: Draw, map_table: Map) -> None:
    record = mapped(draw, map_table, december="90%")
    assert (check(record, "G2b").status, check(record, "G2b").severity) == ("fail", "firm")
    field = record.fields["plan_december"]
    assert field.status == "review", "a firm failure is looked at"
    assert field.confidence == 1.0, "but it may stand so on the paper"
    assert any("可能原件如此" in reason for reason in field.reasons)


def test_the_check_character_finds_a_wrong_code(draw: Draw, map_table: Map) -> None:
    record = mapped(draw, map_table, code="13031124P00468712806K")
    assert check(record, "G9c").status == "fail"
    assert record.fields["project_code"].status == "review"


def test_every_single_slip_in_a_code_is_found() -> None:
    scheme = load_rules().check_character
    code = GOOD["code"]
    for i in range(len(code) - 1):
        for char in scheme.alphabet.replace(code[i], ""):
            assert scheme.of(code[:i] + char + code[i + 1 :]) != code[-1]


def test_codes_of_other_regions_are_not_judged(draw: Draw, map_table: Map) -> None:
    record = mapped(draw, map_table, code="13080021GCTQ5QQYRM2YG")
    assert not [c for c in record.checks if c.rule == "G9c"]


def test_a_cost_above_the_budget_is_noted(draw: Draw, map_table: Map) -> None:
    failed = check(mapped(draw, map_table, cost="600"), "G10a")
    assert (failed.status, failed.severity, failed.found) == ("fail", "firm", "600")


def test_a_second_level_below_the_wrong_first(draw: Draw, map_table: Map) -> None:
    record = mapped(draw, map_table, benefit="质量指标")
    assert check(record, "G4").status == "fail"


def test_a_wrong_digit_in_a_statement_breaks_an_identity(truths: Any, map_table: Map, perfect: Any) -> None:
    truth = next(t for t in truths if t["family"] == "income_summary")
    numbers = [c for c in truth["cells"] if c["role"] == "number" and "." in c["text"]]
    assert len(numbers) > 40
    for cell in numbers[::7]:
        kept = cell["text"]
        cell["text"] = ("2" if kept[0] == "1" else "1") + kept[1:]
        record = map_table(perfect(truth))
        cell["text"] = kept
        failed = [c for c in record.checks if c.status == "fail" and c.severity == "hard"]
        assert any((ref.row, ref.col) == (cell["r"], cell["c"]) for c in failed for ref in c.cells)

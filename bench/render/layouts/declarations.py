"""Declarations on the grid of eight columns: of one project, and of a whole department."""

import random

from bench.render.content import (
    OVERALL,
    PROJECT,
    Office,
    draw_total,
    duties,
    goals,
    indicators,
    numbered,
    plain,
    project_name,
    share_out,
)
from bench.render.form import Form, Sheet
from bench.render.layouts.rows import DEADLINE, LEVEL3, OPERATOR, UNIT, VALUE, indicator_rows, stretch
from bench.render.words import common

_NOT_IN_FORM = ("description", "basis")
_PARTS = (LEVEL3, OPERATOR, VALUE, UNIT, DEADLINE)


def _edges(rng: random.Random) -> list[float]:
    return stretch([rng.uniform(8, 11), rng.uniform(7, 9), 13, rng.uniform(19, 26), 8, 9, 8, 14])


def _signatures(sheet: Sheet, rng: random.Random, edges: list[float], names: tuple[str, str]) -> None:
    gap = "\n" * rng.randint(2, 4)
    date = rng.choice(["日期：", "年  月  日"])
    for i, (label, x) in enumerate(zip(names, (0, 4), strict=True)):
        sheet.put(edges[x], edges[x + 1], label, "label")
        text = f"{'部门' if i == 0 else '审核'}意见：{gap}签字（公章）：\n{date}"
        sheet.put(edges[x + 1], edges[x + 4], text, "text")
    sheet.row += 1


def _period(rng: random.Random, year: int) -> str:
    dash = rng.choice([" — ", "—", "-", "至", " - "])
    end = year if rng.random() < 0.8 else year + rng.randint(1, 3)
    return f"{year}年1月{dash}{end}年12月"


def _project_head(sheet: Sheet, rng: random.Random, office: Office, e: list[float], total: int) -> None:
    pairs = (
        ("项目（政策）名称", project_name(rng, office), "project_name"),
        ("实施期", _period(rng, office.year), "implementation_period"),
        ("主管部门", office.name, "supervising_department"),
        ("实施单位", office.name + rng.choice(["", *common().units]), "implementing_unit"),
    )
    for i, (label, text, key) in enumerate(pairs):
        x = 4 * (i % 2)
        sheet.put(e[x], e[x + 2], label, "label")
        sheet.put(e[x + 2], e[x + 4], text, "value", key=key)
        sheet.row += i % 2
    fiscal = total if rng.random() < 0.7 or total < 3 else rng.randint(1, total - 1)
    lines = [("年度预算资金总额：", total, "budget_total"), ("其中：财政拨款收入", fiscal, "budget_fiscal")]
    if fiscal != total or rng.random() < 0.3:
        lines.append(("其他资金", total - fiscal, "budget_other"))
    sheet.put(e[0], e[2], "预算资金情况（万元）", "label", rows=len(lines))
    for label, cents, key in lines:
        sheet.put(e[2], e[4], label, "label")
        sheet.put(e[4], e[8], plain(cents) if cents else "0", "number", key=key, align="center")
        sheet.row += 1


def _overall_goals(sheet: Sheet, rng: random.Random, office: Office, e: list[float]) -> None:
    sheet.put(e[0], e[1], "总体目标", "label", rows=2)
    sheet.put(e[1], e[4], "实施期目标", "label")
    sheet.put(e[4], e[8], "年度目标", "label")
    sheet.row += 1
    long_term = numbered(rng, goals(rng, office, 2)) if rng.random() < 0.5 else ""
    sheet.put(e[1], e[4], long_term, "text")
    sheet.put(e[4], e[8], numbered(rng, goals(rng, office, rng.randint(1, 3))), "text")
    sheet.row += 1


def project(rng: random.Random, office: Office) -> Form:
    unit = f"申报单位：{office.name}"
    sheet = Sheet("县本级部门预算项目（政策）绩效目标申报表", (f"（{office.year}年度）", unit))
    sheet.title = rng.choice(
        [sheet.title, "部门预算项目（政策）绩效目标申报表", "市本级项目支出绩效目标申报表"]
    )
    sheet.fields["reporting_unit"] = office.name
    edges, total = _edges(rng), draw_total(rng)
    _project_head(sheet, rng, office, edges, total)
    _overall_goals(sheet, rng, office, edges)
    items = indicators(rng, office, PROJECT, total, rows=(1, rng.randint(1, 3)), skip=0.25)
    sheet.put(edges[0], edges[1], "绩效指标", "label", rows=len(items) + 1)
    names = ("一级指标", "二级指标", "三级指标", "运算符号", "内容", "度量单位", "计划完成时限")
    sheet.header(edges[1:], names)
    indicator_rows(sheet, edges[1:], items, _PARTS, merge_level2=rng.random() < 0.7)
    sheet.indicators = [i.facts(drop=_NOT_IN_FORM) for i in items]
    if rng.random() < 0.85:
        _signatures(sheet, rng, edges, ("部门申报意见", "财政审核意见"))
    repeats = () if rng.random() < 0.6 else sheet.header_rows
    return sheet.form("project_declaration_liaoning", repeats=repeats)


def _amounts(sheet: Sheet, edges: list[float], label: str, lines: list[tuple[str, int, str | None]]) -> None:
    sheet.put(edges[0], edges[1], label, "label", rows=len(lines))
    for name, cents, key in lines:
        sheet.put(edges[1], edges[4], name, "label")
        sheet.put(edges[4], edges[8], plain(cents) if cents else "", "number", key=key, align="center")
        sheet.row += 1


_INCOME = (
    "1.财政拨款收入",
    "2.提前告知上级转移支付资金",
    "3.纳入预算管理的行政事业性收费等非税收入",
    "4.纳入政府性基金预算管理收入",
    "5.纳入专户管理的行政事业性收费等非税收入",
    "6.上年结转",
    "7.其他收入",
)


def _income(rng: random.Random, total: int) -> list[tuple[str, int, str | None]]:
    used = sorted(rng.sample(range(7), k=rng.randint(1, 3)))
    parts = dict(zip(used, share_out(rng, total, len(used)), strict=True))
    lines: list[tuple[str, int, str | None]] = [("年度部门预算收入（1至7项合计）", total, "income_total")]
    return lines + [(name, parts.get(i, 0), None) for i, name in enumerate(_INCOME)]


def _expenditure(rng: random.Random, total: int, project_cents: int) -> list[tuple[str, int, str | None]]:
    pay, goods, family = share_out(rng, total - project_cents, 3)
    first, second = share_out(rng, project_cents, 2) if rng.random() < 0.5 else (0, project_cents)
    return [
        ("年度部门预算支出（一和二合计）", total, "expenditure_total"),
        ("一、基本支出（第1至4项小计）", total - project_cents, "basic_expenditure"),
        ("1.工资福利支出", pay, "salary_expenditure"),
        ("2.商品和服务支出", goods, "goods_services_expenditure"),
        ("3.对个人和家庭的补助", family, "individual_family_subsidies"),
        ("4.资本性支出", 0, None),
        ("二、项目支出（第1至2项小计）", project_cents, "project_expenditure"),
        ("1.履职保障类项目支出", first, None),
        ("2.事业发展类项目支出", second, None),
    ]


def _tasks(sheet: Sheet, rng: random.Random, office: Office, e: list[float], total: int) -> None:
    sums = share_out(rng, total, rng.randint(2, 5))
    sheet.put(e[0], e[1], "年度主要任务", "label", rows=len(sums) + 1)
    cuts = (e[1], e[3], e[4], e[6], e[8])
    sheet.line(cuts, ("重点工作", "对应项目", "预算资金情况（万元）", "完成时限"), "header")
    for cents in sums:
        texts = (
            rng.choice(common().tasks),
            rng.choice(office.department.projects),
            plain(cents),
            f"{office.year}年12月",
        )
        for a, b, text, role in zip(
            cuts, cuts[1:], texts, ("value", "value", "number", "date"), strict=False
        ):
            sheet.put(a, b, text, role, align="center")
        sheet.row += 1


def department(rng: random.Random, office: Office) -> Form:
    """Several pages: money, duties, tasks, goals, then the indicators of the whole department."""
    captions = (f"（{office.year}年度）", f"填报单位（盖章）：{office.name}")
    sheet = Sheet(f"{office.name}整体绩效目标申报表", captions)
    sheet.fields["reporting_unit"] = office.name
    e = _edges(rng)
    sheet.put(e[0], e[3], "部门（单位）名称", "label")
    sheet.put(e[3], e[8], office.name, "value", key="department_name")
    sheet.row += 1
    staff, bodies = str(rng.randint(9, 980)), str(rng.randint(1, 24)) if rng.random() < 0.7 else ""
    sheet.put(e[0], e[3], "部门（单位）财政供养人员数量", "label")
    sheet.put(e[3], e[4], staff, "number", key="staff_count", align="center")
    sheet.put(e[4], e[6], "所属单位数量", "label")
    sheet.put(e[6], e[8], bodies, "number", align="center")
    sheet.row += 1
    total = draw_total(rng) + 20000
    projects = rng.randint(total // 10, total // 2)
    _amounts(sheet, e, "年度预算收入（万元）", _income(rng, total))
    _amounts(sheet, e, "年度预算支出（万元）", _expenditure(rng, total, projects))
    sheet.put(e[0], e[1], "部门职能概述", "label")
    sheet.put(e[1], e[8], duties(rng, office), "text", key="duties")
    sheet.row += 1
    _tasks(sheet, rng, office, e, projects)
    sheet.put(e[0], e[1], "年度绩效目标", "label")
    sheet.put(e[1], e[8], numbered(rng, goals(rng, office, 4)), "text", key="goals")
    sheet.row += 1
    items = indicators(rng, office, OVERALL, total, rows=(1, 3))
    sheet.put(e[0], e[1], "年度绩效指标", "label", rows=len(items) + 1)
    heads = (e[1], e[2], e[3], e[4], e[7], e[8])
    sheet.header(heads, ("一级指标", "二级指标", "三级指标", "指标值", "完成时限"))
    indicator_rows(sheet, e[1:], items, _PARTS, merge_level2=True)
    sheet.indicators = [i.facts(drop=_NOT_IN_FORM) for i in items]
    repeats = sheet.header_rows if rng.random() < 0.3 else ()
    return sheet.form("dept_declaration_liaoning", repeats=repeats)

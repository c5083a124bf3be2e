"""Templates unlike the sample documents: the finance ministry's two, an uneven head, self-evaluation, department goals."""

import random

from bench.render.content import (
    MINISTRY,
    PROJECT,
    Indicator,
    Office,
    draw_total,
    goals,
    indicators,
    money,
    numbered,
    plain,
    project_code,
    project_name,
    share_out,
)
from bench.render.form import Form, Sheet
from bench.render.layouts.rows import JOINED, LEVEL3, Column, even, indicator_rows, stretch
from bench.render.words import common

_NOT_IN_FORM = ("description", "basis", "deadline")


def _funds(rng: random.Random, total: int) -> tuple[int, int]:
    """Fiscal and other part of a total."""
    other = share_out(rng, total, 2)[0] if total > 1 and rng.random() < 0.4 else 0
    return total - other, other


def _pair(sheet: Sheet, e: list[float], cells: tuple[tuple[str, str, str | None], ...]) -> None:
    """One row of label and value pairs over the edges `e`."""
    for i, (label, text, key) in enumerate(cells):
        sheet.put(e[2 * i], e[2 * i + 1], label, "label")
        sheet.put(e[2 * i + 1], e[2 * i + 2], text, "value", key=key)
    sheet.row += 1


def later(rng: random.Random, office: Office) -> Form:
    """The template of 2021: 成本指标 is a level 1 of its own."""
    sheet = Sheet("项目支出绩效目标表", (f"（{office.year}年度）", "单位：万元"))
    a, b, c, d = sorted(rng.uniform(*r) for r in ((0.1, 0.14), (0.24, 0.3), (0.45, 0.52), (0.66, 0.72)))
    total = draw_total(rng)
    fiscal, other = _funds(rng, total)
    sheet.put(0, b, "项目名称", "label")
    sheet.put(b, 1, project_name(rng, office), "value", key="project_name")
    sheet.row += 1
    wide = [0, b, c, d, 1.0]
    code = f"{office.name}-{rng.randint(101, 699)}"
    _pair(
        sheet,
        wide,
        (
            ("主管部门及代码", code, "supervising_department"),
            ("实施单位", office.name + rng.choice(common().units), "implementing_unit"),
        ),
    )
    _pair(
        sheet,
        wide,
        (
            ("项目属性", rng.choice(["经常性项目", "一次性项目", "延续项目"]), None),
            ("项目期", f"{rng.randint(1, 5)}年", None),
        ),
    )
    lines = (
        ("年度资金总额：", total, "budget_total"),
        ("其中：财政拨款", fiscal, "budget_fiscal"),
        ("其他资金", other, "budget_other"),
    )
    sheet.put(0, b, "项目资金\n（万元）", "label", rows=3)
    for label, cents, key in lines:
        sheet.put(b, c, label, "label")
        sheet.put(c, 1, money(cents) or "0.00", "number", key=key, align=rng.choice(["center", "right"]))
        sheet.row += 1
    sheet.put(0, a, "年度总体目标", "label")
    sheet.put(a, 1, numbered(rng, goals(rng, office, rng.randint(2, 4))), "text", key="goals")
    sheet.row += 1
    items = indicators(rng, office, MINISTRY, total, rows=(1, 3), skip=0.25)
    sheet.put(0, a, "绩效指标", "label", rows=len(items) + 1)
    low = [a, b, rng.uniform(b + 0.13, c + 0.05), d + 0.02, 1.0]
    sheet.header(low, ("一级指标", "二级指标", "三级指标", "指标值"))
    indicator_rows(sheet, low, items, (LEVEL3, JOINED), merge_level2=rng.random() < 0.6)
    sheet.indicators = [i.facts(drop=_NOT_IN_FORM) for i in items]
    return sheet.form("project_goal_ministry_2021", repeats=() if rng.random() < 0.4 else sheet.header_rows)


def _side_by_side(sheet: Sheet, left: list[Indicator], right: list[Indicator], e: list[float]) -> None:
    """Level 1 once, then 二级, 三级, value for the long term and again for the year."""
    for level1 in dict.fromkeys(i.level1 for i in left):
        halves = [[i for i in half if i.level1 == level1] for half in (left, right)]
        count = max(len(h) for h in halves)
        sheet.put(e[0], e[1], level1, "level1", rows=count)
        for row in range(count):
            for half, x in zip(halves, (1, 4), strict=True):
                item = half[row] if row < len(half) else None
                texts = (item.level2, item.level3, item.joined) if item else ("", "", "")
                for k, (text, role) in enumerate(zip(texts, ("level2", "level3", "value"), strict=True)):
                    sheet.put(e[x + k], e[x + k + 1], text, role)
            sheet.row += 1


def earlier(rng: random.Random, office: Office) -> Form:
    """The template of 2015: long-term and annual goals side by side."""
    sheet = Sheet("项目支出绩效目标申报表", (f"（{office.year}年度）", f"填报单位：{office.name}"))
    sheet.fields["reporting_unit"] = office.name
    total = draw_total(rng)
    fiscal, other = _funds(rng, total)
    e = stretch([8, 8, rng.uniform(10, 12), rng.uniform(14, 17), 10, 11, rng.uniform(14, 17), 11])
    wide = [e[0], e[2], e[4], e[6], e[8]]
    unit = office.name + rng.choice(common().units)
    _pair(
        sheet,
        wide,
        (
            ("项目名称", project_name(rng, office), "project_name"),
            ("项目类别", rng.choice(["其他运转类", "特定目标类"]), None),
        ),
    )
    _pair(
        sheet,
        wide,
        (("主管部门", office.name, "supervising_department"), ("实施单位", unit, "implementing_unit")),
    )
    sheet.put(e[0], e[2], "项目资金\n（万元）", "label", rows=3)
    middle = rng.randint(total, total * 4)
    spans = ((2, 3, 5), (5, 6, 8))
    rows = (
        ("中期资金总额：", middle, "年度资金总额：", total, "budget_total"),
        ("其中：财政拨款", middle - other, "其中：财政拨款", fiscal, "budget_fiscal"),
        ("其他资金", other, "其他资金", other, "budget_other"),
    )
    for left, cents, right, annual, key in rows:
        for (a, b, c), label, value in zip(spans, (left, right), (cents, annual), strict=True):
            sheet.put(e[a], e[b], label, "label")
            field = key if a == 5 else None
            sheet.put(e[b], e[c], plain(value) if value else "0", "number", key=field, align="center")
        sheet.row += 1
    sheet.put(e[0], e[1], "总体目标", "label", rows=2)
    sheet.put(e[1], e[5], f"中期目标（{office.year}年—{office.year + 3}年）", "label")
    sheet.put(e[5], e[8], "年度目标", "label")
    sheet.row += 1
    sheet.put(e[1], e[5], numbered(rng, goals(rng, office, 3)), "text")
    sheet.put(e[5], e[8], numbered(rng, goals(rng, office, 2)), "text")
    sheet.row += 1
    long_term = indicators(rng, office, PROJECT, middle, rows=(1, 2))
    annual_items = indicators(rng, office, PROJECT, total, rows=(1, 2))
    first = sheet.row
    sheet.header(e[1:], ("一级指标", "二级指标", "三级指标", "指标值", "二级指标", "三级指标", "指标值"))
    _side_by_side(sheet, long_term, annual_items, e[1:])
    sheet.put(e[0], e[1], "绩效指标", "label", row=first, rows=sheet.row - first)
    sheet.indicators = [i.facts(drop=_NOT_IN_FORM) for i in (*long_term, *annual_items)]
    return sheet.form("project_goal_ministry_2015", size=9.5)


def uneven_head(rng: random.Random, office: Office) -> Form:
    """The upper part's column edges never meet those of the lower part."""
    sheet = Sheet(
        f"{office.place}财政项目支出绩效目标申报表",
        (f"申报单位：{office.name}", f"{office.year}年度", "金额单位：元"),
    )
    sheet.fields["reporting_unit"] = office.name
    total = draw_total(rng) * 100
    fiscal, other = _funds(rng, total)
    top = [0, 0.2, 0.54, 0.7, 1.0]
    _pair(
        sheet,
        top,
        (
            ("项目名称", project_name(rng, office), "project_name"),
            ("项目编码", project_code(rng), "project_code"),
        ),
    )
    _pair(
        sheet,
        top,
        (
            ("项目负责人", rng.choice(common().surnames), None),
            ("联系电话", f"0{rng.randint(310, 999)}-{rng.randint(2100000, 8999999)}", None),
        ),
    )
    period = f"{office.year}-01-01至{office.year}-12-31"
    _pair(
        sheet,
        top,
        (("主管部门", office.name, "supervising_department"), ("实施期", period, "implementation_period")),
    )
    money_edges = even(0, 1, 6)
    amounts = (
        ("年度资金总额", total, "budget_total"),
        ("财政资金", fiscal, "budget_fiscal"),
        ("其他资金", other, "budget_other"),
    )
    for i, (label, cents, key) in enumerate(amounts):
        sheet.put(money_edges[2 * i], money_edges[2 * i + 1], label, "label")
        text = money(cents, separators=True) or "0.00"
        sheet.put(money_edges[2 * i + 1], money_edges[2 * i + 2], text, "number", key=key)
    sheet.row += 1
    for label, text in (
        ("立项依据", rng.choice(common().bases)),
        ("资金用途", rng.choice(common().purposes)),
    ):
        sheet.put(0, 0.13, label, "label")
        sheet.put(0.13, 1, text, "text")
        sheet.row += 1
    sheet.put(0, 0.13, "年度目标", "label")
    sheet.put(0.13, 1, numbered(rng, goals(rng, office, 3)), "text", key="goals")
    sheet.row += 1
    items = indicators(rng, office, PROJECT, total // 100, rows=(1, 2), skip=0.2)
    low = [0, 0.11, 0.28, 0.59, 0.75, 1.0]
    sheet.header(low, ("一级指标", "二级指标", "三级指标", "指标值", "备注"))
    note: Column = ("text", lambda i: "")
    indicator_rows(sheet, low, items, (LEVEL3, JOINED, note), merge_level2=True)
    sheet.indicators = [i.facts(drop=_NOT_IN_FORM) for i in items]
    return sheet.form("project_goal_uneven")


def _execution(sheet: Sheet, rng: random.Random, e: list[float], total: int) -> None:
    """The funds block: planned, revised, spent, points, rate, score."""
    sheet.put(e[0], e[2], "项目资金\n（万元）", "label", rows=4)
    names = ("", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")
    for x, name in enumerate(names):
        sheet.put(e[2 + x], e[3 + x], name, "header" if name else "empty")
    sheet.row += 1
    fiscal, other = _funds(rng, total)
    for label, cents, points in (
        ("年度资金总额", total, "10"),
        ("其中：当年财政拨款", fiscal, "—"),
        ("其他资金", other, "—"),
    ):
        spent = cents * rng.randint(60, 100) // 100
        rate = f"{spent / cents:.2%}" if cents else ""
        score = f"{spent / cents * 10:.2f}" if cents and points == "10" else "—"
        texts = (label, money(cents), money(cents), money(spent), points, rate, score)
        for x, text in enumerate(texts):
            key = "budget_total" if x == 1 and points == "10" else None
            sheet.put(e[2 + x], e[3 + x], text, "label" if x == 0 else "number", key=key, align="center")
        sheet.row += 1


def self_evaluation(rng: random.Random, office: Office) -> Form:
    """Self-evaluation after the year, nine columns, with points and scores."""
    sheet = Sheet("项目支出绩效自评表", (f"（{office.year}年度）",))
    e = stretch([6, 8, 16, 12, 12, 12, 7, 9, 14])
    total = draw_total(rng)
    wide = [e[0], e[2], e[5], e[6], e[9]]
    sheet.put(e[0], e[2], "项目名称", "label")
    sheet.put(e[2], e[9], project_name(rng, office), "value", key="project_name")
    sheet.row += 1
    unit = office.name + rng.choice(common().units)
    _pair(
        sheet,
        wide,
        (("主管部门", office.name, "supervising_department"), ("实施单位", unit, "implementing_unit")),
    )
    _execution(sheet, rng, e, total)
    sheet.put(e[0], e[1], "年度总体目标", "label", rows=2)
    sheet.put(e[1], e[5], "预期目标", "header")
    sheet.put(e[5], e[9], "实际完成情况", "header")
    sheet.put(e[1], e[5], goals(rng, office, 1)[0], "text", row=sheet.row + 1)
    sheet.put(e[5], e[9], goals(rng, office, 1)[0], "text", row=sheet.row + 1)
    sheet.row += 2
    items = indicators(rng, office, PROJECT, total, rows=(1, 2), skip=0.25)
    points = {id(i): str(rng.choice([2, 3, 4, 5, 6, 8, 10])) for i in items}
    reasons = {id(i): rng.choice(["", "", "", "受天气影响工期延后", "已整改"]) for i in items}
    columns: tuple[Column, ...] = (
        LEVEL3,
        JOINED,
        ("value", lambda i: i.value + i.unit),
        ("number", lambda i: points[id(i)]),
        ("number", lambda i: points[id(i)]),
        ("text", lambda i: reasons[id(i)]),
    )
    sheet.put(e[0], e[1], "绩效指标", "label", rows=len(items) + 1)
    low = [e[1], e[2], e[3], e[4], e[5], e[6], e[7], e[8], e[9]]
    sheet.header(
        low,
        (
            "一级指标",
            "二级指标",
            "三级指标",
            "年度指标值",
            "实际完成值",
            "分值",
            "得分",
            "偏差原因及改进措施",
        ),
    )
    indicator_rows(sheet, low, items, columns, merge_level2=True)
    sheet.indicators = [i.facts(drop=_NOT_IN_FORM) for i in items]
    sheet.put(e[0], e[6], "总分", "label")
    for x, text in ((6, "100"), (7, f"{rng.randint(8000, 10000) / 100:.2f}"), (8, "")):
        sheet.put(e[x], e[x + 1], text, "number", align="center")
    sheet.row += 1
    return sheet.form("project_self_evaluation", size=9.5, landscape=rng.random() < 0.4)


def department_goal(rng: random.Random, office: Office) -> Form:
    """Goals of a whole department: tasks with their funds, then indicators."""
    sheet = Sheet("部门（单位）整体支出绩效目标表", (f"（{office.year}年度）", "单位：万元"))
    e = stretch([10, 14, 26, 14, 14, 14])
    sheet.put(e[0], e[1], "部门（单位）名称", "label")
    sheet.put(e[1], e[6], office.name, "value", key="department_name")
    sheet.row += 1
    sums = share_out(rng, draw_total(rng) + 900, rng.randint(2, 5))
    fiscal = [s if rng.random() < 0.6 or s < 2 else rng.randint(1, s) for s in sums]
    sheet.put(e[0], e[1], "年度主要任务", "label", rows=len(sums) + 3)
    sheet.put(e[1], e[2], "任务名称", "header", rows=2)
    sheet.put(e[2], e[3], "主要内容", "header", rows=2)
    sheet.put(e[3], e[6], "预算金额（万元）", "header")
    for x, name in enumerate(("总额", "财政拨款", "其他资金"), 3):
        sheet.put(e[x], e[x + 1], name, "header", row=sheet.row + 1)
    sheet.row += 2
    for cents, part in zip(sums, fiscal, strict=True):
        texts = (
            rng.choice(common().tasks),
            rng.choice(office.department.aims),
            *map(money, (cents, part, cents - part)),
        )
        sheet.line(e[1:], texts, ("value", "text", "number", "number", "number"))
    sheet.put(e[1], e[3], "金额合计", "label")
    for x, cents in enumerate((sum(sums), sum(fiscal), sum(sums) - sum(fiscal)), 3):
        sheet.put(e[x], e[x + 1], money(cents), "number")
    sheet.row += 1
    sheet.put(e[0], e[1], "年度总体目标", "label")
    sheet.put(e[1], e[6], numbered(rng, goals(rng, office, 4)), "text", key="goals")
    sheet.row += 1
    items = indicators(rng, office, MINISTRY, sum(sums), rows=(1, 2))
    sheet.put(e[0], e[1], "年度绩效指标", "label", rows=len(items) + 1)
    low = [e[1], e[2], rng.uniform(e[2] + 0.12, e[3] - 0.12), e[5] - 0.03, e[6]]
    sheet.header(low, ("一级指标", "二级指标", "三级指标", "指标值"))
    indicator_rows(sheet, low, items, (LEVEL3, JOINED), merge_level2=rng.random() < 0.5)
    sheet.indicators = [i.facts(drop=_NOT_IN_FORM) for i in items]
    return sheet.form("dept_goal_ministry")

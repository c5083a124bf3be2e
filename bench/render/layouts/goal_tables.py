"""Goal tables with six or seven columns in several variants, and the department's indicators with nine."""

import random
from dataclasses import replace

from bench.render.content import (
    DEPARTMENT,
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
from bench.render.layouts.rows import (
    BASIS,
    DESCRIPTION,
    JOINED,
    LEVEL3,
    OPERATOR,
    UNIT,
    VALUE,
    indicator_rows,
    stretch,
)
from bench.render.words import common

_HEADINGS = ("一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值", "指标值确定依据")
_NO_DEADLINE = ("deadline",)


def _title(rng: random.Random, name: str) -> str:
    number = rng.randint(1, 40)
    return rng.choice([f"{number}、{name}绩效目标表", f"{number}. {name}绩效目标表", f"{name}绩效目标表"])


def _rename(items: list[Indicator], rng: random.Random) -> list[Indicator]:
    """Some offices print 效果指标 for 效益指标 and 百分比 for %."""
    level1, unit = rng.random() < 0.3, rng.random() < 0.2
    return [
        replace(
            i,
            level1="效果指标" if level1 and i.level1 == "效益指标" else i.level1,
            unit="百分比" if unit and i.unit == "%" else i.unit,
        )
        for i in items
    ]


def six_columns(rng: random.Random, office: Office) -> Form:
    name = project_name(rng, office)
    sheet = Sheet(_title(rng, name))
    edges = stretch(
        [rng.uniform(7, 10), 12, rng.uniform(15, 19), rng.uniform(18, 26), rng.uniform(8, 12), 17]
    )
    text = numbered(rng, goals(rng, office, rng.randint(1, 3)))
    sheet.put(edges[0], edges[1], "绩效目标", "label")
    sheet.put(edges[1], edges[6], text, "text", key="goals")
    sheet.row += 1
    sheet.header(edges, _HEADINGS)
    items = _rename(
        indicators(rng, office, PROJECT, draw_total(rng), rows=(1, rng.randint(1, 4)), skip=0.2), rng
    )
    merge = rng.random() < 0.3
    indicator_rows(sheet, edges, items, (LEVEL3, DESCRIPTION, JOINED, BASIS), merge_level2=merge)
    sheet.indicators = [i.facts(drop=_NO_DEADLINE) for i in items]
    return sheet.form("goal_hebei_6col")


def _plan(rng: random.Random) -> list[str]:
    """Cumulative shares that never fall and end at 100; blanks may lead, or follow 100."""
    values = sorted(rng.choice([0, 10, 20, 25, 30, 40, 50, 60, 75, 80, 90, 100]) for _ in range(3)) + [100]
    sign = rng.choice(["", "%"])
    texts = [f"{v}{sign}" for v in values]
    if rng.random() < 0.2:
        first = values.index(100)
        texts[first + 1 :] = [""] * (3 - first)
    if values[0] == 0 and rng.random() < 0.5:
        texts[0] = ""
    return texts


def _budget_row(sheet: Sheet, rng: random.Random, edges: list[float], total: int) -> None:
    other = share_out(rng, total, 2)[0] if total > 1 and rng.random() < 0.35 else 0
    write = money if rng.random() < 0.6 else plain
    zero = rng.choice(["", "0", "0.00"])
    texts = (write(total), write(total - other), write(other) if other else zero)
    names = ("预算数", "其中：财政资金", "其他资金")
    keys = ("budget_total", "budget_fiscal", "budget_other")
    for i, (label, text, key) in enumerate(zip(names, texts, keys, strict=True)):
        sheet.put(edges[1 + 2 * i], edges[2 + 2 * i], label, "label")
        sheet.put(edges[2 + 2 * i], edges[3 + 2 * i], text, "number", key=key)
    sheet.row += 1


def _plan_rows(sheet: Sheet, rng: random.Random, edges: list[float]) -> None:
    cuts = rng.choice([(1, 3, 5, 6, 7), (1, 3, 4, 5, 7), (1, 2, 4, 6, 7), (1, 3, 4, 6, 7)])
    sheet.put(edges[0], edges[1], rng.choice(["资金支出计划（%）", "资金支出计划(%)"]), "label", rows=2)
    months = ("3月底", "6月底", "10月底", "12月底")
    keys = ("plan_march", "plan_june", "plan_october", "plan_december")
    for month, text, key, a, b in zip(months, _plan(rng), keys, cuts, cuts[1:], strict=False):
        sheet.put(edges[a], edges[b], month, "label")
        sheet.put(edges[a], edges[b], text, "number", row=sheet.row + 1, key=key)
    sheet.row += 2


def _goal_rows(sheet: Sheet, rng: random.Random, office: Office, edges: list[float]) -> None:
    lines = goals(rng, office, rng.randint(1, 4))
    kind = rng.choice(["one", "rows", "labelled"])
    if kind == "one" or len(lines) == 1:
        sheet.put(edges[0], edges[1], "绩效目标", "label")
        sheet.put(edges[1], edges[7], numbered(rng, lines), "text", key="goals")
        sheet.row += 1
        return
    sheet.put(edges[0], edges[1], "绩效目标", "label", rows=len(lines))
    for number, line in enumerate(lines, 1):
        if kind == "labelled":
            sheet.put(edges[1], edges[2], f"目标{number}", "label")
        sheet.put(edges[2 if kind == "labelled" else 1], edges[7], line, "text")
        sheet.row += 1


def seven_columns(rng: random.Random, office: Office) -> Form:
    name = project_name(rng, office)
    sheet = Sheet(_title(rng, name), ("", "单位：万元") if rng.random() < 0.7 else ())
    edges = stretch(
        [rng.uniform(9, 12), 11, rng.uniform(10, 14), rng.uniform(14, 20), 11, rng.uniform(7, 10), 9]
    )
    sheet.put(edges[0], edges[1], "项目编码", "label")
    sheet.put(edges[1], edges[3], project_code(rng), "text", key="project_code", align="center")
    sheet.put(edges[3], edges[4], rng.choice(["项目名称", "专项资金名称"]), "label")
    sheet.put(edges[4], edges[7], name, "text", key="project_name", align="center")
    sheet.row += 1
    total = draw_total(rng)
    purpose = rng.random() < 0.8
    sheet.put(edges[0], edges[1], "预算规模及资金用途", "label", rows=1 + purpose)
    _budget_row(sheet, rng, edges, total)
    if purpose:
        texts = rng.sample(common().purposes, k=rng.randint(1, 3))
        sheet.put(edges[1], edges[7], numbered(rng, texts) if len(texts) > 1 else texts[0], "text")
        sheet.row += 1
    _plan_rows(sheet, rng, edges)
    _goal_rows(sheet, rng, office, edges)
    wide = rng.choice([5, 3])  # which of the lower columns takes two of the upper ones
    lower = edges[: wide + 1] + edges[wide + 2 :]
    sheet.header(lower, _HEADINGS)
    most = rng.choice([1, 1, 2, 3, 5])
    items = _rename(indicators(rng, office, PROJECT, total, rows=(1, most), skip=0.1), rng)
    indicator_rows(sheet, lower, items, (LEVEL3, DESCRIPTION, JOINED, BASIS), merge_level2=False)
    sheet.indicators = [i.facts(drop=_NO_DEADLINE) for i in items]
    return sheet.form("goal_hebei_7col")


def department_indicators(rng: random.Random, office: Office) -> Form:
    """Nine columns below a heading of two rows; landscape."""
    sheet = Sheet(rng.choice(["（四）部门整体支出绩效指标", f"{office.name}整体支出绩效指标"]))
    edges = stretch([6, 7, 12, 18, 16, 5, 8, 5, 12])
    names = ("一级指标", "二级指标", "三级指标", "评分标准", "绩效指标描述")
    for i, text in enumerate((*names, "指标值确定依据")):
        at = 8 if i == 5 else i
        sheet.put(edges[at], edges[at + 1], text, "header", rows=2)
    sheet.put(edges[5], edges[8], "指标值", "header")
    for i, text in enumerate(("符号", "值", "单位")):
        sheet.put(edges[5 + i], edges[6 + i], text, "header", row=1)
    sheet.header_rows, sheet.row = [0, 1], 2
    items = indicators(rng, office, DEPARTMENT, draw_total(rng), rows=(1, 4))
    points = {
        i.level3: f"达到目标得权重分的100%，每低{rng.choice([1, 2, 5, 10])}%扣{rng.randint(1, 5)}分"
        for i in items
    }
    score = ("score_or_desc", lambda i: points[i.level3])
    columns = (LEVEL3, score, DESCRIPTION, OPERATOR, VALUE, UNIT, BASIS)
    indicator_rows(sheet, edges, items, columns, merge_level2=True)
    sheet.indicators = [i.facts(drop=_NO_DEADLINE) for i in items]
    return sheet.form("dept_indicators", landscape=True)

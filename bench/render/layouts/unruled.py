"""Tables that lack rulings, stand beside one another or in a cell of one another.

None is part of the ordinary draw: they are asked for by name.
"""

import random
from collections.abc import Sequence
from dataclasses import replace

from bench.render.content import PROJECT, Office, draw_total, indicators, money, project_name, share_out
from bench.render.form import Form, Lines, Sheet
from bench.render.layouts import registers, statements
from bench.render.layouts.rows import stretch
from bench.render.words import common


def _one_of(rng: random.Random, office: Office, lines: Lines) -> Form:
    build = rng.choice(
        (
            registers.org_setup,
            registers.fixed_assets,
            statements.functional,
            statements.basic,
            statements.expenditure_summary,
            indicator_list,
            project_list,
        )
    )
    return replace(build(rng, office), lines=lines)


def indicator_list(rng: random.Random, office: Office) -> Form:
    """Numbered indicators with operator, value and unit; no merged cells."""
    sheet = Sheet("绩效指标一览表", (f"填报单位：{office.name}",))
    e = stretch([7, 14, 40, 10, 12, 10])
    sheet.header(e, ("序号", "二级指标", "三级指标", "符号", "指标值", "单位"))
    found = indicators(rng, office, PROJECT, draw_total(rng), rows=(1, 2))
    for number, item in enumerate(found, 1):
        texts = (str(number), item.level2, item.level3, item.operator, item.value, item.unit)
        sheet.line(e, texts, ("number", "level2", "text", "op", "value", "unit"))
    return sheet.form("indicator_list")


def project_list(rng: random.Random, office: Office) -> Form:
    """Projects with their amounts, whose names wrap."""
    sheet = Sheet(f"{office.year}年部门预算项目明细表", (f"编制单位：{office.name}", "单位：万元"))
    e = stretch([8, 38, 16, 16, 16])
    sheet.header(e, ("序号", "项目名称", "合计", "财政拨款", "其他资金"))
    roles = ("number", "text", "number", "number", "number")
    for number in range(1, rng.randint(5, 14)):
        fiscal, other = share_out(rng, draw_total(rng) + 10, 2)
        texts = (str(number), project_name(rng, office), money(fiscal + other), money(fiscal), money(other))
        sheet.line(e, texts, roles)
    return sheet.form("project_list")


def three_line(rng: random.Random, office: Office) -> Form:
    return _one_of(rng, office, "three")


def across_only(rng: random.Random, office: Office) -> Form:
    return _one_of(rng, office, "across")


def borderless(rng: random.Random, office: Office) -> Form:
    return _one_of(rng, office, "none")


def open_sided(rng: random.Random, office: Office) -> Form:
    return _one_of(rng, office, "open")


_Row = Sequence[str]


def _short(rng: random.Random, title: str, head: _Row, names: _Row, unit: str) -> Form:
    """A table of names and amounts, narrow enough to stand beside another one."""
    sheet = Sheet(title, (unit,))
    e = stretch([30, *[18] * (len(head) - 1)])
    sheet.header(e, head)
    for name in names:
        amounts = [money(rng.randint(0, 900000)) for _ in head[1:]]
        sheet.line(e, (name, *amounts), ("text", *["number"] * len(amounts)))
    return sheet.form("two_tables")


def side_by_side(rng: random.Random, office: Office) -> Form:
    """Income to the left, expenditure to the right, each with its own title, unit and number of rows."""
    classes = list(common().classes)
    income = ("财政拨款收入", "事业收入", "经营收入", "上级补助收入", "其他收入")
    spent = rng.sample(classes, k=rng.randint(4, 12))
    left = _short(
        rng,
        "收入预算表",
        ("项目", "预算数"),
        income[: rng.randint(3, 5)],
        rng.choice(["单位：万元", "金额：万元"]),
    )
    head = rng.choice([("项目", "预算数"), ("功能分类", "本年", "上年")])
    right = _short(rng, "支出预算表", head, spent, "单位：元")
    return replace(left, beside=right)


def nested(rng: random.Random, office: Office) -> Form:
    """A form with a table of amounts inside one of its cells."""
    sheet = Sheet("项目资金申请表", (f"申报单位：{office.name}", "单位：万元"))
    e = stretch([22, 28, 22, 28])
    sheet.line(e, ("项目名称", project_name(rng, office), "年度", str(office.year)), ("label", "value") * 2)
    sheet.put(e[0], e[1], "资金明细", "label")
    sheet.put(e[1], e[4], "", "nested")
    sheet.row += 1
    sheet.put(e[0], e[1], "备注", "label")
    sheet.put(e[1], e[4], rng.choice(["", "按季度拨付。", "以批复数为准。"]), "text")
    inner = Sheet("")
    columns = rng.choice([("用途", "金额"), ("用途", "金额", "时间"), ("用途", "单价", "数量", "金额")])
    w = stretch([30, *[16] * (len(columns) - 1)])
    inner.header(w, columns)
    for name in rng.sample(
        ("设备购置", "人员培训", "专家咨询", "材料印刷", "差旅费", "会议费"), k=rng.randint(2, 5)
    ):
        amounts = [money(rng.randint(100, 90000)) for _ in columns[1:]]
        inner.line(w, (name, *amounts), ("text", *["number"] * len(amounts)))
    return replace(sheet.form("nested_tables"), nested=inner.form("nested_inner"))

"""Budget statements: nested headings, a 栏次 row, money in two decimals whose sums come out."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from bench.render.content import Office, draw_total, money, share_out
from bench.render.form import Align, Form, Sheet
from bench.render.layouts.rows import stretch
from bench.render.words import common

Split = dict[str, int]
"""An amount in cents by the name of its column."""


@dataclass(frozen=True)
class CodeLine:
    """A coded line; `parts` are its amounts."""

    code: str
    name: str
    parts: Split


_FIXED = (
    (
        ("208", "社会保障和就业支出"),
        ("20805", "行政事业单位养老支出"),
        ("2080505", "机关事业单位基本养老保险缴费支出"),
    ),
    (("210", "卫生健康支出"), ("21011", "行政事业单位医疗"), ("2101101", "行政单位医疗")),
    (("221", "住房保障支出"), ("22102", "住房改革支出"), ("2210201", "住房公积金")),
)


def code_tree(rng: random.Random, office: Office, columns: Sequence[str]) -> list[CodeLine]:
    """Functional codes of 3, 5 and 7 digits in ascending order, each the sum of its children."""
    department = office.department
    chosen = rng.sample(department.items, k=rng.randint(2, len(department.items)))
    paths = [(department.budget_class, department.group, item) for item in chosen]
    paths += [p for p in _FIXED if p[2][0] not in {item[0] for item in chosen}]
    leaves: dict[str, Split] = {}
    for path in paths:
        used = rng.sample(list(columns), k=min(len(columns), rng.choice([1, 1, 2])))
        parts = share_out(rng, draw_total(rng) + 10, len(used))
        leaves[path[2][0]] = dict(zip(used, parts, strict=True))
    lines: dict[str, CodeLine] = {}
    for path in paths:
        for code, name in path:
            below = [parts for leaf, parts in leaves.items() if leaf.startswith(code)]
            total = {c: sum(p.get(c, 0) for p in below) for c in columns}
            lines[code] = CodeLine(code, name, total)
    return [lines[code] for code in sorted(lines)]


def total_of(lines: Sequence[CodeLine], length: int = 3) -> Split:
    """The sum of the lines whose codes have `length` digits."""
    top = [line for line in lines if len(line.code) == length]
    return {c: sum(line.parts[c] for line in top) for c in top[0].parts}


def _start(rng: random.Random, office: Office, title: str) -> Sheet:
    number = rng.randint(101, 699)
    captions = (f"{number}{office.name}", f"预算年度：{office.year}", "单位：万元")
    return Sheet(title, captions)


def _nested(
    sheet: Sheet, e: list[float], heads: Sequence[tuple[str, Sequence[str]]], ordinal: bool = True
) -> None:
    """Two heading rows (a head without parts takes both) and the row that numbers the columns."""
    at = 0
    if ordinal:
        heads = [("序号", ()), *heads]
    for text, parts in heads:
        if not parts:
            sheet.put(e[at], e[at + 1], text, "header", rows=2)
            at += 1
            continue
        sheet.put(e[at], e[at + len(parts)], text, "header")
        for part in parts:
            sheet.put(e[at], e[at + 1], part, "header", row=sheet.row + 1)
            at += 1
    texts = ["栏次", *map(str, range(1, len(e) - 1))] if ordinal else [str(i) for i in range(1, len(e))]
    sheet.row += 2
    sheet.line(e, texts, "header")
    sheet.header_rows = [0, 1, 2]


def _row(sheet: Sheet, e: list[float], number: int, texts: Sequence[str], roles: Sequence[str]) -> None:
    sheet.put(e[0], e[1], str(number), "number", align="center")
    for i, (text, role) in enumerate(zip(texts, roles, strict=True), 1):
        align: Align | None = "left" if role == "code" else None
        sheet.put(e[i], e[i + 1], text, role if text else "empty", align=align)
    sheet.row += 1


_ORDINALS = "零一二三四五六七八九十"


def chinese(n: int) -> str:
    """A number from 1 to 39 in Chinese."""
    tens, ones = divmod(n, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _ORDINALS[tens] + "十"
    return head + (_ORDINALS[ones] if ones else "")


_INCOME = (
    "一般公共预算拨款",
    "政府性基金预算拨款",
    "国有资本经营预算拨款",
    "财政专户管理资金",
    "事业收入",
    "事业单位经营收入",
    "上级补助收入",
    "附属单位上缴收入",
    "单位资金",
    "其他收入",
)


def _spent_classes(rng: random.Random, office: Office, total: int) -> dict[str, int]:
    names = {office.department.budget_class[1], "社会保障和就业支出", "卫生健康支出", "住房保障支出"}
    known = [c for c in common().classes if c in names]
    return dict(zip(known, share_out(rng, total, len(known)), strict=True))


def budget_summary(rng: random.Random, office: Office) -> Form:
    sheet = _start(rng, office, rng.choice(["部门预算收支总表", "部门收支总体情况表"]))
    e = stretch([7, 32, 16, 32, 16])
    _nested(sheet, e, (("收入", ("项  目", "预算数")), ("支出", ("项  目", "预算数"))))
    total = draw_total(rng) + 40000
    carried = share_out(rng, total, 4)[0] if rng.random() < 0.4 else 0
    names = _INCOME[: rng.choice([5, 9, 10])]
    used = sorted(rng.sample(range(len(names)), k=rng.randint(1, 3)))
    income = dict(zip(used, share_out(rng, total - carried, len(used)), strict=True))
    spent = _spent_classes(rng, office, total)
    for i, name in enumerate(common().classes):
        left = (f"{chinese(i + 1)}、{names[i]}", money(income.get(i, 0))) if i < len(names) else ("", "")
        texts = (*left, f"{chinese(i + 1)}、{name}", money(spent.get(name, 0)))
        _row(sheet, e, i + 1, texts, ("text", "number", "text", "number"))
    tail = (
        ("本年收入合计", total - carried, "本年支出合计", total),
        ("上年结转结余", carried, "年终结转结余", 0),
        ("收入总计", total, "支出总计", total),
    )
    for k, (a, x, b, y) in enumerate(tail, len(common().classes) + 1):
        _row(sheet, e, k, (a, money(x), b, money(y)), ("text", "number", "text", "number"))
    return sheet.form("budget_summary", size=9)


_KINDS = (
    "财政拨款收入",
    "财政专户收入",
    "事业收入",
    "经营收入",
    "上级补助收入",
    "附属单位上缴收入",
    "其他收入",
)


def income_summary(rng: random.Random, office: Office) -> Form:
    sheet = _start(rng, office, "部门预算收入总表")
    e = stretch([5, 9, 18, 10, 10, *[9] * 7, 9])
    _nested(
        sheet,
        e,
        (
            ("功能分类科目", ("科目编码", "科目名称")),
            ("合计", ()),
            ("本年收入", ("小计", *_KINDS)),
            ("上年结转", ()),
        ),
    )
    lines = code_tree(rng, office, (*_KINDS, "上年结转"))
    roles = ("code", "text", *["number"] * 10)

    def texts(code: str, name: str, parts: Split) -> list[str]:
        now = sum(parts[k] for k in _KINDS)
        amounts = [now + parts["上年结转"], now, *(parts[k] for k in _KINDS), parts["上年结转"]]
        return [code, name, *map(money, amounts)]

    _row(sheet, e, 1, texts("", "合计", total_of(lines)), roles)
    for i, line in enumerate(lines, 2):
        _row(sheet, e, i, texts(line.code, line.name, line.parts), roles)
    return sheet.form("income_summary", landscape=True, size=8.5)


def _summed(
    rng: random.Random,
    office: Office,
    title: str,
    group: str,
    columns: Sequence[str],
    family: str,
    landscape: bool,
) -> Form:
    """Code, name, 合计 and its `columns`."""
    sheet = _start(rng, office, title)
    e = stretch([6, 11, 26, *[13] * (len(columns) + 1)])
    heads: list[tuple[str, Sequence[str]]] = [(group, ("科目编码", "科目名称"))]
    heads += [(name, ()) for name in ("合计", *columns)]
    _nested(sheet, e, heads)
    lines = code_tree(rng, office, columns)
    roles = ("code", "text", *["number"] * (len(columns) + 1))
    whole = CodeLine("", "合计", total_of(lines))
    for i, line in enumerate((whole, *lines), 1):
        amounts = (sum(line.parts.values()), *(line.parts[c] for c in columns))
        _row(sheet, e, i, (line.code, line.name, *map(money, amounts)), roles)
    return sheet.form(family, landscape=landscape, size=9.5)


def expenditure_summary(rng: random.Random, office: Office) -> Form:
    columns = ("基本支出", "项目支出", "经营支出", "上解上级支出", "对附属单位补助支出")
    return _summed(rng, office, "部门预算支出总表", "功能分类科目", columns, "expenditure_summary", True)


def functional(rng: random.Random, office: Office) -> Form:
    title = "部门预算一般公共预算财政拨款支出表"
    return _summed(rng, office, title, "功能分类科目", ("基本支出", "项目支出"), "func_expenditure", False)


def functional_empty(rng: random.Random, office: Office) -> Form:
    fund, family = rng.choice(
        [("政府性基金", "func_expenditure_fund"), ("国有资本经营", "func_expenditure_soe")]
    )
    sheet = _start(rng, office, f"部门预算{fund}预算财政拨款支出表")
    e = stretch([6, 11, 26, 13, 13, 13])
    _nested(
        sheet,
        e,
        (("功能分类科目", ("科目编码", "科目名称")), ("合计", ()), ("基本支出", ()), ("项目支出", ())),
    )
    for _ in range(rng.randint(1, 5)):
        sheet.line(e, [""] * 6, "empty")
    return sheet.form(family, note=f"注：无{fund}预算财政拨款，空表列示。")


def fiscal_summary(rng: random.Random, office: Office) -> Form:
    sheet = _start(rng, office, "部门预算财政拨款收支总表")
    e = stretch([6, 22, 13, 24, 13, 13, 13, 13])
    funds = ("一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款")
    _nested(sheet, e, (("收入", ("项  目", "金额")), ("支出", ("项  目", "合计", *funds))))
    spent = _spent_classes(rng, office, draw_total(rng) + 40000)
    split = {
        k: dict.fromkeys(funds, 0) | {funds[0] if rng.random() < 0.8 else rng.choice(funds): v}
        for k, v in spent.items()
    }
    sums = {f: sum(s[f] for s in split.values()) for f in funds}
    blank = dict.fromkeys(funds, 0)
    roles = ("text", "number", "text", "number", "number", "number", "number")

    def put(number: int, left: str, cents: int, right: str, parts: Split) -> None:
        texts = (left, money(cents), right, money(sum(parts.values())), *(money(parts[f]) for f in funds))
        _row(sheet, e, number, texts, roles)

    for i, name in enumerate(common().classes):
        left, cents = (f"{chinese(i + 1)}、{_INCOME[i]}", sums[funds[i]]) if i < 3 else ("", 0)
        put(i + 1, left, cents, f"{chinese(i + 1)}、{name}", split.get(name, blank))
    count, whole = len(common().classes), sum(sums.values())
    put(count + 1, "本年收入合计", whole, "本年支出合计", sums)
    put(count + 2, "上年财政拨款结转", 0, "年终财政拨款结转", blank)
    put(count + 3, "收入总计", whole, "支出总计", sums)
    return sheet.form("fiscal_summary", size=9)


def basic(rng: random.Random, office: Office) -> Form:
    sheet = _start(rng, office, "部门预算一般公共预算财政拨款基本支出表")
    e = stretch([6, 12, 26, 14, 14, 14])
    heads = (
        ("支出部门经济分类科目", ("科目编码", "科目名称")),
        ("一般公共预算基本支出", ("合计", "人员经费", "公用经费")),
    )
    _nested(sheet, e, heads)
    lines: list[tuple[str, str, int, int]] = []
    for code, name, children in common().economic_codes:
        chosen = [c for c in children if rng.random() < 0.7] or list(children[:2])
        sums = share_out(rng, draw_total(rng) + 100, len(chosen))
        column = 1 if code == "302" else 0
        rows = [(c, n, s * (1 - column), s * column) for (c, n), s in zip(chosen, sums, strict=True)]
        lines += [(code, name, sum(r[2] for r in rows), sum(r[3] for r in rows)), *rows]
    staff = sum(x[2] for x in lines if len(x[0]) == 3)
    office_cost = sum(x[3] for x in lines if len(x[0]) == 3)
    roles = ("code", "text", "number", "number", "number")
    for i, (code, name, a, b) in enumerate([("", "合计", staff, office_cost), *lines], 1):
        _row(sheet, e, i, (code, name, money(a + b), money(a), money(b)), roles)
    return sheet.form("basic_expenditure", size=9.5)


def three_public(rng: random.Random, office: Office) -> Form:
    sheet = _start(rng, office, "部门预算财政拨款“三公”经费支出表")
    e = stretch([7, 34, 15, 15, 15, 15])
    funds = ("一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款")
    _nested(sheet, e, (("项目", ()), ("资金性质", ("合计", *funds))))
    abroad, buy, run, guests, meeting, training = (rng.choice([0, rng.randint(10, 9000)]) for _ in range(6))
    cars = buy + run
    small = abroad + cars + guests
    rows = (
        ("合计", small + meeting + training),
        ("“三公”经费小计", small),
        ("一、因公出国（境）费", abroad),
        ("二、公务用车购置及运行维护费", cars),
        ("其中：公务用车购置费", buy),
        ("公务用车运行维护费", run),
        ("三、公务接待费", guests),
        ("四、会议费", meeting),
        ("五、培训费", training),
    )
    for i, (name, cents) in enumerate(rows, 1):
        _row(sheet, e, i, (name, money(cents), money(cents), "", ""), ("text", *["number"] * 4))
    return sheet.form("three_public")

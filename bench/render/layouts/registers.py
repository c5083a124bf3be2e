"""Registers: the offices of a department, its procurement, its fixed assets."""

import random

from bench.render.content import Office, money, project_name
from bench.render.form import Form, Sheet
from bench.render.layouts.rows import stretch
from bench.render.words import common


def org_setup(rng: random.Random, office: Office) -> Form:
    sheet = Sheet("部门机构设置情况")
    e = stretch([40, 20, 20, 24])
    sheet.header(e, ("单位名称", "单位性质", "单位规格", "经费保障形式"))
    words = common()
    for unit in rng.sample(words.units, k=rng.randint(1, len(words.units))):
        row = (
            office.name + unit,
            rng.choice(words.org_kinds),
            rng.choice(words.org_ranks),
            rng.choice(words.org_funds),
        )
        sheet.line(e, row, "value")
    return sheet.form("org_setup")


_FUNDS = (
    "一般公共预算拨款",
    "基金预算拨款",
    "国有资本经营预算拨款",
    "财政专户核拨",
    "单位资金",
    "财政拨款结转",
    "非财政拨款结转结余",
)


def _item(rng: random.Random, office: Office) -> tuple[list[str], int, int]:
    """The texts of one item, its amount in cents, and the fund that pays it."""
    name, code, unit = rng.choice(common().goods)
    count, price = rng.randint(1, 60), rng.randint(10, 9000)
    amount, fund = count * price, rng.choices(range(len(_FUNDS)), [8, 1, 1, 1, 2, 1, 1])[0]
    budget = amount + rng.choice([0, 0, 1000, 12500])
    sums = [money(amount) if k == fund else "" for k in range(len(_FUNDS))]
    texts = [
        project_name(rng, office),
        money(budget),
        name,
        code,
        unit,
        str(count),
        money(price),
        money(amount),
    ]
    return [*texts, *sums, rng.choice([money(amount), ""])], amount, fund


def _sum_row(name: str, items: list[tuple[list[str], int, int]]) -> list[str]:
    by_fund = [sum(a for _, a, f in items if f == k) for k in range(len(_FUNDS))]
    reserved = sum(a for texts, a, _ in items if texts[-1])
    return [name, *[""] * 6, money(sum(by_fund)), *map(money, by_fund), money(reserved)]


def procurement(rng: random.Random, office: Office) -> Form:
    """Sixteen narrow columns, landscape."""
    sheet = Sheet("部门政府采购预算", (f"{rng.randint(101, 699)}{office.name}", "单位：万元"))
    e = stretch([11, 7, 8, 9, 4.5, 4.5, 6, *[6.5] * 8, 6.5])
    sheet.put(e[0], e[2], "政府采购项目来源", "header")
    sheet.put(e[0], e[1], "项目名称", "header", row=1)
    sheet.put(e[1], e[2], "预算资金", "header", row=1)
    for i, text in enumerate(("采购物品名称", "政府采购目录序号", "计量单位", "数量", "单价"), 2):
        sheet.put(e[i], e[i + 1], text, "header", rows=2)
    sheet.put(e[7], e[15], "政府采购金额（当年部门预算安排资金）", "header")
    for i, text in enumerate(("合计", *_FUNDS), 7):
        sheet.put(e[i], e[i + 1], text, "header", row=1)
    sheet.put(e[15], e[16], f"{office.year}年预留中小微企业份额", "header", rows=2)
    sheet.header_rows, sheet.row = [0, 1], 2
    roles = ("text", "number", "text", "code", "text", *["number"] * 11)
    groups = [[_item(rng, office) for _ in range(rng.randint(1, 5))] for _ in range(rng.randint(1, 3))]
    units = rng.sample(common().units, k=len(groups))
    rows = [_sum_row("合  计", [i for g in groups for i in g])]
    for unit, group in zip(units, groups, strict=True):
        rows += [_sum_row(f"{office.name}{unit}小计", group), *(texts for texts, _, _ in group)]
    for texts in rows:
        for x0, x1, text, role in zip(e, e[1:], texts, roles, strict=False):
            sheet.put(x0, x1, text, role if text else "empty", align="center" if role == "code" else None)
        sheet.row += 1
    return sheet.form("gov_procurement", landscape=True, size=rng.choice([7.5, 8, 9]))


def fixed_assets(rng: random.Random, office: Office) -> Form:
    sheet = Sheet(
        "部门固定资产占用情况表", (f"编制单位：{office.name}", f"截止时间：{office.year - 1}年12月31日")
    )
    e = stretch([40, 20, 26])
    sheet.header(e, ("项目", "数量", "价值（金额单位：万元）"))
    house, cars, machines, rest = (rng.randint(100, 900000) for _ in range(4))
    used = rng.randint(1, house)
    limit = rng.choice([20, 50, 100])
    rows = (
        ("资产总额", "——", house + cars + machines + rest),
        ("1、房屋（平方米）", f"{rng.randint(20000, 990000) / 100:.2f}", house),
        ("其中：办公用房（平方米）", f"{rng.randint(5000, 20000) / 100:.2f}", used),
        ("2、车辆（台、辆）", str(rng.randint(1, 40)), cars),
        (f"3、单价在{limit}万元以上的设备（台、套）", str(rng.randint(1, 30)), machines),
        ("4、其他固定资产", str(rng.randint(40, 4000)), rest),
    )
    for name, count, cents in rows:
        sheet.line(e, (name, count, money(cents)), ("text", "number", "number"))
    return sheet.form("fixed_assets")

"""Invents what stands in the forms: names, money that adds up, goals, indicators.

Everything is drawn from one seeded `random.Random`, so a seed always gives the same content.
"""

import random
from dataclasses import dataclass

from bench.render.form import Facts
from bench.render.words import Department, common, departments

_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True)
class Office:
    """Who fills the form in, and for which year."""

    department: Department
    place: str
    year: int

    @property
    def name(self) -> str:
        return self.place + self.department.name


def draw_office(rng: random.Random) -> Office:
    return Office(rng.choice(departments()), rng.choice(common().places), rng.randint(2019, 2026))


def project_name(rng: random.Random, office: Office) -> str:
    prefix = rng.choice(["", "", f"{office.year}年", office.place])
    return prefix + rng.choice(office.department.projects) + rng.choice(common().project_suffixes)


def project_code(rng: random.Random) -> str:
    """A 21-character project code with its check character, or an old or an all-digit one."""
    kind = rng.random()
    if kind < 0.15:
        letters = "".join(rng.choices("ABCDEFGHJKLMNPQRTUWXY", k=4))
        return f"{rng.randint(100, 499)}-{rng.randint(1, 29):02d}{rng.randint(1, 9):02d}-{rng.choice('XYJ')}QN-{letters}"
    if kind < 0.35:
        return f"{rng.randint(110000, 659000)}{rng.randint(19, 26)}{rng.randint(10**12, 10**13 - 1)}"
    body = f"{rng.randint(110000, 659000)}{rng.randint(19, 26)}" + "".join(rng.choices(_CODE_ALPHABET, k=12))
    check = (30 - sum(_CODE_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(body))) % 31
    return body + _CODE_ALPHABET[check]


def money(cents: int, *, places: int = 2, separators: bool = False) -> str:
    """An amount of `cents` hundredths as printed, blank for zero."""
    if not cents:
        return ""
    whole = f"{cents // 100:,}" if separators else str(cents // 100)
    return whole if places == 0 else f"{whole}.{cents % 100:02d}"


def plain(cents: int) -> str:
    """An amount without needless decimals: 40, 16.23, 0.5."""
    return f"{cents / 100:.2f}".rstrip("0").rstrip(".")


def share_out(rng: random.Random, total: int, parts: int) -> list[int]:
    """`total` cut into `parts` positive sums (parts <= total)."""
    cuts = sorted(rng.sample(range(1, total), parts - 1)) if parts > 1 else []
    return [b - a for a, b in zip([0, *cuts], [*cuts, total], strict=True)]


def draw_total(rng: random.Random) -> int:
    """A project's budget in cents of 万元; round sums are common."""
    step = rng.choice([1, 1, 10, 100, 500, 1000])
    return max(step, round(10 ** rng.uniform(2.3, 5.8)) // step * step)


def goals(rng: random.Random, office: Office, count: int) -> list[str]:
    aims = rng.sample(office.department.aims, k=min(count, len(office.department.aims)))
    words = common()
    return [
        rng.choice(words.goal_openers) + aim + rng.choice(words.goal_closers).format(office.place[-1])
        for aim in aims
    ]


def numbered(rng: random.Random, sentences: list[str]) -> str:
    mark = rng.choice(["{}.", "{}、", "目标{}：", "（{}）"])
    return "\n".join(mark.format(i) + s for i, s in enumerate(sentences, 1))


def duties(rng: random.Random, office: Office) -> str:
    chosen = rng.sample(common().duties, k=rng.randint(4, 8))
    lines = [f"{i}、{d}。" for i, d in enumerate(chosen, 1)]
    return f"{office.name}主要职责：" + "".join(lines)


@dataclass(frozen=True)
class Indicator:
    """One indicator row in its parts."""

    level1: str
    level2: str
    level3: str
    description: str
    operator: str
    value: str
    unit: str
    basis: str
    deadline: str

    @property
    def joined(self) -> str:
        """Operator, value and unit as one cell shows them."""
        return f"{self.operator}{self.value}{self.unit}"

    def facts(self, *, drop: tuple[str, ...] = ()) -> Facts:
        """The truth's entry; parts in `drop` have no column in the form."""
        names = (
            "level1",
            "level2",
            "level3",
            "description",
            "operator",
            "value",
            "unit",
            "basis",
            "deadline",
        )
        return {k: "" if k in drop else getattr(self, k) for k in names}


Measure = tuple[str, str, str, str]
"""Name, operator, value, unit."""


def _percent(rng: random.Random, name: str) -> Measure:
    if rng.random() < 0.3:
        return name, rng.choice(["=", "=", "≥", ""]), "100", "%"
    value = rng.choice(["80", "85", "90", "92", "95", "96", "97", "98", "99", "98.5", "99.9", "90.00"])
    return name, rng.choice(["≥", "≥", "≥", ">", ""]), value, "%"


def _count(rng: random.Random, office: Office) -> Measure:
    name, unit, low, high = rng.choice(office.department.counts)
    value = rng.randint(low, high)
    rounded = value if value < 100 or rng.random() < 0.5 else value // 10 * 10
    return name, rng.choice(["≥", "≥", "=", "", "≤"]), str(rounded), unit


def _timely(rng: random.Random, office: Office) -> Measure:
    name = rng.choice(common().timeliness)
    if "率" in name:
        return _percent(rng, name)
    kind = rng.randrange(4)
    if kind == 0:
        return name, "≤", str(rng.choice([3, 5, 7, 10, 15, 30, 60])), rng.choice(["天", "个工作日", "日"])
    if kind == 1:
        return name, "", f"{office.year}年{rng.randint(6, 12)}月底前", ""
    if kind == 2:
        return name, rng.choice(["=", "≤", ""]), str(rng.choice([6, 10, 12])), rng.choice(["月", "个月"])
    return name, "", rng.choice(["及时", "按时完成", "按计划完成"]), ""


def _cost(rng: random.Random, total: int) -> Measure:
    name = rng.choice(common().costs)
    if "总成本" in name or rng.random() < 0.4:
        return name, rng.choice(["≤", "≤", "="]), plain(total), "万元"
    value = rng.choice([50, 80, 120, 180, 260, 300, 450, 600, 1200, 3500, 5800])
    return name, "≤", str(value), rng.choice(["元/人", "元/人·月", "元/次", "元/平方米", "元/人/天", "元"])


def _effect(rng: random.Random, name: str) -> Measure:
    if rng.random() < 0.6:
        return name, "", rng.choice(common().words), ""
    if "率" in name or "比例" in name:
        return _percent(rng, name)
    return (
        name,
        rng.choice(["≥", "≤"]),
        str(rng.choice([1, 2, 3, 5, 8, 10, 20])),
        rng.choice(["%", "年", "起"]),
    )


def _measure(rng: random.Random, office: Office, level2: str, total: int) -> Measure:
    words, department = common(), office.department
    if level2.startswith("数量"):
        return _count(rng, office)
    if level2.startswith("质量"):
        return _percent(rng, rng.choice(department.rates + words.quality_extra[:2]))
    if level2.startswith("时效"):
        return _timely(rng, office)
    if level2.startswith(("成本", "经济成本")):
        return _cost(rng, total)
    if "满意" in level2:
        return _percent(rng, rng.choice(department.served) + rng.choice(["满意度", "满意率", "总体满意度"]))
    if level2.startswith("社会成本"):
        return _effect(rng, rng.choice(words.social_costs))
    pools = {"经济": words.economic, "生态": words.ecological, "可持": words.lasting}
    return _effect(rng, rng.choice(pools.get(level2[:2], department.effects)))


Frame = tuple[tuple[str, tuple[str, ...]], ...]
"""Level-1 names with the level-2 names allowed below them."""

PROJECT: Frame = (
    ("产出指标", ("数量指标", "质量指标", "时效指标", "成本指标")),
    ("效益指标", ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标")),
    ("满意度指标", ("服务对象满意度指标",)),
)
MINISTRY: Frame = (
    ("成本指标", ("经济成本指标", "社会成本指标", "生态环境成本指标")),
    ("产出指标", ("数量指标", "质量指标", "时效指标")),
    ("效益指标", ("经济效益指标", "社会效益指标", "生态效益指标")),
    ("满意度指标", ("服务对象满意度指标",)),
)
DEPARTMENT: Frame = (
    ("部门产出", ("数量", "质量", "时效", "成本")),
    ("部门效果", ("社会效益", "满意度")),
)
OVERALL: Frame = (
    ("履职效能", ("重点工作履行情况", "整体工作完成情况", "基础管理")),
    ("预算执行", ("预算执行效率", "预算调整情况")),
    ("管理效率", ("预算编制管理", "预算监督管理", "资产管理", "业务管理")),
    ("运行成本", ("成本控制成效",)),
    ("社会效应", ("社会效益", "服务对象满意度")),
    ("可持续性", ("体制机制改革",)),
)


def indicators(
    rng: random.Random,
    office: Office,
    frame: Frame,
    total: int,
    *,
    rows: tuple[int, int] = (1, 2),
    skip: float = 0.0,
) -> list[Indicator]:
    """Indicators in the frame's order, no level-3 name twice under one level 2."""
    deadline = f"{office.year}年{rng.choice([6, 9, 10, 11, 12, 12, 12])}月"
    found: list[Indicator] = []
    for level1, kinds in frame:
        for level2 in kinds:
            if len(kinds) > 1 and rng.random() < skip:
                continue
            seen: set[str] = set()
            for _ in range(rng.randint(*rows)):
                name, operator, value, unit = _measure(rng, office, level2, total)
                if name in seen:
                    continue
                seen.add(name)
                description = rng.choice(common().describe).format(name)
                basis = rng.choice(common().bases)
                found.append(
                    Indicator(level1, level2, name, description, operator, value, unit, basis, deadline)
                )
    return found

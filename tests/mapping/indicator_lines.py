"""Indicators of a record in one line each, and what most lists in these tests hold."""

from shenbao.models.document import Record

WANTED = [
    "产出指标|数量指标|维修水库座数|≥|38|座",
    "产出指标|质量指标|验收合格率|=|100|%",
    "满意度指标|服务对象满意度指标|群众满意度|≥|90|%",
]


def lines(record: Record) -> list[str]:
    parts = ("level1", "level2", "level3", "operator", "value", "unit")
    return [
        "|".join(getattr(item, part).value if getattr(item, part) else "" for part in parts)
        for item in record.indicators
    ]

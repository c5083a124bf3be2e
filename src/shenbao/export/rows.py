"""What a record says, as flat rows that every writer lists in the same order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shenbao.models.document import BudgetLine, Check, Document, Field, Indicator, Record

INDICATOR_PARTS: tuple[tuple[str, str], ...] = (
    ("level1", "一级指标"),
    ("level2", "二级指标"),
    ("level3", "三级指标"),
    ("description", "指标描述"),
    ("operator", "符号"),
    ("value", "指标值"),
    ("unit", "单位"),
    ("basis", "确定依据"),
    ("deadline", "完成时限"),
)
"""The attributes of an Indicator and the heading under which each is listed."""

FIELD_HEADS = ("名称", "原文", "规范值", "单位", "可信度", "状态", "说明")
LINE_HEADS = ("编码", "名称")
CHECK_HEADS = ("校验", "规则", "结果", "程度", "应为", "实为")

STATUS = {"accepted": "已接受", "review": "待复核"}
CHECK_STATUS = {"pass": "通过", "fail": "不符", "skipped": "未检查"}
SEVERITY = {"hard": "必须", "firm": "应当", "soft": "提示"}
DOCUMENT_STATUS = {"complete": "完整", "partial": "部分", "failed": "失败"}


@dataclass(frozen=True)
class Fact:
    """A field with its place in the record: `group` 字段, 指标 or 明细, `number` from 1 within the group."""

    group: str
    number: int
    key: str
    field: Field


def part(indicator: Indicator, name: str) -> Field | None:
    field: Field | None = getattr(indicator, name)
    return field


def facts(record: Record) -> Iterator[Fact]:
    """Every field of the record: its own, those of the indicators, those of the budget lines."""
    for number, (key, field) in enumerate(record.fields.items(), 1):
        yield Fact("字段", number, key, field)
    for number, indicator in enumerate(record.indicators, 1):
        for name, _ in INDICATOR_PARTS:
            found = part(indicator, name)
            if found is not None:
                yield Fact("指标", number, name, found)
    for number, line in enumerate(record.lines, 1):
        for name, found in (("code", line.code), ("name", line.name), *line.amounts.items()):
            if found is not None:
                yield Fact("明细", number, name, found)


@dataclass(frozen=True)
class IndicatorRow:
    """An indicator with the form it stands in; `project` and `unit` are the values of the record's fields."""

    document: str
    record: int
    family: str
    project: str
    unit: str
    number: int
    indicator: Indicator


def indicator_rows(document: Document) -> Iterator[IndicatorRow]:
    """Every indicator of a document; numbers count from 1."""
    for number, record in enumerate(document.records, 1):
        project, unit = (_first(record, keys) for keys in (_PROJECT_KEYS, _UNIT_KEYS))
        for place, indicator in enumerate(record.indicators, 1):
            yield IndicatorRow(document.source.name, number, record.family, project, unit, place, indicator)


_PROJECT_KEYS = ("project_name",)
_UNIT_KEYS = ("implementing_unit", "reporting_unit", "department_name")


def _first(record: Record, keys: Sequence[str]) -> str:
    """The value of the first of some fields that the record has."""
    return next((record.fields[key].value for key in keys if key in record.fields), "")


def field_row(field: Field) -> list[str]:
    """The field under FIELD_HEADS."""
    texts = [field.name, field.text, field.value, field.unit or ""]
    return [*texts, f"{field.confidence:.3f}", STATUS[field.status], "；".join(field.reasons)]


def check_row(check: Check) -> list[str]:
    """The check under CHECK_HEADS."""
    state = [CHECK_STATUS[check.status], SEVERITY[check.severity]]
    return [check.message, check.rule, *state, check.expected or "", check.found or ""]


def amount_names(lines: Sequence[BudgetLine]) -> list[str]:
    """The amount columns of all lines, in order of first appearance."""
    return list(dict.fromkeys(name for line in lines for name in line.amounts))


def line_fields(line: BudgetLine, names: Sequence[str]) -> list[Field | None]:
    """Code, name and the named amounts of a line; None where it has none."""
    return [line.code, line.name, *(line.amounts.get(name) for name in names)]


def doubt(confidence: float, accept: float) -> int:
    """0 sure; 1 below `accept`; 2 where the chance of error is over ten times what `accept` tolerates."""
    if confidence >= accept:
        return 0
    return 2 if 1 - confidence > 10 * (1 - accept) else 1


def level_of(field: Field, accept: float) -> int:
    """How a field is marked: 0 when it was accepted, else 1 or 2 as `doubt` says."""
    return max(doubt(field.confidence, accept), 1) if field.status == "review" else 0

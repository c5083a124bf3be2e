"""Truth tables given as perfect cells: what the mapping alone gets right, compared as the scorer does."""

import json
import random
import re
import unicodedata
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from shenbao.mapping.records import build_records
from shenbao.mapping.vocabulary import Vocabulary
from shenbao.models.document import Field, Indicator, Record, Table

Map = Callable[..., Record]
Perfect = Callable[..., Table]
Truth = dict[str, Any]

INDICATOR_FAMILIES = (
    "goal_hebei_6col",
    "goal_hebei_7col",
    "project_declaration_liaoning",
    "dept_declaration_liaoning",
    "dept_indicators",
)
TRUTH_KEYS = {
    "项目编码": "project_code",
    "名称": "project_name",
    "项目名称": "project_name",
    "项目(政策)名称": "project_name",
    "预算数": "budget_total",
    "年度预算资金总额": "budget_total",
    "其中：财政资金": "budget_fiscal",
    "其中：财政拨款收入": "budget_fiscal",
    "其他资金": "budget_other",
    "资金用途": "budget_purpose",
    "申报单位": "reporting_unit",
    "填报单位": "reporting_unit",
    "实施期": "implementation_period",
    "主管部门": "supervising_department",
    "实施单位": "implementing_unit",
    "部门名称": "department_name",
    "财政供养人员数量": "staff_count",
    "所属单位数量": "subordinate_units",
    "部门职能概述": "duties",
    "年度": "budget_year",
    "绩效目标": "goals",
    "年度目标": "goals",
    "年度绩效目标": "goals",
    "实施期目标": "term_goals",
}
PLAN = {
    "3月底": "plan_march",
    "6月底": "plan_june",
    "10月底": "plan_october",
    "12月底": "plan_december",
}


def norm(text: object) -> str:
    folded = unicodedata.normalize("NFKC", "" if text is None else str(text))
    return re.sub(r"\s+", "", folded.replace("—", "-").replace("≧", "≥"))


def norm_number(text: object) -> str:
    folded = norm(text).replace(",", "")
    return folded.rstrip("0").rstrip(".") if re.fullmatch(r"-?\d+\.\d+", folded) else folded


def agrees(field: Field | None, wanted: object) -> bool:
    return field is not None and norm_number(wanted) in (norm_number(field.text), norm_number(field.value))


def in_words(item: Truth) -> tuple[str, ...]:
    """A truth indicator as level 1-3, operator, value and unit; 效果指标 and `=` as the scorer takes them."""
    value = item["text"] if item["kind"] in ("text", "date") else item["value"]
    operator = "" if item["op"] in (None, "=", "文字描述") else item["op"]
    level1 = {"效果指标": "效益指标"}.get(item["level1"], item["level1"])
    parts = (level1, item["level2"], item["level3"], operator, value, item["unit"])
    return tuple(norm_number(part) for part in parts)


def as_words(item: Indicator) -> list[tuple[str, ...]]:
    def form(field: Field | None, normal: bool = True) -> str:
        return "" if field is None else norm_number(field.value if normal else field.text)

    operator = form(item.operator)
    head = (
        form(item.level1),
        form(item.level2),
        form(item.level3, False),
        "" if operator == "=" else operator,
    )
    return [(*head, form(item.value, normal), form(item.unit)) for normal in (True, False)]


def test_every_indicator_of_every_truth_table(truths: list[Truth], map_table: Map, perfect: Perfect) -> None:
    """All 689 indicators: right, in order, none too many."""
    seen = 0
    for truth in truths:
        record = map_table(perfect(truth))
        assert len(record.indicators) == len(truth["indicators"]), truth["id"]
        for wanted, item in zip(truth["indicators"], record.indicators, strict=True):
            assert in_words(wanted) in as_words(item), truth["id"]
            seen += 1
    assert seen == 689


def test_descriptions_bases_and_deadlines(truths: list[Truth], map_table: Map, perfect: Perfect) -> None:
    """As printed. One table prints 评分标准 and 描述 in each other's column in six rows; its truth has
    them put right (`columns_swapped`), the record keeps them where they stand."""
    swapped = 0
    for truth in truths:
        for wanted, item in zip(truth["indicators"], map_table(perfect(truth)).indicators, strict=True):
            for part in ("description", "basis", "deadline"):
                if wanted.get(part) is None:
                    continue
                if part == "description" and wanted.get("columns_swapped"):
                    swapped += 1
                    continue
                field = getattr(item, part)
                assert field is not None and norm(field.text) == norm(wanted[part]), truth["id"]
    assert swapped == 6


def wanted_fields(truth: Truth) -> dict[str, str]:
    fields = {TRUTH_KEYS[key]: value for key, value in truth["fields"].items() if key in TRUTH_KEYS}
    fields.update({PLAN[key]: value for key, value in (truth["fields"].get("资金支出计划") or {}).items()})
    return {k: "".join(v) if isinstance(v, list) else v for k, v in fields.items() if v is not None}


def test_every_field_of_the_forms(truths: list[Truth], map_table: Map, perfect: Perfect) -> None:
    seen = 0
    for truth in truths:
        if truth["family"] not in INDICATOR_FAMILIES:
            continue
        record = map_table(perfect(truth))
        for key, value in wanted_fields(truth).items():
            assert agrees(record.fields.get(key), value), (truth["id"], key)
            seen += 1
        if truth["family"] == "goal_hebei_7col":
            assert ("budget_purpose" in record.fields) == (truth["fields"]["资金用途"] is not None)
    assert seen > 600


def test_income_and_expenditure_lines_of_the_department_form(
    truths: list[Truth], map_table: Map, perfect: Perfect
) -> None:
    truth = next(t for t in truths if t["family"] == "dept_declaration_liaoning")
    record = map_table(perfect(truth))
    by_label = {norm(field.label): field for field in record.fields.values()}
    lines = {**truth["fields"]["年度预算收入"], **truth["fields"]["年度预算支出"]}
    assert len(lines) == 17
    for label, value in lines.items():
        assert norm(by_label[norm(label)].text) == norm(value), label
        assert by_label[norm(label)].unit == "万元"
    budgets = [line.amounts["预算资金情况(万元)"].value for line in record.lines]
    assert budgets == [task["预算资金"] for task in truth["fields"]["年度主要任务"]]


def test_families(truths: list[Truth], map_table: Map, perfect: Perfect) -> None:
    for truth in truths:
        assert map_table(perfect(truth)).family == truth["family"].removesuffix("_liaoning")


def test_families_are_known_without_their_titles(
    truths: list[Truth], map_table: Map, perfect: Perfect
) -> None:
    """Empty statements of funds and state capital look like the general one; all others are told apart."""
    alike = {"func_expenditure_fund": "func_expenditure", "func_expenditure_soe": "func_expenditure"}
    for truth in truths:
        table = perfect({**truth, "title": "", "caption": []})
        wanted = truth["family"].removesuffix("_liaoning")
        assert map_table(table).family == alike.get(wanted, wanted), truth["id"]


def test_canonical_fields_of_the_scans(
    scans: list[Truth], vocabulary: Vocabulary, families: Any, perfect: Perfect
) -> None:
    seen = 0
    for truth in scans:
        tables = [perfect(table, i) for i, table in enumerate(truth["tables"])]
        records = build_records(tables, [], vocabulary, families, 0.98)
        for key, wanted in truth["fields"].items():
            assert any(agrees(record.fields.get(key), wanted) for record in records), (truth["name"], key)
            seen += 1
    assert seen >= 286


def test_every_part_points_to_its_cell(truths: list[Truth], map_table: Map, perfect: Perfect) -> None:
    for truth in truths[:40]:
        table = perfect(truth)
        texts = {(cell.row, cell.col): cell.text for cell in table.cells}
        record = map_table(table)
        fields = [f for i in record.indicators for f in i.__dict__.values() if f is not None]
        for field in (*fields, *record.fields.values()):
            for ref in field.cells:
                assert norm(field.text) in norm("".join(texts[r.row, r.col] for r in field.cells))
                assert ref.table == table.id


def with_character_changed(truth: Truth, rng: random.Random, instead: Callable[[str], str]) -> Truth:
    """The table with one character of every level label replaced, where `instead` has one for it."""
    broken = deepcopy(truth)
    for cell in broken["cells"]:
        at = [i for i, char in enumerate(cell["text"]) if "一" <= char <= "鿿" and instead(char)]
        if cell["role"] in ("level1", "level2") and at:
            i = rng.choice(at)
            cell["text"] = cell["text"][:i] + instead(cell["text"][i]) + cell["text"][i + 1 :]
    return broken


def share_of_levels_right(
    truths: list[Truth], map_table: Map, perfect: Perfect, rng: random.Random, instead: Callable[[str], str]
) -> float:
    """Of first and second levels; none of the wrong ones may be accepted."""
    right = total = 0
    for truth in (t for t in truths if t["indicators"]):
        whole = map_table(perfect(truth))
        damaged = map_table(perfect(with_character_changed(truth, rng, instead)))
        for wanted, got in zip(whole.indicators, damaged.indicators, strict=True):
            for part in ("level1", "level2"):
                good = getattr(wanted, part).value == getattr(got, part).value
                right, total = right + good, total + 1
                assert good or getattr(got, part).status == "review"
    assert total == 2 * 689
    return right / total


@pytest.mark.parametrize("seed", range(2))
def test_levels_with_any_character_wrong(
    truths: list[Truth], map_table: Map, perfect: Perfect, seed: int
) -> None:
    rng = random.Random(seed)
    share = share_of_levels_right(
        truths, map_table, perfect, rng, lambda _: chr(rng.randrange(0x4E00, 0x9FA5))
    )
    assert share >= 0.99


@pytest.mark.parametrize("seed", range(3))
def test_levels_with_a_character_read_as_one_like_it(
    truths: list[Truth], map_table: Map, perfect: Perfect, seed: int
) -> None:
    """Look-alikes of a serif face (`bench.lookalikes`); those that the package knows are of another."""
    path = Path(__file__).parent / "lookalikes.json"
    alike = {group["char"]: group["alike"] for group in json.loads(path.read_text("utf-8"))}
    rng = random.Random(seed)
    share = share_of_levels_right(
        truths, map_table, perfect, rng, lambda char: rng.choice(alike[char]) if char in alike else ""
    )
    assert share >= 0.999

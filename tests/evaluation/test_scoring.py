"""The scorer: its definitions one by one, and the same figures as the reference scorer."""

import copy
import importlib.util
import json
import random
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from shenbao.evaluation import normal
from shenbao.evaluation.measures import measures
from shenbao.evaluation.scoring import pair, same_indicator, score_document, score_folder, summary
from shenbao.evaluation.teds import rows_of, similarity

SHARED = Path(__file__).parents[2] / "../shared"

Json = dict[str, Any]


def cell(row: int, col: int, text: str, role: str = "value", rs: int = 1, cs: int = 1) -> Json:
    return {"r": row, "c": col, "rs": rs, "cs": cs, "text": text, "role": role}


def truth(*cells: Json) -> Json:
    rows, cols = (max(c[a] + c[b] for c in cells) for a, b in (("r", "rs"), ("c", "cs")))
    return {"level": "scan", "tables": [{"n_rows": rows, "n_cols": cols, "cells": list(cells)}]}


def output(known: Json, confidence: float = 0.9) -> Json:
    """What a perfect reader would say."""
    tables = [
        {
            "cells": [
                {
                    "row": c["r"],
                    "col": c["c"],
                    "row_span": c["rs"],
                    "col_span": c["cs"],
                    "text": c["text"],
                    "confidence": confidence,
                }
                for c in t["cells"]
            ]
        }
        for t in known["tables"]
    ]
    record = {
        "fields": {k: {"text": v, "value": v} for k, v in known.get("fields", {}).items()},
        "indicators": [
            {k: {"text": v, "value": v} for k, v in i.items()} for i in known.get("indicators", ())
        ],
    }
    return {"tables": tables, "records": [record]}


KNOWN = truth(cell(0, 0, "预算数", "label"), cell(0, 1, "12.50", "number"), cell(1, 0, "", "empty", cs=2))
INDICATOR = {
    "level1": "效果指标",
    "level2": "社会效益指标",
    "level3": "亮灯率",
    "operator": "=",
    "value": "95.0",
    "unit": "百分比",
}


def test_perfect_output() -> None:
    known = KNOWN | {"fields": {"budget_total": "12.50"}, "indicators": [INDICATOR]}
    figures = summary(score_document(known, output(known)))
    ones = (
        "structure_f1",
        "spans_right",
        "cell_exact",
        "number_exact",
        "teds",
        "field_exact",
        "indicator_exact",
    )
    assert {figures[k] for k in ones} == {1.0}
    assert figures["empty_filled"] == figures["filled_empty"] == 0
    assert figures["failed"] == 0


def test_missing_output_is_wrong_altogether() -> None:
    figures = summary(score_document(KNOWN, {}))
    assert figures["failed"] == 1
    assert figures["cell_exact"] == figures["structure_f1"] == figures["teds"] == 0
    assert figures["filled_empty"] == 1
    assert figures["auroc"] is None
    assert figures["coverage_at_0.5%"] == 0


def test_wrong_span_still_finds_the_text() -> None:
    found = output(KNOWN)
    found["tables"][0]["cells"][1]["row_span"] = 2
    figures = summary(score_document(KNOWN, found))
    assert figures["cell_exact"] == 1
    assert figures["spans_right"] == 0
    assert figures["structure_f1"] == pytest.approx(2 / 3)


def test_filled_empty_cell_is_counted() -> None:
    found = output(KNOWN)
    found["tables"][0]["cells"][2]["text"] = "章"
    figures = summary(score_document(KNOWN, found))
    assert figures["empty_filled"] == 1
    assert figures["cell_exact"] == pytest.approx(2 / 3)


def test_ignored_cells_are_placed_not_read() -> None:
    known = truth(cell(0, 0, "a"), cell(0, 1, "签名", "ignore"))
    found = output(known)
    found["tables"][0]["cells"][1]["text"] = "other"
    figures = summary(score_document(known, found))
    assert figures["cell_exact"] == 1
    assert figures["cells"] == 2


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        ({"level1": "效益指标"}, True),
        ({"operator": ""}, True),
        ({"operator": "≥"}, False),
        ({"value": "95"}, True),
        ({"value": "96"}, False),
        ({"unit": "%"}, True),
        ({"unit": "个"}, False),
        ({"level3": "亮灯数"}, False),
    ],
)
def test_indicators_alike(change: Json, same: bool) -> None:
    found = {k: {"text": v, "value": ""} for k, v in (INDICATOR | change).items()}
    assert same_indicator(INDICATOR, found) is same


def test_printed_form_of_an_indicator_counts_too() -> None:
    found = {k: {"text": v, "value": v} for k, v in INDICATOR.items()}
    found["value"] = {"text": "95.0", "value": "0.95"}
    assert same_indicator(INDICATOR, found)


def test_indicator_is_taken_once() -> None:
    known = KNOWN | {"indicators": [INDICATOR, INDICATOR]}
    found = output(known)
    found["records"][0]["indicators"].pop()
    assert summary(score_document(known, found))["indicator_exact"] == 0.5


def test_tables_are_paired_by_their_texts() -> None:
    first, second = truth(cell(0, 0, "甲"))["tables"][0], truth(cell(0, 0, "乙"))["tables"][0]
    assert pair([first, second], [second, first]) == [1, 0]
    assert pair([first], [second, second]) == [None]
    assert pair([first], [second]) == [0]
    assert pair([first], []) == [None]


@pytest.mark.parametrize(
    ("a", "b"),
    [("≥ 95%", "≧95％"), ("２０２４年", "2024年"), ("“三公”", '"三公"'), ("1—2", "1-2"), (None, "")],
)
def test_plain_forms_alike(a: str | None, b: str) -> None:
    assert normal.plain(a) == normal.plain(b)


@pytest.mark.parametrize(
    ("text", "form"),
    [("1,234.50", "1234.5"), ("40.00", "40"), ("100", "100"), ("2021年", "2021年"), ("-0.10", "-0.1")],
)
def test_value_forms(text: str, form: str) -> None:
    assert normal.value(text) == form


def test_teds_counts_a_renamed_and_a_lost_cell() -> None:
    full = rows_of({(0, 0, 1, 1): "ab", (0, 1, 1, 1): "c"}, 1)
    assert similarity(full, full, content=True) == 1
    half = rows_of({(0, 0, 1, 1): "ax", (0, 1, 1, 1): "c"}, 1)
    assert similarity(full, half, content=True) == pytest.approx(1 - 0.5 / 4)
    assert similarity(full, half, content=False) == 1
    lost = rows_of({(0, 0, 1, 1): "ab"}, 1)
    assert similarity(full, lost, content=True) == pytest.approx(1 - 1 / 4)


def test_calibration_of_a_perfect_ranking() -> None:
    judged = [(0.99, True)] * 300 + [(0.2, False)] * 75
    figures = measures(judged, 500)
    assert figures["auroc"] == 1
    assert figures["coverage_at_0.5%"] == 300 / 500
    assert figures["ece"] == pytest.approx((300 * 0.01 + 75 * 0.2) / 375, abs=1e-6)


def test_equal_confidences_are_accepted_together() -> None:
    judged = [(0.9, True)] * 99 + [(0.9, False)]
    assert measures(judged, 100)["coverage_at_0.5%"] == 0
    assert measures(judged, 100)["auroc"] == 0.5


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    file = SHARED / "score" / "score.py"
    if not file.exists():
        pytest.skip("the reference scorer is not here")
    spec = importlib.util.spec_from_file_location("reference_score", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def spoilt(document: Json, rng: random.Random) -> Json:
    """A reader's mistakes: wrong texts and spans, lost cells, lost and wrong indicators and fields."""
    found = copy.deepcopy(document)
    for table in found["tables"]:
        cells = table["cells"]
        for _ in range(max(1, len(cells) // 12)):
            hurt = rng.choice(cells)
            kind = rng.randrange(4)
            if kind == 0:
                hurt["text"] = hurt["text"][:-1]
            elif kind == 1:
                hurt["text"] += "章"
            elif kind == 2:
                hurt["col_span"] += 1
            else:
                cells.remove(hurt)
        for c in cells:
            c["confidence"] = round(rng.uniform(0.3, 1), 2)
    record = found["records"][0]
    for indicator in record["indicators"][::5]:
        indicator["value"]["value"] = indicator["value"]["text"] = "1"
    for field in list(record["fields"].values())[::3]:
        field["text"] = field["value"] = "?"
    return found


@pytest.mark.parametrize("seed", range(2))
def test_same_figures_as_the_reference(reference: ModuleType, seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    files = sorted((SHARED / "scans").glob("*.truth.json"))[seed::9]
    small = [f for f in files if len(json.loads(f.read_text("utf-8"))["tables"][0]["cells"]) < 120][:4]
    truths, outputs = tmp_path / "truth", tmp_path / "out"
    truths.mkdir()
    outputs.mkdir()
    total, judged = reference.collections.Counter(), []
    for number, file in enumerate(small):
        known = json.loads(file.read_text("utf-8"))
        found = {} if number == 3 else spoilt(output(known), rng)
        (truths / file.name).write_text(json.dumps(known), "utf-8")
        if found:
            name = file.name.replace(".truth.json", ".json")
            (outputs / name).write_text(json.dumps(found), "utf-8")
        counts, confidences, _ = reference.score(known, found)
        counts["documents"], counts["failed"] = 1, int(not found)
        total.update(counts)
        judged += confidences
    theirs = reference.summary(total, judged)
    ours = score_folder(truths, outputs).figures["all"]
    assert ours.keys() == theirs.keys()
    assert 0 < theirs["cell_exact"] < 1
    assert ours == pytest.approx(theirs, abs=1e-12)

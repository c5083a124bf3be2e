"""From estimates of fields to calibrated probabilities: signals, status, the packaged file."""

from math import exp, log
from pathlib import Path

import pytest

from shenbao.errors import ModelFileError
from shenbao.mapping.calibration import (
    FieldCalibration,
    calibrated,
    load_field_calibration,
    packaged_field_calibration,
)
from shenbao.mapping.checks import Mapped, with_probability
from shenbao.mapping.field_signals import NAMES, SURER, Evidence, log_odds
from shenbao.mapping.fields import low_confidence
from shenbao.mapping.placed import PARTS, Placed, changed_record, placed_fields
from shenbao.models.calibration import FittedOn, Model
from shenbao.models.document import BudgetLine, Cell, CellRef, Check, Field, Indicator, Record, Table


def field(
    text: str = "5",
    confidence: float = 0.9,
    reasons: tuple[str, ...] = (),
    at: tuple[int, int] | None = (0, 0),
) -> Field:
    return Field(
        name="指标值",
        label="",
        text=text,
        value=text,
        confidence=confidence,
        status="review" if reasons else "accepted",
        reasons=list(reasons),
        cells=[CellRef(table="t1", row=at[0], col=at[1])] if at else [],
    )


def table(confidence: float = 0.9, place: float | None = 0.95) -> Table:
    cells = [
        Cell(row=0, col=col, text="5", confidence=confidence, place_confidence=place) for col in range(2)
    ]
    return Table(id="t1", title="", captions=[], pages=[1], n_rows=1, n_cols=2, header_rows=[], cells=cells)


def record(*fields: Field, **more: object) -> Record:
    return Record.model_validate(
        {"family": "x", "tables": ["t1"], "fields": {f"f{i}": f for i, f in enumerate(fields)}, **more}
    )


def calibration(bias: float = 0.0, **weights: float) -> FieldCalibration:
    on = FittedOn(documents=1, cells=1, families={}, levels={})
    return FieldCalibration(version="1", fitted_on=on, model=Model(bias=bias, weights=weights))


def signals(made: Record, part: str = "field") -> dict[str, float]:
    found = next(placed for placed in placed_fields(made) if placed.part == part)
    return Evidence([made]).signals(made, found)


def test_signals_have_known_names_only() -> None:
    made = record(field(), indicators=[Indicator(value=field(), unit=field(""))])
    for part in ("field", "value", "unit"):
        assert set(signals(made, part)) <= set(NAMES)


@pytest.mark.parametrize("part", PARTS)
def test_a_surer_part_of_an_indicator_says_what_it_is(part: str) -> None:
    made = record(indicators=[Indicator.model_validate({part: field()})])
    told = {n for n in signals(made, part) if n.startswith("is_")}
    assert told == ({f"is_{part}"} if part in SURER else set())


def test_the_estimate_is_told_as_log_odds() -> None:
    assert signals(record(field(confidence=0.9)))["estimate"] == pytest.approx(log(9))


def test_log_odds_are_bounded_and_odd() -> None:
    assert log_odds(1.0) == pytest.approx(-log_odds(0.0))
    assert log_odds(0.5) == 0.0


def test_blank_and_length() -> None:
    assert signals(record(field("")))["blank"] == 1.0
    assert "blank" not in signals(record(field("ab")))
    assert signals(record(field("ab")))["length"] == pytest.approx(log(3))


def test_the_rest_of_the_record_speaks_for_a_field() -> None:
    made = record(field(confidence=0.5), field(confidence=0.9), field(confidence=0.7))
    assert signals(made)["record"] == pytest.approx(log_odds(0.8))


def test_failed_checks_are_counted_but_soft_ones() -> None:
    ref = CellRef(table="t1", row=0, col=0)
    check = Check(rule="B1", severity="hard", status="fail", message="合计不符", cells=[ref])
    soft = check.model_copy(update={"severity": "soft"})
    elsewhere = check.model_copy(update={"cells": [CellRef(table="t1", row=0, col=1)]})
    made = record(field(), checks=[check, soft, elsewhere])
    assert signals(made)["failed"] == 1.0


def test_every_field_is_changed_once() -> None:
    made = record(
        field(),
        indicators=[Indicator(level1=field(), value=field())],
        lines=[BudgetLine(code=field(), name=None, amounts={"合计": field(), "其他": field()})],
    )
    seen: list[str] = []

    def change(placed: Placed) -> Field:
        seen.append(placed.part)
        return placed.field.model_copy(update={"label": "x"})

    changed = changed_record(made, change)
    assert sorted(seen) == ["amount", "amount", "code", "field", "level1", "value"]
    assert all(placed.field.label == "x" for placed in placed_fields(changed))
    assert [placed.part for placed in placed_fields(changed)] == [
        placed.part for placed in placed_fields(made)
    ]


def test_the_model_gives_the_confidence() -> None:
    made = calibrated(
        Mapped([table()], [record(field(confidence=0.9))]), calibration(bias=1.0, estimate=0.5), 0.5
    )
    odds = exp(1.0 + 0.5 * log(9))
    assert made.records[0].fields["f0"].confidence == pytest.approx(odds / (1 + odds))


def test_a_field_that_only_its_confidence_held_back_is_accepted() -> None:
    held = field(confidence=0.6, reasons=(low_confidence(0.6, 0.8),))
    after = with_probability(held, 0.9, 0.8)
    assert (after.status, after.reasons, after.confidence) == ("accepted", [], 0.9)


def test_another_reason_keeps_a_field_in_review() -> None:
    held = field(confidence=0.6, reasons=("合计不符（B1）",))
    after = with_probability(held, 0.9, 0.8)
    assert (after.status, after.reasons) == ("review", ["合计不符（B1）"])


def test_an_accepted_field_with_a_remark_stays_accepted() -> None:
    remarked = field(reasons=("与词表用语不完全一致",)).model_copy(update={"status": "accepted"})
    assert with_probability(remarked, 0.9, 0.8).status == "accepted"


def test_a_low_probability_sends_to_review_with_its_figure() -> None:
    after = with_probability(field(), 0.7, 0.8)
    assert after.status == "review"
    assert after.reasons == [low_confidence(0.7, 0.8)]


def test_an_old_low_confidence_is_not_said_beside_the_new_one() -> None:
    held = field(confidence=0.3, reasons=(low_confidence(0.3, 0.8),))
    assert with_probability(held, 0.7, 0.8).reasons == [low_confidence(0.7, 0.8)]


def test_the_packaged_calibration_knows_its_signals() -> None:
    packaged = packaged_field_calibration()
    assert set(packaged.model.weights) <= set(NAMES)
    assert packaged.fitted_on.cells > 5000
    assert packaged.model.weights["estimate"] > 0


def test_the_packaged_calibration_rises_with_the_estimate() -> None:
    packaged = packaged_field_calibration()
    found = [packaged.probability({"estimate": log_odds(p)}) for p in (0.2, 0.6, 0.9, 0.99, 0.999)]
    assert found == sorted(found)
    assert len(set(found)) == 5


def test_a_file_that_is_no_calibration_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{}", "utf-8")
    for name in ("x.json", "missing.json"):
        with pytest.raises(ModelFileError, match="calibration of fields"):
            load_field_calibration(tmp_path / name)

"""The calibration of fields: fitted to samples whose chance is known, reported on families not seen."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from shenbao.cli import main
from shenbao.errors import UnreadableInput
from shenbao.evaluation.field_fitting import FieldSample, fit_fields
from shenbao.mapping.calibration import load_field_calibration
from shenbao.mapping.field_signals import log_odds
from shenbao.models.document import Cell, CellRef, Document, Field, Record, Source, Table
from shenbao.models.stages import ReadPage
from shenbao.reader import Reader
from shenbao.settings import Settings


def samples(count: int = 4000, families: int = 6) -> list[FieldSample]:
    """Fields whose estimate is too low: their true odds are twice the estimated ones, thrice for units."""
    rng = np.random.default_rng(3)
    made = []
    for i in range(count):
        estimate, unit = float(rng.uniform(0.3, 0.99)), bool(rng.random() < 0.4)
        odds = estimate / (1 - estimate) * (6 if unit else 2)
        signals = {"estimate": log_odds(estimate)} | ({"is_unit": 1.0} if unit else {})
        right = bool(rng.random() < odds / (1 + odds))
        family = f"f{i % families}"
        made.append(FieldSample(f"{family}-{i % 40}", family, "scan", signals, estimate, right))
    return made


def test_the_fit_is_near_the_truth() -> None:
    made = fit_fields(samples(), "4").calibration
    assert made.version == "4"
    for estimate in (0.4, 0.7, 0.9):
        odds = estimate / (1 - estimate)
        found = made.probability({"estimate": log_odds(estimate)})
        assert found == pytest.approx(2 * odds / (1 + 2 * odds), abs=0.04)
        found = made.probability({"estimate": log_odds(estimate), "is_unit": 1.0})
        assert found == pytest.approx(6 * odds / (1 + 6 * odds), abs=0.04)


def test_held_out_figures_stand_beside_those_of_the_estimates() -> None:
    found = fit_fields(samples(), "1")
    before, after = found.before["ece"], found.calibration.figures["ece"]
    assert before is not None and after is not None
    assert before > 0.08
    assert after < 0.03


def test_what_it_was_fitted_on_is_counted() -> None:
    on = fit_fields(samples(), "1").calibration.fitted_on
    assert (on.cells, on.documents, sum(on.families.values())) == (4000, 120, 120)
    assert on.levels == {"scan": 120}


@pytest.mark.parametrize(
    ("kept", "message"),
    [(lambda s: s.family == "f0", "two families"), (lambda s: s.right, "right and wrong")],
)
def test_what_cannot_be_fitted_is_told(kept: Callable[[FieldSample], bool], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fit_fields([s for s in samples(400) if kept(s)], "1")


def document(text: str, confidence: float) -> Document:
    made = Field(
        name="", label="", text=text, value=text, confidence=confidence, status="accepted",
        cells=[CellRef(table="t1", row=0, col=0)],
    )  # fmt: skip
    cell = Cell(row=0, col=0, text=text, confidence=confidence)
    return Document(
        status="complete",
        source=Source(name="a.png", sha256="0" * 64, kind="image/png", page_count=1),
        pages=[],
        tables=[
            Table(id="t1", title="", captions=[], pages=[1], n_rows=1, n_cols=1, header_rows=[], cells=[cell])
        ],
        records=[Record(family="x", tables=["t1"], fields={"project_name": made})],
    )


class FakeReader(Reader):
    """Gives documents by file name, and refuses the others."""

    def __init__(self, documents: dict[str, Document]) -> None:
        super().__init__()
        self.documents = documents

    def read(
        self,
        source: str | Path | bytes,
        *,
        password: str | None = None,
        name: str | None = None,
        keep: Callable[[ReadPage], None] | None = None,
    ) -> Document:
        file = Path(str(source)).name
        if file not in self.documents:
            raise UnreadableInput("torn")
        return self.documents[file]


def known_documents(folder: Path, count: int) -> dict[str, Document]:
    rng = np.random.default_rng(1)
    made = {}
    for k in range(count):
        confidence = float(rng.uniform(0.3, 1.0))
        text = "路灯维护" if rng.random() < confidence else "路灯维修"
        truth = {
            "name": f"d{k}", "files": [f"d{k}.png"], "level": "scan", "family": f"f{k % 4}", "tables": [],
            "fields": {"project_name": "路灯维护"},
        }  # fmt: skip
        (folder / f"d{k}.truth.json").write_text(json.dumps(truth), "utf-8")
        made[f"d{k}.png"] = document(text, confidence)
    return made


def test_the_command_writes_a_calibration_of_fields(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    torn = known_documents(tmp_path, 80)
    del torn["d7.png"]
    settings: list[Settings] = []
    target = tmp_path / "fields.json"

    def reader(given: Settings) -> FakeReader:
        settings.append(given)
        return FakeReader(torn)

    assert main(["calibrate", str(tmp_path), "--fields", "-o", str(target), "--label", "8"], reader) == 0
    made = load_field_calibration(target)
    assert (made.version, made.fitted_on.documents, made.fitted_on.cells) == ("8", 79, 79)
    assert made.model.weights["estimate"] > 0
    assert not settings[0].mapping.calibrated
    captured = capfdbinary.readouterr()
    assert "d7.truth.json: torn" in captured.err.decode()
    assert "estimate  calibrated" in captured.out.decode()


def test_the_command_says_when_there_is_too_little(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    documents = known_documents(tmp_path, 1)
    code = main(
        ["calibrate", str(tmp_path), "--fields", "-o", str(tmp_path / "c.json")],
        lambda _: FakeReader(documents),
    )
    assert code == 2
    assert "at least two families" in capsys.readouterr().err

"""The timed run, with a reader that only pretends."""

import json
from importlib import import_module
from pathlib import Path

import pytest
from bench.clock import STAGES, Clock
from bench.run import Timing, figures, jobs, read_all, stages

from shenbao.evaluation.scoring import score_folder


class FakeDocument:
    def __init__(self, text: str) -> None:
        self.text = text

    def model_dump_json(self) -> str:
        return self.text


class FakeReader:
    """Says of every document what its truth file says; fails where told to."""

    def __init__(self, fail: str = "") -> None:
        self.fail = fail
        self.seen: list[str] = []

    def read(self, source: Path, /) -> FakeDocument:
        self.seen.append(source.name)
        if self.fail and self.fail in source.name:
            raise ValueError("cannot")
        cells = json.loads(source.with_suffix(".truth.json").read_text("utf-8"))["tables"][0]["cells"]
        found = [
            {
                "row": c["r"],
                "col": c["c"],
                "row_span": c["rs"],
                "col_span": c["cs"],
                "text": c["text"],
                "confidence": 1,
            }
            for c in cells
        ]
        return FakeDocument(json.dumps({"tables": [{"cells": found}], "records": []}))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    cells = [{"r": 0, "c": 0, "rs": 1, "cs": 1, "text": "预算数", "role": "label"}]
    for name, level in (("a-scan", "scan"), ("b-fax", "fax"), ("c-scan", "scan")):
        known = {
            "files": [f"{name}.png"],
            "level": level,
            "tables": [{"n_rows": 1, "cells": cells}],
            "pages": [{}, {}],
        }
        (tmp_path / f"{name}.truth.json").write_text(json.dumps(known), "utf-8")
    return tmp_path


def test_jobs_are_found_in_order(folder: Path) -> None:
    assert [j.name for j in jobs(folder)] == ["a-scan", "b-fax", "c-scan"]
    assert [j.name for j in jobs(folder, "scan", 1)] == ["a-scan"]
    assert jobs(folder)[1].level == "fax"
    assert jobs(folder)[0].pages == 2


def test_a_folder_without_documents_is_told(folder: Path) -> None:
    with pytest.raises(SystemExit, match="no document with a truth"):
        jobs(folder, "no such name")


def test_reads_scores_and_times(folder: Path, tmp_path: Path) -> None:
    reader, out = FakeReader(), tmp_path / "out"
    timing = read_all(reader, jobs(folder), out)
    assert reader.seen == ["a-scan.png", "b-fax.png", "c-scan.png"]
    assert timing.pages == {"all": 6, "scan": 4, "fax": 2}
    assert timing.seconds["all"] == pytest.approx(timing.seconds["scan"] + timing.seconds["fax"], rel=0.2)
    assert timing.peak_mib > 1
    assert not timing.failures
    assert score_folder(folder, out).figures["all"]["cell_exact"] == 1


def test_a_failure_stops_nothing_and_leaves_no_old_output(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    read_all(FakeReader(), jobs(folder), out)
    timing = read_all(FakeReader("b-fax"), jobs(folder), out)
    assert timing.failures == ("b-fax: ValueError: cannot",)
    assert sorted(p.name for p in out.iterdir()) == ["a-scan.json", "c-scan.json"]
    assert score_folder(folder, out).figures["all"]["failed"] == 1


def test_figures_by_level(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    timing = read_all(FakeReader(), jobs(folder), out)
    text = figures(score_folder(folder, out), timing)
    assert text.startswith("6 pages, peak memory ")
    assert "|  | all | fax | scan |" in text
    assert "| cell_exact | 1.0000 | 1.0000 | 1.0000 |" in text
    assert str(tmp_path) not in text


def test_stages_are_shown_per_page() -> None:
    timing = Timing({"all": 3.0}, {"all": 2}, {"flatten": 1.0}, (), 10.0)
    assert stages(timing) == "flatten 0.500, other 1.000"


def test_clock_counts_even_a_failing_step() -> None:
    clock = Clock()

    def step() -> None:
        raise ValueError

    with pytest.raises(ValueError):
        clock.timed("x", step)()
    assert clock.seconds["x"] > 0


def test_clock_gives_the_steps_back() -> None:
    reader = import_module("shenbao.reader")
    names = [path.rpartition(".")[2] for path in STAGES.values()]
    before = [getattr(reader, name) for name in names]
    with Clock().running():
        assert all(getattr(reader, n) is not b for n, b in zip(names, before, strict=True))
    assert [getattr(reader, name) for name in names] == before

"""What the batch tells: lines for programs, the report for people, files of all documents together."""

import argparse
import io
import json
import weakref
from pathlib import Path

import openpyxl
import pytest
from face_samples import SHARED, FakeReader
from PIL import Image

from shenbao.batch import Joint, run_batch
from shenbao.batch.databases import own_database
from shenbao.batch.folder import LocalFolder
from shenbao.batch.joint import write_joint
from shenbao.batch.manifest import Manifest
from shenbao.batch.packing import unpack_document
from shenbao.batch.progress import State
from shenbao.batch.report import report_html
from shenbao.batch.summary import CONFIDENCE_EDGES, Summary
from shenbao.cli import main
from shenbao.cli.batch_command import formats_of
from shenbao.cli.parser import make_parser
from shenbao.errors import UsageError
from shenbao.export import Format
from shenbao.models.document import Document


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    for number, name in enumerate(("a.png", "bad<b>.png", "c.png")):
        Image.new("L", (40, 30), number).save(made / name)
    return made


def run(folder: Path, out: Path, **options: object) -> Summary:
    more = {"workers": 1, "reader_factory": FakeReader, "stream": io.StringIO()} | options
    return run_batch([folder], out, **more)  # type: ignore[arg-type]


def test_progress_is_told_in_lines_of_json(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        main(["batch", str(folder), "--out", str(tmp_path / "o"), "--workers", "1", "--json"], FakeReader)
        == 9
    )
    states = [State.model_validate_json(line) for line in capsys.readouterr().out.splitlines()]
    assert [state.event for state in states] == ["start", "file", "file", "file", "end"]
    assert [state.finished for state in states] == [0, 1, 2, 3, 3]
    last = states[-1]
    assert (last.files, last.failed, last.pages, last.fields, last.review_share) == (3, 1, 2, 20, 0.2)
    assert (states[0].seconds_left, last.seconds_left) == (None, 0.0)
    assert states[0].worker_bytes == 0
    assert 10_000_000 < last.worker_bytes < 1_000_000_000
    failed = next(s.result for s in states if s.result and s.result.status == "failed")
    assert failed.failures[0].code == "unreadable"


def test_summary_counts_families_and_confidences(folder: Path, tmp_path: Path) -> None:
    summary = run(folder, tmp_path / "o")
    assert summary.families["project_declaration"].model_dump() == {
        "records": 2,
        "fields": 20,
        "fields_for_review": 4,
    }
    assert len(summary.confidences) == len(CONFIDENCE_EDGES) + 1
    assert sum(summary.confidences) == summary.fields
    assert summary.confidences[1] == 4


def test_the_report_has_plots_failures_and_links(folder: Path, tmp_path: Path) -> None:
    run(folder, tmp_path / "o")
    page = (tmp_path / "o/summary.html").read_text("utf-8")
    assert page.count("data:image/png;base64,") == 2
    assert "坏文件" in page
    assert "bad&lt;b&gt;.png" in page
    assert "bad<b>.png" not in page
    assert "bad%3Cb%3E.png" in page
    assert 'href="a.json"' in page
    assert "<script" not in page


def test_the_report_of_an_empty_batch_can_be_drawn(folder: Path, tmp_path: Path) -> None:
    (folder / "a.png").unlink()
    (folder / "c.png").unlink()
    assert b"bad&lt;b&gt;.png" in report_html(run(folder, tmp_path / "o"))


def test_files_of_all_together_hold_every_document(folder: Path, tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    out = tmp_path / "o"
    run(folder, out, joint=list(Joint), formats=[])
    lines = (out / "documents.jsonl").read_bytes().splitlines()
    assert [Document.model_validate_json(line).source.name for line in lines] == ["a.png", "c.png"]
    assert pq.read_table(out / "records.parquet").num_rows == 20
    assert pq.read_table(out / "indicators.parquet").num_rows == 2
    assert openpyxl.load_workbook(out / "summary.xlsx")["指标"].max_row == 3
    assert not (out / "a.json").exists()


@pytest.mark.parametrize("kind", Joint)
def test_files_of_all_together_hold_one_document_at_a_time(
    kind: Joint, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyarrow")
    run(folder, tmp_path / "o")
    alive, most = 0, 0

    def counted(body: bytes) -> Document:
        nonlocal alive, most
        document = unpack_document(body)
        alive += 1
        most = max(most, alive)
        weakref.finalize(document, gone)
        return document

    def gone() -> None:
        nonlocal alive
        alive -= 1

    monkeypatch.setattr("shenbao.batch.joint.unpack_document", counted)
    out = LocalFolder(tmp_path / "o")
    with Manifest(own_database(out.path), out, "recipe") as manifest:
        write_joint([kind], manifest, ["a.json", "c.json"] * 20, out)
    assert 1 <= most <= 2


def test_formats_are_told_apart() -> None:
    assert formats_of("json, alto,parquet,json") == ([Format.JSON, Format.ALTO], [Joint.PARQUET])
    for wrong in ("", "doc", "json;csv"):
        with pytest.raises(UsageError, match="--formats"):
            formats_of(wrong)


def test_the_command_offers_every_format() -> None:
    (batch,) = (
        action.choices["read"]
        for action in make_parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    offered = next(action.choices for action in batch._actions if "--format" in action.option_strings)
    assert set(offered) == set(Format)


@pytest.mark.e2e
def test_every_nasty_file_ends_in_a_result_or_a_typed_error(tmp_path: Path) -> None:
    nasty = SHARED / "real/nasty"
    if not nasty.is_dir():
        pytest.skip("shared files are not here")
    files = sorted(nasty.iterdir())
    summary = run_batch(files, tmp_path / "o", workers=1, stream=io.StringIO())
    assert summary.files == len(files)
    assert all(result.status == "complete" or result.failures for result in summary.results)
    codes = {failure.code for result in summary.results for failure in result.failures}
    assert codes <= {"unreadable", "unsupported", "encrypted", "too_large", "error"}
    assert json.loads((tmp_path / "o/summary.json").read_bytes())["failed"] == summary.failed

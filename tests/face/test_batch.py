import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from face_samples import FakeReader, ReaderWithoutModels, digest
from PIL import Image

from shenbao.batch import Summary, run_batch
from shenbao.batch.manifest import recipe_of
from shenbao.errors import ModelFileError, OutputError, UsageError
from shenbao.models.document import Document
from shenbao.settings import EngineSettings, ReviewSettings, Settings


def picture(path: Path, grey: int | None = None) -> Path:
    """A picture that no file of another name equals."""
    shade = sum(path.name.encode()) % 251 if grey is None else grey
    Image.new("L", (40, 30), shade).save(path)
    return path


def batch(folder: Path, out: Path, stream: io.StringIO | None = None, **options: object) -> Summary:
    more = {"workers": 2, "reader_factory": FakeReader} | options
    return run_batch([folder], out, stream=stream or io.StringIO(), **more)  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    for name in ("a.png", "b.png", "b.jpg"):
        picture(made / name)
    return made


def test_every_file_gets_its_output_and_the_summary_counts(folder: Path, tmp_path: Path) -> None:
    (folder / "note.txt").write_text("x")
    summary = batch(folder, tmp_path / "out")
    outputs = sorted(p.name for p in (tmp_path / "out").glob("*.json"))
    assert outputs == ["a.json", "b.jpg.json", "b.png.json", "summary.json"]
    document = Document.model_validate_json((tmp_path / "out/a.json").read_bytes())
    assert document.source.sha256 == digest(folder / "a.png")
    assert Summary.model_validate_json((tmp_path / "out/summary.json").read_bytes()) == summary
    assert (summary.files, summary.complete, summary.failed, summary.pages) == (3, 3, 0, 3)
    assert (summary.fields, summary.fields_for_review, summary.review_share) == (30, 6, 0.2)
    assert summary.pages_per_second > 0
    assert [Path(p).name for p in summary.ignored] == ["note.txt"]


def test_bad_files_never_stop_the_others(folder: Path, tmp_path: Path) -> None:
    (folder / "empty.pdf").touch()
    for name in ("bad.png", "crash.png", "failed.png", "partial.png"):
        picture(folder / name)
    stream = io.StringIO()
    summary = batch(folder, tmp_path / "out", stream)
    assert (summary.files, summary.complete, summary.partial, summary.failed) == (8, 3, 1, 4)
    failures = {Path(r.input).name: r.failures[0] for r in summary.results if r.failures}
    assert {name: failure.code for name, failure in failures.items()} == {
        "empty.pdf": "unreadable",
        "bad.png": "unreadable",
        "crash.png": "crashed",
        "failed.png": "error",
        "partial.png": "error",
    }
    assert "code 77" in failures["crash.png"].message
    assert all(failure.advice for failure in failures.values())
    assert "bad.png: unreadable: 坏文件" in stream.getvalue()
    assert not (tmp_path / "out/bad.json").exists()


def test_a_second_run_reads_only_what_is_new(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    batch(folder, out)
    before = {p.name: p.stat().st_mtime_ns for p in out.glob("[ab]*.json")}
    picture(folder / "a.png", 7)
    picture(folder / "c.png")
    summary = batch(folder, out)
    assert [(Path(r.input).name, r.up_to_date) for r in summary.results] == [
        ("a.png", False),
        ("b.jpg", True),
        ("b.png", True),
        ("c.png", False),
    ]
    after = {p.name: p.stat().st_mtime_ns for p in out.glob("[ab]*.json")}
    assert {name for name in before if before[name] != after[name]} == {"a.json"}
    assert summary.fields == 40


def test_other_settings_or_a_wish_read_again_but_not_a_lost_output(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    batch(folder, out)
    (out / "a.json").unlink()
    assert batch(folder, out).up_to_date == 3
    assert (out / "a.json").exists()
    assert batch(folder, out, settings=Settings(engine=EngineSettings(threads=1))).up_to_date == 3
    assert batch(folder, out, settings=Settings(review=ReviewSettings(accept=0.5))).up_to_date == 0
    assert batch(folder, out, again=True).up_to_date == 0


def test_a_file_that_turned_bad_loses_its_old_output(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    batch(folder, out)
    (folder / "a.png").write_bytes(b"")
    assert batch(folder, out).failed == 1
    assert not (out / "a.json").exists()


def test_a_broken_installation_stops_at_once(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="weights"):
        batch(folder, tmp_path / "out", reader_factory=ReaderWithoutModels)


def test_nothing_to_read_and_nowhere_to_write(folder: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(UsageError, match="no file"):
        batch(empty, tmp_path / "out")
    with pytest.raises(OutputError):
        batch(folder, tmp_path / "none" / "out")
    with pytest.raises(OutputError):
        batch(folder, folder / "a.png")


def test_recipe_is_about_results_not_speed() -> None:
    assert recipe_of(Settings(), "1") == recipe_of(Settings(engine=EngineSettings(threads=3)), "1")
    assert recipe_of(Settings(), "1") != recipe_of(Settings(), "2")
    assert recipe_of(Settings(), "1") != recipe_of(Settings(engine=EngineSettings(batch=2)), "1")


def test_ctrl_c_leaves_only_whole_outputs(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for name in ("a.png", "hang.png", "z.png"):
        picture(folder / name)
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from face_samples import FakeReader\n"
        "from shenbao.cli import main\n"
        "if __name__ == '__main__':\n"
        "    sys.exit(main(['batch', sys.argv[2], '--out', sys.argv[3], '--workers', '1'], FakeReader))\n"
    )
    script = tmp_path / "script.py"
    script.write_text(code)
    command = [sys.executable, str(script), str(Path(__file__).parent), str(folder), str(out)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True)
    for _ in range(600):
        if (out / "a.json").exists():
            break
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=90)
    assert process.returncode == 130
    assert b"Traceback" not in errors
    assert sorted(p.name for p in out.iterdir()) == [".shenbao", "a.json"]
    assert json.loads((out / "a.json").read_bytes())["status"] == "complete"

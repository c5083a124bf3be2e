"""What a batch keeps when it is stopped, and what costs one page alone."""

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from face_samples import FakeReader, digest
from PIL import Image

from shenbao.batch import Limits, Summary, run_batch
from shenbao.batch.databases import own_database
from shenbao.batch.folder import LocalFolder
from shenbao.batch.manifest import Manifest
from shenbao.batch.packing import unpack_page
from shenbao.errors import BatchBusy, OutputError
from shenbao.export import Format
from shenbao.models.document import Document

SCRIPT = (
    "import sys; sys.path.insert(0, sys.argv[1])\n"
    "from face_samples import FakeReader\n"
    "from shenbao.cli import main\n"
    "if __name__ == '__main__':\n"
    "    sys.exit(main(['batch', sys.argv[2], '--out', sys.argv[3], '--workers', '2'], FakeReader))\n"
)


def pages(path: Path, count: int, shade: int = 0) -> Path:
    """A TIFF of several pages, unlike that of any other shade."""
    first, *rest = (Image.new("L", (40, 30), shade + number) for number in range(count))
    first.save(path, save_all=True, append_images=rest)
    return path


def batch(folder: Path, out: Path, **options: object) -> Summary:
    more = {"workers": 2, "reader_factory": FakeReader, "stream": io.StringIO()} | options
    return run_batch([folder], out, **more)  # type: ignore[arg-type]


def outputs(out: Path) -> dict[str, str]:
    return {path.name: digest(path) for path in out.glob("*.json") if path.name != "summary.json"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    return made


def test_pages_of_one_file_are_read_by_all_and_stand_in_order(folder: Path, tmp_path: Path) -> None:
    pages(folder / "many.tif", 7)
    summary = batch(folder, tmp_path / "out")
    document = Document.model_validate_json((tmp_path / "out/many.json").read_bytes())
    assert [page.texts[0].text for page in document.pages] == list("1234567")
    assert (summary.pages, summary.complete) == (7, 1)


def test_a_page_that_ends_its_process_is_failed_alone(folder: Path, tmp_path: Path) -> None:
    pages(folder / "crash3.tif", 4)
    summary = batch(folder, tmp_path / "out")
    (failure,) = summary.results[0].failures
    assert (failure.page, failure.code, failure.stage) == (3, "crashed", "page")
    assert "code 77" in failure.message
    document = Document.model_validate_json((tmp_path / "out/crash3.json").read_bytes())
    assert [page.number for page in document.pages] == [1, 2, 4]
    assert document.status == summary.results[0].status == "partial"


def test_what_ends_its_process_once_is_read_at_the_second_try(folder: Path, tmp_path: Path) -> None:
    Image.new("L", (40, 30)).save(folder / "once.png")
    assert batch(folder, tmp_path / "out").complete == 1
    assert (folder / "once.tried").exists()


def test_a_page_that_hangs_is_given_up(folder: Path, tmp_path: Path) -> None:
    pages(folder / "hang2.tif", 3)
    start = time.monotonic()
    summary = batch(folder, tmp_path / "out", limits=Limits(seconds=1.5))
    assert [f.page for f in summary.results[0].failures] == [2]
    assert "longer than 1.5 seconds" in summary.results[0].failures[0].message
    assert time.monotonic() - start < 40


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the system does not tell memory")
def test_a_page_that_takes_too_much_memory_is_given_up(folder: Path, tmp_path: Path) -> None:
    pages(folder / "grow1.tif", 2)
    summary = batch(folder, tmp_path / "out", limits=Limits(memory=700_000_000))
    (failure,) = summary.results[0].failures
    assert (failure.page, failure.code) == (1, "crashed")
    assert "more than 700 MB" in failure.message


def test_processes_are_replaced_after_some_tasks(folder: Path, tmp_path: Path) -> None:
    pages(folder / "many.tif", 5)
    assert batch(folder, tmp_path / "out", workers=1, limits=Limits(tasks=2)).complete == 1


def test_equal_files_are_read_once_under_every_name(folder: Path, tmp_path: Path) -> None:
    pages(folder / "a.tif", 3)
    (folder / "b.tif").write_bytes((folder / "a.tif").read_bytes())
    summary = batch(folder, tmp_path / "out")
    assert [(r.pages, r.up_to_date) for r in summary.results] == [(3, False), (3, True)]
    found = [Document.model_validate_json((tmp_path / f"out/{n}.json").read_bytes()) for n in "ab"]
    assert [d.source.name for d in found] == ["a.tif", "b.tif"]
    assert found[0].pages == found[1].pages


def test_a_renamed_file_and_a_new_format_read_nothing(folder: Path, tmp_path: Path) -> None:
    pages(folder / "a.tif", 2)
    batch(folder, tmp_path / "out")
    (folder / "a.tif").rename(folder / "c.tif")
    summary = batch(folder, tmp_path / "out", formats=[Format.JSON, Format.CSV])
    assert summary.up_to_date == summary.files == 1
    assert {"c.json", "c.csv"} <= {path.name for path in (tmp_path / "out").iterdir()}


def test_pages_kept_from_a_stopped_run_are_not_read_again(folder: Path, tmp_path: Path) -> None:
    """The third page hangs until the run is killed; its name says so no more when the batch goes on."""
    pages(folder / "hang3.tif", 4)
    out = tmp_path / "out"
    process = start(tmp_path, folder, out)
    wait_until(lambda: kept(out, tmp_path) >= 3, process)
    (folder / "hang3.tif").rename(folder / "fine.tif")
    batch(folder, tmp_path / "whole")
    summary = batch(folder, out)
    assert summary.complete == 1
    assert summary.pages_per_second * summary.seconds == pytest.approx(1, abs=0.1)
    assert outputs(out) == outputs(tmp_path / "whole")


def start(tmp_path: Path, folder: Path, out: Path) -> "subprocess.Popen[bytes]":
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    command = [sys.executable, str(script), str(Path(__file__).parent), str(folder), str(out)]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL)


def wait_until(done: "object", process: "subprocess.Popen[bytes]") -> None:
    """Waits for what `done` tells, then kills the process as no program can hinder."""
    for _ in range(200):
        if done():  # type: ignore[operator]
            break
        time.sleep(0.1)
    else:
        pytest.fail("it never came that far")
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def kept(out: Path, tmp_path: Path) -> int:
    """How many pages a running batch has kept: its manifest is its own, so a copy is counted."""
    import shutil
    import sqlite3

    copy = tmp_path / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    try:
        shutil.copytree(out / ".shenbao", copy)
        with sqlite3.connect(copy / "manifest.sqlite") as database:
            return int(database.execute("SELECT count(*) FROM pages").fetchone()[0])
    except (OSError, shutil.Error, sqlite3.Error):
        return 0


def test_killed_again_and_again_it_ends_with_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    for number in range(4):
        pages(folder / f"f{number}.tif", 6, 20 * number)
        Image.new("L", (40, 30 + number)).save(folder / f"s{number}.png")
    out = tmp_path / "out"
    for wish in (1, 3, 5):
        process = start(tmp_path, folder, out)
        wait_until(lambda wish=wish: len(outputs(out)) >= wish, process)
        for path in set(out.glob("*.json")) - {out / "summary.json"}:  # a quick batch may have ended
            Document.model_validate_json(path.read_bytes())
    assert batch(folder, out).complete == 8
    batch(folder, tmp_path / "whole")
    assert outputs(out) == outputs(tmp_path / "whole")
    assert not list(out.glob(".shenbao-*"))


def test_two_batches_into_one_folder_are_refused(folder: Path, tmp_path: Path) -> None:
    pages(folder / "a.tif", 1)
    out = tmp_path / "out"
    out.mkdir()
    with (
        Manifest(own_database(out), LocalFolder(out), "recipe"),
        pytest.raises(BatchBusy, match="another batch"),
    ):
        batch(folder, out)
    assert batch(folder, out).complete == 1


def test_a_damaged_manifest_is_told(folder: Path, tmp_path: Path) -> None:
    pages(folder / "a.tif", 1)
    (tmp_path / "out/.shenbao").mkdir(parents=True)
    (tmp_path / "out/.shenbao/manifest.sqlite").write_bytes(b"no database" * 100)
    with pytest.raises(OutputError, match="everything is read again"):
        batch(folder, tmp_path / "out")


def test_pages_in_a_manifest_run_no_code() -> None:
    import pickle
    import zlib

    with pytest.raises(OutputError, match="no part of a page"):
        unpack_page(zlib.compress(pickle.dumps(os.system)))

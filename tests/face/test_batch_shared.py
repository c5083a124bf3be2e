"""A batch that many processes work on together, by a manifest on a PostgreSQL server."""

import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from face_samples import FakeReader, digest
from PIL import Image

psycopg = pytest.importorskip("psycopg")

from sqlalchemy import Engine, select, update

from shenbao.batch import Joint, Sharing, Summary, run_batch
from shenbao.batch.databases import shared_database
from shenbao.batch.folder import LocalFolder
from shenbao.batch.queue import Hold, Turn
from shenbao.batch.shared import Shared, _members, _turns
from shenbao.batch.summary import Failure, FileResult, failed_result
from shenbao.errors import BatchBusy, OutputError, UsageError
from shenbao.models.document import Source, StageError

LEASE = 2.0
_NUMBERS = count(1)
SCRIPT = """
import sys; sys.path.insert(0, sys.argv[1])
from face_samples import FakeReader
from shenbao.cli import main
if __name__ == "__main__":
    sys.exit(main(["batch", *sys.argv[2:]], FakeReader))
"""


@pytest.fixture
def server(postgres_server: Path) -> str:
    """An empty database."""
    name = f"batch{next(_NUMBERS)}"
    with psycopg.connect(host=str(postgres_server), user="tests", dbname="postgres", autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name}")
    return f"postgresql://tests@/{name}?host={postgres_server}"


@pytest.fixture
def engine(server: str) -> Iterator[Engine]:
    opened = shared_database(server, "0" * 16)
    yield opened
    opened.dispose()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    return made


def pages(path: Path, number: int, shade: int = 0) -> None:
    first, *rest = (Image.new("L", (40, 30), shade + k) for k in range(number))
    first.save(path, save_all=True, append_images=rest)


def mixed(folder: Path) -> None:
    for number in range(3):
        pages(folder / f"f{number}.tif", 6, 20 * number)
    for number in range(5):
        Image.new("L", (40, 30 + number)).save(folder / f"s{number}.png")
    (folder / "twin.tif").write_bytes((folder / "f0.tif").read_bytes())


def batch(folder: Path, out: Path, server: str, **options: object) -> Summary:
    more: dict[str, object] = {"workers": 1, "reader_factory": FakeReader, "stream": io.StringIO()}
    return run_batch([folder], out, sharing=Sharing(server, LEASE), **(more | options))  # type: ignore[arg-type]


def outputs(out: Path) -> dict[str, str]:
    return {path.name: digest(path) for path in out.glob("*.json") if path.name != "summary.json"}


def start(tmp_path: Path, folder: Path, out: Path, server: str) -> "subprocess.Popen[bytes]":
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    options = ["--out", str(out), "--manifest", server, "--lease", str(LEASE), "--workers", "1"]
    command = [sys.executable, str(script), str(Path(__file__).parent), str(folder), *options]
    return subprocess.Popen(command, stderr=subprocess.PIPE)


def until(done: "object", seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not done():  # type: ignore[operator]
        assert time.monotonic() < end, "it never came that far"
        time.sleep(0.05)


def result(name: str) -> FileResult:
    return failed_result(Path(name), Failure(stage="load", code="unreadable", message="x", advice="y"))


def facts(count: int) -> Source:
    return Source(name="a.tif", sha256="ab" * 32, kind="image/tiff", page_count=count)


def test_what_is_lent_to_one_is_not_lent_to_another(engine: Engine) -> None:
    with Shared(engine, ["a", "b"], "same") as one, Shared(engine, ["a", "b"], "same") as two:
        assert (one.first, two.first) == (True, False)
        assert (one.take(), two.take(), one.take()) == (Turn("a"), Turn("b"), None)
        assert (one.held("a", 0), two.held("a", 0)) == (True, False)
        one.finish("a", result("a"), made=False, read=1)
        assert [name for name, _ in two.news()] == ["a"]
        assert not one.done()


def test_others_are_refused_unless_they_were_told_the_same(engine: Engine) -> None:
    with Shared(engine, ["a"], "one"), pytest.raises(BatchBusy, match="others are at work"):
        Shared(engine, ["a"], "other")
    with Shared(engine, ["c"], "other") as alone:
        assert alone.take() == Turn("c")


def test_pages_are_lent_one_by_one_and_the_file_once_more_when_all_are_read(engine: Engine) -> None:
    with Shared(engine, ["z", "a"], "same") as one, Shared(engine, ["z", "a"], "same") as two:
        assert one.take() == Turn("z")
        one.open("z", facts(3), [2, 3])
        assert two.take() == Turn("z", facts(3), 2)
        assert one.take() == Turn("z", facts(3), 3)
        error = StageError(page=3, stage="page", code="error", message="坏")
        one.page_read("z", 3, error)
        assert one.take() == Turn("a")
        two.page_read("z", 2, None)
        assert one.take() == Turn("z", facts(3), 0, (error,))
        assert one.pages_read() == 2


def test_a_file_that_is_not_held_any_more_is_not_opened_twice(engine: Engine) -> None:
    with Shared(engine, ["a"], "same") as one, Shared(engine, ["a"], "same") as two:
        assert one.take() == Turn("a")
        lose(engine, one)
        assert two.take() == Turn("a")
        two.open("a", facts(2), [1, 2])
        one.open("a", facts(2), [1, 2])
        assert [two.take(), two.take(), two.take()] == [
            Turn("a", facts(2), 1),
            Turn("a", facts(2), 2),
            None,
        ]


def lose(engine: Engine, who: Shared) -> None:
    """Lets a lease run out, and somebody see it."""
    with engine.begin() as connection:
        connection.execute(update(_members).where(_members.c.id == who.me).values(until=0))
    with Shared(engine, ["a"], "same"):
        pass


def test_equal_contents_are_made_by_one_and_the_other_waits(engine: Engine) -> None:
    with Shared(engine, ["a", "b"], "same") as one, Shared(engine, ["a", "b"], "same") as two:
        one.take(), two.take()
        assert one.hold("a", "key") is Hold.MINE
        assert two.hold("b", "key") is Hold.OTHER
        assert two.take() is None
        assert not two.done()
        one.finish("a", result("a"), made=True, read=1)
        until(lambda: two.take() == Turn("b"))
        assert two.hold("b", "key") is Hold.MADE


def test_where_the_first_fails_its_twin_is_tried(engine: Engine) -> None:
    with Shared(engine, ["a", "b"], "same") as one:
        one.take(), one.take()
        one.hold("a", "key"), one.hold("b", "key")
        one.finish("a", result("a"), made=False, read=0)
        assert one.take() == Turn("b")
        assert one.hold("b", "key") is Hold.MINE


def test_a_lease_is_renewed_and_what_the_dead_had_is_returned(engine: Engine) -> None:
    with Shared(engine, ["a"], "same", 0.8) as one, Shared(engine, ["a"], "same", 0.8) as two:
        assert one.take() == Turn("a")
        time.sleep(1.6)
        assert two.take() is None
        one._left.set()  # it renews no more
        until(lambda: two.take() == Turn("a"), 5)
        assert not one.held("a", 0)


def test_leaving_returns_what_is_lent(engine: Engine) -> None:
    with Shared(engine, ["a"], "same") as one:
        with Shared(engine, ["a"], "same") as two:
            assert two.take() == Turn("a")
        assert one.take() == Turn("a")


def test_the_end_is_written_by_one_alone_and_by_another_where_that_one_dies(engine: Engine) -> None:
    written = []
    with Shared(engine, ["a"], "same") as one, Shared(engine, ["a"], "same") as two:

        def dies() -> None:
            raise RuntimeError

        with pytest.raises(RuntimeError):
            one.close(dies)
        lose(engine, one)
        two.close(lambda: written.append("two"))
        one.close(lambda: written.append("one"))
    assert written == ["two"]


def test_the_tables_of_folders_are_apart(server: str) -> None:
    one, two = shared_database(server, "a" * 16), shared_database(server, "b" * 16)
    with Shared(one, ["a"], "one"), Shared(two, ["b"], "two") as other:
        assert other.take() == Turn("b")
    with one.begin() as connection:
        assert connection.scalars(select(_turns.c.output)).all() == ["a"]
    one.dispose(), two.dispose()


def test_many_may_come_at_once(server: str) -> None:
    opened: list[Engine] = []

    def come() -> None:
        engine = shared_database(server, "c" * 16)
        with Shared(engine, ["a"], "same"):
            opened.append(engine)

    threads = [threading.Thread(target=come) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 8
    for engine in opened:
        engine.dispose()


def test_a_folder_has_one_identity_under_every_path(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").symlink_to(tmp_path / "a")
    first = LocalFolder(tmp_path / "a").identity()
    assert LocalFolder(tmp_path / "b").identity() == first
    assert (len(first), first.isalnum()) == (16, True)
    assert [path.name for path in (tmp_path / "a/.shenbao").iterdir()] == ["identity"]


@pytest.mark.parametrize(
    "url", ["sqlite:///x.db", "nonsense", "postgresql://u:geheim@127.0.0.1:1/x?connect_timeout=1"]
)
def test_a_manifest_that_cannot_be_opened_says_so(url: str, folder: Path, tmp_path: Path) -> None:
    Image.new("L", (40, 30)).save(folder / "a.png")
    with pytest.raises(UsageError) as caught:
        batch(folder, tmp_path / "out", url)
    assert "geheim" not in str(caught.value)


def test_one_alone_gives_what_a_batch_of_its_own_gives(folder: Path, tmp_path: Path, server: str) -> None:
    mixed(folder)
    Image.new("L", (50, 50)).save(folder / "bad.png")
    summary = batch(folder, tmp_path / "out", server, workers=2)
    own = run_batch([folder], tmp_path / "own", workers=2, reader_factory=FakeReader, stream=io.StringIO())
    assert outputs(tmp_path / "out") == outputs(tmp_path / "own")
    assert [(r.status, r.pages, r.up_to_date) for r in summary.results] == [
        (r.status, r.pages, r.up_to_date) for r in own.results
    ]
    assert Summary.model_validate_json((tmp_path / "out/summary.json").read_bytes()) == summary
    again = batch(folder, tmp_path / "out", server)
    assert again.up_to_date == again.complete == own.complete
    assert again.pages_per_second == 0


def test_two_batches_at_once_divide_the_pages(folder: Path, tmp_path: Path, server: str) -> None:
    mixed(folder)
    out = tmp_path / "out"
    both = [start(tmp_path, folder, out, server) for _ in range(2)]
    words = [process.communicate(timeout=120)[1].decode() for process in both]
    assert [process.returncode for process in both] == [0, 0], words
    run_batch([folder], tmp_path / "own", workers=1, reader_factory=FakeReader, stream=io.StringIO())
    assert outputs(out) == outputs(tmp_path / "own")
    summary = Summary.model_validate_json((out / "summary.json").read_bytes())
    # The twin is written from the document of the other: no page was read twice.
    assert (summary.complete, round(summary.pages_per_second * summary.seconds)) == (9, 23)


def test_one_of_two_is_killed_and_the_other_ends_its_work(folder: Path, tmp_path: Path, server: str) -> None:
    mixed(folder)
    out = tmp_path / "out"
    first = start(tmp_path, folder, out, server)
    until(lambda: lent(server, out) > 0)  # its worker is still coming up
    kill(first)
    assert lent(server, out) > 0
    second, third = (start(tmp_path, folder, out, server) for _ in range(2))
    until(lambda: len(outputs(out)) >= 3)
    kill(second)
    words = third.communicate(timeout=120)[1].decode()
    assert third.returncode == 0, words
    run_batch([folder], tmp_path / "own", workers=1, reader_factory=FakeReader, stream=io.StringIO())
    assert outputs(out) == outputs(tmp_path / "own")
    assert Summary.model_validate_json((out / "summary.json").read_bytes()).complete == 9


def kill(process: "subprocess.Popen[bytes]") -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()


def lent(server: str, out: Path) -> int:
    """How many files and pages are in somebody's hands."""
    if not (out / ".shenbao/identity").exists():
        return 0
    schema = f"shenbao_batch_{LocalFolder(out).identity()}"
    with psycopg.connect(server) as db:
        try:
            found = db.execute(f"SELECT count(*) FROM \"{schema}\".turns WHERE state = 'lent'").fetchone()
        except psycopg.errors.UndefinedTable:
            return 0
    return int(found[0]) if found else 0


def test_outputs_go_to_a_url(folder: Path, tmp_path: Path, server: str) -> None:
    pytest.importorskip("fsspec")
    mixed(folder)
    (tmp_path / "far").mkdir()
    summary = batch(folder, (tmp_path / "far").as_uri(), server, joint=[Joint.JSON_LINES])  # type: ignore[arg-type]
    assert summary.complete == 9
    run_batch([folder], tmp_path / "own", workers=1, reader_factory=FakeReader, stream=io.StringIO())
    assert outputs(tmp_path / "far") == outputs(tmp_path / "own")
    assert len((tmp_path / "far/documents.jsonl").read_bytes().splitlines()) == 9
    (tmp_path / "far/s0.json").unlink()
    assert batch(folder, (tmp_path / "far").as_uri(), server).up_to_date == 9  # type: ignore[arg-type]
    assert (tmp_path / "far/s0.json").exists()


def test_a_url_takes_a_shared_manifest(folder: Path) -> None:
    Image.new("L", (40, 30)).save(folder / "a.png")
    with pytest.raises(UsageError, match="shared manifest"):
        run_batch([folder], "memory://far", reader_factory=FakeReader, stream=io.StringIO())


def test_a_database_that_goes_away_is_told(folder: Path, tmp_path: Path, server: str) -> None:
    Image.new("L", (40, 30)).save(folder / "a.png")

    batch(folder, tmp_path / "out", server)
    with psycopg.connect(server, autocommit=True) as db:
        schema = f"shenbao_batch_{LocalFolder(tmp_path / 'out').identity()}"
        db.execute(f'ALTER TABLE "{schema}".files RENAME TO gone')
        db.execute(f'CREATE VIEW "{schema}".files AS SELECT * FROM "{schema}".gone WHERE 1 / 0 = 1')
    with pytest.raises(OutputError, match="manifest"):
        batch(folder, tmp_path / "out", server)

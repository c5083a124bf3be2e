"""A batch on a real Ray cluster of two nodes on this machine."""

import io
import os
import sys
import threading
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from face_samples import FakeReader, SlowReader, digest
from PIL import Image

ray = pytest.importorskip("ray", reason="the extra `ray` is not installed")

from ray.cluster_utils import Cluster

from shenbao.batch import Limits, Sharing, Summary, run_batch
from shenbao.batch.ray_staff import RayExecutor
from shenbao.cli import main
from shenbao.errors import UsageError
from shenbao.models.document import Document
from shenbao.settings import Settings

_NUMBERS = count(1)


@pytest.fixture(scope="module")
def path() -> Iterator[None]:
    """The readers of the tests can be found by the processes on the nodes."""
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parent), before or ""])
    yield
    if before is None:
        del os.environ["PYTHONPATH"]
    else:
        os.environ["PYTHONPATH"] = before


@pytest.fixture(scope="module")
def head(path: None) -> Iterator[Cluster]:
    """A node of one processor."""
    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    yield made
    ray.shutdown()
    made.shutdown()


@pytest.fixture
def cluster(head: Cluster) -> Cluster:
    """Two nodes of one processor each."""
    if not head.worker_nodes:
        head.add_node(num_cpus=1)
        head.wait_for_nodes()
    return head


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    for number in range(3):
        first, *rest = (Image.new("L", (40, 30), 20 * number + k) for k in range(8))
        first.save(made / f"f{number}.tif", save_all=True, append_images=rest)
    Image.new("L", (40, 31)).save(made / "s.png")
    return made


def outputs(out: Path) -> dict[str, str]:
    return {path.name: digest(path) for path in out.glob("*.json") if path.name != "summary.json"}


def alone(folder: Path, out: Path) -> Summary:
    return run_batch([folder], out, workers=1, reader_factory=FakeReader, stream=io.StringIO())


def test_a_node_is_lost_on_the_way(cluster: Cluster, folder: Path, tmp_path: Path) -> None:
    out, lines = tmp_path / "out", io.StringIO()
    node = next(iter(cluster.worker_nodes))

    def lose() -> None:
        while not any((out / ".shenbao").glob("*")) or "file" not in lines.getvalue():
            time.sleep(0.05)
        # Without a farewell, as when the power goes.
        cluster.remove_node(node, allow_graceful=False)
        lost.append(len(outputs(out)))

    lost: list[int] = []
    thread = threading.Thread(target=lose)
    thread.start()
    summary = run_batch(
        [folder],
        out,
        executor=RayExecutor(cluster.address),
        reader_factory=SlowReader,
        stream=io.StringIO(),
        lines=lines,
    )
    thread.join()
    assert lost[0] < 4
    assert (summary.complete, summary.pages) == (4, 25)
    assert summary.complete == alone(folder, tmp_path / "own").complete
    assert outputs(out) == outputs(tmp_path / "own")


def test_pages_are_claimed_by_the_shared_manifest(
    cluster: Cluster, folder: Path, tmp_path: Path, postgres_server: Path
) -> None:
    psycopg = pytest.importorskip("psycopg")
    name = f"ray{next(_NUMBERS)}"
    with psycopg.connect(host=str(postgres_server), user="tests", dbname="postgres", autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name}")
    url = f"postgresql://tests@/{name}?host={postgres_server}"
    others: list[Summary] = []

    def help_along() -> None:
        others.append(
            run_batch(
                [folder],
                tmp_path / "out",
                workers=1,
                sharing=Sharing(url, 5),
                reader_factory=SlowReader,
                stream=io.StringIO(),
            )
        )

    thread = threading.Thread(target=help_along)
    thread.start()
    summary = run_batch(
        [folder],
        tmp_path / "out",
        executor=RayExecutor(cluster.address),
        sharing=Sharing(url, 5),
        reader_factory=SlowReader,
        stream=io.StringIO(),
    )
    thread.join()
    assert [s.complete for s in (summary, *others)] == [4, 4]
    alone(folder, tmp_path / "own")
    assert outputs(tmp_path / "out") == outputs(tmp_path / "own")


def test_what_hangs_or_ends_its_actor_costs_its_page_alone(cluster: Cluster, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("hang2.tif", "crash3.tif"):
        first, *rest = (Image.new("L", (40, 30), len(name) + k) for k in range(3))
        first.save(folder / name, save_all=True, append_images=rest)
    summary = run_batch(
        [folder],
        tmp_path / "out",
        executor=RayExecutor(cluster.address),
        limits=Limits(seconds=3),
        reader_factory=FakeReader,
        stream=io.StringIO(),
    )
    failures = {Path(r.input).name: [(f.page, f.code) for f in r.failures] for r in summary.results}
    assert failures == {"crash3.tif": [(3, "crashed")], "hang2.tif": [(2, "crashed")]}
    document = Document.model_validate_json((tmp_path / "out/crash3.json").read_bytes())
    assert [page.number for page in document.pages] == [1, 2]


@pytest.mark.parametrize("option", ["--executor", "--engine"])
def test_the_command_finds_the_cluster(cluster: Cluster, folder: Path, tmp_path: Path, option: str) -> None:
    out = tmp_path / "out"
    options = [option, "ray", "--address", cluster.address, "--workers", "1"]
    assert main(["batch", str(folder), "--out", str(out), *options], FakeReader) == 0
    assert len(outputs(out)) == 4


def test_an_address_without_a_cluster_is_told(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no Ray cluster"):
        run_batch(
            [folder],
            tmp_path / "out",
            Settings(),
            executor=RayExecutor("127.0.0.1:1"),
            reader_factory=FakeReader,
            stream=io.StringIO(),
        )
    assert main(["batch", str(folder), "--out", str(tmp_path / "o"), "--address", "x:1"], FakeReader) == 2


def test_without_the_extra_the_command_says_so(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.delitem(sys.modules, "shenbao.batch.ray_staff")
    batch = ["batch", str(folder), "--out", str(tmp_path / "o")]
    assert main([*batch, "--executor", "ray"], FakeReader) == 4
    assert "shenbao[ray]" in capsys.readouterr().err

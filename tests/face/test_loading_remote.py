"""Inputs and outputs by URL: a folder in memory stands for a bucket, a local server for the web."""

import functools
import http.server
import io
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from shenbao.cli.near import near
from shenbao.cli.parser import make_parser
from shenbao.errors import ExtraMissing, InputTooLarge, MissingInput, ShenbaoError, UsageError
from shenbao.loading import open_source
from shenbao.loading.remote import deliver_to, fetch, folder_to, listed
from shenbao.settings import LimitSettings
from shenbao.urls import is_url, path_or_url, url_name, without_password

fsspec = pytest.importorskip("fsspec")


@pytest.fixture
def bucket() -> Iterator[str]:
    files = fsspec.filesystem("memory")
    files.store.clear()
    files.pipe({"/b/in/a.txt": b"a", "/b/in/deep/b.txt": b"bb", "/b/in/.hidden/c.txt": b"c"})
    yield "memory://b/in"
    files.store.clear()


@pytest.fixture
def web(tmp_path: Path) -> Iterator[str]:
    Image.new("L", (60, 40), 255).save(tmp_path / "页.png")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.txt").write_text("b")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_files_on_s3(s3: str, tmp_path: Path) -> None:
    stream = io.BytesIO()
    Image.new("L", (60, 40), 255).save(stream, "PNG")
    deliver_to(f"{s3}/2023/甲/表 一.png", stream.getvalue())
    deliver_to(f"{s3}/out/../../evil.json", b"{}")
    assert listed(f"{s3}/2023/") == [f"{s3}/2023/甲/表 一.png"]
    with open_source(f"{s3}/2023/甲/表 一.png") as source:
        assert (source.facts.name, source.page(1).width) == ("表 一.png", 60)
    for missing in (f"{s3}/none.png", "s3://no-such-bucket/none.png"):
        with pytest.raises(MissingInput):
            fetch(missing, LimitSettings())
    local = tmp_path / "deep" / "local"
    local.mkdir(parents=True)
    for text in (b"1", b"2"):
        with folder_to(f"{s3}/out", local) as folder:
            (folder / "甲.json").write_bytes(text)
    assert fetch(f"{s3}/out/甲.json", LimitSettings()) == b"2"
    assert not list(tmp_path.glob("*.json"))


def test_what_is_a_url() -> None:
    assert is_url("s3://bucket/a.pdf") and is_url("https://x/y") and is_url("file:///tmp/a")
    assert not any(is_url(x) for x in ("a.pdf", "C:\\a.pdf", "c://x", Path("a"), b"s3://x"))
    assert path_or_url("a/b") == Path("a/b")
    assert path_or_url("s3://a/b") == "s3://a/b"
    assert url_name("https://x/%E9%A1%B5.png?v=1") == "页.png"
    assert without_password("ftp://me:secret@x/y") == "ftp://x/y"


def test_files_of_a_bucket(bucket: str) -> None:
    assert [url_name(url) for url in listed(bucket)] == ["a.txt", "b.txt"]
    assert fetch(f"{bucket}/deep/b.txt", LimitSettings()) == b"bb"
    assert listed(f"{bucket}/a.txt") == [f"{bucket}/a.txt"]


def test_what_is_not_there(bucket: str) -> None:
    for url in (f"{bucket}/none.pdf", bucket, "http://127.0.0.1:9/none.pdf"):
        with pytest.raises(MissingInput):
            fetch(url, LimitSettings())
    with pytest.raises(MissingInput):
        listed("memory://b/none")
    with pytest.raises((UsageError, ExtraMissing)):
        fetch("nonsense://x/y", LimitSettings())


def test_a_file_that_is_too_large() -> None:
    deliver_to("memory://b/large", b"x" * 2000)
    with pytest.raises(InputTooLarge):
        fetch("memory://b/large", LimitSettings(file_bytes=1000))


def test_pages_by_http(web: str) -> None:
    with open_source(f"{web}/%E9%A1%B5.png") as source:
        assert source.facts.name == "页.png"
        assert source.page(1).width == 60
    with pytest.raises(ShenbaoError):
        open_source(f"{web}/none.png")


def test_a_folder_by_http(web: str) -> None:
    assert {url_name(url) for url in listed(f"{web}/")} == {"b.txt", "页.png"}


def test_outputs_are_sent(tmp_path: Path, bucket: str) -> None:
    deliver_to("memory://b/out/old.json", b"old")
    with folder_to("memory://b/out", tmp_path) as local:
        assert (local / "old.json").read_bytes() == b"old"
        (local / "new").mkdir()
        (local / "new" / "a.json").write_bytes(b"new")
    assert fetch("memory://b/out/new/a.json", LimitSettings()) == b"new"


def test_names_in_a_bucket_that_lead_out_of_the_folder(tmp_path: Path, bucket: str) -> None:
    files = fsspec.filesystem("memory")
    files.store["/b/out/../../evil.json"] = files.store["/b/in/a.txt"]
    local = tmp_path / "deep" / "local"
    local.mkdir(parents=True)
    with folder_to("memory://b/out", local):
        assert list(tmp_path.rglob("*.json")) == []


def test_a_folder_that_may_not_be_asked_for(
    tmp_path: Path, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> bool:
        raise PermissionError("not yours")

    monkeypatch.setattr(fsspec.filesystem("memory").__class__, "exists", refuse)
    with pytest.raises(MissingInput, match="not yours"), folder_to("memory://b/out", tmp_path):
        pass


def test_arguments_become_local(bucket: str) -> None:
    args = make_parser().parse_args(["batch", bucket, "here.pdf", "--out", "memory://b/results"])
    with near(args) as here:
        folder, other = here.inputs
        assert other == Path("here.pdf")
        assert sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*.txt")) == [
            "a.txt",
            "deep/b.txt",
        ]
        (here.out / "summary.json").write_text("{}")
    assert not folder.exists()
    assert fetch("memory://b/results/summary.json", LimitSettings()) == b"{}"
    args = make_parser().parse_args(["read", f"{bucket}/a.txt", "-o", "memory://b/a.json"])
    with near(args) as here:
        assert here.file.name == "a.txt"
        here.output.write_bytes(b"{}")
    assert fetch("memory://b/a.json", LimitSettings()) == b"{}"


def test_local_arguments_are_left_alone() -> None:
    args = make_parser().parse_args(["read", "a.pdf"])
    with near(args) as here:
        assert here is args

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from face_samples import FakeReader, sample_document
from PIL import Image

from shenbao.cli import main
from shenbao.cli.options import page_ranges
from shenbao.cli.read_command import only_pages
from shenbao.errors import UsageError
from shenbao.models.document import Document


@pytest.fixture
def form(tmp_path: Path) -> Path:
    path = tmp_path / "form.png"
    Image.new("RGB", (400, 240), "white").save(path)
    return path


def shenbao(*args: object) -> int:
    return main([str(arg) for arg in args], FakeReader)


def test_read_gives_json_on_stdout(form: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert shenbao("read", form) == 0
    out, err = capfdbinary.readouterr()
    assert Document.model_validate_json(out).source.name == "form.png"
    assert err == b""


@pytest.mark.parametrize(
    ("name", "options", "start"),
    [
        ("o.json", (), b'{"schema_version":"1"'),
        ("o.xlsx", (), b"PK"),
        ("o.csv", (), b"\xef\xbb\xbf"),
        ("o.md", (), b"# form"),
        ("o.html", (), b"<!DOCTYPE html>"),
        ("o.data", ("--format", "md"), b"# form"),
        ("o", (), b"{"),
    ],
)
def test_output_format_is_told_by_option_or_ending(
    form: Path, tmp_path: Path, name: str, options: tuple[str, ...], start: bytes
) -> None:
    assert shenbao("read", form, "-o", tmp_path / name, *options) == 0
    assert (tmp_path / name).read_bytes().startswith(start)


def test_workbook_obeys_the_accept_line(form: Path, tmp_path: Path) -> None:
    settings = tmp_path / "s.toml"
    settings.write_text("[review]\naccept = 0.4\n")
    assert shenbao("read", form, "-o", tmp_path / "o.xlsx", "--settings", settings) == 0
    sheet = openpyxl.load_workbook(tmp_path / "o.xlsx")["绩效目标申报表"]
    assert sheet["C2"].fill.fill_type is None


@pytest.mark.parametrize(
    ("args", "code", "word"),
    [
        (("read", "missing.png"), 12, "missing"),
        (("read", "."), 12, "missing"),
        (("read", "bad.png"), 3, "unreadable"),
        (("read", "form.png", "-o", "none/o.json"), 10, "output"),
        (("read", "form.png", "-o", "."), 10, "output"),
        (("read", "form.png", "-o", "o.docx"), 2, "usage"),
        (("read", "form.png", "--settings", "none.toml"), 2, "usage"),
        (("read", "form.png", "--pages", "0"), 2, "usage"),
        (("read", "form.png", "--pages", "7"), 2, "usage"),
        (("show", "form.png", "-o", "o.pdf"), 2, "usage"),
        (("show", "form.png", "-o", "o.png", "--page", "2"), 2, "usage"),
        (("show", "form.png", "-o", "o.html", "--stage", "grid"), 2, "usage"),
        (("show", "form.png", "-o", "o.png", "--stage", "grid"), 3, "unreadable"),
        (("vocab", "list", "nothing"), 2, "usage"),
        (("batch", "form.png", "--out", "none/out"), 10, "output"),
        (("check", "--settings", "none.toml"), 2, "usage"),
    ],
)
def test_errors_are_one_line_with_code_and_advice(
    form: Path,
    args: tuple[str, ...],
    code: int,
    word: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(form.parent)
    (form.parent / "bad.png").write_bytes(form.read_bytes())
    assert shenbao(*args) == code
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith(f"shenbao: error [{word}]: ")
    assert err.count("\n") == 1
    assert " -- " in err


def test_output_is_refused_before_anything_is_read(form: Path, tmp_path: Path) -> None:
    def no_reader(settings: object) -> FakeReader:
        raise AssertionError("was asked to read")

    assert main(["read", str(form), "-o", str(tmp_path / "none/o.json")], no_reader) == 10


def test_debug_gives_the_traceback(tmp_path: Path) -> None:
    from shenbao.errors import MissingInput

    with pytest.raises(MissingInput):
        shenbao("read", tmp_path / "none.png", "--debug")


def test_unforeseen_errors_are_a_line_too(form: Path, capfd: pytest.CaptureFixture[str]) -> None:
    def broken(settings: object) -> FakeReader:
        raise RuntimeError("came\nloose")

    assert main(["read", str(form)], broken) == 1
    assert capfd.readouterr().err.startswith("shenbao: error [error]: RuntimeError: came loose -- ")


@pytest.mark.parametrize(("name", "code"), [("partial.png", 9), ("failed.png", 1)])
def test_a_document_with_failed_pages_is_written_all_the_same(
    form: Path, name: str, code: int, capfd: pytest.CaptureFixture[str]
) -> None:
    assert shenbao("read", form.rename(form.parent / name)) == code
    out, err = capfd.readouterr()
    assert json.loads(out)["status"] == name.split(".")[0]
    assert "page 1, grid [error]: 坏页" in err


@pytest.mark.parametrize("args", [(), ("read",), ("batch", "x"), ("fly",), ("read", "x", "--form", "md")])
def test_bad_usage_ends_with_2(args: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as end:
        shenbao(*args)
    assert end.value.code == 2


def test_pages_cut_the_document_down() -> None:
    assert page_ranges("1-3, 5") == [range(1, 4), range(5, 6)]
    document = sample_document()
    table = document.tables[0].model_copy(update={"id": "t2", "pages": [2, 3]})
    pages = [document.pages[0].model_copy(update={"number": n}) for n in (1, 2, 3)]
    document = document.model_copy(update={"pages": pages, "tables": [document.tables[0], table]})
    cut = only_pages(document, page_ranges("3"))
    assert [p.number for p in cut.pages] == [3]
    assert [t.id for t in cut.tables] == ["t2"]
    assert cut.records == []
    for wrong in ("", "0", "3-1", "a", "1-", "-1"):
        with pytest.raises(UsageError):
            page_ranges(wrong)


def test_batch_ends_with_the_documented_codes(
    form: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "bad.png").write_bytes(form.read_bytes())
    assert shenbao("batch", folder, "--out", tmp_path / "out", "--workers", 1) == 11
    (folder / "good.png").write_bytes(form.read_bytes())
    assert shenbao("batch", folder, "--out", tmp_path / "out", "--workers", 1) == 9
    (folder / "bad.png").unlink()
    assert shenbao("batch", folder, "--out", tmp_path / "out", "--workers", 1) == 0
    out, err = capfd.readouterr()
    assert out == ""
    assert "1 files: 1 complete, 0 partial, 0 failed; 1 of them from an earlier run" in err


def test_show_writes_picture_and_page(form: Path, tmp_path: Path) -> None:
    assert shenbao("show", form, "-o", tmp_path / "o.png") == 0
    assert Image.open(tmp_path / "o.png").height == 240
    assert shenbao("show", form, "-o", tmp_path / "o.html", "--page", 1) == 0
    assert b"data:image/jpeg" in (tmp_path / "o.html").read_bytes()


def test_schema_is_that_of_the_document(capfd: pytest.CaptureFixture[str]) -> None:
    assert shenbao("schema") == 0
    schema = json.loads(capfd.readouterr().out)
    assert schema == Document.model_json_schema(mode="serialization")
    assert {"pages", "tables", "records"} <= set(schema["properties"])


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        shenbao("--version")
    assert end.value.code == 0
    assert capsys.readouterr().out.startswith("shenbao ")


def test_vocab_lists_and_searches(capfd: pytest.CaptureFixture[str]) -> None:
    assert shenbao("vocab", "list", "units") == 0
    lines = capfd.readouterr().out.splitlines()
    assert lines and all(line.startswith("units\t") and line.count("\t") == 3 for line in lines)
    assert shenbao("vocab", "search", "数量指标", "--limit", "3") == 0
    lines = capfd.readouterr().out.splitlines()
    assert 1 <= len(lines) <= 3
    assert "数量指标" in lines[0]


def test_check_finds_a_broken_installation(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    settings = tmp_path / "s.toml"
    settings.write_text(f'[engine]\nmodel_dir = "{tmp_path.as_posix()}"\n')
    assert shenbao("check", "--settings", settings) == 7
    out = capfd.readouterr().out
    assert "FAIL model recognition" in out
    assert "ok   package numpy" in out


def test_broken_pipe_is_quiet(form: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from face_samples import FakeReader;"
        "from shenbao.cli import main; sys.exit(main(['schema'], FakeReader))"
    )
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-c", code, str(Path(__file__).parent)]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert done.returncode == 141
    assert done.stderr == b""


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom shenbao.cli.parser import make_parser\nmake_parser().format_help()\n"
        "print([m for m in ('numpy', 'cv2', 'PIL', 'pydantic', 'openvino') if m in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_stdout_of_a_binary_format_must_not_be_a_terminal(
    form: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdout", Terminal())
    assert shenbao("read", form, "--format", "xlsx") == 2

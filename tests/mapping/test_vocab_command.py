"""`shenbao vocab` with a file of one's own."""

import json
from pathlib import Path

import pytest

from shenbao.cli import main


def vocab(*args: object) -> int:
    return main(["vocab", *map(str, args)])


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.json"
    added = ("--source", "某县2025年表", "--by", "王", "--own", path)
    assert vocab("add", "level2", "数量指标", "--form", "产量类", *added) == 0
    assert vocab("add", "units", "亩次", "--kind", "count", *added) == 0
    return path


def test_what_was_added_is_listed_and_found(own: Path, capfd: pytest.CaptureFixture[str]) -> None:
    capfd.readouterr()
    assert vocab("list", "units", "--own", own) == 0
    assert "units\t亩次\t\tcount" in capfd.readouterr().out.splitlines()
    assert vocab("search", "产量类", "--limit", 1, "--own", own) == 0
    assert capfd.readouterr().out.startswith("level2\t数量指标\t")


def test_aliases_say_where_a_form_comes_from(own: Path, capfd: pytest.CaptureFixture[str]) -> None:
    capfd.readouterr()
    assert vocab("aliases", "产量类", "--own", own) == 0
    rows = [line.split("\t") for line in capfd.readouterr().out.splitlines()]
    origins = {row[2]: row[4] for row in rows}
    assert origins["数量指标"] == "shenbao"
    assert origins["产量类"].startswith("某县2025年表，王，20")
    assert vocab("aliases", "产量类") == 2


def test_export_holds_every_form_with_its_origin(
    own: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "all.json"
    assert vocab("export", "--own", own, "-o", out) == 0
    entries = json.loads(out.read_text("utf-8"))
    unit = next(e for e in entries if e["group"] == "units" and e["name"] == "亩次")
    assert unit["forms"][0]["origin"].startswith("某县2025年表")
    assert {e["group"] for e in entries} == {
        "level1", "level2", "level3", "labels", "columns", "units", "words", "codes",
    }  # fmt: skip


@pytest.mark.parametrize(
    "args",
    [
        ("level2", "数量指标", "--form", "质量指标"),
        ("level2", "新的二级指标"),
        ("units", "亩回"),
        ("level3", "新名称", "--below", "没有的二级"),
        ("level2", "数量指标", "--form", "产量类"),
    ],
)
def test_what_cannot_be_added_leaves_the_file_alone(own: Path, args: tuple[str, ...]) -> None:
    before = own.read_bytes()
    assert vocab("add", *args, "--source", "x", "--own", own) == 2
    assert own.read_bytes() == before


def test_add_needs_a_file_of_ones_own() -> None:
    assert vocab("add", "units", "亩次", "--kind", "count", "--source", "x") == 2

"""How figures are kept."""

from datetime import UTC, datetime
from pathlib import Path

from bench.record import machine, markdown, peak_mib, plain_command, record, section


def kept(file: Path) -> list[str]:
    """Commands and bodies of the sections, from the top."""
    parts = file.read_text("utf-8").split("\n## ")[1:]
    return [f"{part.split('`')[1]}: {part.rstrip().splitlines()[-1]}" for part in parts]


def test_the_newest_record_comes_first(tmp_path: Path) -> None:
    file = tmp_path / "docs" / "benchmarks.md"
    for day, name in ((1, "x"), (2, "y")):
        record(section(f"python -m bench.{name}", f"of {name}", datetime(2026, 5, day, tzinfo=UTC)), file)
    assert file.read_text("utf-8").startswith("# Benchmarks")
    assert kept(file) == ["python -m bench.y: of y", "python -m bench.x: of x"]


def test_a_record_takes_the_place_of_what_the_same_command_gave(tmp_path: Path) -> None:
    file = tmp_path / "benchmarks.md"
    commands = ["run scans --out a", "run held", "run scans --out=b", "run scans --match fax"]
    for number, command in enumerate(commands):
        record(section(f"python -m bench.{command}", f"body {number}"), file)
    assert kept(file) == [
        "python -m bench.run scans --match fax: body 3",
        "python -m bench.run scans --out=b: body 2",
        "python -m bench.run held: body 1",
    ]


def test_a_table_shows_four_digits_and_dashes() -> None:
    assert (
        markdown(("", "f1"), [("a", 0.98765), ("b", None)])
        == "|  | f1 |\n|---|---|\n| a | 0.9877 |\n| b | - |"
    )


def test_a_command_names_no_folder_of_the_machine() -> None:
    argv = ["/some/where/scans", "--limit", "3", "--record"]
    assert plain_command("bench.x", argv) == "python -m bench.x scans --limit 3"


def test_machine_and_memory() -> None:
    assert machine().endswith("cores")
    assert peak_mib() > 1

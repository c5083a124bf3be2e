"""How figures are kept."""

from datetime import UTC, datetime
from pathlib import Path

from bench.record import machine, markdown, peak_mib, plain_command, record, section


def test_record_appends(tmp_path: Path) -> None:
    file = tmp_path / "docs" / "benchmarks.md"
    for day in (1, 2):
        record(section("python -m bench.x", "body", datetime(2026, 5, day, tzinfo=UTC)), file)
    text = file.read_text("utf-8")
    assert text.startswith("# Benchmarks")
    assert text.count("`python -m bench.x` at commit ") == 2
    assert text.count("\n\nbody\n") == 2
    assert text.index("2026-05-01") < text.index("2026-05-02")


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

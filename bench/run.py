"""Reads every document of a truth folder with one warm reader, scores and times it.

    python -m bench.run TRUTH_DIR [--out DIR] [--match TEXT] [--limit N] [--json FILE] [--record]

`--record` keeps the figures, with date, commit and processor, in docs/benchmarks.md. Times are
wall clock in this process, the first document read once beforehand so that models are loaded.
"""

import argparse
import json
import logging
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bench.clock import Clock
from bench.record import markdown, peak_mib, plain_command, record, section
from shenbao.evaluation.scoring import Report, score_folder, table

log = logging.getLogger(__name__)


class ReadDocument(Protocol):
    """What a reader gives: a pydantic document."""

    def model_dump_json(self) -> str: ...


class DocumentReader(Protocol):
    def read(self, source: Path, /) -> ReadDocument: ...


@dataclass(frozen=True)
class Job:
    """A document to read: its truth's name, file, level and number of pages."""

    name: str
    file: Path
    level: str
    pages: int


@dataclass(frozen=True)
class Timing:
    """Seconds and pages by level ("all" among them), seconds by stage, failures, peak memory in MiB."""

    seconds: dict[str, float]
    pages: dict[str, int]
    stages: dict[str, float]
    failures: tuple[str, ...]
    peak_mib: float

    def per_page(self) -> dict[str, float]:
        return {level: self.seconds[level] / self.pages[level] for level in self.seconds}


def jobs(folder: Path, match: str = "", limit: int | None = None) -> list[Job]:
    """The documents of a truth folder whose names hold `match`; ends the program where there are none."""
    found = []
    for path in sorted(folder.glob("*.truth.json")):
        if match not in path.name:
            continue
        truth = json.loads(path.read_text("utf-8"))
        name = path.name.removesuffix(".truth.json")
        found.append(Job(name, folder / truth["files"][0], truth.get("level", "all"), len(truth["pages"])))
    if not found:
        raise SystemExit(
            f"{folder} holds no document with a truth (NAME.truth.json) whose name holds {match!r}"
        )
    return found[:limit]


def read_all(reader: DocumentReader, work: Sequence[Job], out: Path) -> Timing:
    """Reads the documents one after the other and writes `out`/<name>.json; a failure stops nothing."""
    seconds: dict[str, float] = defaultdict(float)
    pages: dict[str, int] = defaultdict(int)
    failures = []
    out.mkdir(parents=True, exist_ok=True)
    with Clock().running() as clock:
        for job in work:
            (out / f"{job.name}.json").unlink(missing_ok=True)
            started = time.perf_counter()
            try:
                text = reader.read(job.file).model_dump_json()
            except Exception as error:  # a benchmark reports failures and goes on
                log.exception("reading %s", job.name)
                failures.append(f"{job.name}: {type(error).__name__}: {error}")
            else:
                (out / f"{job.name}.json").write_text(text, "utf-8")
            for level in ("all", job.level):
                seconds[level] += time.perf_counter() - started
                pages[level] += job.pages
    return Timing(dict(seconds), dict(pages), dict(clock.seconds), tuple(failures), peak_mib())


_SHOWN = (
    "documents",
    "failed",
    "structure_f1",
    "spans_right",
    "cell_exact",
    "number_exact",
    "empty_filled",
    "filled_empty",
    "teds",
    "teds_s",
    "field_exact",
    "indicator_exact",
    "auroc",
    "ece",
    "coverage_at_0.5%",
    "coverage_at_0.1%",
)


def figures(report: Report, timing: Timing) -> str:
    """The Markdown tables of one run."""
    levels, per_page = list(report.figures), timing.per_page()
    rows: list[list[object]] = [[key, *(report.figures[x][key] for x in levels)] for key in _SHOWN]
    rows.append(["seconds per page", *(f"{per_page[x]:.2f}" if x in per_page else None for x in levels)])
    pages = f"{timing.pages['all']} pages, peak memory {timing.peak_mib:.0f} MiB."
    return f"{pages}\n\n{markdown(['', *levels], rows)}\n\nSeconds per page by stage: {stages(timing)}."


def stages(timing: Timing) -> str:
    """The stages' seconds per page, the rest as `other`."""
    pages = timing.pages["all"]
    rest = timing.seconds["all"] - sum(timing.stages.values())
    shown = [*timing.stages.items(), ("other", rest)]
    return ", ".join(f"{name} {seconds / pages:.3f}" for name, seconds in shown)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.run", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("truth", type=Path)
    parser.add_argument("--out", type=Path, help="keep the output documents there")
    parser.add_argument("--match", default="", help="only documents whose names hold this")
    parser.add_argument("--limit", type=int, help="only the first so many")
    parser.add_argument("--json", type=Path, help="write the figures there as well")
    parser.add_argument("--worst", type=int, default=0, help="list the errors of that many documents")
    parser.add_argument("--record", action="store_true", help="keep the figures in docs/benchmarks.md")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    from shenbao import Reader

    args = _parser().parse_args(argv)
    work = jobs(args.truth, args.match, args.limit)
    if not work:
        print(f"no *.truth.json in {args.truth}", file=sys.stderr)
        return 2
    reader = Reader()
    with tempfile.TemporaryDirectory() as scratch:
        out = args.out or Path(scratch)
        read_all(reader, work[:1], Path(scratch) / "warm")
        timing = read_all(reader, work, out)
        report = score_folder(args.truth, out, [job.name for job in work])
    print(table(report.figures))
    for level, value in timing.per_page().items():
        print(f"{level}: {value:.2f} s/page", file=sys.stderr)
    print(f"stages: {stages(timing)}; peak {timing.peak_mib:.0f} MiB", file=sys.stderr)
    print(*timing.failures, sep="\n", file=sys.stderr)
    for share, name, tally in report.worst(args.worst):
        print(f"\n{name}: {share:.1%} wrong")
        print("\n".join(f"   want {want} | have {have}" for want, have in tally.wrong[:8]))
    if args.json:
        args.json.write_text(json.dumps(report.figures, ensure_ascii=False, indent=1), "utf-8")
    if args.record:
        record(section(plain_command("bench.run", argv or sys.argv[1:]), figures(report, timing)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

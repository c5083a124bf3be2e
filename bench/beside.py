"""shenbao beside img2table: the same page pictures, one after the other, in one run.

    python -m bench.beside TRUTH_DIR --peer-python PYTHON [--read] [--match TEXT] [--limit N] [--record]

Every page of the folder's documents is written as a PNG picture first; all systems start from these files, and
their seconds hold everything from the file on, with models loaded and the first page done once before. Pages are
scored one by one, so nothing is said here of joining. `--read` adds the whole way, to cells with their text.
`PYTHON` is an interpreter with bench/peers/requirements.txt installed (bench/README.md says why apart).
"""

import argparse
import json
import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from bench.blind import blind_reader
from bench.record import markdown, plain_command, record, section
from bench.run import Job, jobs
from bench.structure import Counts, Json, Spans, count_page, found_spans, page_tables, total, truth_spans
from shenbao import Reader
from shenbao.evaluation.scoring import outcomes
from shenbao.loading import open_source

log = logging.getLogger(__name__)

PEER = Path(__file__).parent / "peers" / "img2table_pages.py"


@dataclass(frozen=True)
class Sheet:
    """A page picture with its damage level and the truth's tables."""

    file: Path
    level: str
    tables: Sequence[Json]


@dataclass(frozen=True)
class Found:
    """What one system makes of a page; `tables` hold texts where the system reads, else None."""

    seconds: float
    spans: Sequence[Spans]
    tables: Sequence[Json] | None = None


System = dict[str, Found]
"""What a system found, by the picture's file name."""


def sheets(folder: Path, work: Sequence[Job], out: Path) -> Iterator[Sheet]:
    """Every page of the documents as a PNG picture in `out`."""
    for job in work:
        truth = json.loads((folder / f"{job.name}.truth.json").read_text("utf-8"))
        with open_source(job.file) as source:
            for image, tables in zip(source, page_tables(truth), strict=True):
                file = out / f"{job.name}-{image.number}.png"
                Image.fromarray(image.pixels).save(file, dpi=(image.dpi, image.dpi), compress_level=1)
                yield Sheet(file, job.level, tables)


def timed(pages: Sequence[Sheet], step: Callable[[Path], Found]) -> System:
    """The step's findings for every page; their seconds are set here. A page that fails counts as empty."""
    step(pages[0].file)
    found = {}
    for page in pages:
        started = time.perf_counter()
        try:
            one = step(page.file)
        except Exception:  # a benchmark reports failures and goes on
            log.exception("%s", page.file.name)
            one = Found(0.0, [], [])
        found[page.file.name] = Found(time.perf_counter() - started, one.spans, one.tables)
    return found


def layout_alone(pages: Sequence[Sheet], reader: Reader) -> System:
    with blind_reader(reader.engine) as blind:

        def step(file: Path) -> Found:
            with open_source(file) as source:
                return Found(0.0, blind.tables(source.page(1)))

        return timed(pages, step)


def whole_way(pages: Sequence[Sheet], reader: Reader) -> System:
    def step(file: Path) -> Found:
        tables = reader.read(file).model_dump(mode="json")["tables"]
        return Found(0.0, found_spans(tables), tables)

    return timed(pages, step)


def img2table(pages: Sequence[Sheet], python: str, *options: str) -> System:
    """What img2table finds, run by another interpreter.

    Raises:
        CalledProcessError: it cannot run there.
    """
    folder = pages[0].file.parent
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "found.json"
        subprocess.run([python, str(PEER), str(folder), str(out), *options], check=True)
        results: dict[str, Any] = json.loads(out.read_text("utf-8"))
    reads = "--ocr" in options
    return {
        name: Found(r["seconds"], found_spans(r["tables"]), r["tables"] if reads else None)
        for name, r in results.items()
    }


def scores(pages: Sequence[Sheet], system: System) -> Counts:
    return total(count_page(truth_spans(p.tables), system[p.file.name].spans) for p in pages)


def cell_exact(pages: Sequence[Sheet], system: System) -> float | None:
    """Share of the truth's cells that are right in their place; None where the system does not read."""
    right = cells = 0
    for page in pages:
        tables = system[page.file.name].tables
        if tables is None:
            return None
        read = outcomes({"tables": page.tables}, {"tables": tables})
        right, cells = right + sum(o.right for o in read), cells + len(read)
    return right / cells if cells else None


HEADER = ("", "structure_f1", "spans_right", "teds_s", "extra tables", "cell_exact", "s/page")


def report(pages: Sequence[Sheet], systems: dict[str, System]) -> str:
    """A table of all figures, and one of structure_f1 and cell_exact by level."""
    levels = sorted({p.level for p in pages})
    rows: list[list[object]] = []
    by_level: list[list[object]] = []
    for name, system in systems.items():
        counts, read = scores(pages, system), cell_exact(pages, system)
        mean = sum(f.seconds for f in system.values()) / len(system)
        figures = [counts.structure_f1, counts.spans_right, counts.teds_s, counts.n["extra"], read]
        rows.append([name, *figures, f"{mean:.3f}"])
        groups = [[p for p in pages if p.level == level] for level in levels]
        by_level.append([f"{name}: structure_f1", *(scores(g, system).structure_f1 for g in groups)])
        if read is not None:
            by_level.append([f"{name}: cell_exact", *(cell_exact(g, system) for g in groups)])
    return f"{len(pages)} pages.\n\n{markdown(HEADER, rows)}\n\n{markdown(('', *levels), by_level)}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.beside",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("truth", type=Path)
    parser.add_argument("--peer-python", default=sys.executable, help="interpreter that has img2table")
    parser.add_argument("--read", action="store_true", help="the whole way too: text read by both")
    parser.add_argument("--match", default="", help="only documents whose names hold this")
    parser.add_argument("--limit", type=int, help="only the first so many documents")
    parser.add_argument("--record", action="store_true", help="keep the figures in docs/benchmarks.md")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    args = _parser().parse_args(argv)
    reader = Reader()
    with tempfile.TemporaryDirectory() as scratch:
        pages = list(sheets(args.truth, jobs(args.truth, args.match, args.limit), Path(scratch)))
        systems = {
            "shenbao, layout": layout_alone(pages, reader),
            "img2table": img2table(pages, args.peer_python),
            "img2table, its rotation detection on": img2table(pages, args.peer_python, "--rotation"),
        }
        if args.read:
            systems["shenbao, whole way"] = whole_way(pages, reader)
            systems["rapidocr + img2table (rotation on)"] = img2table(
                pages, args.peer_python, "--rotation", "--ocr"
            )
    body = report(pages, systems)
    print(body)
    if args.record:
        record(section(plain_command("bench.beside", argv or sys.argv[1:]), body))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""The engines on the same pages: speed, accuracy, and what share of a page's time is recognition.

    python -m bench.engines TRUTH_DIR [--match TEXT] [--limit N] [--engines NAME ...] [--record]

Every document is read twice by each engine and the second time counts, so that models are loaded and kernels are
made for its widths of lines. Then the recogniser alone reads the same line pictures: those of each page's greatest
call, which leaves out the few that tell which way up the page is and those looked at a second time.

lines/s       lines that the recogniser alone reads in a second
s/page        wall clock of the whole way, from file to document
recognition   share of that time spent inside the engine's read_lines
x alone       s/page over the recogniser's own time for the page's lines
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.record import markdown, plain_command, record, section
from bench.run import Job, jobs
from shenbao import Reader
from shenbao.errors import EngineUnavailable, UsageError
from shenbao.evaluation.scoring import score_folder
from shenbao.models.document import Engine
from shenbao.models.stages import Box, Image, Reading, ReadPage
from shenbao.ocr.engine import LineReader
from shenbao.settings import EngineSettings, Settings

ENGINES = {
    "openvino bf16": EngineSettings(name="openvino", precision="bf16"),
    "openvino f32": EngineSettings(name="openvino", precision="f32"),
    "onnxruntime": EngineSettings(name="onnxruntime"),
    "paddle": EngineSettings(name="paddle"),
}


class Watched:
    """An engine whose reading is timed and whose line pictures are kept, call by call."""

    def __init__(self, real: LineReader) -> None:
        self._real = real
        self.seconds = 0.0
        self.calls: list[list[Image]] = []
        self.pages: list[list[Image]] = []

    def read_lines(self, lines: Sequence[Image]) -> list[Reading]:
        return self._timed(self._real.read_lines, lines)

    def read_worn(self, lines: Sequence[Image]) -> list[Reading]:
        return self._timed(self._real.read_worn, lines)

    def find_lines(self, page: Image) -> list[Box]:
        return self._real.find_lines(page)

    def load(self) -> None:
        self._real.load()

    def release(self) -> None:
        self._real.release()

    def describe(self) -> Engine:
        return self._real.describe()

    def page_done(self, page: ReadPage) -> None:
        """Keeps the lines of the page's greatest call."""
        self.pages.append(max(self.calls, key=len, default=[]))
        self.calls = []

    def _timed(
        self, read: Callable[[Sequence[Image]], list[Reading]], lines: Sequence[Image]
    ) -> list[Reading]:
        started = time.perf_counter()
        found = read(lines)
        self.seconds += time.perf_counter() - started
        self.calls.append(list(lines))
        return found


@dataclass(frozen=True)
class Speed:
    """Sums over all documents: seconds of the whole way, inside the recogniser, and of it alone."""

    pages: int
    lines: int
    whole: float
    inside: float
    alone: float

    def row(self) -> list[object]:
        return [
            f"{self.lines / self.alone:.0f}" if self.alone else None,
            f"{self.whole / self.pages:.2f}",
            f"{self.inside / self.whole:.0%}",
            f"{self.whole / self.alone:.2f}" if self.alone else None,
        ]


def measure(settings: EngineSettings, work: Sequence[Job], out: Path) -> Speed:
    """Reads the documents with one engine and writes `out`/<name>.json.

    Raises:
        EngineUnavailable: its package is not installed.
        UsageError: this machine or this engine has not the precision.
        RuntimeError: a page could not be read; its time would say nothing.
    """
    reader = Reader(Settings(engine=settings))
    real = reader.engine
    whole = inside = alone = 0.0
    pages = lines = 0
    for job in work:
        reader.__dict__["engine"] = real
        reader.read(job.file)
        reader.__dict__["engine"] = watched = Watched(real)
        started = time.perf_counter()
        document = reader.read(job.file, keep=watched.page_done)
        whole += time.perf_counter() - started
        if document.status != "complete":
            raise RuntimeError(f"{job.name}: {document.errors}")
        inside += watched.seconds
        (out / f"{job.name}.json").write_text(document.model_dump_json(), "utf-8")
        for pictures in watched.pages:
            started = time.perf_counter()
            real.read_lines(pictures)
            alone += time.perf_counter() - started
            pages, lines = pages + 1, lines + len(pictures)
    return Speed(pages, lines, whole, inside, alone)


HEADER = ("engine", "lines/s", "s/page", "recognition", "x alone", "cell_exact")


def row(name: str, truth: Path, work: Sequence[Job]) -> list[object]:
    with tempfile.TemporaryDirectory() as scratch:
        try:
            speed = measure(ENGINES[name], work, Path(scratch))
        except (EngineUnavailable, UsageError) as error:
            print(f"{name}: {error}", file=sys.stderr)
            return [f"{name} (not to be had here)", None, None, None, None, None]
        report = score_folder(truth, Path(scratch), [job.name for job in work])
    return [name, *speed.row(), report.figures["all"]["cell_exact"]]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.engines",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("truth", type=Path)
    parser.add_argument("--match", default="", help="only documents whose names hold this")
    parser.add_argument("--limit", type=int, help="only the first so many documents")
    parser.add_argument("--engines", nargs="+", choices=tuple(ENGINES), default=list(ENGINES))
    parser.add_argument("--record", action="store_true", help="keep the figures in docs/benchmarks.md")
    args = parser.parse_args(argv)
    work = jobs(args.truth, args.match, args.limit)
    table = [row(name, args.truth, work) for name in args.engines]
    body = f"{sum(job.pages for job in work)} pages.\n\n{markdown(HEADER, table)}"
    print(body)
    if args.record:
        record(section(plain_command("bench.engines", argv or sys.argv[1:]), body))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

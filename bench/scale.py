"""A long batch: pages a minute, scaling over workers, memory of each worker, and what kill -9 leaves.

    python -m bench.scale_input --out FOLDER --pages 2000
    python -m bench.scale FOLDER --workers 1 2 --kills 20 [--scratch DIR] [--json FILE] [--record]

For each number of workers the whole folder is read by `shenbao batch`, each worker with one thread, timed from the
start of the command to its end; processor seconds are those of all its processes. Then it is read once more by a
batch that is killed `--kills` times on the way, and, between those times, as often loses a single worker, and the
outputs of both are compared byte by byte. Memory is each worker's resident set as /proc tells it (Linux), looked at
twice a second, and by the batch itself after each task. The places of the kills are fixed, their exact moments are
not. The code must not change meanwhile.
"""

import argparse
import hashlib
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.record import markdown, plain_command, record, section

_LOOK_SECONDS = 0.5
_SUMMARY = ("summary.json", "summary.html")
_TENTHS = 10


@dataclass
class Watch:
    """What was seen of a batch: seconds and pages from its start, MiB of each worker by process id, and the most MiB
    that a worker held after its last task, as the batch tells it for each finished file."""

    pages: list[tuple[float, int]] = field(default_factory=list)
    memory: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    resting: list[float] = field(default_factory=list)
    cpu_seconds: float = 0.0

    @property
    def seconds(self) -> float:
        return self.pages[-1][0]

    @property
    def total(self) -> int:
        return self.pages[-1][1]

    def per_minute(self) -> float:
        return 60 * self.total / self.seconds

    def slowest_tenth(self) -> float:
        """Pages a minute in the slowest tenth of the time; pages count when their file is finished."""
        length = self.seconds / _TENTHS
        ends = [max((p for t, p in self.pages if t <= (k + 1) * length), default=0) for k in range(_TENTHS)]
        return 60 * min(b - a for a, b in zip([0, *ends], ends, strict=False)) / length


@dataclass(frozen=True)
class Span:
    """MiB in the second and in the last tenth of a worker's life, or of a run."""

    early: float = 0.0
    late: float = 0.0

    @property
    def growth(self) -> float:
        return self.late / self.early - 1 if self.early else 0.0

    def __str__(self) -> str:
        return f"{self.early:.0f} -> {self.late:.0f} ({self.growth:+.1%})"


@dataclass(frozen=True)
class Memory:
    """MiB of the workers of a run: the most that one held; medians with the page in it that is read just then, of
    the worker that grew most; medians of what stayed after a task."""

    most: float
    working: Span
    resting: Span


def memory_of(watch: Watch) -> Memory:
    """Medians of tenths. Workers count that lived for twenty looks at least; all zero where there is none."""
    old = [seen for seen in watch.memory.values() if len(seen) >= 2 * _TENTHS]
    most = max((max(seen) for seen in watch.memory.values()), default=0.0)
    working = max(map(_span, old), key=lambda span: span.growth, default=Span())
    return Memory(most, working, _span(watch.resting))


def _span(seen: list[float]) -> Span:
    tenth = len(seen) // _TENTHS
    if not tenth:
        return Span()
    return Span(statistics.median(seen[tenth : 2 * tenth]), statistics.median(seen[-tenth:]))


class Batch:
    """A running `shenbao batch`, its progress and its workers."""

    def __init__(self, folder: Path, out: Path, workers: int) -> None:
        # Each worker has one thread: what two of them gain shows only if one alone does not take both cores.
        settings = out.with_name(f"{out.name}.toml")
        settings.write_text(f"[engine]\nthreads = {workers}\n", "ascii")
        command = [sys.executable, "-m", "shenbao", "batch", str(folder), "--out", str(out), "--json"]
        options = ["--workers", str(workers), "--settings", str(settings)]
        self.process = subprocess.Popen(
            [*command, *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.finished = self.pages = 0
        self.resting: list[float] = []
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def _follow(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            state = json.loads(line)
            self.finished, self.pages = state["finished"], state["pages"]
            if state["event"] == "file":
                self.resting.append(state["worker_bytes"] / 2**20)

    def workers(self) -> list[int]:
        """The process ids of its workers."""
        return [pid for pid in children(self.process.pid) if "spawn_main" in _command(pid)]

    def wait(self) -> tuple[int, float]:
        """Exit code, and processor seconds of all its processes together."""
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        self._thread.join()
        return self.process.returncode, usage.ru_utime + usage.ru_stime

    def running(self) -> bool:
        """Whether it still runs; does not take its exit code, which `wait` needs with the times."""
        found = os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        return found is None


def children(parent: int) -> Iterator[int]:
    """Process ids of the children of a process."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text("utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            yield int(path.parent.name)


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""


def resident(pid: int) -> float:
    """MiB that a process holds; 0 where it is gone."""
    try:
        return (
            int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
        )
    except (OSError, IndexError):
        return 0.0


def undisturbed(folder: Path, out: Path, workers: int) -> Watch:
    """Reads the folder and watches.

    Raises:
        RuntimeError: the batch ended badly.
    """
    watch, batch, start = Watch(), Batch(folder, out, workers), time.monotonic()
    while batch.running():
        watch.pages.append((time.monotonic() - start, batch.pages))
        for pid in batch.workers():
            if held := resident(pid):
                watch.memory[pid].append(held)
        time.sleep(_LOOK_SECONDS)
    code, watch.cpu_seconds = batch.wait()
    watch.resting = batch.resting
    watch.pages.append((time.monotonic() - start, batch.pages))
    if code not in (0, 9):
        raise RuntimeError(f"the batch ended with code {code}")
    return watch


@dataclass(frozen=True)
class Kills:
    batches: int
    workers: int
    seconds: float


def disturbed(
    folder: Path, out: Path, workers: int, kills: int, files: int, seconds: float, seed: int = 1
) -> Kills:
    """Reads the folder with a batch that is killed each time another share of the files is finished, and that
    loses a worker half way between; then lets it come to its end.

    `seconds` is the time that an undisturbed run takes: a kill comes somewhere in the time of one file after
    another is finished.

    Raises:
        RuntimeError: a batch ended badly by itself.
    """
    rng, start = random.Random(seed), time.monotonic()
    places = [(k + 1) * files / (2 * kills + 1) for k in range(2 * kills)]
    batch = Batch(folder, out, workers)
    batches = lost = 0
    for turn, place in enumerate(places):
        while batch.running() and batch.finished < place:
            time.sleep(0.02)
        # Not always in the moment at which a file is finished.
        time.sleep(rng.uniform(0, seconds / files))
        if not batch.running():
            break
        if turn % 2 == 0:
            lost += _kill_worker(batch, rng)
        else:
            batch.process.send_signal(signal.SIGKILL)
            batch.wait()
            batches += 1
            batch = Batch(folder, out, workers)
    code, _ = batch.wait()
    if code not in (0, 9):
        raise RuntimeError(f"the batch ended with code {code}")
    return Kills(batches, lost, time.monotonic() - start)


def _kill_worker(batch: Batch, rng: random.Random) -> int:
    running = batch.workers()
    if not running:
        return 0
    try:
        os.kill(rng.choice(running), signal.SIGKILL)
    except ProcessLookupError:
        return 0
    return 1


def digests(out: Path) -> dict[str, str]:
    """The outputs with their digests; the two files that hold times, and the manifest, are left out."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.iterdir())
        if path.is_file() and path.name not in _SUMMARY
    }


def differing(a: dict[str, str], b: dict[str, str]) -> list[str]:
    return sorted(name for name in a.keys() | b.keys() if a.get(name) != b.get(name))


def _rows(runs: dict[int, Watch]) -> list[list[object]]:
    first = runs[min(runs)].per_minute()
    rows: list[list[object]] = []
    for workers, watch in runs.items():
        memory = memory_of(watch)
        rows.append(
            [
                workers,
                watch.total,
                f"{watch.seconds:.0f}",
                f"{watch.per_minute():.1f}",
                f"{watch.slowest_tenth():.1f}",
                f"{watch.per_minute() / first:.2f}",
                f"{watch.cpu_seconds / max(1, watch.total):.2f}",
                f"{memory.most:.0f}",
                memory.working,
                memory.resting,
            ]
        )
    return rows


_HEADER = (
    "workers",
    "pages",
    "seconds",
    "pages/min",
    "in the slowest tenth",
    "scaling",
    "processor s/page",
    "most MiB of a worker",
    "MiB at work, early -> late",
    "MiB after a task, early -> late",
)


def _failures(out: Path) -> int:
    """Files of a batch that gave no document, or not all pages."""
    summary: dict[str, Any] = json.loads((out / "summary.json").read_text("utf-8"))
    return int(summary["failed"]) + int(summary["partial"])


def measure(folder: Path, scratch: Path, args: argparse.Namespace, tell: Callable[[str], None]) -> str:
    """All runs; their figures as Markdown."""
    runs: dict[int, Watch] = {}
    for workers in args.workers:
        out = scratch / f"workers{workers}"
        runs[workers] = undisturbed(folder, out, workers)
        tell(
            f"{workers} workers: {runs[workers].per_minute():.1f} pages/min, {_failures(out)} files not complete"
        )
    outs = [digests(scratch / f"workers{workers}") for workers in args.workers]
    body = markdown(_HEADER, _rows(runs))
    if len(outs) > 1:
        body += (
            f"\n\nOutputs that differ between these runs: {sum(len(differing(outs[0], o)) for o in outs)}."
        )
    if args.kills:
        workers = max(args.workers)
        seconds = runs[workers].seconds
        kills = disturbed(folder, scratch / "killed", workers, args.kills, len(outs[0]), seconds)
        left = differing(outs[0], digests(scratch / "killed"))
        body += (
            f"\n\nBatch killed {kills.batches} times, single workers {kills.workers} times, {kills.seconds:.0f} s: "
            f"{len(outs[0])} outputs, {len(left)} differ from the undisturbed run."
        )
        tell("\n".join(left[:20]))
    if args.json:
        figures = {
            str(n): asdict(memory_of(w)) | {"pages_per_minute": w.per_minute()} for n, w in runs.items()
        }
        args.json.write_text(json.dumps(figures, indent=1), "utf-8")
    return body


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.scale",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--scratch", type=Path, help="keep the outputs there; it must be empty or missing")
    parser.add_argument("--json", type=Path, help="write speed and memory there as well")
    parser.add_argument("--record", action="store_true", help="keep the figures in docs/benchmarks.md")
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as temporary:
        scratch = args.scratch or Path(temporary)
        scratch.mkdir(parents=True, exist_ok=True)
        if any(scratch.iterdir()):
            parser.error(f"{scratch} is not empty")
        body = measure(args.folder, scratch, args, lambda words: print(words, file=sys.stderr, flush=True))
    print(body)
    if args.record:
        record(section(plain_command("bench.scale", argv or sys.argv[1:]), body))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

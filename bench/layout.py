"""How long the layout takes, step by step, and what memory it needs, without the recogniser.

    python -m bench.layout PAGE [--repeats 9] [--record]

PAGE is any file whose first page is taken. It is brought to 100, 150, 200, 300 and 400 dpi (A4's long side), so
that the same page shows how time grows with pixels: a fitted exponent of 1 is linear, and less than that
where large pages are brought down to a greatest size. Times are of one warm
process; least and median of the repeats. Of the turn, which reads a few lines, the time is shown apart and is
not part of the total. Memory is measured in a fresh process for each resolution: the most that it ever held
while it laid the page out, less what it held before, with the page's own pixels already loaded.
"""

import argparse
import io
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from bench.blind import LAYOUT_STAGES, BlindReader, blind_reader
from bench.clock import Clock
from bench.record import forget_peak, markdown, peak_since_mib, plain_command, record, resident_mib, section
from shenbao.loading import open_source
from shenbao.models.stages import PageImage
from shenbao.ocr.engine import LineReader

RESOLUTIONS = (100, 150, 200, 300, 400)
_A4_INCHES = 11.69
STEPS = ("load", "flatten", "rulings", "grids", "streaks", "cell lines", "other")

Times = dict[str, list[float]]
"""Seconds of every repeat by step; `turn` and `total`, which leaves the turn out, among them."""


def first_page(file: Path) -> Image.Image:
    with open_source(file) as source:
        return Image.fromarray(source.page(1).pixels)


def at_dpi(page: Image.Image, dpi: int) -> bytes:
    """A PNG of the page scaled so that its long side is A4's at `dpi`."""
    scale = _A4_INCHES * dpi / max(page.size)
    size = round(page.width * scale), round(page.height * scale)
    file = io.BytesIO()
    page.resize(size, Image.Resampling.LANCZOS).save(file, "PNG", dpi=(dpi, dpi), compress_level=1)
    return file.getvalue()


def lay_out(reader: BlindReader, picture: bytes) -> dict[str, float]:
    """Seconds by step of one page, from the file's bytes on."""
    with Clock(LAYOUT_STAGES).running() as clock:
        started = time.perf_counter()
        with open_source(picture) as source:
            image = source.page(1)
        loaded = time.perf_counter()
        reader.tables(image)
        everything = time.perf_counter() - started
    steps = {"load": loaded - started, **clock.seconds}
    turn = steps.get("turn", 0.0)
    steps["flatten"] -= turn
    total = everything - turn
    steps["other"] = total - sum(v for k, v in steps.items() if k != "turn")
    return {**steps, "total": total}


def repeated(reader: BlindReader, picture: bytes, repeats: int) -> Times:
    lay_out(reader, picture)
    runs = [lay_out(reader, picture) for _ in range(repeats)]
    return {step: [run.get(step, 0.0) for run in runs] for step in (*STEPS, "turn", "total")}


def exponent(pixels: Sequence[float], seconds: Sequence[float]) -> float:
    """The power of the number of pixels by which time grows: least squares on the logarithms."""
    return float(np.polyfit(np.log(pixels), np.log(seconds), 1)[0])


def memory(file: Path, dpi: int) -> float:
    """MiB above the loaded page, measured in a process of its own."""
    command = [sys.executable, "-m", "bench.layout", str(file), "--memory-at", str(dpi)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(json.loads(done.stdout.splitlines()[-1])["mib"])


def memory_here(file: Path, dpi: int, engine: LineReader) -> float:
    """MiB that this process's peak rises while a page is laid out; the engine is warmed on a small one."""
    page = first_page(file)
    with blind_reader(engine) as reader:
        reader.tables(PageImage(1, np.asarray(page.resize((400, 560))), 48.0))
        with open_source(at_dpi(page, dpi)) as source:
            image = source.page(1)
        before = resident_mib()
        forget_peak()
        reader.tables(image)
        return peak_since_mib() - before


def report(times: dict[int, Times], mib: dict[int, float], repeats: int) -> str:
    rows: list[list[object]] = []
    for step in (*STEPS, "total", "turn"):
        label = {"turn": "turn (reads a few lines; not in the total)"}.get(step, step)
        rows.append([label, *(_shown(times[dpi][step]) for dpi in times)])
    rows.append(["memory above the page, MiB", *(f"{mib[dpi]:.0f}" for dpi in times)])
    power = exponent([dpi**2 for dpi in times], [statistics.median(times[d]["total"]) for d in times])
    table = markdown(["milliseconds", *(f"{dpi} dpi" for dpi in times)], rows)
    head = f"Least / median of {repeats}; the total grows with the page's pixels to the power {power:.2f}."
    return f"{head}\n\n{table}"


def _shown(seconds: Sequence[float]) -> str:
    return f"{min(seconds) * 1000:.1f} / {statistics.median(seconds) * 1000:.1f}"


def main(argv: Sequence[str] | None = None) -> int:
    from shenbao import Reader

    parser = argparse.ArgumentParser(
        prog="python -m bench.layout",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("page", type=Path)
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--memory-at", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--record", action="store_true", help="keep the figures in docs/benchmarks.md")
    args = parser.parse_args(argv)
    engine = Reader().engine
    if args.memory_at:
        print(json.dumps({"mib": memory_here(args.page, args.memory_at, engine)}))
        return 0
    page = first_page(args.page)
    with blind_reader(engine) as reader:
        times = {dpi: repeated(reader, at_dpi(page, dpi), args.repeats) for dpi in RESOLUTIONS}
    body = report(times, {dpi: memory(args.page, dpi) for dpi in RESOLUTIONS}, args.repeats)
    print(body)
    if args.record:
        record(section(plain_command("bench.layout", argv or sys.argv[1:]), body))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Inputs -> their outputs, and a summary."""

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TextIO

import shenbao
from shenbao.batch.inputs import SUMMARY, Job, collect, jobs
from shenbao.batch.joint import Joint, write_joint
from shenbao.batch.manifest import Manifest, recipe_of
from shenbao.batch.progress import Progress
from shenbao.batch.report import report_html
from shenbao.batch.schedule import Schedule
from shenbao.batch.summary import FileResult, Summary, summarise
from shenbao.batch.tasks import Work
from shenbao.batch.workers import Limits, Workers
from shenbao.errors import OutputError, UsageError
from shenbao.export import Format
from shenbao.reading import ReaderFactory, open_reader
from shenbao.settings import Settings
from shenbao.storing import remove_leftovers, store

MOST_WORKERS = 8
"""Without a wish for more: each holds its own models in memory."""

REPORT = "summary.html"


def run_batch(
    inputs: Sequence[Path],
    out: Path,
    settings: Settings | None = None,
    *,
    workers: int = 0,
    formats: Sequence[Format] = (Format.JSON,),
    joint: Sequence[Joint] = (),
    password: str | None = None,
    again: bool = False,
    limits: Limits | None = None,
    reader_factory: ReaderFactory = open_reader,
    stream: TextIO | None = None,
    lines: TextIO | None = None,
) -> Summary:
    """Reads all files among and below `inputs` into `out` (made if its parent exists).

    Of every document the `formats` are written; of all together, at the end, the `joint` files. A file
    that was read before, in this folder, from the same bytes, with the same settings and version is not
    read again, unless `again`. `workers` 0 takes one process for each processor, 8 at most; the threads of
    the engine are divided among them. `stream` gets progress and failures (default: stderr), `lines`
    the same for programs, see `shenbao.batch.progress.State`.

    Stopped at any moment, `out` holds only whole outputs, and the next run goes on from there.

    Raises:
        UsageError: no input file.
        BatchBusy: another batch is writing into `out`.
        OutputError: `out` cannot be written.
        EngineUnavailable, ModelFileError: nothing can be read with this installation.
    """
    start = time.monotonic()
    settings = settings or Settings()
    found = collect(inputs, out)
    if not found.files:
        raise UsageError(f"no file to read in {', '.join(map(str, inputs))}")
    _make(out)
    todo = jobs(found.files)
    work = _divided(Work(settings, password, reader_factory, out, tuple(formats)), workers)
    results: dict[str, FileResult] = {}
    with Manifest(out, recipe_of(settings, shenbao.__version__)) as manifest:
        remove_leftovers(out)
        schedule = Schedule(todo, manifest, formats, again)
        names = {str(job.input): job.output for job in todo}
        with (
            Progress(len(todo), stream or sys.stderr, lines) as progress,
            Workers(work, _count(workers), limits or Limits()) as pool,
        ):
            for result in pool.run(schedule):
                results[names[result.input]] = result
                progress.add(result, schedule.pages_read)
        write_joint(joint, manifest, [job.output for job in todo], out)
    seconds = time.monotonic() - start
    return _finish(todo, results, found.ignored, seconds, schedule.pages_read, out)


def _make(out: Path) -> None:
    try:
        out.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(f"{out}: {error.strerror or error}") from error


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _count(workers: int) -> int:
    return workers or min(_processors(), MOST_WORKERS)


def _divided(work: Work, workers: int) -> Work:
    """The work with one process's share of the threads."""
    settings = work.settings
    threads = max(1, (settings.engine.threads or _processors()) // _count(workers))
    engine = settings.engine.model_copy(update={"threads": threads})
    return replace(work, settings=settings.model_copy(update={"engine": engine}), threads=threads)


def _finish(
    todo: Sequence[Job],
    results: dict[str, FileResult],
    ignored: Sequence[Path],
    seconds: float,
    pages: int,
    out: Path,
) -> Summary:
    ordered = [results[job.output] for job in todo]
    summary = summarise(ordered, ignored, seconds, pages, shenbao.__version__)
    store(out / SUMMARY, summary.model_dump_json(indent=2).encode() + b"\n")
    store(out / REPORT, report_html(summary))
    return summary

"""Inputs -> one JSON file each, and a summary."""

import os
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TextIO

import shenbao
from shenbao.batch.inputs import SUMMARY, Job, collect, jobs
from shenbao.batch.manifest import Entry, Manifest, recipe_of
from shenbao.batch.progress import Progress
from shenbao.batch.summary import FileResult, Summary, failed_result, result_of, summarise
from shenbao.batch.workers import Outcome, Work, read_all
from shenbao.errors import OutputError, UsageError
from shenbao.export import Format, write
from shenbao.reading import ReaderFactory, open_reader
from shenbao.settings import Settings
from shenbao.storing import store

MOST_WORKERS = 8
"""Without a wish for more: each holds its own models in memory."""


def run_batch(
    inputs: Sequence[Path],
    out: Path,
    settings: Settings | None = None,
    *,
    workers: int = 0,
    password: str | None = None,
    again: bool = False,
    time_limit: float | None = None,
    reader_factory: ReaderFactory = open_reader,
    stream: TextIO | None = None,
) -> Summary:
    """Reads all files among and below `inputs` into `out` (made if its parent exists).

    A file whose output is there and was made from the same bytes, settings and version is not read
    again, unless `again`. `workers` 0 takes one process for each processor, 8 at most; the threads of
    the engine are divided among them. `time_limit` is in seconds for each file. `stream` gets progress
    and failures (default: stderr).

    Stopped at any moment, `out` holds only whole outputs, and the next run goes on from there.

    Raises:
        UsageError: no input file.
        OutputError: `out` cannot be written.
        EngineUnavailable, ModelFileError: nothing can be read with this installation.
    """
    start = time.monotonic()
    settings = settings or Settings()
    found = collect(inputs, out)
    if not found.files:
        raise UsageError(f"no file to read in {', '.join(map(str, inputs))}")
    _make(out)
    manifest = Manifest(out)
    recipe = recipe_of(settings, shenbao.__version__)
    todo = jobs(found.files)
    results: dict[str, FileResult] = {}
    count = min(workers or min(_processors(), MOST_WORKERS), len(todo))
    work = Work(_divided(settings, count), password, reader_factory)
    with Progress(len(todo), stream or sys.stderr) as progress:
        fresh = []
        for job in todo:
            earlier = None if again else manifest.done(job.input, job.output, recipe)
            if earlier is None:
                fresh.append(job)
            else:
                results[job.output] = earlier
                progress.add(earlier)
        with closing(read_all(fresh, work, count, time_limit)) as outcomes:
            for outcome in outcomes:
                result = _keep(outcome, out, manifest, recipe)
                results[outcome.job.output] = result
                progress.add(result)
    return _finish(todo, results, found.ignored, time.monotonic() - start, out)


def _make(out: Path) -> None:
    try:
        out.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(f"{out}: {error.strerror or error}") from error


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _divided(settings: Settings, workers: int) -> Settings:
    """The settings of one worker: its share of the threads."""
    threads = max(1, (settings.engine.threads or _processors()) // max(workers, 1))
    return settings.model_copy(update={"engine": settings.engine.model_copy(update={"threads": threads})})


def _keep(outcome: Outcome, out: Path, manifest: Manifest, recipe: str) -> FileResult:
    """Writes a document and notes it; a file that failed altogether is tried again next time."""
    job, document = outcome.job, outcome.document
    if document is None:
        assert outcome.failure is not None
        manifest.drop(job.output)
        return failed_result(job.input, outcome.failure)
    write(document, Format.JSON, out / job.output)
    result = result_of(job.input, job.output, document)
    if document.status != "failed":
        entry = Entry(output=job.output, sha256=document.source.sha256, recipe=recipe, result=result)
        manifest.add(entry)
    return result


def _finish(
    todo: Sequence[Job], results: dict[str, FileResult], ignored: Sequence[Path], seconds: float, out: Path
) -> Summary:
    ordered = [results[job.output] for job in todo]
    summary = summarise(ordered, ignored, seconds, shenbao.__version__)
    store(out / SUMMARY, summary.model_dump_json(indent=2).encode() + b"\n")
    return summary

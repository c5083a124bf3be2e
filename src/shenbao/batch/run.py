"""Inputs -> their outputs, and a summary."""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, TextIO

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

import shenbao
from shenbao.batch.databases import own_database, shared_database
from shenbao.batch.folder import LocalFolder, OutputFolder, output_folder
from shenbao.batch.inputs import SUMMARY, collect, jobs
from shenbao.batch.joint import Joint, write_joint
from shenbao.batch.local_staff import LocalStaff
from shenbao.batch.manifest import Manifest, recipe_of
from shenbao.batch.progress import Progress
from shenbao.batch.queue import Alone, Queue
from shenbao.batch.report import report_html
from shenbao.batch.schedule import Schedule, Wish
from shenbao.batch.shared import LEASE_SECONDS, Shared, digest_of
from shenbao.batch.summary import FileResult, Summary, summarise
from shenbao.batch.tasks import Work
from shenbao.batch.workers import Limits, Staff, Workers
from shenbao.errors import OutputError, UsageError
from shenbao.export import Format
from shenbao.reading import ReaderFactory, open_reader
from shenbao.settings import Settings

MOST_WORKERS = 8
"""Without a wish for more: each holds its own models in memory."""

REPORT = "summary.html"


@dataclass(frozen=True)
class Sharing:
    """The URL of a manifest on PostgreSQL that many batches at once work by; `lease`: seconds after which what a
    batch had in hand is another's when it no longer answers."""

    url: str
    lease: float = LEASE_SECONDS


class Executor(Protocol):
    """Where a batch finds its workers."""

    def staff(self, work: Work, workers: int) -> AbstractContextManager[tuple[Staff, int]]:
        """A staff for work, and how many to take of it where `workers` 0 leaves it open."""
        ...


class LocalExecutor:
    """Processes of this machine, which divide its processors among them."""

    @contextmanager
    def staff(self, work: Work, workers: int) -> Iterator[tuple[Staff, int]]:
        count = workers or min(_processors(), MOST_WORKERS)
        threads = max(1, (work.settings.engine.threads or _processors()) // count)
        yield LocalStaff(with_threads(work, threads)), count


def with_threads(work: Work, threads: int) -> Work:
    """The work with one worker's share of the threads."""
    engine = work.settings.engine.model_copy(update={"threads": threads})
    return replace(work, settings=work.settings.model_copy(update={"engine": engine}), threads=threads)


def run_batch(
    inputs: Sequence[Path],
    out: Path | str,
    settings: Settings | None = None,
    *,
    workers: int = 0,
    formats: Sequence[Format] = (Format.JSON,),
    joint: Sequence[Joint] = (),
    password: str | None = None,
    again: bool = False,
    limits: Limits | None = None,
    sharing: Sharing | None = None,
    executor: Executor | None = None,
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

    With `sharing`, batches on many machines that were told the same work on it together; `out` must then be a
    folder that all of them see, or a URL. `executor` finds the workers (default: `LocalExecutor`).

    Stopped at any moment, `out` holds only whole outputs, and the next run goes on from there.

    Raises:
        UsageError: no input file, a URL for `out` without `sharing`, or no database at the URL of `sharing`.
        BatchBusy: another batch is writing into `out`.
        OutputError: `out` or the manifest cannot be written.
        EngineUnavailable, ModelFileError: nothing can be read with this installation.
    """
    start = time.monotonic()
    settings = settings or Settings()
    found = collect(inputs, out if isinstance(out, Path) else None)
    if not found.files:
        raise UsageError(f"no file to read in {', '.join(map(str, inputs))}")
    folder = output_folder(out)
    folder.make()
    todo = jobs(found.files)
    names = [job.output for job in todo]
    wish = Wish(tuple(formats), again)
    recipe = recipe_of(settings, shenbao.__version__)
    work = Work(settings, password, reader_factory, folder, wish.formats)
    try:
        with (
            Manifest(_database(folder, sharing), folder, recipe) as manifest,
            _queue(manifest, names, [recipe, names, wish.formats, again, joint], sharing) as queue,
        ):
            if not isinstance(queue, Shared) or queue.first:
                folder.tidy()
            schedule = Schedule(todo, manifest, queue, wish)
            with (
                Progress(len(todo), stream or sys.stderr, lines) as progress,
                (executor or LocalExecutor()).staff(work, workers) as (staff, count),
                Workers(staff, count, limits or Limits()) as pool,
            ):
                results = _follow(pool, schedule, progress)
            ordered = [results[job.shown] for job in todo]
            seconds, pages = time.monotonic() - start, schedule.pages_read
            summary = summarise(ordered, found.ignored, seconds, pages, shenbao.__version__)

            def write() -> None:
                write_joint(joint, manifest, names, folder)
                folder.write(SUMMARY, summary.model_dump_json(indent=2).encode() + b"\n")
                folder.write(REPORT, report_html(summary))

            queue.close(write)
            return summary
    except DBAPIError as error:
        raise OutputError(f"the manifest of {folder.shown}: {str(error.orig).strip()}") from error


def _follow(pool: Workers, schedule: Schedule, progress: Progress) -> dict[str, FileResult]:
    """The results by input, told as they come."""
    results: dict[str, FileResult] = {}
    for result in pool.run(schedule):
        results[result.input] = result
        progress.add(result, schedule.pages_read, pool.held)
    return results


def _database(folder: OutputFolder, sharing: Sharing | None) -> Engine:
    if sharing is not None:
        return shared_database(sharing.url, folder.identity())
    if not isinstance(folder, LocalFolder):
        raise UsageError(f"{folder.shown}: outputs go to a URL only with a shared manifest")
    return own_database(folder.path)


@contextmanager
def _queue(
    manifest: Manifest, names: Sequence[str], told: object, sharing: Sharing | None
) -> Iterator[Queue]:
    """The queue of this batch; those who share one must have been `told` the same."""
    if sharing is None:
        yield Alone(names)
        return
    with Shared(manifest.engine, names, digest_of(told), sharing.lease) as shared:
        yield shared


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1

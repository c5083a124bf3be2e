"""Processes that read files, each with a reader of its own.

A process that dies, or takes too long, costs the one file it was reading; another takes its place.
"""

import contextlib
import logging
import time
import traceback
from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait

from shenbao.batch.inputs import Job
from shenbao.batch.summary import Failure, failure_of
from shenbao.errors import EngineUnavailable, ModelFileError, ReaderCrashed, ShenbaoError
from shenbao.models.document import Document
from shenbao.processes import ChildProcess
from shenbao.reading import ReaderFactory
from shenbao.settings import Settings

_WHOLE_INSTALLATION = {error.code: error for error in (EngineUnavailable, ModelFileError)}
"""Errors that every other file would meet too."""


@dataclass(frozen=True)
class Outcome:
    """What became of a job: the document, or why there is none."""

    job: Job
    document: Document | None
    failure: Failure | None


@dataclass(frozen=True)
class Work:
    """All that a worker process needs to know."""

    settings: Settings
    password: str | None
    reader_factory: ReaderFactory


class _Worker(ChildProcess):
    """A process, and the job it has in hand."""

    def __init__(self, work: Work) -> None:
        super().__init__(_serve, work)
        self.job: Job | None = None
        self.started = 0.0

    def give(self, job: Job) -> None:
        self.job, self.started = job, time.monotonic()
        # A worker that died while idle is found when its answer is waited for.
        with contextlib.suppress(BrokenPipeError):
            self.pipe.send(job)


def read_all(
    jobs: Sequence[Job], work: Work, count: int, time_limit: float | None
) -> Generator[Outcome, None, None]:
    """Outcomes of all jobs as they come, read by at most `count` processes.

    `time_limit`: seconds after which a file is given up. Closing the iterator ends the processes.

    Raises:
        EngineUnavailable, ModelFileError: nothing can be read with this installation.
    """
    pending = deque(jobs)
    workers: list[_Worker] = []
    try:
        while pending or any(worker.job for worker in workers):
            _hand_out(pending, workers, work, count)
            for worker in _ready(workers, time_limit):
                outcome = _take(worker, time_limit)
                if outcome.failure and outcome.failure.code == ReaderCrashed.code:
                    worker.stop()
                    workers.remove(worker)
                yield outcome
    finally:
        for worker in workers:
            worker.stop()


def _hand_out(pending: deque[Job], workers: list[_Worker], work: Work, count: int) -> None:
    for worker in workers:
        if pending and worker.job is None:
            worker.give(pending.popleft())
    while pending and len(workers) < count:
        workers.append(_Worker(work))
        workers[-1].give(pending.popleft())


def _ready(workers: list[_Worker], time_limit: float | None) -> list[_Worker]:
    """Workers that have answered, died, or used up their time."""
    busy = [worker for worker in workers if worker.job]
    patience = None
    if time_limit is not None:
        patience = max(0.0, min(w.started for w in busy) + time_limit - time.monotonic())
    answered = set(map(id, wait([worker.pipe for worker in busy], patience)))
    return [w for w in busy if id(w.pipe) in answered or _late(w, time_limit)]


def _late(worker: _Worker, time_limit: float | None) -> bool:
    return time_limit is not None and time.monotonic() - worker.started >= time_limit


def _take(worker: _Worker, time_limit: float | None) -> Outcome:
    job = worker.job
    assert job is not None
    worker.job = None
    if not worker.pipe.poll():
        return _crashed(job, f"took longer than {time_limit:g} seconds")
    try:
        document, failure = worker.pipe.recv()
    except (EOFError, OSError):
        return _crashed(job, f"the process ended with code {worker.exit_code()}")
    if failure and failure.code in _WHOLE_INSTALLATION:
        raise _WHOLE_INSTALLATION[failure.code](failure.message)
    return Outcome(job, document, failure)


def _crashed(job: Job, message: str) -> Outcome:
    return Outcome(job, None, failure_of(ReaderCrashed(message)))


def _serve(pipe: Connection, work: Work) -> None:
    """The life of a worker process: job in, document or failure out, until the pipe is closed."""
    # What failed goes back as a Failure; the same as a log line would tear the progress bar.
    for name in ("PIL", "shenbao"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    read: Callable[[Job], Document] | None = None
    while True:
        try:
            job: Job = pipe.recv()
        except EOFError:
            return
        document, failure = None, None
        try:
            if read is None:
                read = _reading(work)
            document = read(job)
        except ShenbaoError as error:
            failure = failure_of(error)
        # An error nobody thought of must not end the process: it belongs to this file alone.
        except Exception as error:  # noqa: BLE001
            failure = unforeseen(error)
        pipe.send((document, failure))


def unforeseen(error: Exception) -> Failure:
    """An error nobody thought of, with where it came from."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    message = f"{type(error).__name__}: {error} ({where.name}, line {where.lineno})"
    return Failure(stage="read", code=ShenbaoError.code, message=message, advice=ShenbaoError.advice)


def _reading(work: Work) -> Callable[[Job], Document]:
    reader = work.reader_factory(work.settings)
    return lambda job: reader.read(job.input, password=work.password)

"""The processes that read, and what is done when one of them dies, hangs or grows.

Each has one task at a time, so whatever it dies of costs that task alone; another takes its place.
"""

import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from typing import Self

from shenbao.batch.schedule import Schedule
from shenbao.batch.serving import serve
from shenbao.batch.summary import FileResult, error_of, failure_of
from shenbao.batch.tasks import Answer, Compose, Failed, Ready, Task, Work
from shenbao.errors import ReaderCrashed
from shenbao.processes import ChildProcess

_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_LOOK_SECONDS = 0.2
"""How often the memory of busy processes is looked at."""

_START_SECONDS = 300.0
_STARTS = 3
"""After so many processes in a row that did not come up, the batch ends."""


@dataclass(frozen=True)
class Limits:
    """What one task may take; a document of many pages is composed within the time of all of them.

    `seconds` None is no limit, as is `memory` None; memory in bytes is the whole process's, and only looked at
    where /proc tells it. `tasks`: after so many a process is replaced, as it is when it holds more than
    `resting` bytes between two tasks.
    """

    seconds: float | None = 300.0
    memory: int | None = 4_000_000_000
    tasks: int = 500
    resting: int = 1_100_000_000


class _Worker(ChildProcess):
    """A process, and the task it has in hand; `ready` once it is up."""

    def __init__(self, work: Work) -> None:
        super().__init__(serve, work)
        self.task: Task | None = None
        self.ready = False
        self.done = 0
        self.since = time.monotonic()

    def give(self, task: Task) -> None:
        self.task, self.since = task, time.monotonic()
        # A worker that died while idle is found when its answer is waited for.
        with contextlib.suppress(BrokenPipeError):
            self.pipe.send(task)

    def memory(self) -> int:
        """Resident bytes; 0 where the system does not tell."""
        try:
            text = Path(f"/proc/{self.process.pid}/statm").read_text("ascii")
        except OSError:
            return 0
        return int(text.split()[1]) * _PAGE


class Workers:
    """At most `count` processes. Leaving it (`with`) ends them."""

    def __init__(self, work: Work, count: int, limits: Limits) -> None:
        self._work, self._count, self._limits = work, count, limits
        self._workers: list[_Worker] = []
        self._failed_starts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.stop()

    def run(self, schedule: Schedule) -> Iterator[FileResult]:
        """Results of files as they come, until all is done.

        Raises:
            ShenbaoError: nothing can be read with this installation or these settings.
            ReaderCrashed: no process comes up.
        """
        while True:
            self._hand_out(schedule)
            yield from _drain(schedule)
            if not self._busy:
                if not schedule.has(1) and not schedule.finished:
                    return
                continue
            for worker, answer in self._answers():
                task, worker.task = worker.task, None
                worker.done += 1
                if task is not None:
                    schedule.take(task, answer)
                self._renew(worker, answer)
            yield from _drain(schedule)

    @property
    def _busy(self) -> list[_Worker]:
        """Those that have a task, or are coming up."""
        return [worker for worker in self._workers if worker.task or not worker.ready]

    def _hand_out(self, schedule: Schedule) -> None:
        """Gives tasks to all that are free, and starts as many processes as there are tasks left."""
        for worker in self._workers:
            if worker.ready and worker.task is None:
                if not schedule.has(1):
                    return
                worker.give(schedule.next())
        starting = sum(not worker.ready for worker in self._workers)
        while len(self._workers) < self._count and schedule.has(starting + 1):
            self._workers.append(_Worker(self._work))
            starting += 1

    def _answers(self) -> Iterator[tuple[_Worker, Answer]]:
        """Of the workers that have answered, died, or used up what they may."""
        busy = self._busy
        answered = set(wait([worker.pipe for worker in busy], self._patience(busy)))
        for worker in busy:
            if worker.pipe in answered:
                answer = self._received(worker)
                if answer is not None:
                    yield worker, answer
            else:
                excess = self._excess(worker)
                if excess is not None:
                    yield worker, Failed(failure_of(ReaderCrashed(excess)), crashed=True)

    def _patience(self, busy: list[_Worker]) -> float | None:
        """Seconds until a limit has to be looked at; None to wait for an answer however long."""
        if self._limits.memory is not None:
            return _LOOK_SECONDS
        ends = [
            worker.since + limit - time.monotonic() for worker in busy if (limit := self._seconds(worker))
        ]
        return max(0.0, min(ends)) if ends else None

    def _seconds(self, worker: _Worker) -> float | None:
        if worker.task is None:
            return _START_SECONDS
        seconds = self._limits.seconds
        if seconds is not None and isinstance(worker.task, Compose):
            return seconds * max(1, worker.task.facts.page_count)
        return seconds

    def _excess(self, worker: _Worker) -> str | None:
        """What a busy worker has too much of, in words."""
        seconds, memory = self._seconds(worker), self._limits.memory
        if seconds is not None and time.monotonic() - worker.since >= seconds:
            return f"took longer than {seconds:g} seconds"
        if memory is not None and (held := worker.memory()) > memory:
            return f"held {held / 1e6:.0f} MB of memory, more than {memory / 1e6:.0f} MB"
        return None

    def _received(self, worker: _Worker) -> Answer | None:
        """The answer of a worker; None where it only says that it is up."""
        try:
            message: Answer | Ready = worker.pipe.recv()
        except (EOFError, OSError):
            words = f"the process ended with code {worker.exit_code()}"
            return Failed(failure_of(ReaderCrashed(words)), crashed=True)
        if isinstance(message, Ready):
            worker.ready, self._failed_starts = True, 0
            return None
        return message

    def _renew(self, worker: _Worker, answer: Answer) -> None:
        """Lets a worker go that crashed, has worked long enough, or has grown."""
        crashed = isinstance(answer, Failed) and answer.crashed
        if isinstance(answer, Failed) and not worker.ready:
            self._failed_starts += 1
            if not crashed:
                raise error_of(answer.failure)
            if self._failed_starts == _STARTS:
                raise ReaderCrashed(f"no reading process comes up: {answer.failure.message}")
        if crashed or worker.done >= self._limits.tasks or worker.memory() > self._limits.resting:
            worker.stop()
            self._workers.remove(worker)


def _drain(schedule: Schedule) -> Iterator[FileResult]:
    while schedule.finished:
        yield schedule.finished.popleft()

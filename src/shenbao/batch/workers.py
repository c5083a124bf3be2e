"""Those who read, and what is done when one of them dies, hangs or grows.

Each has one task at a time, so whatever it dies of costs that task alone; another takes its place.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

from shenbao.batch.schedule import Schedule
from shenbao.batch.summary import FileResult, error_of, failure_of
from shenbao.batch.tasks import Answer, Compose, Failed, Ready, Task
from shenbao.errors import ReaderCrashed

_LOOK_SECONDS = 0.2
"""How often the memory of busy processes, and the work of others on the same batch, is looked at."""

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


class Worker(Protocol):
    """Has one task at a time; `ready` once it is up, `done` tasks so far, `since` when it got its task or was begun
    (monotonic seconds), `held` the bytes that it held after its last task."""

    task: Task | None
    ready: bool
    done: int
    since: float
    held: int

    def give(self, task: Task) -> None: ...

    def receive(self) -> Answer | Ready:
        """What it says; only after `Staff.wait` has named it. Where it is gone, a failure that tells so."""
        ...

    def memory(self) -> int:
        """Bytes that it holds, as far as known; 0 where nobody tells."""
        ...

    def stop(self) -> None: ...


class Staff(Protocol):
    """Where workers come from: processes of this machine, or the nodes of a cluster.

    `start_seconds`: how long one may take to come up; None where it may have to wait for a place.
    """

    start_seconds: float | None

    def start(self) -> Worker: ...

    def wait(self, workers: Sequence[Worker], seconds: float | None) -> Sequence[Worker]:
        """Those among the workers that say something, at the latest after so many seconds."""
        ...


class Workers:
    """At most `count` of a staff. Leaving it (`with`) ends them."""

    def __init__(self, staff: Staff, count: int, limits: Limits) -> None:
        self._staff, self._count, self._limits = staff, count, limits
        self._workers: list[Worker] = []
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
            schedule.listen()
            yield from _drain(schedule)
            if schedule.done:
                schedule.listen()
                yield from _drain(schedule)
                return
            if not self._busy:
                # Something waits for others who have it in hand, or has just come.
                if not schedule.has(1) and not schedule.finished:
                    time.sleep(_LOOK_SECONDS)
                continue
            for worker, answer in self._answers():
                task, worker.task = worker.task, None
                worker.done += 1
                worker.held = worker.memory()
                if task is not None:
                    schedule.take(task, answer)
                self._renew(worker, answer)
            yield from _drain(schedule)

    @property
    def held(self) -> int:
        """The most bytes that one of them held after its last task; 0 where nobody tells."""
        return max((worker.held for worker in self._workers), default=0)

    @property
    def _busy(self) -> list[Worker]:
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
            self._workers.append(self._staff.start())
            starting += 1

    def _answers(self) -> Iterator[tuple[Worker, Answer]]:
        """Of the workers that have answered, died, or used up what they may."""
        busy = self._busy
        answered = self._staff.wait(busy, _LOOK_SECONDS)
        for worker in busy:
            if worker in answered:
                answer = self._received(worker)
                if answer is not None:
                    yield worker, answer
            else:
                excess = self._excess(worker)
                if excess is not None:
                    yield worker, Failed(failure_of(ReaderCrashed(excess)), crashed=True)

    def _seconds(self, worker: Worker) -> float | None:
        if worker.task is None:
            return self._staff.start_seconds
        seconds = self._limits.seconds
        if seconds is not None and isinstance(worker.task, Compose):
            return seconds * max(1, worker.task.facts.page_count)
        return seconds

    def _excess(self, worker: Worker) -> str | None:
        """What a busy worker has too much of, in words."""
        seconds, memory = self._seconds(worker), self._limits.memory
        if seconds is not None and time.monotonic() - worker.since >= seconds:
            return f"took longer than {seconds:g} seconds"
        if memory is not None and (held := worker.memory()) > memory:
            return f"held {held / 1e6:.0f} MB of memory, more than {memory / 1e6:.0f} MB"
        return None

    def _received(self, worker: Worker) -> Answer | None:
        """The answer of a worker; None where it only says that it is up."""
        message = worker.receive()
        if isinstance(message, Ready):
            worker.ready, self._failed_starts = True, 0
            return None
        return message

    def _renew(self, worker: Worker, answer: Answer) -> None:
        """Lets a worker go that crashed, has worked long enough, or has grown."""
        crashed = isinstance(answer, Failed) and answer.crashed
        if isinstance(answer, Failed) and not worker.ready:
            self._failed_starts += 1
            if not crashed:
                raise error_of(answer.failure)
            if self._failed_starts == _STARTS:
                raise ReaderCrashed(f"no reading process comes up: {answer.failure.message}")
        if crashed or worker.done >= self._limits.tasks or worker.held > self._limits.resting:
            worker.stop()
            self._workers.remove(worker)


def _drain(schedule: Schedule) -> Iterator[FileResult]:
    while schedule.finished:
        yield schedule.finished.popleft()

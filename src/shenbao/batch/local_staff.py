"""Workers that are processes of this machine."""

import contextlib
import os
import time
from collections.abc import Sequence
from multiprocessing.connection import wait
from pathlib import Path

from shenbao.batch.serving import serve
from shenbao.batch.summary import failure_of
from shenbao.batch.tasks import Answer, Failed, Ready, Task, Work
from shenbao.batch.workers import Worker
from shenbao.errors import ReaderCrashed
from shenbao.processes import ChildProcess

_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


class LocalStaff:
    """Starts processes of this machine."""

    start_seconds: float | None = 300.0

    def __init__(self, work: Work) -> None:
        self._work = work

    def start(self) -> Worker:
        return _LocalWorker(self._work)

    def wait(self, workers: Sequence[Worker], seconds: float | None) -> Sequence[Worker]:
        ours = {worker.pipe: worker for worker in workers if isinstance(worker, _LocalWorker)}
        said = set(wait(list(ours), seconds))
        return [worker for pipe, worker in ours.items() if pipe in said]


class _LocalWorker(ChildProcess):
    """A process with a pipe to it."""

    def __init__(self, work: Work) -> None:
        super().__init__(serve, work)
        self.task: Task | None = None
        self.ready = False
        self.done = 0
        self.since = time.monotonic()
        self.held = 0

    def give(self, task: Task) -> None:
        self.task, self.since = task, time.monotonic()
        # A worker that died while idle is found when its answer is waited for.
        with contextlib.suppress(BrokenPipeError):
            self.pipe.send(task)

    def receive(self) -> Answer | Ready:
        try:
            message: Answer | Ready = self.pipe.recv()
        except (EOFError, OSError):
            words = f"the process ended with code {self.exit_code()}"
            return Failed(failure_of(ReaderCrashed(words)), crashed=True)
        return message

    def memory(self) -> int:
        try:
            text = Path(f"/proc/{self.process.pid}/statm").read_text("ascii")
        except OSError:
            return 0
        return int(text.split()[1]) * _PAGE

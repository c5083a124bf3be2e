"""The reading processes: each has a thread that gives it jobs, and replaces it when it dies."""

import logging
import threading
import time
from dataclasses import dataclass, field

from shenbao.batch.summary import Failure, failure_of
from shenbao.errors import ReaderCrashed
from shenbao.processes import ChildProcess
from shenbao.service.builder import Builder
from shenbao.service.metrics import DOCUMENTS_READ, PAGES_READ, READING_CRASHES, READING_SECONDS
from shenbao.service.reading import Done, Failed, Message, Order, Progress, Setup, serve
from shenbao.settings import ServiceSettings
from shenbao.store import jobs
from shenbao.store.database import Database
from shenbao.store.documents import store_reading
from shenbao.store.sealing import Seal

log = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
"""How long a thread without a job waits before it looks again."""


@dataclass
class _Task:
    """A job in hand."""

    job_id: int
    document_id: int
    order: Order
    pictures: dict[int, str] = field(default_factory=dict)


class Pool:
    """Reads what is queued, with as many processes as the settings say. `start` and `stop` belong to the service's life."""

    def __init__(
        self, database: Database, setup: Setup, builder: Builder, seal: Seal, settings: ServiceSettings
    ) -> None:
        self.setup = setup
        self._database, self._builder, self._seal = database, builder, seal
        self._read_seconds = settings.read_seconds
        self._wake, self._stopping = threading.Condition(), threading.Event()
        self._generation = 0
        self._threads = [
            threading.Thread(target=self._work, name=f"reading-{n}") for n in range(settings.workers)
        ]

    def start(self) -> None:
        with self._database.write() as transaction:
            resumed = jobs.resume(transaction)
        if resumed:
            log.info("%d interrupted jobs go on", resumed)
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self.wake()
        for thread in self._threads:
            thread.join()

    def wake(self) -> None:
        """Says that there is something to read."""
        with self._wake:
            self._wake.notify_all()

    def renew(self, setup: Setup) -> None:
        """Reads with other settings from the next job on."""
        self.setup = setup
        self._generation += 1

    @property
    def alive(self) -> int:
        return sum(thread.is_alive() for thread in self._threads)

    def _work(self) -> None:
        child: ChildProcess | None = None
        generation = self._generation
        while not self._stopping.is_set():
            try:
                task = self._claim()
                if task is None:
                    with self._wake:
                        self._wake.wait(IDLE_SECONDS)
                    continue
                if child is not None and generation != self._generation:
                    child.stop()
                    child = None
                generation = self._generation
                child = child or ChildProcess(serve, self.setup)
                if not self._run(task, child):
                    child.stop()
                    child = None
            except Exception:  # the database may be away for a while: the job is found again later
                log.exception("reading")
                self._stopping.wait(IDLE_SECONDS)
        if child is not None:
            child.stop()

    def _claim(self) -> _Task | None:
        # Mostly there is none: then nobody who writes is kept waiting.
        with self._database.read() as transaction:
            if not jobs.any_queued(transaction):
                return None
        with self._database.write() as transaction:
            found = jobs.claim(transaction)
            if found is None:
                return None
            job, document = found
            password = self._seal.open(job.secret) if job.secret else None
            return _Task(job.id, document.id, Order(document.sha256, document.name, password))

    def _run(self, task: _Task, child: ChildProcess) -> bool:
        """Has a job done; whether the process can be given another."""
        try:
            child.pipe.send(task.order)
            message = self._answer(task, child)
        except TimeoutError:
            return self._crash(task, f"took longer than {self._read_seconds:g} seconds")
        except (EOFError, OSError):
            return self._crash(task, f"the process ended with code {child.exit_code()}")
        if message is None:
            return False
        if isinstance(message, Failed):
            self._fail(task, message.failure)
        else:
            self._finish(task, message)
        return True

    def _answer(self, task: _Task, child: ChildProcess) -> Done | Failed | None:
        """What became of the job; None where the service stops meanwhile."""
        until = time.monotonic() + self._read_seconds
        while not self._stopping.is_set():
            if not child.pipe.poll(min(0.5, max(0.0, until - time.monotonic()))):
                if time.monotonic() >= until:
                    raise TimeoutError
                continue
            message: Message = child.pipe.recv()
            if not isinstance(message, Progress):
                return message
            if message.page is not None and message.picture is not None:
                task.pictures[message.page] = message.picture
            with self._database.write() as transaction:
                jobs.progress(transaction, task.job_id, message.done, message.total)
        return None

    def _finish(self, task: _Task, done: Done) -> None:
        with self._database.write() as transaction:
            store_reading(transaction, task.document_id, done.document, task.pictures, done.seconds)
        self._builder.build(task.document_id)
        with self._database.write() as transaction:
            jobs.finish(transaction, task.job_id)
        DOCUMENTS_READ.labels(done.document.status).inc()
        PAGES_READ.inc(len(done.document.pages))
        READING_SECONDS.observe(done.seconds)

    def _fail(self, task: _Task, failure: Failure) -> None:
        with self._database.write() as transaction:
            jobs.fail(transaction, task.job_id, failure.model_dump())
        DOCUMENTS_READ.labels("failed").inc()

    def _crash(self, task: _Task, message: str) -> bool:
        READING_CRASHES.inc()
        failure = failure_of(ReaderCrashed(message))
        with self._database.write() as transaction:
            again = jobs.crashed(transaction, task.job_id, failure.model_dump())
        log.warning("document %d: %s%s", task.document_id, message, "; tried again" if again else "")
        return False

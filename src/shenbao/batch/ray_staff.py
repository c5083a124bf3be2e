"""Workers that are actors on the nodes of a Ray cluster (extra `ray`).

An actor holds its models and does a task at a time, as a process of this machine does; which task is next is the
schedule's affair here as there. Inputs and outputs must be where every node sees them. Ray places actors, one
processor each; those for which there is no place yet, as after the loss of a node, wait for one.
"""

import contextlib
import logging
import os
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from shenbao.batch.run import with_threads
from shenbao.batch.serving import Desk, answer_of, open_desk
from shenbao.batch.summary import failure_of
from shenbao.batch.tasks import Answer, Failed, Ready, Task, Work
from shenbao.batch.workers import Staff, Worker
from shenbao.errors import ExtraMissing, ReaderCrashed, ShenbaoError, UsageError
from shenbao.memory import resident_bytes

try:
    import ray
    from ray.exceptions import RayError
except ImportError as missing:
    raise ExtraMissing("--executor ray needs the extra: pip install 'shenbao[ray]'") from missing


_KNOCK_SECONDS = 10.0


class RayExecutor:
    """The cluster at an address (`HOST:PORT`, `auto`, `ray://HOST:PORT`); None begins one on this machine."""

    def __init__(self, address: str | None = None) -> None:
        self.address = address

    @contextmanager
    def staff(self, work: Work, workers: int) -> Iterator[tuple[Staff, int]]:
        """As many actors as the cluster has processors, where `workers` is 0.

        Raises:
            UsageError: no cluster answers at the address.
        """
        # A session that is there already, and is not this batch's, is used and left as it is.
        known = ray.is_initialized()
        try:
            if not known:
                _knock(self.address)
                # A cluster begun here must not report its use to anybody.
                os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
                ray.init(address=self.address, log_to_driver=False, logging_level=logging.ERROR)
        except (OSError, ValueError, RuntimeError, RayError) as error:
            raise UsageError(f"no Ray cluster at {self.address}: {error}") from error
        try:
            yield RayStaff(with_threads(work, 1)), workers or _processors()
        finally:
            if not known:
                ray.shutdown()


class RayStaff:
    """Starts actors."""

    start_seconds: float | None = None

    def __init__(self, work: Work) -> None:
        self._work = work
        # Spread: a lost node should cost as few as can be. An actor that ends is replaced by the batch, which counts
        # what it dies of, not by Ray.
        self._kind: Any = ray.remote(num_cpus=1, max_restarts=0, scheduling_strategy="SPREAD")(_Actor)

    def start(self) -> Worker:
        return _RayWorker(self._kind.remote(self._work))

    def wait(self, workers: Sequence[Worker], seconds: float | None) -> Sequence[Worker]:
        ours = {worker.answer: worker for worker in workers if isinstance(worker, _RayWorker)}
        said, _ = ray.wait(list(ours), num_returns=len(ours), timeout=0)
        if not said:
            said, _ = ray.wait(list(ours), num_returns=1, timeout=seconds)
        return [ours[answer] for answer in said]


class _Actor:
    """Lives in a process on a node. Every answer comes with the bytes that the process holds."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._desk: Desk | None = None

    def ready(self) -> tuple[Answer | Ready, int]:
        try:
            self._desk = open_desk(self._work)
        except ShenbaoError as error:
            return Failed(failure_of(error)), 0
        return Ready(), resident_bytes()

    def answer(self, task: Task) -> tuple[Answer | Ready, int]:
        assert self._desk is not None
        return answer_of(self._desk, task), resident_bytes()


class _RayWorker:
    """An actor seen from here, and the answer that is waited for."""

    def __init__(self, actor: Any) -> None:
        self._actor = actor
        self.held = 0
        self.task: Task | None = None
        self.ready = False
        self.done = 0
        self.since = time.monotonic()
        self.answer: Any = actor.ready.remote()

    def give(self, task: Task) -> None:
        self.task, self.since = task, time.monotonic()
        self.answer = self._actor.answer.remote(task)

    def receive(self) -> Answer | Ready:
        try:
            message, self.held = ray.get(self.answer)
        except RayError as error:
            words = f"the actor was lost: {str(error).strip().splitlines()[0]}"
            return Failed(failure_of(ReaderCrashed(words)), crashed=True)
        said: Answer | Ready = message
        return said

    def memory(self) -> int:
        """As told with the last answer. While it works, Ray's own memory monitor looks after its node."""
        return self.held

    def stop(self) -> None:
        with contextlib.suppress(RayError):
            ray.kill(self._actor)


def _knock(address: str | None) -> None:
    """Ray tries an address for minutes where nobody is; this tells at once.

    Raises:
        OSError: nobody answers there.
        ValueError: it is no address.
    """
    if address is None or address in ("auto", "local"):
        return
    host, _, port = address.rpartition("://")[2].rpartition(":")
    socket.create_connection((host, int(port)), timeout=_KNOCK_SECONDS).close()


def _processors() -> int:
    """Of all nodes together."""
    resources: dict[str, float] = ray.cluster_resources()
    return max(1, int(resources.get("CPU", 1)))

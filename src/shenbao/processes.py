"""A child process with a pipe to it."""

import contextlib
import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterator
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any


class ChildProcess:
    """A spawned process that is handed its end of `pipe`, and ends when the other end is closed."""

    def __init__(self, target: Callable[..., None], *arguments: Any) -> None:
        """Starts `target(pipe, *arguments)`; it must be a function of a module, its arguments picklable."""
        context = multiprocessing.get_context("spawn")
        self.pipe: Connection
        self.pipe, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(target=target, args=(theirs, *arguments), daemon=True)
        with _no_interrupt():
            self.process.start()
        theirs.close()

    def exit_code(self) -> int | None:
        """The code it ended with; waits a little for it to end."""
        self.process.join(5)
        return self.process.exitcode

    def stop(self) -> None:
        self.pipe.close()
        self.process.terminate()
        self.process.join(5)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


@contextlib.contextmanager
def _no_interrupt() -> Iterator[None]:
    """Processes started in here never see Ctrl-C: it is for the parent to end them.

    They inherit that the signal is blocked. It is not ignored, for then the parent would lose one that comes meanwhile.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # it unblocks signals when it starts
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)

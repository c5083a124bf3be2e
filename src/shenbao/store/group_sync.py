"""Durable commits of SQLite that wait for the disk together.

With `synchronous=FULL` every commit waits for the disk while it holds the one write lock: eight people who decide at
once stand in line for eight such waits. Here commits only write (`synchronous=NORMAL`), give the lock free, and
wait then until the write-ahead log is on the disk; one such wait serves all whose commits it covers. Whoever
is answered is as safe as before: a checkpoint syncs the log before it copies from it, and the database before
it starts the log anew.
"""

import os
import threading
from pathlib import Path


class GroupSync:
    """Waits until everything that was written to a file so far is on the disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turn = threading.Condition()
        self._running = False
        self._begun, self._ended = 0, 0

    def wait(self) -> None:
        """Returns when what was written before the call is on the disk.

        Raises:
            OSError: the disk refuses.
        """
        with self._turn:
            # One that has begun already may miss what was written last.
            wanted = self._begun + 1
            while self._running and self._ended < wanted:
                self._turn.wait()
            if self._ended >= wanted:
                return
            self._running, self._begun = True, self._begun + 1
            number = self._begun
        done = False
        try:
            self._sync()
            done = True
        finally:
            with self._turn:
                self._running = False
                if done:
                    self._ended = number
                self._turn.notify_all()

    def _sync(self) -> None:
        try:
            descriptor = os.open(self._path, os.O_RDWR)
        except FileNotFoundError:  # the last connection has brought all into the database, and removed it
            return
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

"""The life of a worker process: a task in, its answer out, until the other end of the pipe is closed."""

import hashlib
import logging
import multiprocessing
import os
import threading
import traceback
from multiprocessing.connection import Connection, wait
from pathlib import Path

from shenbao.batch.inputs import Job
from shenbao.batch.packing import pack_document, pack_page, unpack_document, unpack_page
from shenbao.batch.summary import Failure, failure_of, result_of
from shenbao.batch.tasks import (
    Answer,
    Failed,
    Opened,
    PageFailed,
    PageRead,
    ReadFile,
    ReadPage,
    Ready,
    Render,
    Task,
    Work,
    Written,
)
from shenbao.errors import MissingInput, ShenbaoError
from shenbao.export import render
from shenbao.loading import LoadedSource, open_source
from shenbao.loading.kinds import HEAD_BYTES, PDF, media_type
from shenbao.loading.names import as_text
from shenbao.memory import give_back_surplus, keep_one_heap
from shenbao.models.document import Document, StageError

_PAGED = (PDF, "image/tiff")
"""Kinds that may hold many pictures of pages, which different processes can read."""


def serve(pipe: Connection, work: Work) -> None:
    """Answers tasks with one reader, which holds its models from the beginning."""
    _end_with_parent()
    try:
        desk = open_desk(work)
    except ShenbaoError as error:
        pipe.send(Failed(failure_of(error)))
        return
    pipe.send(Ready())
    while True:
        try:
            task: Task = pipe.recv()
        except EOFError:
            return
        pipe.send(answer_of(desk, task))


def open_desk(work: Work) -> "Desk":
    """Prepares this process for its work.

    Raises:
        ShenbaoError: nothing can be read with these settings.
    """
    # What failed goes back as a Failure; the same as a log line would tear the progress bar.
    for name in ("PIL", "shenbao"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    _limit_threads(work.threads)
    keep_one_heap()
    return Desk(work)


def answer_of(desk: "Desk", task: Task) -> Answer:
    """Does a task; an error is an answer too."""
    try:
        return desk.answer(task)
    except ShenbaoError as error:
        return Failed(failure_of(error))
    # An error nobody thought of must not end the process: it belongs to this task alone.
    except Exception as error:  # noqa: BLE001
        return Failed(unforeseen(error))


def unforeseen(error: Exception) -> Failure:
    """An error nobody thought of, with where it came from."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    message = f"{type(error).__name__}: {error} ({where.name}, line {where.lineno})"
    return Failure(stage="read", code=ShenbaoError.code, message=message, advice=ShenbaoError.advice)


def _end_with_parent() -> None:
    """A parent that was killed closes nothing in an order: without this a page would be read for nobody."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _limit_threads(count: int) -> None:
    """OpenCV takes all processors in every process if it is not told otherwise."""
    import cv2

    cv2.setNumThreads(count)


class Desk:
    """A reader, and the file of several pages that it has open."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._reader = work.reader_factory(work.settings)
        self._reader.load()
        self._open: tuple[Path, LoadedSource] | None = None

    def answer(self, task: Task) -> Answer:
        """Does a task.

        Raises:
            ShenbaoError: nothing comes of it.
        """
        if isinstance(task, ReadFile):
            return self._file(task.job)
        if isinstance(task, ReadPage):
            return self._page(task)
        if isinstance(task, Render):
            document = unpack_document(task.body)
            source = document.source.model_copy(update={"name": as_text(task.job.input.name)})
            return self._write(task.job, document.model_copy(update={"source": source}))
        pages = [unpack_page(body) for body in task.pages]
        return self._write(task.job, self._reader.assemble(task.facts, pages, list(task.errors)))

    def _file(self, job: Job) -> Answer:
        if _may_have_pages(job.input):
            source = self._source(job.input)
            if source.facts.page_count > 1:
                return Opened(source.facts)
        self._close()
        return self._write(job, self._reader.read(job.input, password=self._work.password))

    def _page(self, task: ReadPage) -> Answer:
        source = self._source(task.job.input)
        if source.facts.sha256 != task.sha256:
            raise MissingInput(f"{task.job.input} was changed while it was read")
        found = self._reader.read_number(source, task.number)
        return PageFailed(found) if isinstance(found, StageError) else PageRead(pack_page(found))

    def _source(self, path: Path) -> LoadedSource:
        """The file opened; it stays open for its next page."""
        if self._open is None or self._open[0] != path:
            self._close()
            self._open = path, open_source(path, self._work.settings.limits, self._work.password)
        return self._open[1]

    def _close(self) -> None:
        if self._open is not None:
            self._open[1].close()
            self._open = None

    def _write(self, job: Job, document: Document) -> Written:
        digests: dict[str, str] = {}
        accept = self._work.settings.review.accept
        for form in self._work.formats:
            if not form.suits(document):
                continue
            name = job.path(form.ending)
            data = render(document, form, accept=accept, source=job.input, password=self._work.password)
            self._work.out.write(name, data)
            digests[name] = hashlib.sha256(data).hexdigest()
        result = result_of(job.input, next(iter(digests), None), document)
        give_back_surplus()
        return Written(document.source.sha256, pack_document(document), result, digests)


def _may_have_pages(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return media_type(stream.read(HEAD_BYTES)) in _PAGED
    except OSError:
        return False

"""What comes next, and what became of each file: the order of a batch, without its processes."""

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shenbao.batch.folder import file_digest
from shenbao.batch.inputs import Job
from shenbao.batch.manifest import Manifest
from shenbao.batch.queue import Hold, Queue, Turn
from shenbao.batch.summary import Failure, FileResult, error_of, failed_result
from shenbao.batch.tasks import (
    Answer,
    Compose,
    Failed,
    Opened,
    PageFailed,
    PageRead,
    ReadFile,
    ReadPage,
    Render,
    Task,
    Written,
)
from shenbao.errors import EngineUnavailable, ModelFileError
from shenbao.export import Format
from shenbao.models.document import Source, StageError

_WHOLE_INSTALLATION = (EngineUnavailable.code, ModelFileError.code)
"""Errors that every other file would meet too."""

ATTEMPTS = 2
"""How often a task is tried that ends its process."""


@dataclass(frozen=True)
class Wish:
    """What a batch is to write of each document, and whether known ones are read again."""

    formats: tuple[Format, ...]
    again: bool = False


class Schedule:
    """Makes tasks of the queue's turns, and takes their answers.

    Of several files with the same content the first is read; the others wait for its document.
    """

    def __init__(self, jobs: Iterable[Job], manifest: Manifest, queue: Queue, wish: Wish) -> None:
        self._jobs: Mapping[str, Job] = {job.output: job for job in jobs}
        self._manifest, self._queue, self._again = manifest, queue, wish.again
        self._endings = [form.ending for form in wish.formats]
        self._ready: deque[Task] = deque()
        self._tried: Counter[tuple[type[Task], str, int]] = Counter()
        self.finished: deque[FileResult] = deque()

    @property
    def done(self) -> bool:
        """Whether all files are finished, and no result is left to be taken from `finished`."""
        return not self.finished and not self._ready and self._queue.done()

    @property
    def pages_read(self) -> int:
        return self._queue.pages_read()

    def has(self, count: int) -> bool:
        """Whether `count` tasks can be given out now. Takes no more turns than that needs.

        False may also mean that files have finished meanwhile: take them from `finished` and ask again.
        """
        while len(self._ready) < count and not self.finished:
            turn = self._queue.take()
            if turn is None:
                break
            self._plan(turn, self._jobs[turn.output])
        return len(self._ready) >= count

    def next(self) -> Task:
        """The next task; only after `has`."""
        return self._ready.popleft()

    def listen(self) -> None:
        """Takes the results of files that were finished elsewhere into `finished`."""
        for output, result in self._queue.news():
            # Another machine may know the file by another path.
            news = {"input": self._jobs[output].shown}
            self.finished.append(result.model_copy(update=news))

    def _plan(self, turn: Turn, job: Job) -> None:
        if turn.facts is None:
            self._look(job)
        elif turn.number:
            self._ready.append(ReadPage(job, turn.facts.sha256, turn.number))
        else:
            self._ready.appendleft(self._composing(job, turn, turn.facts))

    def _composing(self, job: Job, turn: Turn, facts: Source) -> Task:
        """What makes the document of a file whose pages are read.

        Somebody who was lost may have noted it, and so let go of its pages, before the queue heard of it.
        """
        key = self._manifest.key(facts.sha256)
        body = self._manifest.document(key)
        if body is not None:
            return Render(job, body)
        return Compose(job, facts, self._manifest.pages(key), turn.errors)

    def _look(self, job: Job) -> None:
        """Decides what is to be done for a file: read it, write its document again, wait, or nothing."""
        sha256 = file_digest(job.input)
        if sha256 is None:
            self._ready.append(ReadFile(job))
            return
        key = self._manifest.key(sha256)
        hold = self._queue.hold(job.output, key)
        if hold is Hold.OTHER:
            return
        if self._again and hold is Hold.MINE:
            self._manifest.forget(key)
        elif not self._again:
            paths = [job.path(ending) for ending in self._endings]
            earlier = self._manifest.up_to_date(job.output, paths, key)
            if earlier is not None:
                news = {"input": job.shown, "output": next(iter(paths), None), "up_to_date": True}
                self._finish(job, earlier.model_copy(update=news), made=True)
                return
        body = self._manifest.document(key)
        self._ready.append(ReadFile(job) if body is None else Render(job, body))

    def take(self, task: Task, answer: Answer) -> None:
        """Takes the answer to a task.

        Raises:
            EngineUnavailable, ModelFileError: nothing can be read with this installation.
        """
        if isinstance(answer, Failed) and answer.failure.code in _WHOLE_INSTALLATION:
            raise error_of(answer.failure)
        if isinstance(answer, Failed) and self._try_again(task, answer):
            return
        if isinstance(answer, Opened):
            known = self._manifest.page_numbers(self._manifest.key(answer.facts.sha256))
            numbers = [n for n in range(1, answer.facts.page_count + 1) if n not in known]
            self._queue.open(task.job.output, answer.facts, numbers)
        elif isinstance(answer, Written):
            self._written(task, answer)
        elif isinstance(task, ReadPage):
            self._page(task, answer)
        elif isinstance(answer, Failed):
            self._failed(task, answer.failure)

    def _page(self, task: ReadPage, answer: Answer) -> None:
        output, error = task.job.output, None
        if isinstance(answer, PageRead):
            self._manifest.add_page(self._manifest.key(task.sha256), task.number, answer.body)
        elif not self._queue.held(output, task.number):
            return
        elif isinstance(answer, PageFailed):
            error = answer.error
        elif isinstance(answer, Failed):
            failure = answer.failure
            error = StageError(page=task.number, stage="page", code=failure.code, message=failure.message)
        self._queue.page_read(output, task.number, error)

    def _written(self, task: Task, answer: Written) -> None:
        """Notes a document. One of which nothing could be read is tried again by the next run."""
        result, read = answer.result, not isinstance(task, Render)
        body = answer.body if read and result.status != "failed" else None
        self._manifest.add(task.job.output, answer.sha256, body, result, answer.digests)
        if not read:
            result = result.model_copy(update={"up_to_date": True})
        pages = result.pages if isinstance(task, ReadFile) else 0
        self._finish(task.job, result, made=not read or body is not None, read=pages)

    def _failed(self, task: Task, failure: Failure) -> None:
        """Notes a file of which nothing comes; not where another machine has it in hand by now."""
        job = task.job
        if not self._queue.held(job.output, 0):
            return
        result = failed_result(job.input, failure)
        self._manifest.fail(job.output, "", result)
        self._finish(job, result, made=False)

    def _finish(self, job: Job, result: FileResult, *, made: bool, read: int = 0) -> None:
        if self._queue.finish(job.output, result, made=made, read=read):
            self.finished.append(result)

    def _try_again(self, task: Task, answer: Failed) -> bool:
        """Whether a task whose process ended is given out once more."""
        if not answer.crashed:
            return False
        place = type(task), task.job.output, task.number if isinstance(task, ReadPage) else 0
        self._tried[place] += 1
        if self._tried[place] == ATTEMPTS:
            return False
        self._ready.appendleft(task)
        return True

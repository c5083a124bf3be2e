"""What comes next, and what became of each file: the order of a batch, without its processes."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from shenbao.batch.inputs import Job
from shenbao.batch.manifest import Manifest, file_digest
from shenbao.batch.summary import FileResult, error_of, failed_result
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


@dataclass
class _Open:
    """A file of several pages that is being read."""

    facts: Source
    pages: dict[int, bytes] = field(default_factory=dict)
    errors: dict[int, StageError] = field(default_factory=dict)

    @property
    def is_read(self) -> bool:
        return len(self.pages) + len(self.errors) == self.facts.page_count


class Schedule:
    """Hands out tasks and takes their answers. Pages of files that are open come before new files.

    Of several files with the same content the first is read; the others wait for its document.
    """

    def __init__(
        self, jobs: Iterable[Job], manifest: Manifest, formats: Iterable[Format], again: bool
    ) -> None:
        self._jobs: Iterator[Job] = iter(jobs)
        self._manifest, self._again = manifest, again
        self._endings = [form.ending for form in formats]
        self._ready: deque[Task] = deque()
        self._open: dict[str, _Open] = {}
        self._keys: dict[str, str] = {}
        self._waiting: dict[str, list[Job]] = {}
        self._tried: Counter[tuple[type[Task], str, int | None]] = Counter()
        self._known: set[str] = set()
        self.finished: deque[FileResult] = deque()
        self.pages_read = 0
        self.pages_waiting = 0

    def has(self, count: int) -> bool:
        """Whether `count` tasks can be given out now. Looks at no more files than that takes.

        False may also mean that files have finished meanwhile: take them from `finished` and ask again.
        """
        while len(self._ready) < count and not self.finished:
            job = next(self._jobs, None)
            if job is None:
                break
            self._plan(job)
        return len(self._ready) >= count

    def next(self) -> Task:
        """The next task; only after `has`."""
        return self._ready.popleft()

    def _plan(self, job: Job) -> None:
        """Decides what is to be done for a file: read it, write its document again, wait, or nothing."""
        sha256 = file_digest(job.input)
        if sha256 is None:
            self._ready.append(ReadFile(job))
            return
        key = self._keys[job.output] = self._manifest.key(sha256)
        if key in self._waiting:
            self._waiting[key].append(job)
            return
        if self._again and key not in self._known:
            self._manifest.forget(key)
        elif not self._again:
            paths = [job.path(ending) for ending in self._endings]
            earlier = self._manifest.up_to_date(job.output, paths, key)
            if earlier is not None:
                news = {"input": str(job.input), "output": next(iter(paths), None), "up_to_date": True}
                self.finished.append(earlier.model_copy(update=news))
                return
        body = self._manifest.document(key)
        if body is None:
            self._waiting[key] = []
            self._ready.append(ReadFile(job))
        else:
            self._known.add(key)
            self._ready.append(Render(job, body))

    def take(self, task: Task, answer: Answer) -> None:
        """Takes the answer to a task.

        Raises:
            EngineUnavailable, ModelFileError: nothing can be read with this installation.
        """
        if isinstance(answer, Failed) and answer.failure.code in _WHOLE_INSTALLATION:
            raise error_of(answer.failure)
        if isinstance(answer, Opened):
            self._start(task.job, answer.facts)
        elif isinstance(answer, Written):
            self._finish(task, answer)
        elif isinstance(task, ReadPage):
            self._page(task, answer)
        elif isinstance(answer, Failed):
            self._fail(task, answer)

    def _start(self, job: Job, facts: Source) -> None:
        key = self._keys[job.output] = self._manifest.key(facts.sha256)
        kept = self._manifest.pages(key)
        self._open[job.output] = opened = _Open(facts, kept)
        numbers = [n for n in range(1, facts.page_count + 1) if n not in kept]
        self.pages_waiting += len(numbers)
        self._ready.extend(ReadPage(job, facts.sha256, number) for number in numbers)
        self._compose(job, opened)

    def _page(self, task: ReadPage, answer: Answer) -> None:
        opened = self._open[task.job.output]
        if isinstance(answer, Failed):
            if self._try_again(task, answer):
                return
            failure = answer.failure
            error = StageError(page=task.number, stage="page", code=failure.code, message=failure.message)
            opened.errors[task.number] = error
        elif isinstance(answer, PageFailed):
            opened.errors[task.number] = answer.error
        elif isinstance(answer, PageRead):
            opened.pages[task.number] = answer.body
            self._manifest.add_page(self._keys[task.job.output], task.number, answer.body)
        self.pages_read += 1
        self.pages_waiting -= 1
        self._compose(task.job, opened)

    def _compose(self, job: Job, opened: _Open) -> None:
        if opened.is_read:
            del self._open[job.output]
            pages = tuple(body for _, body in sorted(opened.pages.items()))
            errors = tuple(error for _, error in sorted(opened.errors.items()))
            self._ready.appendleft(Compose(job, opened.facts, pages, errors))

    def _finish(self, task: Task, answer: Written) -> None:
        """Notes a document. One of which nothing could be read is tried again by the next run."""
        job, result = task.job, answer.result
        read = not isinstance(task, Render)
        body = answer.body if read and result.status != "failed" else None
        self._manifest.add(job.output, answer.sha256, body, result, answer.digests)
        if isinstance(task, ReadFile):
            self.pages_read += result.pages
        self.finished.append(result if read else result.model_copy(update={"up_to_date": True}))
        key = self._manifest.key(answer.sha256)
        self._known.add(key)
        for twin in self._waiting.pop(self._keys.get(job.output, key), []):
            self._ready.append(Render(twin, answer.body))

    def _fail(self, task: Task, answer: Failed) -> None:
        if self._try_again(task, answer):
            return
        job = task.job
        key = self._keys.get(job.output, "")
        result = failed_result(job.input, answer.failure)
        self._manifest.fail(job.output, key, result)
        self.finished.append(result)
        for twin in self._waiting.pop(key, []):
            self._ready.append(ReadFile(twin))

    def _try_again(self, task: Task, answer: Failed) -> bool:
        """Whether a task whose process ended is given out once more."""
        if not answer.crashed:
            return False
        number = task.number if isinstance(task, ReadPage) else None
        self._tried[type(task), task.job.output, number] += 1
        if self._tried[type(task), task.job.output, number] == ATTEMPTS:
            return False
        self._ready.appendleft(task)
        return True

"""Which file or page is next: what the schedule asks, and the answer for a batch that works alone.

A file goes through these states: waiting -> taken -> finished; one of several pages is, between, open: its
pages are dealt out by themselves, and when all are read the file is taken again, to be composed.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from shenbao.batch.summary import FileResult
from shenbao.models.document import Source, StageError


@dataclass(frozen=True)
class Turn:
    """What is to be done next for the file of this output.

    Without facts: look what is to be done for it. With a number (from 1): read that page. With facts alone: all pages
    are read; `errors` are of those that failed.
    """

    output: str
    facts: Source | None = None
    number: int = 0
    errors: tuple[StageError, ...] = ()


class Hold(Enum):
    """Who makes the document of a content: this file; nobody, as it is made; another file, so this one waits."""

    MINE = "mine"
    MADE = "made"
    OTHER = "other"


class Queue(Protocol):
    """The files of a run, and the pages of those that are open. What it lends is this process's until it says
    what became of it."""

    def take(self) -> Turn | None:
        """The next that is to be done; None where there is nothing at the moment."""
        ...

    def hold(self, output: str, key: str) -> Hold:
        """Who makes the document of content `key`. Where it is another file, the turn is over: this one is lent
        again when the other is finished."""
        ...

    def open(self, output: str, facts: Source, numbers: Sequence[int]) -> None:
        """A file that was lent has several pages; those of `numbers` are to be read."""
        ...

    def page_read(self, output: str, number: int, error: StageError | None) -> None:
        """A page that was lent is read, or failed for good."""
        ...

    def finish(self, output: str, result: FileResult, *, made: bool, read: int) -> bool:
        """A file that was lent is finished; files that wait for its document are told. `made`: there is a document.
        `read`: pages that were read for it, apart from those of `page_read`. False: it was finished already."""
        ...

    def held(self, output: str, number: int) -> bool:
        """Whether something that was lent is still this process's."""
        ...

    def news(self) -> Iterator[tuple[str, FileResult]]:
        """Outputs and results of files that were finished elsewhere, each once."""
        ...

    def done(self) -> bool:
        """Whether all files are finished."""
        ...

    def pages_read(self) -> int:
        """Pages that were read by this run."""
        ...

    def close(self, write: Callable[[], None]) -> None:
        """Calls `write` when all is done, so that it is done once in a run; waits until it is."""
        ...


@dataclass
class _Open:
    facts: Source
    left: set[int]
    errors: dict[int, StageError] = field(default_factory=dict)


class Alone:
    """The queue of a batch that is the only one. Pages of files that are open come before new files."""

    def __init__(self, outputs: Iterable[str]) -> None:
        self._files: Iterator[str] = iter(outputs)
        self._turns: deque[Turn] = deque()
        self._open: dict[str, _Open] = {}
        self._keys: dict[str, str] = {}
        self._makers: dict[str, str] = {}
        self._made: set[str] = set()
        self._waiting: dict[str, list[str]] = {}
        self._lent: set[str] = set()
        self._read = 0
        self._exhausted = False

    def take(self) -> Turn | None:
        if self._turns:
            return self._turns.popleft()
        output = next(self._files, None)
        if output is None:
            self._exhausted = True
            return None
        self._lent.add(output)
        return Turn(output)

    def hold(self, output: str, key: str) -> Hold:
        if key in self._made:
            return Hold.MADE
        if self._makers.setdefault(key, output) == output:
            self._keys[output] = key
            return Hold.MINE
        self._waiting.setdefault(key, []).append(output)
        return Hold.OTHER

    def open(self, output: str, facts: Source, numbers: Sequence[int]) -> None:
        self._open[output] = _Open(facts, set(numbers))
        self._turns.extend(Turn(output, facts, number) for number in numbers)
        self._compose(output)

    def page_read(self, output: str, number: int, error: StageError | None) -> None:
        opened = self._open[output]
        opened.left.discard(number)
        if error is not None:
            opened.errors[number] = error
        self._read += 1
        self._compose(output)

    def _compose(self, output: str) -> None:
        opened = self._open[output]
        if not opened.left:
            del self._open[output]
            errors = tuple(error for _, error in sorted(opened.errors.items()))
            self._turns.appendleft(Turn(output, opened.facts, errors=errors))

    def finish(self, output: str, result: FileResult, *, made: bool, read: int) -> bool:
        self._lent.discard(output)
        self._read += read
        key = self._keys.pop(output, None)
        if key is not None:
            del self._makers[key]
            if made:
                self._made.add(key)
            self._turns.extend(Turn(twin) for twin in self._waiting.pop(key, []))
        return True

    def held(self, output: str, number: int) -> bool:
        return True

    def news(self) -> Iterator[tuple[str, FileResult]]:
        return iter(())

    def done(self) -> bool:
        return self._exhausted and not self._lent

    def pages_read(self) -> int:
        return self._read

    def close(self, write: Callable[[], None]) -> None:
        write()

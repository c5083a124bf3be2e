"""What is asked of a worker process, and what it answers."""

from dataclasses import dataclass

from shenbao.batch.folder import OutputFolder
from shenbao.batch.inputs import Job
from shenbao.batch.summary import Failure, FileResult
from shenbao.export import Format
from shenbao.models.document import Source, StageError
from shenbao.reading import ReaderFactory
from shenbao.settings import Settings


@dataclass(frozen=True)
class Work:
    """All that a worker needs to know. `threads`: processors that are this process's share."""

    settings: Settings
    password: str | None
    reader_factory: ReaderFactory
    out: OutputFolder
    formats: tuple[Format, ...]
    threads: int = 1


@dataclass(frozen=True)
class ReadFile:
    """Open a file; if it has one page alone, read it to the end."""

    job: Job


@dataclass(frozen=True)
class ReadPage:
    """Read one page of a file of several, whose content is known by its digest."""

    job: Job
    sha256: str
    number: int


@dataclass(frozen=True)
class Compose:
    """Make the document of pages that have been read, and write it."""

    job: Job
    facts: Source
    pages: tuple[bytes, ...]
    errors: tuple[StageError, ...]


@dataclass(frozen=True)
class Render:
    """Write the outputs of a document that was read before, maybe under another name."""

    job: Job
    body: bytes


Task = ReadFile | ReadPage | Compose | Render


@dataclass(frozen=True)
class Ready:
    """The process is up; its first task can come."""


@dataclass(frozen=True)
class Opened:
    """The file has several pages, to be read one by one."""

    facts: Source


@dataclass(frozen=True)
class PageRead:
    """What a page gave, packed (see `shenbao.batch.packing`)."""

    body: bytes


@dataclass(frozen=True)
class PageFailed:
    error: StageError


@dataclass(frozen=True)
class Written:
    """The outputs are in place: the packed document, its result, and the digest of each file by name."""

    sha256: str
    body: bytes
    result: FileResult
    digests: dict[str, str]


@dataclass(frozen=True)
class Failed:
    """Nothing came of the task. `crashed`: the process ended, or used up its time or memory."""

    failure: Failure
    crashed: bool = False


Answer = Opened | PageRead | PageFailed | Written | Failed

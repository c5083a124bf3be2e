"""What the command line and the batch ask of a reader, and where they get one."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

# The command line needs these names to show its help; the modules behind them take a while to load.
if TYPE_CHECKING:
    from pathlib import Path

    from shenbao.loading import LoadedSource
    from shenbao.models.document import Document, Source, StageError
    from shenbao.models.stages import ReadPage
    from shenbao.reader import PageResult
    from shenbao.settings import Settings


class DocumentReader(Protocol):
    """`shenbao.Reader`, or what stands in for it."""

    def load(self) -> None: ...

    def read(
        self,
        source: "str | Path | bytes",
        *,
        password: str | None = None,
        name: str | None = None,
        keep: "Callable[[ReadPage], None] | None" = None,
    ) -> "Document": ...

    def read_number(self, loaded: "LoadedSource", number: int) -> "PageResult | StageError": ...

    def assemble(
        self, facts: "Source", pages: "list[PageResult]", errors: "list[StageError]"
    ) -> "Document": ...


ReaderFactory = Callable[["Settings"], DocumentReader]
"""Makes a reader; for a batch it must be a function of a module, so that worker processes can find it."""


def open_reader(settings: "Settings") -> DocumentReader:
    """The reader of this package."""
    from shenbao.reader import Reader

    return Reader(settings)

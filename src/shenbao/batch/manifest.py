"""What earlier runs of a batch have done: one JSON line for each output, in DIR/.shenbao/manifest.jsonl."""

import hashlib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from shenbao.batch.summary import FileResult
from shenbao.errors import OutputError
from shenbao.settings import Settings
from shenbao.storing import store

FOLDER = ".shenbao"
_NAME = "manifest.jsonl"


class Entry(BaseModel):
    """An output that is done: the input's digest, the recipe it was read with, how it ended."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    output: str
    sha256: str
    recipe: str
    result: FileResult


def recipe_of(settings: Settings, version: str) -> str:
    """A digest of all that decides what a file's output is, apart from its bytes."""
    # The number of threads changes the speed alone.
    plain = settings.model_dump_json(exclude={"engine": {"threads"}, "service": True})
    digest = hashlib.sha256(f"{version}\n{plain}".encode())
    for path in settings.mapping.files:
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()


class Manifest:
    """The entries by output. Each addition is on disk before the next file is read."""

    def __init__(self, out: Path) -> None:
        """Reads the manifest of the folder `out`, if there is one; makes its place if not.

        A line that was cut short by a crash is passed over: its file is read again.

        Raises:
            OutputError: the folder cannot be written.
        """
        self._out = out
        self._path = out / FOLDER / _NAME
        self._entries: dict[str, Entry] = {}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            lines = self._path.read_text("utf-8").splitlines() if self._path.exists() else []
        except (OSError, UnicodeDecodeError) as error:
            raise OutputError(f"{self._path}: {error}") from error
        for line in lines:
            try:
                entry = Entry.model_validate_json(line)
            except ValidationError:
                continue
            self._entries[entry.output] = entry
        store(self._path, self._text().encode())

    def done(self, source: Path, output: str, recipe: str) -> FileResult | None:
        """The earlier result of `source`, if its output exists and nothing that decides it has changed."""
        entry = self._entries.get(output)
        if entry is None or entry.recipe != recipe or not (self._out / output).is_file():
            return None
        try:
            with source.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError:
            return None
        if digest != entry.sha256:
            return None
        return entry.result.model_copy(update={"input": str(source), "up_to_date": True})

    def add(self, entry: Entry) -> None:
        self._entries[entry.output] = entry
        try:
            with self._path.open("a", encoding="utf-8") as stream:
                stream.write(entry.model_dump_json() + "\n")
        except OSError as error:
            raise OutputError(f"{self._path}: {error.strerror or error}") from error

    def drop(self, output: str) -> None:
        """Forgets an output and removes its file: its input has changed and can no longer be read."""
        if self._entries.pop(output, None) is not None:
            (self._out / output).unlink(missing_ok=True)
            store(self._path, self._text().encode())

    def _text(self) -> str:
        return "".join(entry.model_dump_json() + "\n" for entry in self._entries.values())

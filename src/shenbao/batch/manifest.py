"""What a batch has done so far, in a database of its own: DIR/.shenbao/manifest.sqlite.

Documents, and the pages of those that are not finished, are kept by a key of the file's content and all that
decides what is made of it. So a file that was renamed, or lies there twice, is read once; and another format
of a known document is written without reading anything.
"""

import hashlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from shenbao.batch.summary import FileResult
from shenbao.errors import BatchBusy, OutputError
from shenbao.settings import Settings

FOLDER = ".shenbao"
_NAME = "manifest.sqlite"
_LAYOUT = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS documents (key TEXT PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS pages (key TEXT, number INTEGER, body BLOB NOT NULL, PRIMARY KEY (key, number));
CREATE TABLE IF NOT EXISTS files (output TEXT PRIMARY KEY, key TEXT NOT NULL, result TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS outputs (path TEXT PRIMARY KEY, output TEXT NOT NULL, key TEXT NOT NULL,
  sha256 TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS outputs_of ON outputs (output);
"""


def recipe_of(settings: Settings, version: str) -> str:
    """A digest of all that decides what a file's output is, apart from its bytes."""
    # The number of threads changes the speed alone.
    plain = settings.model_dump_json(exclude={"engine": {"threads"}, "service": True})
    digest = hashlib.sha256(f"{version}\n{plain}".encode())
    for path in settings.mapping.files:
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()


def file_digest(path: Path) -> str | None:
    """The SHA-256 of a file; None where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None


class Manifest:
    """The database, for one run alone: a second run into the same folder is refused.

    What is added is on disk when the call returns, and survives the end of the process and of the power.
    """

    def __init__(self, out: Path, recipe: str) -> None:
        """Opens the manifest of folder `out`, which it makes where there is none.

        Raises:
            BatchBusy: another run has it open.
            OutputError: the folder cannot be written, or the manifest is damaged.
        """
        self._out, self._recipe = out, recipe
        self._path = out / FOLDER / _NAME
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(self._path, timeout=1.0, isolation_level=None)
            self._open()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise BatchBusy(f"another batch is writing into {out}") from error
            raise OutputError(f"{self._path}: {error}") from error
        except (OSError, sqlite3.DatabaseError) as error:
            raise OutputError(f"{self._path}: {error}; without it everything is read again") from error

    def _open(self) -> None:
        # The lock is taken at the first access, and held until the process ends, however it ends.
        for line in ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = FULL"):
            self._database.execute(f"PRAGMA {line}")
        self._database.execute("BEGIN EXCLUSIVE")
        (found,) = self._database.execute("PRAGMA user_version").fetchone()
        self._database.execute("COMMIT")
        if found not in (0, _LAYOUT):
            raise sqlite3.DatabaseError("written by another version of shenbao")
        self._database.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {_LAYOUT}; COMMIT;")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def key(self, sha256: str) -> str:
        """The key of a file's content under this run's settings."""
        return hashlib.sha256(f"{sha256}\n{self._recipe}".encode()).hexdigest()

    def document(self, key: str) -> bytes | None:
        """The packed document, if it has been read."""
        row = self._database.execute("SELECT body FROM documents WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def up_to_date(self, output: str, paths: list[str], key: str) -> FileResult | None:
        """The result of an input whose outputs are all there, as they were written, for this key."""
        row = self._database.execute(
            "SELECT result FROM files JOIN documents USING (key) WHERE output = ? AND key = ?", (output, key)
        ).fetchone()
        rows = self._database.execute("SELECT path, sha256 FROM outputs WHERE key = ?", (key,))
        written = dict(rows.fetchall())
        if row is None:
            return None
        if any(path not in written or file_digest(self._out / path) != written[path] for path in paths):
            return None
        return FileResult.model_validate_json(row[0])

    def add(
        self, output: str, sha256: str, body: bytes | None, result: FileResult, digests: dict[str, str]
    ) -> None:
        """Notes an input that is done; `body` is its packed document, None to have it read again next time."""
        key, text = self.key(sha256), result.model_dump_json()
        with self._database:
            self._database.execute("BEGIN")
            if body is not None:
                self._database.execute("INSERT OR REPLACE INTO documents VALUES (?, ?)", (key, body))
            self._database.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?)", (output, key, text))
            rows = [(path, output, key, digest) for path, digest in digests.items()]
            self._database.executemany("INSERT OR REPLACE INTO outputs VALUES (?, ?, ?, ?)", rows)
            self._database.execute("DELETE FROM pages WHERE key = ?", (key,))

    def fail(self, output: str, key: str, result: FileResult) -> None:
        """Notes an input that gave nothing, and removes what an earlier run had made of it."""
        rows = self._database.execute("SELECT path FROM outputs WHERE output = ?", (output,)).fetchall()
        for (path,) in rows:
            (self._out / path).unlink(missing_ok=True)
        with self._database:
            self._database.execute("BEGIN")
            self._database.execute("DELETE FROM outputs WHERE output = ?", (output,))
            self._database.execute(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?)", (output, key, result.model_dump_json())
            )

    def add_page(self, key: str, number: int, body: bytes) -> None:
        """Notes a page of a document that is not finished."""
        self._database.execute("INSERT OR REPLACE INTO pages VALUES (?, ?, ?)", (key, number, body))

    def pages(self, key: str) -> dict[int, bytes]:
        """The packed pages of a document that is not finished, by number."""
        rows = self._database.execute("SELECT number, body FROM pages WHERE key = ?", (key,))
        return dict(rows.fetchall())

    def forget(self, key: str) -> None:
        """Lets a document be read again from its first page."""
        with self._database:
            self._database.execute("BEGIN")
            self._database.execute("DELETE FROM documents WHERE key = ?", (key,))
            self._database.execute("DELETE FROM pages WHERE key = ?", (key,))

    def done(self, outputs: list[str]) -> Iterator[tuple[str, str]]:
        """File name and key of each input that gave a document, in the order asked for."""
        for output in outputs:
            row = self._database.execute(
                "SELECT result, key FROM files JOIN documents USING (key) WHERE output = ?", (output,)
            ).fetchone()
            if row:
                yield Path(FileResult.model_validate_json(row[0]).input).name, row[1]

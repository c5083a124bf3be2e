"""Where the outputs of a batch go: a folder, on this machine or shared, or a place that fsspec knows by URL."""

import contextlib
import hashlib
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from shenbao.errors import OutputError
from shenbao.storing import remove_leftovers, store, stored
from shenbao.urls import is_url, without_password

FOLDER = ".shenbao"
"""What a batch keeps beside its outputs lies in this folder."""


class OutputFolder(Protocol):
    """Files by name; each is whole or not there. Can be sent to other processes and machines."""

    @property
    def shown(self) -> str:
        """Its name for people."""
        ...

    def make(self) -> None:
        """Makes the folder, if its parent exists.

        Raises:
            OutputError: it cannot.
        """
        ...

    def identity(self) -> str:
        """16 hexadecimal digits: the same on every machine that writes here, other than of any other folder."""
        ...

    def write(self, name: str, data: bytes) -> None:
        """Raises OutputError where it cannot."""
        ...

    def writing(self, name: str) -> "contextlib.AbstractContextManager[BinaryIO]":
        """A stream whose content is the file, once the block ends without an error."""
        ...

    def digest(self, name: str) -> str | None:
        """The SHA-256 of a file; None where there is none."""
        ...

    def remove(self, name: str) -> None:
        """Removes a file, if it is there."""
        ...

    def tidy(self) -> None:
        """Removes what writers that were killed left aside; no other may write here now."""
        ...


def output_folder(target: Path | str) -> OutputFolder:
    return (
        RemoteFolder(target.rstrip("/"))
        if isinstance(target, str) and is_url(target)
        else LocalFolder(Path(target))
    )


def file_digest(path: Path) -> str | None:
    """The SHA-256 of a file; None where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None


@dataclass(frozen=True)
class LocalFolder:
    """A folder by its path."""

    path: Path

    @property
    def shown(self) -> str:
        return str(self.path)

    def make(self) -> None:
        try:
            self.path.mkdir(exist_ok=True)
        except OSError as error:
            raise OutputError(f"{self.path}: {error.strerror or error}") from error

    def identity(self) -> str:
        """A number drawn by whoever comes first. Machines may know the folder by different paths."""
        mark = self.path / FOLDER / "identity"
        try:
            mark.parent.mkdir(exist_ok=True)
            drawn = mark.with_name(f"identity-{secrets.token_hex(8)}")
            drawn.write_text(secrets.token_hex(8), "ascii")
            with contextlib.suppress(FileExistsError):
                mark.hardlink_to(drawn)
            drawn.unlink()
            return mark.read_text("ascii").strip()
        except OSError as error:
            raise OutputError(f"{mark}: {error.strerror or error}") from error

    def write(self, name: str, data: bytes) -> None:
        store(self.path / name, data)

    def writing(self, name: str) -> "contextlib.AbstractContextManager[BinaryIO]":
        return stored(self.path / name)

    def digest(self, name: str) -> str | None:
        return file_digest(self.path / name)

    def remove(self, name: str) -> None:
        (self.path / name).unlink(missing_ok=True)

    def tidy(self) -> None:
        remove_leftovers(self.path)


@dataclass(frozen=True)
class RemoteFolder:
    """A folder by its URL; see `shenbao.loading.remote` for the errors."""

    url: str

    @property
    def shown(self) -> str:
        return without_password(self.url)

    def make(self) -> None:
        """Nothing: it comes with its first file."""

    def identity(self) -> str:
        return hashlib.sha256(self.shown.encode()).hexdigest()[:16]

    def write(self, name: str, data: bytes) -> None:
        from shenbao.loading.remote import deliver_to

        deliver_to(f"{self.url}/{name}", data)

    @contextmanager
    def writing(self, name: str) -> Iterator[BinaryIO]:
        from shenbao.loading.remote import deliver_file

        with tempfile.NamedTemporaryFile(prefix="shenbao-") as stream:
            yield cast(BinaryIO, stream)
            stream.flush()
            deliver_file(f"{self.url}/{name}", Path(stream.name))

    def digest(self, name: str) -> str | None:
        from shenbao.loading.remote import known_digest

        return known_digest(f"{self.url}/{name}")

    def remove(self, name: str) -> None:
        from shenbao.loading.remote import remove

        remove(f"{self.url}/{name}")

    def tidy(self) -> None:
        """Nothing: what is not whole does not appear."""

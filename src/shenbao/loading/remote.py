"""Files and folders by URL, through fsspec (extra `remote`): `s3://`, `https://`, `file://` and others.

A URL is copied to the machine before it is read: pages are asked for in any order, and a digest needs every
byte anyway.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from shenbao.errors import ExtraMissing, InputTooLarge, MissingInput, OutputError, UsageError
from shenbao.settings import LimitSettings
from shenbao.urls import is_url, without_password

_CHUNK = 1 << 20


def fetch(url: str, limits: LimitSettings) -> bytes:
    """The content of a file.

    Raises:
        MissingInput: there is none, or it cannot be reached.
        InputTooLarge: it is larger than `limits.file_bytes`.
        ExtraMissing: the extra `remote`, or a package for this kind of URL, is not installed.
        UsageError: nobody knows this kind of URL.
    """
    files, path = _place(url)
    try:
        if files.isdir(path) and not files.isfile(path):
            raise MissingInput(f"{without_password(url)} is a folder")
        with files.open(path, "rb") as stream:
            parts, size = [], 0
            while part := stream.read(_CHUNK):
                size += len(part)
                if size > limits.file_bytes:
                    raise InputTooLarge(f"{without_password(url)}: limits.file_bytes is {limits.file_bytes}")
                parts.append(part)
            return b"".join(parts)
    except (MissingInput, InputTooLarge):
        raise
    except Exception as error:  # each file system has errors of its own
        raise MissingInput(
            f"{without_password(url)}: {type(error).__name__}: {without_password(str(error))}"
        ) from error


def listed(url: str) -> list[str]:
    """The URLs of the files below a folder, sorted; of a file its own alone. Hidden ones are left out.

    Raises:
        MissingInput, ExtraMissing, UsageError: as `fetch`.
    """
    files, path = _place(url)
    try:
        if files.isfile(path) and not url.endswith("/"):
            return [url]
        found = sorted(str(f) for f in files.find(path))
    except Exception as error:
        raise MissingInput(
            f"{without_password(url)}: {type(error).__name__}: {without_password(str(error))}"
        ) from error
    if not found:
        raise MissingInput(f"{without_password(url)}: there is no such file, and no folder with files")
    root = str(path).rstrip("/")
    shown = (f.removeprefix(root).split("/") for f in found)
    kept = [f for f, parts in zip(found, shown, strict=True) if not any(p.startswith(".") for p in parts)]
    return [f if is_url(f) else files.unstrip_protocol(f) for f in kept]


def deliver_to(url: str, data: bytes) -> None:
    """Writes a file that is there whole or not at all.

    Raises:
        OutputError: it cannot be written.
        ExtraMissing, UsageError: as `fetch`.
    """
    files, path = _place(url)
    try:
        parent = files._parent(path)
        files.makedirs(parent, exist_ok=True)
        files.pipe_file(path, data)
    except Exception as error:
        raise OutputError(
            f"{without_password(url)}: {type(error).__name__}: {without_password(str(error))}"
        ) from error


def deliver_file(url: str, file: Path) -> None:
    """As `deliver_to`, from a file of this machine, however large.

    Raises:
        OutputError, ExtraMissing, UsageError: as `deliver_to`.
    """
    files, path = _place(url)
    try:
        files.makedirs(files._parent(path), exist_ok=True)
        files.put_file(str(file), path)
    except Exception as error:
        raise OutputError(
            f"{without_password(url)}: {type(error).__name__}: {without_password(str(error))}"
        ) from error


def known_digest(url: str) -> str | None:
    """The SHA-256 of a file; None where there is none, or it cannot be read.

    Raises:
        ExtraMissing, UsageError: as `fetch`.
    """
    files, path = _place(url)
    digest = hashlib.sha256()
    try:
        with files.open(path, "rb") as stream:
            while part := stream.read(_CHUNK):
                digest.update(part)
    except Exception:  # noqa: BLE001 -- each file system has errors of its own
        return None
    return digest.hexdigest()


def remove(url: str) -> None:
    """Removes a file, if it is there.

    Raises:
        OutputError, ExtraMissing, UsageError: as `deliver_to`.
    """
    files, path = _place(url)
    try:
        if files.exists(path):
            files.rm_file(path)
    except Exception as error:
        raise OutputError(f"{without_password(url)}: {type(error).__name__}: {error}") from error


@contextmanager
def folder_to(url: str, local: Path) -> Iterator[Path]:
    """A local folder whose files are put below `url` at the end, with what it holds already at the start.

    Raises:
        MissingInput, OutputError, ExtraMissing, UsageError: as `fetch` and `deliver_to`.
    """
    files, path = _place(url)
    try:
        _bring(files, str(path).rstrip("/"), local)
    except Exception as error:  # each file system has errors of its own
        raise MissingInput(
            f"{without_password(url)}: {type(error).__name__}: {without_password(str(error))}"
        ) from error
    before = {p: p.stat().st_mtime_ns for p in local.rglob("*") if p.is_file()}
    try:
        yield local
    finally:
        for file in sorted(p for p in local.rglob("*") if p.is_file()):
            if before.get(file) != file.stat().st_mtime_ns:
                deliver_to(f"{url.rstrip('/')}/{file.relative_to(local).as_posix()}", file.read_bytes())


def _bring(files: Any, root: str, local: Path) -> None:
    """What is below `root` into a local folder, but for names that lead out of it: in a bucket any is possible."""
    for known in files.find(root) if files.exists(root) else ():
        parts = str(known).removeprefix(root).strip("/").split("/")
        if {"", ".", ".."} & set(parts):
            continue
        target = local.joinpath(*parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        files.get_file(known, str(target))


def _place(url: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise ExtraMissing("URLs need the extra: pip install 'shenbao[remote]'") from error
    try:
        files, path = url_to_fs(url)
    except ImportError as error:
        raise ExtraMissing(f"{without_password(url)}: {error}; pip install 'shenbao[remote]'") from error
    except ValueError as error:
        raise UsageError(f"{without_password(url)}: {error}") from error
    return files, str(path)

"""Office files: Word and Excel, new and old, told apart by what their container holds."""

import io
import os
import shutil
import signal
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from shenbao.errors import (
    EncryptedInput,
    InputTooLarge,
    NeedsLibreOffice,
    ShenbaoError,
    UnreadableInput,
)
from shenbao.loading.kinds import DOC, DOCX, OLE, XLS, XLSX, ZIP
from shenbao.loading.laid import WrittenPage
from shenbao.loading.limits import check_pages
from shenbao.settings import LimitSettings

_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
_STREAMS = (("WordDocument", DOC), ("Workbook", XLS), ("Book", XLS))
_ENCRYPTED = "EncryptedPackage"

_SWOLLEN = 200
"""An archive that unpacks to more than this many times its size is a bomb; XML shrinks to a tenth or so."""

_LEAST = 50_000_000
"""Bytes that any archive may unpack to."""

CONVERSION_SECONDS = 120


def office_kind(head: bytes, source: str | Path | bytes, limits: LimitSettings) -> str | None:
    """The media type of an Office document, None for another file.

    Raises:
        UnreadableInput: a container that is damaged.
        InputTooLarge: it would unpack to far more than it is.
        EncryptedInput: it is encrypted.
    """
    if head.startswith(ZIP):
        return _zip_kind(source, limits)
    if head.startswith(OLE):
        return _ole_kind(_bytes(source))
    return None


def open_office(
    source: str | Path | bytes, kind: str, limits: LimitSettings
) -> tuple[int, Callable[[int], WrittenPage]]:
    """The number of pages of an Office document, and its pages: one of a Word file, one for each sheet.

    Raises:
        ExtraMissing: the extra `office` is not installed.
        NeedsLibreOffice: an old file, and LibreOffice is not there.
        UnreadableInput: it is damaged.
        InputTooLarge: it has more sheets or cells than the limits allow.
    """
    data = _bytes(source)
    if kind in (DOC, XLS):
        data = converted(data, kind)
        kind = DOCX if kind == DOC else XLSX
    try:
        if kind == DOCX:
            from shenbao.loading.word import word_page

            pages = [word_page(data)]
        else:
            from shenbao.loading.sheets import sheet_pages

            pages = sheet_pages(data, limits)
    except ShenbaoError:
        raise
    # A damaged document breaks the libraries that read it in every way there is.
    except Exception as error:
        raise UnreadableInput(f"an Office file: {type(error).__name__}: {error}") from error
    check_pages(len(pages), limits)
    return len(pages), lambda number: pages[number - 1]


def _zip_kind(source: str | Path | bytes, limits: LimitSettings) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableInput(f"a damaged ZIP container (docx, xlsx): {error}") from error
    kind = next((_PARTS[part.filename] for part in parts if part.filename in _PARTS), None)
    if kind is not None:
        packed = sum(part.compress_size for part in parts)
        size = sum(part.file_size for part in parts)
        if size > min(limits.file_bytes, max(_LEAST, _SWOLLEN * packed)):
            raise InputTooLarge(f"an Office file of {packed} bytes that unpacks to {size}")
    return kind


def _ole_kind(data: bytes) -> str | None:
    """By the names of the streams in the container's directory, which are UTF-16."""
    if _ENCRYPTED.encode("utf-16-le") in data:
        raise EncryptedInput("an encrypted Office file: save it without a password")
    return next((kind for name, kind in _STREAMS if name.encode("utf-16-le") in data), None)


def converted(data: bytes, kind: str) -> bytes:
    """An old Word or Excel file as a new one, by LibreOffice.

    Raises:
        NeedsLibreOffice: LibreOffice is not installed.
        UnreadableInput: it cannot read the file, or takes too long.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise NeedsLibreOffice(f"an old Office file ({kind}), and LibreOffice is not installed")
    old, new = ("doc", "docx") if kind == DOC else ("xls", "xlsx")
    with tempfile.TemporaryDirectory(prefix="shenbao-") as folder:
        given = Path(folder) / f"given.{old}"
        given.write_bytes(data)
        # A profile of its own: LibreOffice runs once for each profile, and macros stay where they are.
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        command = [program, profile, "--headless", "--convert-to", new, "--outdir", folder, str(given)]
        try:
            _run(command)
            return given.with_suffix(f".{new}").read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise UnreadableInput(f"LibreOffice cannot read this {old} file: {error}") from error


def _run(command: list[str]) -> None:
    """Runs LibreOffice to its end, or ends it with all that it has started: its command is only a starter, and
    one that is killed alone leaves the program itself behind."""
    none = subprocess.DEVNULL
    process = subprocess.Popen(command, stdin=none, stdout=none, stderr=none, start_new_session=True)
    try:
        if process.wait(CONVERSION_SECONDS):
            raise subprocess.CalledProcessError(process.returncode, command[0])
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _bytes(source: str | Path | bytes) -> bytes:
    return source if isinstance(source, bytes) else Path(source).read_bytes()

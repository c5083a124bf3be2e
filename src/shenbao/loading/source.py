"""Opens a file or bytes of any supported kind as a sequence of pages."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from shenbao.errors import InputTooLarge, MissingInput, NoPicture, UnreadableInput, UnsupportedInput
from shenbao.loading.kinds import HEAD_BYTES, PDF, describe_other, media_type
from shenbao.loading.laid import WrittenPage
from shenbao.loading.names import as_text
from shenbao.models.document import Source
from shenbao.models.stages import PageImage
from shenbao.settings import LimitSettings
from shenbao.urls import is_url, url_name


@dataclass(frozen=True, eq=False)
class LoadedSource:
    """An open input: what it is, and its pages, decoded one at a time when asked for.

    `page` takes a number from 1 and may be called in any order; it raises UnreadableInput or
    InputTooLarge for that page alone, so the others can still be read. Close it when done, or use
    it with `with`. An Office file has no pictures: `page` raises UnsupportedInput, and `written` gives its
    pages.
    """

    facts: Source
    page: Callable[[int], PageImage]
    close: Callable[[], None]
    written: Callable[[int], WrittenPage] | None = None

    def __iter__(self) -> Iterator[PageImage]:
        """All pages in order; stops with the error of the first page that cannot be decoded."""
        for number in range(1, self.facts.page_count + 1):
            yield self.page(number)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_source(
    source: str | Path | bytes,
    limits: LimitSettings | None = None,
    password: str | None = None,
    *,
    name: str | None = None,
) -> LoadedSource:
    """Opens `source` (a path, a URL, or the bytes of a file) without decoding a page yet.

    Raises:
        ExtraMissing: its kind, or its URL, needs an extra that is not installed.
        MissingInput: there is no such file, it is a folder, or it may not be read.
        UnreadableInput: the file is empty or damaged.
        UnsupportedInput: it is of a kind that is not read.
        EncryptedInput: it is encrypted and `password` does not open it.
        InputTooLarge: file size or page count, or the size of a picture, is over a limit.
    """
    limits = limits or LimitSettings()
    if isinstance(source, str) and is_url(source):
        from shenbao.loading.remote import fetch

        name, source = name or url_name(source), fetch(source, limits)
    head, sha256 = _head_and_digest(source, limits)
    label = as_text(name or (Path(source).name if isinstance(source, str | Path) else "bytes"))
    kind = media_type(head)
    if not head:
        raise UnreadableInput("the file is empty")
    if kind is None:
        return _open_office(source, head, limits, label, sha256)
    if kind == PDF:
        from shenbao.loading.pdf import open_pdf

        count, page, close = open_pdf(source, limits, password)
    else:
        from shenbao.loading.images import open_picture

        count, page, close = open_picture(source, kind, limits)
    return LoadedSource(Source(name=label, sha256=sha256, kind=kind, page_count=count), page, close)


def _open_office(
    source: str | Path | bytes, head: bytes, limits: LimitSettings, label: str, sha256: str
) -> LoadedSource:
    from shenbao.loading.office import office_kind, open_office

    kind = office_kind(head, source, limits)
    if kind is None:
        raise UnsupportedInput(f"this is {describe_other(head)}")
    count, written = open_office(source, kind, limits)
    facts = Source(name=label, sha256=sha256, kind=kind, page_count=count)
    return LoadedSource(facts, _no_picture, lambda: None, written)


def _no_picture(number: int) -> PageImage:
    raise NoPicture(f"page {number} of an Office file has no picture")


def _head_and_digest(source: str | Path | bytes, limits: LimitSettings) -> tuple[bytes, str]:
    if isinstance(source, bytes):
        _check_file_size(len(source), limits)
        return source[:HEAD_BYTES], hashlib.sha256(source).hexdigest()
    path = Path(source)
    try:
        if path.is_dir():
            raise MissingInput(f"{path} is a folder")
        _check_file_size(path.stat().st_size, limits)
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
            stream.seek(0)
            return head, hashlib.file_digest(stream, "sha256").hexdigest()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise MissingInput(f"{path}: {reason}") from error


def _check_file_size(size: int, limits: LimitSettings) -> None:
    if size > limits.file_bytes:
        raise InputTooLarge(f"{size} bytes, limits.file_bytes is {limits.file_bytes}")

"""The formats a document can be written in, and the one way to write it."""

from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import BinaryIO

from shenbao.models.document import Document
from shenbao.settings import ReviewSettings
from shenbao.storing import store


class Format(StrEnum):
    JSON = "json"
    XLSX = "xlsx"
    CSV = "csv"
    MARKDOWN = "md"
    HTML = "html"
    PARQUET = "parquet"
    ALTO = "alto"
    PDF = "pdf"

    @property
    def is_binary(self) -> bool:
        """Whether a terminal cannot show it."""
        return self in (Format.XLSX, Format.PARQUET, Format.PDF)

    @property
    def ending(self) -> str:
        """The ending of a file of this format, without its dot."""
        return {Format.ALTO: "alto.xml", Format.PDF: "text.pdf"}.get(self, self.value)

    def suits(self, document: Document) -> bool:
        """Whether such a file can be made: of an Office file there are no pages to keep as a PDF."""
        return self is not Format.PDF or all(page.text_from != "office" for page in document.pages)


DEFAULT_ACCEPT = ReviewSettings().accept
"""Cells below this confidence are marked as doubtful; the default of the setting `review.accept`."""


def render(
    document: Document,
    form: Format,
    *,
    accept: float = DEFAULT_ACCEPT,
    source: str | Path | bytes | None = None,
    password: str | None = None,
) -> bytes:
    """The bytes of `document` in a format; the same bytes for the same document, always.

    `accept` is the confidence (probability) below which XLSX and HTML colour a cell as doubtful. `source`
    is the file that was read, or its bytes, and `password` what opens it; only the searchable PDF needs them.

    Raises:
        UsageError: the format needs an extra that is not installed, or a source that is not given.
        ShenbaoError: the source can no longer be read.
    """
    writer = import_module(f"shenbao.export.{_MODULES[form]}")
    if form is Format.PDF:
        return bytes(writer.to_pdf(document, source, password))
    write_bytes = getattr(writer, f"to_{_MODULES[form]}")
    return bytes(write_bytes(document, accept) if form in _COLOURED else write_bytes(document))


_MODULES = {form: form.value for form in Format} | {Format.MARKDOWN: "markdown"}
_COLOURED = (Format.XLSX, Format.HTML)


def write(
    document: Document,
    form: Format,
    target: Path | BinaryIO,
    *,
    accept: float = DEFAULT_ACCEPT,
    source: str | Path | bytes | None = None,
    password: str | None = None,
) -> None:
    """Writes `document` to a file, whole or not at all, or into an open binary stream; see `render`.

    Raises:
        OutputError: the file cannot be written.
    """
    data = render(document, form, accept=accept, source=source, password=password)
    if isinstance(target, Path):
        store(target, data)
    else:
        target.write(data)

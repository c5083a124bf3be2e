"""The formats a document can be written in, and the one way to write it."""

from enum import StrEnum
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

    @property
    def is_binary(self) -> bool:
        """Whether a terminal cannot show it."""
        return self is Format.XLSX


DEFAULT_ACCEPT = ReviewSettings().accept
"""Cells below this confidence are marked as doubtful; the default of the setting `review.accept`."""


def render(document: Document, form: Format, *, accept: float = DEFAULT_ACCEPT) -> bytes:
    """The bytes of `document` in a format; the same bytes for the same document, always.

    `accept` is the confidence (probability) below which XLSX and HTML colour a cell as doubtful.
    """
    if form is Format.JSON:
        from shenbao.export.json import to_json

        return to_json(document)
    if form is Format.XLSX:
        from shenbao.export.xlsx import to_xlsx

        return to_xlsx(document, accept)
    if form is Format.CSV:
        from shenbao.export.csv import to_csv

        return to_csv(document)
    if form is Format.MARKDOWN:
        from shenbao.export.markdown import to_markdown

        return to_markdown(document)
    from shenbao.export.html import to_html

    return to_html(document, accept)


def write(
    document: Document, form: Format, target: Path | BinaryIO, *, accept: float = DEFAULT_ACCEPT
) -> None:
    """Writes `document` to a file, whole or not at all, or into an open binary stream.

    Raises:
        OutputError: the file cannot be written.
    """
    data = render(document, form, accept=accept)
    if isinstance(target, Path):
        store(target, data)
    else:
        target.write(data)

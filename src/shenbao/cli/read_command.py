"""`shenbao read`: one file in, one document out."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from shenbao.cli.near import near
from shenbao.cli.options import page_ranges, settings_of
from shenbao.cli.streams import check_target, deliver, tell
from shenbao.errors import PartialFailure, ShenbaoError, UsageError
from shenbao.export import Format, render
from shenbao.models.document import Document
from shenbao.reading import ReaderFactory


def run(args: argparse.Namespace, reader_factory: ReaderFactory) -> int:
    with near(args) as here:
        return _run(here, reader_factory)


def _run(args: argparse.Namespace, reader_factory: ReaderFactory) -> int:
    form = _format(args.format, args.output)
    check_target(args.output, binary=form.is_binary)
    settings = settings_of(args)
    pages = page_ranges(args.pages) if args.pages else None
    document = reader_factory(settings).read(args.file, password=args.password)
    code = exit_code(document)
    if pages is not None:
        document = only_pages(document, pages)
    data = render(document, form, accept=settings.review.accept, source=args.file, password=args.password)
    deliver(data, args.output)
    if form is Format.CSV and not document.records:
        tell("no record was found: the CSV holds its heading alone")
    return code


def _format(wish: str | None, output: Path | None) -> Format:
    if wish:
        return Format(wish)
    if output is None or not output.suffix:
        return Format.JSON
    if output.name.lower().endswith(f".{Format.ALTO.ending}"):
        return Format.ALTO
    ending = output.suffix.lower().lstrip(".")
    if ending not in list(Format):
        raise UsageError(f"{output}: no format has this ending; give --format")
    return Format(ending)


def exit_code(document: Document) -> int:
    """0 for a complete document, else a code; tells people what failed."""
    for error in document.errors:
        page = f"page {error.page}, " if error.page else ""
        tell(f"{page}{error.stage} [{error.code}]: {error.message}")
    if document.status == "complete":
        return 0
    if document.status == "partial":
        return PartialFailure.exit_code
    first = document.errors[0].code if document.errors else ShenbaoError.code
    known = (error.exit_code for error in ShenbaoError.__subclasses__() if error.code == first)
    return next(known, ShenbaoError.exit_code)


def only_pages(document: Document, pages: Sequence[range]) -> Document:
    """The document cut down to some pages. Tables that touch one of them stay whole, as do records.

    Raises:
        UsageError: the document has none of these pages.
    """
    kept = [page for page in document.pages if any(page.number in part for part in pages)]
    if document.pages and not kept:
        raise UsageError(f"the file has {document.source.page_count} pages, none of those asked for")
    numbers = {page.number for page in kept}
    tables = [table for table in document.tables if numbers.intersection(table.pages)]
    names = {table.id for table in tables}
    records = [record for record in document.records if names.intersection(record.tables)]
    return document.model_copy(update={"pages": kept, "tables": tables, "records": records})

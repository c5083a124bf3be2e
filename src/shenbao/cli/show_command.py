"""`shenbao show`: the page with what was read drawn over it."""

import argparse
import io
from pathlib import Path

from PIL import Image

from shenbao.cli.options import settings_of
from shenbao.cli.read_command import exit_code, only_pages
from shenbao.cli.streams import check_target, deliver
from shenbao.errors import UnreadableInput, UsageError
from shenbao.loading import open_source
from shenbao.models.document import Document
from shenbao.models.stages import ReadPage
from shenbao.reading import ReaderFactory
from shenbao.settings import Settings
from shenbao.show import Stage, document_html, draw_page, draw_result, draw_stage


def run(args: argparse.Namespace, reader_factory: ReaderFactory) -> int:
    form = _form(args.output, args.stage)
    check_target(args.output, binary=True)
    settings = settings_of(args)
    number = args.page or 1
    stage = Stage(args.stage) if args.stage else None
    kept: list[ReadPage] = []

    def keep(page: ReadPage) -> None:
        if stage and not stage.is_result and page.image.number == number:
            kept.append(page)

    document = reader_factory(settings).read(args.file, password=args.password, keep=keep)
    code = exit_code(document)
    if args.page and not 1 <= args.page <= document.source.page_count:
        raise UsageError(f"--page {args.page}: the file has {document.source.page_count} pages")
    if stage:
        read = any(page.number == number for page in document.pages) if stage.is_result else bool(kept)
        if not read:
            raise UnreadableInput(f"page {number} did not come so far that its stages could be drawn")
        picture = _result(args, document, settings, number, stage) if stage.is_result else None
        deliver(_png(picture or draw_stage(kept[0], stage)), args.output)
    elif form == ".png":
        deliver(_page_png(args, document, settings, number), args.output)
    else:
        if args.page:
            document = only_pages(document, [range(number, number + 1)])
        deliver(_html(args, document, settings), args.output)
    return code


def _form(output: Path, stage: str | None) -> str:
    form = output.suffix.lower()
    if form not in (".png", ".html"):
        raise UsageError(f"{output}: OUT must end in .png or .html")
    if stage and form != ".png":
        raise UsageError("--stage draws a picture: OUT must end in .png")
    return form


def _page_png(args: argparse.Namespace, document: Document, settings: Settings, number: int) -> bytes:
    with open_source(args.file, settings.limits, args.password) as source:
        return _png(draw_page(source.page(number), document, settings.review.accept))


def _result(
    args: argparse.Namespace, document: Document, settings: Settings, number: int, stage: Stage
) -> Image.Image:
    with open_source(args.file, settings.limits, args.password) as source:
        return draw_result(source.page, document, number, stage)


def _html(args: argparse.Namespace, document: Document, settings: Settings) -> bytes:
    with open_source(args.file, settings.limits, args.password) as source:
        images = (source.page(page.number) for page in document.pages)
        return document_html(document, images, settings.review.accept)


def _png(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()

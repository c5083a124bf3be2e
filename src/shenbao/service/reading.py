"""What goes on in a reading process: an order in; pictures, progress and a document out."""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection

from shenbao.batch.serving import unforeseen
from shenbao.batch.summary import Failure, failure_of
from shenbao.errors import ShenbaoError
from shenbao.loading import open_source
from shenbao.memory import keep_one_heap
from shenbao.models.document import Document
from shenbao.models.stages import PageImage, ReadPage
from shenbao.reading import DocumentReader, ReaderFactory
from shenbao.settings import Settings
from shenbao.store.blobs import BlobStore

PICTURE_QUALITY = 88
"""Of the page pictures, from 0 to 100; WebP."""


@dataclass(frozen=True)
class Setup:
    """All that a reading process needs to know."""

    settings: Settings
    blobs: str
    reader_factory: ReaderFactory


@dataclass(frozen=True)
class Order:
    """Read this."""

    key: str
    name: str
    password: str | None


@dataclass(frozen=True)
class Progress:
    """Pages read so far; `picture` is the content hash of one more page picture."""

    done: int
    total: int
    page: int | None = None
    picture: str | None = None


@dataclass(frozen=True)
class Done:
    document: Document
    seconds: float


@dataclass(frozen=True)
class Failed:
    failure: Failure


Message = Progress | Done | Failed


def serve(pipe: Connection, setup: Setup) -> None:
    """The life of a reading process: until the pipe is closed."""
    # Damaged files are told of as failures; their libraries' own lines would only fill the log.
    logging.getLogger("PIL").setLevel(logging.CRITICAL)
    keep_one_heap()
    blobs = BlobStore(setup.blobs)
    reader: DocumentReader | None = None
    while True:
        try:
            order: Order = pipe.recv()
        except EOFError:
            return
        try:
            reader = reader or _loaded(setup)
            _read(pipe, order, blobs, reader, setup.settings)
        except (BrokenPipeError, EOFError):
            return
        except ShenbaoError as error:
            pipe.send(Failed(failure_of(error)))
        # An error nobody thought of must not end the process: it belongs to this file alone.
        except Exception as error:  # noqa: BLE001
            pipe.send(Failed(unforeseen(error)))


def _loaded(setup: Setup) -> DocumentReader:
    reader = setup.reader_factory(setup.settings)
    reader.load()
    return reader


def _read(
    pipe: Connection, order: Order, blobs: BlobStore, reader: DocumentReader, settings: Settings
) -> None:
    start = time.monotonic()
    data = blobs.get(order.key)
    total = 0
    for number, total, image in _pages(data, order, settings):
        key = blobs.put(as_webp(image)) if image is not None else None
        pipe.send(Progress(0, total, number, key))
    done = 0

    def keep(_: ReadPage) -> None:
        nonlocal done
        done += 1
        pipe.send(Progress(done, total))

    document = reader.read(data, password=order.password, name=order.name, keep=keep)
    pipe.send(Done(document, time.monotonic() - start))


def _pages(data: bytes, order: Order, settings: Settings) -> Iterator[tuple[int, int, PageImage | None]]:
    """Number, count and picture of each page; None for one that cannot be drawn."""
    with open_source(data, settings.limits, order.password, name=order.name) as source:
        for number in range(1, source.facts.page_count + 1):
            try:
                image = source.page(number)
            except ShenbaoError:
                image = None
            yield number, source.facts.page_count, image


def as_webp(image: PageImage) -> bytes:
    """The page's picture as WebP; of a page too large for that (16383 pixels), as PNG."""
    import cv2

    swapped = cv2.cvtColor(image.pixels, cv2.COLOR_RGB2BGR)
    if max(image.width, image.height) > 16_383:
        return cv2.imencode(".png", swapped)[1].tobytes()
    return cv2.imencode(".webp", swapped, [cv2.IMWRITE_WEBP_QUALITY, PICTURE_QUALITY])[1].tobytes()

"""The service's application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool

import shenbao
from shenbao.errors import OutputError
from shenbao.ocr.accept import with_threshold
from shenbao.reading import ReaderFactory, open_reader
from shenbao.service import errors
from shenbao.service.builder import Builder, open_knowledge
from shenbao.service.messenger import Messenger
from shenbao.service.middleware import Requests
from shenbao.service.pages import mounting
from shenbao.service.pictures import Pictures
from shenbao.service.pool import Pool
from shenbao.service.reading import Setup
from shenbao.service.routers import (
    accounts,
    audit,
    documents,
    edits,
    exports,
    jobs,
    pictures,
    projects,
    queue,
    statistics,
    system,
    vocabulary,
    webhooks,
)
from shenbao.service.state import OWN_VOCABULARY, Service
from shenbao.settings import Settings
from shenbao.store.accounts import configured
from shenbao.store.blobs import BlobStore, folder_url
from shenbao.store.database import Database, sqlite_url
from shenbao.store.projects import first_project
from shenbao.store.sealing import KEY_FILE, Seal

DESCRIPTION = """Scans in, records with calibrated confidence out, doubtful cells reviewed by people.

Every error has the form `{"error": {"code", "message", "advice", "request_id", "details"}}`.
Programs send `Authorization: Bearer TOKEN`; browsers a session cookie, and with every change the header
`X-CSRF-Token`. Lists take `cursor` and `limit` and give `next`.
"""


def make_app(settings: Settings | None = None, reader_factory: ReaderFactory = open_reader) -> FastAPI:
    """The application; its processes and threads live from its start to its end.

    Raises:
        OutputError: the data folder cannot be made.
        UsageError: database or blobs cannot be opened.
    """
    service = open_service(settings or Settings(), reader_factory)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        service.builder.start()
        service.pool.start()
        service.messenger.start()
        yield
        await run_in_threadpool(service.pool.stop)
        await run_in_threadpool(service.messenger.stop)
        await run_in_threadpool(service.builder.stop)
        service.database.close()

    app = FastAPI(
        title="shenbao",
        version=shenbao.__version__,
        description=DESCRIPTION,
        lifespan=life,
        responses=errors.DOCUMENTED,
        docs_url=None,
        redoc_url=None,
        openapi_url="/v1/openapi.json",
    )
    app.state.service = service
    errors.install(app)
    app.add_middleware(Requests, upload_bytes=service.settings.service.upload_bytes)
    # Addresses are compared in this order: those that are asked for most come first.
    for module in (
        queue,
        pictures,
        jobs,
        accounts,
        projects,
        documents,
        edits,
        exports,
        vocabulary,
        statistics,
        audit,
        webhooks,
    ):
        app.include_router(module.router, prefix="/v1")
    app.include_router(system.router)
    mounting.install(app)
    return app


def open_service(settings: Settings, reader_factory: ReaderFactory) -> Service:
    """Opens database and blobs, and makes the parts that `make_app` starts."""
    settings = with_threshold(settings)
    folder = settings.service.data
    if settings.service.database is None or settings.service.blobs is None:
        _make(folder)
    own = folder / OWN_VOCABULARY
    if settings.mapping.vocabulary is None and own.exists():
        mapping = settings.mapping.model_copy(update={"vocabulary": own})
        settings = settings.model_copy(update={"mapping": mapping})
    database = Database(settings.service.database or sqlite_url(folder))
    blobs_url = settings.service.blobs or folder_url(folder)
    blobs = BlobStore(blobs_url)
    with database.write() as transaction:
        first_project(transaction, settings.review)
        has_accounts = configured(transaction)
    builder = Builder(database, open_knowledge(settings.mapping))
    setup = Setup(settings, blobs_url, reader_factory)
    seal = Seal(folder / KEY_FILE)
    return Service(
        settings,
        database,
        blobs,
        builder,
        Pool(database, setup, builder, seal, settings.service),
        Messenger(database, seal, settings.service),
        Pictures(blobs),
        seal,
        has_accounts,
    )


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: {error.strerror or error}") from error

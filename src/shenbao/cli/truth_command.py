"""`shenbao truth`: what people have put right in the service, as truth files with their documents beside them."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from shenbao.cli.service_options import service_settings
from shenbao.cli.streams import tell
from shenbao.errors import MissingInput, OutputError, UsageError
from shenbao.reading import ReaderFactory
from shenbao.settings import Settings
from shenbao.storing import store

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from shenbao.store.truths import LeftOut, Truth


def run(args: argparse.Namespace, _: ReaderFactory) -> int:
    settings = service_settings(args)

    from shenbao.store.database import Database, sqlite_url
    from shenbao.store.truths import Truth

    folder = settings.service.data
    if settings.service.database is None and not folder.is_dir():
        raise MissingInput(f"{folder}: there is no such folder")
    database = Database(settings.service.database or sqlite_url(folder))
    written = 0
    try:
        with database.read() as transaction:
            for found in _found(transaction, settings, args.project):
                if isinstance(found, Truth):
                    _write(found, _made(args.output))
                    written += 1
                else:
                    tell(f"left out: document {found.document}, {found.name}: {found.reason}")
    finally:
        database.close()
    tell(f"{written} documents with their truth in {args.output}")
    return 0


def _found(transaction: "Session", settings: Settings, project: str | None) -> Iterator["Truth | LeftOut"]:
    from sqlalchemy import select

    from shenbao.mapping.additions import open_vocabulary
    from shenbao.store.blobs import BlobStore, folder_url
    from shenbao.store.models import Project
    from shenbao.store.truths import truths

    blobs = BlobStore(settings.service.blobs or folder_url(settings.service.data))
    vocabulary = open_vocabulary(settings.mapping.vocabulary)
    wanted = select(Project.id).order_by(Project.id)
    if project is not None:
        wanted = wanted.where(Project.name == project)
    ids = list(transaction.scalars(wanted))
    if not ids:
        raise UsageError(f"there is no project “{project}”")
    for project_id in ids:
        yield from truths(transaction, project_id, blobs, vocabulary)


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: {error.strerror or error}") from error
    return folder


def _write(found: "Truth", folder: Path) -> None:
    # The truth last: where it lies, its document does.
    store(folder / found.original_name, found.original)
    store(folder / f"{found.name}.truth.json", found.content)

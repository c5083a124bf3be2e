"""Documents in the formats of the desk, as they stand after all decisions."""

import io
import json
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import quote, unquote

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import select

from shenbao.errors import EncryptedInput
from shenbao.export import Format, render
from shenbao.models.document import Document as Contract
from shenbao.service.errors import ApiError
from shenbao.service.schemas import Id
from shenbao.service.security import Anyone, Principal, Running, visible_document, visible_project
from shenbao.service.state import Service
from shenbao.store import documents
from shenbao.store.models import Document, Item, Project
from shenbao.store.truths import LeftOut, truths

router = APIRouter(tags=["exports"])


class ProjectFormat(StrEnum):
    JSON_LINES = "jsonl"
    CSV = "csv"
    XLSX = "xlsx"


_IN_MEMORY, _PIECE = 50_000_000, 1_000_000
"""Bytes: of a ZIP that is made without a file, and of one piece of an answer."""
_MEDIA = {
    "json": "application/json",
    "jsonl": "application/jsonl",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "alto": "application/xml",
    "pdf": "application/pdf",
    "zip": "application/zip",
}
_READ = ("complete", "partial")
Reviewed = Annotated[bool, Query(description="Only documents without open items.")]
PASSWORD_HEADER = "X-Document-Password"
DocumentPassword = Annotated[
    str,
    Header(
        alias=PASSWORD_HEADER, max_length=3_000, description="Opens an encrypted original; percent-encoded."
    ),
]
_ANY_CONTENT: dict[int | str, dict[str, Any]] = {
    200: {"content": {media.partition(";")[0]: {} for media in _MEDIA.values()}}
}


@router.get("/documents/{document_id}/export", response_class=Response, responses=_ANY_CONTENT)
def one(
    document_id: Id,
    principal: Anyone,
    service: Running,
    format: Format = Format.JSON,
    password: DocumentPassword = "",
) -> Response:
    """One document; a text is never a formula in XLSX or CSV. `pdf`: the original, made searchable."""
    document, accept = _current(document_id, principal, service)
    source = service.blobs.get(document.source.sha256) if format is Format.PDF else None
    try:
        data = render(document, format, accept=accept, source=source, password=unquote(password) or None)
    except EncryptedInput as error:
        advice = (
            f"Send the file's password, percent-encoded, in the header {PASSWORD_HEADER}: it is not kept."
        )
        raise ApiError(422, error.code, str(error), advice) from error
    name = f"{document.source.name}.{format.ending}"
    return Response(data, media_type=_MEDIA[format], headers=_attachment(name))


@router.get("/projects/{project_id}/export", response_class=StreamingResponse, responses=_ANY_CONTENT)
def many(
    project_id: Id,
    principal: Anyone,
    service: Running,
    format: ProjectFormat = ProjectFormat.JSON_LINES,
    reviewed: Reviewed = False,
) -> Response:
    """All documents of a project that are read: JSON Lines and CSV as one file, XLSX as a ZIP of workbooks."""
    with service.database.read() as transaction:
        project = visible_project(transaction, principal, project_id)
        query = select(Document.id).where(Document.project_id == project_id, Document.state.in_(_READ))
        if reviewed:
            waiting = select(Item.id).where(Item.document_id == Document.id, Item.state == "open")
            query = query.where(~waiting.exists())
        ids = list(transaction.scalars(query.order_by(Document.id)))
        name = project.name
    ending = "zip" if format is ProjectFormat.XLSX else format.value
    parts = {
        ProjectFormat.JSON_LINES: _json_lines,
        ProjectFormat.CSV: _csv,
        ProjectFormat.XLSX: _workbooks,
    }[format](ids, principal, service)
    return StreamingResponse(parts, media_type=_MEDIA[ending], headers=_attachment(f"{name}.{ending}"))


@router.get("/projects/{project_id}/truth", response_class=StreamingResponse, responses=_ANY_CONTENT)
def truth(project_id: Id, principal: Anyone, service: Running) -> Response:
    """What people have put right, as a ZIP of truth files and originals for `shenbao calibrate`.

    `left_out.json` in it names the documents that are no truth, and why.
    """
    with service.database.read() as transaction:
        name = visible_project(transaction, principal, project_id).name
    packed = _packed_truths(project_id, service)
    return StreamingResponse(packed, media_type=_MEDIA["zip"], headers=_attachment(f"{name}-truth.zip"))


def _packed_truths(project_id: int, service: Service) -> Iterator[bytes]:
    """A ZIP, made on disk where it is large, in pieces."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as stream:
        left_out = []
        vocabulary = service.builder.knowledge.vocabulary
        with service.database.read() as transaction, zipfile.ZipFile(stream, "w") as packed:
            for found in truths(transaction, project_id, service.blobs, vocabulary):
                if isinstance(found, LeftOut):
                    left_out.append(asdict(found))
                    continue
                packed.writestr(f"{found.name}.truth.json", found.content)
                packed.writestr(found.original_name, found.original)
            packed.writestr("left_out.json", json.dumps(left_out, ensure_ascii=False, indent=1))
        stream.seek(0)
        while piece := stream.read(_PIECE):
            yield piece


def _current(document_id: int, principal: Principal, service: Service) -> tuple[Contract, float]:
    """The document as it stands, and the threshold of its project."""
    with service.database.read() as transaction:
        visible_document(transaction, principal, document_id)
    service.builder.build(document_id)
    with service.database.read() as transaction:
        document = visible_document(transaction, principal, document_id)
        accept = transaction.get_one(Project, document.project_id).accept
        return documents.current(transaction, document), accept


def _json_lines(ids: list[int], principal: Principal, service: Service) -> Iterator[bytes]:
    for document_id in ids:
        yield _current(document_id, principal, service)[0].model_dump_json().encode() + b"\n"


def _csv(ids: list[int], principal: Principal, service: Service) -> Iterator[bytes]:
    """All documents under one heading."""
    for number, document_id in enumerate(ids):
        data = render(_current(document_id, principal, service)[0], Format.CSV)
        yield data if number == 0 else data.partition(b"\r\n")[2]


def _workbooks(ids: list[int], principal: Principal, service: Service) -> Iterator[bytes]:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for document_id in ids:
            document, accept = _current(document_id, principal, service)
            stem = "".join(char if char not in '\\/:*?"<>|' else "_" for char in document.source.name)
            packed.writestr(f"{document_id:06d}-{stem}.xlsx", render(document, Format.XLSX, accept=accept))
    yield stream.getvalue()


def _attachment(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}

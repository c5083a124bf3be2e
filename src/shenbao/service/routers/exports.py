"""Documents in the formats of the desk, as they stand after all decisions."""

import io
import zipfile
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import select

from shenbao.export import Format, render
from shenbao.models.document import Document as Contract
from shenbao.service.schemas import Id
from shenbao.service.security import Anyone, Principal, Running, visible_document, visible_project
from shenbao.service.state import Service
from shenbao.store import documents
from shenbao.store.models import Document, Item, Project

router = APIRouter(tags=["exports"])


class ProjectFormat(StrEnum):
    JSON_LINES = "jsonl"
    CSV = "csv"
    XLSX = "xlsx"


_MEDIA = {
    "json": "application/json",
    "jsonl": "application/jsonl",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "zip": "application/zip",
}
_READ = ("complete", "partial")
Reviewed = Annotated[bool, Query(description="Only documents without open items.")]
_ANY_CONTENT: dict[int | str, dict[str, Any]] = {
    200: {"content": {media.partition(";")[0]: {} for media in _MEDIA.values()}}
}


@router.get("/documents/{document_id}/export", response_class=Response, responses=_ANY_CONTENT)
def one(document_id: Id, principal: Anyone, service: Running, format: Format = Format.JSON) -> Response:
    """One document; a text is never a formula in XLSX or CSV."""
    service_document, accept = _current(document_id, principal, service)
    data = render(service_document, format, accept=accept)
    return Response(
        data, media_type=_MEDIA[format], headers=_attachment(f"{service_document.source.name}.{format.value}")
    )


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

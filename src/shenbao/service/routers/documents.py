"""Upload, list and fetch documents."""

import hashlib
from pathlib import PurePosixPath, PureWindowsPath
from typing import Annotated, Literal

from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session as Transaction

from shenbao.models.document import Document as Contract
from shenbao.models.document import Record, Table
from shenbao.service.errors import ApiError, not_found
from shenbao.service.etags import matched
from shenbao.service.schemas import LARGEST_ID, Cursor, Id, Limit, OptionalId, Storable
from shenbao.service.security import (
    Admin,
    Anyone,
    Principal,
    Reviewer,
    Running,
    visible_document,
    visible_project,
)
from shenbao.service.state import Service
from shenbao.service.views import document_views, page_view
from shenbao.store import documents, jobs
from shenbao.store.audit import note
from shenbao.store.models import Document, Item, Job, Page, Project
from shenbao.wire import DocumentOut, Listing, PageOut, UploadOut

router = APIRouter(prefix="/documents", tags=["documents"])

State = Literal["waiting", "reading", "complete", "partial", "failed"]
LONGEST_NAME = 200


@router.post("", status_code=202)
def upload(
    principal: Reviewer,
    service: Running,
    files: Annotated[list[UploadFile], File(min_length=1, description="One or many.")],
    project: Annotated[int, Form(ge=0, le=LARGEST_ID, description="0: the first that is seen.")] = 0,
    password: Annotated[Storable, Form(max_length=1000, description="Opens encrypted files.")] = "",
) -> Listing[UploadOut]:
    """Takes files in, to be read. The same bytes again give the document that is there already."""
    settings = service.settings.service
    if len(files) > settings.upload_files:
        raise ApiError(413, "too_large", f"more than {settings.upload_files} files", "Send fewer at once.")
    contents = [(clean_name(file.filename or ""), _content(file, service)) for file in files]
    with service.database.read() as transaction:
        home = _project(transaction, principal, project or None)
        _check_room(jobs.waiting(transaction), _new(transaction, home, contents), service)
    # Kept before the rows are written, so that no row ever names bytes that are not there.
    for _, data in contents:
        service.blobs.put(data)
    secret = service.seal.close(password) if password else None
    with service.database.write() as transaction:
        before = jobs.waiting(transaction)
        found = [_take(transaction, principal, home, name, data, secret) for name, data in contents]
        # What came in meanwhile counts too.
        _check_room(before, jobs.waiting(transaction) - before, service)
    service.pool.wake()
    return Listing(items=found)


@router.get("")
def listing(
    principal: Anyone,
    service: Running,
    project: OptionalId = None,
    state: State | None = None,
    q: Annotated[Storable | None, Query(max_length=100, description="Part of the name or title.")] = None,
    open_items: Annotated[bool | None, Query(description="Only those with, or without, open items.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listing[DocumentOut]:
    """Documents, newest first."""
    query = select(Document).order_by(Document.id.desc()).limit(limit + 1)
    if principal.projects is not None:
        query = query.where(Document.project_id.in_(principal.projects))
    if project is not None:
        query = query.where(Document.project_id == project)
    if state is not None:
        query = query.where(Document.state == state)
    if q:
        query = query.where(
            Document.name.contains(q, autoescape=True) | Document.title.contains(q, autoescape=True)
        )
    if open_items is not None:
        waiting = select(Item.id).where(Item.document_id == Document.id, Item.state == "open").exists()
        query = query.where(waiting if open_items else ~waiting)
    if cursor is not None:
        query = query.where(Document.id < cursor)
    with service.database.read() as transaction:
        found = transaction.scalars(query).all()
        following = found[limit - 1].id if len(found) > limit else None
        return Listing(items=document_views(transaction, found[:limit]), next=following)


@router.get("/{document_id}")
def one(document_id: Id, principal: Anyone, service: Running) -> DocumentOut:
    """What is known of a document beside its content."""
    with service.database.read() as transaction:
        document = visible_document(transaction, principal, document_id)
        return document_views(transaction, [document])[0]


@router.delete("/{document_id}", status_code=204)
def remove(document_id: Id, principal: Admin, service: Running) -> Response:
    """Removes a document with all that was decided on it; the audit keeps that it was there."""
    with service.database.write() as transaction:
        document = visible_document(transaction, principal, document_id)
        if document.state == "reading":
            raise ApiError(409, "conflict", "the document is being read", "Wait until its job has ended.")
        note(
            transaction,
            principal.id,
            "document.remove",
            project_id=document.project_id,
            document_id=document.id,
            before=f"{document.name} {document.sha256}",
        )
        keys = [
            document.sha256,
            *transaction.scalars(select(Page.picture).where(Page.document_id == document_id)),
        ]
        transaction.execute(delete(Document).where(Document.id == document_id))
        unused = [key for key in keys if key and not _used(transaction, key)]
    for key in unused:
        service.blobs.remove(key)
    return Response(status_code=204)


@router.get(
    "/{document_id}/document", response_model=Contract, responses={304: {"description": "Unchanged."}}
)
def content(
    document_id: Id,
    principal: Anyone,
    service: Running,
    request: Request,
    machine: Annotated[bool, Query(description="What the machine read, without any decision.")] = False,
) -> Response:
    """The document of the output contract, as it stands after all decisions."""
    with service.database.read() as transaction:
        visible_document(transaction, principal, document_id)
    if not machine:
        service.builder.build(document_id)
    with service.database.read() as transaction:
        document = visible_document(transaction, principal, document_id)
        tag = f"{document.id}-machine" if machine else f"{document.id}-{document.built_version}"
        if (unchanged := matched(request, tag)) is not None:
            return unchanged
        found = (documents.reading_of if machine else documents.current)(transaction, document)
    headers = {"ETag": f'"{tag}"', "Cache-Control": "private, no-cache"}
    return Response(found.model_dump_json(), media_type="application/json", headers=headers)


@router.get(
    "/{document_id}/original",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}},
)
def original(document_id: Id, principal: Anyone, service: Running) -> Response:
    """The file as it was uploaded, to be saved."""
    with service.database.read() as transaction:
        document = visible_document(transaction, principal, document_id)
    headers = {
        "Content-Disposition": f'attachment; filename="{document.sha256[:16]}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, max-age=86400, immutable",
    }
    return Response(
        service.blobs.get(document.sha256), media_type="application/octet-stream", headers=headers
    )


@router.get("/{document_id}/records")
def records(document_id: Id, principal: Anyone, service: Running) -> Listing[Record]:
    """The document's records, as they stand after all decisions."""
    current_state(service, principal, document_id)
    with service.database.read() as transaction:
        return Listing(items=documents.records_of(transaction, document_id))


@router.get("/{document_id}/tables")
def tables(document_id: Id, principal: Anyone, service: Running) -> Listing[Table]:
    """The document's tables, as they stand after all decisions."""
    current_state(service, principal, document_id)
    with service.database.read() as transaction:
        return Listing(items=documents.tables_of(transaction, document_id))


@router.get("/{document_id}/pages")
def pages(document_id: Id, principal: Anyone, service: Running) -> Listing[PageOut]:
    """The document's pages, with the addresses of their pictures."""
    with service.database.read() as transaction:
        visible_document(transaction, principal, document_id)
        found = transaction.scalars(
            select(Page).where(Page.document_id == document_id).order_by(Page.number)
        ).all()
        return Listing(items=[page_view(page) for page in found])


def current_state(service: Service, principal: Principal, document_id: int) -> None:
    """Brings a document up to date; it must be visible to the principal."""
    with service.database.read() as transaction:
        visible_document(transaction, principal, document_id)
    service.builder.build(document_id)


def clean_name(given: str) -> str:
    """The base name of a file, without anything that acts on a terminal or a path."""
    base = PureWindowsPath(PurePosixPath(given).name).name
    shown = "".join(char for char in base if char.isprintable())
    return shown[:LONGEST_NAME] or "unnamed"


def _content(file: UploadFile, service: Service) -> bytes:
    largest = min(service.settings.limits.file_bytes, service.settings.service.upload_bytes)
    data = file.file.read(largest + 1)
    if len(data) > largest:
        raise ApiError(413, "too_large", f"a file is larger than {largest} bytes", "Split it.")
    return data


def _new(transaction: Transaction, project: Project, contents: list[tuple[str, bytes]]) -> int:
    """How many of the files would have to be read."""
    digests = {hashlib.sha256(data).hexdigest() for _, data in contents}
    return sum(
        document is None or document.state == "failed"
        for document in (documents.find(transaction, project.id, digest) for digest in digests)
    )


def _check_room(waiting: int, more: int, service: Service) -> None:
    """Refuses more documents than may wait beside those that do.

    Raises:
        ApiError: there are too many.
    """
    if more and waiting + more > service.settings.service.queue:
        raise ApiError(
            503,
            "busy",
            f"{waiting} documents wait to be read",
            "Send it again later.",
            {"Retry-After": str(min(300, 5 + waiting // max(1, service.settings.service.workers)))},
        )


def _project(transaction: Transaction, principal: Principal, project_id: int | None) -> Project:
    if project_id is not None:
        return visible_project(transaction, principal, project_id)
    query = select(Project).order_by(Project.id).limit(1)
    if principal.projects is not None:
        query = query.where(Project.id.in_(principal.projects))
    project = transaction.scalar(query)
    if project is None:
        raise not_found("project")
    return project


def _take(
    transaction: Transaction,
    principal: Principal,
    project: Project,
    name: str,
    data: bytes,
    secret: bytes | None,
) -> UploadOut:
    """One file into the project. One that failed before is read again."""
    sha256 = hashlib.sha256(data).hexdigest()
    document = documents.find(transaction, project.id, sha256)
    if document is not None and document.state != "failed":
        job_id = transaction.scalar(select(func.max(Job.id)).where(Job.document_id == document.id))
        return UploadOut(name=name, document=document.id, job=job_id, known=True)
    known = document is not None
    if document is None:
        document = Document(
            project_id=project.id,
            sha256=sha256,
            name=name,
            kind="",
            size=len(data),
            state="waiting",
            errors=[],
            uploaded_by=principal.id,
        )
        transaction.add(document)
        transaction.flush()
        note(
            transaction,
            principal.id,
            "upload",
            project_id=project.id,
            document_id=document.id,
            after=f"{name} {sha256}",
        )
    job = jobs.enqueue(transaction, document, secret)
    return UploadOut(name=name, document=document.id, job=job.id, known=known)


def _used(transaction: Transaction, key: str) -> bool:
    """Whether any document still needs a blob."""
    original = select(Document.id).where(Document.sha256 == key)
    picture = select(Page.document_id).where(Page.picture == key)
    return (
        transaction.scalar(original.limit(1)) is not None or transaction.scalar(picture.limit(1)) is not None
    )

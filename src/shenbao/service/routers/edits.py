"""Edits on the page: text, spans, family. The checks are run again at once."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from sqlalchemy import select

from shenbao.models.document import Document as Contract
from shenbao.service.errors import ApiError, not_found
from shenbao.service.etags import check_match
from shenbao.service.schemas import CellIn, FamilyIn, Id, MergeIn, SplitIn, Storable
from shenbao.service.security import Anyone, Principal, Reviewer, Running, visible_document
from shenbao.service.state import Service
from shenbao.service.views import edit_view, names_of
from shenbao.store import documents, edits
from shenbao.store.models import Edit
from shenbao.store.rebuild import Confirm, Merge, SetFamily, Split
from shenbao.wire import EditOut, Listing

router = APIRouter(prefix="/documents/{document_id}", tags=["edits"])

Place = Annotated[int, Path(ge=0, le=100_000)]


@router.put("/tables/{table}/cells/{row}/{col}", response_model=Contract)
def set_text(
    document_id: Id,
    table: Storable,
    row: Place,
    col: Place,
    given: CellIn,
    principal: Reviewer,
    service: Running,
    request: Request,
) -> Response:
    """The text of the cell that starts at row and column (`table` `p1`, row 0: a line outside tables).

    Answers with the whole document, mapped and checked again. `If-Match` guards against other people's changes.
    """
    service.builder.build(document_id)
    with service.database.write() as transaction:
        document = visible_document(transaction, principal, document_id)
        check_match(request, f"{document.id}-{document.built_version}")
        current = documents.current(transaction, document)
        edits.say(
            transaction,
            document,
            current,
            (table, row, col),
            given.text,
            service.builder.knowledge,
            principal.id,
        )
    return _answer(service, principal, document_id)


@router.post("/tables/{table}/merge", response_model=Contract)
def merge(
    document_id: Id, table: Storable, given: MergeIn, principal: Reviewer, service: Running, request: Request
) -> Response:
    """The cells of a rectangle become one."""
    step = Merge(table, given.row, given.col, given.row_span, given.col_span)
    return _edit(document_id, step, principal, service, request)


@router.post("/tables/{table}/split", response_model=Contract)
def split(
    document_id: Id, table: Storable, given: SplitIn, principal: Reviewer, service: Running, request: Request
) -> Response:
    """A cell of several rows or columns becomes single ones."""
    return _edit(document_id, Split(table, given.row, given.col), principal, service, request)


@router.put("/tables/{table}/family", response_model=Contract)
def set_family(
    document_id: Id, table: Storable, given: FamilyIn, principal: Reviewer, service: Running, request: Request
) -> Response:
    """Says what form a table is."""
    return _edit(document_id, SetFamily(table, given.family), principal, service, request)


@router.post("/confirm", response_model=Contract)
def confirm(document_id: Id, principal: Reviewer, service: Running, request: Request) -> Response:
    """Says that the whole document was held beside its pages, and that grids and texts are right as they stand.

    Only without open items: these are decided one by one. Such a document may be exported as truth.
    """
    return _edit(document_id, Confirm(), principal, service, request)


@router.get("/edits")
def listing(document_id: Id, principal: Anyone, service: Running) -> Listing[EditOut]:
    """Changes of spans and family, oldest first."""
    with service.database.read() as transaction:
        visible_document(transaction, principal, document_id)
        found = transaction.scalars(
            select(Edit).where(Edit.document_id == document_id).order_by(Edit.id)
        ).all()
        names = names_of(transaction, {edit.user_id for edit in found})
    return Listing(items=[edit_view(edit, names) for edit in found])


@router.post("/edits/{edit_id}/undo", response_model=Contract)
def undo(document_id: Id, edit_id: Id, principal: Reviewer, service: Running) -> Response:
    """Takes one's own change back (an admin: anybody's)."""
    with service.database.write() as transaction:
        document = visible_document(transaction, principal, document_id)
        edit = transaction.get(Edit, edit_id)
        if edit is None or edit.document_id != document_id:
            raise not_found("edit")
        if edit.user_id != principal.id and principal.role != "admin":
            raise ApiError(403, "forbidden", "this change is somebody else's", "Ask an admin.")
        edits.undo_edit(transaction, document, edit, principal.id)
    return _answer(service, principal, document_id)


def _edit(
    document_id: int,
    step: Merge | Split | SetFamily | Confirm,
    principal: Principal,
    service: Service,
    request: Request,
) -> Response:
    service.builder.build(document_id)
    with service.database.write() as transaction:
        document = visible_document(transaction, principal, document_id)
        check_match(request, f"{document.id}-{document.built_version}")
        current = documents.current(transaction, document)
        edits.add_edit(transaction, document, current, step, service.builder.knowledge, principal.id)
    return _answer(service, principal, document_id)


def _answer(service: Service, principal: Principal, document_id: int) -> Response:
    service.builder.build(document_id)
    with service.database.read() as transaction:
        document = visible_document(transaction, principal, document_id)
        found = documents.current(transaction, document)
        tag = f'"{document.id}-{document.built_version}"'
    return Response(found.model_dump_json(), media_type="application/json", headers={"ETag": tag})

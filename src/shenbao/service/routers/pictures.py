"""Pictures of pages and cells."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from shenbao.models.document import Page as ContractPage
from shenbao.models.document import Polygon, Table
from shenbao.service.errors import not_found
from shenbao.service.etags import matched
from shenbao.service.pictures import PictureKind, media_type, version_of
from shenbao.service.schemas import Id, Storable
from shenbao.service.security import Anyone, Running, visible_document
from shenbao.service.state import Service
from shenbao.store.models import DocumentTable, Page

router = APIRouter(prefix="/documents/{document_id}", tags=["pictures"])

PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/webp": {}, "image/png": {}, "image/jpeg": {}}},
    304: {"description": "Unchanged."},
}
_CACHED = "private, max-age=86400"
Number = Annotated[int, Query(ge=0, le=100_000)]


@router.get("/pages/{number}/picture", response_class=Response, responses=PICTURE)
def page_picture(
    document_id: Id,
    number: Id,
    principal: Anyone,
    service: Running,
    request: Request,
    width: Annotated[int | None, Query(ge=16, le=8000, description="At most so many pixels wide.")] = None,
    format: PictureKind = "webp",
) -> Response:
    """The page as delivered, with square pixels; the document's coordinates refer to its own width and height."""
    with service.database.read() as transaction:
        visible_document(transaction, principal, document_id)
        page = transaction.get(Page, (document_id, number))
    if page is None or page.picture is None:
        raise not_found("picture")
    tag = f"{page.picture[:16]}-{width or 'full'}-{format}"
    unchanged = matched(request, tag)
    return unchanged or picture_answer(service.pictures.page(page.picture, format, width), tag)


@router.get("/tables/{table}/cells/{row}/{col}/crop", response_class=Response, responses=PICTURE)
def cell_crop(
    document_id: Id,
    table: Storable,
    row: int,
    col: int,
    principal: Anyone,
    service: Running,
    request: Request,
    part: Number = 0,
    around: Annotated[float, Query(ge=0, le=8, description="Margin, in heights of the cell.")] = 0.25,
    format: PictureKind = "webp",
) -> Response:
    """The picture of the cell that starts at row and column, upright."""
    with service.database.read() as transaction:
        visible_document(transaction, principal, document_id)
        found = transaction.get(DocumentTable, (document_id, table))
        cells = Table.model_validate_json(found.body).cells if found else []
        cell = next((cell for cell in cells if (cell.row, cell.col) == (row, col)), None)
        if cell is None or part >= len(cell.regions):
            raise not_found("cell")
        region = cell.regions[part]
        page = transaction.get(Page, (document_id, region.page))
    return crop_answer(service, request, page, region.polygon, around, format)


def crop_answer(
    service: Service,
    request: Request,
    page: Page | None,
    polygon: Polygon,
    around: float,
    kind: PictureKind,
    beside: float | None = None,
) -> Response:
    """A crop of a page, or that the client has it already."""
    if page is None or page.picture is None:
        raise not_found("picture")
    tag = f"{version_of(page.picture, polygon)}-{around:g}-{beside or 0:g}-{kind}"
    unchanged = matched(request, tag)
    if unchanged is not None:
        return unchanged
    facts = ContractPage.model_validate_json(page.body) if page.body else None
    size = (facts.width, facts.height) if facts else None
    return picture_answer(service.pictures.crop(page.picture, size, polygon, around, kind, beside), tag)


def picture_answer(picture: bytes, tag: str) -> Response:
    headers = {"ETag": f'"{tag}"', "Cache-Control": _CACHED}
    return Response(picture, media_type=media_type(picture), headers=headers)

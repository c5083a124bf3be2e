"""The page of a form: its picture with the grid over it, beside what was read."""

from collections import defaultdict
from dataclasses import dataclass
from math import dist
from statistics import median

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select

from shenbao.export.rows import facts
from shenbao.models.document import Candidate, Cell, Check, Document, Region, Table
from shenbao.service.errors import not_found
from shenbao.service.pages.rendering import PageRoute, page
from shenbao.service.routers.documents import current_state
from shenbao.service.schemas import Id, Storable
from shenbao.service.security import Anyone, Principal, Running, visible_document
from shenbao.service.state import Service
from shenbao.service.views import document_views, page_view
from shenbao.store import documents
from shenbao.store.models import Item, Page, Project
from shenbao.store.rebuild import place_name
from shenbao.wire import DocumentOut, PageOut

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@dataclass(frozen=True)
class Spot:
    """A cell, or a line outside tables. `polygons` are on the page that is shown, as SVG wants them.

    `elsewhere`: the number of the page on which it stands, if it is not that one. `names`: the facts in it.
    """

    place: str
    text: str
    confidence: float
    row_span: int
    col_span: int
    polygons: list[str]
    elsewhere: int | None
    candidates: list[Candidate]
    flags: list[str]
    names: list[str]
    reasons: list[str]
    state: str
    failed: bool


@dataclass(frozen=True)
class Grid:
    """A table by rows. `family`: what form it is. `widths`: of its columns as printed, in percent; [] if unknown."""

    id: str
    title: str
    captions: list[str]
    rows: list[list[Spot]]
    header_rows: list[int]
    family: str
    widths: list[float]


@dataclass(frozen=True)
class Sheet:
    document: DocumentOut
    page: PageOut
    tag: str
    grids: list[Grid]
    lines: list[Spot]
    checks: list[Check]


@router.get("/documents/{document_id}/pages/{number}")
def whole(
    request: Request, document_id: Id, number: int, principal: Anyone, service: Running
) -> HTMLResponse:
    """The page view."""
    found = sheet_of(document_id, number, principal, service)
    families = [(family.id, family.title) for family in service.builder.knowledge.families]
    return page(request, "sheet.html", principal, sheet=found, families=families)


@router.get("/documents/{document_id}/place/{table}/{row}/{col}")
def place(
    document_id: Id, table: Storable, row: int, col: int, principal: Anyone, service: Running
) -> Response:
    """Leads to the page on which a cell stands."""
    current_state(service, principal, document_id)
    with service.database.read() as transaction:
        found = next((one for one in documents.tables_of(transaction, document_id) if one.id == table), None)
    cell = next((one for one in found.cells if (one.row, one.col) == (row, col)), None) if found else None
    if cell is None:
        raise not_found("cell")
    number = cell.regions[0].page if cell.regions else 1
    return RedirectResponse(f"/documents/{document_id}/pages/{number}?place={table}/{row}/{col}", 303)


@router.get("/documents/{document_id}/pages/{number}/sheet")
def part(request: Request, document_id: Id, number: int, principal: Anyone, service: Running) -> Response:
    """What was read, as it stands now: after an edit, to take the place of what was shown."""
    found = sheet_of(document_id, number, principal, service)
    families = [(family.id, family.title) for family in service.builder.knowledge.families]
    return page(request, "_sheet.html", principal, sheet=found, families=families)


def sheet_of(document_id: int, number: int, principal: Principal, service: Service) -> Sheet:
    """A page of a document that is read.

    Raises:
        ApiError: there is no such page.
    """
    current_state(service, principal, document_id)
    with service.database.read() as transaction:
        document = visible_document(transaction, principal, document_id)
        row = transaction.get(Page, (document_id, number))
        if row is None:
            raise not_found("page")
        content = documents.current(transaction, document)
        accept = transaction.get_one(Project, document.project_id).accept
        waiting = set(
            transaction.scalars(
                select(Item.place).where(Item.document_id == document_id, Item.state == "open")
            )
        )
        view = document_views(transaction, [document])[0]
        tag = f'"{document.id}-{document.built_version}"'
    build = _Build(content, number, accept, waiting)
    checks = sorted(
        (check for record in content.records for check in record.checks if check.status != "skipped"),
        key=lambda check: (check.status == "pass", check.severity == "soft"),
    )
    return Sheet(view, page_view(row), tag, build.grids(), build.lines(), checks)


def column_widths(table: Table, page: int) -> list[float]:
    """How wide the columns of a table are on a page, in percent of the table; [] where some have no cell of their own."""
    found: list[list[float]] = [[] for _ in range(table.n_cols)]
    for cell in table.cells:
        if cell.col_span == 1:
            found[cell.col] += [
                dist(region.polygon[0], region.polygon[1]) for region in cell.regions if region.page == page
            ]
    if not all(found):
        return []
    widths = [median(widths) for widths in found]
    return [round(100 * width / sum(widths), 1) for width in widths]


class _Build:
    """Spots of one page from the document's content."""

    def __init__(self, content: Document, number: int, accept: float, waiting: set[str]) -> None:
        self._content, self._number, self._accept, self._waiting = content, number, accept, waiting
        self._names: dict[str, list[str]] = defaultdict(list)
        self._reasons: dict[str, list[str]] = defaultdict(list)
        self._failed: set[str] = set()
        self._families: dict[str, str] = {}
        for record in content.records:
            for table in record.tables:
                self._families.setdefault(table, record.family)
            for fact in facts(record):
                for ref in fact.field.cells:
                    place = place_name((ref.table, ref.row, ref.col))
                    self._names[place].append(fact.field.name)
                    self._reasons[place] += fact.field.reasons
            for check in record.checks:
                if check.status == "fail" and check.severity != "soft":
                    for ref in check.cells:
                        place = place_name((ref.table, ref.row, ref.col))
                        self._failed.add(place)
                        self._reasons[place].append(check.message)

    def grids(self) -> list[Grid]:
        """The tables that the page shows a part of."""
        return [self._grid(table) for table in self._content.tables if self._number in table.pages]

    def lines(self) -> list[Spot]:
        page = next((page for page in self._content.pages if page.number == self._number), None)
        found = []
        for index, line in enumerate(page.texts if page else []):
            region = Region(page=self._number, polygon=line.polygon)
            cell = Cell(row=0, col=index, text=line.text, confidence=line.confidence, regions=[region])
            found.append(self._spot(f"p{self._number}", cell))
        return found

    def _grid(self, table: Table) -> Grid:
        rows: list[list[Spot]] = [[] for _ in range(table.n_rows)]
        for cell in sorted(table.cells, key=lambda cell: (cell.row, cell.col)):
            rows[cell.row].append(self._spot(table.id, cell))
        family = self._families.get(table.id, "")
        widths = column_widths(table, self._number)
        return Grid(table.id, table.title, table.captions, rows, table.header_rows, family, widths)

    def _spot(self, table: str, cell: Cell) -> Spot:
        place = place_name((table, cell.row, cell.col))
        here = [region for region in cell.regions if region.page == self._number]
        other = None if here or not cell.regions else cell.regions[0].page
        state = "sure" if cell.confidence >= self._accept else "doubt"
        if place in self._waiting:
            state = "doubt"
        if "reviewed" in cell.flags:
            state = "reviewed"
        return Spot(
            place=place,
            text=cell.text,
            confidence=cell.confidence,
            row_span=cell.row_span,
            col_span=cell.col_span,
            polygons=[" ".join(f"{x:.1f},{y:.1f}" for x, y in region.polygon) for region in here],
            elsewhere=other,
            candidates=list(cell.candidates[:9]),
            flags=list(cell.flags),
            names=list(dict.fromkeys(self._names[place])),
            reasons=list(dict.fromkeys(self._reasons[place])),
            state=state,
            failed=place in self._failed,
        )

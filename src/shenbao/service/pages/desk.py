"""Documents and their records, statistics, vocabulary, login."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select
from sqlalchemy.orm import Session as Transaction

from shenbao.export.rows import INDICATOR_PARTS, LINE_HEADS, SEVERITY, part
from shenbao.service.pages.plots import bars, calibration, per_hour
from shenbao.service.pages.rendering import PageRoute, local_path, page
from shenbao.service.routers import documents, statistics, vocabulary
from shenbao.service.schemas import Cursor, Id, OptionalId, Storable
from shenbao.service.security import Anyone, Principal, Running, on_this_machine
from shenbao.service.state import Service
from shenbao.service.views import project_view
from shenbao.store.field_statistics import fields_of, hours_of
from shenbao.store.models import Job, Project
from shenbao.store.truths import is_confirmed
from shenbao.wire import DocumentOut, Listing, ProjectOut

router = APIRouter(route_class=PageRoute, include_in_schema=False)

ROWS = 50
MOST_ROWS = 200
Count = Annotated[str, Query(pattern=r"^\d{0,3}$", description="How many rows; as a form sends it.")]
Chosen = Annotated[str, Query(max_length=100)]


@dataclass(frozen=True)
class Progress:
    """Pages of a document that are read, of how many."""

    done: int
    total: int


@router.get("/")
def front(principal: Anyone) -> Response:
    return RedirectResponse("/documents", 303)


@router.get("/documents")
def listing(
    request: Request,
    principal: Anyone,
    service: Running,
    project: OptionalId = None,
    state: Chosen = "",
    q: Storable = "",
    wait: Chosen = "",
) -> HTMLResponse:
    """Documents with filters and progress, and the place to drop new ones."""
    with service.database.read() as transaction:
        projects = visible_projects(transaction, principal)
    rows = _rows(principal, service, project, state, q, wait, None, ROWS)
    return page(
        request, "documents.html", principal, projects=projects, rows=rows, project=project, state=state,
        q=q, wait=wait, more=_address(project, state, q, wait), progress=_progress(service, rows.items),
    )  # fmt: skip


@router.get("/documents/rows")
def rows(
    request: Request,
    principal: Anyone,
    service: Running,
    project: Chosen = "",
    state: Chosen = "",
    q: Storable = "",
    wait: Chosen = "",
    cursor: Cursor = None,
    count: Count = "",
) -> HTMLResponse:
    """The rows of the list alone, for filters, progress and further pages."""
    number = int(project) if project.isdigit() else None
    limit = max(ROWS, min(int(count or ROWS), MOST_ROWS))
    found = _rows(principal, service, number, state, q, wait, cursor, limit)
    return page(
        request, "_rows.html", principal, rows=found, more=_address(number, state, q, wait),
        further=cursor is not None, progress=_progress(service, found.items),
    )  # fmt: skip


@router.get("/documents/{document_id}")
def record(request: Request, document_id: Id, principal: Anyone, service: Running) -> HTMLResponse:
    """One document: its pages and its records."""
    view = documents.one(document_id, principal, service)
    records = documents.records(document_id, principal, service).items if view.read_at else []
    pages = documents.pages(document_id, principal, service).items
    with service.database.read() as transaction:
        confirmed = is_confirmed(transaction, document_id)
    return page(
        request, "document.html", principal, document=view, records=records, pages=pages, part=part, confirmed=confirmed,
        parts=INDICATOR_PARTS, line_heads=LINE_HEADS, severity=SEVERITY,
        families={f.id: f.title for f in service.builder.knowledge.families},
    )  # fmt: skip


@router.get("/statistics")
def figures(
    request: Request, principal: Anyone, service: Running, project: OptionalId = None
) -> HTMLResponse:
    """Throughput, accuracy by field and kind, calibration, time for each item."""
    found = statistics.statistics(principal, service, project)
    with service.database.read() as transaction:
        projects = visible_projects(transaction, principal)
        ids = [one.id for one in projects if project in (None, one.id)]
        fields, hours = fields_of(transaction, ids), hours_of(transaction, ids)
    return page(
        request, "statistics.html", principal, found=found, days=bars(found.days),
        plot=calibration(found.calibration), fields=fields, speed=per_hour(hours),
        projects=projects, project=project,
    )  # fmt: skip


@router.get("/vocabulary")
def names(
    request: Request,
    principal: Anyone,
    service: Running,
    state: Literal["open", "confirmed", "rejected"] = "open",
    cursor: Cursor = None,
) -> HTMLResponse:
    """New names to confirm."""
    found = vocabulary.suggestions(principal, service, state, cursor)
    return page(request, "vocabulary.html", principal, found=found, state=state)


@router.get("/login")
def login(request: Request, service: Running, next: Chosen = "/") -> HTMLResponse:
    """Name and password; where no account exists, the first one."""
    setup = not service.configured and on_this_machine(request)
    return page(request, "login.html", next=local_path(next), setup=setup)


def visible_projects(transaction: Transaction, principal: Principal) -> list[ProjectOut]:
    found = transaction.scalars(select(Project).order_by(Project.id)).all()
    return [project_view(transaction, one) for one in found if principal.may_see(one.id)]


def _rows(
    principal: Principal,
    service: Service,
    project: int | None,
    state: str,
    q: str,
    wait: str,
    cursor: int | None,
    limit: int,
) -> Listing[DocumentOut]:
    known: documents.State | None = next((one for one in get_args(documents.State) if one == state), None)
    waiting = {"yes": True, "no": False}.get(wait)
    return documents.listing(principal, service, project, known, q[:100] or None, waiting, cursor, limit)


def _progress(service: Service, found: Sequence[DocumentOut]) -> dict[int, Progress]:
    """How far the documents are that are being read."""
    ids = [one.id for one in found if one.state == "reading"]
    if not ids:
        return {}
    with service.database.read() as transaction:
        rows = transaction.execute(
            select(Job.document_id, Job.pages_done, Job.pages_total).where(
                Job.document_id.in_(ids), Job.state == "running", Job.pages_total.is_not(None)
            )
        )
        return {document: Progress(done, total) for document, done, total in rows if total}


def _address(project: int | None, state: str, q: str, wait: str) -> dict[str, str]:
    """The filters, as a form holds them."""
    return {"project": str(project or ""), "state": state, "q": q, "wait": wait}

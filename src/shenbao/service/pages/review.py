"""Pages on which people empty the queue: one item after another, or many alike at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import dist
from typing import Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import func, select
from sqlalchemy.orm import Session as Transaction

from shenbao.models.document import Page as ContractPage
from shenbao.models.document import Polygon
from shenbao.service.pages.rendering import PageRoute, page
from shenbao.service.routers import queue as api
from shenbao.service.schemas import LeaseIn, OptionalId
from shenbao.service.security import Principal, Reviewer, Running, visible_document
from shenbao.service.state import Service
from shenbao.store.models import Item, Page, Project
from shenbao.wire import ItemOut

router = APIRouter(route_class=PageRoute, include_in_schema=False)

MARGIN = 0.09
"""Surroundings shown on each side of a cell, as a share of the page's width."""
LARGEST_AROUND = 8.0
"""The most that the service gives, in heights of the cell."""
VIEW = 2.0
"""Width to height of the view that the wide picture stands in, at 1280 x 720."""
WIDEST = 0.35
"""The most that is shown left and right of a cell, as a share of the page's width."""
LARGEST_BESIDE = 40.0
"""The most that the service gives left and right, in heights of the cell."""
LONG_TEXT = 60
"""Characters from which a text is edited in a field of many lines."""
FLAT = 1.5
"""Width to height of a cell from which on a close view is shown besides."""
Tile = Literal["", "broad", "large", "whole"]
BROAD = 4.0
"""Width to height of a cell beyond which its tile has twice the width."""
TILES: tuple[tuple[int, Tile], ...] = ((90, "whole"), (24, "large"), (12, "broad"))
"""Characters beyond which a text takes a larger tile."""
CLOSE = 0.12
"""Surroundings of the close view, in heights of the cell."""


@dataclass(frozen=True)
class Sight:
    """Two pictures of a part of an item. `around`, `beside`: surroundings of the wide one, in heights of the cell."""

    close: str
    wide: str
    around: float
    beside: float


@dataclass(frozen=True)
class Card:
    """An item with all that its reviewer sees of it. `close`: a close view of its cells helps, as they are flat.

    `tile`: how large it is in the group view, so that all of its text and its picture can be read.
    """

    item: ItemOut
    sights: list[Sight]
    long: bool
    close: bool
    tile: Tile


@router.get("/review")
def review(
    request: Request,
    principal: Reviewer,
    service: Running,
    kind: str | None = None,
    document: OptionalId = None,
    project: OptionalId = None,
) -> HTMLResponse:
    """One item after another."""
    with service.database.read() as transaction:
        kinds = kind_counts(transaction, principal, project, document)
        name = visible_document(transaction, principal, document).name if document else ""
    return page(
        request, "review.html", principal, kinds=kinds, kind=kind or "", document=document, name=name,
        project=project,
    )  # fmt: skip


@router.post("/review/items")
def items(
    request: Request, principal: Reviewer, service: Running, given: LeaseIn, held: bool = False
) -> Response:
    """The next items as parts of the page. `held`: first those that whoever asks has already (after a reload)."""
    found, number = _lend(given, principal, service, held)
    with service.database.read() as transaction:
        cards = cards_of(transaction, found)
    answer = page(request, "_cards.html", principal, cards=cards)
    answer.headers["X-Open"] = str(number)
    return answer


@router.get("/review/groups")
def groups(request: Request, principal: Reviewer, service: Running, project: OptionalId = None) -> Response:
    """Many items at once: what was read alike, or is of one kind."""
    alike = api.groups(principal, service, project, 60).items
    with service.database.read() as transaction:
        kinds = kind_counts(transaction, principal, project)
    return page(request, "groups.html", principal, alike=alike, kinds=kinds, project=project)


@router.post("/review/tiles")
def tiles(
    request: Request, principal: Reviewer, service: Running, given: LeaseIn, held: bool = False
) -> Response:
    """A screen of items of one group."""
    found, number = _lend(given, principal, service, held)
    with service.database.read() as transaction:
        cards = cards_of(transaction, found)
    answer = page(request, "_tiles.html", principal, cards=cards)
    answer.headers["X-Open"] = str(number)
    return answer


def kind_counts(
    transaction: Transaction, principal: Principal, project_id: int | None, document_id: int | None = None
) -> list[tuple[str, int]]:
    """Kinds of open items and how many there are of each, most first."""
    number = func.count().label("number")
    query = select(Item.kind, number).where(Item.state == "open").group_by(Item.kind)
    ids = [found for found in transaction.scalars(select(Project.id)) if principal.may_see(found)]
    query = query.where(Item.project_id.in_([i for i in ids if project_id in (None, i)]))
    if document_id is not None:
        query = query.where(Item.document_id == document_id)
    return [(row.kind, row.number) for row in transaction.execute(query.order_by(number.desc(), Item.kind))]


def cards_of(transaction: Transaction, items: Iterable[ItemOut]) -> list[Card]:
    """Items with the addresses of their pictures."""
    found = list(items)
    widths = _page_widths(transaction, {item.document for item in found})
    return [_card(item, widths) for item in found]


def _card(item: ItemOut, widths: dict[tuple[int, int], int]) -> Card:
    sights, flat, broad = [], True, False
    for region, crop in zip(item.regions, item.crops, strict=False):
        width = widths.get((item.document, region.page), 0)
        around = around_of(region.polygon, width)
        beside = beside_of(region.polygon, width, around)
        wide = f"{crop}&around={around:g}&beside={beside:g}&format=jpeg"
        sights.append(Sight(f"{crop}&around={CLOSE}&format=jpeg", wide, around, beside))
        across, down = sides(region.polygon)
        flat = flat and across >= FLAT * down
        broad = broad or across > BROAD * down
    long = len(item.text) > LONG_TEXT
    by_text = (tile for least, tile in TILES if len(item.text) > least)
    tile: Tile = next(by_text, "broad" if broad else "")
    return Card(item, sights, long, flat and not long, tile)


def around_of(polygon: Polygon, page_width: int) -> float:
    """Surroundings to show of a cell, in its heights, so that they are a fixed share of the page."""
    height = max(sides(polygon)[1], 1.0)
    return round(min(LARGEST_AROUND, max(CLOSE, MARGIN * page_width / height)), 2)


def beside_of(polygon: Polygon, page_width: int, around: float) -> float:
    """What to show left and right of a cell, in its heights: enough to fill the view, so that its row is told."""
    across, down = sides(polygon)
    down = max(down, 1.0)
    filling = (VIEW * (1 + 2 * around) - across / down) / 2
    return round(min(WIDEST * page_width / down, LARGEST_BESIDE, max(around, filling)), 2)


def sides(polygon: Polygon) -> tuple[float, float]:
    """Width and height of a cell as read, in pixels of the page."""
    return dist(polygon[0], polygon[1]), dist(polygon[0], polygon[3])


def _lend(given: LeaseIn, principal: Principal, service: Service, held: bool) -> tuple[list[ItemOut], int]:
    """Items for whoever asks, with `held` first those they have already; and how many are open in all."""
    mine = _held(given, principal, service) if held else []
    rest = given.count - len(mine)
    leased = api.following(given.model_copy(update={"count": rest}), principal, service) if rest > 0 else None
    found = [*mine, *(leased.items if leased else [])][: given.count]
    number = leased.open if leased else api.mine(principal, service).open
    return found, number


def _held(given: LeaseIn, principal: Principal, service: Service) -> list[ItemOut]:
    wanted = {"kind": given.kind, "text": given.text, "document": given.document, "project": given.project}
    return [
        item
        for item in api.mine(principal, service).items
        if all(value is None or getattr(item, name) == value for name, value in wanted.items())
    ]


def _page_widths(transaction: Transaction, documents: set[int]) -> dict[tuple[int, int], int]:
    rows = transaction.execute(
        select(Page.document_id, Page.number, Page.body).where(Page.document_id.in_(documents))
    )
    return {
        (row.document_id, row.number): ContractPage.model_validate_json(row.body).width
        for row in rows
        if row.body
    }

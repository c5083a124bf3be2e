"""The review queue, its items and what people decide."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session as Transaction

from shenbao.models.document import Region
from shenbao.service.errors import ApiError, not_found
from shenbao.service.metrics import DECISIONS
from shenbao.service.pictures import PictureKind
from shenbao.service.routers.pictures import crop_answer
from shenbao.service.schemas import (
    CommentIn,
    Correction,
    Cursor,
    DecisionIn,
    Id,
    LeaseIn,
    Limit,
    ManyIn,
    OptionalId,
    Plain,
)
from shenbao.service.security import (
    Anyone,
    Principal,
    Reviewer,
    Running,
    visible_item,
    visible_project,
)
from shenbao.service.state import Service
from shenbao.service.views import decision_view, item_views, names_of
from shenbao.store import queue
from shenbao.store.models import Decision, Item, Page, Project
from shenbao.store.terms import ItemState
from shenbao.wire import CommentOut, DecisionOut, GroupOut, ItemOut, Leased, Listing, OneDone

router = APIRouter(tags=["review"])


@router.post("/queue/next")
def following(given: LeaseIn, principal: Reviewer, service: Running) -> Leased:
    """Lends the next items. They come back to the queue when the lease ends without a decision."""
    seconds = service.settings.service.lease_seconds
    wanted = queue.Wanted(given.kind, given.text, given.document)
    with service.database.write_passing() as transaction:
        projects = _projects(transaction, principal, given.project)
        for project_id in projects:
            found = queue.lease(transaction, project_id, principal.id, given.count, seconds, wanted)
            if found:
                break
        else:
            found = []
        transaction.flush()
        number = sum(service.open_items(transaction, project_id) for project_id in projects)
        return Leased(items=item_views(transaction, found, principal), open=number)


@router.get("/queue/mine")
def mine(principal: Reviewer, service: Running) -> Leased:
    """The items that whoever asks has at the moment."""
    with service.database.read() as transaction:
        found = queue.lent(transaction, principal.id)
        number = sum(service.open_items(transaction, p) for p in _projects(transaction, principal, None))
        return Leased(items=item_views(transaction, found, principal), open=number)


@router.get("/queue/groups")
def groups(
    principal: Reviewer, service: Running, project: OptionalId = None, limit: Limit = 50
) -> Listing[GroupOut]:
    """What was read alike, most first: `POST /v1/queue/next` with its kind and text lends the items."""
    with service.database.read() as transaction:
        found: dict[tuple[str, str], int] = {}
        for project_id in _projects(transaction, principal, project):
            for kind, text, number in queue.groups(transaction, project_id, limit):
                found[kind, text] = found.get((kind, text), 0) + number
    ordered = sorted(found.items(), key=lambda pair: -pair[1])[:limit]
    return Listing(items=[GroupOut(kind=k, text=t, count=number) for (k, t), number in ordered])


@router.get("/items")
def items(
    principal: Anyone,
    service: Running,
    document: OptionalId = None,
    state: ItemState | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listing[ItemOut]:
    """Items by id, without lending them."""
    query = select(Item).where(Item.id > (cursor or 0)).order_by(Item.id).limit(limit + 1)
    if principal.projects is not None:
        query = query.where(Item.project_id.in_(principal.projects))
    if document is not None:
        query = query.where(Item.document_id == document)
    if state is not None:
        query = query.where(Item.state == state)
    with service.database.read() as transaction:
        found = transaction.scalars(query).all()
        after = found[limit - 1].id if len(found) > limit else None
        return Listing(items=item_views(transaction, found[:limit], principal), next=after)


@router.get("/items/{item_id:int}")
def one(item_id: Id, principal: Anyone, service: Running) -> ItemOut:
    """One item, without lending it."""
    with service.database.read() as transaction:
        return item_views(transaction, [visible_item(transaction, principal, item_id)], principal)[0]


@router.get(
    "/items/{item_id}/crop",
    response_class=Response,
    responses={200: {"content": {"image/webp": {}, "image/png": {}, "image/jpeg": {}}}},
)
def crop(
    item_id: Id,
    principal: Anyone,
    service: Running,
    request: Request,
    part: Annotated[int, Query(ge=0, le=100)] = 0,
    around: Annotated[float, Query(ge=0, le=8, description="Margin, in heights of the cell.")] = 0.25,
    beside: Annotated[
        float | None, Query(ge=0, le=40, description="Margin left and right, where it is another.")
    ] = None,
    format: PictureKind = "webp",
) -> Response:
    """The item's picture, upright; with `around` more of its surroundings."""
    with service.database.read() as transaction:
        item = visible_item(transaction, principal, item_id)
        regions = item.body["regions"]
        if part >= len(regions):
            raise not_found("part")
        region = Region.model_validate(regions[part])
        page = transaction.get(Page, (item.document_id, region.page))
    return crop_answer(service, request, page, region.polygon, around, format, beside)


@router.post("/items/{item_id}/decision")
def decide(item_id: Id, given: DecisionIn, principal: Reviewer, service: Running) -> DecisionOut:
    """Accept, correct, or say that it cannot be read. The same again changes nothing."""
    decision = _decide(item_id, given, principal, service)
    return decision_view(decision, {principal.id: principal.name})


@router.post("/items/decisions")
def decide_many(given: ManyIn, principal: Reviewer, service: Running) -> Listing[OneDone]:
    """Decides a whole screen. An item that cannot be decided says why; the others are."""
    answers = []
    for one_given in given.decisions:
        try:
            decision = _decide(one_given.item, one_given, principal, service)
        except (queue.NotYours, ApiError) as error:
            answers.append(OneDone(item=one_given.item, decision=None, refused=str(error)))
        else:
            view = decision_view(decision, {principal.id: principal.name})
            answers.append(OneDone(item=one_given.item, decision=view))
    return Listing(items=answers)


@router.post("/items/{item_id}/skip", status_code=204)
def skip(item_id: Id, principal: Reviewer, service: Running) -> Response:
    """Puts the item behind all others."""
    with service.database.write() as transaction:
        queue.skip(transaction, visible_item(transaction, principal, item_id), principal.id)
    return Response(status_code=204)


@router.post("/items/{item_id}/release", status_code=204)
def release(item_id: Id, principal: Reviewer, service: Running) -> Response:
    """Gives the item back to the queue."""
    with service.database.write() as transaction:
        queue.release(transaction, visible_item(transaction, principal, item_id), principal.id)
    return Response(status_code=204)


@router.post("/items/{item_id}/comments", status_code=201)
def comment(item_id: Id, given: CommentIn, principal: Reviewer, service: Running) -> CommentOut:
    """A remark on the item, for whoever sees it next."""
    with service.database.write() as transaction:
        item = visible_item(transaction, principal, item_id)
        said = queue.comment(transaction, item, principal.id, given.text)
        return CommentOut(user=principal.name, text=said.text, at=said.at)


@router.post("/decisions/{decision_id}/undo")
def undo(decision_id: Id, principal: Reviewer, service: Running) -> ItemOut:
    """Takes one's own decision back (an admin: anybody's); the item is lent to whoever takes it back."""
    with service.database.write() as transaction:
        decision = transaction.get(Decision, decision_id)
        if decision is None:
            raise not_found("decision")
        item = visible_item(transaction, principal, decision.item_id)
        if decision.user_id != principal.id and principal.role != "admin":
            raise ApiError(403, "forbidden", "this decision is somebody else's", "Ask an admin.")
        item = queue.undo(transaction, decision, principal.id, service.settings.service.lease_seconds)
        transaction.flush()
        view = item_views(transaction, [item], principal)[0]
    service.builder.want(view.document)
    return view


@router.get("/decisions")
def decisions(
    principal: Anyone,
    service: Running,
    document: OptionalId = None,
    mine: bool = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listing[DecisionOut]:
    """What was decided, newest first; `mine`: by whoever asks."""
    query = select(Decision).join(Item, Item.id == Decision.item_id).order_by(Decision.id.desc())
    if principal.projects is not None:
        query = query.where(Item.project_id.in_(principal.projects))
    if document is not None:
        query = query.where(Decision.document_id == document)
    if mine:
        query = query.where(Decision.user_id == principal.id)
    else:
        # What others entered of an item that is still open must not be known to the next person.
        query = query.where((Item.state != "open") | (Decision.user_id == principal.id))
    if cursor is not None:
        query = query.where(Decision.id < cursor)
    with service.database.read() as transaction:
        found = transaction.scalars(query.limit(limit + 1)).all()
        names = names_of(transaction, {decision.user_id for decision in found})
    after = found[limit - 1].id if len(found) > limit else None
    return Listing(items=[decision_view(d, names) for d in found[:limit]], next=after)


def _decide(item_id: int, given: Plain | Correction, principal: Principal, service: Service) -> Decision:
    with service.database.write() as transaction:
        visible_item(transaction, principal, item_id)
        item, decision = queue.decide(
            transaction, item_id, principal.id, given.action, given.text, given.seconds
        )
    DECISIONS.labels(given.action).inc()
    service.builder.want(item.document_id)
    return decision


def _projects(transaction: Transaction, principal: Principal, project_id: int | None) -> list[int]:
    if project_id is not None:
        return [visible_project(transaction, principal, project_id).id]
    found = transaction.scalars(select(Project.id).order_by(Project.id))
    return [project_id for project_id in found if principal.may_see(project_id)]

"""Names that the vocabulary does not know, and what people say of them."""

from typing import Literal

from fastapi import APIRouter
from sqlalchemy import select

from shenbao.service.errors import ApiError, not_found
from shenbao.service.schemas import Cursor, Id, Limit, SuggestionIn
from shenbao.service.security import Admin, Anyone, Running
from shenbao.service.views import suggestion_view
from shenbao.store.audit import note
from shenbao.store.columns import now
from shenbao.store.models import Document, Suggestion
from shenbao.wire import Listing, SuggestionOut

router = APIRouter(prefix="/vocabulary", tags=["vocabulary"])


@router.get("/suggestions")
def suggestions(
    principal: Anyone,
    service: Running,
    state: Literal["open", "confirmed", "rejected"] = "open",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listing[SuggestionOut]:
    """New names on documents that whoever asks may see."""
    query = select(Suggestion).where(Suggestion.state == state, Suggestion.id > (cursor or 0))
    if principal.projects is not None:
        query = query.join(Document, Document.id == Suggestion.document_id).where(
            Document.project_id.in_(principal.projects)
        )
    with service.database.read() as transaction:
        found = transaction.scalars(query.order_by(Suggestion.id).limit(limit + 1)).all()
    following = found[limit - 1].id if len(found) > limit else None
    return Listing(items=[suggestion_view(one) for one in found[:limit]], next=following)


@router.post("/suggestions/{suggestion_id}")
def decide(suggestion_id: Id, given: SuggestionIn, principal: Admin, service: Running) -> SuggestionOut:
    """Takes a name into the vocabulary, or rejects it; documents read from now on know it."""
    with service.database.write() as transaction:
        found = transaction.get(Suggestion, suggestion_id)
        if found is None:
            raise not_found("suggestion")
        if found.state != "open":
            raise ApiError(409, "conflict", "somebody has decided this already")
        if given.action == "confirm":
            service.teach(found, given.name, principal.name)
        found.state = "confirmed" if given.action == "confirm" else "rejected"
        found.name, found.decided_by, found.decided_at = given.name, principal.id, now()
        note(transaction, principal.id, f"vocabulary.{given.action}", before=found.form, after=given.name)
        return suggestion_view(found)

"""Who did what."""

from fastapi import APIRouter
from sqlalchemy import select

from shenbao.service.schemas import Cursor, Limit, OptionalId
from shenbao.service.security import Admin, Running
from shenbao.service.views import names_of
from shenbao.store.models import Audit
from shenbao.wire import AuditOut, Listing

router = APIRouter(prefix="/audit", tags=["audit"])


@router.get("")
def listing(
    _: Admin,
    service: Running,
    document: OptionalId = None,
    item: OptionalId = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Listing[AuditOut]:
    """The log, newest first."""
    query = select(Audit).order_by(Audit.id.desc()).limit(limit + 1)
    if document is not None:
        query = query.where(Audit.document_id == document)
    if item is not None:
        query = query.where(Audit.item_id == item)
    if cursor is not None:
        query = query.where(Audit.id < cursor)
    with service.database.read() as transaction:
        found = transaction.scalars(query).all()
        names = names_of(transaction, {row.user_id for row in found if row.user_id is not None})
    following = found[limit - 1].id if len(found) > limit else None
    rows = [
        AuditOut(
            id=row.id,
            at=row.at,
            user=names.get(row.user_id) if row.user_id is not None else None,
            action=row.action,
            document=row.document_id,
            item=row.item_id,
            before=row.before,
            after=row.after,
            seconds=row.seconds,
        )
        for row in found[:limit]
    ]
    return Listing(items=rows, next=following)

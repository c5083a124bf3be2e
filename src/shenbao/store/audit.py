"""The log of who did what. Rows are only ever added; the database refuses anything else."""

from sqlalchemy.orm import Session as Transaction

from shenbao.store.models import Audit, Item


def note(
    transaction: Transaction,
    user_id: int | None,
    action: str,
    *,
    item: Item | None = None,
    project_id: int | None = None,
    document_id: int | None = None,
    before: str | None = None,
    after: str | None = None,
    seconds: float | None = None,
) -> None:
    """Adds one row, in the transaction of what it tells of."""
    transaction.add(
        Audit(
            user_id=user_id,
            action=action,
            project_id=item.project_id if item else project_id,
            document_id=item.document_id if item else document_id,
            item_id=item.id if item else None,
            before=before,
            after=after,
            seconds=seconds,
        )
    )

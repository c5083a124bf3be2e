"""Indexes that also give the order: items of one text or one document without looking at all others"""

from alembic import op

revision = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None

_ALIKE = ["project_id", "state", "kind", "shown"]
_ORDER = ["postponed", "rank", "id"]


def upgrade() -> None:
    op.drop_index("ix_items_alike", table_name="items")
    op.create_index("ix_items_alike", "items", [*_ALIKE, *_ORDER, "lease_until"], unique=False)
    op.create_index("ix_items_document", "items", ["document_id", "state", *_ORDER], unique=False)


def downgrade() -> None:
    op.drop_index("ix_items_document", table_name="items")
    op.drop_index("ix_items_alike", table_name="items")
    op.create_index("ix_items_alike", "items", _ALIKE, unique=False)

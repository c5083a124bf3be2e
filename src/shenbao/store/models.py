"""The tables. What the machine read is never written again; what people decide stands in rows of its own.

A document's current state (`pages`, `document_tables`, `records`, `fields`) is what the mapping makes of the
machine's reading and of all decisions; it can be made again from `readings`, `decisions` and `edits`.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shenbao.store.columns import Base, now


class User(Base):
    """A person. One without a password cannot log in: the one who works before any account is set up."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    password: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Token(Base):
    """An API token; only its digest is kept. `start` are its first characters, for people to tell it by."""

    __tablename__ = "tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    start: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)
    revoked_at: Mapped[datetime | None]


class Session(Base):
    """A login in a browser; only the digest of its cookie is kept."""

    __tablename__ = "sessions"

    digest: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    csrf: Mapped[str]
    expires_at: Mapped[datetime]


class Project(Base):
    """A group of documents with its members and its rules of review.

    `accept` or, if given, `accuracy` decides what is queued. `control_share` of accepted cells are mixed in;
    `seed_share` of them come with a known error. `double` are the keys of fields that two people enter.
    """

    __tablename__ = "projects"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    accept: Mapped[float]
    accuracy: Mapped[float | None]
    control_share: Mapped[float] = mapped_column(default=0.0)
    seed_share: Mapped[float] = mapped_column(default=0.0)
    double: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Member(Base):
    """Who sees a project. Admins see all."""

    __tablename__ = "members"

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Document(Base):
    """One uploaded file of a project.

    `version` counts what people changed, `built_version` is the one that the current state shows.
    `reviewed_at`: since when no item of it is open.
    """

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("project_id", "sha256"),
        Index("ix_documents_project_id_id", "project_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    sha256: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    kind: Mapped[str]
    size: Mapped[int]
    state: Mapped[str] = mapped_column(index=True)
    page_count: Mapped[int] = mapped_column(default=0)
    family: Mapped[str] = mapped_column(default="")
    title: Mapped[str] = mapped_column(default="")
    errors: Mapped[list[Any]] = mapped_column(default=list)
    version: Mapped[int] = mapped_column(default=0)
    built_version: Mapped[int] = mapped_column(default=0)
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None]
    reviewed_at: Mapped[datetime | None]


class Reading(Base):
    """What the machine read, as the output contract has it; written once."""

    __tablename__ = "readings"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    read_at: Mapped[datetime] = mapped_column(default=now)
    seconds: Mapped[float]


class Page(Base):
    """A page: its picture's content hash, and its facts and print outside tables as JSON of the contract."""

    __tablename__ = "pages"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    picture: Mapped[str | None]
    body: Mapped[str | None] = mapped_column(Text)


class DocumentTable(Base):
    """A table in its current state, as JSON of the contract."""

    __tablename__ = "document_tables"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    body: Mapped[str] = mapped_column(Text)


class Record(Base):
    """A record in its current state, as JSON of the contract."""

    __tablename__ = "records"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    family: Mapped[str]
    body: Mapped[str] = mapped_column(Text)


class Field(Base):
    """A fact of a record in its current state, to be searched and counted."""

    __tablename__ = "fields"
    __table_args__ = (Index("ix_fields_key_value", "key", "value"),)

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str]
    name: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    value: Mapped[str] = mapped_column(Text)
    unit: Mapped[str | None]
    confidence: Mapped[float]
    status: Mapped[str]


class Job(Base):
    """The reading of one document. `crashes`: how often the process that read it ended.

    `secret`: the sealed password of its file, as long as the job needs it.
    """

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_state_id", "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), index=True)
    state: Mapped[str]
    pages_done: Mapped[int] = mapped_column(default=0)
    pages_total: Mapped[int | None]
    crashes: Mapped[int] = mapped_column(default=0)
    failure: Mapped[dict[str, Any] | None]
    secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Item(Base):
    """A cell (or a line of print outside tables) that a person should look at.

    `place` names it within its document: `t1/3/4` or `p1/7`. `shown` is what people see, of a seed not what was
    read. `rank` orders the queue, the smallest first, after `postponed`. `leased_to` has it until `lease_until`.
    `needed` entries close it.
    """

    __tablename__ = "items"
    __table_args__ = (
        UniqueConstraint("document_id", "place", "origin"),
        Index("ix_items_queue", "project_id", "state", "postponed", "rank", "id"),
        # The order at the end, so that nothing is sorted; `lease_until`, so that groups are counted without the rows.
        Index(
            "ix_items_alike",
            *("project_id", "state", "kind", "shown", "postponed", "rank", "id", "lease_until"),
        ),
        Index("ix_items_document", "document_id", "state", "postponed", "rank", "id"),
        Index("ix_items_leased_to", "leased_to", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    place: Mapped[str]
    origin: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    kind: Mapped[str]
    label: Mapped[str]
    page: Mapped[int]
    read: Mapped[str] = mapped_column(Text)
    shown: Mapped[str] = mapped_column(Text)
    confidence: Mapped[float]
    body: Mapped[dict[str, Any]] = mapped_column(default=dict)
    rank: Mapped[int]
    postponed: Mapped[int] = mapped_column(default=0)
    needed: Mapped[int] = mapped_column(default=1)
    leased_to: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    lease_until: Mapped[datetime | None]
    outcome_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    decided_at: Mapped[datetime | None]


class Decision(Base):
    """What one person said of one item. Taken back, it stays, with the time of that."""

    __tablename__ = "decisions"
    __table_args__ = (Index("ix_decisions_item_id_user_id", "item_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"))
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    action: Mapped[str]
    text: Mapped[str | None] = mapped_column(Text)
    seconds: Mapped[float | None]
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    undone_at: Mapped[datetime | None]


class Comment(Base):
    """A remark on an item."""

    __tablename__ = "comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=now)


class Edit(Base):
    """A change of a table's structure or family that a person made: `kind` merge, split or family;
    or `confirm`: the person found everything right as it stood.
    """

    __tablename__ = "edits"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str]
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(default=now)
    undone_at: Mapped[datetime | None]


class Audit(Base):
    """Who did what, when, what it was before and after, and how long it took. Rows are only ever added."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    user_id: Mapped[int | None]
    action: Mapped[str]
    project_id: Mapped[int | None]
    document_id: Mapped[int | None] = mapped_column(index=True)
    item_id: Mapped[int | None] = mapped_column(index=True)
    before: Mapped[str | None] = mapped_column(Text)
    after: Mapped[str | None] = mapped_column(Text)
    seconds: Mapped[float | None]


class Suggestion(Base):
    """A printed name that the vocabulary does not know, until a person confirms or rejects it."""

    __tablename__ = "suggestions"
    __table_args__ = (UniqueConstraint("group", "below", "form"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group: Mapped[str]
    below: Mapped[str] = mapped_column(default="")
    form: Mapped[str]
    nearest: Mapped[str] = mapped_column(default="")
    score: Mapped[float] = mapped_column(default=0.0)
    document_id: Mapped[int | None]
    state: Mapped[str] = mapped_column(default="open", index=True)
    name: Mapped[str | None]
    decided_by: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    decided_at: Mapped[datetime | None]


class Webhook(Base):
    """An address that is told of finished documents, of one project or of all; `secret` is sealed."""

    __tablename__ = "webhooks"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    url: Mapped[str] = mapped_column(Text)
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    events: Mapped[list[Any]]
    active: Mapped[bool] = mapped_column(default=True)
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)


class Delivery(Base):
    """A message to a webhook. It is `waiting` until it is `sent` or, after many attempts, `given_up`."""

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_state_next_at", "state", "next_at"),
        Index("ix_deliveries_webhook_id_id", "webhook_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"))
    document_id: Mapped[int | None]
    event: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    status: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
    next_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

"""What the service gives, apart from the document of the output contract; the client takes the same types."""

from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel

from shenbao.models.document import Candidate, Region
from shenbao.store.terms import Action, DeliveryState, DocumentState, Finish, Happening, Role

T = TypeVar("T")


class Listing(BaseModel, Generic[T]):
    """One page of a list; `next` asks for the following one, null at the end."""

    items: list[T]
    next: int | None = None


class Me(BaseModel):
    """Who asks. `csrf` goes into the header X-CSRF-Token. `setup`: no account exists yet."""

    id: int
    name: str
    role: Role
    way: Literal["local", "session", "token"]
    csrf: str
    setup: bool


class UserOut(BaseModel):
    id: int
    name: str
    role: Role
    active: bool
    created_at: datetime


class TokenOut(BaseModel):
    """`token` is given once, when it is made."""

    id: int
    name: str
    start: str
    created_at: datetime
    revoked_at: datetime | None = None
    token: str | None = None


class ProjectOut(BaseModel):
    id: int
    name: str
    accept: float
    accuracy: float | None
    control_share: float
    seed_share: float
    double: list[str]
    documents: int
    open_items: int


class JobOut(BaseModel):
    id: int
    document: int
    state: Literal["queued", "running", "done", "failed"]
    pages_done: int
    pages_total: int | None
    crashes: int
    failure: dict[str, Any] | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class DocumentOut(BaseModel):
    """`open_items` wait for a person, of `items` in all."""

    id: int
    project: int
    name: str
    sha256: str
    kind: str
    size: int
    state: Literal["waiting", "reading", "complete", "partial", "failed"]
    page_count: int
    family: str
    title: str
    errors: list[dict[str, Any]]
    version: int
    uploaded_by: str
    created_at: datetime
    read_at: datetime | None
    items: int
    open_items: int


class UploadOut(BaseModel):
    """`known`: these bytes were uploaded before; the document is that one. `job` is its latest."""

    name: str
    document: int
    job: int | None
    known: bool


class PageOut(BaseModel):
    """`picture` is the address of the page's picture, null where it could not be drawn."""

    number: int
    width: int | None
    height: int | None
    dpi: float | None
    rotation: int | None
    picture: str | None


class CommentOut(BaseModel):
    user: str
    text: str
    at: datetime


class DecisionOut(BaseModel):
    id: int
    item: int
    user: str
    action: Action
    text: str | None
    seconds: float | None
    at: datetime
    undone: bool


class FactOut(BaseModel):
    """Where the text stands in the record."""

    group: str
    number: int
    key: str
    name: str


class ItemOut(BaseModel):
    """A cell to look at. `text` is what is shown, `doubtful` the positions in it that may be wrong.

    `place` is `<table>/<row>/<column>`, or `p<page>/0/<line>` of print outside tables. `reasons` say in words
    why it is here. `crops`: addresses of its pictures, one for each part of a cell that a page break cut;
    `?around=2` shows more of its surroundings. `mine`: it is lent to whoever asks, until `lease_until`.
    `entry`: 1, or 2 and 3 where more people enter it.
    """

    id: int
    project: int
    document: int
    document_name: str
    place: str
    page: int
    kind: str
    label: str
    text: str
    confidence: float
    reasons: list[str]
    candidates: list[Candidate]
    doubtful: list[int]
    regions: list[Region]
    facts: list[FactOut]
    crops: list[str]
    state: Literal["open", "done", "settled"]
    mine: bool
    lease_until: datetime | None
    entry: int
    comments: list[CommentOut]
    decisions: list[DecisionOut]


class Leased(BaseModel):
    """The items, and how many are open in all."""

    items: list[ItemOut]
    open: int


class OneDone(BaseModel):
    """What became of one of many: its decision, or why it was not taken."""

    item: int
    decision: DecisionOut | None
    refused: str | None = None


class GroupOut(BaseModel):
    """Open items of one kind that show the same text."""

    kind: str
    text: str
    count: int


class EditOut(BaseModel):
    id: int
    kind: Literal["merge", "split", "family", "confirm"]
    body: dict[str, Any]
    user: str
    at: datetime
    undone: bool


class SuggestionOut(BaseModel):
    """A name that the vocabulary does not know, with the known name nearest to it."""

    id: int
    group: str
    below: str
    form: str
    nearest: str
    score: float
    document: int | None
    state: Literal["open", "confirmed", "rejected"]
    name: str | None


class AuditOut(BaseModel):
    id: int
    at: datetime
    user: str | None
    action: str
    document: int | None
    item: int | None
    before: str | None
    after: str | None
    seconds: float | None


class WebhookOut(BaseModel):
    """An address that is told of finished documents. `project` null: of all. `secret` is given once, when made."""

    id: int
    url: str
    project: int | None
    events: list[Finish]
    active: bool
    created_at: datetime
    secret: str | None = None


class DeliveryOut(BaseModel):
    """A message to a webhook: how often it was tried, what came of it last, and when it is tried again."""

    id: int
    event: Happening
    document: int | None
    state: DeliveryState
    attempts: int
    status: int | None
    error: str | None
    created_at: datetime
    next_at: datetime | None
    ended_at: datetime | None


class ToldDocument(BaseModel):
    """What a webhook's message says of its document; `path` is the address of its content."""

    id: int
    project: int
    name: str
    sha256: str
    state: DocumentState
    family: str
    title: str
    page_count: int
    version: int
    open_items: int
    errors: list[dict[str, Any]]
    path: str


class Message(BaseModel):
    """The body of a webhook's request; `document` is null in a `ping`."""

    type: Happening
    timestamp: datetime
    document: ToldDocument | None

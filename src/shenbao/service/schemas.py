"""What the service takes and gives, apart from the document of the output contract."""

from datetime import datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from fastapi import Path, Query
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from shenbao.models.document import Candidate, Region
from shenbao.store.models import Action, Role

LARGEST_ID = 2**31 - 1

Id = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Cursor = Annotated[int | None, Query(ge=1, le=LARGEST_ID, description="`next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=200)]
OptionalId = Annotated[int | None, Query(ge=1, le=LARGEST_ID)]


def _storable(text: str) -> str:
    """Refuses what no database keeps: the character NUL, and halves of characters."""
    if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise ValueError("the text holds characters that cannot be stored")
    return text


def _not_boolean(value: object) -> object:
    """Refuses true and false where a number stands: Python takes them for 1 and 0."""
    if isinstance(value, bool):
        raise PydanticCustomError("number", "this is no number")
    return value


Storable = Annotated[str, AfterValidator(_storable)]
Words = Annotated[Storable, StringConstraints(max_length=10_000)]
Name = Annotated[Storable, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
Secret = Annotated[Storable, StringConstraints(min_length=1, max_length=1_000)]
Share = Annotated[float, Field(ge=0, le=1), BeforeValidator(_not_boolean)]
Seconds = Annotated[float, Field(ge=0, le=86_400), BeforeValidator(_not_boolean)]

T = TypeVar("T")


class In(BaseModel):
    model_config = ConfigDict(extra="forbid")


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


class Credentials(In):
    name: Name
    password: Secret


class NewUser(In):
    name: Name
    password: Annotated[Secret, Field(min_length=10)]
    role: Role = "reviewer"


class UserChange(In):
    role: Role | None = None
    password: Annotated[Secret, Field(min_length=10)] | None = None
    active: bool | None = None


class UserOut(BaseModel):
    id: int
    name: str
    role: Role
    active: bool
    created_at: datetime


class NewToken(In):
    name: Name


class TokenOut(BaseModel):
    """`token` is given once, when it is made."""

    id: int
    name: str
    start: str
    created_at: datetime
    revoked_at: datetime | None = None
    token: str | None = None


class ProjectRules(In):
    """`accuracy` asks for a share of accepted cells that are right; it then decides `accept`.

    `double`: keys of fields (`budget_total`) or kinds (`money`) that two people enter.
    """

    accept: Share | None = None
    accuracy: Annotated[float, Field(gt=0, lt=1), BeforeValidator(_not_boolean)] | None = None
    control_share: Share | None = None
    seed_share: Share | None = None
    double: Annotated[list[Name], Field(max_length=200)] | None = None


class NewProject(ProjectRules):
    name: Name


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


class LeaseIn(In):
    """Which items are wanted: by default the first ones of the first project that has some."""

    project: Annotated[int, Field(ge=1, le=LARGEST_ID), BeforeValidator(_not_boolean)] | None = None
    count: Annotated[int, Field(ge=1, le=200), BeforeValidator(_not_boolean)] = 1
    kind: Name | None = None
    text: Words | None = None
    document: Annotated[int, Field(ge=1, le=LARGEST_ID), BeforeValidator(_not_boolean)] | None = None


class Leased(BaseModel):
    """The items, and how many are open in all."""

    items: list[ItemOut]
    open: int


class Plain(In):
    """What is shown is right, or cannot be read. `seconds`: how long the person looked at it."""

    action: Literal["accept", "unreadable"]
    text: None = None
    seconds: Seconds | None = None


class Correction(In):
    """What stands there instead."""

    action: Literal["correct"]
    text: Words
    seconds: Seconds | None = None


DecisionIn = Annotated[Plain | Correction, Field(discriminator="action")]


class PlainOne(Plain):
    item: Annotated[int, Field(ge=1, le=LARGEST_ID), BeforeValidator(_not_boolean)]


class CorrectionOne(Correction):
    item: Annotated[int, Field(ge=1, le=LARGEST_ID), BeforeValidator(_not_boolean)]


class ManyIn(In):
    """A decision for each of many items; those that cannot be taken do not hinder the others."""

    decisions: Annotated[
        list[Annotated[PlainOne | CorrectionOne, Field(discriminator="action")]],
        Field(min_length=1, max_length=200),
    ]


class OneDone(BaseModel):
    """What became of one of many: its decision, or why it was not taken."""

    item: int
    decision: DecisionOut | None
    refused: str | None = None


class CommentIn(In):
    text: Annotated[Words, Field(min_length=1)]


class GroupOut(BaseModel):
    """Open items of one kind that show the same text."""

    kind: str
    text: str
    count: int


class CellIn(In):
    text: Words


class MergeIn(In):
    row: Annotated[int, Field(ge=0, le=100_000), BeforeValidator(_not_boolean)]
    col: Annotated[int, Field(ge=0, le=100_000), BeforeValidator(_not_boolean)]
    row_span: Annotated[int, Field(ge=1, le=100_000), BeforeValidator(_not_boolean)]
    col_span: Annotated[int, Field(ge=1, le=100_000), BeforeValidator(_not_boolean)]


class SplitIn(In):
    row: Annotated[int, Field(ge=0, le=100_000), BeforeValidator(_not_boolean)]
    col: Annotated[int, Field(ge=0, le=100_000), BeforeValidator(_not_boolean)]


class FamilyIn(In):
    """The form that a table is; null gives the choice back to the program."""

    family: Name | None


class EditOut(BaseModel):
    id: int
    kind: Literal["merge", "split", "family"]
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


class SuggestionIn(In):
    """`confirm` takes it into the vocabulary: as a new name, or with `name` as another form of that one."""

    action: Literal["confirm", "reject"]
    name: Name | None = None


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

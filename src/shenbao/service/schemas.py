"""What the service takes; what it gives is in `shenbao.wire`."""

from typing import Annotated, Literal

from fastapi import Path, Query
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from shenbao.store.terms import FINISHES, Finish, Role

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


class In(BaseModel):
    model_config = ConfigDict(extra="forbid")


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


class NewToken(In):
    name: Name


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


class LeaseIn(In):
    """Which items are wanted: by default the first ones of the first project that has some."""

    project: Annotated[int, Field(ge=1, le=LARGEST_ID), BeforeValidator(_not_boolean)] | None = None
    count: Annotated[int, Field(ge=1, le=200), BeforeValidator(_not_boolean)] = 1
    kind: Name | None = None
    text: Words | None = None
    document: Annotated[int, Field(ge=1, le=LARGEST_ID), BeforeValidator(_not_boolean)] | None = None


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


class CommentIn(In):
    text: Annotated[Words, Field(min_length=1)]


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


class SuggestionIn(In):
    """`confirm` takes it into the vocabulary: as a new name, or with `name` as another form of that one."""

    action: Literal["confirm", "reject"]
    name: Name | None = None


class NewWebhook(In):
    """Where messages go, about documents of one project or (null) of all, and what about."""

    url: Annotated[str, StringConstraints(pattern=r"^https?://[!-~]{1,1900}$")]
    project: Annotated[int, Field(ge=1, le=LARGEST_ID), BeforeValidator(_not_boolean)] | None = None
    events: Annotated[list[Finish], Field(min_length=1)] = list(FINISHES)


class WebhookChange(In):
    active: StrictBool

"""What users get: the document, as published in the output contract.

These pydantic models are the contract's source; `shenbao schema` prints the JSON Schema
they give. Names and meanings here change only together with `SCHEMA_VERSION`.
All models are immutable and refuse unknown keys.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Spec

SCHEMA_VERSION: Literal["1"] = "1"

Probability = Annotated[float, Spec(ge=0.0, le=1.0)]
"""The chance that a text or value is exactly right, 0 to 1."""

Point = tuple[float, float]
Polygon = tuple[Point, Point, Point, Point]
"""Clockwise from the top left of the text as read, in pixels of the page image as delivered."""

Status = Literal["accepted", "review"]

Role = Literal["title", "heading", "paragraph", "caption", "contents", "page_number", "other"]
"""What a line of print outside tables is: title of the document or of a table; heading; paragraph; caption
of a table or figure; entry of a contents; page number; other: a running head, or print in a chart or photo."""


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Model):
    """The input file: its base name, the SHA-256 of its bytes, its media type."""

    name: str
    sha256: str
    kind: str
    page_count: Annotated[int, Spec(ge=0)]


class Text(Model):
    """A line of print outside every table.

    `block` numbers the blocks of the document in reading order, over all pages, from 1: a paragraph or
    heading (its lines have one number), or a table (`Table.block`) with its title and captions. Page
    numbers and running heads belong to none. `level` is that of a heading, 1 is the highest.
    """

    text: str
    confidence: Probability
    polygon: Polygon
    role: Role = "paragraph"
    level: Annotated[int, Spec(ge=1)] | None = None
    block: Annotated[int, Spec(ge=1)] | None = None


class Mark(Model):
    """A seal or handwriting on a page: no print, and kept out of the texts.

    `shape` is a seal's, None for handwriting; `colour` is grey on copies, faxes and for black ink.
    """

    kind: Literal["seal", "handwriting"]
    shape: Literal["round", "oval", "square"] | None = None
    colour: Literal["red", "grey"]
    polygon: Polygon
    confidence: Probability


class Page(Model):
    """One page as delivered: `width` and `height` in pixels (of a PDF page: drawn at `dpi`).

    `rotation` is the clockwise turn in degrees that made the page upright; `skew` the angle in
    degrees (counter-clockwise positive) that was left and straightened afterwards. `text_from` is where the
    text of the page comes from: recognised in its picture, the text layer of a PDF, or an Office file, whose
    pages have no picture.
    """

    number: Annotated[int, Spec(ge=1)]
    width: Annotated[int, Spec(ge=1)]
    height: Annotated[int, Spec(ge=1)]
    dpi: Annotated[float, Spec(gt=0)]
    rotation: Literal[0, 90, 180, 270]
    skew: float
    texts: list[Text]
    text_from: Literal["picture", "text_layer", "office"] = "picture"
    marks: list[Mark] = []


class Region(Model):
    """Where a cell stands on one page."""

    page: Annotated[int, Spec(ge=1)]
    polygon: Polygon


class Candidate(Model):
    """One possible reading of a cell."""

    text: str
    probability: Probability


class Cell(Model):
    """A cell of the grid. `text` is what stands on the paper; `flags` say what is special about it.

    `confidence` is of text and place together; `place_confidence` of the place alone: that row, column and
    spans are right, whatever the text. None where it was not worked out.
    """

    row: Annotated[int, Spec(ge=0)]
    col: Annotated[int, Spec(ge=0)]
    row_span: Annotated[int, Spec(ge=1)] = 1
    col_span: Annotated[int, Spec(ge=1)] = 1
    text: str
    confidence: Probability
    place_confidence: Probability | None = None
    regions: list[Region] = []
    candidates: list[Candidate] = []
    flags: list[str] = []


class Table(Model):
    """One table, joined over its pages. Cells cover the grid once, in reading order.

    `block` is its place among the blocks of text (`Text.block`).
    """

    id: str
    title: str
    captions: list[str]
    pages: list[int]
    n_rows: Annotated[int, Spec(ge=1)]
    n_cols: Annotated[int, Spec(ge=1)]
    header_rows: list[int]
    cells: list[Cell]
    block: Annotated[int, Spec(ge=1)] | None = None


class CellRef(Model):
    """Names a cell: the table's id and the row and column where the cell starts."""

    table: str
    row: Annotated[int, Spec(ge=0)]
    col: Annotated[int, Spec(ge=0)]


class NameMatch(Model):
    """How a printed name was found in the vocabulary.

    `name` is the known name, None for a new one. `score` is the similarity (0 to 1) of the name nearest
    to the print, `runner_up_score` that of the second, `margin` what lies between them.
    """

    name: str | None
    nearest: str
    score: Probability
    runner_up: str
    runner_up_score: Probability
    margin: Annotated[float, Spec(ge=-1.0, le=1.0)]


class Field(Model):
    """A fact of the record: `text` as printed, `value` in normal form, and where it stands.

    `match` is given for the level names of an indicator.
    """

    name: str
    label: str
    text: str
    value: str
    unit: str | None = None
    confidence: Probability
    status: Status
    reasons: list[str] = []
    cells: list[CellRef] = []
    match: NameMatch | None = None


class Indicator(Model):
    """One row of the performance indicators. A part without a column in the form is None."""

    level1: Field | None = None
    level2: Field | None = None
    level3: Field | None = None
    description: Field | None = None
    operator: Field | None = None
    value: Field | None = None
    unit: Field | None = None
    basis: Field | None = None
    deadline: Field | None = None


class BudgetLine(Model):
    """One coded line of a budget statement, with its amounts by column name."""

    code: Field | None = None
    name: Field | None = None
    amounts: dict[str, Field]


class Check(Model):
    """An identity that should hold, and whether it does."""

    rule: str
    severity: Literal["hard", "firm", "soft"]
    status: Literal["pass", "fail", "skipped"]
    message: str
    expected: str | None = None
    found: str | None = None
    cells: list[CellRef] = []


class Link(Model):
    """Where another table of the document speaks of the same thing.

    `procurement`: the lines of the procurement budget for the project of a goal table.
    `project_expenditure`: the project expenditure of the department, of which its budget is a part.
    """

    kind: Literal["procurement", "project_expenditure"]
    cells: list[CellRef]


class Record(Model):
    """What one form says, in the canonical vocabulary."""

    family: str
    tables: list[str]
    fields: dict[str, Field]
    indicators: list[Indicator] = []
    lines: list[BudgetLine] = []
    checks: list[Check] = []
    links: list[Link] = []


class StageError(Model):
    """A failure that cost a part of the document; the rest is still given."""

    page: int | None
    stage: str
    code: str
    message: str


class Engine(Model):
    """What read the text: the engine's name and version, and the digests of its models."""

    name: str
    version: str
    models: dict[str, str]


class Document(Model):
    """Everything shenbao knows about one input file."""

    schema_version: Literal["1"] = SCHEMA_VERSION
    status: Literal["complete", "partial", "failed"]
    source: Source
    pages: list[Page]
    tables: list[Table]
    records: list[Record]
    errors: list[StageError] = []
    engine: Engine | None = None

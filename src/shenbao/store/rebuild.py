"""The machine's reading and what people decided -> the document as it stands now."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from shenbao.errors import UsageError
from shenbao.mapping.calibration import packaged_field_calibration
from shenbao.mapping.families import Family
from shenbao.mapping.records import map_document
from shenbao.mapping.vocabulary import Vocabulary
from shenbao.models.document import (
    BudgetLine,
    Cell,
    CellRef,
    Document,
    Field,
    Indicator,
    Page,
    Record,
    Table,
    Text,
)

PERSON = 0.9995
"""The probability that a cell is right that a person has looked at."""

REVIEWED, UNREADABLE = "reviewed", "unreadable"
"""Flags of a cell that a person has decided."""

Place = tuple[str, int, int]
"""Table id, row and column of a cell; or `p<page>`, 0 and the number of a line of print outside tables."""


@dataclass(frozen=True)
class Said:
    """A person's word on a place: its text, or None where it cannot be read."""

    place: Place
    text: str | None


@dataclass(frozen=True)
class Merge:
    """The cells of a rectangle become one."""

    table: str
    row: int
    col: int
    row_span: int
    col_span: int


@dataclass(frozen=True)
class Split:
    """A cell of several rows or columns becomes single ones; its text stays in the first."""

    table: str
    row: int
    col: int


@dataclass(frozen=True)
class SetFamily:
    """A person says what form a table is; None gives the choice back to the mapping."""

    table: str
    family: str | None


@dataclass(frozen=True)
class Confirm:
    """A person has held the whole document beside its pages: grids and texts are right as they stand."""


ConfirmField = Callable[[Field | None], Field | None]
Step = Said | Merge | Split | SetFamily | Confirm


@dataclass(frozen=True)
class Knowledge:
    """What tables are mapped with."""

    vocabulary: Vocabulary
    families: tuple[Family, ...]


def parse_place(text: str) -> Place:
    """`t1/3/4` or `p1/0/7` as a place."""
    table, row, col = text.split("/")
    return table, int(row), int(col)


def place_name(place: Place) -> str:
    return "/".join(map(str, place))


def rebuilt(machine: Document, steps: Sequence[Step], knowledge: Knowledge, accept: float) -> Document:
    """The document after all steps, in their order, mapped and checked again.

    A step whose place is no longer there (a later merge took it) changes nothing.
    """
    tables = {table.id: table for table in machine.tables}
    pages = {page.number: page for page in machine.pages}
    families: dict[str, str] = {}
    said: set[Place] = set()
    for step in steps:
        if isinstance(step, Confirm):
            tables = {name: _all_confirmed(table) for name, table in tables.items()}
            pages = {number: _all_sure(page) for number, page in pages.items()}
            said |= _reviewed(tables.values())
        elif isinstance(step, SetFamily):
            families.pop(step.table, None)
            if step.family is not None:
                families[step.table] = step.family
        elif isinstance(step, Said) and step.place[0] not in tables:
            _say_outside(step, tables, pages)
        else:
            name = step.place[0] if isinstance(step, Said) else step.table
            if name in tables:
                tables[name] = _changed(tables[name], step)
    texts = [text for page in pages.values() for text in page.texts]
    mapped = map_document(
        list(tables.values()),
        texts,
        knowledge.vocabulary,
        knowledge.families,
        accept,
        families,
        packaged_field_calibration(),
    )
    said |= {step.place for step in steps if isinstance(step, Said) and step.text is not None}
    unread = {step.place for step in steps if isinstance(step, Said) and step.text is None} - said
    lines = any(isinstance(step, Confirm) for step in steps)
    return machine.model_copy(
        update={
            "pages": list(pages.values()),
            "tables": mapped.tables,
            "records": [_confirmed(record, said, unread, lines=lines) for record in mapped.records],
        }
    )


def check_step(document: Document, step: Step, families: Sequence[Family]) -> None:
    """Refuses an edit that makes no sense in the document as it stands.

    Raises:
        UsageError: there is no such table, cell or family; a merge would cut a cell.
    """
    if isinstance(step, Said | Confirm):
        return
    table = next((t for t in document.tables if t.id == step.table), None)
    if table is None:
        raise UsageError(f"there is no table {step.table}")
    if isinstance(step, SetFamily):
        if step.family is not None and step.family not in {family.id for family in families}:
            raise UsageError(f"there is no family {step.family}")
        return
    if _cell_at(table, step.row, step.col) is None:
        raise UsageError(f"no cell starts at row {step.row}, column {step.col}")
    if isinstance(step, Merge) and _inside(table, step) is None:
        raise UsageError("a merge takes whole cells only, and stays within the table")


def _changed(table: Table, step: Said | Merge | Split) -> Table:
    if isinstance(step, Said):
        cells = [_with_word(c, step) if (c.row, c.col) == step.place[1:] else c for c in table.cells]
        return table.model_copy(update={"cells": cells})
    return _merged(table, step) if isinstance(step, Merge) else _split(table, step)


def _with_word(cell: Cell, said: Said) -> Cell:
    if said.text is None:
        flags = [*dict.fromkeys([*cell.flags, UNREADABLE])]
        return cell.model_copy(update={"flags": flags})
    flags = [*dict.fromkeys([*(flag for flag in cell.flags if flag != UNREADABLE), REVIEWED])]
    sure = {"text": said.text, "confidence": PERSON, "place_confidence": PERSON, "flags": flags}
    return cell.model_copy(update=sure)


def _all_confirmed(table: Table) -> Table:
    cells = [
        cell
        if UNREADABLE in cell.flags
        else _with_word(cell, Said((table.id, cell.row, cell.col), cell.text))
        for cell in table.cells
    ]
    return table.model_copy(update={"cells": cells})


def _all_sure(page: Page) -> Page:
    return page.model_copy(
        update={"texts": [text.model_copy(update={"confidence": PERSON}) for text in page.texts]}
    )


def _reviewed(tables: Iterable[Table]) -> set[Place]:
    return {
        (table.id, cell.row, cell.col)
        for table in tables
        for cell in table.cells
        if REVIEWED in cell.flags and UNREADABLE not in cell.flags
    }


def _say_outside(said: Said, tables: dict[str, Table], pages: dict[int, Page]) -> None:
    """A line outside tables gets its text, also where a table has it as title or caption."""
    page = pages.get(int(said.place[0].removeprefix("p")))
    index = said.place[2]
    if page is None or said.text is None or not 0 <= index < len(page.texts):
        return
    before, after = page.texts[index], said.text
    texts: list[Text] = list(page.texts)
    texts[index] = before.model_copy(update={"text": after, "confidence": PERSON})
    pages[page.number] = page.model_copy(update={"texts": texts})
    for name, table in tables.items():
        captions = [after if caption == before.text else caption for caption in table.captions]
        title = after if table.title == before.text else table.title
        tables[name] = table.model_copy(update={"captions": captions, "title": title})


def _cell_at(table: Table, row: int, col: int) -> Cell | None:
    return next((cell for cell in table.cells if (cell.row, cell.col) == (row, col)), None)


def _inside(table: Table, merge: Merge) -> list[Cell] | None:
    """The cells of the rectangle; None where it cuts one, leaves the table, or holds one alone."""
    bottom, right = merge.row + merge.row_span, merge.col + merge.col_span
    if bottom > table.n_rows or right > table.n_cols:
        return None
    inside = []
    for cell in table.cells:
        touches = (
            cell.row < bottom
            and cell.row + cell.row_span > merge.row
            and cell.col < right
            and cell.col + cell.col_span > merge.col
        )
        whole = (
            cell.row >= merge.row
            and cell.row + cell.row_span <= bottom
            and cell.col >= merge.col
            and cell.col + cell.col_span <= right
        )
        if touches and not whole:
            return None
        if touches:
            inside.append(cell)
    return inside if len(inside) > 1 else None


def _merged(table: Table, merge: Merge) -> Table:
    inside = _inside(table, merge)
    if inside is None:
        return table
    filled = [cell for cell in inside if cell.text]
    first = inside[0].model_copy(
        update={
            "row": merge.row,
            "col": merge.col,
            "row_span": merge.row_span,
            "col_span": merge.col_span,
            "text": "".join(cell.text for cell in filled),
            "confidence": min((cell.confidence for cell in filled), default=inside[0].confidence),
            "place_confidence": PERSON,
            "regions": [region for cell in inside for region in cell.regions],
            "candidates": filled[0].candidates if len(filled) == 1 else [],
            "flags": [*dict.fromkeys(flag for cell in inside for flag in cell.flags)],
        }
    )
    taken = {(cell.row, cell.col) for cell in inside}
    return _with_cells(table, [first, *(c for c in table.cells if (c.row, c.col) not in taken)])


def _split(table: Table, split: Split) -> Table:
    cell = _cell_at(table, split.row, split.col)
    if cell is None or cell.row_span == cell.col_span == 1:
        return table
    parts = []
    for row in range(cell.row, cell.row + cell.row_span):
        for col in range(cell.col, cell.col + cell.col_span):
            empty = {"text": "", "confidence": PERSON, "candidates": [], "flags": []}
            content: Mapping[str, object] = {} if (row, col) == (cell.row, cell.col) else empty
            place = {"row": row, "col": col, "row_span": 1, "col_span": 1, "place_confidence": PERSON}
            parts.append(cell.model_copy(update={**place, **content}))
    others = [c for c in table.cells if c is not cell]
    return _with_cells(table, [*others, *parts])


def _with_cells(table: Table, cells: list[Cell]) -> Table:
    return table.model_copy(update={"cells": sorted(cells, key=lambda c: (c.row, c.col))})


def _confirmed(record: Record, said: set[Place], unread: set[Place], *, lines: bool) -> Record:
    """The record with fields accepted whose every cell a person has confirmed; `lines`: or the print outside."""

    def confirm(field: Field | None) -> Field | None:
        if field is None or not (field.cells or (lines and field.text)):
            return field
        places = {_place(ref) for ref in field.cells}
        if places & unread:
            return field.model_copy(
                update={"status": "review", "reasons": [*dict.fromkeys([*field.reasons, "人工：无法辨认"])]}
            )
        if places <= said:
            confidence = max(field.confidence, PERSON)
            return field.model_copy(
                update={"status": "accepted", "confidence": confidence, "reasons": ["人工确认"]}
            )
        return field

    return record.model_copy(
        update={
            "fields": {key: confirm(field) for key, field in record.fields.items()},
            "indicators": [_each(indicator, confirm) for indicator in record.indicators],
            "lines": [
                BudgetLine(
                    code=confirm(line.code),
                    name=confirm(line.name),
                    amounts={name: _must(confirm(field)) for name, field in line.amounts.items()},
                )
                for line in record.lines
            ],
        }
    )


def _each(indicator: Indicator, confirm: ConfirmField) -> Indicator:
    return indicator.model_copy(
        update={name: confirm(getattr(indicator, name)) for name in Indicator.model_fields}
    )


def _must(field: Field | None) -> Field:
    assert field is not None
    return field


def _place(ref: CellRef) -> Place:
    return ref.table, ref.row, ref.col

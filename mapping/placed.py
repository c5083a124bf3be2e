"""The fields of a record, each with what part of it it is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from shenbao.models.document import BudgetLine, Field, Indicator, Record

PARTS = ("level1", "level2", "level3", "description", "operator", "value", "unit", "basis", "deadline")


@dataclass(frozen=True)
class Placed:
    """A field, and what part of its record it is: `field` for one of its own, one of `PARTS` of an
    indicator, or `code`, `name` or `amount` of a line."""

    part: str
    field: Field


def placed_fields(record: Record) -> Iterator[Placed]:
    """Every field of a record."""
    for field in record.fields.values():
        yield Placed("field", field)
    for item in record.indicators:
        yield from indicator_parts(item)
    for line in record.lines:
        yield from line_parts(line)


def indicator_parts(item: Indicator) -> Iterator[Placed]:
    """The parts that the form has a column for."""
    for part in PARTS:
        field: Field | None = getattr(item, part)
        if field is not None:
            yield Placed(part, field)


def line_parts(line: BudgetLine) -> Iterator[Placed]:
    """Code, name and amounts, where they are there."""
    if line.code is not None:
        yield Placed("code", line.code)
    if line.name is not None:
        yield Placed("name", line.name)
    for field in line.amounts.values():
        yield Placed("amount", field)


PlacedChange = Callable[[Placed], Field]


def changed_record(record: Record, change: PlacedChange) -> Record:
    """The record with another field in the place of each."""
    fields = {key: change(Placed("field", field)) for key, field in record.fields.items()}
    lines = [
        BudgetLine(
            code=line.code and change(Placed("code", line.code)),
            name=line.name and change(Placed("name", line.name)),
            amounts={name: change(Placed("amount", field)) for name, field in line.amounts.items()},
        )
        for line in record.lines
    ]
    indicators = [
        Indicator(**{placed.part: change(placed) for placed in indicator_parts(item)})
        for item in record.indicators
    ]
    return record.model_copy(update={"fields": fields, "indicators": indicators, "lines": lines})

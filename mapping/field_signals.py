"""What is known of a field that speaks for or against it: the signals of its calibrated confidence."""

from collections.abc import Iterable, Mapping, Sequence
from math import fsum, log

from shenbao.mapping.families import GENERIC
from shenbao.mapping.fields import LOW_CONFIDENCE
from shenbao.mapping.placed import LINE_PARTS, PARTS, Placed, placed_fields
from shenbao.mapping.verdicts import Spot, spots
from shenbao.models.document import Cell, Check, Field, Record, Table

Signals = Mapping[str, float]

_SUREST = 1e-5
"""Odds are no longer than this probability of being wrong allows: what lies beyond is not measured."""

SIGNS: Mapping[str, float] = {
    "estimate": 1.0, "place": 1.0, "record": 1.0, "doubts": -1.0, "failed": -1.0,
}  # fmt: skip
"""The sign that a signal's weight may have; any, for the others."""

NAMES = (
    "estimate", "place", "record", "cells", "length", "blank", "nowhere", "doubts",
    "failed", "generic", *(f"is_{part}" for part in (*PARTS, *LINE_PARTS)),
)  # fmt: skip
"""All signals:

estimate   log odds of the estimate from cells, placing and checks (`shenbao.mapping.confidence`)
place      log odds of the weakest place of its cells
record     log odds of the mean estimate of the record's other fields
cells      logarithm of the number of its cells; length: of that of its characters, one more
blank      1 where nothing is printed; nowhere: 1 where it points to no cell
doubts     reasons for a review other than a low confidence and a failed check
failed     failed checks, hard or firm, that involve its cells
generic    1 where the form's family is not known
is_...     1 for the part of an indicator or of a line that it is; none for the record's own fields
"""


class Evidence:
    """The tables and checks of a document, as its fields ask for them."""

    def __init__(self, tables: Iterable[Table], records: Sequence[Record]) -> None:
        self._cells: dict[Spot, Cell] = {
            (table.id, cell.row, cell.col): cell for table in tables for cell in table.cells
        }
        self._failed = [
            check
            for record in records
            for check in record.checks
            if check.status == "fail" and check.severity != "soft"
        ]
        self._failed_at: dict[Spot, list[Check]] = {}
        for check in self._failed:
            for ref in check.cells:
                self._failed_at.setdefault((ref.table, ref.row, ref.col), []).append(check)
        self._records = {id(record): _estimates(record) for record in records}

    def signals(self, record: Record, placed: Placed) -> dict[str, float]:
        """The signals of a field of one of the document's records; those that are 0 are left out."""
        field, generic = placed.field, record.family == GENERIC
        cells = [cell for place in spots(field) if (cell := self._cells.get(place)) is not None]
        places = [1.0 if c.place_confidence is None else c.place_confidence for c in cells]
        failed = {id(check) for place in spots(field) for check in self._failed_at.get(place, ())}
        found = {
            "estimate": log_odds(field.confidence),
            "place": log_odds(min(places, default=1.0)),
            "record": log_odds(self._others(record, field)),
            "cells": log(max(1, len(cells))),
            "length": log(1 + len(field.text)),
            "blank": float(not field.text),
            "nowhere": float(not cells),
            "doubts": float(self._doubts(field)),
            "failed": float(len(failed)),
            "generic": float(generic),
            f"is_{placed.part}": 1.0,
        }
        return {name: value for name, value in found.items() if value and name in NAMES}

    def _others(self, record: Record, field: Field) -> float:
        total, count = self._records[id(record)]
        return (total - field.confidence) / (count - 1) if count > 1 else field.confidence

    def _doubts(self, field: Field) -> int:
        """Its reasons for a review, but for a low confidence and failed checks, which are signals of their own."""
        return sum(
            not reason.startswith(LOW_CONFIDENCE)
            and not any(reason.startswith(check.message) for check in self._failed)
            for reason in field.reasons
        )


def log_odds(probability: float) -> float:
    """Natural logarithm of the odds of being right, bounded by `_SUREST`."""
    bounded = min(1.0 - _SUREST, max(_SUREST, probability))
    return log(bounded / (1.0 - bounded))


def _estimates(record: Record) -> tuple[float, int]:
    """Sum and number of the confidences of a record's fields."""
    found = [placed.field.confidence for placed in placed_fields(record)]
    return fsum(found), len(found)

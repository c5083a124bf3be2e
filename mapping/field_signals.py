"""What is known of a field that speaks for or against it: the signals of its calibrated confidence."""

from collections.abc import Mapping, Sequence
from math import fsum, log

from shenbao.mapping.placed import Placed, placed_fields
from shenbao.mapping.verdicts import Spot, spots
from shenbao.models import calibration
from shenbao.models.document import Check, Record

Signals = Mapping[str, float]

_SUREST = 1e-5
"""Odds are no longer than this probability of being wrong allows: what lies beyond is not measured."""

SURER = ("level1", "level2", "level3", "value", "unit", "deadline")
"""Parts of indicators that come out right more often than their estimate says: their words are few, or their
grammar is narrow. Signals for all other parts were tried; they made families that were left out worse."""

SIGNS: Mapping[str, float] = {"estimate": 1.0, "record": 1.0, "failed": -1.0}
"""The sign that a signal's weight may have; any, for the others."""

NAMES = ("estimate", "record", "length", "blank", "failed", *(f"is_{part}" for part in SURER))
"""All signals:

estimate   log odds of the estimate from cells, placing and checks (`shenbao.mapping.confidence`)
record     log odds of the mean estimate of the record's other fields
length     logarithm of the number of its characters, one more
blank      1 where nothing is printed
failed     failed checks, hard or firm, that involve its cells
is_...     1 for the part of an indicator that it is

Tried without gain on families that were left out: place confidence and number of its cells, reasons for a
review, whether the form's family is known.
"""


class Evidence:
    """The checks and estimates of a document's records, as its fields ask for them."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._failed: dict[Spot, list[Check]] = {}
        for record in records:
            for check in record.checks:
                if check.status == "fail" and check.severity != "soft":
                    for ref in check.cells:
                        self._failed.setdefault((ref.table, ref.row, ref.col), []).append(check)
        self._records = {id(record): _estimates(record) for record in records}

    def signals(self, record: Record, placed: Placed) -> dict[str, float]:
        """The signals of a field of one of the records; those that are 0 are left out."""
        field = placed.field
        found = {
            "estimate": log_odds(field.confidence),
            "record": log_odds(self._others(record, field.confidence)),
            "length": log(1 + len(field.text)),
            "blank": float(not field.text),
            "failed": float(len({id(c) for place in spots(field) for c in self._failed.get(place, ())})),
            f"is_{placed.part}": 1.0,
        }
        return {name: value for name, value in found.items() if value and name in NAMES}

    def _others(self, record: Record, own: float) -> float:
        total, count = self._records[id(record)]
        return (total - own) / (count - 1) if count > 1 else own


def log_odds(probability: float) -> float:
    """Natural logarithm of the odds of being right, bounded by `_SUREST`."""
    return calibration.log_odds(probability, _SUREST)


def _estimates(record: Record) -> tuple[float, int]:
    """Sum and number of the confidences of a record's fields."""
    found = [placed.field.confidence for placed in placed_fields(record)]
    return fsum(found), len(found)

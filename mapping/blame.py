"""Which cell a failing sum speaks of: where failing identities cross, and what another reading would do."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from rapidfuzz.distance import Levenshtein

from shenbao.mapping import confidence
from shenbao.mapping.values import money_value
from shenbao.mapping.verdicts import Identity, Spot, Verdict, amount, spots
from shenbao.models.document import Cell, Field, Table

_TRIED = 40
"""Other readings that are tried two by two, at most."""
_STEPS = 1_000_000
"""Confidences of cells are multiples of 1 / _STEPS, as they come from the reading."""


@dataclass(frozen=True)
class Suspect:
    """A cell of failing hard checks, with the checks that fail and those that hold.

    `needed` is the amount that would make all its failing identities come out; None where they ask for
    different ones. `slips` is the number of characters in which it differs from what was read.
    """

    field: Field
    failed: tuple[Verdict, ...]
    held: tuple[Verdict, ...]
    needed: Decimal | None
    slips: int

    @property
    def rank(self) -> tuple[int, bool, int, int, float]:
        """Most failing identities first; of equals the one that a small correction explains."""
        return -len(self.failed), self.needed is None, self.slips, len(self.held), self.field.confidence


Evidence = dict[Spot, tuple[Field, list[Verdict]]]


def evidence_of(verdicts: Iterable[Verdict]) -> Evidence:
    """The hard verdicts that involve each cell."""
    found: Evidence = {}
    for verdict in verdicts:
        if verdict.severity == "hard" and verdict.good is not None:
            for field in verdict.fields:
                for place in spots(field):
                    found.setdefault(place, (field, []))[1].append(verdict)
    return found


def suspects(evidence: Evidence) -> dict[Spot, Suspect]:
    """Every cell of a failing hard check."""
    return {
        place: _suspect(place, field, verdicts)
        for place, (field, verdicts) in evidence.items()
        if any(not verdict.good for verdict in verdicts)
    }


def _suspect(place: Spot, field: Field, verdicts: Sequence[Verdict]) -> Suspect:
    failed = tuple(v for v in verdicts if not v.good)
    held = tuple(v for v in verdicts if v.good)
    value = amount(field)
    wanted = (
        {value + _missing(v.identity, place) for v in failed if v.identity} if value is not None else set()
    )
    needed = wanted.pop() if len(wanted) == 1 else None
    if needed is not None and needed < 0:
        needed = None
    slips = len(field.text) if needed is None else _slips(field.text, needed)
    return Suspect(field, failed, held, needed, slips)


def _missing(identity: Identity, place: Spot) -> Decimal:
    """What has to be added in one cell for both sides to be equal."""
    left, right = identity.sides()
    on_left = any(place in spots(field) for field in identity.left)
    return right - left if on_left else left - right


def _slips(text: str, needed: Decimal) -> int:
    forms = (f"{needed:f}", f"{needed:.2f}", "" if not needed else f"{needed.normalize():f}")
    return min(Levenshtein.distance(text.replace(",", ""), form) for form in forms)


def ranking(found: Mapping[Spot, Suspect]) -> dict[Spot, int]:
    """Cells of failing checks, the likeliest culprit first."""
    ordered = sorted(found, key=lambda place: (*found[place].rank, place))
    return {place: position for position, place in enumerate(ordered)}


def revised(evidence: Evidence) -> dict[Spot, float]:
    """The confidence of every field after all hard checks that involve its cell (`confidence.after_checks`)."""
    return {place: _after(place, field.confidence, seen) for place, (field, seen) in evidence.items()}


def with_evidence(table: Table, evidence: Evidence) -> Table:
    """The table with the confidence of its cells after the hard checks that involve them."""
    cells = []
    for cell in table.cells:
        place = (table.id, cell.row, cell.col)
        if place in evidence:
            # Rounded down, so that it never reaches 1.
            probability = int(_after(place, cell.confidence, evidence[place][1]) * _STEPS) / _STEPS
            cell = cell.model_copy(update={"confidence": probability})
        cells.append(cell)
    return table.model_copy(update={"cells": cells})


def _after(place: Spot, probability: float, verdicts: Sequence[Verdict]) -> float:
    others = [_others(verdict, place) for verdict in verdicts if not verdict.good]
    return confidence.after_checks(probability, others, sum(1 for v in verdicts if v.good))


def _others(verdict: Verdict, place: Spot) -> list[float]:
    return [field.confidence for field in verdict.fields if place not in spots(field)]


Option = tuple[Spot, str, Decimal]
"""A cell, another reading of it, and the amount that it gives."""


def other_readings(found: Mapping[Spot, Suspect], cells: Mapping[Spot, Cell]) -> dict[Spot, str]:
    """What the recogniser also read in a cell, and with which all hard checks of the cell come out.

    Where no single cell explains a failure, two are tried together; each then names the other's reading.
    """
    options = [
        option
        for place in sorted(found, key=lambda p: found[p].rank)
        for option in _options(place, found, cells)
    ]
    readings: dict[Spot, str] = {}
    for place, text, value in options:
        if place not in readings and _come_out(found, {place: value}):
            readings[place] = text
    settled = {id(verdict) for place in readings for verdict in found[place].failed}
    left = [o for o in options if any(id(v) not in settled for v in found[o[0]].failed)][:_TRIED]
    for (one, text1, value1), (two, text2, value2) in combinations(left, 2):
        fresh = one != two and one not in readings and two not in readings
        if fresh and _come_out(found, {one: value1, two: value2}):
            readings[one] = f"{text1}、另一处读作 {text2}"
            readings[two] = f"{text2}、另一处读作 {text1}"
    return readings


def _options(place: Spot, found: Mapping[Spot, Suspect], cells: Mapping[Spot, Cell]) -> Iterator[Option]:
    cell = cells.get(place)
    for candidate in cell.candidates if cell else ():
        money = money_value(candidate.text)
        if money is not None and candidate.text != found[place].field.text:
            yield place, candidate.text, Decimal(money[0])


def _come_out(found: Mapping[Spot, Suspect], instead: Mapping[Spot, Decimal]) -> bool:
    """Whether all checks of some cells would hold with other amounts in them."""
    verdicts = (v for place in instead for v in (*found[place].failed, *found[place].held))
    return all(v.identity is not None and v.identity.holds(instead) for v in verdicts)

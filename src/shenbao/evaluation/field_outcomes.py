"""Which fields of a document's records are right, by its truth.

A field of a record is judged where the truth names its key: right when text or value is the truth's. The
indicators of a document are set beside the truth's in order, so that most parts agree; a part is right
when it is the truth's, and every part of an indicator that the truth lacks is wrong. Budget lines are not
in the truth: a field of a line is right when its cells are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shenbao.evaluation import normal
from shenbao.evaluation.scoring import outcomes
from shenbao.mapping.placed import Placed, indicator_parts, line_parts
from shenbao.models.document import Document, Indicator, Record

Json = Mapping[str, Any]

_EFFECTS = {"效果指标": "效益指标"}


@dataclass(frozen=True)
class FieldOutcome:
    """A field of an output record, and whether it is right."""

    record: Record
    placed: Placed
    right: bool


def field_outcomes(truth: Json, document: Document) -> list[FieldOutcome]:
    """Every field of a document's records that the truth can judge."""
    return [
        *_record_fields(truth, document),
        *_indicator_parts(truth, document),
        *_line_fields(truth, document),
    ]


def _record_fields(truth: Json, document: Document) -> Iterator[FieldOutcome]:
    wanted = truth.get("fields", {})
    for record in document.records:
        for key, field in record.fields.items():
            if key in wanted:
                want = normal.value(wanted[key])
                right = want in (normal.value(field.text), normal.value(field.value))
                yield FieldOutcome(record, Placed("field", field), right)


def _indicator_parts(truth: Json, document: Document) -> Iterator[FieldOutcome]:
    wanted = truth.get("indicators", ())
    found = [(record, item) for record in document.records for item in record.indicators]
    if not wanted:
        return
    partner = dict(_aligned(wanted, [item for _, item in found]))
    for position, (record, item) in enumerate(found):
        other = partner.get(position)
        for placed in indicator_parts(item):
            right = other is not None and _same_part(placed.part, wanted[other], item)
            yield FieldOutcome(record, placed, right)


def _same_part(part: str, want: Json, have: Indicator) -> bool:
    """Whether a part says the same, as printed or in normal form; no operator says =."""
    wanted, field = str(want.get(part, "")), getattr(have, part)
    forms = {field.value or field.text, field.text}
    if part == "unit":
        return normal.unit(wanted) in {normal.unit(form) for form in forms}
    if part == "operator":
        return _sign(wanted) in {_sign(form) for form in forms}
    folded = {normal.value(_EFFECTS.get(form, form)) for form in forms}
    return normal.value(_EFFECTS.get(wanted, wanted)) in folded


def _sign(text: str) -> str:
    sign = normal.plain(text)
    return "" if sign == "=" else sign


def _aligned(wanted: Sequence[Json], found: Sequence[Indicator]) -> list[tuple[int, int]]:
    """Pairs (position in `found`, in `wanted`), in order in both, with most equal parts together.

    The longest common subsequence with a gain of each pair for its equal parts (Needleman and Wunsch, 1970).
    """
    gain = [[_likeness(want, have) for have in found] for want in wanted]
    best = [[0.0] * (len(found) + 1) for _ in range(len(wanted) + 1)]
    for i in range(len(wanted) - 1, -1, -1):
        for j in range(len(found) - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + gain[i][j])
    pairs, i, j = [], 0, 0
    while i < len(wanted) and j < len(found):
        if gain[i][j] > 0 and best[i][j] == best[i + 1][j + 1] + gain[i][j]:
            pairs.append((j, i))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _likeness(want: Json, have: Indicator) -> float:
    """Equal parts, the name of the indicator as three; 0 where neither it nor two other parts are equal."""
    equal = [placed.part for placed in indicator_parts(have) if _same_part(placed.part, want, have)]
    weight = len(equal) + 2 * ("level3" in equal)
    return float(weight) if weight >= 2 else 0.0


def _line_fields(truth: Json, document: Document) -> Iterator[FieldOutcome]:
    output = document.model_dump(include={"tables"})
    right = {
        (document.tables[where[0]].id, *where[1:]): outcome.right
        for outcome in outcomes(truth, output)
        if (where := outcome.where)
    }
    for record in document.records:
        for line in record.lines:
            for placed in line_parts(line):
                judged = [right.get((ref.table, ref.row, ref.col), False) for ref in placed.field.cells]
                if judged:
                    yield FieldOutcome(record, placed, all(judged))

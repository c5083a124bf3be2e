"""One department and year for a document: what some tables state is taken over by those that are silent."""

from collections.abc import Sequence

from shenbao.mapping.confidence import FROM_ANOTHER_TABLE
from shenbao.mapping.families import Family
from shenbao.models.document import Field, Record

_SHARED = ("department_name", "reporting_unit", "budget_year", "department_code")


def shared(records: Sequence[Record], families: Sequence[Family], accept: float) -> list[Record]:
    """The records, each with the department and year of the others where its own table is silent.

    Only where all tables that state it agree, and the form has a place for it (`Family.captions`,
    `Family.texts` or a label). Such a field points to the cells of the other table, has a lower
    confidence and says where it comes from.
    """
    found = {key: field for key in _SHARED if (field := _agreed(records, key)) is not None}
    places = {family.id: _places(family) for family in families}
    return [
        record.model_copy(
            update={
                "fields": {
                    **record.fields,
                    **{
                        key: _taken(field, accept)
                        for key, field in found.items()
                        if key not in record.fields and key in places.get(record.family, ())
                    },
                }
            }
        )
        for record in records
    ]


def _places(family: Family) -> frozenset[str]:
    return frozenset((*family.captions, *(rule.key for rule in family.texts), *family.rules))


def _agreed(records: Sequence[Record], key: str) -> Field | None:
    """The surest statement of a key, where no two tables disagree."""
    stated = [field for r in records if (field := r.fields.get(key)) is not None and field.value]
    if len({field.value for field in stated}) != 1:
        return None
    return max(stated, key=lambda field: field.confidence)


def _taken(field: Field, accept: float) -> Field:
    probability = field.confidence * FROM_ANOTHER_TABLE
    return field.model_copy(
        update={
            "confidence": probability,
            "status": "accepted" if probability >= accept else "review",
            "reasons": [*field.reasons, "本表未写明，取自同一文件的其他表"],
        }
    )

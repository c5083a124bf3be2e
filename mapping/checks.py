"""Identities that the records of a document must fulfil, and what they say of the fields.

What is printed is never changed. A hard check that fails lowers the confidence of its fields and sends
them to review; a firm one sends them to review with the note that the paper may say so; a soft one is
only listed. A hard check that holds raises the confidence a little.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from shenbao.mapping.blame import evidence_of, other_readings, ranking, revised, suspects, with_evidence
from shenbao.mapping.code_checks import code_verdicts
from shenbao.mapping.equations import equation_verdicts
from shenbao.mapping.families import Family
from shenbao.mapping.fields import LOW_CONFIDENCE, low_confidence, to_review
from shenbao.mapping.function_checks import function_verdicts
from shenbao.mapping.goal_checks import code_uniqueness, goal_verdicts, title_verdicts
from shenbao.mapping.grammar_checks import grammar_verdicts
from shenbao.mapping.placed import changed_record
from shenbao.mapping.procurement_checks import procurement_verdicts
from shenbao.mapping.rules import load_rules
from shenbao.mapping.statement_checks import statement_verdicts
from shenbao.mapping.text_checks import text_verdicts
from shenbao.mapping.verdicts import Spot, Verdict, as_checks, spots
from shenbao.mapping.vocabulary import Vocabulary
from shenbao.models.document import Field, Record, Table, Text

Change = Callable[[Field], Field]


@dataclass(frozen=True)
class Mapped:
    """What a document says: its tables, whose cells' confidence has taken in the checks, and its records."""

    tables: list[Table]
    records: list[Record]


def check_document(
    records: Sequence[Record],
    tables: Sequence[Table],
    texts: Sequence[Text],
    vocabulary: Vocabulary,
    families: Sequence[Family],
    accept: float,
) -> Mapped:
    """The tables and records of one document, one for each table in order, after all checks."""
    verdicts = list(judge(records, tables, texts, vocabulary, families))
    evidence = evidence_of(verdicts)
    found = suspects(evidence)
    order = ranking(found)
    cells = {(table.id, cell.row, cell.col): cell for table in tables for cell in table.cells}
    change = _change(verdicts, revised(evidence), other_readings(found, cells), accept)
    checked = [
        changed_record(record, lambda placed: change(placed.field)).model_copy(
            update={"checks": as_checks([v for v in verdicts if v.owner == owner], order)}
        )
        for owner, record in enumerate(records)
    ]
    return Mapped([with_evidence(table, evidence) for table in tables], checked)


def judge(
    records: Sequence[Record],
    tables: Sequence[Table],
    texts: Sequence[Text],
    vocabulary: Vocabulary,
    families: Sequence[Family],
) -> list[Verdict]:
    """Every application of every rule to the document."""
    rules = load_rules()
    frames = {family.id: [vocabulary.frame(f) for f in family.frames] for family in families}
    verdicts = list(equation_verdicts(records, rules.equations))
    verdicts += code_verdicts(records, rules)
    for owner, record in enumerate(records):
        verdicts += goal_verdicts(owner, record, frames.get(record.family, []), rules)
        verdicts += grammar_verdicts(owner, record, vocabulary)
    verdicts += title_verdicts(records, tables)
    verdicts += code_uniqueness(records)
    verdicts += statement_verdicts(records, tables, rules.tree_families)
    verdicts += function_verdicts(records)
    verdicts += procurement_verdicts(records, vocabulary)
    verdicts += text_verdicts(records, texts, rules)
    return verdicts


def _change(
    verdicts: Sequence[Verdict],
    probabilities: Mapping[Spot, float],
    readings: Mapping[Spot, str],
    accept: float,
) -> Change:
    """What the checks make of a field."""
    reasons: dict[tuple[Spot, str], list[str]] = {}
    for verdict in verdicts:
        if verdict.good is False and verdict.severity != "soft":
            note = "，可能原件如此" if verdict.severity == "firm" else ""
            for field in verdict.fields:
                for place in spots(field):
                    reasons.setdefault((place, field.name), []).append(
                        f"{verdict.message}{note}（{verdict.rule}）"
                    )

    def change(field: Field) -> Field:
        places = list(spots(field))
        known = [probabilities[place] for place in places if place in probabilities]
        changed = with_probability(field, min(known), accept) if known else field
        for place in places:
            if place in readings:
                changed = to_review(changed, f"若读作 {readings[place]}，则合计相符")
            for reason in reasons.get((place, field.name), ()):
                changed = to_review(changed, reason)
        return changed

    return change


def with_probability(field: Field, probability: float, accept: float) -> Field:
    """The field at another confidence, with the status that it gives; other reasons for a review stay."""
    low = [reason for reason in field.reasons if reason.startswith(LOW_CONFIDENCE)]
    others = [reason for reason in field.reasons if reason not in low]
    if probability >= accept:
        accepted = field.status == "accepted" or not others
        return field.model_copy(
            update={
                "confidence": probability,
                "status": "accepted" if accepted else "review",
                "reasons": others,
            }
        )
    reasons = others or [low_confidence(probability, accept)]
    return field.model_copy(update={"confidence": probability, "status": "review", "reasons": reasons})

"""Fields made from their parts: value in normal form, confidence, and the reasons for a review."""

from collections.abc import Iterable, Sequence

from shenbao.mapping import confidence
from shenbao.mapping.folding import fold
from shenbao.mapping.matching import Match
from shenbao.mapping.values import (
    Piece,
    ValueGrammar,
    date_value,
    money_value,
    month_value,
    number_value,
    percent_value,
    period_value,
    year_value,
)
from shenbao.mapping.vocabulary import LabelKind
from shenbao.models.document import CellRef, Field, NameMatch

_KIND_NAMES: dict[LabelKind, str] = {
    "money": "金额", "percent": "百分数", "number": "数字", "period": "起止时间", "month": "年月",
    "date": "日期", "year": "年度", "unit": "计量单位",
}  # fmt: skip


LOW_CONFIDENCE = "识别置信度"
"""How the reason begins that a field's confidence alone gives for a review."""


def normal_value(kind: LabelKind, text: str, grammar: ValueGrammar) -> str | None:
    """The normal form of a field's text, or None where the text is not of the kind. Blank gives ""."""
    stripped = text.strip()
    if not stripped:
        return ""
    if kind == "money":
        money = money_value(stripped)
        return money[0] if money else None
    if kind == "code":
        return fold(stripped)
    if kind == "unit":
        return grammar.unit_value(stripped)
    readers = {
        "percent": percent_value,
        "number": number_value,
        "period": period_value,
        "month": month_value,
        "date": date_value,
        "year": year_value,
    }
    reader = readers.get(kind)
    return reader(stripped) if reader else stripped


def near_reason(match: Match, printed: str) -> str | None:
    """Why a name that was not matched exactly wants a look."""
    if match.exact:
        return None
    if not match.name:
        return f"表头“{printed}”无法识别，按位置推断"
    if not match.decided:
        return f"“{printed}”难以分辨，按上下文推断"
    return f"“{printed}”与词表用语不完全一致"


def make_field(
    name: str,
    label: str,
    piece: Piece,
    *,
    readings: Iterable[float],
    placings: Iterable[float] = (),
    reasons: Iterable[str | None] = (),
    cells: Sequence[CellRef] = (),
    unit: str | None = None,
    match: NameMatch | None = None,
    accept: float,
) -> Field:
    """A field from its piece of print.

    `readings` are the confidences of the cells involved, `placings` the probabilities that the mapping
    put it right. Below `accept` the field goes to review, and the reason says so.
    """
    probability = confidence.combined(readings, placings)
    doubts = [reason for reason in reasons if reason]
    accepted = probability >= accept
    if not accepted and not doubts:
        doubts.append(low_confidence(probability, accept))
    return Field(
        name=name,
        label=label.strip(),
        text=piece.text,
        value=piece.value,
        unit=unit,
        confidence=probability,
        status="accepted" if accepted else "review",
        reasons=doubts,
        cells=list(cells),
        match=match,
    )


def low_confidence(probability: float, accept: float) -> str:
    """The reason for a review that the confidence alone gives."""
    return f"{LOW_CONFIDENCE} {probability:.3f} 低于 {accept:g}"


def kind_doubt(kind: LabelKind, value: str | None) -> tuple[list[float], list[str]]:
    """Placings and reasons for a value that is not of its kind."""
    if value is not None:
        return [], []
    return [confidence.NOT_IN_GRAMMAR], [f"内容不是{_KIND_NAMES.get(kind, '规定格式')}"]


def to_review(field: Field, reason: str) -> Field:
    """The same field, sent to review for a further reason."""
    reasons = field.reasons if reason in field.reasons else [*field.reasons, reason]
    return field.model_copy(update={"status": "review", "reasons": reasons})

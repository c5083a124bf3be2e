"""Values in the print around a table: `申报单位：朝阳县司法局`, `（2021年度）`, `单位：万元`."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass

from shenbao.mapping.confidence import UNREAD_PRINT
from shenbao.mapping.families import Family
from shenbao.mapping.folding import fold, fold_kept
from shenbao.mapping.vocabulary import Vocabulary
from shenbao.models.document import Table, Text

_MONEY_UNIT = re.compile(r"单位:?(?:人民币)?(?P<unit>亿元|万元|元)(?![\u4e00-\u9fff])")
_UNIT_LABEL = re.compile(r"(?:金额|货币|计量)?单位")
_MONEY_UNITS = ("亿元", "万元", "元")
_CAPTION_CHARS = "单位亿万元"
_TWO = 2
"""A unit of fewer characters is not looked for among misread ones: `单位：无` says that there is none."""


@dataclass(frozen=True)
class CaptionValue:
    """A value of a caption: its key, label and text as printed, and the probability it was read right."""

    key: str
    label: str
    text: str
    reading: float


def read_captions(
    table: Table, texts: Sequence[Text], family: Family, vocabulary: Vocabulary
) -> dict[str, CaptionValue]:
    """The family's caption values from the title, the captions and then other print outside tables.

    A caption's confidence is that of the same line among `texts`; without one it is unknown.
    """
    confidences = {fold(text.text): text.confidence for text in texts}
    labels = _caption_labels(family, vocabulary)
    captions = _joined([(line, confidences.get(fold(line), UNREAD_PRINT)) for line in table.captions], labels)
    outside = [(text.text, text.confidence) for text in texts if text.text not in table.captions]
    title = [(table.title, confidences.get(fold(table.title), UNREAD_PRINT))] if table.title else []
    found: dict[str, CaptionValue] = {}
    for lines in (captions, title, outside):
        for line, reading in lines:
            for value in (
                *_labelled(line, reading, family, vocabulary),
                *_by_rule(line, reading, family, title),
            ):
                found.setdefault(value.key, value)
    return found


def _caption_labels(family: Family, vocabulary: Vocabulary) -> dict[str, str]:
    """The key of each printed form of the family's captions."""
    return {fold(form): key for key in family.captions for form in vocabulary.labels[key].forms}


def _joined(lines: Sequence[tuple[str, float]], labels: Container[str]) -> list[tuple[str, float]]:
    """A label that ends with its colon, or is one of `labels`, and the value that was found as a line of its own beside
    it."""
    joined: list[tuple[str, float]] = []
    for line, reading in lines:
        last = fold(joined[-1][0]) if joined else ""
        if (last.endswith(":") or _is_label(last, labels)) and not (
            ":" in fold(line) or _is_label(fold(line), labels)
        ):
            label, surely = joined[-1]
            joined[-1] = (
                f"{label}{line}" if last.endswith(":") else f"{label}：{line}",
                min(surely, reading),
            )
        else:
            joined.append((line, reading))
    return joined


def _is_label(folded: str, labels: Container[str]) -> bool:
    """Whether a line is a label of a caption and nothing more."""
    return folded in labels or bool(_UNIT_LABEL.fullmatch(folded))


def _labelled(line: str, reading: float, family: Family, vocabulary: Vocabulary) -> list[CaptionValue]:
    """`label：value` pairs; several may stand in one line."""
    folded, origins = fold_kept(line)
    keys = _caption_labels(family, vocabulary)
    if not keys:
        return []
    forms = "|".join(re.escape(form) for form in sorted(keys, key=len, reverse=True))
    marks = list(re.finditer(rf"(?P<label>{forms}):", folded))
    values = []
    for mark, following in zip(marks, (*marks[1:], None), strict=False):
        start, end = mark.end(), following.start() if following else len(folded)
        if start < end:
            text = line[origins[start] : origins[end - 1] + 1].strip()
            label = line[origins[mark.start()] : origins[start - 1] + 1]
            values.append(CaptionValue(keys[mark["label"]], label, text, reading))
    return values


def _by_rule(line: str, reading: float, family: Family, title: list[tuple[str, float]]) -> list[CaptionValue]:
    folded, origins = fold_kept(line)
    is_title = any(line == text for text, _ in title)
    values = []
    for rule in family.texts:
        if rule.place == "title" and not is_title:
            continue
        found = re.search(rule.pattern, folded)
        if found and found["value"]:
            start, end = found.span("value")
            values.append(CaptionValue(rule.key, "", line[origins[start] : origins[end - 1] + 1], reading))
    return values


def money_unit(table: Table, texts: Sequence[Text], vocabulary: Vocabulary) -> str | None:
    """The unit of all money in a table, where a line above it says `单位：万元`.

    Where none says it in so many characters, one in which some were read as others like them counts
    (`单位：方元`).
    """
    captions = [line for line, _ in _joined([(line, 1.0) for line in table.captions], ())]
    lines = [fold(line) for line in (*captions, table.title, *(text.text for text in texts))]
    for line in lines:
        if found := _MONEY_UNIT.search(line):
            return found["unit"]
    for line in lines:
        found = _MONEY_UNIT.search(_as_meant(line, vocabulary))
        if found and len(found["unit"]) >= _TWO:
            return found["unit"]
    return None


def unit_in_brackets(inside: str, vocabulary: Vocabulary) -> str | None:
    """The unit of money that a label's brackets hold (`万元`, `单位:元`), also one misread as `方元`."""
    text = inside.removeprefix("单位:")
    if text in _MONEY_UNITS:
        return text
    meant = _as_meant(text, vocabulary).removeprefix("单位:")
    return meant if meant in _MONEY_UNITS and len(meant) >= _TWO else None


def _as_meant(text: str, vocabulary: Vocabulary) -> str:
    """The text with every character that looks like one of a unit's caption taken for that."""
    meant = (next((c for c in vocabulary.alike.get(char, "") if c in _CAPTION_CHARS), char) for char in text)
    return "".join(meant)

"""Which places of a document a person should look at, why, and in what order."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher

from shenbao.export.rows import Fact, facts
from shenbao.mapping.lines import is_money, is_numeric
from shenbao.mapping.vocabulary import Vocabulary
from shenbao.models.document import Candidate, Cell, Check, Document, Field, Page, Record, Region
from shenbao.store.rebuild import REVIEWED, Place

_NUMBER = re.compile(r"[-+]?[\d,]+(\.\d+)?%?")
_AMOUNT = re.compile(r"[-+]?(\d{1,3}([,，]\d{3})+(\.\d+)?|\d+\.\d{1,2})")
_CODES = re.compile(r"编码|代码|编号|序号")
_FLAGS = {"seal": "有印章遮挡", "unreadable": "人工：无法辨认"}
_CLEAR_PARTS = {"operator", "unit", "deadline", "level1", "level2", "level3"}


@dataclass
class Spot:
    """All that is known of a place: what stands there, the facts in it, why it is in doubt.

    `failed`: a check that must or should hold fails there.
    """

    place: Place
    text: str
    confidence: float
    regions: list[Region]
    candidates: list[Candidate] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    failed: bool = False
    doubtful: bool = False
    kind: str = "words"
    label: str = ""


def spots_of(
    document: Document, accept: float, vocabulary: Vocabulary, *, with_lines: bool = False
) -> dict[Place, Spot]:
    """Every cell of the document, and every line outside tables that a doubtful field stands in.

    `with_lines`: every other line outside tables too.
    """
    found = {
        (table.id, cell.row, cell.col): _cell_spot(table.id, cell, accept)
        for table in document.tables
        for cell in table.cells
    }
    for record in document.records:
        for fact in facts(record):
            for spot in _spots_with(fact, document.pages, found):
                _add_fact(spot, fact)
        _add_checks(record, found)
    if with_lines:
        for page in document.pages:
            for index in range(len(page.texts)):
                found.setdefault((f"p{page.number}", 0, index), _line_spot(page, index))
    for spot in found.values():
        _name(spot, vocabulary)
    return found


def rank_of(spot: Spot) -> int:
    """Money first, then where a check fails, then by confidence; the smallest comes first."""
    return (
        (0 if spot.kind == "money" else 2000)
        + (0 if spot.failed else 1000)
        + int(min(spot.confidence, 1.0) * 999)
    )


def draw(seed: str) -> float:
    """A number from 0 to 1 that the seed decides: a sample that is the same each time."""
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:6]) / 2**48


def doubtful_characters(text: str, candidates: Iterable[Candidate]) -> list[int]:
    """Positions in `text` where another likely reading differs."""
    places: set[int] = set()
    for other in candidates:
        if other.text == text or other.probability < 0.001:
            continue
        matcher = SequenceMatcher(None, text, other.text, autojunk=False)
        if len(text) > 1 and matcher.ratio() < 0.5:  # another text altogether tells of no character
            continue
        for tag, start, end, _, _ in matcher.get_opcodes():
            if tag != "equal":
                places.update(range(start, max(end, start + 1)))
    return sorted(place for place in places if place < len(text))


def wrong(text: str, chance: float) -> str:
    """A text that differs from `text` as a misread one would: one digit, or one character missing or doubled."""
    digits = [i for i, char in enumerate(text) if char.isascii() and char.isdigit()]
    if digits:
        at = digits[int(chance * len(digits))]
        return f"{text[:at]}{(int(text[at]) + 1 + int(chance * 97) % 9) % 10}{text[at + 1 :]}"
    at = int(chance * len(text))
    return text[:at] + text[at + 1 :] if len(text) > 1 else text + text


def _cell_spot(table: str, cell: Cell, accept: float) -> Spot:
    spot = Spot((table, cell.row, cell.col), cell.text, cell.confidence, cell.regions, list(cell.candidates))
    spot.reasons = [_FLAGS[flag] for flag in cell.flags if flag in _FLAGS]
    if cell.confidence < accept and REVIEWED not in cell.flags:
        spot.doubtful = True
        spot.reasons.append(f"可信度 {cell.confidence:.3f} 低于接受线 {accept:.3f}")
    return spot


def _spots_with(fact: Fact, pages: Iterable[Page], found: dict[Place, Spot]) -> Iterator[Spot]:
    for ref in fact.field.cells:
        spot = found.get((ref.table, ref.row, ref.col))
        if spot is not None:
            yield spot
    if not fact.field.cells and fact.field.status == "review":
        place = _line_with(fact.field, pages)
        if place is not None:
            yield found.setdefault(place[0], place[1])


def _line_with(wanted: Field, pages: Iterable[Page]) -> tuple[Place, Spot] | None:
    """The line outside tables that holds a field's text; None where none does."""
    if not wanted.text:
        return None
    for page in pages:
        for index, line in enumerate(page.texts):
            if wanted.text in line.text and (wanted.label in line.text or wanted.label != wanted.text):
                spot = _line_spot(page, index)
                return spot.place, spot
    return None


def _line_spot(page: Page, index: int) -> Spot:
    line = page.texts[index]
    region = Region(page=page.number, polygon=line.polygon)
    return Spot((f"p{page.number}", 0, index), line.text, line.confidence, [region])


def _add_fact(spot: Spot, fact: Fact) -> None:
    spot.facts.append(fact)
    if fact.field.status == "review":
        spot.doubtful = True
        spot.reasons += [reason for reason in fact.field.reasons if reason not in spot.reasons]
        spot.confidence = min(spot.confidence, fact.field.confidence)


def _add_checks(record: Record, found: Mapping[Place, Spot]) -> None:
    for check in record.checks:
        if check.status != "fail" or check.severity == "soft":
            continue
        words = in_words(check)
        for ref in check.cells:
            spot = found.get((ref.table, ref.row, ref.col))
            if spot is not None:
                spot.failed = True
                spot.reasons = [words, *(r for r in spot.reasons if r not in (words, check.message))]


def in_words(check: Check) -> str:
    """What fails, with the difference where both sides are numbers."""
    try:
        difference = Decimal(check.found or "") - Decimal(check.expected or "")
    except InvalidOperation:
        return check.message
    return f"{check.message}：应为 {check.expected}，实为 {check.found}，差 {abs(difference)}"


def _name(spot: Spot, vocabulary: Vocabulary) -> None:
    """Gives a spot its kind and its label, from the facts that stand there."""
    kinds = [_kind_of(fact, vocabulary) for fact in spot.facts]
    if "money" in kinds:
        spot.kind = "money"
    elif kinds:
        spot.kind = kinds[0]
    elif not spot.text:
        spot.kind = "empty"
    elif _NUMBER.fullmatch(spot.text):
        spot.kind = "number"
    names = dict.fromkeys(fact.field.name for fact in spot.facts)
    table, row, col = spot.place
    where = f"表 {table[1:]} 第 {row + 1} 行第 {col + 1} 列"
    if table.startswith("p"):
        where = f"第 {table[1:]} 页表外文字"
    spot.label = " / ".join(names) or where


def _kind_of(fact: Fact, vocabulary: Vocabulary) -> str:
    if fact.group == "明细":
        return fact.key if fact.key in ("code", "name") else _kind_in_column(fact.key, fact.field.text)
    if fact.group == "指标":
        return fact.key if fact.key in _CLEAR_PARTS else "number" if fact.key == "value" else "words"
    known = vocabulary.labels.get(fact.key)
    return known.kind if known else "words"


def _kind_in_column(path: str, text: str) -> str:
    """What a budget line has in the column of these headers; where they say nothing, by the cell's text."""
    if _CODES.search(path.rpartition("/")[2]):
        return "code"
    if is_money(path):
        return "money"
    if is_numeric(path):
        return "number"
    if _AMOUNT.fullmatch(text):  # of misread headers
        return "money"
    return "number" if _NUMBER.fullmatch(text) else "words"

"""Cells for signatures, seals and the dates beside them, told by the words that stand in or before them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib import resources

from pydantic import BaseModel, ConfigDict

from shenbao.models.plain import plain
from shenbao.models.stages import Box, FlatMark, ReadCell, ReadLine

SIGNATURE, HANDWRITING = "signature", "handwriting"
"""The flags of `document.Cell` that are set here."""

OVERLAP = 0.3
"""Share of a line of print under handwriting from which it is no print."""

LONGEST_LABEL = 16
"""Characters of a label for a signature; a sentence that speaks of seals is longer."""


class SignatureWords(BaseModel):
    """Schema of `data/signature_words.json`.

    `signing` are words that occur in a label for a signature, `persons` whole labels that, when the cell
    behind them is empty or written by hand, ask for one; `dates` whole texts that leave room for a date.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    source: str
    signing: tuple[str, ...]
    persons: tuple[str, ...]
    dates: tuple[str, ...]


@cache
def signature_words() -> SignatureWords:
    text = resources.files("shenbao.layout").joinpath("data/signature_words.json").read_text("utf-8")
    return SignatureWords.model_validate_json(text)


@cache
def _signing() -> tuple[str, ...]:
    return tuple(plain(word) for word in signature_words().signing)


def flag_marked(cells: Sequence[ReadCell], marks: Sequence[FlatMark]) -> tuple[ReadCell, ...]:
    """The cells of a table, those for signatures and those with handwriting flagged."""
    words = [_hull(mark) for mark in marks if mark.kind == "handwriting"]
    by_hand = [any(_written(line, words) for line in cell.lines) or _held(cell, words) for cell in cells]
    labels = [_is_label(cell.text) for cell in cells]
    flagged = []
    for cell, hand, label in zip(cells, by_hand, labels, strict=True):
        signed = label or _behind_label(cell, hand, cells, labels)
        added = [f for f, on in ((SIGNATURE, signed), (HANDWRITING, hand)) if on and f not in cell.flags]
        flagged.append(replace(cell, flags=(*cell.flags, *added)) if added else cell)
    return tuple(flagged)


def _is_label(text: str) -> bool:
    bare = re.sub(r"[:_.]", "", plain(text))
    if bare in signature_words().dates:
        return True
    return len(bare) <= LONGEST_LABEL and any(word in bare for word in _signing())


def _behind_label(cell: ReadCell, by_hand: bool, cells: Sequence[ReadCell], labels: Sequence[bool]) -> bool:
    """Whether a cell is empty, or written by hand, and stands right behind a label for a signature."""
    if cell.text and not by_hand:
        return False
    persons = signature_words().persons
    for other, label in zip(cells, labels, strict=True):
        one, two = other.place, cell.place
        beside = one.row == two.row and one.col + one.col_span == two.col
        if beside and (label or plain(other.text).rstrip(":") in persons):
            return True
    return False


def _hull(mark: FlatMark) -> Box:
    (x0, y0), (x1, y1) = mark.corners().min(axis=0), mark.corners().max(axis=0)
    return float(x0), float(y0), float(x1), float(y1)


def _written(line: ReadLine, words: Sequence[Box]) -> bool:
    """Whether much of a line of print is handwriting."""
    x0, y0, x1, y1 = line.box
    area = max(1.0, (x1 - x0) * (y1 - y0))
    return any(_shared(line.box, word) > OVERLAP * area for word in words)


def _held(cell: ReadCell, words: Sequence[Box]) -> bool:
    """Whether most of a word written by hand stands in the cell."""
    return any(
        _shared(cell.place.box, word) > 0.5 * (word[2] - word[0]) * (word[3] - word[1]) for word in words
    )


def _shared(one: Box, other: Box) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return max(0.0, width) * max(0.0, height)

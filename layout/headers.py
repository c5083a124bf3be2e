"""Header rows of a table, told by the words that stand in them."""

from collections.abc import Sequence
from functools import cache, lru_cache
from importlib import resources

from pydantic import BaseModel, ConfigDict
from rapidfuzz import fuzz, process

from shenbao.models.plain import plain
from shenbao.models.stages import JoinedTable

CLOSE = 80.0
"""Likeness (0 to 100) from which a cell counts as a header word, so that one misread sign does no harm."""


class HeaderWords(BaseModel):
    """The data file of header words; `source` says where they were seen."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    source: str
    words: tuple[str, ...]


@cache
def header_words() -> tuple[str, ...]:
    text = resources.files("shenbao.layout").joinpath("data/header_words.json").read_text("utf-8")
    return HeaderWords.model_validate_json(text).words


def header_rows(table: JoinedTable) -> tuple[int, ...]:
    """The rows of a table that are headers."""
    rows: list[list[str]] = [[] for _ in range(table.n_rows)]
    for cell in table.cells:
        rows[cell.row].append(cell.text)
    return tuple(i for i, texts in enumerate(rows) if is_header(texts))


def is_header(texts: Sequence[str]) -> bool:
    """Whether at least two cells of a row, and most of the filled ones, hold header words.

    A row of column numbers (栏次) belongs to the header too.
    """
    hits = names_columns(texts)
    return numbers_columns(texts) or (hits >= 2 and hits >= 0.6 * sum(bool(t) for t in texts))


def numbers_columns(texts: Sequence[str]) -> bool:
    """Whether a row says that it numbers the columns."""
    return next((plain(t) for t in texts if t), "") == "栏次"


def names_columns(texts: Sequence[str]) -> int:
    """How many cells of a row hold header words."""
    return sum(_is_header_word(plain(t)) for t in texts if t)


@lru_cache(4096)
def _is_header_word(text: str) -> bool:
    if len(text) > 20:
        return False
    return process.extractOne(text, header_words(), scorer=fuzz.ratio, score_cutoff=CLOSE) is not None

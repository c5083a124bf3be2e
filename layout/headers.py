"""Header rows of a table, told by the words that stand in them."""

import unicodedata
from functools import cache
from importlib import resources

from pydantic import BaseModel, ConfigDict
from rapidfuzz import fuzz, process

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


def plain(text: str) -> str:
    """Text for comparison: compatibility forms folded, white space dropped."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def header_rows(table: JoinedTable) -> tuple[int, ...]:
    """Rows in which at least two cells, and most of the filled ones, hold header words.

    A row of column numbers (栏次) right under them belongs to the header too.
    """
    found = []
    for row in range(table.n_rows):
        texts = [plain(c.text) for c in table.cells if c.row == row and c.text]
        hits = sum(_is_header_word(t) for t in texts)
        numbering = bool(texts) and texts[0] == "栏次"
        if (hits >= 2 and hits >= 0.6 * len(texts)) or numbering:
            found.append(row)
    return tuple(found)


def _is_header_word(text: str) -> bool:
    if len(text) > 20:
        return False
    return process.extractOne(text, header_words(), scorer=fuzz.ratio, score_cutoff=CLOSE) is not None

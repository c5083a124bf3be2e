"""Numbers in print: of headings, of pages, and at the end of the entries of a contents."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources

from pydantic import BaseModel, ConfigDict

from shenbao.models.numerals import ONES, numeral_value
from shenbao.models.plain import plain

_VALUE = re.compile(rf"\d+|[{ONES}十百]+")
_CIRCLED = re.compile("[①-⑳]")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－─一", "-"))


class HeadingPattern(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    level: int
    pattern: str


class NumberingData(BaseModel):
    """Schema of `data/numbering.json`; patterns match text in compatibility form without blanks."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    about: str
    headings: tuple[HeadingPattern, ...]
    page_numbers: tuple[str, ...]
    contents_title: str
    leader: str
    lost_page_number: str
    figure_captions: tuple[str, ...]

    @cached_property
    def compiled_headings(self) -> tuple[tuple[int, re.Pattern[str]], ...]:
        return tuple((entry.level, re.compile(entry.pattern)) for entry in self.headings)


@cache
def _data() -> NumberingData:
    text = resources.files("shenbao.layout").joinpath("data/numbering.json").read_text("utf-8")
    return NumberingData.model_validate_json(text)


@dataclass(frozen=True)
class Numbering:
    """The number at the beginning of a text: the level of its kind (1 is the highest) and its value."""

    level: int
    value: int
    rest: str


def numbering(text: str) -> Numbering | None:
    """The number that a text begins with: 第一部分, 一、, （一）, 1., (1), ①."""
    shown = plain(_CIRCLED.sub(lambda found: f"({ord(found.group()) - ord('①') + 1})", text))
    for level, pattern in _data().compiled_headings:
        found = pattern.match(shown)
        if found:
            return Numbering(level, _value(found.group()), shown[found.end() :])
    return None


def _value(number: str) -> int:
    """The value of a number with the signs around it; 0 for one beyond 九十九."""
    found = _VALUE.search(number)
    if found is None:
        return 0
    return int(found.group()) if found.group().isdecimal() else numeral_value(found.group())


def is_page_number(text: str) -> bool:
    shown = plain(text).translate(_DASHES)
    return any(re.fullmatch(pattern, shown) for pattern in _data().page_numbers)


def is_contents_title(text: str) -> bool:
    return re.fullmatch(_data().contents_title, plain(text)) is not None


def is_contents_entry(text: str) -> bool:
    """Whether a row of print ends in a leader of dots, a leader and a number, or Word's lost number."""
    shown = plain(text)
    data = _data()
    return (
        re.search(rf"({data.leader})[-(]?\d{{0,4}}[-)]?$", shown) is not None
        or re.search(data.lost_page_number, shown) is not None
    )


def is_figure_caption(text: str) -> bool:
    shown = unicodedata.normalize("NFKC", text).strip()
    return any(re.match(pattern, shown) for pattern in _data().figure_captions)

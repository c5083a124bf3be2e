"""Printed forms brought to one shape for comparison. Nothing here changes what is shown to users."""

import re
import unicodedata
from functools import lru_cache

from shenbao.models.numerals import NUMERAL

_ALIKE = str.maketrans(
    {
        "≧": "≥", "⩾": "≥", "≦": "≤", "⩽": "≤", "﹪": "%", "／": "/",
        "—": "-", "–": "-", "―": "-", "‐": "-", "−": "-", "─": "-", "〜": "~",
        "‘": "'", "’": "'", "“": '"', "”": '"', "•": "·", "〔": "[", "〕": "]", "【": "[", "】": "]",
    }
)  # fmt: skip

_BRACKETS = re.compile(r"\([^()]*\)")
_NUMBERING = re.compile(rf"^(?:\d{{1,2}}[.、．](?!\d)|{NUMERAL}[、.]|\((?:{NUMERAL}|\d{{1,2}})\))")
_LEAD = re.compile(r"^其中[:,]?")
_BLANKS = re.compile(r"\s+")

_KEPT = 4096
"""Texts whose folded form is remembered: the words of a form are compared with many lists, and forms print the same."""


@lru_cache(_KEPT)
def fold(text: str) -> str:
    """Full width to half width (NFKC), look-alike signs to one sign, all white space dropped."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text).translate(_ALIKE))


def fold_kept(text: str) -> tuple[str, tuple[int, ...]]:
    """`fold`, and for every folded character the index of the character of `text` it came from."""
    chars: list[str] = []
    origins: list[int] = []
    for index, char in enumerate(text):
        for folded in fold(char):
            chars.append(folded)
            origins.append(index)
    return "".join(chars), tuple(origins)


@lru_cache(_KEPT)
def label_forms(text: str) -> tuple[str, ...]:
    """The forms under which a label is looked up, from the full one to the barest.

    Left off in turn: the closing colon, brackets (`（万元）`), numbering (`1.`, `一、`), `其中：`.
    """
    full = fold(text).rstrip(":")
    bare = _BRACKETS.sub("", full).rstrip(":")
    barer = (bare, _LEAD.sub("", bare), _NUMBERING.sub("", bare), _NUMBERING.sub("", full))
    forms = (full, *(_LEAD.sub("", form).rstrip(":") for form in barer))
    return tuple(dict.fromkeys(f for f in forms if f))


def brackets(text: str) -> tuple[str, ...]:
    """What stands in the brackets of a folded label: `预算数（万元）` gives `("万元",)`."""
    return tuple(found[1:-1] for found in _BRACKETS.findall(fold(text)))

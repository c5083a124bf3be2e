"""Brackets without their other half: print hardly ever has one, misread text often. Quotes are printed carelessly.

Of 16,387 cells of drawn and real forms none held one, and of 392 cells read wrong 14 did.
"""

import re
from collections.abc import Mapping

PAIRS: Mapping[str, str] = {
    "(": ")）",
    "（": "）)",
    "[": "]］",
    "［": "］]",
    "〔": "〕",
    "【": "】",
    "《": "》",
    "「": "」",
}
"""What may close each bracket: half and full width are one sign."""

_CLOSING = frozenset("".join(PAIRS.values()))
_COUNTED = re.compile(r"(?:^|(?<=[\s。；;：:，,、]))[0-9a-zA-Z一二三四五六七八九十]{1,3}[)）]")
"""An item's number, which has a closing bracket alone."""


def brackets(text: str) -> int:
    """How many brackets a text has."""
    return sum(char in PAIRS or char in _CLOSING for char in text)


def unpaired(text: str) -> int:
    """How many brackets of a text are left open, close nothing, or close one of another shape."""
    opened: list[str] = []
    bad = 0
    for char in _COUNTED.sub("", text):
        if char in PAIRS:
            opened.append(char)
        elif char in _CLOSING:
            bad += not opened or char not in PAIRS[opened.pop()]
    return bad + len(opened)

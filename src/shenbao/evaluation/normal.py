"""The normal forms in which a text counts as equal to the truth."""

import re
import unicodedata

_ALIKE = str.maketrans(
    {
        **dict.fromkeys("≧⩾", "≥"),
        **dict.fromkeys("≦⩽", "≤"),
        **dict.fromkeys("—–－", "-"),
        **dict.fromkeys("～〜", "~"),
        **dict.fromkeys("‘’", "'"),
        **dict.fromkeys("“”", '"'),
        "＝": "=",
        "﹪": "%",
        "•": "·",
    }
)


def plain(text: object) -> str:
    """NFKC, look-alike signs as one, white space dropped; None as ""."""
    folded = unicodedata.normalize("NFKC", "" if text is None else str(text)).translate(_ALIKE)
    return re.sub(r"\s+", "", folded)


def unit(text: object) -> str:
    folded = plain(text)
    return "%" if folded in ("百分比", "百分号") else folded


def value(text: object) -> str:
    """Thousands separators dropped, and zeros at the end of a decimal fraction."""
    folded = plain(text).replace(",", "")
    if not re.fullmatch(r"-?\d+\.\d+", folded):
        return folded
    return folded.rstrip("0").rstrip(".")

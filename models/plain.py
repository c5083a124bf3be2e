"""Text as it is compared, whatever stage reads it."""

import unicodedata

COMPARISONS = tuple("≥≤><=＞＜＝")
"""Signs of comparison, as an indicator's operator is printed."""


def plain(text: str) -> str:
    """Text for comparison: compatibility forms folded, white space dropped."""
    return "".join(unicodedata.normalize("NFKC", text).split())

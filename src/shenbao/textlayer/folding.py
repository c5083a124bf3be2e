"""Texts made alike where two spellings look the same."""

import unicodedata

_ALIKE = str.maketrans("—–－～〜≧⩾≦⩽“”‘’•", "---~~≥≥≤≤\"\"''·")


def folded(text: str) -> str:
    """The text without blanks, in compatibility form, with signs alike that look alike."""
    plain = unicodedata.normalize("NFKC", text).translate(_ALIKE)
    return "".join(plain.split())

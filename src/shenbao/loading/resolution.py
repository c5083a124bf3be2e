"""The resolution of a page, in dots per inch."""

A4_LONG_SIDE = 11.69
"""Inches."""

LOWEST, HIGHEST = 50.0, 1200.0
"""Outside of these no scanner works: such a number in a file says nothing."""

PLACEHOLDERS = (72.0, 96.0)
"""What cameras and programs write when they know no resolution."""


def plausible(dpi: float) -> bool:
    """Whether a resolution found in a file may be believed."""
    return LOWEST <= dpi <= HIGHEST and dpi not in PLACEHOLDERS


def estimated(width: int, height: int) -> float:
    """The resolution a page of `width` x `height` pixels has if its longest side is that of A4."""
    return round(min(max(max(width, height) / A4_LONG_SIDE, LOWEST), HIGHEST), 2)

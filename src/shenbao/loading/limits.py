"""What is refused before memory is spent on it."""

from shenbao.errors import InputTooLarge, UnreadableInput
from shenbao.settings import LimitSettings

SMALLEST = 8
"""Pixels of a page's shorter side below which nothing on it can be read: hardly a Chinese character can be
drawn in fewer."""


def check_size(width: int, height: int, limits: LimitSettings, what: str) -> None:
    """Checks the size in pixels of something that is about to be decoded.

    Raises:
        UnreadableInput: it has no extent.
        InputTooLarge: its longest side or its number of pixels is over the limit.
    """
    if width < 1 or height < 1:
        raise UnreadableInput(f"{what}: size {width} x {height}")
    if max(width, height) > limits.side:
        raise InputTooLarge(f"{what}: {width} x {height} pixels, limits.side is {limits.side}")
    if width * height > limits.pixels:
        raise InputTooLarge(f"{what}: {width} x {height} pixels, limits.pixels is {limits.pixels}")


def check_page(width: int, height: int, limits: LimitSettings, what: str) -> None:
    """Checks the size in pixels of a whole page, which must hold print besides.

    Raises:
        UnreadableInput: it is too small for a character.
        InputTooLarge: as `check_size`.
    """
    check_size(width, height, limits, what)
    if min(width, height) < SMALLEST:
        raise UnreadableInput(f"{what}: {width} x {height} pixels are too few for a character")


def check_pages(count: int, limits: LimitSettings) -> None:
    """Raises InputTooLarge when a document has more pages than `limits.pages`."""
    if count > limits.pages:
        raise InputTooLarge(f"{count} pages, limits.pages is {limits.pages}")

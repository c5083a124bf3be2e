"""The protocol that every engine fulfils."""

from collections.abc import Sequence
from typing import Protocol

from shenbao.models.document import Engine
from shenbao.models.stages import Box, Image, Reading


class LineReader(Protocol):
    """Reads pictures of single lines; may also find lines on a page without rulings."""

    def read_lines(self, lines: Sequence[Image]) -> list[Reading]:
        """One reading for each picture, in the same order.

        Each picture is grey (height, width), print dark on light, one horizontal line of text with a
        small margin. A picture without text gives a reading without characters.
        """
        ...

    def find_lines(self, page: Image) -> list[Box]:
        """Boxes of text lines on a grey, upright page, in no particular order (text detection model)."""
        ...

    def describe(self) -> Engine:
        """Name, version and the SHA-256 of each model file in use."""
        ...

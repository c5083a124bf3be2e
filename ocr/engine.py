"""The protocol that every engine fulfils."""

from collections.abc import Sequence
from typing import Protocol

from shenbao.models.document import Engine
from shenbao.models.stages import Box, Image, Reading


class LineReader(Protocol):
    """Reads pictures of single lines; may also find lines on a page without rulings."""

    def read_lines(self, lines: Sequence[Image]) -> list[Reading]:
        """One reading for each picture, in the same order.

        Each picture is grey (height, width), print dark on light, one horizontal line of text. It is as
        high as the page's characters, also where the line holds a lower mark only (`=`, `一`, `-`): the
        height is what tells these from taller characters. Best with a margin of 0.15 of the character
        height above and below and 0.3 left and right. A picture without text gives a reading without
        characters.

        Raises:
            ValueError: a picture is not grey (height, width).
            ModelFileError: a model file is missing or altered.
        """
        ...

    def read_worn(self, lines: Sequence[Image]) -> list[Reading]:
        """As `read_lines`, by the recogniser that was taught on worn print (`ocr/worn.py`).

        With other weights than the packaged ones, which it is made of, and on an engine that cannot change
        weights it reads as `read_lines` does.
        """
        ...

    def find_lines(self, page: Image) -> list[Box]:
        """Boxes of text lines on a grey, upright page, in no particular order (text detection model)."""
        ...

    def load(self) -> None:
        """Load the networks now, which is otherwise done at first use of each.

        Raises:
            ModelFileError: a model file is missing or altered.
        """
        ...

    def release(self) -> None:
        """Hand back what only reading itself takes, until the next page: it grows with the widest line."""
        ...

    def describe(self) -> Engine:
        """Name, version and the SHA-256 of each model file in use."""
        ...

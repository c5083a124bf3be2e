"""An engine for tests that reads nothing; others say what they read."""

from collections.abc import Sequence

from shenbao.models.document import Engine
from shenbao.models.stages import Box, Image, Reading


class Silent:
    """A `LineReader` that finds no lines and gives no character."""

    def read_lines(self, lines: Sequence[Image]) -> list[Reading]:
        return [Reading(()) for _ in lines]

    def read_worn(self, lines: Sequence[Image]) -> list[Reading]:
        return [Reading(()) for _ in lines]

    def find_lines(self, page: Image) -> list[Box]:
        return []

    def load(self) -> None:
        pass

    def release(self) -> None:
        pass

    def describe(self) -> Engine:
        return Engine(name="silent", version="0", models={})

"""The layout without the recogniser: shenbao's own reader, whose engine reads no line of the page.

Only what decides between the quarter turns is read, as always; how long that takes can be told apart.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from unittest.mock import patch

import shenbao.reader
from bench.structure import Spans
from shenbao.layout.straighten import RoughPage
from shenbao.layout.upright import find_turn
from shenbao.models.document import Engine
from shenbao.models.stages import Box, Image, PageImage, Reading, Turn
from shenbao.ocr.engine import LineReader
from shenbao.reader import Reader

LAYOUT_STAGES: dict[str, str] = {
    "flatten": "shenbao.reader.flatten",
    "turn": "shenbao.reader.find_turn",
    "rulings": "shenbao.reader.find_rulings",
    "grids": "shenbao.reader.find_tables",
    "streaks": "shenbao.reader.without_streaks",
    "marks": "shenbao.reader.find_marks",
    "cell lines": "shenbao.ocr.page.lines_of_cells",
}
"""Steps of the layout, by the names under which they are called. `turn` is a part of `flatten`."""


class _Blind:
    """An engine that says of every line that nothing stands there."""

    def __init__(self, real: LineReader) -> None:
        self._real = real

    def read_lines(self, lines: Sequence[Image]) -> list[Reading]:
        return [Reading(()) for _ in lines]

    read_worn = read_lines

    def find_lines(self, page: Image) -> list[Box]:
        return self._real.find_lines(page)

    def load(self) -> None:
        self._real.load()

    def release(self) -> None:
        self._real.release()

    def describe(self) -> Engine:
        return self._real.describe()


class BlindReader(Reader):
    """A reader that finds tables and lines but reads none of them. Make it with `blind_reader`."""

    def __init__(self, real: LineReader) -> None:
        super().__init__()
        self.__dict__["engine"] = _Blind(real)

    def tables(self, image: PageImage) -> list[Spans]:
        """The spans of each table of a page."""
        page = self.read_page(image)
        return [
            frozenset((c.row, c.col, c.row_span, c.col_span) for c in table.grid.cells)
            for table in page.tables
        ]


@contextmanager
def blind_reader(real: LineReader) -> Iterator[BlindReader]:
    """A blind reader, valid in the block; `real` is asked only which way up the page is."""

    def turn(page: RoughPage, engine: object) -> Turn:
        return find_turn(page, real)

    with patch.object(shenbao.reader, "find_turn", turn):
        yield BlindReader(real)

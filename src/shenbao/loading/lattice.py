"""The tables that camelot sees on a PDF page: a second opinion besides our own (`shenbao.textlayer`).

camelot (extra `pdf`) finds long rulings with OpenCV, adds those that the file draws as lines, closes them to cells,
and puts the file's texts into them, which it takes from the file by itself (with playa, not with PDFium).
"""

import io
import logging
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from shenbao.errors import EngineUnavailable
from shenbao.models.stages import Box, Image, LatticeCell

log = logging.getLogger(__name__)

_LOCK = threading.Lock()
"""camelot changes Python's warning filters and enters PDFium."""


@dataclass(frozen=True)
class MergedCell:
    """A cell of a camelot table; those without a ruling between them are one. `box` in points, from the bottom."""

    row: int
    col: int
    row_span: int
    col_span: int
    box: Box
    text: str


def page_lattice(
    source: str | Path | bytes,
    number: int,
    password: str | None,
    pixels: Image,
    points: tuple[float, float],
) -> tuple[tuple[LatticeCell, ...], ...]:
    """For each lattice table of page `number` its cells.

    Args:
        pixels: RGB picture (height, width, 3) of the page as it is delivered. camelot would draw the page once
            more, with more pixels than it needs, which takes longer than all the rest that it does.
        points: width and height of the page in points, as it is shown.

    Raises:
        EngineUnavailable: camelot is not installed.
    """
    try:
        from camelot.io import read_pdf
    except ImportError as error:
        raise EngineUnavailable("camelot is not installed: pip install 'shenbao[pdf]'") from error
    given: Any = io.BytesIO(source) if isinstance(source, bytes) else str(source)
    drawn = {"backend": _Drawn(pixels), "use_fallback": False}
    with _LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = read_pdf(
                given, pages=str(number), password=password, flavor="lattice", split_text=True, **drawn
            )
        # What camelot raises on odd files is of any type; it is an opinion only, and none is given then.
        except Exception as error:  # noqa: BLE001
            log.info("camelot on page %d: %s: %s", number, type(error).__name__, error)
            return ()
    scale = pixels.shape[1] / points[0], pixels.shape[0] / points[1]
    return tuple(tuple(_placed(cell, scale, points[1]) for cell in merged_cells(table)) for table in found)


def merged_cells(table: Any) -> Iterator[MergedCell]:
    """The cells of a camelot table, row by row."""
    rows, cols = table.shape
    taken: set[tuple[int, int]] = set()
    for r in range(rows):
        for c in range(cols):
            if (r, c) in taken:
                continue
            right, bottom = c, r
            while right + 1 < cols and not table.cells[r][right].right:
                right += 1
            while bottom + 1 < rows and not table.cells[bottom][c].bottom:
                bottom += 1
            block = [(i, k) for i in range(r, bottom + 1) for k in range(c, right + 1)]
            taken |= set(block)
            first, last = table.cells[r][c], table.cells[bottom][right]
            text = "".join(table.cells[i][k].text for i, k in block)
            box = first.x1, last.y1, last.x2, first.y2
            yield MergedCell(r, c, bottom - r + 1, right - c + 1, box, text)


def _placed(cell: MergedCell, scale: tuple[float, float], height: float) -> LatticeCell:
    x0, y0, x1, y1 = cell.box
    box = x0 * scale[0], (height - y1) * scale[1], x1 * scale[0], (height - y0) * scale[1]
    return LatticeCell(box, cell.text)


class _Drawn:
    """What camelot asks for the page's picture, which is there already."""

    def __init__(self, pixels: Image) -> None:
        self._pixels = pixels

    def to_array(self, pdf_path: str, resolution: int = 300, page: int = 1) -> Image:
        """The picture (height, width, 3) in OpenCV's order of colours."""
        import cv2

        return np.asarray(cv2.cvtColor(self._pixels, cv2.COLOR_RGB2BGR), np.uint8)

    def convert(self, pdf_path: str, png_path: str, resolution: int = 300, page: int = 1) -> None:
        """camelot wants this to be there, and calls it only where `to_array` fails."""
        raise NotImplementedError

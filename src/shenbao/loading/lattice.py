"""The tables that camelot sees on a PDF page: an opinion besides our own (`shenbao.textlayer`).

camelot (extra `pdf`) draws the page by itself, finds long rulings with OpenCV and closes them to cells.
"""

import io
import logging
import threading
import warnings
from pathlib import Path
from typing import Any

from shenbao.errors import EngineUnavailable
from shenbao.models.stages import Box

log = logging.getLogger(__name__)

_LOCK = threading.Lock()
"""camelot changes Python's warning filters and enters PDFium."""


def page_lattice(
    source: str | Path | bytes,
    number: int,
    password: str | None,
    size: tuple[int, int],
    points: tuple[float, float],
) -> tuple[tuple[Box, ...], ...]:
    """For each lattice table of page `number` the boxes of its cells, merged ones as one, in pixels.

    Args:
        size: width and height of the delivered page in pixels.
        points: the same in points, as the page is shown.

    Raises:
        EngineUnavailable: camelot is not installed.
    """
    try:
        from camelot.io import read_pdf
    except ImportError as error:
        raise EngineUnavailable("camelot is not installed: pip install 'shenbao[pdf]'") from error
    given: Any = io.BytesIO(source) if isinstance(source, bytes) else str(source)
    with _LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = read_pdf(given, pages=str(number), password=password, flavor="lattice")
        # What camelot raises on odd files is of any type; it is an opinion only, and none is given then.
        except Exception as error:  # noqa: BLE001
            log.info("camelot on page %d: %s: %s", number, type(error).__name__, error)
            return ()
    scale = size[0] / points[0], size[1] / points[1]
    return tuple(_boxes(table, scale, points[1]) for table in found)


def _boxes(table: Any, scale: tuple[float, float], height: float) -> tuple[Box, ...]:
    """Boxes of a table's cells in pixels; cells without a ruling between them are one."""
    rows, cols = table.shape
    taken: set[tuple[int, int]] = set()
    boxes: list[Box] = []
    for r in range(rows):
        for c in range(cols):
            if (r, c) in taken:
                continue
            right, bottom = c, r
            while right + 1 < cols and not table.cells[r][right].right:
                right += 1
            while bottom + 1 < rows and not table.cells[bottom][c].bottom:
                bottom += 1
            taken |= {(i, k) for i in range(r, bottom + 1) for k in range(c, right + 1)}
            first, last = table.cells[r][c], table.cells[bottom][right]
            boxes.append(
                (
                    first.x1 * scale[0],
                    (height - first.y2) * scale[1],
                    last.x2 * scale[0],
                    (height - last.y1) * scale[1],
                )
            )
    return tuple(boxes)

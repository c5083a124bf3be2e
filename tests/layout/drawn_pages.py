"""Pages drawn with known truth: ruled tables from edges and spans, strokes for print, damage, a turn.

Lengths are pixels. A table is written as text, cells parted by `|`: a number is that many characters of
print, `<` goes on from the left, `^` from above, anything else is an empty cell.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.models.stages import (
    Box,
    CharReading,
    FlatPage,
    Grid,
    GridCell,
    Image,
    PageImage,
    PageTable,
    ReadCell,
    Reading,
    ReadLine,
)

HEIGHT = 24
"""Height of a drawn character."""

Span = tuple[int, int, int, int]
"""row, column, rows, columns"""

Matrix = NDArray[np.float64]


def cells_of(drawing: str) -> list[tuple[Span, str]]:
    """Spans and contents of a drawing's cells, in reading order."""
    rows = [[cell.strip() for cell in line.split("|")] for line in drawing.strip().splitlines()]
    width = len(rows[0])
    assert all(len(row) == width for row in rows), "every line needs the same number of cells"
    cells = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text in ("<", "^"):
                continue
            right = next((k for k in range(c + 1, width) if row[k] != "<"), width)
            down = next((k for k in range(r + 1, len(rows)) if rows[k][c] != "^"), len(rows))
            cells.append(((r, c, down - r, right - c), text))
    return cells


def spans_of(drawing: str) -> list[Span]:
    return [span for span, _ in cells_of(drawing)]


def spans_found(grid: Grid) -> list[Span]:
    return [(c.row, c.col, c.row_span, c.col_span) for c in grid.cells]


def edges(*lengths: float, start: float) -> list[float]:
    """Edges of neighbouring columns or rows of these widths."""
    return [float(x) for x in np.cumsum([start, *lengths])]


def white(width: int, height: int) -> Image:
    return np.full((height, width), 255, np.uint8)


def rule(
    page: Image, start: tuple[float, float], end: tuple[float, float], thickness: int = 3, level: int = 0
) -> None:
    """A ruling along an axis whose middle runs from `start` to `end` (x, y)."""
    before, after = thickness // 2, thickness - thickness // 2
    (x0, x1), (y0, y1) = (sorted(round(v) for v in pair) for pair in zip(start, end, strict=True))
    page[max(0, y0 - before) : y1 + after, max(0, x0 - before) : x1 + after] = level


def sign(page: Image, x: float, y: float, height: int, seed: int) -> None:
    """A character of strokes, as high as wide, its upper left corner at (x, y)."""
    rng = np.random.default_rng(seed)
    thick = max(2, round(0.09 * height))
    left, top = round(x), round(y)
    stem = left + int(rng.integers(height // 3, 2 * height // 3))
    page[top : top + height, stem : stem + thick] = 0
    for share in (0.12, 0.45, 0.78):
        bar = top + round((share + rng.uniform(-0.08, 0.08)) * height)
        page[bar : bar + thick, left + 1 : left + height - 1] = 0
    cv2.line(page, (stem, top + height // 2), (left + height - thick, top + height - thick), 0, thick)


def sign_line(page: Image, x: float, y: float, count: int, height: int = HEIGHT, seed: int = 0) -> Box:
    """A line of print that begins at (x, y); returns its box."""
    pitch = 1.15 * height
    for k in range(count):
        sign(page, x + k * pitch, y, height, seed * 97 + k)
    return x, y, x + (count - 1) * pitch + height, y + height


def draw_table(
    page: Image,
    xs: Sequence[float],
    ys: Sequence[float],
    drawing: str,
    *,
    thickness: int = 3,
    level: int = 0,
    frame: int | None = None,
) -> None:
    """The table's rulings and print; `frame` is the thickness of its outer rulings."""
    for number, ((r, c, rows, cols), text) in enumerate(cells_of(drawing)):
        x0, y0, x1, y1 = xs[c], ys[r], xs[c + cols], ys[r + rows]
        for start, end in (
            ((x0, y0), (x1, y0)),
            ((x0, y1), (x1, y1)),
            ((x0, y0), (x0, y1)),
            ((x1, y0), (x1, y1)),
        ):
            rule(page, start, end, thickness, level)
        if text.isdigit():
            _fill(page, (x0, y0, x1, y1), int(text), number)
    if frame is not None:
        for x in (xs[0], xs[-1]):
            rule(page, (x, ys[0]), (x, ys[-1]), frame, level)
        for y in (ys[0], ys[-1]):
            rule(page, (xs[0], y), (xs[-1], y), frame, level)


def _fill(page: Image, box: Box, count: int, seed: int) -> None:
    """Print in a cell, wrapped, in the middle of its height."""
    x0, y0, x1, y1 = box
    fit = max(1, int((x1 - x0 - 0.6 * HEIGHT) / (1.15 * HEIGHT)))
    lines = [min(fit, count - k) for k in range(0, count, fit)]
    top = (y0 + y1) / 2 - (1.4 * HEIGHT * (len(lines) - 1) + HEIGHT) / 2
    for k, n in enumerate(lines):
        sign_line(page, x0 + 0.4 * HEIGHT, top + 1.4 * HEIGHT * k, n, seed=seed * 13 + k)


def flat_page(grey: Image, height: float = HEIGHT, stain: Image | None = None) -> FlatPage:
    """A drawn page as the flattening stage would hand it on, delivered straight."""
    ink = np.where(grey < 160, 255, 0).astype(np.uint8)
    return FlatPage(
        number=1,
        grey=grey,
        ink=ink,
        strong=ink,
        stain=np.zeros_like(grey) if stain is None else stain,
        char_height=float(height),
        rotation=0,
        skew=0.0,
        to_delivered=lambda points: points,
    )


@dataclass(frozen=True, eq=False)
class Delivered:
    """A drawn page as a scanner delivers it; `matrix` (3, 3) maps drawn pixels to delivered ones."""

    image: PageImage
    matrix: Matrix

    def place(self, points: Sequence[tuple[float, float]]) -> Matrix:
        """Drawn points (n, 2) on the delivered page."""
        drawn = np.asarray(points, np.float64).reshape(-1, 1, 2)
        return np.asarray(cv2.perspectiveTransform(drawn, self.matrix)[:, 0], np.float64)


def deliver(
    page: Image, degrees: float = 0.0, corners: Sequence[tuple[float, float]] | None = None
) -> Delivered:
    """The page turned clockwise by `degrees` on a larger white sheet; `page` is grey or RGB.

    `corners` moves the drawn page's corners (clockwise from the top left) by these shares of its size
    before it is turned: perspective.
    """
    height, width = page.shape[:2]
    square = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = square + np.asarray(corners or np.zeros((4, 2)), np.float32) * [width, height]
    bent = cv2.getPerspectiveTransform(square, moved.astype(np.float32))
    angle = np.deg2rad(degrees)
    c, s = np.cos(angle), np.sin(angle)
    turn = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    around = cv2.perspectiveTransform(square[:, None].astype(np.float64), turn @ bent)[:, 0]
    low, high = around.min(axis=0), around.max(axis=0)
    matrix = np.array([[1, 0, -low[0]], [0, 1, -low[1]], [0, 0, 1]]) @ turn @ bent
    size = (int(np.ceil(high[0] - low[0])), int(np.ceil(high[1] - low[1])))
    paper = (255, 255, 255)
    seen = cv2.warpPerspective(page, matrix, size, flags=cv2.INTER_AREA, borderValue=paper)
    rgb = seen if seen.ndim == 3 else np.repeat(seen[:, :, None], 3, axis=2)
    return Delivered(PageImage(1, np.ascontiguousarray(rgb, np.uint8), 200.0), matrix)


def reading(text: str, probability: float = 0.99) -> Reading:
    return Reading(tuple(CharReading(c, probability) for c in text))


def read_cell(place: GridCell, text: str) -> ReadCell:
    """A cell that was read as this text, in one line; one that ends in `>` fills it, others not."""
    x0, y0, x1, y1 = place.box
    end = x1 - 5 if text.endswith(">") else x0 + 0.4 * (x1 - x0)
    lines = (ReadLine((x0 + 5, y0 + 5, end, y1 - 5), reading(text.removesuffix(">"))),) if text else ()
    polygon = ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
    return ReadCell(place, polygon, lines, 0.1 if text else 0.0, 0.0, False)


def page_table(
    page: int,
    xs: Sequence[float],
    drawing: str,
    *,
    title: str = "",
    captions: tuple[str, ...] = (),
    page_width: float = 1000.0,
) -> PageTable:
    """A table of a page whose cells were read as the drawing's texts; `.` is an empty cell."""
    count = len(drawing.strip().splitlines())
    ys = edges(*[40.0] * count, start=100)
    cells = []
    for (r, c, rows, cols), text in cells_of(drawing):
        place = GridCell(r, c, rows, cols, (xs[c], ys[r], xs[c + cols], ys[r + rows]), (1.0, 1.0, 1.0, 1.0))
        cells.append(read_cell(place, "" if text == "." else text))
    grid = Grid(tuple(xs), tuple(ys), tuple(c.place for c in cells))
    return PageTable(page, page_width, float(HEIGHT), grid, tuple(cells), title, captions)

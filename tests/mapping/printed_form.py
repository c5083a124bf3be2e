"""A table printed as a clean page: rulings and typeset text, as a scan of 200 dpi without any damage."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from shenbao.models.document import Cell, Table

WIDTH, HEIGHT, MARGIN = 1654, 2339, 130
"""A4 at 200 dpi, in pixels."""
SIZE, LEADING, PADDING = 29, 42, 10
FONTS = (
    Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"),
    Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"),
)


def font_file() -> Path | None:
    """A Chinese font of this machine, if it has one."""
    return next((path for path in FONTS if path.exists()), None)


def print_page(table: Table, file: Path) -> NDArray[np.uint8]:
    """The page as RGB pixels: title, captions and table, columns as wide as their longest words ask for."""
    font = ImageFont.truetype(file, SIZE, index=2 if file.suffix == ".ttc" and "Noto" in file.name else 0)
    page = Image.new("RGB", (WIDTH, HEIGHT), "white")
    draw = ImageDraw.Draw(page)
    draw.text((WIDTH / 2, MARGIN), table.title, fill="black", font=font.font_variant(size=40), anchor="mm")
    draw.text((MARGIN, MARGIN + 70), "    ".join(table.captions), fill="black", font=font, anchor="lm")
    xs = column_edges(table)
    ys = row_edges(table, xs, font)
    for cell in table.cells:
        box = (xs[cell.col], ys[cell.row], xs[cell.col + cell.col_span], ys[cell.row + cell.row_span])
        draw.rectangle(box, outline="black", width=2)
        lines = wrapped(cell.text, box[2] - box[0] - 2 * PADDING, font)
        top = (box[1] + box[3] - LEADING * len(lines)) / 2
        for number, line in enumerate(lines):
            middle = (box[0] + box[2]) / 2
            draw.text((middle, top + LEADING * (number + 0.5)), line, fill="black", font=font, anchor="mm")
    return np.asarray(page)


def column_edges(table: Table) -> list[float]:
    """Edges in pixels; the width asked for grows with the root of the longest text."""
    need = [3.0] * table.n_cols
    for cell in table.cells:
        if cell.col_span == 1:
            need[cell.col] = max(need[cell.col], 4 * len(cell.text) ** 0.5)
    scale = (WIDTH - 2 * MARGIN) / sum(need)
    return [MARGIN + scale * sum(need[:c]) for c in range(table.n_cols + 1)]


def row_edges(table: Table, xs: list[float], font: ImageFont.FreeTypeFont) -> list[float]:
    """Edges in pixels; a row is as high as its tallest cell of one row."""
    heights = [LEADING + 2 * PADDING] * table.n_rows
    for cell in table.cells:
        if cell.row_span == 1:
            heights[cell.row] = max(heights[cell.row], height(cell, xs, font))
    return [MARGIN + 110 + float(sum(heights[:r])) for r in range(table.n_rows + 1)]


def height(cell: Cell, xs: list[float], font: ImageFont.FreeTypeFont) -> int:
    width = xs[cell.col + cell.col_span] - xs[cell.col] - 2 * PADDING
    return LEADING * len(wrapped(cell.text, width, font)) + 2 * PADDING


def wrapped(text: str, width: float, font: ImageFont.FreeTypeFont) -> list[str]:
    lines = [""]
    for char in text:
        if font.getlength(lines[-1] + char) > width and lines[-1]:
            lines.append("")
        lines[-1] += char
    return lines

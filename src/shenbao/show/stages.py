"""A page's intermediates -> a picture of one stage, for looking for the cause of an error."""

from enum import StrEnum

from PIL import Image, ImageDraw

from shenbao.models.stages import Box, Grid, ReadPage, Ruling, Rulings
from shenbao.show.fonts import font

_WEAK, _STRONG = (220, 40, 40), (20, 110, 220)
_TEXT = (150, 30, 160)
_SAY_BELOW = 0.9
"""A line whose weakest character is less probable than this shows the number."""


class Stage(StrEnum):
    """What to draw: the page as delivered, the flat page, rulings, the grid, or cells with their lines."""

    PAGE = "page"
    FLAT = "flat"
    RULINGS = "rulings"
    GRID = "grid"
    CELLS = "cells"


def draw_stage(page: ReadPage, stage: Stage) -> Image.Image:
    """RGB picture of the stage: the delivered page's size for `page`, else that of the flat page; for
    `cells` twice as wide, with the texts on the right."""
    if stage is Stage.PAGE:
        return Image.fromarray(page.image.pixels)
    picture = Image.fromarray(page.flat.grey).convert("RGB")
    draw = ImageDraw.Draw(picture)
    width = max(1, round(page.flat.char_height / 12))
    if stage is Stage.RULINGS:
        _rulings(draw, page.rulings, width)
    elif stage is Stage.GRID:
        for table in page.tables:
            _grid(draw, table.grid, width)
    elif stage is Stage.CELLS:
        return _cells(picture, page, width)
    return picture


def _shade(support: float) -> tuple[int, int, int]:
    """From red (nothing drawn there) to blue (drawn all along)."""
    share = min(max(support, 0.0), 1.0)
    r, g, b = (round(w + (s - w) * share) for w, s in zip(_WEAK, _STRONG, strict=True))
    return r, g, b


def _rulings(draw: ImageDraw.ImageDraw, rulings: Rulings, width: int) -> None:
    for line in rulings.lines:
        draw.line(_ends(line), fill=_shade(line.support), width=max(width, round(line.thickness)))


def _ends(line: Ruling) -> Box:
    if line.horizontal:
        return line.start, line.at, line.end, line.at
    return line.at, line.start, line.at, line.end


def _grid(draw: ImageDraw.ImageDraw, grid: Grid, width: int) -> None:
    for cell in grid.cells:
        draw.rectangle(cell.box, outline=_shade(cell.support), width=width * 2)
        label = f"{cell.row},{cell.col}"
        if cell.row_span * cell.col_span > 1:
            label += f" {cell.row_span}x{cell.col_span}"
        draw.text((cell.box[0] + 2 * width, cell.box[1] + 2 * width), label, fill=_TEXT, font=font(12))


def _cells(picture: Image.Image, page: ReadPage, width: int) -> Image.Image:
    """Cells and lines over the page; beside it each line's text at its place, with its weakest character."""
    both = Image.new("RGB", (picture.width * 2, picture.height), "white")
    both.paste(picture, (0, 0))
    draw = ImageDraw.Draw(both)
    for cell in (cell for table in page.tables for cell in table.cells):
        for shift in (0, picture.width):
            draw.rectangle(_moved(cell.place.box, shift), outline=_STRONG, width=width)
        for line in cell.lines:
            weakest = line.reading.weakest
            draw.rectangle(line.box, outline=_shade(weakest), width=width)
            face = font(max(10, round((line.box[3] - line.box[1]) * 0.7)))
            if face is not None:
                place = line.box[0] + picture.width, line.box[1]
                sure = f" {weakest:.2f}" if weakest < _SAY_BELOW else ""
                draw.text(place, line.reading.text + sure, fill=_shade(weakest), font=face)
    return both


def _moved(box: Box, shift: float) -> Box:
    return box[0] + shift, box[1], box[2] + shift, box[3]

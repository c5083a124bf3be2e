"""A page's intermediates -> a picture of one stage, for looking for the cause of an error."""

from enum import StrEnum

from PIL import Image, ImageDraw

from shenbao.models.stages import Box, FlatPage, Grid, ReadPage, Ruling
from shenbao.show.fonts import font

_WEAK, _STRONG = (220, 40, 40), (20, 110, 220)
_TEXT, _LINE = (150, 30, 160), (20, 140, 60)


class Stage(StrEnum):
    """What to draw: the page as delivered, the flat page, rulings, the grid, or cells with their lines."""

    PAGE = "page"
    FLAT = "flat"
    RULINGS = "rulings"
    GRID = "grid"
    CELLS = "cells"


def draw_stage(page: ReadPage, stage: Stage) -> Image.Image:
    """RGB picture of the stage: the delivered page's size for `page`, else that of the flat page."""
    if stage is Stage.PAGE:
        return Image.fromarray(page.image.pixels)
    picture = Image.fromarray(page.flat.grey).convert("RGB")
    draw = ImageDraw.Draw(picture)
    width = max(1, round(page.flat.char_height / 12))
    if stage is Stage.RULINGS:
        _rulings(draw, page.flat, width)
    elif stage is Stage.GRID:
        for table in page.tables:
            _grid(draw, table.grid, width)
    elif stage is Stage.CELLS:
        _cells(draw, page, width)
    return picture


def _shade(support: float) -> tuple[int, int, int]:
    """From red (nothing drawn there) to blue (drawn all along)."""
    share = min(max(support, 0.0), 1.0)
    r, g, b = (round(w + (s - w) * share) for w, s in zip(_WEAK, _STRONG, strict=True))
    return r, g, b


def _rulings(draw: ImageDraw.ImageDraw, flat: FlatPage, width: int) -> None:
    from shenbao.layout.rulings import find_rulings

    for line in find_rulings(flat).lines:
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


def _cells(draw: ImageDraw.ImageDraw, page: ReadPage, width: int) -> None:
    face = font(max(10, round(page.flat.char_height * 0.6)))
    for table in page.tables:
        for cell in table.cells:
            draw.rectangle(cell.place.box, outline=_STRONG, width=width)
            for line in cell.lines:
                weakest = line.reading.weakest
                draw.rectangle(line.box, outline=_shade(weakest), width=width)
                if face is not None:
                    text = f"{line.reading.text} {weakest:.2f}"
                    draw.text((line.box[0], line.box[3]), text, fill=_LINE, font=face)

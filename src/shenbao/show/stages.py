"""A page's intermediates -> a picture of one stage, for looking for the cause of an error."""

from enum import StrEnum

from PIL import Image, ImageDraw

from shenbao.models.stages import Box, Grid, ReadPage, Ruling, Rulings
from shenbao.show.fonts import LEADING, font, wrapped

_WEAK, _STRONG = (220, 40, 40), (20, 110, 220)
_TEXT = (150, 30, 160)
_WHOLE = 0.95
"""A side of which less is drawn was restored in part."""

Colour = tuple[int, int, int]

_SAY_BELOW = 0.9
"""A line whose weakest character is less probable than this shows the number."""


class Stage(StrEnum):
    """What to draw: the page as delivered, the flat page, rulings, the grid, what of it was restored, cells
    with their lines; of the result: texts with role and block, tables joined over pages, seals and other
    marks (`results.draw_result`)."""

    PAGE = "page"
    FLAT = "flat"
    RULINGS = "rulings"
    GRID = "grid"
    RESTORED = "restored"
    CELLS = "cells"
    TEXTS = "texts"
    JOINS = "joins"
    MARKS = "marks"

    @property
    def is_result(self) -> bool:
        """Whether it is drawn from the document and not from a page's intermediates."""
        return self in (Stage.TEXTS, Stage.JOINS, Stage.MARKS)


def draw_stage(page: ReadPage, stage: Stage) -> Image.Image:
    """RGB picture of the stage: the delivered page's size for `page`, else that of the flat page; for
    `cells` twice as wide, with the texts on the right.

    Raises:
        ValueError: the stage is one of the result.
    """
    if stage.is_result:
        raise ValueError(f"{stage} is drawn from the document")
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
    elif stage is Stage.RESTORED:
        for table in page.tables:
            _restored(picture, table.grid, width)
    elif stage is Stage.CELLS:
        return _cells(picture, page, width)
    return picture


def _shade(support: float) -> Colour:
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
        x0, y0, x1, y1 = cell.box
        _text(draw, (x0 + 2 * width, y0 + 2 * width, x1 - 2 * width, y1 - 2 * width), label, _TEXT, 12)


def _restored(picture: Image.Image, grid: Grid, width: int) -> None:
    """Cells that rest on sides that are not wholly drawn are tinted; these sides are thick, redder the less
    of them is there. Drawn sides are thin."""
    draw = ImageDraw.Draw(picture, "RGBA")
    resting = [cell for cell in grid.cells if cell.support < _WHOLE]
    for cell in resting:
        draw.rectangle(cell.box, fill=(*_shade(cell.support), 40))
    for cell in grid.cells:
        draw.rectangle(cell.box, outline=_STRONG, width=width)
    for cell in resting:
        x0, y0, x1, y1 = cell.box
        sides = ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1))
        for side, drawn in zip(sides, cell.drawn, strict=True):
            if drawn < _WHOLE:
                draw.line(side, fill=_shade(drawn), width=width * 4)


def _text(draw: ImageDraw.ImageDraw, box: Box, text: str, colour: Colour, most: float) -> None:
    """A text on one line inside a box, at most `most` pixels high; left out where it does not fit."""
    fitted = wrapped(text, box[2] - box[0], min(box[3] - box[1], LEADING * most))
    if fitted is not None and len(fitted[1]) == 1:
        draw.text(box[:2], text, fill=colour, font=font(fitted[0]))


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
            x0, y0, x1, y1 = line.box
            sure = f" {weakest:.2f}" if weakest < _SAY_BELOW else ""
            right = max(x1, cell.place.box[2])
            place = (x0 + picture.width, y0, right + picture.width, y1 + 0.2 * (y1 - y0))
            _text(draw, place, line.reading.text + sure, _shade(weakest), y1 - y0)
    return both


def _moved(box: Box, shift: float) -> Box:
    return box[0] + shift, box[1], box[2] + shift, box[3]

"""Document + page picture -> the page with its grid and confidence, beside it what was read."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from shenbao.export.rows import doubt
from shenbao.models.document import Document, Polygon
from shenbao.models.stages import PageImage
from shenbao.show.fonts import LEADING, cut, font, font_file, wrapped

COLOURS = ((24, 140, 60), (215, 140, 0), (205, 30, 30))
"""Sure, below the accept line, far below it."""


MARKED = (120, 40, 200)
"""Seals and handwriting."""


@dataclass(frozen=True)
class Mark:
    """Something to draw: where, what was read, how sure it is (probability), whether it is a cell."""

    polygon: Polygon
    text: str
    confidence: float
    is_cell: bool


def marks(document: Document, page: int) -> list[Mark]:
    """All cells and texts of a page (number from 1). A cell cut by a page break shows on both pages."""
    found = [
        Mark(region.polygon, cell.text, cell.confidence, True)
        for table in document.tables
        for cell in table.cells
        for region in cell.regions
        if region.page == page
    ]
    for entry in document.pages:
        if entry.number == page:
            found += [Mark(text.polygon, text.text, text.confidence, False) for text in entry.texts]
    return found


def draw_page(image: PageImage, document: Document, accept: float) -> Image.Image:
    """The page with its polygons coloured by confidence and its seals and handwriting outlined; to its
    right, where a Chinese font is installed, the texts as read, each at its place, with the confidence of
    doubtful ones.

    Both halves have the size of `image` in the file's pixels, turned upright when the document says how. A text that
    does not fit into its place is a number there, and stands in a list below.
    """
    page = Image.fromarray(image.as_filed)
    found = marks(document, image.number)
    line = max(1, round(max(page.size) / 1200))
    _outline(page, found, accept, line)
    _outline_marked(page, document, image.number, line)
    turns = [entry.rotation for entry in document.pages if entry.number == image.number]
    if font_file() is None:
        return _upright(page, turns)
    reading = Image.new("RGB", page.size, "white")
    notes: list[str] = []
    for mark in found:
        _write(reading, mark, doubt(mark.confidence, accept), notes)
    _outline(reading, found, accept, line)
    page, reading = _upright(page, turns), _upright(reading, turns)
    both = Image.new("RGB", (page.width * 2, page.height))
    both.paste(page, (0, 0))
    both.paste(reading, (page.width, 0))
    return _with_notes(both, notes)


def _upright(page: Image.Image, clockwise: Sequence[int]) -> Image.Image:
    return page.rotate(-clockwise[0], expand=True) if clockwise else page


def _outline(page: Image.Image, found: list[Mark], accept: float, line: int) -> None:
    draw = ImageDraw.Draw(page, "RGBA")
    # Doubtful ones last: a neighbour's sure outline must not hide them.
    for mark in sorted(found, key=lambda m: -m.confidence):
        level = doubt(mark.confidence, accept)
        points = list(mark.polygon)
        if level:
            draw.polygon(points, fill=(*COLOURS[level], 45))
        draw.line([*points, points[0]], fill=COLOURS[level], width=line * (1 + (level > 0)))


def _outline_marked(page: Image.Image, document: Document, number: int, line: int) -> None:
    draw = ImageDraw.Draw(page)
    for mark in (m for entry in document.pages if entry.number == number for m in entry.marks):
        draw.line([*mark.polygon, mark.polygon[0]], fill=MARKED, width=2 * line)


def _write(page: Image.Image, mark: Mark, level: int, notes: list[str]) -> None:
    """Draws the mark's text along the direction in which its polygon reads; adds to `notes` where it does
    not fit."""
    a, b, c, d = mark.polygon
    width, height = (
        round((math.dist(a, b) + math.dist(d, c)) / 2),
        round((math.dist(a, d) + math.dist(b, c)) / 2),
    )
    if not mark.text or min(width, height) < 4:
        return
    sure = f"（{mark.confidence:.2f}）" if level else ""
    fitted = wrapped(mark.text + sure, width - 4, height) or wrapped(mark.text, width - 4, height)
    if fitted is None:
        notes.append(mark.text + sure)
        fitted = wrapped(f"[{len(notes)}]", width, height)
    if fitted is None:
        return
    size, lines = fitted
    mask = Image.new("L", (width, height), 0)
    top = max(0, (height - len(lines) * size * LEADING) / 2)
    draw = ImageDraw.Draw(mask)
    for k, line in enumerate(lines):
        draw.text((2, top + k * size * LEADING), line, fill=255, font=font(size))
    angle = math.degrees(math.atan2(b[1] - a[1], b[0] - a[0]))
    mask = mask.rotate(-angle, expand=True, resample=Image.Resampling.BICUBIC)
    centre = sum(p[0] for p in mark.polygon) / 4, sum(p[1] for p in mark.polygon) / 4
    corner = round(centre[0] - mask.width / 2), round(centre[1] - mask.height / 2)
    page.paste((20, 20, 20) if not level else COLOURS[level], corner, mask)


def _with_notes(picture: Image.Image, notes: Sequence[str]) -> Image.Image:
    """The picture with the numbered texts in a list below it."""
    if not notes:
        return picture
    size = max(14, picture.width // 110)
    told = [f"[{k}] {note}".replace("\n", " ") for k, note in enumerate(notes, 1)]
    lines = [part for note in told for part in cut(note, size, picture.width - 2 * size)]
    high = round((len(lines) + 1) * size * LEADING)
    both = Image.new("RGB", (picture.width, picture.height + high), "white")
    both.paste(picture, (0, 0))
    draw = ImageDraw.Draw(both)
    for k, line in enumerate(lines):
        place = size, picture.height + (k + 0.5) * size * LEADING
        draw.text(place, line, fill=(20, 20, 20), font=font(size))
    return both

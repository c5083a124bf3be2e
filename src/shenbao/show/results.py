"""Document + page pictures -> texts with role and order, tables joined over pages, marks."""

from collections.abc import Callable, Sequence

from PIL import Image, ImageDraw

from shenbao.models.document import Document, Page, Point, Polygon, Role, Table
from shenbao.models.stages import PageImage
from shenbao.show.fonts import font
from shenbao.show.stages import Colour, Stage

PageOf = Callable[[int], PageImage]

_ROLES: dict[Role, Colour] = {
    "title": (190, 20, 60),
    "heading": (200, 100, 0),
    "paragraph": (20, 110, 220),
    "caption": (0, 140, 120),
    "contents": (120, 60, 190),
    "page_number": (120, 120, 120),
    "other": (150, 150, 150),
}
_TABLES: tuple[Colour, ...] = ((20, 110, 220), (0, 140, 80), (150, 60, 180), (180, 120, 0))
_JOINED, _HEADER, _MARK = (230, 90, 0), (60, 60, 60), (205, 30, 30)
_JOIN_HEIGHT = 1500
"""Pixels of the pages of one table side by side; lower ones are as they are."""


def draw_result(page_of: PageOf, document: Document, number: int, stage: Stage) -> Image.Image:
    """RGB picture of page `number` (from 1), upright, with what the stage says of it. `joins` has all pages
    of the page's tables side by side.

    Raises:
        ValueError: the document has no such page, or the stage is none of the result.
    """
    pages = {page.number: page for page in document.pages}
    if number not in pages:
        raise ValueError(f"page {number} is not in the document")
    if stage is Stage.TEXTS:
        return _texts(page_of(number), pages[number], document)
    if stage is Stage.JOINS:
        return _joins(page_of, document, number, pages)
    if stage is Stage.MARKS:
        return _marks(page_of(number), pages[number])
    raise ValueError(f"{stage} is drawn from a page's intermediates")


def _upright(image: PageImage, page: Page) -> Image.Image:
    return Image.fromarray(image.as_filed).rotate(-page.rotation, expand=True)


def _turned(polygon: Polygon, page: Page) -> list[Point]:
    """A polygon of the delivered page on the upright one."""
    w, h = page.width, page.height
    turns: dict[int, Callable[[Point], Point]] = {
        0: lambda p: p,
        90: lambda p: (h - p[1], p[0]),
        180: lambda p: (w - p[0], h - p[1]),
        270: lambda p: (p[1], w - p[0]),
    }
    return [turns[page.rotation](point) for point in polygon]


def _line_width(picture: Image.Image) -> int:
    return max(1, round(max(picture.size) / 1200))


def _texts(image: PageImage, page: Page, document: Document) -> Image.Image:
    """Every line framed in the colour of its role; before each block its number, of headings the level."""
    picture = _upright(image, page)
    draw = ImageDraw.Draw(picture, "RGBA")
    width = _line_width(picture)
    seen: set[int | None] = {None}
    for table in document.tables:
        for region in (r for cell in table.cells for r in cell.regions if r.page == page.number):
            draw.polygon(_turned(region.polygon, page), fill=(128, 128, 128, 30))
    for text in page.texts:
        points, colour = _turned(text.polygon, page), _ROLES[text.role]
        draw.polygon(points, fill=(*colour, 30))
        draw.line([*points, points[0]], fill=colour, width=width)
        if text.block not in seen or text.role == "heading":
            level = "" if text.level is None else f" h{text.level}"
            label = ("" if text.block is None else f"{text.block}") + level
            _label_before(draw, points, label, colour, picture.width)
        seen.add(text.block)
    _legend(draw, picture)
    return picture


def _label_before(
    draw: ImageDraw.ImageDraw, points: Sequence[Point], label: str, colour: Colour, page_width: int
) -> None:
    """A label to the left of a line, clear of it."""
    size = max(9, min(round(points[3][1] - points[0][1]), page_width // 60))
    face = font(size)
    if face is None:
        return
    x = max(0.0, min(points[0][0], points[3][0]) - face.getlength(label) - size * 0.3)
    draw.text((x, points[0][1]), label, fill=colour, font=face)


def _legend(draw: ImageDraw.ImageDraw, picture: Image.Image) -> None:
    """The roles in their colours, along the top."""
    size = max(10, picture.width // 90)
    face = font(size)
    if face is None:
        return
    x = float(size)
    for role, colour in _ROLES.items():
        draw.text((x, size * 0.3), role, fill=colour, font=face)
        x += face.getlength(role) + size


def _joins(page_of: PageOf, document: Document, number: int, pages: dict[int, Page]) -> Image.Image:
    """The pages of the tables of page `number`: each table in its colour, its headers dark, cells that a
    page break cut orange with their place. What a page repeats of the header is in no cell and stays bare."""
    tables = [table for table in document.tables if number in table.pages]
    wanted = sorted({number, *(n for table in tables for n in table.pages if n in pages)})
    drawn = [_joins_page(page_of(n), pages[n], tables) for n in wanted]
    height = min(_JOIN_HEIGHT, max(p.height for p in drawn)) if len(drawn) > 1 else drawn[0].height
    scaled = [p.resize((max(1, round(p.width * height / p.height)), height)) for p in drawn]
    both = Image.new("RGB", (sum(p.width for p in scaled), height), "white")
    x = 0
    for page in scaled:
        both.paste(page, (x, 0))
        x += page.width
    return both


def _joins_page(image: PageImage, page: Page, tables: Sequence[Table]) -> Image.Image:
    picture = _upright(image, page)
    draw = ImageDraw.Draw(picture, "RGBA")
    width = _line_width(picture)
    for k, table in enumerate(tables):
        for cell in table.cells:
            joined = len({region.page for region in cell.regions}) > 1
            header = cell.row in table.header_rows
            colour = _JOINED if joined else _HEADER if header else _TABLES[k % len(_TABLES)]
            for region in (r for r in cell.regions if r.page == page.number):
                points = _turned(region.polygon, page)
                draw.polygon(points, fill=(*colour, 70 if joined else 35))
                draw.line([*points, points[0]], fill=colour, width=width * (3 if joined else 1))
                if joined:
                    draw.text(
                        points[0], f" {table.id} {cell.row},{cell.col}", fill=colour, font=font(width * 12)
                    )
    return picture


def _marks(image: PageImage, page: Page) -> Image.Image:
    """Seals and handwriting with their kind, a seal's shape and the confidence."""
    picture = _upright(image, page)
    draw = ImageDraw.Draw(picture, "RGBA")
    width = _line_width(picture)
    for mark in page.marks:
        points = _turned(mark.polygon, page)
        draw.polygon(points, fill=(*_MARK, 40))
        draw.line([*points, points[0]], fill=_MARK, width=2 * width)
        name = f" {mark.shape or ''} {mark.kind} {mark.confidence:.2f}"
        draw.text(points[0], name, fill=_MARK, font=font(width * 14))
    return picture

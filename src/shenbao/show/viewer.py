"""Document + page pictures -> one HTML file to look into, without anything outside of it."""

import base64
import io
from collections.abc import Iterable, Iterator
from html import escape
from importlib.resources import files

from PIL import Image

from shenbao.export.html import clean
from shenbao.export.rows import CHECK_STATUS, DOCUMENT_STATUS, doubt, facts, level_of
from shenbao.models.document import Cell, Document, Page, Polygon, Record, Role, Text
from shenbao.models.stages import PageImage

_LONGEST_SIDE = 2200
"""Pixels of the longest side to which page pictures are shrunk for the file."""

_QUALITY = 72

ROLES: dict[Role, str] = {
    "title": "标题",
    "heading": "小标题",
    "paragraph": "段落",
    "caption": "说明",
    "contents": "目录",
    "page_number": "页码",
    "other": "其他",
}


def document_html(document: Document, images: Iterable[PageImage], accept: float) -> bytes:
    """The viewer: every page with its cells as polygons over it, beside it the records.

    `images` are asked for one at a time; a page without a picture is shown by its polygons alone.
    Cells below `accept` are coloured in two shades.
    """
    pictures = {image.number: _jpeg(image) for image in images}
    pages = "\n".join(_page(page, pictures.get(page.number), document, accept) for page in document.pages)
    records = "\n".join(_record(r, number, accept) for number, r in enumerate(document.records, 1))
    errors = "".join(f'<p class="c2">{escape(e.message)}（{escape(e.code)}）</p>' for e in document.errors)
    title = escape(clean(document.source.name))
    style, script = (_asset(name) for name in ("viewer.css", "viewer.js"))
    legend = "绿：可信；黄：低于接受线；红：很可能有误；虚线：表外文字"
    text = f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<header><h1>{title}</h1><span>状态：{DOCUMENT_STATUS[document.status]}</span>
<span>接受线：{accept:g}</span><span class="soft">{legend}</span></header>
<main>
{errors}{pages}
</main>
<aside>
{records or '<p class="soft">没有识别出记录。</p>'}
</aside>
<div id="tip" role="tooltip"></div>
<script>
{script}</script>
</body>
</html>
"""
    return text.encode("utf-8", "replace")


def _asset(name: str) -> str:
    return files("shenbao.show").joinpath(name).read_text("utf-8")


def _jpeg(image: PageImage) -> str:
    """The page as a data URI."""
    picture = Image.fromarray(image.as_filed)
    picture.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=_QUALITY)
    return "data:image/jpeg;base64," + base64.b64encode(stream.getvalue()).decode()


def _page(page: Page, picture: str | None, document: Document, accept: float) -> str:
    """The page upright as an SVG whose units are pixels of the page as delivered."""
    wide, high = (page.height, page.width) if page.rotation in (90, 270) else (page.width, page.height)
    shift = {0: (0, 0), 90: (wide, 0), 180: (wide, high), 270: (0, high)}[page.rotation]
    shapes = [*_cells(document, page.number, accept), *(_text(text, accept) for text in page.texts)]
    image = f'<image width="{page.width}" height="{page.height}" href="{picture}"/>' if picture else ""
    turn = f'transform="translate({shift[0]} {shift[1]}) rotate({page.rotation})"'
    facts_of_page = f"第 {page.number} 页　{page.width} × {page.height}　{page.dpi:g} dpi"
    return (
        f'<figure id="page-{page.number}"><svg viewBox="0 0 {wide} {high}" role="img">'
        f"<g {turn}>{image}{''.join(shapes)}</g></svg>"
        f"<figcaption>{facts_of_page}　旋转 {page.rotation}°　倾斜 {page.skew:.2f}°</figcaption></figure>"
    )


def _cells(document: Document, page: int, accept: float) -> Iterator[str]:
    for table in document.tables:
        for cell in table.cells:
            for region in cell.regions:
                if region.page == page:
                    place = f"{table.id}:{cell.row}:{cell.col}"
                    level = doubt(cell.confidence, accept)
                    yield _polygon(region.polygon, f"l{level}", _cell_tip(cell), place)


def _text(text: Text, accept: float) -> str:
    place = "" if text.block is None else f"，第 {text.block} 段"
    level = "" if text.level is None else f" {text.level} 级"
    tip = f"{text.text}\n可信度：{text.confidence:.3f}\n{ROLES[text.role]}{level}{place}"
    return _polygon(text.polygon, f"text l{doubt(text.confidence, accept)}", tip, "")


def _polygon(polygon: Polygon, classes: str, tip: str, place: str) -> str:
    points = " ".join(f"{x:g},{y:g}" for x, y in polygon)
    cell = f' data-cell="{escape(place)}"' if place else ""
    return f'<polygon class="{classes}" points="{points}"{cell} data-tip="{escape(clean(tip))}"/>'


def _cell_tip(cell: Cell) -> str:
    lines = [
        cell.text or "（空）",
        f"可信度：{cell.confidence:.3f}",
        f"第 {cell.row + 1} 行，第 {cell.col + 1} 列",
    ]
    if cell.candidates:
        readings = "；".join(f"{c.text or '（空）'} {c.probability:.3f}" for c in cell.candidates[:5])
        lines.append(f"候选：{readings}")
    if cell.flags:
        lines.append("标记：" + "、".join(cell.flags))
    return "\n".join(lines)


def _record(record: Record, number: int, accept: float) -> str:
    parts, group = [f"<h2>记录 {number}：{escape(record.family)}</h2><ul>"], ("字段", 0)
    for fact in facts(record):
        here = (fact.group, fact.number if fact.group != "字段" else 0)
        if here != group:
            group = here
            parts.append(f"</ul><h2>{fact.group} {fact.number}</h2><ul>")
        field = fact.field
        places = " ".join(f"{c.table}:{c.row}:{c.col}" for c in field.cells)
        value = field.value + (f" {field.unit}" if field.unit else "")
        why = f'<span class="why">{escape("；".join(field.reasons))}</span>' if field.reasons else ""
        parts.append(
            f'<li><button class="fact" data-cells="{escape(places)}" title="{escape(clean(field.text))}">'
            f"<span>{escape(clean(field.name))}</span><span>{escape(clean(value))}</span>"
            f'<span class="c{level_of(field, accept)}">{field.confidence:.3f}</span>{why}</button></li>'
        )
    return "\n".join([*parts, "</ul>", *_checks(record)])


def _checks(record: Record) -> Iterator[str]:
    if not record.checks:
        return
    yield "<h2>校验</h2><ul>"
    for check in record.checks:
        level = {"fail": 2, "skipped": 1}.get(check.status, 0)
        places = " ".join(f"{c.table}:{c.row}:{c.col}" for c in check.cells)
        numbers = f"应为 {check.expected}，实为 {check.found}" if check.expected is not None else ""
        yield (
            f'<li><button class="fact" data-cells="{escape(places)}"><span>{escape(check.rule)}</span>'
            f'<span>{escape(check.message)}</span><span class="c{level}">{CHECK_STATUS[check.status]}</span>'
            f'<span class="why">{escape(numbers)}</span></button></li>'
        )
    yield "</ul>"

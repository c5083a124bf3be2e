"""Draws the planned pages of a form as clean grey pictures."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from bench.render.fonts import Face, wrap
from bench.render.form import Form
from bench.render.paginate import Measured, PageCell, PagePlan, measure, plan
from bench.render.style import Style

_A4 = (210.0, 297.0)


@dataclass(frozen=True, eq=False)
class CleanPage:
    """A page before damage: grey pixels (height, width) and its cells in these pixels."""

    pixels: NDArray[np.uint8]
    plan: PagePlan
    title: str
    table: tuple[float, float, float, float]


def typeset(form: Form, style: Style) -> list[CleanPage]:
    """The pages of a form, A4 at the style's dpi."""
    width, height = (round(style.px(s)) for s in (_A4[::-1] if form.landscape else _A4))
    measured = measure(form, style, width)
    bottom = height - style.px(style.margin[3])
    head = style.px(style.margin[1])
    top = head + head_height(form, style, width)
    low = max(top + (bottom - top) * style.bottom_limit, min(bottom, top + style.px(60)))
    plans = plan(form, style, measured, round(top), round(head), low)
    pages = []
    for number, page in enumerate(plans, 1):
        image = Image.new("L", (width, height), 255)
        canvas = ImageDraw.Draw(image)
        if number == 1:
            for face, text, x, y in head_lines(form, style, measured, width):
                face.draw(canvas, x, y, text, style.ink)
        draw_table(canvas, form, style, measured, page, continued=number > 1)
        _margins(canvas, form, style, number, len(plans), (width, height), page)
        box = (measured.xs[0], page.top, measured.xs[-1], page.bottom)
        pages.append(CleanPage(np.asarray(image), page, form.title if number == 1 else "", box))
    return pages


def _title_lines(form: Form, style: Style, width: float) -> list[str]:
    return wrap(style.title, form.title, width - style.px(30), keep_words=True)


def head_height(form: Form, style: Style, width: float) -> float:
    """Pixels that title and captions take above the table."""
    lines = len(_title_lines(form, style, width))
    captions = style.caption.size * 1.7 if any(form.captions) else 0
    return style.title.size * (1.35 * lines + 0.5) + captions


def head_lines(form: Form, style: Style, m: Measured, width: float) -> list[tuple[Face, str, float, float]]:
    """Face, text, left end and middle height of the title's lines and the captions."""
    y, left, right = style.px(style.margin[1]), m.xs[0], m.xs[-1]
    found = []
    for line in _title_lines(form, style, width):
        found.append(
            (style.title, line, (left + right - style.title.length(line)) / 2, y + style.title.size / 2)
        )
        y += style.title.size * 1.35
    y += style.title.size * 0.5 + style.caption.size * 0.7
    count = len(form.captions)
    for i, text in enumerate(form.captions):
        room = right - left - style.caption.length(text)
        share = 1.0 if count == 1 else i / (count - 1)
        found.append((style.caption, text, left + room * share, y))
    return found


def _margins(
    canvas: ImageDraw.ImageDraw,
    form: Form,
    style: Style,
    number: int,
    count: int,
    size: tuple[int, int],
    page: PagePlan,
) -> None:
    """Page number, a mark in the upper margin, and the note below the table."""
    width, height = size
    if style.page_numbers:
        text = style.page_numbers.format(number, n=count)
        x = (width - style.caption.length(text)) / 2
        style.caption.draw(canvas, x, height - style.px(style.margin[3] * 0.5), text, style.ink)
    if style.margin_text and number == 1:
        style.caption.draw(canvas, style.px(style.margin[0]), style.px(9), style.margin_text, style.ink)
    if form.note and not page.goes_on:
        style.caption.draw(
            canvas, style.px(style.margin[0]), page.bottom + style.caption.size, form.note, style.ink
        )


def draw_table(
    canvas: ImageDraw.ImageDraw, form: Form, style: Style, m: Measured, page: PagePlan, *, continued: bool
) -> None:
    """Shades, rulings and texts of one page's part of a table."""
    for cell in page.cells:
        if cell.role == "header" and style.shade < 255:
            canvas.rectangle(cell.box, fill=style.shade)
    for cell in page.cells:
        for line, x, y, _ in _cell_lines(form, style, m, cell):
            _face(form, style, cell).draw(canvas, x, y, line, style.ink)
        for a, b in drawn_sides(form, cell, page):
            if style.open_break and _at_break(page, a[1], b[1], continued):
                continue
            _ruling(canvas, style, a, b)
    if style.frame > style.ruling and not style.open_break:
        _frame(canvas, form, style, m, page)


def _frame(canvas: ImageDraw.ImageDraw, form: Form, style: Style, m: Measured, page: PagePlan) -> None:
    """The heavier outer rulings, as far as the form has them."""
    frame = max(1, round(style.pt(style.frame)))
    if form.lines == "all":
        box = (m.xs[0], page.top, m.xs[-1], page.bottom)
        canvas.rectangle(box, outline=style.ruling_ink, width=frame)
    elif form.lines != "none":
        for y in (page.top, page.bottom):
            canvas.line([(m.xs[0], y), (m.xs[-1], y)], fill=style.ruling_ink, width=frame)


Side = tuple[tuple[float, float], tuple[float, float]]


def drawn_sides(form: Form, cell: PageCell, page: PagePlan) -> list[Side]:
    """The sides of a cell that the form's kind of rulings draws: top, right, bottom, left.

    A three-line table has short lines below headings that have others under them.
    """
    x0, y0, x1, y1 = cell.box
    top, bottom = ((x0, y0), (x1, y0)), ((x0, y1), (x1, y1))
    left, right = ((x0, y0), (x0, y1)), ((x1, y0), (x1, y1))
    source = form.cells[cell.src]
    if form.lines == "none":
        return []
    if form.lines == "across":
        return [top, bottom]
    if form.lines == "three":
        heading = source.row <= max(form.header_rows, default=-1)
        ends = heading and (source.col_span > 1 or source.row + source.row_span - 1 == max(form.header_rows))
        return [top] * (y0 == page.top) + [bottom] * (ends or y1 == page.bottom)
    if form.lines == "open":
        inner = [left] * (source.col > 0) + [right] * (source.col + source.col_span < form.n_cols)
        return [top, *inner, bottom]
    return [top, right, bottom, left]


def _at_break(page: PagePlan, y0: float, y1: float, continued: bool) -> bool:
    return y0 == y1 and ((page.goes_on and y0 == page.bottom) or (continued and y0 == page.top))


def _ruling(
    canvas: ImageDraw.ImageDraw, style: Style, a: tuple[float, float], b: tuple[float, float]
) -> None:
    thick = max(1, round(style.pt(style.ruling)))
    if style.kind == "solid":
        canvas.line([a, b], fill=style.ruling_ink, width=thick)
        return
    if style.kind == "double":
        gap = max(2, thick)
        for shift in (-gap, gap):
            dx, dy = (0, shift) if a[1] == b[1] else (shift, 0)
            canvas.line([(a[0] + dx, a[1] + dy), (b[0] + dx, b[1] + dy)], fill=style.ruling_ink, width=1)
        return
    step = max(3.0, style.pt(2.2))
    length = max(b[0] - a[0], b[1] - a[1])
    at = 0.0
    while at < length:
        end = min(at + step * 0.6, length)
        p, q = ((a[0] + t, a[1]) if a[1] == b[1] else (a[0], a[1] + t) for t in (at, end))
        canvas.line([p, q], fill=style.ruling_ink, width=thick)
        at += step


def _cell_lines(
    form: Form, style: Style, m: Measured, cell: PageCell
) -> list[tuple[str, float, float, float]]:
    """Text, left end, middle height and length of each line of a cell, in pixels of the page."""
    source = form.cells[cell.src]
    face = _face(form, style, cell)
    x0, y0, x1, y1 = cell.box
    pad = style.px(style.padding[0])
    height = len(cell.lines) * m.line_height
    split = cell.role == "continued" or "".join(cell.lines) != "".join(m.lines[cell.src])
    top = y0 + m.pad if style.top_align or split else (y0 + y1 - height) / 2
    centred = source.align == "center" or (
        source.align == "left" and style.center_text and len(cell.lines) == 1
    )
    found = []
    for i, line in enumerate(cell.lines):
        length = face.length(line)
        x = x0 + pad
        if centred:
            x = (x0 + x1 - length) / 2
        elif source.align == "right":
            x = x1 - pad - length
        found.append((line, x, top + (i + 0.5) * m.line_height, length))
    return found


def _face(form: Form, style: Style, cell: PageCell) -> Face:
    return style.bold if form.cells[cell.src].bold and style.bold_labels else style.face


def text_lines(form: Form, style: Style, page: CleanPage) -> list[tuple[str, float, float, float, float]]:
    """Every line of title, captions and table: text, left end, middle height, length and size in pixels."""
    width = page.pixels.shape[1]
    measured = measure(form, style, width)
    head = head_lines(form, style, measured, width) if page.title else []
    found = [(text, x, y, face.length(text), float(face.size)) for face, text, x, y in head]
    for cell in page.plan.cells:
        size = float(_face(form, style, cell).size)
        found += [(*line, size) for line in _cell_lines(form, style, measured, cell)]
    return found

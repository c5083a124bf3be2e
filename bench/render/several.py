"""Pages with more than one table: one form beside another, one in a cell of another."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageDraw

from bench.render.form import Form
from bench.render.paginate import INSET, measure, nested_style, plan
from bench.render.style import Style
from bench.render.typeset import CleanPage, draw_table, typeset

_GAP = 9.0
"""Millimetres between two tables that stand side by side."""


@dataclass(frozen=True, eq=False)
class Setting:
    """A form as it is set, and its own pages."""

    form: Form
    style: Style
    pages: tuple[CleanPage, ...]


def settings(form: Form, style: Style) -> list[Setting]:
    """The form, with what stands beside it or in it, each with its pages, in reading order."""
    if form.beside is None:
        pages = typeset(form, style)
        return [Setting(form, style, tuple(pages)), *_inner(form, style, pages)]
    left, top, right, bottom = style.margin
    middle = (210.0 - left - right - _GAP) * 0.5
    halves = (
        replace(style, margin=(left, top, right + middle + _GAP, bottom), page_numbers=""),
        replace(style, margin=(left + middle + _GAP, top, right, bottom), margin_text=""),
    )
    forms = (form, form.beside)
    return [Setting(f, s, tuple(typeset(f, s))) for f, s in zip(forms, halves, strict=True)]


def _inner(form: Form, style: Style, pages: Sequence[CleanPage]) -> list[Setting]:
    """The form in a cell of another one, on the page where that cell stands."""
    if form.nested is None:
        return []
    found = []
    for page in pages:
        cell = next((c for c in page.plan.cells if c.role == "nested"), None)
        blank = np.full_like(page.pixels, 255)
        if cell is None:
            box = (0.0, 0.0, 0.0, 0.0)
            found.append(CleanPage(blank, replace(page.plan, rows=(), cells=()), "", box))
            continue
        inside = nested_style(form, style, page.pixels.shape[1])
        measured = measure(form.nested, inside, page.pixels.shape[1])
        top = round(cell.box[1] + style.px(INSET))
        inner = plan(form.nested, inside, measured, top, top, float("inf"))[0]
        image = Image.fromarray(blank)
        draw_table(ImageDraw.Draw(image), form.nested, inside, measured, inner, continued=False)
        box = (measured.xs[0], inner.top, measured.xs[-1], inner.bottom)
        found.append(CleanPage(np.asarray(image), inner, "", box))
    return [Setting(form.nested, nested_style(form, style, pages[0].pixels.shape[1]), tuple(found))]


def together(made: Sequence[Setting]) -> list[CleanPage]:
    """The pages as printed: what all the forms draw on each, framed by all their tables."""
    pages = list(made[0].pages)
    for other in made[1:]:
        for i, page in enumerate(other.pages):
            if i >= len(pages):
                pages.append(page)
                continue
            base = pages[i]
            boxes = [b for b in (base.table, page.table) if b[2] > b[0]]
            x0, y0 = (min(b[k] for b in boxes) for k in (0, 1))
            x1, y1 = (max(b[k] for b in boxes) for k in (2, 3))
            pixels = np.minimum(base.pixels, page.pixels)
            pages[i] = replace(base, pixels=pixels, table=(x0, y0, x1, y1))
    return pages

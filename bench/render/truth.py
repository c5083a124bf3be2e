"""The truth file of a document, in the format that the scorer reads.

`<name>.truth.json`: name, files, level, dpi, turned (clockwise degrees that make the page upright),
family, source, tables (the table joined over its pages), fields, indicators, and per page its cells
with `src`, the index of the table's cell that they show, `table`, the index of that table (left out for
the first), `quad` (corners from the top left of the text as read, clockwise) and `box` (its upright
hull), in pixels of the delivered page, and its `marks` (seals and handwriting) with kind, shape and quad.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from bench.render.damage import Drawn, Shot
from bench.render.form import Form
from bench.render.paginate import PageCell
from bench.render.several import Setting

Json = dict[str, Any]


def table_truth(form: Form) -> Json:
    """A table as the truth file holds it."""
    cells = [
        {"r": c.row, "c": c.col, "rs": c.row_span, "cs": c.col_span, "text": c.text, "role": c.role}
        for c in form.cells
    ]
    return {
        "title": form.title,
        "caption": [c for c in form.captions if c],
        "n_rows": form.n_rows,
        "n_cols": form.n_cols,
        "header_rows": list(form.header_rows),
        "cells": cells,
    }


def cell_truth(table: int, cell: PageCell, shot: Shot) -> Json:
    """A cell of a page, placed on the delivered page."""
    x0, y0, x1, y1 = cell.box
    quad = np.round(shot.move(np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float64)), 1)
    (left, top), (right, bottom) = quad.min(axis=0), quad.max(axis=0)
    return {
        "r": cell.row,
        "c": cell.col,
        "rs": cell.row_span,
        "cs": cell.col_span,
        "text": cell.text,
        "role": cell.role,
        **({"table": table} if table else {}),
        "src": cell.src,
        "box": [float(left), float(top), float(right), float(bottom)],
        "quad": [[float(x), float(y)] for x, y in quad],
    }


def mark_truth(mark: Drawn, shot: Shot) -> Json:
    """A seal or handwriting, placed on the delivered page."""
    quad = np.round(shot.move(mark.corners), 1)
    return {"kind": mark.kind, "shape": mark.shape, "quad": [[float(x), float(y)] for x, y in quad]}


def _page(made: Sequence[Setting], number: int, shot: Shot, source: str) -> Json:
    """One page; its rows and columns are those of the first table that it shows."""
    shown = [(i, s.pages[number]) for i, s in enumerate(made) if number < len(s.pages)]
    first, page = shown[0]
    rows = page.plan.rows
    return {
        "title": page.title,
        "family": made[first].form.family,
        "source": source,
        "n_rows": len(rows),
        "n_cols": made[first].form.n_cols,
        "continued": number > 0,
        "repeated_header": any(r.repeated for r in rows),
        "cells": [cell_truth(i, c, shot) for i, page in shown for c in page.plan.cells],
        "marks": [mark_truth(mark, shot) for mark in shot.marks],
        "width": int(shot.pixels.shape[1]),
        "height": int(shot.pixels.shape[0]),
    }


def truth(
    made: Sequence[Setting],
    shots: Sequence[Shot],
    *,
    name: str,
    file: str,
    level: str,
    dpi: int,
    turned: int,
    source: str,
) -> Json:
    """The truth of one document; see the module's head. Fields and indicators are the first form's."""
    form = made[0].form
    return {
        "name": name,
        "files": [file],
        "level": level,
        "dpi": dpi,
        "turned": turned,
        "family": form.family,
        "source": source,
        "tables": [table_truth(s.form) for s in made],
        "fields": form.fields,
        "indicators": list(form.indicators),
        "pages": [_page(made, i, shot, source) for i, shot in enumerate(shots)],
    }

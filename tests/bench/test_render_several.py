"""Layouts on request: tables without rulings, beside one another, in a cell of one another."""

import random

import numpy as np
import pytest
from bench.render.content import draw_office
from bench.render.document import Made, Order, make
from bench.render.fonts import font_list, installed
from bench.render.form import Form, check_cover
from bench.render.layouts import LAYOUTS, ON_REQUEST, draw_layout
from bench.render.paginate import PageCell, PagePlan, PageRow
from bench.render.typeset import drawn_sides

pytestmark = pytest.mark.skipif(not installed(font_list().fonts), reason="no Chinese font installed")


def clean(layout: str, seed: int) -> Made:
    return make(Order(seed, ("clean",), (100,), (layout,), turn_share=0), 0)


@pytest.mark.parametrize("layout", ON_REQUEST)
@pytest.mark.parametrize("seed", range(6))
def test_cells_cover_the_grid_once(layout: str, seed: int) -> None:
    rng = random.Random(seed)
    form = ON_REQUEST[layout](rng, draw_office(rng))
    for each in (form, form.beside, form.nested):
        if each is not None:
            check_cover(each.cells, each.n_rows, each.n_cols, layout)


def test_the_ordinary_draw_knows_none_of_them() -> None:
    names = {draw_layout(random.Random(s))[0] for s in range(300)}
    assert names == set(LAYOUTS)
    assert draw_layout(random.Random(1), ("nested",))[0] == "nested"


@pytest.mark.parametrize("layout", ["side_by_side", "nested"])
def test_two_tables_in_the_truth(layout: str) -> None:
    truth = clean(layout, 4).truth
    assert len(truth["tables"]) == 2
    cells = truth["pages"][0]["cells"]
    for number, table in enumerate(truth["tables"]):
        own = [c for c in cells if c.get("table", 0) == number]
        assert [c["text"] for c in own] == [c["text"] for c in table["cells"]]


def boxes(made: Made, table: int) -> list[float]:
    quads = [c["quad"] for c in made.truth["pages"][0]["cells"] if c.get("table", 0) == table]
    points = np.array(quads).reshape(-1, 2)
    return [*points.min(axis=0), *points.max(axis=0)]


@pytest.mark.parametrize("seed", range(3))
def test_side_by_side(seed: int) -> None:
    made = clean("side_by_side", seed)
    assert boxes(made, 0)[2] < boxes(made, 1)[0]


@pytest.mark.parametrize("seed", range(3))
def test_the_inner_table_stands_in_its_cell(seed: int) -> None:
    made = clean("nested", seed)
    outer = next(c["box"] for c in made.truth["pages"][0]["cells"] if c["role"] == "nested")
    inner = boxes(made, 1)
    assert outer[0] < inner[0] < inner[2] < outer[2]
    assert outer[1] < inner[1] < inner[3] < outer[3]


def _form(lines: str) -> tuple[Form, PagePlan]:
    rng = random.Random(2)
    form = ON_REQUEST[lines](rng, draw_office(rng))
    cells = tuple(
        PageCell(
            c.row,
            c.col,
            c.row_span,
            c.col_span,
            c.text,
            (),
            c.role,
            i,
            (c.col, c.row, c.col + c.col_span, c.row + c.row_span),
        )
        for i, c in enumerate(form.cells)
    )
    return form, PagePlan(tuple(PageRow(r, 1.0) for r in range(form.n_rows)), 0.0, cells, False)


def test_rulings_of_each_kind() -> None:
    drawn = {}
    for name in ("three_line", "across_only", "borderless", "open_sided"):
        form, plan = _form(name)
        sides = [side for cell in plan.cells for side in drawn_sides(form, cell, plan)]
        level = {a[1] for a, b in sides if a[1] == b[1]}
        upright = {a[0] for a, b in sides if a[0] == b[0]}
        drawn[name] = (level, upright, form)
    assert drawn["borderless"][:2] == (set(), set())
    level, upright, form = drawn["three_line"]
    assert {0.0, float(max(form.header_rows) + 1), float(form.n_rows)} <= level
    assert not upright
    assert len(level) <= 3 + len(form.header_rows)
    level, upright, form = drawn["across_only"]
    assert len(level) == form.n_rows + 1
    assert not upright
    level, upright, form = drawn["open_sided"]
    assert len(level) == form.n_rows + 1
    assert upright == set(range(1, form.n_cols))

"""Whole documents: truth that fits the picture, bytes that a seed reproduces."""

import io
import json
import random
from pathlib import Path
from typing import get_args

import numpy as np
import pypdfium2
import pytest
from bench.render.__main__ import main
from bench.render.content import draw_office
from bench.render.document import Made, Order, Rulings, make
from bench.render.fonts import draw_face, font_list, installed, leaving_out
from bench.render.form import Form
from bench.render.layouts import LAYOUTS
from bench.render.levels import LEVELS, Level, draw_damage, worsened
from bench.render.paginate import PagePlan, measure, plan
from bench.render.style import draw_style
from PIL import Image, ImageSequence

pytestmark = pytest.mark.skipif(not installed(font_list().fonts), reason="no Chinese font installed")


def small(
    level: Level, layout: str = "goal_7col", seed: int = 3, skew: float | None = None, turns: float = 0
) -> Made:
    order = Order(seed, (level,), (100,), (layout,), skew, turns)
    return make(order, 0)


def sizes(made: Made) -> list[tuple[int, int]]:
    if made.file.endswith(".pdf"):
        document = pypdfium2.PdfDocument(made.data)
        scale = made.truth["dpi"] / 72
        return [(round(p.get_width() * scale), round(p.get_height() * scale)) for p in document]
    with Image.open(io.BytesIO(made.data)) as image:
        return [frame.size for frame in ImageSequence.Iterator(image)]


@pytest.mark.parametrize("level", LEVELS)
def test_same_seed_same_bytes(level: Level) -> None:
    first, second = small(level), small(level)
    assert first.data == second.data
    assert first.truth == second.truth
    assert small(level, seed=4).data != first.data


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("layout", ["goal_7col", "uneven_head", "expenditure_summary"])
def test_file_has_the_pages_of_the_truth(level: Level, layout: str) -> None:
    made = small(level, layout)
    assert sizes(made) == [(p["width"], p["height"]) for p in made.truth["pages"]]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("skew", [None, 3.0, 15.0])
def test_quads_lie_on_the_page(level: Level, skew: float | None) -> None:
    for page in small(level, skew=skew).truth["pages"]:
        for cell in page["cells"]:
            quad = np.array(cell["quad"])
            assert quad.min() >= 0
            assert (quad <= (page["width"], page["height"])).all()
            assert cell["box"] == [*quad.min(axis=0), *quad.max(axis=0)]


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_quarter_turn_is_told(turned: int) -> None:
    made = next(m for s in range(40) if (m := small("scan", seed=s, turns=1)).truth["turned"] == turned)
    page = made.truth["pages"][0]
    (x0, y0), (x1, y1) = page["cells"][0]["quad"][:2]
    along = {90: y0 - y1, 180: x0 - x1, 270: y1 - y0}[turned]
    assert along > 5
    assert made.name.endswith(f"turn{turned}")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_page_cells_cover_each_page_and_point_to_the_table(layout: str) -> None:
    truth = small("clean", layout, seed=8).truth
    cells = truth["tables"][0]["cells"]
    shown = set()
    for page in truth["pages"]:
        seen = [
            (c["r"] + i, c["c"] + k) for c in page["cells"] for i in range(c["rs"]) for k in range(c["cs"])
        ]
        assert len(seen) == len(set(seen)) == page["n_rows"] * page["n_cols"]
        shown |= {c["src"] for c in page["cells"]}
    assert shown == set(range(len(cells)))


def form_and_plan(seed: int, layout: str = "goal_7col") -> tuple[Form, list[PagePlan]]:
    rng = random.Random(seed)
    form = LAYOUTS[layout][0](rng, draw_office(rng))
    style = draw_style(rng, form, 100, ("",))
    return form, plan(form, style, measure(form, style, 827), 150, 80, 600)


@pytest.mark.parametrize("seed", range(25))
def test_parts_of_a_cut_cell_make_its_text(seed: int) -> None:
    form, pages = form_and_plan(seed)
    for src, cell in enumerate(form.cells):
        if cell.row in form.repeats:
            continue
        parts = [c for page in pages for c in page.cells if c.src == src]
        texts = dict.fromkeys("".join(c.lines) for c in parts)  # a carried label counts once
        assert "".join(texts) == cell.text.replace("\n", "")


@pytest.mark.parametrize("seed", range(25))
def test_pages_keep_their_bounds(seed: int) -> None:
    _, pages = form_and_plan(seed)
    assert all(page.bottom <= 600 + 1 for page in pages if len(page.rows) > 2)
    for page in pages[1:]:
        assert any(not row.repeated for row in page.rows)


def test_some_rows_are_cut_and_some_headings_repeated() -> None:
    plans = [form_and_plan(s)[1] for s in range(25)]
    rows = [(page, row) for pages in plans for page in pages for row in page.rows]
    assert any(row.repeated for _, row in rows)
    sources = [[r.source for p in pages for r in p.rows if not r.repeated] for pages in plans]
    assert any(len(s) != len(set(s)) for s in sources)


def test_text_layer_gives_the_text_back() -> None:
    made = next(m for s in range(40) if (m := small("clean", seed=s)).name.endswith("-text"))
    page = pypdfium2.PdfDocument(made.data)[0]
    text = "".join(page.get_textpage().get_text_range().split())
    cells = ["".join(c["text"].split()) for c in made.truth["pages"][0]["cells"]]
    assert len(cells) > 10
    assert [c for c in cells if c not in text] == []
    assert made.truth["tables"][0]["title"] in text


def test_fax_is_bitonal() -> None:
    made = next(m for s in range(40) if (m := small("fax", seed=s)).file.endswith(".tiff"))
    with Image.open(io.BytesIO(made.data)) as image:
        assert image.mode == "1"
        assert image.info["compression"] == "group4"


def test_half_line_fax_states_its_resolution() -> None:
    made = next(m for s in range(40) if (m := small("fax", seed=s)).recipe["half_lines"])
    with Image.open(io.BytesIO(made.data)) as image:
        assert image.info["dpi"] == (200.0, 100.0)
        assert image.width > image.height


def ruled(rulings: Rulings) -> Made:
    return make(Order(3, ("clean",), (150,), ("fixed_assets",), None, 0, rulings), 0)


def test_rulings_as_ordered() -> None:
    recipes = {r: ruled(r).recipe for r in get_args(Rulings)}
    assert recipes["faint"]["ruling_grey"] > 100
    assert recipes["thick"]["ruling_pt"] > 2 * recipes["faint"]["ruling_pt"]
    assert {r: recipes[r]["ruling_kind"] for r in ("dotted", "double")} == {
        "dotted": "dotted",
        "double": "double",
    }
    ink = {r: 255.0 - ruled(r).shots[0].pixels.mean() for r in get_args(Rulings)}
    assert ink["faint"] < ink["dotted"] < ink["thick"]


def test_coloured_ink_is_coloured() -> None:
    made = make(Order(3, ("clean",), (100,), ("fixed_assets",), None, 0, None, True), 0)
    pixels = made.shots[0].pixels.astype(int)
    assert abs(pixels[..., 0] - pixels[..., 2]).max() > 30


def test_command_writes_documents_and_truth(tmp_path: Path) -> None:
    args = ["--out", str(tmp_path), "--count", "3", "--seed", "9", "--dpi", "100", "--levels", "scan"]
    assert main(args) == 0
    files = sorted(p.name for p in tmp_path.glob("*.truth.json"))
    assert len(files) == 3
    for name in files:
        truth = json.loads((tmp_path / name).read_text("utf-8"))
        assert truth["level"] == "scan"
        assert (tmp_path / truth["files"][0]).stat().st_size > 1000


def test_command_refuses_a_great_skew(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--out", str(tmp_path), "--skew", "40"])
    assert stop.value.code == 2


def test_truth_names_the_seals() -> None:
    made = make(Order(3, ("copy",), (100,), ("goal_7col",), 0.0, 0, seals=2), 0)
    for page in made.truth["pages"]:
        assert [m["kind"] for m in page["marks"]] == ["seal", "seal"]
        for mark in page["marks"]:
            assert mark["shape"] in ("round", "oval", "square")
            (x0, y0), (x1, y1) = np.min(mark["quad"], axis=0), np.max(mark["quad"], axis=0)
            assert 40 < x1 - x0 < 300
            assert 40 < y1 - y0 < 300


def test_handwriting_is_darker_than_the_paper_and_changes_nothing_else() -> None:
    plain = make(Order(3, ("clean",), (100,), ("goal_7col",), None, 0), 0)
    signed = make(Order(3, ("clean",), (100,), ("goal_7col",), None, 0, handwriting=True), 0)
    for shot, other, page in zip(plain.shots, signed.shots, signed.truth["pages"], strict=True):
        marks = [m for m in page["marks"] if m["kind"] == "handwriting"]
        assert marks
        changed = np.argwhere(shot.pixels != other.pixels)[:, :2][:, ::-1]
        inside = [
            ((changed >= np.min(m["quad"], axis=0) - 4) & (changed <= np.max(m["quad"], axis=0) + 4)).all(
                axis=1
            )
            for m in marks
        ]
        assert np.any(inside, axis=0).all()
        assert other.pixels.mean() < shot.pixels.mean()


def test_copies_and_faxes_are_worse_where_that_is_ordered() -> None:
    drawn = [
        draw_damage(random.Random(k), level, "某局", skew=None, turn=False)
        for k in range(60)
        for level in LEVELS
    ]
    worse = [worsened(d, random.Random(k)) for k, d in enumerate(drawn)]
    for before, after in zip(drawn, worse, strict=True):
        if before.level in ("copy", "fax"):
            assert after.hard > before.hard and after.half_lines >= before.half_lines
        else:
            assert after is before
    half = [sum(d.half_lines for d in some if d.level == "fax") for some in (drawn, worse)]
    assert half[1] > 1.3 * half[0]


def test_nothing_is_set_in_fonts_that_are_left_out() -> None:
    files = [spec.file for spec in installed(font_list().fonts)]
    with leaving_out(files[:1]):
        assert [spec.file for spec in installed(font_list().fonts)] == [f for f in files if f != files[0]]
        faces = [draw_face(random.Random(k), 20) for k in range(30)] if len(set(files)) > 1 else []
        assert all(spec.file != files[0] for face in faces for spec in face.chain)
    assert [spec.file for spec in installed(font_list().fonts)] == files

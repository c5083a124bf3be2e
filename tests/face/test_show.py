import contextlib
import io
import re
from dataclasses import replace

import numpy as np
import pytest
from face_samples import box, sample_document
from PIL import Image

from shenbao.cli.parser import make_parser
from shenbao.layout.rulings import find_rulings
from shenbao.models.document import Document, Region, Text
from shenbao.models.document import Mark as DocumentMark
from shenbao.models.stages import (
    CharReading,
    FlatPage,
    Grid,
    GridCell,
    PageImage,
    PageTable,
    ReadCell,
    Reading,
    ReadLine,
    ReadPage,
)
from shenbao.show import Stage, document_html, draw_page, draw_result, draw_stage, fonts
from shenbao.show.overlay import COLOURS, MARKED, marks


@pytest.fixture
def image() -> PageImage:
    return PageImage(1, np.full((240, 400, 3), 255, np.uint8), 100.0)


@pytest.fixture
def read_page(image: PageImage) -> ReadPage:
    grey = np.full((200, 300), 255, np.uint8)
    for y in (20, 60, 100):
        grey[y : y + 2, 20:282] = 0
    for x in (20, 150, 280):
        grey[20:102, x : x + 2] = 0
    ink = (255 - grey).astype(np.uint8)
    flat = FlatPage(
        number=1,
        grey=grey,
        ink=ink,
        strong=ink,
        stain=np.zeros_like(ink),
        char_height=14.0,
        rotation=0,
        skew=0.0,
        to_delivered=lambda points: points,
    )
    place = GridCell(0, 0, 1, 1, (20.0, 20.0, 150.0, 60.0), (1.0, 1.0, 1.0, 1.0))
    line = ReadLine((30.0, 30.0, 90.0, 45.0), Reading((CharReading("预", 0.4),)))
    grid = Grid((20.0, 150.0, 280.0), (20.0, 60.0, 100.0), (place,))
    cell = ReadCell(place, flat.polygon(place.box), (line,), 0.1, 0.0, False)
    table = PageTable(1, 400.0, 14.0, grid, (cell,), "", ())
    return ReadPage(image, flat, find_rulings(flat), (table,), ())


def has_colour(picture: Image.Image, colour: tuple[int, int, int]) -> bool:
    return bool((np.asarray(picture.convert("RGB")) == colour).all(axis=2).any())


def test_marks_are_the_cells_and_texts_of_the_page() -> None:
    document = sample_document()
    found = marks(document, 1)
    assert [m.is_cell for m in found].count(True) == len(document.tables[0].cells)
    assert found[-1].text == "填报单位：朝阳县"
    assert marks(document, 2) == []


def test_overlay_has_the_three_colours_and_the_reading_beside(image: PageImage) -> None:
    picture = draw_page(image, sample_document(), 0.98)
    assert picture.size == ((800, 240) if fonts.font_file() else (400, 240))
    assert all(has_colour(picture, colour) for colour in COLOURS)
    assert image.pixels.min() == 255


def test_overlay_outlines_seals(image: PageImage) -> None:
    document = sample_document()
    around = ((300.0, 150.0), (360.0, 150.0), (360.0, 210.0), (300.0, 210.0))
    seal = DocumentMark(kind="seal", shape="round", colour="red", polygon=around, confidence=0.9)
    page = document.pages[0].model_copy(update={"marks": [seal]})
    assert not has_colour(draw_page(image, document, 0.98), MARKED)
    assert has_colour(draw_page(image, document.model_copy(update={"pages": [page]}), 0.98), MARKED)


def test_overlay_without_a_font_is_the_page_alone(image: PageImage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shenbao.show.overlay.font_file", lambda: None)
    picture = draw_page(image, sample_document(), 0.98)
    assert picture.size == (400, 240)
    assert has_colour(picture, COLOURS[2])


def test_overlay_is_turned_upright(image: PageImage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shenbao.show.overlay.font_file", lambda: None)
    document = sample_document()
    turned = [page.model_copy(update={"rotation": 90}) for page in document.pages]
    picture = draw_page(image, document.model_copy(update={"pages": turned, "tables": []}), 0.98)
    assert picture.size == (240, 400)


def test_texts_are_fitted_into_their_box() -> None:
    fitted = fonts.wrapped("绩效目标申报表", 100, 40)
    assert fitted is not None
    size, lines = fitted
    assert "".join(lines) == "绩效目标申报表"
    assert len(lines) * size * 1.2 <= 40
    assert all(len(line) * size <= 100 for line in lines)


def test_texts_that_do_not_fit_are_not_clipped_but_told_below() -> None:
    assert fonts.wrapped("长" * 500, 50, 20) is None
    page = PageImage(1, np.full((240, 400, 3), 255, np.uint8), 100.0)
    document = sample_document()
    long = [c.model_copy(update={"text": "长" * 900}) for c in document.tables[0].cells[:1]]
    table = document.tables[0].model_copy(update={"cells": long})
    plain = draw_page(page, document, 0.98).height
    noted = draw_page(page, document.model_copy(update={"tables": [table]}), 0.98)
    assert noted.height > 240 if fonts.font_file() else noted.height == plain == 240


@pytest.mark.parametrize("stage", [stage for stage in Stage if not stage.is_result])
def test_every_stage_of_a_page_can_be_drawn(read_page: ReadPage, stage: Stage) -> None:
    picture = draw_stage(read_page, stage)
    assert picture.mode == "RGB"
    sizes = {Stage.PAGE: (400, 240), Stage.CELLS: (600, 200)}
    assert picture.size == sizes.get(stage, (300, 200))
    pixels = np.asarray(picture)
    coloured = bool((pixels.max(axis=2) != pixels.min(axis=2)).any())
    assert coloured == (stage not in (Stage.PAGE, Stage.FLAT))


def test_restored_sides_are_redder_than_drawn_ones(read_page: ReadPage) -> None:
    cell = replace(read_page.tables[0].cells[0].place, drawn=(1.0, 0.0, 1.0, 1.0))
    grid = replace(read_page.tables[0].grid, cells=(cell,))
    page = replace(read_page, tables=(replace(read_page.tables[0], grid=grid),))
    picture = np.asarray(draw_stage(page, Stage.RESTORED)).astype(int)
    bottom, top = picture[60, 80], picture[20, 80]
    assert bottom[0] > bottom[2] + 100
    assert top[2] > top[0] + 100


def test_the_command_offers_every_stage() -> None:
    given = re.search(r"--stage \{([a-z,]+)\}", show_help())
    assert given is not None
    assert set(given[1].split(",")) == set(Stage)


def show_help() -> str:
    with pytest.raises(SystemExit), contextlib.redirect_stdout(io.StringIO()) as told:
        make_parser().parse_args(["show", "--help"])
    return told.getvalue()


def roles(document: Document) -> Document:
    texts = [
        Text(
            text="一、部门职责",
            confidence=0.9,
            polygon=box(50, 10, 250, 24),
            role="heading",
            level=2,
            block=1,
        ),
        Text(text="- 3 -", confidence=0.9, polygon=box(180, 220, 220, 234), role="page_number"),
    ]
    pages = [page.model_copy(update={"texts": texts}) for page in document.pages]
    return document.model_copy(update={"pages": pages})


def test_texts_are_drawn_by_role(image: PageImage) -> None:
    picture = draw_result(lambda _: image, roles(sample_document()), 1, Stage.TEXTS)
    assert picture.size == (400, 240)
    assert has_colour(picture, (200, 100, 0))
    assert has_colour(picture, (120, 120, 120))


def test_joins_have_all_pages_of_the_table_and_mark_cut_cells(image: PageImage) -> None:
    document = sample_document()
    assert not has_colour(draw_result(lambda _: image, document, 1, Stage.JOINS), (230, 90, 0))
    cells = list(document.tables[0].cells)
    more = Region(page=2, polygon=box(50, 60, 250, 100))
    cells[0] = cells[0].model_copy(update={"regions": [*cells[0].regions, more]})
    table = document.tables[0].model_copy(update={"cells": cells, "pages": [1, 2]})
    pages = [*document.pages, document.pages[0].model_copy(update={"number": 2})]
    joined = document.model_copy(update={"tables": [table], "pages": pages})
    picture = draw_result(lambda number: replace(image, number=number), joined, 2, Stage.JOINS)
    assert picture.size == (800, 240)
    assert has_colour(picture.crop((0, 0, 400, 240)), (230, 90, 0))
    assert has_colour(picture.crop((400, 0, 800, 240)), (230, 90, 0))


def test_results_are_drawn_upright(image: PageImage) -> None:
    document = roles(sample_document())
    plain = np.asarray(draw_result(lambda _: image, document, 1, Stage.TEXTS).convert("L")) < 250
    pages = [page.model_copy(update={"rotation": 180}) for page in document.pages]
    turned = document.model_copy(update={"pages": pages})
    other = np.asarray(draw_result(lambda _: image, turned, 1, Stage.TEXTS).convert("L")) < 250
    assert plain[10:25, 50:250].mean() > 0.1
    assert other[215:230, 150:350].mean() > 0.1


def test_a_stage_is_drawn_from_what_it_belongs_to(image: PageImage, read_page: ReadPage) -> None:
    with pytest.raises(ValueError, match="intermediates"):
        draw_result(lambda _: image, sample_document(), 1, Stage.GRID)
    with pytest.raises(ValueError, match="document"):
        draw_stage(read_page, Stage.JOINS)
    with pytest.raises(ValueError, match="page 7"):
        draw_result(lambda _: image, sample_document(), 7, Stage.TEXTS)


def test_html_embeds_everything_and_links_fields_to_cells(image: PageImage) -> None:
    document = sample_document()
    text = document_html(document, [image], 0.98).decode()
    assert text.count('href="data:image/jpeg;base64,') == 1
    assert not re.search(r'(src|href)="(?!data:)', text)
    cells = set(re.findall(r'<polygon [^>]*data-cell="([^"]+)"', text))
    assert cells == {f"t1:{c.row}:{c.col}" for c in document.tables[0].cells}
    linked = {place for places in re.findall(r'data-cells="([^"]*)"', text) for place in places.split()}
    assert linked and linked <= cells
    assert "<script>alert" not in text
    assert text.count("<polygon ") == len(marks(document, 1))
    assert "可信度：0.500" in text and "候选" in text
    assert "prefers-color-scheme: dark" in text


def test_html_turns_pages_upright(image: PageImage) -> None:
    document = sample_document()
    for rotation, shift in ((90, "240 0"), (180, "400 240"), (270, "0 400")):
        pages = [p.model_copy(update={"rotation": rotation}) for p in document.pages]
        text = document_html(document.model_copy(update={"pages": pages}), [], 0.98).decode()
        assert f'transform="translate({shift}) rotate({rotation})"' in text
        assert ('viewBox="0 0 240 400"' in text) == (rotation != 180)


def test_polygons_keep_their_place(image: PageImage) -> None:
    assert 'points="50,60 250,60 250,100 50,100"' in document_html(sample_document(), [image], 0.98).decode()

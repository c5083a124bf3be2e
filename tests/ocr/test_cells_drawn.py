"""Cells drawn with real characters and rulings, read by the real engine: what is lost most easily."""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image as Picture
from PIL import ImageDraw, ImageFont

from shenbao.models.stages import Box, FlatPage, Grid, GridCell, Image, ReadCell
from shenbao.ocr.constrain import Kind, constrain
from shenbao.ocr.engine import LineReader
from shenbao.ocr.engines import open_engine
from shenbao.ocr.page import read_page
from shenbao.settings import EngineSettings

SIZE = 32
"""Size of the font in pixels, as 11 pt at 200 dpi."""

CELL: Box = (40.0, 40.0, 340.0, 140.0)


@pytest.fixture(scope="module")
def engine() -> LineReader:
    return open_engine(EngineSettings(precision="f32", threads=2))


def drawn(
    font: ImageFont.FreeTypeFont, texts: Sequence[tuple[float, float, str]], cell: Box = CELL
) -> tuple[FlatPage, Grid]:
    """A page with one ruled cell and texts whose boxes begin at x and y."""
    canvas = Picture.new("L", (round(cell[2]) + 60, round(cell[3]) + 60), 255)
    pen = ImageDraw.Draw(canvas)
    pen.rectangle(cell, outline=0, width=3)
    for x, y, text in texts:
        pen.text((x, y), text, font=font, fill=0)
    return page_of(np.asarray(canvas, np.uint8)), grid_of(cell)


def page_of(grey: Image) -> FlatPage:
    ink = np.asarray(np.where(grey < 128, 255, 0), np.uint8)
    none = np.zeros_like(grey)
    return FlatPage(1, grey, ink, ink, none, 0.9 * SIZE, 0, 0.0, lambda points: points)


def grid_of(cell: Box) -> Grid:
    place = GridCell(0, 0, 1, 1, cell, (1.0,) * 4)
    return Grid((cell[0], cell[2]), (cell[1], cell[3]), (place,))


def read(page: FlatPage, grid: Grid, engine: LineReader) -> ReadCell:
    (cells,), _ = read_page(page, [grid], engine, 2.0)
    return cells[0]


@pytest.mark.parametrize("text", ["1", "一", "亩", "≥", "≤", "人", "4", "%", "二", "7", "-", "—"])
def test_a_lone_character_is_read(font: ImageFont.FreeTypeFont, engine: LineReader, text: str) -> None:
    cell = read(*drawn(font, [(160, 66, text)]), engine)
    assert cell.text.replace("—", "一") == text.replace("—", "一")
    assert len(cell.lines) == 1


@pytest.mark.parametrize("text", ["=", "≥", "≤", ">", "<"])
def test_a_lone_operator_is_read_under_its_constraint(
    font: ImageFont.FreeTypeFont, engine: LineReader, text: str
) -> None:
    (line,) = read(*drawn(font, [(160, 66, text)]), engine).lines
    assert constrain(line.reading, Kind.OPERATOR).text == text


def test_an_empty_cell_has_no_lines(font: ImageFont.FreeTypeFont, engine: LineReader) -> None:
    cell = read(*drawn(font, []), engine)
    assert (cell.text, cell.lines, cell.ink) == ("", (), 0.0)


@pytest.mark.parametrize(("x", "y"), [(44, 66), (160, 40), (160, 102), (250, 66)])
def test_text_that_touches_a_ruling_is_read(
    font: ImageFont.FreeTypeFont, engine: LineReader, x: int, y: int
) -> None:
    text = "预算数"
    width = font.getlength(text)
    left = min(x, 340 - width + 1)
    assert read(*drawn(font, [(left, y, text)]), engine).text == text


def test_stacked_characters_of_a_narrow_cell_are_read_downwards(
    font: ImageFont.FreeTypeFont, engine: LineReader
) -> None:
    cell: Box = (40.0, 40.0, 90.0, 260.0)
    stack = [(48.0, 60.0 + 44 * k, char) for k, char in enumerate("绩效指标")]
    assert read(*drawn(font, stack, cell), engine).text.replace("\n", "") == "绩效指标"


@pytest.mark.parametrize("turn", [cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_90_COUNTERCLOCKWISE])
def test_turned_text_in_a_narrow_cell_is_read(
    font: ImageFont.FreeTypeFont, engine: LineReader, turn: int
) -> None:
    page, _ = drawn(font, [(80, 48, "产出指标完成情况")], (40.0, 40.0, 400.0, 92.0))
    grey = np.asarray(cv2.rotate(page.grey, turn), np.uint8)
    ys, xs = np.nonzero(grey < 128)
    cell = (float(xs.min() + 1), float(ys.min() + 1), float(xs.max()), float(ys.max()))
    assert read(page_of(grey), grid_of(cell), engine).text.replace("\n", "") == "产出指标完成情况"


def test_wrapped_lines_stay_in_order(font: ImageFont.FreeTypeFont, engine: LineReader) -> None:
    texts = [(52.0, 48.0, "一般公共预算财"), (52.0, 92.0, "政拨款")]
    assert read(*drawn(font, texts), engine).text.replace("\n", "") == "一般公共预算财政拨款"


def test_specks_beside_print_are_no_characters(font: ImageFont.FreeTypeFont, engine: LineReader) -> None:
    page, grid = drawn(font, [(140, 60, "合格")])
    grey = page.grey.copy()
    for x, y in ((70, 118), (300, 120), (310, 56)):
        grey[y : y + 6, x : x + 5] = 40
    assert read(page_of(grey), grid, engine).text == "合格"


def test_a_stroke_that_was_wiped_with_a_streak_is_read_from_the_page_before(
    font: ImageFont.FreeTypeFont, engine: LineReader
) -> None:
    whole, grid = drawn(font, [(120, 66, "827.69")])
    grey, strong = whole.grey.copy(), whole.strong.copy()
    point = 120 + round(font.getlength("827"))
    grey[60:110, point : point + 8], strong[60:110, point : point + 8] = 255, 0
    wiped = replace(whole, grey=grey, strong=strong)
    (without,), _ = read_page(wiped, [grid], engine, 2.0)
    (with_it,), _ = read_page(wiped, [grid], engine, 2.0, whole)
    assert without[0].text != "827.69"
    assert with_it[0].text == "827.69"

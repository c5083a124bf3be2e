"""Rulings drawn in colour: the same form, other lines."""

import io

import cv2
import numpy as np
import pytest
from bench.render.coloured import COLOURS, RulingColour
from bench.render.document import Order, make
from bench.render.fonts import font_list, installed
from numpy.typing import NDArray
from PIL import Image

pytestmark = pytest.mark.skipif(not installed(font_list().fonts), reason="no Chinese font installed")

PLAIN = Order(3, ("clean",), (100,), ("fixed_assets",), None, 0)


def pixels(colour: RulingColour) -> NDArray[np.int16]:
    made = make(Order(3, ("clean",), (100,), ("fixed_assets",), None, 0, ruling_colours=(colour,)), 0)
    if made.file.endswith(".pdf"):
        return np.asarray(made.shots[0].pixels, np.int16)
    with Image.open(io.BytesIO(made.data)) as image:
        return np.asarray(image.convert("RGB"), np.int16)


@pytest.mark.parametrize("colour", COLOURS)
def test_the_form_stays_the_same_and_its_name_tells_the_colour(colour: RulingColour) -> None:
    plain, made = make(PLAIN, 0), make(Order(**{**vars(PLAIN), "ruling_colours": (colour,)}), 0)
    assert made.name == f"{plain.name}-{colour}"
    assert made.truth["tables"] == plain.truth["tables"]
    assert made.truth["pages"] == plain.truth["pages"]


@pytest.mark.parametrize(
    ("colour", "channels"), [("red", (0,)), ("yellow", (0, 1)), ("blue", (2,)), ("green", (1,))]
)
def test_lines_have_the_colour_that_was_asked_for(colour: RulingColour, channels: tuple[int, ...]) -> None:
    page = pixels(colour)
    chroma = page.max(axis=2) - page.min(axis=2)
    lines = page[chroma > 60]
    assert len(lines) > 0.003 * chroma.size
    other = [k for k in range(3) if k not in channels]
    assert (lines[:, channels].min(axis=1) >= lines[:, other].max(axis=1) - 60).mean() > 0.95
    assert (lines.argmax(axis=1) == channels[0]).mean() > 0.95


def test_white_lines_part_fields_of_colour() -> None:
    page = pixels("white")
    white = np.asarray(page.min(axis=2) == 255, np.uint8)
    table = cv2.boundingRect(np.asarray(page.max(axis=2) - page.min(axis=2) > 15, np.uint8))
    x, y, w, h = table
    inside = white[y : y + h, x : x + w]
    assert 0.005 < inside.mean() < 0.2
    assert inside[:, : w // 2].min(axis=1).any() and inside[: h // 2].min(axis=0).any()


def test_colours_are_taken_in_turn() -> None:
    order = Order(3, ("clean",), (100,), ("fixed_assets",), None, 0, ruling_colours=("red", "white"))
    assert [make(order, k).name.rsplit("-", 1)[1] for k in range(3)] == ["red", "white", "red"]

"""Rulings in colour: red, yellow, light blue or green lines, or white ones that part fields of colour."""

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from bench.render.several import Setting, settings, together
from bench.render.style import Style
from bench.render.typeset import CleanPage

RulingColour = Literal["red", "yellow", "blue", "green", "white"]
COLOURS: tuple[RulingColour, ...] = get_args(RulingColour)

Rgb = tuple[int, int, int]

_INKS: dict[RulingColour, tuple[Rgb, ...]] = {
    "red": ((200, 30, 40), (225, 70, 65), (170, 20, 50), (240, 120, 110)),
    "yellow": ((255, 192, 0), (240, 210, 60), (250, 235, 120)),
    "blue": ((120, 180, 230), (155, 194, 230), (90, 140, 220)),
    "green": ((60, 160, 90), (146, 208, 80), (169, 208, 142)),
    "white": ((255, 255, 255),),
}
_GROUNDS: tuple[tuple[Rgb, Rgb], ...] = (
    ((155, 194, 230), (221, 235, 247)),
    ((169, 208, 142), (226, 239, 218)),
    ((244, 176, 132), (252, 228, 214)),
    ((255, 217, 102), (255, 242, 204)),
    ((142, 169, 219), (217, 225, 242)),
)
"""Fills of heading and of body, as the table styles of office programs pair them."""


def _set_anew(made: Sequence[Setting], style: Style) -> list[CleanPage]:
    return together(settings(made[0].form, style))


def coloured_pages(made: Sequence[Setting], colour: RulingColour, rng: random.Random) -> list[CleanPage]:
    """The pages of a document, RGB, with rulings of this colour and print in its style's tint."""
    ink, grounds = rng.choice(_INKS[colour]), rng.choice(_GROUNDS)
    style = made[0].style
    shade = 255 if colour == "white" else style.shade
    prints = _set_anew(made, replace(style, ruling_ink=255, shade=shade))
    lines = _set_anew(made, replace(style, ink=255, shade=255, ruling_ink=0))
    pages = []
    for number, (page, ruled) in enumerate(zip(prints, lines, strict=True)):
        ground = np.full((*page.pixels.shape, 3), 255, np.uint8)
        if colour == "white":
            _fill(ground, made, number, grounds)
        drawn = _over(_over(ground, ruled.pixels, ink), page.pixels, style.tint)
        pages.append(replace(page, pixels=drawn))
    return pages


def _fill(ground: NDArray[np.uint8], made: Sequence[Setting], number: int, fills: tuple[Rgb, Rgb]) -> None:
    for setting in made:
        for cell in setting.pages[number].plan.cells if number < len(setting.pages) else ():
            x0, y0, x1, y1 = (round(v) for v in cell.box)
            ground[y0:y1, x0:x1] = fills[0] if cell.role == "header" else fills[1]


def _over(below: NDArray[np.uint8], grey: NDArray[np.uint8], ink: Rgb) -> NDArray[np.uint8]:
    """A picture with what is dark in `grey` laid over it in a covering ink."""
    bare = grey[..., None].astype(np.float32) / 255
    mixed = below * bare + np.asarray(ink, np.float32) * (1 - bare)
    return np.asarray(np.round(mixed), np.uint8)

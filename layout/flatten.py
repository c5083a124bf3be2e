"""PageImage -> FlatPage: the page turned upright, straightened, lit evenly, its ink found."""

from collections.abc import Callable

import cv2
import numpy as np

from shenbao.layout.ink import (
    RED_SHARE,
    binarise,
    character_height,
    drop_specks,
    even_light,
    fade_red,
    is_grainy,
    paper_light,
    print_contrast,
    stretch,
    strong_ink,
    usual_height,
)
from shenbao.layout.straighten import (
    ROUGH_SIDE,
    RoughPage,
    find_strands,
    fit_bend,
    measure_skew,
    rough_page,
)
from shenbao.layout.warp import Warp, turn_and_scale
from shenbao.models.stages import FlatPage, PageImage, Turn

FLAT_SIDE = 2600
"""Longest side in pixels of the flat page: characters of 10 pt stay above 30 pixels of an A4 page."""
SKEW_SIDE = 700

FindTurn = Callable[[RoughPage], Turn]
"""From a small straight page: the clockwise turn that makes it upright."""


def flatten(page: PageImage, find_turn: FindTurn) -> FlatPage:
    """Undo quarter turn, skew, perspective and curl of a page.

    `find_turn` decides between the four quarter turns on a small picture that is already free of skew.
    """
    skew = measure_skew(rough_page(page.pixels, SKEW_SIDE).ink)
    straight = _rough(page, _turned(page, skew, ROUGH_SIDE))
    turn = find_turn(straight)
    warp = _straight_warp(page, turn + skew, straight if turn == 0 else None)
    return _finish(page, warp, turn, skew)


def _rough(page: PageImage, warp: Warp) -> RoughPage:
    return rough_page(warp.apply(page.pixels), max(warp.size))


def _turned(page: PageImage, degrees: float, side: int) -> Warp:
    scale = min(1.0, side / max(page.width, page.height))
    affine, size = turn_and_scale((page.width, page.height), degrees, scale)
    return Warp(affine, (), size)


def _straight_warp(page: PageImage, degrees: float, first: RoughPage | None) -> Warp:
    """The warp that turns the page by `degrees` and takes out, in two rounds, what bends are left.

    `first` is the rough page turned so far, where it is there already.
    """
    flat, rough = _turned(page, degrees, FLAT_SIDE), _turned(page, degrees, ROUGH_SIDE)
    enlarge = max(flat.size) / max(rough.size)
    for seen in (first, None):
        bend = fit_bend(find_strands(seen or _rough(page, rough)), rough.size)
        if bend is None:
            break
        rough = Warp(rough.affine, (*rough.bends, bend), rough.size)
    return Warp(flat.affine, tuple(b.scaled(enlarge) for b in rough.bends), flat.size)


def _finish(page: PageImage, warp: Warp, turn: Turn, skew: float) -> FlatPage:
    flat = warp.apply(page.pixels)
    faded, redness = fade_red(flat)
    evened = even_light(faded, paper_light(faded))
    guess = usual_height(evened)
    every = binarise(evened, guess)
    ink = drop_specks(every, guess)
    if is_grainy(every, ink):
        evened = np.asarray(cv2.medianBlur(evened, 3), np.uint8)
        ink = drop_specks(binarise(evened, guess), guess)
    contrast = print_contrast(evened, ink)
    _, stain = cv2.threshold(redness, 255 * RED_SHARE, 255, cv2.THRESH_BINARY)
    return FlatPage(
        number=page.number,
        grey=stretch(evened, contrast),
        ink=ink,
        strong=strong_ink(evened, ink, contrast),
        stain=np.asarray(stain, np.uint8),
        char_height=character_height(ink),
        rotation=turn,
        skew=round(-skew, 2),
        to_delivered=warp,
    )

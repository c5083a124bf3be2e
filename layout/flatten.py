"""PageImage -> FlatPage: the page turned upright, straightened, lit evenly, its ink found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from shenbao.layout.bend import Bend
from shenbao.layout.blue_seals import without_blue_seals
from shenbao.layout.coloured import Hidden, find_hidden
from shenbao.layout.dark_fields import with_dark_print
from shenbao.layout.dashed_rulings import dashed_rulings
from shenbao.layout.double_rulings import double_rulings
from shenbao.layout.faint_rulings import faint_rulings
from shenbao.layout.feed import across_feed, wiped, without_streaks
from shenbao.layout.hidden_lines import find_lines
from shenbao.layout.ink import (
    GRAINY,
    RED_SHARE,
    even_light,
    fade_red,
    find_ink,
    is_colourless,
    print_contrast,
    stretch,
    strong_ink,
    usual_height,
)
from shenbao.layout.pepper import is_stretched, is_two_toned, without_pepper
from shenbao.layout.straighten import (
    ROUGH_SIDE,
    RoughPage,
    Strand,
    faint_strands,
    find_strands,
    fit_bend,
    in_pieces,
    instead,
    measure_skew,
    rough_page,
    untold,
)
from shenbao.layout.strand_rows import in_rows
from shenbao.layout.warp import Warp, turn_and_scale
from shenbao.layout.worn_rulings import worn_rulings
from shenbao.models.stages import Evened, FlatPage, Image, PageImage, Turn

FLAT_SIDE = 2600
"""Longest side in pixels of the flat page: characters of 10 pt stay above 30 pixels of an A4 page."""
SKEW_SIDE = 700

NEARLY = 0.8

BENT = 0.25
"""Character heights of displacement from which a page is clearly bent."""
RETRACED = 2
"""How often the strands of a page that is clearly bent are traced anew at most."""

STRAIGHT = 0.04
"""Character heights of displacement up to which a page is as good as straight."""

THINNED, LONGER = 3, 2.0
"""Of how many pixels one tells how dark print is, and length in character heights of what is no print."""

PALER = 0.65
"""Share of the contrast of all ink below which that of print alone is the page's: rulings have most of the ink."""

PAPER = 255
"""What is filled in beside the page: the brightness of paper that is lit evenly."""

FindTurn = Callable[[RoughPage], Turn]
"""From a small straight page: the clockwise turn that makes it upright."""


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture of the delivered page, `reduced` to this share of its size."""

    pixels: Image
    reduced: float

    def smaller(self, side: int) -> "Picture":
        """The picture with a longest side of at most `side` pixels, or down to NEARLY as many: by a whole
        number, where one comes so near, it is brought down far faster."""
        longest = max(self.pixels.shape)
        whole = -(-longest // side)
        scale = 1 / whole if longest >= NEARLY * side * whole else min(1.0, side / longest)
        return Picture(_shrunk(self.pixels, scale), self.reduced * scale)


def flatten(page: PageImage, find_turn: FindTurn) -> FlatPage:
    """Undo quarter turn, skew, perspective and curl of a page.

    `find_turn` decides between the four quarter turns on a small picture that is already free of skew.
    """
    reduced = min(1.0, FLAT_SIDE / max(page.width, page.height))
    shrunk = _shrunk_page(page.pixels, reduced)
    faded, redness = fade_red(shrunk)
    blue = without_blue_seals(shrunk, faded)
    if blue is not None:
        faded, redness = blue[0], np.asarray(cv2.max(redness, blue[1]), np.uint8)
    shrunk, faded, redness = with_dark_print(shrunk, faded, redness)
    hidden = find_hidden(shrunk, faded)
    across, down = page.stretch
    lit = Picture(even_light(faded), reduced)
    evened = replace(lit, pixels=without_pepper(lit.pixels, (across * reduced, down * reduced)))
    small = _measured_on(evened, hidden)
    skew = measure_skew(rough_page(small.smaller(SKEW_SIDE).pixels).ink)
    straight = _rough(small, _turned(page, skew, max(small.pixels.shape)))
    turn = find_turn(straight)
    warp, faint = _straight_warp(page, small, turn + skew, straight if turn == 0 else None)
    flat = _finish(page.number, (lit, evened), Picture(redness, reduced), warp, turn, skew, faint)
    if is_stretched(page.stretch) and is_two_toned(evened.pixels):
        flat = replace(flat, hard=True)
    return (
        flat if hidden is None else _with_hidden(flat, _warped_hidden(hidden, faded.shape[1], reduced, warp))
    )


def _measured_on(evened: Picture, hidden: Hidden | None) -> Picture:
    """The small picture to measure on, with what may be hidden rulings."""
    small = evened.smaller(ROUGH_SIDE)
    if hidden is None:
        return small
    height, width = small.pixels.shape
    return replace(
        small, pixels=np.asarray(cv2.subtract(small.pixels, hidden.both((width, height))), np.uint8)
    )


def _shrunk(pixels: Image, scale: float) -> Image:
    if scale >= 1:
        return pixels
    return np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _shrunk_page(rgb: Image, scale: float) -> Image:
    """The page by so much smaller; where it has no colour, one channel of it tells the others."""
    if scale >= 1 or not is_colourless(rgb):
        return _shrunk(rgb, scale)
    one = _shrunk(np.asarray(cv2.extractChannel(rgb, 0), np.uint8), scale)
    return np.asarray(cv2.merge([one, one, one]), np.uint8)


def _rough(small: Picture, warp: Warp) -> RoughPage:
    return rough_page(warp.apply(small.pixels, (PAPER,), small.reduced))


def _turned(page: PageImage, degrees: float, side: int) -> Warp:
    scale = min(1.0, side / max(page.width, page.height))
    affine, size = turn_and_scale((page.width, page.height), degrees, scale)
    return Warp(affine, None, size)


def _straight_warp(
    page: PageImage, small: Picture, degrees: float, first: RoughPage | None
) -> tuple[Warp, bool]:
    """The warp that turns the page by `degrees` and takes out what bends are left, and whether the page has
    rulings so faint that they were seen in pieces or told from their projections alone.

    `first` is the rough page turned so far, where it is there already. Where it is clearly bent, its
    strands are traced again on the page made straighter: there, more and longer ones are seen.
    """
    flat, rough = (_turned(page, degrees, side) for side in (FLAT_SIDE, max(small.pixels.shape)))
    delivered = (page.width, page.height)
    seen = first or _rough(small, rough)
    traced = without_streaks(find_strands(seen), seen, rough, delivered)
    axes = untold(traced, rough.size)
    faint = across_feed(faint_strands(wiped(seen, rough, delivered), axes), seen, rough) if axes else []
    drawn = bool(faint) or in_pieces(traced, rough.size)
    h = seen.char_height
    bend = fit_bend(in_rows(instead(traced, faint, rough.size), h), rough.size)
    if bend is None or (off := bend.greatest(rough.size)) < STRAIGHT * h:
        return flat, drawn
    for _ in range(RETRACED if off > BENT * h else 0):
        traced = find_strands(_rough(small, Warp(rough.affine, bend, rough.size)))
        back = _before(traced, bend)
        told = instead(without_streaks(back, seen, rough, delivered), faint, rough.size)
        before, bend = bend, fit_bend(in_rows(told, h), rough.size, bend) or bend
        if bend.apart(before, rough.size) <= BENT * h:
            break
    enlarge = max(flat.size) / max(rough.size)
    return Warp(flat.affine, bend.scaled(enlarge), flat.size), drawn


def _before(strands: Sequence[Strand], bend: Bend) -> list[Strand]:
    """Strands of a page made straighter by a bend, as they were before."""
    if not strands:
        return []
    ends = np.cumsum([len(s.points) for s in strands])[:-1]
    points = np.split(bend.inverse(np.concatenate([s.points for s in strands])), ends)
    return [replace(s, points=p) for s, p in zip(strands, points, strict=True)]


def _warped_hidden(hidden: Hidden, width: int, reduced: float, warp: Warp) -> Hidden:
    """On the flat page; `width` is that of the delivered page `reduced` to this share of its size."""
    return hidden.changed(lambda picture: warp.apply(picture, (0,), reduced * picture.shape[1] / width))


def _with_hidden(flat: FlatPage, hidden: Hidden) -> FlatPage:
    """The flat page with those rulings drawn dark that its colours alone show, and their stain taken off."""
    lines = find_lines(hidden, flat.ink, flat.char_height)
    if lines is None:
        return flat
    around = cv2.dilate(lines, np.ones((7, 7), np.uint8))
    return replace(_drawn(flat, lines), stain=np.asarray(cv2.subtract(flat.stain, around), np.uint8))


def _drawn(flat: FlatPage, lines: Image) -> FlatPage:
    """The flat page with lines (255) drawn as ink."""
    return replace(
        flat,
        grey=np.asarray(cv2.subtract(flat.grey, lines), np.uint8),
        ink=np.asarray(cv2.max(flat.ink, lines), np.uint8),
        strong=np.asarray(cv2.max(flat.strong, lines), np.uint8),
    )


def _finish(
    number: int,
    lit: tuple[Picture, Picture],
    redness: Picture,
    warp: Warp,
    turn: Turn,
    skew: float,
    faint: bool,
) -> FlatPage:
    """The flat page of an evenly lit one, which is given as it was and without its pepper."""
    peppered, evened = lit
    flat, stain = _warped(evened, redness, warp)
    two_toned = is_two_toned(evened.pixels)
    strewn = two_toned and evened.pixels is not peppered.pixels
    rough = warp.apply(peppered.pixels, (PAPER,), peppered.reduced) if strewn else None
    guess = usual_height(flat)
    ink = find_ink(flat, guess)
    if ink.specks > GRAINY:
        flat = np.asarray(cv2.medianBlur(flat, 3), np.uint8)
        ink = find_ink(flat, guess, grainy=True)
    contrast = _contrast(flat, ink.mask, ink.char_height)
    page = FlatPage(
        number=number,
        grey=stretch(flat, contrast),
        ink=ink.mask,
        strong=strong_ink(flat, ink.mask, contrast),
        stain=stain,
        char_height=ink.char_height,
        rotation=turn,
        skew=round(-skew, 2),
        to_delivered=warp,
        specks=None if rough is None else _taken_off(rough, flat, contrast),
        hard=strewn,
        even=None if two_toned else Evened(flat, contrast),
    )
    dashed = dashed_rulings(ink.pieces, ink.mask, ink.char_height)
    page = page if dashed is None else _drawn(page, dashed)
    double = double_rulings(page.ink, page.char_height) if two_toned else None
    page = page if double is None else _drawn(page, double)
    worn = worn_rulings(page.ink, page.char_height) if two_toned else None
    page = page if worn is None else _drawn(page, worn)
    if not faint:
        return page
    return _drawn(page, faint_rulings(flat, ink.mask, ink.char_height, two_toned=two_toned))


def _taken_off(rough: Image, flat: Image, contrast: float) -> Image:
    """What is darker in the picture before it was smoothed, as dark as it was there."""
    _, darker = cv2.threshold(cv2.subtract(flat, rough), 0, 255, cv2.THRESH_BINARY_INV)
    return np.asarray(cv2.max(stretch(rough, contrast), darker), np.uint8)


def _contrast(flat: Image, ink: Image, char_height: float) -> float:
    """How much darker than paper a page's print is, also where it is pale beside thick black rulings."""
    whole = print_contrast(flat, ink)
    some, inked = (np.ascontiguousarray(p[::THINNED, ::THINNED]) for p in (flat, ink))
    long = max(5, round(LONGER * char_height / THINNED))
    lines = [cv2.morphologyEx(inked, cv2.MORPH_OPEN, np.ones(k, np.uint8)) for k in ((1, long), (long, 1))]
    rulings = cv2.dilate(cv2.max(*lines), np.ones((3, 3), np.uint8))
    alone = print_contrast(some, np.asarray(cv2.subtract(inked, rulings), np.uint8))
    return alone if alone < PALER * whole else whole


def _warped(evened: Picture, redness: Picture, warp: Warp) -> tuple[Image, Image]:
    """The flat page's grey, and the mask (255) of coloured ink on it."""
    _, stain = cv2.threshold(redness.pixels, 255 * RED_SHARE, 255, cv2.THRESH_BINARY)
    if not cv2.countNonZero(stain):
        grey = warp.apply(evened.pixels, (PAPER,), evened.reduced)
        return grey, np.zeros_like(grey)
    flat, blurred = warp.apply_with(evened.pixels, np.asarray(stain, np.uint8), (PAPER,), evened.reduced)
    _, sharp = cv2.threshold(blurred, 127, 255, cv2.THRESH_BINARY)
    return flat, np.asarray(sharp, np.uint8)

"""FlatPage -> seals: red ones by their colour, grey ones on copies and faxes by their shape, pale ones by both."""

from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

import cv2
import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from shenbao.layout.curves import SCALE, Curves, Seen, find_curves, look, small_picture
from shenbao.layout.ink import components
from shenbao.layout.rings import RADII, Ring, find_rings
from shenbao.layout.squares import Square, find_squares
from shenbao.models.stages import FlatMark, FlatPage, Image

LEAST_STAIN = 0.0004
"""Share of the page that must be coloured ink for a coloured seal to be sought."""

PICTURE = 0.08
"""Share of slanting edges on a page from which it is a photo or drawing; pages with three seals have a third."""

DESK = 0.06
"""Share of the page's edge under coloured ink from which that is the desk and no seal."""

PALE, PALEST = 105, 232
"""Grey levels between which ink is paler than print and darker than paper."""

LEAST_PALE = 0.0015
"""Share of the page that must be pale ink for a pale seal to be sought."""

FINE = 18.0
"""Character height in pixels from which every second one will do to find pale ink."""

ASIDE = 0.08
"""Distance from darker ink, in character heights, within which pale ink is the edge of that."""

STRONGER = 1.6
"""Times by which pale ink is made stronger before its curves are sought."""

STRONG = 60
"""Ink (0 to 255) from which a small pixel of pale ink counts, made stronger."""

SURE = 0.8
"""Least probability of a seal that is seen in pale ink alone: where toner is short, print is as pale."""

SIZES = (3.5, 25.0)
"""Sides of a coloured blot that may be a seal, in character heights."""

WITHIN = 0.4
"""Share of a ring's width below which a square at its middle is its star."""

Share = Annotated[float, Field(ge=0.0, le=1.0)]


class SealLimits(BaseModel):
    """Schema of `data/seals.json`, measured on rendered pages with and without seals.

    `least_coverage`: share of a ring's sectors, above chance, that must be seen; `least_coloured` where its
    colour leaves level and upright parts of it visible, too. A ring with
    `half_coverage` is as likely none as one, and `slope` tells how fast that changes: a logistic curve.
    `square_coverage`: share of a square's sides. `blob_confidence`: of a coloured blot of no clear shape.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    least_coverage: Share
    least_coloured: Share
    half_coverage: Share
    slope: Annotated[float, Field(gt=0.0)]
    square_coverage: Share
    blob_confidence: Share


@cache
def seal_limits() -> SealLimits:
    text = files("shenbao.layout").joinpath("data/seals.json").read_text("utf-8")
    return SealLimits.model_validate_json(text)


def find_seals(page: FlatPage, seen: Seen | None = None) -> tuple[FlatMark, ...]:
    """The seals of a page, each with its shape; overlapping ones apart.

    Red print, headlines and rulings are no seals: they draw no ring and no square. `seen` saves looking at
    the page again.
    """
    seals = _coloured(page)
    seen = seen or look(page)
    if len(seen.curves) > PICTURE * seen.small.size:
        return tuple(seals)
    for seal in [*_shaped(seen.small, seen.curves, "grey"), *_pale(page)]:
        if not any(_covers(other, seal) for other in seals):
            seals.append(seal)
    return tuple(seals)


def _pale(page: FlatPage) -> list[FlatMark]:
    """Seals that a copier has left so pale that beside print hardly an edge of theirs is seen."""
    step = 2 if page.char_height >= FINE else 1
    grey, h = np.ascontiguousarray(page.grey[::step, ::step]), page.char_height / step
    side = 2 * max(1, round(ASIDE * h)) + 1
    _, inked = cv2.threshold(grey, PALEST, 255, cv2.THRESH_BINARY_INV)
    _, aside = cv2.threshold(cv2.erode(grey, np.ones((side, side), np.uint8)), PALE, 255, cv2.THRESH_BINARY)
    pale = np.asarray(cv2.bitwise_and(inked, aside), np.uint8)
    if cv2.countNonZero(pale) < LEAST_PALE * pale.size:
        return []
    stronger = np.asarray(cv2.convertScaleAbs(small_picture(pale, h), alpha=STRONGER), np.uint8)
    if not _holds_round(stronger):
        return []
    picture = np.asarray(cv2.bitwise_not(stronger), np.uint8)
    curves = find_curves(picture, picture.shape[1] / page.grey.shape[1])
    if len(curves) > PICTURE * picture.size:
        return []
    return [seal for seal in _shaped(picture, curves, "grey") if seal.confidence >= SURE]


def _holds_round(ink: Image) -> bool:
    """Whether a small picture of ink has strokes close together that reach as far across and down as a seal."""
    reach = 2 * round(0.5 * SCALE) + 1
    joined = cv2.dilate(np.asarray(ink > STRONG, np.uint8), np.ones((reach, reach), np.uint8))
    stats = components(np.asarray(joined, np.uint8))[1]
    return bool(
        (stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].min(axis=1) >= 2 * RADII[0] * SCALE).any()
    )


def _coloured(page: FlatPage) -> list[FlatMark]:
    if cv2.countNonZero(page.stain) < LEAST_STAIN * page.stain.size:
        return []
    small = _without_surroundings(
        small_picture(np.asarray(cv2.bitwise_not(page.stain), np.uint8), page.char_height)
    )
    scale = small.shape[1] / page.stain.shape[1]
    seals = _shaped(small, find_curves(small, scale, with_level=True), "red")
    for blot in _blots(small, scale):
        if not any(_covers(other, blot) for other in seals):
            seals.append(blot)
    return seals


def _without_surroundings(small: Image) -> Image:
    """The picture of coloured ink without what hangs on the page's edge, where a coloured desk shows there."""
    dark = (small < 128).astype(np.uint8)
    edge = np.concatenate([dark[0], dark[-1], dark[:, 0], dark[:, -1]])
    if edge.mean() < DESK:
        return small
    reach = 2 * round(SCALE) + 1
    framed = cv2.copyMakeBorder(dark, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=(1,))
    joined = cv2.morphologyEx(framed, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    _, labels = cv2.connectedComponents(joined)
    return np.where(labels[1:-1, 1:-1] == labels[0, 0], 255, small).astype(np.uint8)


def _shaped(small: Image, curves: Curves, colour: Literal["red", "grey"]) -> list[FlatMark]:
    limits = seal_limits()
    squares = [s for s in find_squares(curves, small) if s.coverage >= limits.square_coverage]
    seals = [_from_square(square, colour, curves.scale) for square in squares]
    least = limits.least_coloured if colour == "red" else limits.least_coverage
    for ring in find_rings(curves, least):
        seal = _from_ring(ring, colour, curves.scale)
        seals = [other for other in seals if not _is_star_of(seal, other)]
        if not any(_covers(other, seal) for other in seals):
            seals.append(seal)
    return seals


def _from_ring(ring: Ring, colour: Literal["red", "grey"], scale: float) -> FlatMark:
    limits = seal_limits()
    confidence = 1.0 / (1.0 + np.exp(-limits.slope * (ring.coverage - limits.half_coverage)))
    side = 2.0 * (ring.radius + 0.25 * SCALE) / scale
    x, y = (ring.x + 0.5) / scale, (ring.y + 0.5) / scale
    shape: Literal["round", "oval"] = "round" if ring.aspect == 1.0 else "oval"
    return FlatMark("seal", shape, colour, x, y, side, side * ring.aspect, ring.degrees, float(confidence))


def _from_square(square: Square, colour: Literal["red", "grey"], scale: float) -> FlatMark:
    x, y = (square.x + 0.5) / scale, (square.y + 0.5) / scale
    width, height = square.width / scale, square.height / scale
    return FlatMark(
        "seal", "square", colour, x, y, width, height, square.degrees, min(0.99, 0.2 + square.coverage)
    )


def _blots(small: Image, scale: float) -> list[FlatMark]:
    """Coloured blots about as high as wide, where no clear shape was found: worn or cut-off seals."""
    _, mask = cv2.threshold(small, 255 * 0.8, 255, cv2.THRESH_BINARY_INV)
    reach = 2 * round(0.6 * SCALE) + 1
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    labels, stats = components(np.asarray(closed, np.uint8))
    found = []
    low, high = SIZES[0] * SCALE, SIZES[1] * SCALE
    for i, (x, y, w, t, _) in enumerate(stats.tolist()):
        inked = float(((labels[y : y + t, x : x + w] == i) & (mask[y : y + t, x : x + w] > 0)).mean())
        if i and low <= min(w, t) and max(w, t) <= high and max(w, t) < 1.8 * min(w, t) and inked > 0.12:
            shape: Literal["round", "oval"] = "round" if max(w, t) < 1.2 * min(w, t) else "oval"
            middle, size = ((x + w / 2) / scale, (y + t / 2) / scale), (w / scale, t / scale)
            found.append(FlatMark("seal", shape, "red", *middle, *size, 0.0, seal_limits().blob_confidence))
    return found


def _is_star_of(ring: FlatMark, block: FlatMark) -> bool:
    """Whether what was taken for a square is the star, or a character, within a ring."""
    apart = float(np.hypot(ring.x - block.x, ring.y - block.y))
    small = max(block.width, block.height) < WITHIN * ring.width
    return block.shape == "square" and small and apart < WITHIN / 2 * ring.width


def _covers(seal: FlatMark, other: FlatMark) -> bool:
    """Whether two seals that were found are the same one: a square within a ring of another colour is a person's."""
    apart = float(np.hypot(seal.x - other.x, seal.y - other.y))
    small, large = sorted((seal, other), key=lambda s: s.width)
    framed = small.shape == "square" != large.shape and small.colour != large.colour
    return apart < 0.3 * large.width and not (framed and not _is_star_of(large, small))

"""PageImage with a text layer -> FlatPage: a page that a program drew has no skew, no bends and no dirt."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.ink import RED_SHARE, fade_red
from shenbao.models.stages import Box, FlatPage, Glyph, Image, PageImage, Turn

FLAT_SIDE = 2600
"""Longest side of the flat page in pixels, as for a page that was scanned."""

CONTRAST = 24
"""Levels by which print or a ruling is darker than what lies around it, a shaded cell for example."""

STRONG = 170
"""Level below which ink is print: watermarks and hairlines are paler."""

_CODES = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}

Points = NDArray[np.float64]


@dataclass(frozen=True)
class Frame:
    """Between the delivered page of `width` x `height` pixels and the flat one, turned and then scaled."""

    width: int
    height: int
    turn: Turn
    scale: float

    def __call__(self, points: Points) -> Points:
        """Flat points (n, 2) to delivered points."""
        x, y = (np.asarray(points, np.float64) / self.scale).T
        w, h = self.width, self.height
        back = {0: (x, y), 90: (y, h - x), 180: (w - x, h - y), 270: (w - y, x)}[self.turn]
        return np.stack(back, axis=1)

    def flat(self, points: Points) -> Points:
        """Delivered points (n, 2) to flat points."""
        x, y = np.asarray(points, np.float64).T
        w, h = self.width, self.height
        there = {0: (x, y), 90: (h - y, x), 180: (w - x, h - y), 270: (y, w - x)}[self.turn]
        return np.stack(there, axis=1) * self.scale


def main_turn(glyphs: Sequence[Glyph]) -> Turn:
    """The turn that makes most of the page's text upright."""
    counted = Counter(glyph.turn for glyph in glyphs)
    return counted.most_common(1)[0][0] if counted else 0


def frame_of(page: PageImage, turn: Turn) -> Frame:
    return Frame(page.width, page.height, turn, min(1.0, FLAT_SIDE / max(page.width, page.height)))


def drawn_page(page: PageImage, frame: Frame, char_height: float) -> FlatPage:
    """The page upright, its ink found; `char_height` in flat pixels, as the layer has it."""
    faded, redness = fade_red(_shrunk(page.pixels, frame))
    ink = _ink(faded, char_height)
    _, stain = cv2.threshold(redness, 255 * RED_SHARE, 255, cv2.THRESH_BINARY)
    return FlatPage(
        number=page.number,
        grey=faded,
        ink=ink,
        strong=np.asarray(np.where(faded < STRONG, ink, 0), np.uint8),
        stain=np.asarray(stain, np.uint8),
        char_height=char_height,
        rotation=frame.turn,
        skew=0.0,
        to_delivered=frame,
    )


def without_print(page: FlatPage, boxes: NDArray[np.float64]) -> FlatPage:
    """The page with paper in the boxes (n, 4) of its glyphs: strokes in line are never taken for rulings."""
    grey, ink, strong = page.grey.copy(), page.ink.copy(), page.strong.copy()
    for x0, y0, x1, y1 in boxes.round().astype(int).clip(0).tolist():
        place = slice(y0, y1 + 1), slice(x0, x1 + 1)
        grey[place], ink[place], strong[place] = 255, 0, 0
    return replace(page, grey=grey, ink=ink, strong=strong)


def flat_boxes(boxes: Sequence[Box], frame: Frame) -> NDArray[np.float64]:
    """Boxes of the delivered page on the flat page, shape (n, 4)."""
    if not boxes:
        return np.zeros((0, 4))
    given = np.array(boxes, np.float64)
    one, other = frame.flat(given[:, :2]), frame.flat(given[:, 2:])
    return np.concatenate([np.minimum(one, other), np.maximum(one, other)], axis=1)


def _shrunk(pixels: Image, frame: Frame) -> Image:
    if frame.scale < 1:
        size = round(frame.width * frame.scale), round(frame.height * frame.scale)
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    return pixels if frame.turn == 0 else np.asarray(cv2.rotate(pixels, _CODES[frame.turn]), np.uint8)


def _ink(grey: Image, char_height: float) -> Image:
    window = max(3, 2 * round(char_height) + 1)
    local = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, window, CONTRAST
    )
    local[grey < 60] = 255
    return np.asarray(local, np.uint8)

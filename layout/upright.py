"""Which of the four quarter turns makes a page upright: tried on lines of print, judged by the reader."""

from typing import Protocol

import cv2
import numpy as np

from shenbao.layout.straighten import RoughPage
from shenbao.models.stages import Image, Reading, Turn

SAMPLE = 5
"""Lines that are read in each direction."""
SURE = 0.85
"""Mean character probability from which the first pair of directions is enough."""


class ReadsLines(Protocol):
    def read_lines(self, lines: list[Image]) -> list[Reading]: ...


def find_turn(page: RoughPage, engine: ReadsLines) -> Turn:
    """The clockwise turn that makes the page upright; 0 where no print tells.

    Lines of print run the long way of the boxes that characters close up to. A sample of them is read
    both ways round; print that is upside down gives few characters, at low probability.
    """
    across = _samples(page.ink, page.grey, page.char_height)
    down = _samples(_turned(page.ink), _turned(page.grey), page.char_height)
    pairs: list[tuple[list[Image], Turn, Turn]] = [(across, 0, 180), (down, 90, 270)]
    pairs.sort(key=lambda p: -sum(s.shape[1] for s in p[0]))
    best: tuple[float, Turn] = (0.0, 0)
    for samples, one, other in pairs:
        if not samples:
            continue
        flipped = [np.ascontiguousarray(s[::-1, ::-1]) for s in samples]
        readings = engine.read_lines([*samples, *flipped])
        half = len(samples)
        best = max(best, (_sense(readings[:half]), one), (_sense(readings[half:]), other))
        if best[0] >= SURE:
            break
    return best[1]


def _turned(picture: Image) -> Image:
    return np.asarray(cv2.rotate(picture, cv2.ROTATE_90_CLOCKWISE), np.uint8)


def _sense(readings: list[Reading]) -> float:
    """Mean probability of the characters read, 0 where none were."""
    chars = [c.probability for r in readings for c in r.chars]
    return float(np.mean(chars)) if chars else 0.0


def _samples(ink: Image, grey: Image, h: float) -> list[Image]:
    """Pictures of the longest single lines of print that run across."""
    rule = max(5, round(2.5 * h)) | 1
    rulings = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, rule), np.uint8))
    rulings |= cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((rule, 1), np.uint8))
    bare = cv2.subtract(ink, cv2.dilate(rulings, np.ones((3, 3), np.uint8)))
    joined = cv2.morphologyEx(bare, cv2.MORPH_CLOSE, np.ones((1, max(3, round(0.9 * h)) | 1), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    boxes = [
        (int(w), int(x), int(y), int(t))
        for x, y, w, t, area in stats[1:]
        if 0.7 * h <= t <= 1.7 * h and 3.5 * t <= w <= 25 * t and area > 0.4 * w * t
    ]
    margin = max(1, round(0.15 * h))
    pictures = []
    for w, x, y, t in sorted(boxes, reverse=True)[:SAMPLE]:
        top, left = max(0, y - margin), max(0, x - margin)
        pictures.append(np.ascontiguousarray(grey[top : y + t + margin, left : x + w + margin]))
    return pictures

"""Handwriting as strokes of a pen: larger than print, slanting, its strokes joined, over rulings if need be."""

import random

import cv2
import numpy as np

from bench.render.damage import Drawn, Pixels, Points
from bench.render.style import Style
from bench.render.typeset import CleanPage

_STEPS = 12
"""Points between two turns of the pen."""


def write_by_hand(page: CleanPage, style: Style, rng: random.Random) -> tuple[Pixels, tuple[Drawn, ...]]:
    """The page's grey pixels with one or two names written into empty cells or beside print, and where."""
    pixels = page.pixels.copy()
    cells = page.plan.cells
    blank = [c.box for c in cells if not c.text] or [c.box for c in cells]
    marks = []
    for box in rng.sample(blank, min(len(blank), rng.randint(1, 2))):
        size = style.face.size * rng.uniform(1.4, 2.4)
        count = rng.randint(2, 3)
        room = max(0.0, (box[2] - box[0]) - count * size)
        left = box[0] + rng.uniform(0, 1) * room
        middle = (box[1] + box[3]) / 2 + rng.uniform(-0.3, 0.3) * size
        strokes = [s for k in range(count) for s in _character(rng, left + k * size * 0.95, middle, size)]
        thickness = max(1, round(style.px(rng.uniform(0.35, 0.7))))
        shade = rng.randint(0, 90)
        for stroke in strokes:
            path = np.round(stroke * 16).astype(np.int32)[:, None]
            cv2.polylines(pixels, [path], False, (shade,), thickness, cv2.LINE_AA, 4)
        marks.append(_drawn(np.concatenate(strokes)))
    return pixels, tuple(marks)


def _character(rng: random.Random, x: float, middle: float, size: float) -> list[Points]:
    """Two to four strokes, each a smooth path through a few turns, leaning to the right."""
    strokes = []
    for _ in range(rng.randint(2, 4)):
        turns = np.array(
            [[rng.uniform(0.05, 0.95), rng.uniform(-0.5, 0.5)] for _ in range(rng.randint(3, 5))]
        )
        turns[:, 0] -= 0.25 * turns[:, 1]
        strokes.append(_smooth(turns) * size + (x, middle))
    return strokes


def _smooth(turns: Points) -> Points:
    """A Catmull-Rom curve through the points (n, 2)."""
    padded = np.concatenate([turns[:1], turns, turns[-1:]])
    t = np.linspace(0, 1, _STEPS, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        pieces.append(
            0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - 3 * c + d - a) * t**3)
        )
    return np.concatenate([*pieces, turns[-1:]])


def _drawn(points: Points) -> Drawn:
    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
    return Drawn("handwriting", "free", np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]))

"""Check boxes of a form: those that the recogniser passed over, and which of them are ticked.

It reads □ well but hardly ever ☑, for which it leaves a gap; and which one is ticked is all that such a cell says.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.models.stages import Image, Lattice, Reading
from shenbao.ocr.alphabet import class_of
from shenbao.ocr.decode import BLANK, greedy

EMPTY, TICKED = "□", "☑"

BETWEEN, END = 1.35, 0.85
"""Line heights between the middles of two characters, and from the last one to the line's end, from which there is
room for a box."""

SIDE = 0.4
"""Least side of a box, in line heights."""

SQUARE = 1.4
"""How much longer than the other one side may be."""

INSIDE = 0.2
"""Share of a box's side, at each end, that is its outline and no tick."""

DRAWN = 0.85
"""Share of each side of a box that is drawn."""

TICK = 0.05
"""Share of its inside that a tick inks at least."""

SURE = 0.95
"""Probability of a box found by its outline."""


def with_check_boxes(picture: Image, reading: Reading) -> Reading:
    """The reading of a line's grey picture (height, width) with the boxes in its gaps, and ☑ for □ with a tick."""
    looks = tuple(with_check_boxes(picture, look) for look in reading.looks)
    found = reading if not looks else replace(reading, looks=looks)
    if reading.lattice is None or not reading.chars:
        return found
    rooms = list(_rooms(reading, *picture.shape))
    if not rooms:
        return found
    signs = [(middle, sign) for room in rooms for middle, sign in _boxes(picture, *room)]
    return _with_signs(found, reading.lattice, signs, picture.shape[1]) if signs else found


def _rooms(reading: Reading, height: int, width: int) -> Iterator[tuple[float, float]]:
    """From where to where, in pixels, boxes may stand: gaps between characters, and where a □ was read."""
    chars = [char for char in reading.chars if char.char.strip()]
    middles = [width * (char.start + char.end) / 2 for char in chars]
    half = 0.25 * height
    edges = [-BETWEEN * height, *middles, width + BETWEEN * height]
    for number, (one, other) in enumerate(pairwise(edges)):
        first, last = number == 0, number == len(middles)
        if first or last:
            if (other if first else width - one) >= END * height:
                yield (0.0, other - half) if first else (one + half, float(width))
        elif other - one >= BETWEEN * height:
            yield one + half, other - half
    for middle, char in zip(middles, chars, strict=True):
        if char.char == EMPTY:
            yield middle - 0.6 * height, middle + 0.6 * height


def _boxes(picture: Image, left: float, right: float) -> Iterator[tuple[float, str]]:
    """The middle (pixels) and the sign of each box that lies within a part of the line."""
    height, width = picture.shape
    x0, x1 = max(0, round(left)), min(width, round(right))
    least = round(SIDE * height)
    if x1 - x0 < least:
        return
    dark = np.clip(float(np.percentile(picture, 90)) - picture[:, x0:x1].astype(np.float32), 0.0, None)
    inked = np.asarray(dark > 0.35 * max(1.0, float(np.ptp(picture))), np.uint8)
    stats = cv2.connectedComponentsWithStats(inked)[2][1:]
    for x, y, w, t, _ in stats.tolist():
        cut = (x == 0 and x0 > 0) or (x + w == x1 - x0 and x1 < width)
        if cut or min(w, t) < least or max(w, t) > SQUARE * min(w, t):
            continue
        inside = _inside(inked[y : y + t, x : x + w])
        if inside is not None:
            yield x0 + x + w / 2, TICKED if float(inside.mean()) >= TICK else EMPTY


def _inside(shape: Image) -> Image | None:
    """What lies inside a box; None for a shape that has no straight sides or is crossed, as 田 is."""
    tall, wide = shape.shape
    y, x = round(INSIDE * tall), round(INSIDE * wide)
    sides = (
        shape[:y].max(axis=0),
        shape[-y:].max(axis=0),
        shape[:, :x].max(axis=1),
        shape[:, -x:].max(axis=1),
    )
    inside = shape[y : tall - y, x : wide - x]
    if min(float(side.mean()) for side in sides) < DRAWN or not inside.size:
        return None
    return None if inside.all(axis=0).any() or inside.all(axis=1).any() else inside


def _with_signs(
    reading: Reading, lattice: Lattice, signs: Sequence[tuple[float, str]], width: int
) -> Reading:
    """The reading with each sign at its middle, in pixels of the line's picture of this `width`."""
    best = lattice.classes[:, 0]
    print_steps = np.flatnonzero(best != BLANK)
    last = reading.chars[-1]
    used = (print_steps[-1] + 1) / max(last.end, 1e-6)
    classes, probabilities = lattice.classes.copy(), lattice.probabilities.copy()
    empty = class_of(lattice.alphabet, EMPTY)
    for middle, sign in signs:
        place = class_of(lattice.alphabet, sign)
        step = min(len(best) - 1, int(middle / width * used))
        near = [k for k in range(max(0, step - 2), min(len(best), step + 3)) if best[k] == empty]
        if place is None or (near and sign == EMPTY):
            continue
        for k in near or [step]:
            _put(classes[k], probabilities[k], place)
    made = greedy(Lattice(classes, probabilities, lattice.alphabet), (0.0, min(1.0, float(used) / len(best))))
    return replace(reading, chars=made.chars, lattice=made.lattice)


def _put(classes: NDArray[np.int32], probabilities: NDArray[np.float32], place: int) -> None:
    """Makes a class the likeliest of a step; what was there shares the rest as before."""
    if place not in classes:
        classes[-1], probabilities[-1] = place, 0.0
    total = float(probabilities[classes != place].sum())
    probabilities *= (1.0 - SURE) / max(total, 1e-9)
    probabilities[classes == place] = SURE
    order = np.argsort(-probabilities, kind="stable")
    classes[:], probabilities[:] = classes[order], probabilities[order]

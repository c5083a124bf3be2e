"""Rulings drawn in dashes, made whole before rulings are sought.

The gaps of some dashes are as wide as those between strokes of print, so no mean along the line tells the two apart.
What tells is that dashes are pieces of ink of their own, thin, and that many stand in one line.
"""

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.models.stages import Image

LENGTHS, THICKEST = (0.15, 1.0), 0.25
"""Character heights of the shortest and longest dash, and of the thickest."""

THIN = 1.5
"""Times its thickness that a dash is long at least: a dot of a row of leaders is not."""

IN_LINE = 0.08
"""Character heights across within which the middles of two neighbouring dashes lie."""

GAP, CROSSED = 0.45, 1.1
"""Character heights of white up to which two dashes are of one ruling, and of what may lie between them where another
ruling crosses."""

INKED = 0.5
"""Share of such a crossing that is ink at least."""

FEWEST, LENGTH = 5, 3.0
"""Dashes at least, and least length in character heights, of a ruling that shows how a page's dashes look."""

EVEN, MOSTLY = 0.2, 0.7
"""Share by which the steps from dash to dash differ from the usual one at most, and how many of them must not: a ruling
of which a copier left pieces has none that is usual."""

ALIKE = 1.6
"""Times by which the dashes of a shorter one are longer or thicker than these, or less, at most."""

Boxes = NDArray[np.int32]
"""Shape (n, 4): x, y, width, height in pixels."""


def dashed_rulings(pieces: Boxes, ink: Image, h: float) -> Image | None:
    """Mask (255) of the gaps of a page's dashed rulings, to be drawn as ink; None where it has none.

    `pieces` are the boxes of the connected pieces of `ink` (255), `h` is its character height.
    """
    found = []
    for turned in (False, True):
        boxes = _dashes(pieces[:, [1, 0, 3, 2]] if turned else pieces, h)
        found += [(turned, chain) for chain in _chains(boxes, ink.T if turned else ink, h)]
    sure = [chain for _, chain in found if _is_sure(chain, h)]
    if not sure:
        return None
    usual = np.median(np.concatenate(sure)[:, 2:], axis=0)
    gaps = np.zeros_like(ink)
    chosen = [(turned, chain) for turned, chain in found if _is_sure(chain, h) or _is_alike(chain, usual)]
    for turned, chain in chosen:
        _fill(gaps.T if turned else gaps, chain)
    whole = np.asarray(cv2.max(ink, gaps), np.uint8)
    for turned, chain in chosen:
        _fill_ends(*((gaps.T, whole.T) if turned else (gaps, whole)), chain, round(GAP * h))
    return gaps


def _is_sure(chain: Boxes, h: float) -> bool:
    """Whether a chain is a ruling by itself: long, of many dashes, at even steps."""
    if len(chain) < FEWEST or chain[-1, 0] + chain[-1, 2] - chain[0, 0] < LENGTH * h:
        return False
    steps = np.diff(chain[:, 0])
    usual = float(np.median(steps))
    return bool((np.abs(steps - usual) <= EVEN * usual).mean() >= MOSTLY)


def _is_alike(chain: Boxes, usual: NDArray[np.float64]) -> bool:
    """Whether dashes are as long and thick as the `usual` ones."""
    times = chain[:, 2:] / usual
    return bool(times.max() <= ALIKE and times.min() >= 1 / ALIKE)


def _dashes(boxes: Boxes, h: float) -> Boxes:
    """Those of the boxes that are dashes along rows, from left to right."""
    wide, high = boxes[:, 2], boxes[:, 3]
    long = (wide >= LENGTHS[0] * h) & (wide <= LENGTHS[1] * h)
    found = boxes[long & (high <= THICKEST * h) & (wide >= THIN * high)]
    return np.asarray(found[np.argsort(found[:, 0], kind="stable")], np.int32)


def _chains(boxes: Boxes, ink: Image, h: float) -> list[Boxes]:
    """Two and more dashes in line, each near the one before, from left to right."""
    chains: list[list[int]] = []
    open_chains: list[list[int]] = []
    middles = boxes[:, 1] + boxes[:, 3] / 2
    for i, x in enumerate(boxes[:, 0]):
        reach = x - CROSSED * h
        open_chains = [c for c in open_chains if boxes[c[-1], 0] + boxes[c[-1], 2] >= reach]
        near = [c for c in open_chains if abs(middles[c[-1]] - middles[i]) <= IN_LINE * h]
        chain = next((c for c in near if _joins(boxes[c[-1]], boxes[i], ink, h)), None)
        if chain is None:
            chain = []
            chains.append(chain)
            open_chains.append(chain)
        chain.append(i)
    return [boxes[chain] for chain in chains if len(chain) > 1]


def _joins(one: NDArray[np.int32], other: NDArray[np.int32], ink: Image, h: float) -> bool:
    """Whether nothing but a gap, or another ruling that crosses, lies between two dashes in line."""
    end, start = int(one[0] + one[2]), int(other[0])
    if start - end <= GAP * h:
        return start > end
    row = int(one[1] + one[3] // 2)
    return bool((ink[row, end:start] > 0).mean() >= INKED)


def _fill(gaps: Image, chain: Boxes) -> None:
    """Draws what lies between the dashes of a chain as thick as the thinner of two."""
    for (x, y, w, t), (x1, y1, _, t1) in pairwise(chain.tolist()):
        top, bottom = max(y, y1), min(y + t, y1 + t1)
        if top < bottom:
            gaps[top:bottom, x + w : x1] = 255


def _fill_ends(gaps: Image, ink: Image, chain: Boxes, reach: int) -> None:
    """Draws what lies between the ends of a chain and the ink next to them, up to `reach` pixels."""
    for x, y, w, t in chain[[0, -1]].tolist():
        rows = slice(y, y + t)
        before, behind = ink[rows, max(0, x - reach) : x], ink[rows, x + w : x + w + reach]
        left, right = (np.flatnonzero(part.any(axis=0)) for part in (before, behind))
        if left.size:
            gaps[rows, x - before.shape[1] + int(left[-1]) : x] = 255
        if right.size:
            gaps[rows, x + w : x + w + int(right[0])] = 255

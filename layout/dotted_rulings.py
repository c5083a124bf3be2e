"""Level rulings of which a fax has left dashes and dots, far apart: put together by what stands between them.

Where upright rulings are whole and hardly a level one is, the dashes at one height between two upright rulings are what
is left of a level one, if there are dots in line with them, more than beside.
"""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from shenbao.layout.broken import dotted
from shenbao.layout.stretches import stretches_of
from shenbao.models.stages import Image, Ruling

WHOLE = 0.5
"""Share of the level rulings' length that lies in whole ones from which they are not looked at as dashes."""

LONG = 8.0
"""Character heights from which a ruling is whole."""

OWN, APART = 0.1, 0.5
"""Character heights to each side of a place within which ink is its own, and between places that are told apart."""

CLEAR = 2.0
"""How much more of them every level ruling must show than the places that are none."""

FEWEST = 3
"""Upright rulings that must be whole, and level ones that dots must tell of, for a page's to be dashes."""

LEAST = 0.02
"""Share of the way between the outermost upright rulings on which ink stands where a ruling may be sought."""

FEW = 0.05
"""Share of a side, and of the whole way, that is dots, beyond twice that beside: of places without a ruling one in a
hundred has so much."""


def with_dotted(lines: Sequence[Ruling], ink: Image, h: float) -> tuple[list[Ruling], bool]:
    """A page's rulings, level ones first, dashes of one as one, and whether its level rulings are in dashes at all.

    `ink` (255) is the page's, `h` its character height.
    """
    level, upright = ([x for x in lines if x.horizontal is is_level] for is_level in (True, False))
    crossing = [x for x in upright if x.end - x.start > LONG * h]
    if len(crossing) < FEWEST or not _are_dashes(level, h):
        return [*level, *upright], False
    rows = _rows(crossing, ink, h)
    if len(rows) < FEWEST:
        return [*level, *upright], False
    loose = [x for x in level if not any(_holds(row, x, h) for row in rows)]
    return [*sorted([*rows, *loose], key=lambda x: x.at), *upright], True


def _are_dashes(level: Sequence[Ruling], h: float) -> bool:
    lengths = [x.end - x.start for x in level]
    return sum(x for x in lengths if x > LONG * h) <= WHOLE * sum(lengths)


def _places(ink: Image, crossing: Sequence[Ruling], h: float) -> list[float]:
    """Where between the ends of the crossing rulings more ink stands in a row than above and below."""
    left, right = (round(f(x.at for x in crossing)) for f in (min, max))
    top, bottom = max(0, round(min(x.start for x in crossing) - h)), round(max(x.end for x in crossing) + h)
    own = max(1, round(OWN * h))
    there = ink[top:bottom, left:right] > 0
    held = cv2.dilate(there.astype(np.uint8), np.ones((2 * own + 1, 1), np.uint8)).mean(axis=1)
    reach = np.ones((2 * round(APART * h) + 1, 1), np.uint8)
    peaks = (held >= cv2.dilate(held[:, None], reach)[:, 0]) & (held > LEAST)
    rows, places = there.sum(axis=1), np.arange(len(there))
    near = [slice(max(0, first - own), last + own) for first, last in stretches_of(peaks)]
    return [top + float(np.average(places[x], weights=rows[x])) for x in near]


def _rows(crossing: Sequence[Ruling], ink: Image, h: float) -> list[Ruling]:
    """The level rulings that dots tell of; none where places without one show hardly fewer: a strewn page."""
    rows, told, others = [], [], [0.0]
    usual = max(crossing, key=lambda x: x.end - x.start)
    for at in _places(ink, crossing, h):
        ends = sorted(x.at for x in crossing if x.start - h < at < x.end + h)
        if len(ends) < 2:
            continue
        shares = dotted(ink, at, ends, h)
        share, held = float(np.average(shares, weights=np.diff(ends))), np.flatnonzero(shares > FEW)
        if share <= FEW or not len(held):
            others.append(share)
            continue
        told.append(share)
        start, end = ends[int(held[0])], ends[int(held[-1]) + 1]
        rows.append(replace(usual, horizontal=True, at=at, start=start, end=end))
    return rows if told and min(told) > CLEAR * max(others) else []


def _holds(row: Ruling, dash: Ruling, h: float) -> bool:
    return abs(row.at - dash.at) < APART * h / 2 and row.start - h < dash.start and dash.end < row.end + h

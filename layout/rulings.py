"""FlatPage -> rulings: the straight drawn lines of a page."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.straighten import weighted_median
from shenbao.models.stages import FlatPage, Image, Ruling, Rulings

SHORTEST = 1.25
"""Length of the shortest ruling, in character heights: the side of a cell with one line of print."""

LONG = 2.5
"""Character heights from which a line is too long to be a stroke of print."""


@dataclass(frozen=True)
class Piece:
    """A long thin run of ink: place across, extent along, mean thickness, and thickness times contrast."""

    at: float
    start: float
    end: float
    thickness: float
    weight: float

    @property
    def length(self) -> float:
        return self.end - self.start


def find_rulings(page: FlatPage) -> Rulings:
    """All rulings of a flat page, horizontal ones first, each top to bottom or left to right.

    Lines that are much lighter than usual, slant, or run into the page's margins along the scanner's feed
    are streaks and are left out: rulings of one page are about equally heavy, straight by now, and end
    with their table.
    """
    h = page.char_height
    turned_ink, turned_grey = np.ascontiguousarray(page.ink.T), np.ascontiguousarray(page.grey.T)
    across = _runs(page.ink, h)
    down = _runs(turned_ink, h)
    horizontal = _pieces(across, page.ink, page.grey, h)
    vertical = _pieces(down, turned_ink, turned_grey, h)
    everything = [*horizontal, *vertical]
    weight = weighted_median([p.weight for p in everything], [p.length for p in everything])
    along_x, along_y = feed_slopes(page)
    horizontal = _clean(horizontal, page.ink, weight, along_x, h)
    vertical = _clean(vertical, turned_ink, weight, along_y, h)
    lines = [
        *(_measured(g, across, True) for g in _collinear(horizontal, h)),
        *(_measured(g, down, False) for g in _collinear(vertical, h)),
    ]
    return Rulings(tuple(lines), across, np.ascontiguousarray(down.T), page.ink, h)


def _runs(ink: Image, h: float) -> Image:
    """Ink that goes on horizontally for about a character, small gaps bridged, blots left out."""
    gap = max(3, round(0.15 * h)) | 1
    run = max(7, round(0.9 * h)) | 1
    bridged = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    runs = cv2.morphologyEx(bridged, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
    thick = max(3, round(0.7 * h)) | 1
    blots = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((thick, thick), np.uint8))
    return np.asarray(cv2.subtract(runs, blots), np.uint8)


def _pieces(runs: Image, ink: Image, grey: Image, h: float) -> list[Piece]:
    """Long thin straight pieces of the run mask."""
    long = max(9, round(SHORTEST * h)) | 1
    mask = cv2.morphologyEx(runs, cv2.MORPH_OPEN, np.ones((1, long), np.uint8))
    beside = _without_long_runs(runs, ink, h)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    pieces = []
    for i in range(1, count):
        x, y, w, high, area = (int(v) for v in stats[i])
        if w < max(long, 8 * area / w) or high > 0.35 * h + 0.05 * w:
            continue
        spot = labels[y : y + high, x : x + w] == i
        for first, last in _straight_parts(spot, long, h):
            piece = _piece(spot[:, first:last], grey, x + first, y)
            if _stands_clear(piece, beside, h):
                pieces.append(piece)
    return pieces


def _without_long_runs(runs: Image, ink: Image, h: float) -> Image:
    """The ink without what is far longer than a stroke of print: the other line of a double ruling."""
    far_longer = np.ones((1, max(9, round(6 * h))), np.uint8)
    return np.asarray(cv2.subtract(ink, cv2.morphologyEx(runs, cv2.MORPH_OPEN, far_longer)), np.uint8)


def _straight_parts(spot: NDArray[np.bool_], least: int, h: float) -> list[tuple[int, int]]:
    """Column ranges of a component that are level, halving what is not: a streak may join a ruling."""
    width = spot.shape[1]
    if _rise(spot) <= 0.012 * width + 0.06 * h:
        return [(0, width)]
    if width < 2 * least:
        return []
    middle = width // 2
    left = _straight_parts(spot[:, :middle], least, h)
    right = _straight_parts(spot[:, middle:], least, h)
    return left + [(middle + a, middle + b) for a, b in right]


def _piece(spot: NDArray[np.bool_], grey: Image, x: int, y: int) -> Piece:
    high, width = spot.shape
    darkest = np.where(spot, grey[y : y + high, x : x + width], 255).min(axis=0)
    thickness = float(spot.sum()) / width
    at = y + float((spot.sum(axis=1) * np.arange(high)).sum() / max(1, spot.sum()))
    return Piece(at, float(x), float(x + width), thickness, thickness * (255.0 - float(np.median(darkest))))


def _rise(spot: NDArray[np.bool_]) -> float:
    """How far the piece climbs from its first to its last quarter, in pixels over its whole length."""
    quarter = max(1, spot.shape[1] // 4)
    rows = np.arange(spot.shape[0])

    def middle(part: NDArray[np.bool_]) -> float:
        return float((part.sum(axis=1) * rows).sum() / max(1, part.sum()))

    return abs(middle(spot[:, -quarter:]) - middle(spot[:, :quarter])) * 4 / 3


def _stands_clear(piece: Piece, ink: Image, h: float) -> bool:
    """Whether there is paper along at least one side: strokes of a line of print have ink on both."""
    near, far = piece.thickness / 2 + max(1.5, 0.05 * h), piece.thickness / 2 + 0.3 * h
    sides = []
    for low, high in ((piece.at - far, piece.at - near), (piece.at + near, piece.at + far)):
        band = ink[max(0, round(low)) : max(1, round(high) + 1), int(piece.start) : int(piece.end)]
        sides.append(float((band.max(axis=0) > 0).mean()) if band.size else 0.0)
    return min(sides) < 0.35 and max(sides) < 0.85


def feed_slopes(page: FlatPage) -> tuple[float, float]:
    """How the delivered page's axes lie on the flat page: dy/dx of its rows, dx/dy of its columns.

    Dirt on a scanner's glass or a copier's drum draws lines exactly along these.
    """
    height, width = page.grey.shape
    x, y = width / 2, height / 2
    here, right, below = page.to_delivered(np.array([[x, y], [x + 100, y], [x, y + 100]], np.float64))
    back = np.linalg.pinv(np.column_stack([right - here, below - here]))
    row, column = back @ [1.0, 0.0], back @ [0.0, 1.0]
    turned = page.rotation in (90, 270)
    row, column = (column, row) if turned else (row, column)
    return float(row[1] / row[0]) if row[0] else 0.0, float(column[0] / column[1]) if column[1] else 0.0


def _clean(pieces: list[Piece], ink: Image, usual: float, slope: float, h: float) -> list[Piece]:
    """The pieces that are heavy enough, and no streak through the page's margins."""
    heavy = [p for p in pieces if p.weight > 0.3 * usual]
    return [p for p in heavy if p.weight > 0.75 * usual or not _reaches_margins(p, ink, slope, h)]


def _reaches_margins(piece: Piece, ink: Image, slope: float, h: float) -> bool:
    """Whether the line through a piece, along the feed, has ink in the page's first and last twentieth."""
    height, width = ink.shape
    reach = max(2, round(0.1 * h))
    shares = []
    for columns in (np.arange(0, width // 20), np.arange(width - width // 20, width)):
        rows = np.round(piece.at + slope * (columns - (piece.start + piece.end) / 2)).astype(int)
        near = np.clip(rows[None] + np.arange(-reach, reach + 1)[:, None], 0, height - 1)
        beside = np.clip(rows[None] + np.array([[-1], [1]]) * round(0.5 * h), 0, height - 1)
        blot = (ink[beside, columns[None]] > 0).any(axis=0)  # a scanner's black border, not a streak
        shares.append(float(((ink[near, columns[None]] > 0).any(axis=0) & ~blot).mean()))
    return max(shares) > 0.4 or min(shares) > 0.2


def _collinear(pieces: list[Piece], h: float) -> list[list[Piece]]:
    """Pieces in groups that are one ruling: the same place across, gaps along of a few characters at most.

    Short pieces may be strokes of print and are only put to what they all but touch.
    """
    groups: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: p.at):
        for group in reversed(groups):
            at = np.average([p.at for p in group], weights=[p.length for p in group])
            if piece.at - at > 0.5 * h:
                continue
            if abs(piece.at - at) < 0.25 * h and any(_joins(piece, p, h) for p in group):
                group.append(piece)
                break
        else:
            groups.append([piece])
    return groups


def _joins(one: Piece, other: Piece, h: float) -> bool:
    gap = max(one.start, other.start) - min(one.end, other.end)
    return gap < (6.0 if min(one.length, other.length) >= LONG * h else 0.3) * h


def _measured(group: list[Piece], runs: Image, horizontal: bool) -> Ruling:
    weights = [p.length for p in group]
    at = float(np.average([p.at for p in group], weights=weights))
    start, end = min(p.start for p in group), max(p.end for p in group)
    thickness = float(np.average([p.thickness for p in group], weights=weights))
    weight = float(np.average([p.weight for p in group], weights=weights))
    reach = max(2, round(thickness))
    band = runs[max(0, round(at) - reach) : round(at) + reach + 1, int(start) : int(end)]
    support = float((band.max(axis=0) > 0).mean()) if band.size else 0.0
    return Ruling(horizontal, at, start, end, thickness, support, weight)

"""The straight lines among what a page's colours show: rulings, and no rings or characters of a seal."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.coloured import Hidden
from shenbao.layout.ink import Labels, components
from shenbao.layout.ridges import AVERAGED, ridge, runs, transposed
from shenbao.layout.stretches import crowd_share
from shenbao.models.stages import Image

SURE = 10.0
"""Character heights from which a thin straight run is a ruling, whatever it meets."""

CROSSED = 0.5
"""Gap in character heights at which a run that another crosses is still one."""

LONG = 3.0
"""Character heights from which it is enough that a run goes on at one end, or, if it is white, meets another."""

THICKER, STRONGER = 1.7, 2.0
"""How much thicker and stronger than the page's sure rulings a short one may be: rings of seals are both."""

MEETS, GOES_ON = 0.5, 3.0
"""Character heights within which both ends of a short ruling meet one that crosses it, or goes on from it."""

SAG = 0.08
"""Character heights by which the middle of a run may lie off the line between its ends: rings of seals bend."""

CROWDED = 0.3
"""Share of a short white run with print close by on both sides from which it is a gap in print."""

WEAKER = 0.4
"""Share of the usual strength that a short white run has, at least."""

COVERED = 0.5
"""Share of a short white run on print or a seal from which it is a gap in that."""

AVERAGED_WHITE = 1.5
"""Character heights over which what is seen of a white ruling is averaged: no print breaks it."""

SPREAD = 0.2
"""Character heights between strokes of seals and print that hide a white ruling as their ink does."""

EVEN = 0.25
"""Character heights across within which two pieces are of one ruling."""

REACH = 8.0
"""Character heights that a seal may hide of a ruling."""

HALF = 0.5
"""Share of the usual strength that a ruling has below a seal, at least."""

TOLD, FOLLOWED = 0.6, 0.85
"""Share of a gap that nothing may hide, and share of that that must be as strong for a ruling to go on there."""


def find_lines(hidden: Hidden, ink: Image, h: float) -> Image | None:
    """Mask (255) of the rulings on an upright straight page; None where there are none.

    `hidden` holds pictures of the page's size, `ink` is the mask of its print; `h` is its character height in
    pixels.
    """
    found = []
    if hidden.tinted is not None:
        found.append(_lines(hidden.tinted, ink, h, white=False))
    if hidden.white is not None:
        around = np.ones((max(3, round(SPREAD * h)) | 1,) * 2, np.uint8)
        strokes = np.asarray(cv2.dilate(hidden.white.strokes, around), np.uint8)
        found.append(_lines(hidden.white.lines, strokes, h, white=True))
    lines = [f for f in found if f is not None]
    return np.asarray(np.maximum.reduce(lines), np.uint8) if lines else None


def _lines(strength: Image, hides: Image, h: float, white: bool) -> Image | None:
    """Mask of the rulings of one picture: its longest runs, and those as thick and as clear that meet one which
    crosses them, or go on from one: at both ends, or where they are long at one. On what is `white` no seal
    misleads. What a seal hides of them is drawn in."""
    pictures = (strength, transposed(strength))
    views = [_Runs.of(picture, h, white) for picture in pictures]
    taken = [view.length >= SURE * h for view in views]
    if not any(t.any() for t in taken):
        return None
    masks = [
        view.drawn(np.zeros(view.labels.shape, np.uint8), sure)
        for view, sure in zip(views, taken, strict=True)
    ]
    hiding = (hides, transposed(hides))
    usual = _alike(views, taken, white)
    for i in (0, 1, 0, 1, 0, 1):
        more = views[i].meets(usual[i] & ~taken[i], masks[i], transposed(masks[1 - i]), hiding[i], h, white)
        taken[i] |= more
        masks[i] = views[i].drawn(masks[i], more)
    whole = [
        _followed(masks[i], views[i].places(taken[i], h), transposed(masks[1 - i]), pictures[i], hiding[i], h)
        for i in (0, 1)
    ]
    return np.asarray(cv2.max(whole[0], transposed(whole[1])), np.uint8)


def _alike(views: "list[_Runs]", sure: list[NDArray[np.bool_]], white: bool) -> list[NDArray[np.bool_]]:
    """Which runs are no thicker and no clearer than the sure ones are; white ones: not much less clear."""
    thickness = np.median(np.concatenate([v.thickness[s] for v, s in zip(views, sure, strict=True)]))
    strength = float(np.median(np.concatenate([v.strength[s] for v, s in zip(views, sure, strict=True)])))
    if white:
        return [v.strength >= WEAKER * strength for v in views]
    thickest = THICKER * max(2.0, float(thickness))
    return [(v.thickness <= thickest) & (v.strength <= STRONGER * strength) for v in views]


@dataclass(frozen=True)
class _Place:
    """Where a run begins and ends: columns, and the rows of its ends."""

    first: int
    last: int
    at_first: float
    at_last: float
    thickness: float


@dataclass(frozen=True, eq=False)
class _Runs:
    """Connected runs along rows of what is `shown`: their labels, and their boxes (n, 4), lengths and thicknesses in pixels, and
    how clearly (0 to 255) the middles of them show."""

    shown: Image
    labels: Labels
    boxes: NDArray[np.int32]
    length: NDArray[np.float64]
    thickness: NDArray[np.float64]
    strength: NDArray[np.float64]

    @classmethod
    def of(cls, strength: Image, h: float, white: bool) -> "_Runs":
        averaged = AVERAGED_WHITE if white else AVERAGED
        ridges = ridge(np.asarray(cv2.bitwise_not(strength), np.uint8), h, averaged)
        bridge = np.ones((1, round(CROSSED * h) | 1), np.uint8)
        labels, stats = components(
            np.asarray(cv2.morphologyEx(runs(ridges, h), cv2.MORPH_CLOSE, bridge), np.uint8)
        )
        boxes, area = stats[1:, :4], stats[1:, cv2.CC_STAT_AREA]
        length = boxes[:, 2].astype(np.float64)
        clear = [float(np.median(ridges[y : y + t, x : x + w].max(axis=0))) for x, y, w, t in boxes.tolist()]
        return cls(strength, labels, boxes, length, area / length, np.array(clear))

    def drawn(self, mask: Image, more: NDArray[np.bool_]) -> Image:
        """A mask of the picture's size with some of the runs added."""
        mask = mask.copy()
        for i in np.flatnonzero(more):
            x, y, w, t = (int(v) for v in self.boxes[i])
            mask[y : y + t, x : x + w][self._spot(int(i))] = 255
        return mask

    def _spot(self, i: int) -> NDArray[np.bool_]:
        x, y, w, t = (int(v) for v in self.boxes[i])
        return np.asarray(self.labels[y : y + t, x : x + w] == i + 1, np.bool_)

    def _middles(self, i: int) -> NDArray[np.float64]:
        """In which row the middle of the run lies, for each column of its box that holds it."""
        spot = self._spot(i)
        filled = spot.sum(axis=0)
        held = filled > 0
        rows = np.arange(len(spot))[:, None] * spot
        return np.asarray(self.boxes[i, 1] + rows.sum(axis=0)[held] / filled[held], np.float64)

    def meets(
        self, wanted: NDArray[np.bool_], along: Image, crossing: Image, hiding: Image, h: float, white: bool
    ) -> NDArray[np.bool_]:
        """Which of the `wanted` runs meet, at both ends, something in the mask `crossing`, or go on in `along`,
        and are straight."""
        near, far = max(1, round(MEETS * h)), round(GOES_ON * h)
        met = np.zeros(len(self.boxes), np.bool_)
        for i in np.flatnonzero(wanted):
            x, y, w, t = (int(v) for v in self.boxes[i])
            rows, band = crossing[max(0, y - near // 2) : y + t + near // 2], along[y : y + t]
            meets = [rows[:, max(0, end - near) : end + near].any() for end in (x, x + w)]
            goes_on = [band[:, max(0, x - far) : x].any(), band[:, x + w : x + w + far].any()]
            met[i] = all(m or g for m, g in zip(meets, goes_on, strict=True))
            if w >= LONG * h:
                met[i] |= any(goes_on) or (white and any(meets))
            met[i] = (
                met[i]
                and self._sag(int(i), h) <= SAG * h
                and not (white and self._in_print(int(i), hiding, h))
            )
        return met

    def _in_print(self, i: int, strokes: Image, h: float) -> bool:
        """Whether a run lies on strokes of print or of a seal, or between them: gaps there are white, too."""
        x, y, w, t = (int(v) for v in self.boxes[i])
        covered = float((strokes[y + t // 2, x : x + w] > 0).mean())
        hemmed = w < LONG * h and crowd_share(strokes, y + t / 2, x, x + w, h) > CROWDED
        return covered > COVERED or hemmed

    def _sag(self, i: int, h: float) -> float:
        """How many rows the middle third of what shows along a run lies off its other thirds."""
        x, y, w, t = (int(v) for v in self.boxes[i])
        top, bottom = max(0, y - round(EVEN * h)), y + t + round(EVEN * h)
        shown = self.shown[top:bottom, x : x + w].astype(np.float64)
        middles = (shown * np.arange(len(shown))[:, None]).sum(axis=0) / np.maximum(1.0, shown.sum(axis=0))
        first, middle, last = (float(np.median(part)) for part in np.array_split(middles, 3))
        return abs(middle - (first + last) / 2)

    def places(self, which: NDArray[np.bool_], h: float) -> list[_Place]:
        end = max(3, round(h))
        found = []
        for i in np.flatnonzero(which):
            x, _, w, _ = (int(v) for v in self.boxes[i])
            rows = self._middles(int(i))
            ends = float(np.median(rows[:end])), float(np.median(rows[-end:]))
            found.append(_Place(x, x + w, *ends, float(self.thickness[i])))
        return found


def _followed(
    mask: Image, places: list[_Place], crossing: Image, strength: Image, hides: Image, h: float
) -> Image:
    """The mask with its runs carried on, over what hides them, to the next one in line, and to
    what crosses them."""
    mask = mask.copy()
    for piece in _gaps(places, crossing, h):
        if _goes_on(piece, places, strength, hides):
            start, end = (piece.first, round(piece.at_first)), (piece.last, round(piece.at_last))
            cv2.line(mask, start, end, (255,), max(1, round(piece.thickness)))
    return mask


def _goes_on(gap: _Place, places: list[_Place], strength: Image, hides: Image) -> bool:
    """Whether nearly all of a gap that shows anything shows as much as the runs beside it."""
    usual = 0.0
    for place in places:
        if place.last == gap.first or place.first == gap.last:
            usual = max(usual, float(np.median(_along(place, strength))))
    seen, hidden = _along(gap, strength) >= HALF * usual, _along(gap, hides) > 0
    told = seen | ~hidden
    return bool(told.mean() >= TOLD and seen[told].mean() >= FOLLOWED)


def _along(place: _Place, picture: Image) -> Image:
    """The brightest of three pixels across, along a run."""
    columns = np.arange(place.first, place.last)
    rows = np.round(np.linspace(place.at_first, place.at_last, len(columns))).astype(np.intp)
    rows = rows.clip(1, len(picture) - 2)
    return np.asarray(np.maximum.reduce([picture[rows + k, columns] for k in (-1, 0, 1)]), np.uint8)


def _gaps(places: list[_Place], crossing: Image, h: float) -> Iterator[_Place]:
    """From the end of each run to the next one in line, or to what crosses its way; none where it ends there."""
    for place in places:
        for gap in (_after(place, places, crossing, h), _before(place, places, crossing, h)):
            if gap is not None and gap.last > gap.first:
                yield gap


def _after(place: _Place, places: list[_Place], crossing: Image, h: float) -> _Place | None:
    at, start = place.at_last, place.last
    reach = round(REACH * h)
    in_line = [p for p in places if 0 < p.first - start <= reach and abs(p.at_first - at) <= EVEN * h]
    nearest = min(in_line, key=lambda p: p.first, default=None)
    band = crossing[max(0, round(at) - 1) : round(at) + 2, start : start + reach]
    crossed = np.flatnonzero(band.any(axis=0))
    if len(crossed) and (nearest is None or start + crossed[0] < nearest.first):
        return _Place(start, start + int(crossed[0]), at, at, place.thickness)
    return nearest and _Place(start, nearest.first, at, nearest.at_first, place.thickness)


def _before(place: _Place, places: list[_Place], crossing: Image, h: float) -> _Place | None:
    """Only to what crosses: gaps between two runs are found from the first of them."""
    at, end = place.at_first, place.first
    reach = min(end, round(REACH * h))
    band = crossing[max(0, round(at) - 1) : round(at) + 2, end - reach : end]
    crossed = np.flatnonzero(band.any(axis=0))
    return _Place(end - reach + int(crossed[-1]) + 1, end, at, at, place.thickness) if len(crossed) else None

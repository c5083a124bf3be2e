"""Which of the four quarter turns makes a page upright: tried on lines of print, judged by the reader."""

import re
from collections.abc import Sequence
from typing import Protocol

import cv2
import numpy as np

from shenbao.layout.ink import components, usual_height
from shenbao.layout.ridges import opened
from shenbao.layout.straighten import RoughPage
from shenbao.models.stages import CharReading, Image, Reading, Turn

LONGEST, SPREAD = 4, 4
"""Lines that are read in each direction: the longest, and some spread over the rest."""

MOST = 25
"""Longest piece of a line that is read, in line heights: the beginning of a line of prose is enough."""


LINE, WORD = 3.5, 1.5
"""Length of a line, in its heights, that runs one way beyond doubt, and of a word or a number."""


class ReadsLines(Protocol):
    def read_lines(self, lines: list[Image]) -> list[Reading]: ...


EVIDENT, BEGINNING = 4, 6
"""Lines of which the beginnings are read first, and how many line heights of each at most."""

CLEARER = 1.6
"""How many times longer the longest lines are along the print than those that closed up across it."""

SURELY, FILLED = 0.6, 0.95
"""Share of the room in lines that surely read Chinese characters fill where they stand upright, and that they
do not fill, though they may be read, where several lines were taken for one that runs across them."""

_HAN = re.compile(r"[\u4e00-\u9fff]")

AS_MUCH, PLENTY = 0.8, 40.0
"""Share of the most sense from which another direction makes about as much, and how much is enough for any."""

BRIMFUL = 1.1
"""Share of the room in lines, with plenty of sense, that is reached in the right direction alone: digits are narrower
than Chinese characters. Of 12 pages whose turn was not evident the right one had 1.2 to 1.5, no other above 1.03."""

LEAST_SENSE, CLEAR_SENSE = 1.0, 5.0
"""What must make sense, about as many sure characters, for a page to count as turned, and from which it surely is:
grain that was taken for characters is read as up to three."""


def find_turn(page: RoughPage, engine: ReadsLines) -> Turn:
    """The clockwise turn that makes the page upright; 0 where no print tells.

    Lines of print run the long way of the boxes that characters close up to. Where those are clearly longer
    along one axis, and a few of them read surely, nothing else is tried. Otherwise a sample of lines along
    both axes is read both ways round, and the direction that makes most sense is upright. Where grain was
    measured for characters hardly anything does, and lines are looked for once more at the usual size of print. Where
    none is, as on a last page with a row of sums, words and figures tell.
    """
    found: list[tuple[float, Turn]] = [(LEAST_SENSE, 0)]
    lines = 0
    for height in (page.char_height, usual_height(page.grey)):
        across, down = _both_samples(page, height, LINE)
        lines += len(across) + len(down)
        evident = _evident_turn(across, down, engine)
        if evident is not None:
            return evident
        found.append(_best_turn(across, down, engine))
        if found[-1][0] > CLEAR_SENSE:
            break
    if lines < EVIDENT:
        found.append(_best_turn(*_both_samples(page, page.char_height, WORD), engine))
    return max(found, key=lambda x: x[0])[1]


def _evident_turn(across: list[Image], down: list[Image], engine: ReadsLines) -> Turn | None:
    """The turn that geometry and few readings tell beyond doubt; None where they do not.

    Readings alone would not do: the recogniser knows vertical writing, and reads characters of neighbouring
    lines as one line of it.
    """
    one, other = _room(across[:EVIDENT]), _room(down[:EVIDENT])
    lines, rest = (across[:EVIDENT], down) if one > other else (down[:EVIDENT], across)
    if len(lines) < EVIDENT or max(one, other) < CLEARER * min(one, other):
        return None
    turns: tuple[Turn, Turn] = (0, 180) if one > other else (90, 270)
    for pictures, turn in zip(_both_ways(lines), turns, strict=True):
        share = _chinese(pictures, engine)
        if share >= (SURELY if len(rest) < EVIDENT else FILLED):
            # Characters of narrow cells stand below one another, and are read so too: what lies across tells.
            others = _both_ways(rest[:EVIDENT]) if turn and len(rest) >= EVIDENT else ()
            return None if any(_chinese(other, engine) > share for other in others) else turn
    return None


def _both_ways(lines: Sequence[Image]) -> tuple[list[Image], list[Image]]:
    """The beginnings of lines, and those that they have upside down."""
    ended = [line[::-1, ::-1] for line in lines]
    first, second = (
        [np.ascontiguousarray(s[:, : BEGINNING * len(s)]) for s in some] for some in (lines, ended)
    )
    return first, second


def _chinese(pictures: list[Image], engine: ReadsLines) -> float:
    """The share of the room in lines that surely read Chinese characters fill."""
    chars = [c for r in engine.read_lines(pictures) for c in r.chars if _HAN.match(c.char)]
    room = _room(pictures)
    return _sure(chars) / room if room else 0.0


def _best_turn(across: list[Image], down: list[Image], engine: ReadsLines) -> tuple[float, Turn]:
    """The direction that makes most sense, and how much.

    Where another makes about as much, the one that fills its lines: where lines are about as far apart as
    characters, those of several lines are read as one, but lie looser in it.
    """
    pairs: list[tuple[list[Image], Turn, Turn]] = [(across, 0, 180), (down, 90, 270)]
    found: list[tuple[float, float, Turn]] = []
    for samples, one, other in pairs:
        flipped = [np.ascontiguousarray(s[::-1, ::-1]) for s in samples]
        for pictures, turn in ((samples, one), (flipped, other)):
            sense, share = _sense(engine.read_lines(pictures), samples)
            if sense >= PLENTY and share >= BRIMFUL:
                return sense, turn  # no other direction can do better
            found.append((sense, share, turn))
    most = min(PLENTY, max(sense for sense, _, _ in found))
    sense, _, turn = max((x for x in found if x[0] >= AS_MUCH * most), key=lambda x: (x[1], x[0]))
    return sense, turn


def _turned(picture: Image) -> Image:
    return np.asarray(cv2.rotate(picture, cv2.ROTATE_90_CLOCKWISE), np.uint8)


def _sense(readings: list[Reading], samples: list[Image]) -> tuple[float, float]:
    """How many characters were read surely, times their share of those that fit into the lines; and that share.

    The count alone would be misled by characters stacked in narrow cells: the recogniser knows vertical
    writing too. But in the wrong direction few other lines make sense.
    """
    sure, room = _sure([c for r in readings for c in r.chars]), _room(samples)
    share = sure / room if room else 0.0
    return sure * min(1.0, share), share


def _sure(chars: Sequence[CharReading]) -> float:
    """About how many of the characters are surely right."""
    return sum(max(0.0, c.probability - 0.5) * 2 for c in chars)


def _room(samples: Sequence[Image]) -> float:
    """How many square characters fit into the lines."""
    return float(sum(s.shape[1] / s.shape[0] for s in samples))


def _without_rulings(ink: Image, h: float) -> Image:
    rule = max(5, round(2.5 * h)) | 1
    rulings = cv2.max(opened(ink, rule), cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((rule, 1), np.uint8)))
    return np.asarray(cv2.subtract(ink, cv2.dilate(rulings, np.ones((3, 3), np.uint8))), np.uint8)


def _both_samples(page: RoughPage, h: float, shortest: float) -> tuple[list[Image], list[Image]]:
    """The samples along the rows and along the columns of a page, as of `_samples`."""
    bare = _without_rulings(page.ink, h)
    return _samples(bare, page.grey, h, shortest), _samples(_turned(bare), _turned(page.grey), h, shortest)


def _samples(bare: Image, grey: Image, h: float, shortest: float) -> list[Image]:
    """Pictures of the longest single lines of print that run across; `bare` is the ink without rulings, `shortest` the
    length of a line in its heights."""
    joined = cv2.morphologyEx(bare, cv2.MORPH_CLOSE, np.ones((1, max(3, round(0.9 * h)) | 1), np.uint8))
    _, stats = components(np.asarray(joined, np.uint8))
    boxes = [
        (int(min(w, MOST * t)), x, y, t)
        for x, y, w, t, area in stats[1:].tolist()
        if 0.7 * h <= t <= 1.7 * h and shortest * t <= w and area > 0.4 * w * t
    ]
    margin = max(1, round(0.15 * h))
    pictures = []
    boxes.sort(reverse=True)
    rest = boxes[LONGEST:]
    for w, x, y, t in boxes[:LONGEST] + rest[:: max(1, len(rest) // SPREAD)][:SPREAD]:
        top, left = max(0, y - margin), max(0, x - margin)
        pictures.append(np.ascontiguousarray(grey[top : y + t + margin, left : x + w + margin]))
    return pictures

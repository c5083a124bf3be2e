"""Sides of cells that have paled almost to nothing, told from the grain of the paper."""

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from shenbao.layout.ridges import ENOUGH, PALE
from shenbao.layout.stretches import crowd_share, darkness, held_columns, hemmed_in, share_of, stretches_of
from shenbao.models.stages import Image, Traces

PRESENT = 0.6
"""Share of a side's length under which a ruling must be found for the side to count as drawn."""

MARGIN = 0.25
"""Character heights that print keeps, and rulings do not keep, from the rulings that they meet."""

BROKEN = 0.4
"""Share of a side from one of its ends from which a line goes on to the other: no ruling ends in a cell."""

FOLLOWED = 0.65
"""Share of a side that must show something of a line that has all but gone."""

STREAKY = 0.2
"""Share of a side that streaks may cover for something of the line to be looked for."""

GRAIN = 0.1
"""Share of its surroundings in which as much may be seen."""

STREWN = 0.25
"""Share of its surroundings in which as much is seen from which a line must be seen at both its ends."""

ALONE = 2.0
"""Character heights of a side, without its ends, from which no stroke of print is as long."""

AS_DARK = 0.4
"""Share of a line's usual darkness that all of a side must have to be drawn, though its ink is not solid."""


def with_paled(
    found: NDArray[np.float64],
    lines: list[float],
    crossing: list[float],
    traces: Traces,
    h: float,
    breaking: bool,
) -> NDArray[np.float64]:
    """The support of sides, that of those which have paled almost to nothing raised to that of drawn ones.

    Where rulings do not break, something more must have been found of a side.
    """
    raised = found.copy()
    for i, j in np.argwhere((found < PRESENT) & (found >= (-1.0 if breaking else PRESENT / 4))):
        seen = _trace(traces, lines[i], crossing[j], crossing[j + 1], h)
        if not seen.size or not breaking and _is_sign(traces.ink, lines[i], crossing[j], crossing[j + 1], h):
            continue
        if _fades(traces, lines[i], crossing[j], crossing[j + 1], h):
            continue
        begun = found[i, j] >= PRESENT / 4
        alone = found[i, j] >= 0 and _stands_out(seen, traces, lines[i], crossing[j], crossing[j + 1], h)
        if _is_whole(seen, h) or breaking and (begun or alone) and _runs_in(seen, h):
            raised[i, j] = PRESENT
    return raised


def _is_sign(ink: Image, at: float, start: float, end: float, h: float) -> bool:
    """Whether the longest ink of a side is as tall as a character and ends clear of the rulings on both sides of
    it, as the upright strokes of print do in a low row."""
    reach, gap = max(1, round(0.06 * h)), max(2, round(0.1 * h))
    middle = round(at)
    line = held_columns(ink[max(0, middle - reach) : middle + reach + 1, round(start) : round(end) + 1])
    held = stretches_of(line)
    if not held:
        return False
    first, last = longest = max(held, key=lambda run: run[1] - run[0])
    place = held.index(longest)
    before = held[place - 1][1] if place else 0
    after = held[place + 1][0] if place + 1 < len(held) else len(line)
    return 0.6 * h < last - first < 1.3 * h and min(first - before, after - last) >= gap


def _is_whole(seen: NDArray[np.bool_], h: float) -> bool:
    """Whether the trace of a side goes through, almost, and reaches both its ends."""
    end = max(1, round(MARGIN * h))
    return bool(seen.mean() > 0.75 and min(seen[:end].mean(), seen[-end:].mean()) > 0.4)


def _runs_in(seen: NDArray[np.bool_], h: float) -> bool:
    """Whether the trace of a side comes in from one of its ends: no ruling ends in the middle of a cell."""
    part = max(round(BROKEN * len(seen)), round(h))
    return bool(max(seen[:part].mean(), seen[-part:].mean()) > 0.85)


def _trace(traces: Traces, at: float, start: float, end: float, h: float) -> NDArray[np.bool_]:
    """Where, from start to end, a line is darker than what lies beside it, however little.

    The margins at both ends are left out. Empty where print or a streak would be taken for it.
    """
    reach, cut = max(2, round(0.15 * h)), round(MARGIN * h)
    middle, first, last = round(at), round(start) + cut, round(end) + 1 - cut
    streaks = traces.streaks
    if (
        last - first < 2 * cut
        or crowd_share(traces.ink, at, round(start), round(end) + 1, h) > 0.1
        or (
            streaks is not None
            and share_of(held_columns(streaks[middle - 1 : middle + 2, first:last])) > STREAKY
        )
    ):
        return np.empty(0, bool)

    height, off = traces.ridges.shape[0], round(0.45 * h)
    beside = [place for place in (middle - off, middle + off) if 0 < place < height - 1]
    if (
        max((float(np.median(darkness(traces.ridges, x, first, last))) for x in beside), default=0.0)
        > 0.75 * PALE
    ):
        return np.empty(0, bool)
    inside = range(max(1, middle - reach), min(height - 1, middle + reach + 1))
    best = max(inside, key=lambda x: float(pale_line(traces, x, first, last, h).mean()))
    return (
        np.empty(0, bool)
        if _is_stroke(darkness(traces.ridges, best, first, last), h)
        else pale_line(traces, best, first, last, h)
    )


def _is_stroke(seen: NDArray[np.uint8], h: float) -> bool:
    """Whether what is seen of a side is dark, but for both its ends: a tall stroke of print, as a bracket's."""
    end = max(1, round(MARGIN * h))
    if len(seen) < 4 * end:
        return False
    dark = float(np.median(seen[end:-end]))
    ends = max(float(np.median(part)) for part in (seen[:end], seen[-end:]))
    return dark > ENOUGH and ends < dark / 3


def pale_line(traces: Traces, place: int, first: int, last: int, h: float) -> NDArray[np.bool_]:
    """Where something however pale lies along a place, short gaps closed."""
    seen = (darkness(traces.ridges, place, first, last) >= PALE).astype(np.uint8)
    gap = np.ones((1, max(3, round(0.3 * h)) | 1), np.uint8)
    return np.asarray(cv2.morphologyEx(seen[None], cv2.MORPH_CLOSE, gap)[0] > 0)


def _stands_out(
    seen: NDArray[np.bool_], traces: Traces, at: float, start: float, end: float, h: float
) -> bool:
    """Whether most of a line is `seen`, and next to nothing beside it: the page's grain makes pale lines, too."""
    return bool(seen.mean() > FOLLOWED and _grain(traces, at, start, end, h) < GRAIN)


def _fades(traces: Traces, at: float, start: float, end: float, h: float) -> bool:
    """Whether a line shows nothing at one of its ends, where a ruling meets others, and much is seen beside it."""
    cut = round(MARGIN * h)
    dark = darkness(traces.ridges, at, round(start) + cut, round(end) + 1 - cut)
    ends = (part.mean() for part in (dark[: max(1, cut)], dark[-max(1, cut) :]))
    return min(ends) < PALE and _grain(traces, at, start, end, h) > STREWN


def _grain(traces: Traces, at: float, start: float, end: float, h: float) -> float:
    """The share of the places beside a line that shows as much as a pale one."""
    cut = round(MARGIN * h)
    places = [round(at + x * h) for x in (-0.8, -0.45, 0.45, 0.8)]
    inside = [x for x in places if 0 < x < traces.ridges.shape[0] - 1]
    lines = [pale_line(traces, x, round(start) + cut, round(end) + 1 - cut, h) for x in inside]
    return float(np.mean([line.mean() for line in lines])) if lines else 0.0


def is_as_dark(
    traces: Traces, at: float, crossing: list[float], half: int, j: int, drawn: NDArray[np.bool_]
) -> bool:
    """Whether a side of a line is nowhere much paler than the sides of this line that are drawn.

    The crossing rulings, `half` as thick to each side, are left out: at a corner a line stands out less.
    """
    own = half + 1
    dark = [darkness(traces.ridges, at, round(a) + own, round(b) + 1 - own) for a, b in pairwise(crossing)]
    others = [float(np.median(side)) for side, is_drawn in zip(dark, drawn, strict=True) if is_drawn]
    return bool(dark[j].min(initial=255) > AS_DARK * float(np.median(others)))


def stands_alone(traces: Traces, at: float, start: float, end: float, half: int, h: float) -> bool:
    """Whether a side, longer than any stroke of print, is seen without a gap, however pale, and nothing close beside it.

    The crossing rulings, `half` as thick to each side, are left out.
    """
    first, last = round(start) + half + 1, round(end) - half
    if last - first < ALONE * h or darkness(traces.ridges, at, first, last).min() < PALE:
        return False
    return not hemmed_in(traces.ink, at, first, last, h).any()

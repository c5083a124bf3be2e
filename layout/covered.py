"""Sides of cells on which a streak of the feed lies: whether a ruling is below it.

A ruling is drawn without gaps, toner on a drum or dirt on a glass seldom is. So where a page's rulings are
unbroken ink, what is broken under a streak is the streak alone; and what is not, though the streak is
broken elsewhere, is a ruling.
"""

import numpy as np

from shenbao.layout.stretches import held_columns, rows_at, share_of
from shenbao.models.stages import Traces

BROKEN = 0.6
"""Share of a side's ink below which nothing unbroken lies there."""

UNBROKEN = 0.93
"""The same from which it is unbroken."""

STREAKY = 0.6
"""Share of a streak outside the table, in ink that goes on, from which it may be taken for a ruling."""

HEMMED, PRINTED = 0.2, 0.35
"""Share of a side with print on both sides of it from which no ruling is there: of one that is broken, of any."""

NEAR = 3.0
"""Character heights across within which streaks are looked at: they slant."""


def streak_or_ruling(
    traces: Traces, at: float, side: tuple[int, int], table: tuple[float, float], crowd: float, h: float
) -> float:
    """Share of a side that is unbroken ink, 0 where a streak alone is there; not a number where nothing tells.

    `at` is the side's place across, `side` where it starts and ends along, `table` where the table does;
    `crowd` is the share of it with print close by on both sides. Only for pages whose rulings are unbroken.
    """
    cut = round(0.15 * h)
    share = share_of(held_columns(traces.solid[rows_at(at, h), side[0] + cut : side[1] - cut]))
    told = (
        share > UNBROKEN and _goes_on(traces, at, table, h) < STREAKY
    )  # else a streak alone may be unbroken
    if share < BROKEN or crowd > (PRINTED if told else HEMMED):
        return 0.0
    return share if told else float("nan")


def _goes_on(traces: Traces, at: float, table: tuple[float, float], h: float) -> float:
    """The share of the streaks near a place, outside the table, that is unbroken ink."""
    reach, length = round(NEAR * h), traces.solid.shape[1]
    rows = slice(max(0, round(at) - reach), round(at) + reach + 1)
    outside = np.ones(length, bool)
    outside[max(0, round(table[0] - h)) : round(table[1] + h)] = False
    if traces.streaks is None:
        return 0.0
    streaks = traces.streaks[rows][:, outside]
    there = held_columns(streaks)
    ink = held_columns(np.minimum(streaks, traces.solid[rows][:, outside]))
    return float(ink.sum() / there.sum()) if there.any() else 1.0

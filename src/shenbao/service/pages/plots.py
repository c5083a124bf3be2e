"""Figures -> what the templates draw as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

from shenbao.service.routers.statistics import BinOut, TallyOut
from shenbao.store.field_statistics import Hour

DAYS = 14
"""Days of the throughput's plot, up to the last one on which somebody worked."""
Z = 1.96
"""Standard deviations on each side that hold 95 % of a normal distribution."""


@dataclass(frozen=True)
class Bar:
    """`height` as a share of the highest bar."""

    name: str
    items: int
    height: float


@dataclass(frozen=True)
class Point:
    """A bin from `low` to `high`: what was promised, what was found, and the 95 % interval of that.

    `expected`, `accuracy`, `least` and `most` are shares of 1; without items the last four are None.
    """

    low: float
    high: float
    items: int
    expected: float | None
    accuracy: float | None
    least: float | None
    most: float | None


def bars(tallies: Sequence[TallyOut], days: int = DAYS) -> list[Bar]:
    """The last days with their items, days without work among them."""
    if not tallies:
        return []
    items = {tally.name: tally.items for tally in tallies}
    last = date.fromisoformat(max(items))
    names = [(last - timedelta(days=back)).isoformat() for back in reversed(range(days))]
    highest = max(items.get(name, 0) for name in names)
    return [Bar(name, items.get(name, 0), items.get(name, 0) / highest) for name in names]


def calibration(bins: Sequence[BinOut]) -> list[Point]:
    return [_point(one) for one in bins]


def per_hour(hours: Sequence[Hour]) -> float | None:
    """Items in an hour of work, over the time that people spent on them; None where none was timed."""
    seconds = sum(hour.seconds for hour in hours)
    return sum(hour.items for hour in hours) / seconds * 3600 if seconds else None


def interval(right: float, items: int) -> tuple[float, float]:
    """The 95 % interval of a share, after E. B. Wilson (1927), "Probable inference, the law of succession"."""
    centre = (right + Z * Z / (2 * items)) / (1 + Z * Z / items)
    half = Z / (1 + Z * Z / items) * sqrt(right * (1 - right) / items + Z * Z / (4 * items * items))
    return max(0.0, centre - half), min(1.0, centre + half)


def _point(one: BinOut) -> Point:
    if not one.items or one.accuracy is None:
        return Point(one.low, one.high, 0, None, None, None, None)
    least, most = interval(one.accuracy, one.items)
    return Point(one.low, one.high, one.items, one.confidence, one.accuracy, least, most)

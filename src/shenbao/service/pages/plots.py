"""Figures -> what the templates draw as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

from shenbao.service.routers.statistics import BinOut, TallyOut


@dataclass(frozen=True)
class Bar:
    """`height` as a share of the highest bar."""

    name: str
    items: int
    height: float


@dataclass(frozen=True)
class Point:
    """Mean confidence and accuracy as found, and their share of the axes; `items` in it."""

    confidence: float
    accuracy: float
    items: int


def bars(tallies: Sequence[TallyOut]) -> list[Bar]:
    highest = max((tally.items for tally in tallies), default=1)
    return [Bar(tally.name, tally.items, tally.items / highest) for tally in tallies]


def calibration(bins: Sequence[BinOut]) -> list[Point]:
    """The bins that hold decided items."""
    return [
        Point(one.confidence, one.accuracy, one.items)
        for one in bins
        if one.items and one.confidence is not None and one.accuracy is not None
    ]

"""Figures as they are drawn."""

import pytest

from shenbao.service.pages.plots import DAYS, bars, calibration, interval, per_hour
from shenbao.service.routers.statistics import BinOut, TallyOut
from shenbao.store.field_statistics import Hour


def tally(name: str, items: int) -> TallyOut:
    return TallyOut(name=name, items=items, right=0, accuracy=None, median_seconds=None)


def test_days_without_work_stand_between_the_others() -> None:
    found = bars([tally("2026-02-27", 5), tally("2026-03-02", 10)])
    assert len(found) == DAYS
    assert [(bar.name[5:], bar.items, bar.height) for bar in found[-4:]] == [
        ("02-27", 5, 0.5), ("02-28", 0, 0.0), ("03-01", 0, 0.0), ("03-02", 10, 1.0),
    ]  # fmt: skip
    assert bars([]) == []


def test_intervals_are_those_of_wilson() -> None:
    # Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I.
    assert interval(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert interval(15 / 148, 148) == pytest.approx((0.0624, 0.1605), abs=1e-4)
    assert interval(0.0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert interval(1 / 29, 29) == pytest.approx((0.0061, 0.1718), abs=1e-4)


def test_empty_bins_have_no_point() -> None:
    empty = BinOut(low=0.0, high=0.5, items=0, confidence=None, accuracy=None)
    full = BinOut(low=0.5, high=0.8, items=20, confidence=0.7, accuracy=0.0)
    points = calibration([empty, full])
    assert points[0].accuracy is None
    assert (points[1].expected, points[1].accuracy) == (0.7, 0.0)
    assert points[1].most == pytest.approx(0.1611, abs=1e-4)


def test_items_in_an_hour_of_work() -> None:
    assert per_hour([Hour("2026-03-01", 9, 100, 400.0), Hour("2026-03-01", 10, 20, 80.0)]) == 900
    assert per_hour([Hour("2026-03-01", 9, 3, 0.0)]) is None
    assert per_hour([]) is None

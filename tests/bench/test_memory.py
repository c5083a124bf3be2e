"""Memory marks: when they are taken and what growth means."""

from itertools import cycle
from pathlib import Path

import pytest
from bench.memory import growth, spread, watch


def test_reading_stops_at_the_wanted_pages() -> None:
    marks = watch(lambda file: 3, cycle([Path("a")]), 10)
    assert [page for page, _ in marks] == [3, 6, 9, 12]
    assert all(mib > 1 for _, mib in marks)


def test_growth_is_from_the_first_pages_to_the_last() -> None:
    marks = [(10, 400.0), (50, 500.0), (60, 900.0), (950, 480.0), (1000, 510.0)]
    assert growth(marks, 50, 50) == pytest.approx(0.02)
    assert growth([(70, 300.0), (140, 330.0)], 50, 50) == pytest.approx(0.1)


def test_a_line_for_every_so_many_pages() -> None:
    marks = [(page, float(page)) for page in range(4, 104, 4)]
    assert [page for page, _ in spread(marks, 50)] == [52, 100]
    assert [page for page, _ in spread([(3, 1.0)], 50)] == [3]

"""Lines along the feed run over the flat page as the page was turned and bent."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from drawn_pages import flat_page, white
from numpy.typing import NDArray

from shenbao.layout.feed_lines import feed_lines
from shenbao.layout.streaks import Seen, find_streaks
from shenbao.models.stages import FlatPage

Points = NDArray[np.float64]

ENDS = np.array([0.0, 250.0, 500.0])


def skewed(points: Points) -> Points:
    return points + 0.02 * points[:, ::-1] * (1, -1)


def bent(points: Points) -> Points:
    """A line down the delivered page bulges to the left on the flat page, by 12 pixels in its middle."""
    return points + np.column_stack([12 * np.sin(np.pi * points[:, 1] / 700), np.zeros(len(points))])


def page_of(to_delivered: Callable[[Points], Points]) -> FlatPage:
    return replace(flat_page(white(501, 701)), to_delivered=to_delivered)


def test_on_a_straight_page_lines_are_straight() -> None:
    across, down = feed_lines(page_of(lambda points: points))
    assert across.passed(np.array([40.0, 300.0]), ENDS).tolist() == [[40] * 3, [300] * 3]
    assert down.passed(np.array([40.0]), np.array([0.0, 700.0])).tolist() == [[40, 40]]


def test_on_a_skewed_page_they_slant() -> None:
    across, down = feed_lines(page_of(skewed))
    assert across.passed(np.array([300.0]), ENDS).tolist() == [[295, 300, 305]]
    assert down.passed(np.array([300.0]), np.array([0.0, 350.0, 700.0])).tolist() == [[307, 300, 293]]


def test_on_a_bent_page_they_are_bent() -> None:
    _, down = feed_lines(page_of(bent))
    assert down.passed(np.array([100.0]), np.array([0.0, 350.0, 700.0])).tolist() == [[112, 100, 112]]


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_quarter_turn_changes_sides_only(rotation: int) -> None:
    turned = {
        0: lambda p: p,
        90: lambda p: np.column_stack([p[:, 1], -p[:, 0]]),
        180: lambda p: -p,
        270: lambda p: np.column_stack([-p[:, 1], p[:, 0]]),
    }[rotation]
    across, down = feed_lines(replace(page_of(turned), rotation=rotation))
    assert across.passed(np.array([200.0]), ENDS).tolist() == [[200] * 3]
    assert down.passed(np.array([200.0]), ENDS).tolist() == [[200] * 3]


def test_a_streak_is_followed_over_a_bent_page() -> None:
    _, feed = feed_lines(page_of(bent))
    columns = np.arange(701)
    there = feed.passed(np.array([100.0]), columns.astype(np.float64))[0]
    found = np.zeros((501, 701), np.uint8)
    found[there, columns] = 90
    tables = Seen(np.arange(701) > 350, np.empty((0, 3)), 500.0, 400.0)
    seen = find_streaks(found, found, feed, tables, 20.0)
    assert seen is not None
    streaks, _ = seen
    assert (streaks[there, columns] > 0).all()
    assert not streaks[np.abs(np.arange(501)[:, None] - there[None]) > 8].any()

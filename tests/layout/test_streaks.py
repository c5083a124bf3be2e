"""What runs on beyond a table is a streak of dirt where it reaches the page's end."""

import numpy as np
import pytest
from drawn_pages import flat_page, white

from shenbao.layout.feed_lines import feed_lines
from shenbao.layout.streaks import Seen, find_streaks

LENGTH = 700
OUTSIDE = (np.arange(LENGTH) < 40) | (np.arange(LENGTH) > 560)
"""Above the table, and below its last line across."""


@pytest.mark.parametrize(
    ("first", "last", "is_streak"), [(40, LENGTH, True), (0, LENGTH, True), (30, 660, True), (40, 665, False)]
)
def test_sides_of_a_row_that_is_open_below_are_no_streak(first: int, last: int, *, is_streak: bool) -> None:
    """A row cut by the page's end may have no line below; a running head stands where its side would go on."""
    _, feed = feed_lines(flat_page(white(501, LENGTH)))
    found = np.zeros((501, LENGTH), np.uint8)
    found[100, first:last] = 200
    found[100, 18:26] = 200
    seen = find_streaks(found, found, feed, Seen(OUTSIDE, np.empty((0, 3)), 500.0, 400.0), 20.0)
    assert (seen is not None) == is_streak


def test_streaks_of_a_page_without_room_at_its_ends_are_not_told() -> None:
    _, feed = feed_lines(flat_page(white(501, LENGTH)))
    found = np.full((501, LENGTH), 0, np.uint8)
    found[100] = 200
    middle = (np.arange(LENGTH) > 300) & (np.arange(LENGTH) < 400)
    assert find_streaks(found, found, feed, Seen(middle, np.empty((0, 3)), 500.0, 400.0), 20.0) is None

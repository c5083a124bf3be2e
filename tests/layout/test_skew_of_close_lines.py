"""Skew of tables whose lines of print stand close: `straighten.measure_skew`."""

import numpy as np
import pytest

from shenbao.layout.straighten import measure_skew
from shenbao.models.stages import Image


def close_lines(pitch: float, slope: float) -> Image:
    """Twenty lines of print, `pitch` pixels apart, that fall by `slope` pixels for each to the right."""
    ink = np.zeros((585, 414), np.uint8)
    xs = np.arange(60, 360)
    for k in range(20):
        top = (150 + pitch * k + slope * (xs - 210)).round().astype(int)
        for t in range(5):
            ink[top + t, xs] = 255 * ((xs // 7) % 3 > 0)
    return ink


@pytest.mark.parametrize("pitch", [8.0, 10.5, 14.0])
def test_lines_and_gaps_are_told_apart_in_the_coarse_search(pitch: float) -> None:
    degrees = float(np.degrees(np.arctan(0.03)))
    assert measure_skew(close_lines(pitch, 0.03)) == pytest.approx(-degrees, abs=0.15)

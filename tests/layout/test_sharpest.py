"""The way of rulings that are too faint to be followed, told from their projections."""

import cv2
import numpy as np
import pytest
from drawn_pages import sign_line, white

from shenbao.layout.sharpest import sharpest_lines
from shenbao.models.stages import Image

H = 14.0
WIDTH, HEIGHT = 1000, 1400
NO_INK = np.zeros((HEIGHT, WIDTH), np.uint8)


def way(x: np.ndarray, y: float, slant: float, change: float, bow: float) -> np.ndarray:
    """The height at x of a ruling that is at y in the page's middle."""
    u, v = x / 500 - 1, y / 700 - 1
    return np.asarray(y + 500 * u * (slant + change * v) + bow * u**2)


def faint_page(slant: float, change: float, bow: float, grain: float = 3.0) -> Image:
    """Grainy paper with 18 rulings hardly darker than it."""
    page = white(WIDTH, HEIGHT)
    x = np.arange(100, 900)
    for y in np.arange(150, 1250, 61.0):
        line = np.stack([x, way(x, y, slant, change, bow)], axis=1)
        cv2.polylines(page, [line.round().astype(np.int32)], False, 244, 2)
    noise = np.random.default_rng(1).normal(0, grain, page.shape)
    return np.clip(page - 4 + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    "bend", [(0.0, 0.0, 0.0), (0.05, 0.0, 0.0), (0.0, 0.04, 0.0), (-0.03, 0.05, 0.0), (0.02, -0.03, 12.0)]
)
def test_lines_run_as_the_rulings_do(bend: tuple[float, float, float]) -> None:
    lines = sharpest_lines(faint_page(*bend), NO_INK, H)
    assert lines
    for line in lines:
        middle = float(np.interp(500, line[:, 0], line[:, 1]))
        inside = (line[:, 0] > 120) & (line[:, 0] < 880)
        off = line[inside, 1] - way(line[inside, 0], middle, *bend)
        assert np.abs(off).max() < 2.5


def test_lines_stay_where_the_rulings_are() -> None:
    points = np.concatenate(sharpest_lines(faint_page(0.02, 0.0, 0.0, grain=0.0), NO_INK, H))
    assert points[:, 0].min() > 60 and points[:, 0].max() < 940
    assert points[:, 1].min() > 100 and points[:, 1].max() < 1300


def test_nothing_is_told_from_grain() -> None:
    grain = np.random.default_rng(2).normal(0, 8, (HEIGHT, WIDTH))
    assert sharpest_lines(np.clip(250 + grain, 0, 255).astype(np.uint8), NO_INK, H) == []


def test_nothing_is_told_from_white_paper() -> None:
    assert sharpest_lines(white(WIDTH, HEIGHT), NO_INK, H) == []


def test_nothing_is_told_from_print() -> None:
    page = white(WIDTH, HEIGHT)
    for k in range(30):
        sign_line(page, 100, 120 + 38 * k, 40 - k % 5, height=14, seed=k)
    assert sharpest_lines(page, np.where(page < 128, 255, 0).astype(np.uint8), H) == []

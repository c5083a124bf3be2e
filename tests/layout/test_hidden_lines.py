"""Which of the lines that a page's colours show are rulings."""

import cv2
import numpy as np
from drawn_pages import HEIGHT, rule, white

from shenbao.layout.coloured import Hidden, White
from shenbao.layout.hidden_lines import find_lines
from shenbao.models.stages import Image

Line = tuple[tuple[float, float], tuple[float, float]]
TOP, BOTTOM = ((50, 100), (700, 100)), ((50, 160), (700, 160))
NO_INK = np.zeros((800, 800), np.uint8)


def drawn(*lines: Line) -> Image:
    picture = white(800, 800)
    for start, end in lines:
        rule(picture, start, end, 3, 100)
    return np.asarray(255 - picture, np.uint8)


def found_in(strength: Image, ink: Image = NO_INK) -> Image | None:
    return find_lines(Hidden(strength, None), ink, HEIGHT)


def found_white(lines: Image, strokes: Image = NO_INK) -> Image | None:
    return find_lines(Hidden(None, White(lines, strokes)), NO_INK, HEIGHT)


def test_short_lines_count_where_they_join_long_ones() -> None:
    joined, loose = ((300, 100), (300, 160)), ((500, 300), (560, 300))
    found = found_in(drawn(TOP, BOTTOM, joined, loose))
    assert found is not None
    assert found[130, 298:303].any() and found[100, 60:690].all()
    assert not found[290:310].any()


def test_short_lines_alone_are_none() -> None:
    assert found_in(drawn(((300, 100), (360, 100)), ((300, 100), (300, 160)))) is None


def test_a_ring_between_two_rulings_is_no_line() -> None:
    picture = drawn(TOP, BOTTOM)
    ring = np.zeros_like(picture)
    cv2.circle(ring, (300, 130), 80, (100,), 4)
    found = found_in(np.asarray(np.maximum(picture, ring), np.uint8))
    assert found is not None
    assert not found[115:145, 200:400].any()


def test_a_ruling_goes_on_through_the_ink_of_a_seal() -> None:
    picture = drawn(TOP, BOTTOM, ((300, 100), (300, 700)), ((50, 700), (700, 700)))
    picture[360:420, 270:330] = 110
    found = found_in(picture)
    assert found is not None
    assert found[170:690, 298:303].any(axis=1).all()


def test_a_gap_that_shows_nothing_stays_open() -> None:
    picture = drawn(TOP, BOTTOM, ((300, 100), (300, 700)), ((50, 700), (700, 700)))
    picture[360:480, 270:330] = 0
    found = found_in(picture)
    assert found is not None
    assert not found[380:460, 290:310].any()


def test_what_lies_between_strokes_of_print_is_no_white_ruling() -> None:
    gap, below = ((300, 100), (300, 140)), ((50, 140), (700, 140))
    lines, strokes = drawn(TOP, below, gap), NO_INK.copy()
    strokes[105:135, 285:294] = strokes[105:135, 306:315] = 255
    bare, hemmed = found_white(lines), found_white(lines, strokes)
    assert bare is not None and hemmed is not None
    assert bare[120, 298:303].any() and not hemmed[120, 298:303].any()

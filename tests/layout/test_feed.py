"""Streaks along the feed are told from the rulings of a skewed page."""

import cv2
import numpy as np
import pytest

from shenbao.layout.feed import wiped, without_streaks
from shenbao.layout.straighten import RoughPage, Strand
from shenbao.layout.warp import Warp, turn_and_scale

SIZE = (900, 1200)
CHAR = 16.0


def skewed(degrees: float) -> Warp:
    affine, size = turn_and_scale(SIZE, degrees, 0.8)
    return Warp(affine, None, size)


def blank(rough: Warp) -> RoughPage:
    paper = np.full(rough.size[::-1], 255, np.uint8)
    return RoughPage(paper, 255 - paper, CHAR)


def delivered_line(rough: Warp, start: tuple[float, float], end: tuple[float, float]) -> Strand:
    """A strand of the rough page that runs so on the delivered picture."""
    there = np.linspace(start, end, 30)
    points = there @ rough.affine[:, :2].T + rough.affine[:, 2]
    across = np.ptp(points[:, 0]) > np.ptp(points[:, 1])
    return Strand(points, bool(across), 100.0)


def upright_line(x: float, top: float, bottom: float) -> Strand:
    """A ruling of the rough page, where it stands straight."""
    return Strand(np.linspace((x, top), (x, bottom), 30), False, 100.0)


def left(strands: list[Strand], rough: Warp) -> list[bool]:
    kept = {id(s) for s in without_streaks(strands, blank(rough), rough, SIZE)}
    return [id(s) in kept for s in strands]


@pytest.mark.parametrize("degrees", [-6.0, 2.5, 88.0, 183.0])
def test_pieces_in_line_from_end_to_end_are_a_streak(degrees: float) -> None:
    rough = skewed(degrees)
    streak = [delivered_line(rough, (300, a), (300, b)) for a, b in ((20, 330), (420, 700), (900, 1190))]
    rulings = [upright_line(x, 150, 600) for x in (200.0, 400.0, 500.0)]
    assert left([*streak, *rulings], rough) == [False] * 3 + [True] * 3


def test_streaks_along_the_rows_of_the_picture_are_found_too() -> None:
    rough = skewed(4.0)
    assert left([delivered_line(rough, (10, 500), (890, 500))], rough) == [False]


def test_what_ends_within_the_page_is_a_ruling() -> None:
    rough = skewed(2.5)
    assert left([delivered_line(rough, (300, 20), (300, 900))], rough) == [True]


def test_pieces_that_are_not_in_line_are_rulings() -> None:
    rough = skewed(2.5)
    pieces = [delivered_line(rough, (x, a), (x, b)) for x, a, b in ((300, 20, 600), (340, 620, 1190))]
    assert left(pieces, rough) == [True, True]


@pytest.mark.parametrize(("others", "kept"), [(6, False), (2, True)])
def test_a_ruling_with_a_streak_on_it_has_no_say_where_enough_others_have(others: int, kept: bool) -> None:
    rough = skewed(0.2)
    rulings = [upright_line(100.0 + 90 * k, 150, 650) for k in range(others)]
    assert left([upright_line(60, 8, 955), *rulings], rough) == [kept] + [True] * others


def test_on_a_straight_page_streaks_and_rulings_run_alike() -> None:
    rough = skewed(0.2)
    assert left([delivered_line(rough, (300, 10), (300, 1190))], rough) == [True]


def dark_lines(rough: Warp, lines: list[tuple[tuple[int, int], tuple[int, int]]], level: int) -> RoughPage:
    """A rough page with these lines of the delivered picture on it, as dark as `level`."""
    delivered = np.full(SIZE[::-1], 255, np.uint8)
    for start, end in lines:
        cv2.line(delivered, start, end, (level,), 2)
    return RoughPage(rough.apply(delivered, (255,)), 255 - rough.apply(delivered, (255,)), CHAR)


@pytest.mark.parametrize("degrees", [-3.0, 2.0, 91.5])
def test_faint_lines_along_the_feed_are_wiped(degrees: float) -> None:
    rough = skewed(degrees)
    page = dark_lines(rough, [((300, 0), (300, 1199)), ((0, 700), (899, 700))], 190)
    clean = wiped(page, rough, SIZE)
    assert (page.grey < 245).sum() > 2000 and (clean.grey < 245).sum() < 20  # the ends of the lines are soft
    assert clean.ink.max() < 10


def test_rulings_and_what_ends_within_the_page_are_not_wiped() -> None:
    rough = skewed(2.0)
    ruling = (
        (150, 300),
        (150 + round(700 * np.cos(np.radians(2))), 300 - round(700 * np.sin(np.radians(2)))),
    )
    page = dark_lines(rough, [ruling, ((400, 0), (400, 900))], 190)
    assert np.array_equal(wiped(page, rough, SIZE).grey, page.grey)


def test_on_a_straight_page_nothing_is_wiped() -> None:
    rough = skewed(0.2)
    page = dark_lines(rough, [((300, 0), (300, 1199))], 190)
    assert wiped(page, rough, SIZE) is page


def test_rulings_of_a_wide_table_on_a_barely_skewed_page_are_no_streaks() -> None:
    rough = skewed(0.6)
    a, _, shift = rough.affine[0]
    left_end, right_end = 0.105 * SIZE[0] * a + shift, 0.885 * SIZE[0] * a + shift
    rulings = [Strand(np.linspace((left_end, y), (right_end, y), 40), True, 100.0) for y in (200.0, 260.0)]
    assert left(rulings, rough) == [True, True]

"""Sides that have paled, and upright strokes of print in their place."""

import numpy as np
import pytest

from shenbao.layout.paled import PRESENT, is_as_dark, stands_alone, with_paled
from shenbao.models.stages import Image, Traces

HEIGHT, ROW = 28.0, 52


def side(first: int, last: int, darkness: int) -> Traces:
    """A place of which something is seen from first to last, in a row between two rulings of five pixels."""
    ridges: Image = np.zeros((60, ROW), np.uint8)
    ridges[29:32, first:last] = darkness
    ink = np.asarray(np.where(ridges > 128, 255, 0), np.uint8)
    ink[:, :5] = ink[:, -5:] = 255
    return Traces(np.zeros_like(ink), np.zeros_like(ink), ink, ridges)


def raised(traces: Traces) -> float:
    found = np.array([[0.32]])
    return float(with_paled(found, [30.0], [2.0, ROW - 3.0], traces, HEIGHT, breaking=False)[0, 0])


@pytest.mark.parametrize(("first", "last", "darkness"), [(5, 47, 30), (5, 47, 200), (5, 40, 200)])
def test_a_side_that_was_seen_in_part_is_drawn(first: int, last: int, darkness: int) -> None:
    assert raised(side(first, last, darkness)) == PRESENT


def test_an_upright_stroke_clear_of_the_rulings_is_no_side() -> None:
    assert raised(side(11, 40, 200)) == pytest.approx(0.32)


@pytest.mark.parametrize(("beside", "first", "drawn"), [(30, 13, False), (0, 13, True), (30, 5, True)])
def test_on_grainy_paper_a_side_must_be_seen_at_both_ends(beside: int, first: int, drawn: bool) -> None:
    """Something is seen from `first` on, nearly to where the side begins; as much is seen `beside` it."""
    traces = side(first, 47, 25)
    for place in (8, 52):
        traces.ridges[place, 9:43] = beside
    assert (raised(traces) == PRESENT) == drawn


@pytest.mark.parametrize(("at", "same"), [(2, True), (20, False)])
def test_a_side_is_as_dark_as_the_others_of_its_line_but_for_its_corners(at: int, same: bool) -> None:
    ridges: Image = np.zeros((60, 82), np.uint8)
    ridges[30] = 100
    ridges[30, at : at + 2] = 20
    traces = Traces(*[np.zeros_like(ridges)] * 3, ridges)
    drawn = np.array([True, True])
    assert is_as_dark(traces, 30.0, [2.0, 40.0, 80.0], 2, 0, drawn) == same


@pytest.mark.parametrize(
    ("length", "gap", "beside", "alone"),
    [(80, 0, 0, True), (80, 1, 0, False), (80, 0, 20, False), (50, 0, 0, False)],
)
def test_a_long_side_seen_without_a_gap_stands_alone_unless_print_hems_it_in(
    length: int, gap: int, beside: int, alone: bool
) -> None:
    ridges: Image = np.zeros((60, length), np.uint8)
    ridges[29:32] = 40
    ridges[29:32, 30 : 30 + gap] = 0
    ink = np.zeros_like(ridges)
    ink[22:24, 20 : 20 + beside] = ink[36:38, 20 : 20 + beside] = 255
    traces = Traces(np.zeros_like(ink), np.zeros_like(ink), ink, ridges)
    assert stands_alone(traces, 30.0, 2.0, length - 3.0, 2, HEIGHT) == alone

"""Tests of tables one above the other whose sides stand in line."""

import numpy as np
from numpy.typing import NDArray

from shenbao.layout.apart import parted
from shenbao.models.stages import Ruling, Rulings, Traces

H = 20.0
Mask = NDArray[np.uint8]


def _level(at: float, start: float = 100, end: float = 500) -> Ruling:
    return Ruling(True, at, start, end, 2.0, 1.0, 500.0)


def _upright(at: float, start: float, end: float) -> Ruling:
    return Ruling(False, at, start, end, 2.0, 0.8, 500.0)


def _rulings(lines: list[Ruling], drawn: list[tuple[float, float, float]]) -> Rulings:
    """`drawn`: where verticals really are: x, from y, to y, on a page of 600 x 600."""
    faint = np.zeros((600, 600), np.uint8)
    for at, start, end in drawn:
        faint[round(at) - 1 : round(at) + 2, round(start) : round(end)] = 255
    nothing: Mask = np.zeros((600, 600), np.uint8)
    down = Traces(faint=faint, solid=faint, ink=faint, ridges=faint)
    across = Traces(faint=nothing, solid=nothing, ink=nothing, ridges=nothing)
    return Rulings(tuple(lines), across, down, H)


LEVELS = [_level(y) for y in (100, 130, 160, 220, 250, 280)]
SIDES = [_upright(x, 100, 280) for x in (100, 500)]


def test_a_title_between_rulings_parts_two_tables() -> None:
    drawn = [(x, a, b) for x in (100, 500) for a, b in ((100, 160), (220, 280))]
    upper, lower = parted([*LEVELS, *SIDES], _rulings([*LEVELS, *SIDES], drawn))
    assert [x.at for x in upper if x.horizontal] == [100, 130, 160]
    assert [x.at for x in lower if x.horizontal] == [220, 250, 280]
    assert {(x.start, x.end) for x in upper if not x.horizontal} == {(100, 160)}
    assert {(x.start, x.end) for x in lower if not x.horizontal} == {(220, 280)}


def test_a_merged_row_with_its_sides_is_one_table() -> None:
    lines = [*LEVELS, *SIDES]
    assert parted(lines, _rulings(lines, [(x, 100, 280) for x in (100, 500)])) == [lines]


def test_one_side_seen_is_one_table() -> None:
    lines = [*LEVELS, *SIDES]
    assert parted(lines, _rulings(lines, [(100, 100, 280), (500, 100, 160), (500, 220, 280)])) == [lines]


def test_a_table_without_outer_sides_is_not_parted() -> None:
    lines = [*LEVELS, _upright(240, 100, 280), _upright(380, 100, 280)]
    drawn = [(x, a, b) for x in (240, 380) for a, b in ((100, 160), (220, 280))]
    assert parted(lines, _rulings(lines, drawn)) == [lines]


def test_a_row_too_low_for_a_title_is_not_parted() -> None:
    lines = [_level(y) for y in (100, 130, 150, 180)] + SIDES
    drawn = [(x, a, b) for x in (100, 500) for a, b in ((100, 130), (150, 280))]
    assert parted(lines, _rulings(lines, drawn)) == [lines]

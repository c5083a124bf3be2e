"""Edges that no ruling was found for, told by the network where lines were taken for none."""

from dataclasses import replace

import pytest
from drawn_pages import spans_found, spans_of
from ruled_table import DRAWING, XS, YS, rulings_of_table

from shenbao.layout.grid import find_grids
from shenbao.layout.hidden_edges import places_of, possible_lines
from shenbao.models.stages import Ruling, Rulings


@pytest.fixture(scope="module")
def rulings() -> Rulings:
    return rulings_of_table()


def without(rulings: Rulings, horizontal: bool, at: float) -> Rulings:
    """The rulings, the one at a place taken for too weak."""
    lost = [x for x in rulings.lines if x.horizontal is horizontal and abs(x.at - at) < 5]
    assert lost
    return replace(rulings, lines=tuple(x for x in rulings.lines if x not in lost), weak=tuple(lost))


def weak(rulings: Rulings, *lines: tuple[bool, float, float, float]) -> Rulings:
    return replace(rulings, weak=tuple(Ruling(*line, 2.0, 0.9, 100.0) for line in lines))


@pytest.mark.parametrize(("horizontal", "at"), [(True, YS[2]), (True, YS[1]), (False, XS[1]), (False, XS[2])])
def test_an_edge_is_seen_though_its_line_was_taken_for_none(
    horizontal: bool, at: float, rulings: Rulings
) -> None:
    (grid,) = find_grids(without(rulings, horizontal, at))
    assert spans_found(grid) == spans_of(DRAWING)


@pytest.mark.parametrize(("horizontal", "at"), [(True, YS[-1]), (False, XS[-1]), (False, XS[0])])
def test_so_is_the_tables_own_end(horizontal: bool, at: float, rulings: Rulings) -> None:
    (grid,) = find_grids(without(rulings, horizontal, at))
    assert spans_found(grid) == spans_of(DRAWING)


def test_what_is_no_ruling_adds_no_edge(rulings: Rulings) -> None:
    bare = find_grids(replace(rulings, weak=()))
    middle = (YS[0] + YS[1]) / 2
    for line in (
        (True, middle, XS[0], XS[-1]),
        (False, XS[0] + 50, YS[0], YS[-1]),
        (False, 540, YS[0], YS[-1]),
    ):
        assert find_grids(weak(rulings, line)) == bare


def test_without_the_page_nothing_is_looked_for(rulings: Rulings) -> None:
    lost = without(rulings, True, YS[2])
    bare = replace(lost, across=replace(lost.across, dark=None))
    (grid,) = find_grids(bare)
    assert len(grid.ys) == len(YS) - 1


def test_only_lines_of_some_length_off_known_edges_may_be_edges(rulings: Rulings) -> None:
    h = rulings.char_height
    lines = [
        (True, YS[1] + 0.3 * h, XS[0], XS[-1]),  # beside an edge
        (True, YS[1] + 0.9 * h, XS[0], XS[0] + 0.6 * h),
        (True, YS[2] + 0.9 * h, XS[0], XS[0] + 0.7 * h),  # two of one line
        (True, YS[2] + 1.1 * h, XS[1], XS[1] + 0.7 * h),
        (True, YS[-1] + 1.5 * h, XS[0], XS[1]),  # beyond the table, and short for its end
        (True, YS[-1] + 2.5 * h, XS[0], XS[-1]),
        (True, YS[-1] + 400.0, XS[0], XS[-1]),
        (False, XS[1] + h, YS[-1] + 5, YS[-1] + 90),
    ]
    found = possible_lines(XS, YS, replace(weak(rulings, *lines), lines=()), True)
    assert len(found) == len(lines)
    across = [x for x in found if x.horizontal]
    assert places_of(across, YS, XS, h) == pytest.approx([YS[2] + h, YS[-1] + 2.5 * h])
    assert places_of([x for x in found if not x.horizontal], XS, YS, h) == []
    sound = possible_lines(XS, YS, replace(weak(rulings, *lines), lines=()), False)
    assert [x.at for x in sound] == [lines[k][1] for k in (0, 4, 5, 6)]


def test_near_lines_are_one_place_however_many_follow_each_other(rulings: Rulings) -> None:
    h = rulings.char_height
    lines = [
        Ruling(False, XS[0] + k * 0.3 * h, YS[0], YS[0] + (3 if k == 9 else 2) * h, 2.0, 1.0, 9.0)
        for k in range(2, 16)
    ]
    places = places_of(lines, XS, YS, h)
    assert len(places) > 3
    assert min(abs(place - (XS[0] + 2.7 * h)) for place in places) < 0.1 * h

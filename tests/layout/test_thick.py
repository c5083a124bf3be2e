"""What lies beside thick ink on a side tells whether a ruling is there."""

from dataclasses import replace

import numpy as np

from shenbao.layout.paled import PRESENT
from shenbao.layout.thick import hidden_by_seals, on_stars, seals_of, told_by_the_rest, without_seals_of
from shenbao.models.stages import Image, Traces

H = 24.0
SIDE = (20, 180)


def ink(ruling: tuple[int, int] | None, blot: tuple[int, int] | None) -> Image:
    """A ruling three pixels thick and a blot of 40, each from one column to another."""
    page = np.zeros((100, 200), np.uint8)
    if ruling:
        page[49:52, slice(*ruling)] = 255
    if blot:
        page[20:60, slice(*blot)] = 255
    return page


def told(page: Image) -> float | None:
    return told_by_the_rest(page, page, 50.0, SIDE, 3, H)


def test_a_ruling_goes_on_below_a_blot() -> None:
    assert told(ink((10, 190), (60, 130))) == 1.0


def test_a_blot_alone_is_none() -> None:
    assert told(ink(None, (60, 160))) == 0.0


def test_nothing_is_said_of_a_side_without_one() -> None:
    assert told(ink((10, 190), None)) is None
    assert told(ink((10, 190), (60, 70))) is None
    assert told(ink(None, None)) is None


def test_where_it_hides_almost_all_nothing_is_told() -> None:
    found = told(ink((10, 190), (22, 170)))
    assert found is not None and np.isnan(found)


def test_the_ring_of_a_seal_hides_a_side() -> None:
    rings = ink(None, (60, 120))
    broken, arc = ink((10, 190), None), ink((62, 118), None)
    broken[:, 60:120] = 0
    assert told_by_the_rest(broken, broken, 50.0, SIDE, 3, H, rings) == 1.0
    assert told_by_the_rest(arc, arc, 50.0, SIDE, 3, H, rings) == 0.0
    assert told(broken) is None


def test_a_ruling_that_goes_in_and_is_lost_below_a_blot_is_left_to_its_neighbours() -> None:
    torn = ink((10, 40), (100, 180))
    assert told(torn) == PRESENT / 2
    torn[:, 20:30] = 0
    found = told(torn)
    assert found is not None and found < PRESENT / 2


def test_bold_print_that_keeps_clear_of_both_ends_is_no_ruling() -> None:
    bold = ink((32, 168), (60, 120))
    assert told(bold) is None
    bold[49:52, 20:32] = 255
    assert told(bold) == 0.88


def test_sides_on_stars_and_those_that_seals_hide() -> None:
    traces = Traces(*[ink(None, None)] * 4, rings=ink((0, 10), None), stars=ink(None, (110, 170)))
    assert on_stars(traces, [10.0, 50.0], [20.0, 100.0, 180.0], H).tolist() == [[False, False], [False, True]]
    assert not on_stars(traces, [50.0], [100.0, 180.0], H).any()
    hidden = hidden_by_seals(traces, [10.0, 50.0], [20.0, 100.0, 180.0], H)
    assert hidden.tolist() == [[False, False], [False, True]]
    both = seals_of(traces)
    assert both is not None and both[50, 5] == both[50, 140] == 255
    left = without_seals_of(replace(traces, ink=ink((0, 180), None)))
    assert not left[50, :10].any() and left[50, 10:110].all() and not left[50, 110:170].any()
    assert seals_of(Traces(*[ink(None, None)] * 4)) is None

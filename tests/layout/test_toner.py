"""Print made as dark as the rest where a copier ran short of toner."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from drawn_pages import deliver, draw_table, edges, rule, sign_line, white

from shenbao.layout.flatten import flatten
from shenbao.layout.rulings import find_rulings
from shenbao.layout.toner import with_enough_toner
from shenbao.models.stages import FlatPage, Image, Rulings

XS = edges(*[180.0] * 5, start=60)
YS = edges(*[70.0] * 15, start=60)
FORM = "\n".join(["4|4|4|4|4"] * 15)
SPOTS = ((330, 400), (620, 800), (800, 250))
SPOT = slice(370, 430), slice(270, 390)
"""The middle of the first of the pale spots."""


def form(thickness: int = 3) -> Image:
    page = white(1020, 1200)
    draw_table(page, XS, YS, FORM, thickness=thickness)
    return page


def copied(page: Image, left: float = 1.0, contrast: float = 120.0) -> Image:
    """A grey copy with grain, of whose toner this share is left in the middle of the pale spots."""
    y, x = np.mgrid[: page.shape[0], : page.shape[1]]
    lost = sum(np.exp(-((x - a) ** 2 + (y - b) ** 2) / (2 * 60.0**2)) for a, b in SPOTS)
    toner = 1 - (1 - left) * np.minimum(1.0, np.asarray(lost))
    grain = np.random.default_rng(3).normal(0, 3, page.shape)
    return np.clip(245 - (255.0 - page) / 255 * contrast * toner + grain, 0, 255).astype(np.uint8)


def seen(page: Image) -> tuple[FlatPage, Rulings]:
    flat = flatten(deliver(page).image, lambda rough: 0)
    return flat, find_rulings(flat)


def share_of_ink(flat: FlatPage, drawn: Image) -> float:
    """Share of the ink drawn in the first pale spot that is seen there; the page lies straight as it is."""
    inked = drawn[SPOT] < 128
    return float((flat.ink[SPOT] > 0)[inked].mean())


def test_print_in_pale_spots_is_seen() -> None:
    page = form()
    flat, rulings = seen(copied(page, 0.25, 80))
    darkened = with_enough_toner(flat, rulings)
    before, after = share_of_ink(flat, page), share_of_ink(darkened, page)
    assert before < 0.6 and after > 0.9
    strokes = page[SPOT] < 128
    assert np.median(darkened.grey[SPOT][strokes]) < 0.6 * np.median(flat.grey[SPOT][strokes])
    assert (darkened.strong[SPOT] > 0)[strokes].mean() > 0.8


def test_paper_stays_paper() -> None:
    page = form()
    flat, rulings = seen(copied(page, 0.25))
    darkened = with_enough_toner(flat, rulings)
    paper = cv2.erode(page, np.ones((9, 9), np.uint8)) > 250
    assert (darkened.ink[paper] > 0).mean() < 0.003
    assert np.quantile(darkened.grey[paper], 0.02) > 200


def test_what_is_dark_stays_as_it_is() -> None:
    flat, rulings = seen(copied(form(), 0.25))
    darkened = with_enough_toner(flat, rulings)
    below = slice(950, 1100)
    assert np.array_equal(darkened.grey[below], flat.grey[below])
    assert (darkened.ink >= flat.ink).all()


@pytest.mark.parametrize("thickness", [1, 2, 3])
def test_a_copy_with_enough_toner_is_handed_on(thickness: int) -> None:
    flat, rulings = seen(copied(form(thickness)))
    assert with_enough_toner(flat, rulings) is flat


def test_a_page_without_rulings_tells_nothing() -> None:
    page = white(1020, 1200)
    for k in range(12):
        sign_line(page, 80, 80 + 70 * k, 24, seed=k)
    flat, rulings = seen(copied(page, 0.25))
    assert with_enough_toner(flat, rulings) is flat


def test_rulings_paler_in_one_direction_tell_nothing() -> None:
    """A coarse scan shows thin rulings pale that fall between two columns of its pixels."""
    page = form()
    for x in XS[1:-1]:
        rule(page, (x, YS[0]), (x, YS[-1]), 3, 160)
    flat, rulings = seen(copied(page))
    assert with_enough_toner(flat, rulings) is flat


def test_what_shines_through_between_dark_rulings_is_not_darkened() -> None:
    page = form()
    back = white(1020, 1200)
    sign_line(back, 90, 990, 20, seed=5)
    shown = np.minimum(page, np.where(back < 128, 225, 255)).astype(np.uint8)
    flat, rulings = seen(copied(shown, 0.25))
    darkened = with_enough_toner(flat, rulings)
    assert darkened is not flat
    only_back = (back < 128) & (cv2.erode(page, np.ones((5, 5), np.uint8)) > 250)
    assert (darkened.ink[only_back] > 0).mean() < 0.05


def test_streaks_are_no_print() -> None:
    """A streak through the pale spots that the copier drew itself is as pale as before."""
    page = copied(form(), 0.25)
    page[:, 345:347] = np.minimum(page[:, 345:347], 205)
    flat, rulings = seen(page)
    darkened = with_enough_toner(flat, rulings)
    assert darkened is not flat
    assert rulings.down.streaks is not None
    along = slice(345, 347)
    assert np.array_equal(darkened.grey[:, along], flat.grey[:, along])


def test_a_page_in_two_tones_is_handed_on() -> None:
    flat, rulings = seen(copied(form(), 0.25))
    two_toned = replace(flat, even=None)
    assert with_enough_toner(two_toned, rulings) is two_toned

"""Rulings that only their colour tells, and seals that must not be taken for them."""

import cv2
import numpy as np
import pytest
from drawn_pages import deliver, draw_table, edges, spans_found, spans_of, white
from numpy.typing import NDArray

from shenbao.layout.coloured import find_hidden
from shenbao.layout.flatten import flatten
from shenbao.layout.grid import find_grids
from shenbao.layout.ink import fade_red
from shenbao.layout.rulings import find_rulings
from shenbao.models.stages import FlatPage, Image

FORM = """
    4 | 9 | 3 | 12
    4 | 6 | < | <
    6 | 8 | 4 |
    ^ | 7 | 3 | 11
    ^ | | 5 | 9
    5 | 6 | | 8
"""
XS = edges(180, 380, 200, 420, start=150)
YS = edges(60, 60, 70, 60, 60, 90, start=300)

RED, PALE_RED, YELLOW, GREEN = (200, 30, 40), (240, 120, 110), (255, 192, 0), (146, 208, 80)
SEAL = (205, 40, 45)
FILL = (221, 235, 247)

Rgb = tuple[int, int, int]


def laid(below: Image, grey: Image, ink: Rgb) -> Image:
    """A picture (height, width, 3) with what is dark in `grey` in an ink over it."""
    share = grey[..., None].astype(np.float32) / 255
    return np.asarray(below * share + np.array(ink, np.float32) * (1 - share), np.uint8)


def form(ink: Rgb, ground: Rgb | None = None, thickness: int = 3) -> Image:
    """The form in black print with rulings of this ink, RGB."""
    print_, lines = white(1500, 2100), white(1500, 2100)
    draw_table(print_, XS, YS, FORM, level=255)
    draw_table(lines, XS, YS, FORM.translate(str.maketrans("0123456789", "          ")), thickness=thickness)
    page = np.full((2100, 1500, 3), 255, np.uint8)
    if ground is not None:
        page[round(YS[0]) : round(YS[-1]), round(XS[0]) : round(XS[-1])] = ground
    return laid(laid(page, lines, ink), print_, (0, 0, 0))


def sealed(page: Image, x: int, y: int, radius: int = 140) -> Image:
    """The page with a round seal: ring and star, the print below it visible."""
    seal = white(page.shape[1], page.shape[0])
    cv2.circle(seal, (x, y), radius, (0,), 9, cv2.LINE_AA)
    angles = -np.pi / 2 + np.arange(0, 10, 2) * 0.8 * np.pi / 2 * 2 / 1
    star = np.stack([x + 45 * np.cos(angles), y + 45 * np.sin(angles)], axis=1)
    cv2.fillPoly(seal, [np.round(star).astype(np.int32)], (0,))
    return np.minimum(page, laid(np.full_like(page, 255), seal, SEAL))


def flattened(page: Image, degrees: float = 0.0) -> FlatPage:
    return flatten(deliver(page, degrees).image, lambda _: 0)


def spans(page: FlatPage) -> list[tuple[int, int, int, int]]:
    (grid,) = find_grids(find_rulings(page))
    return sorted(spans_found(grid))


@pytest.mark.parametrize("degrees", [0.0, 2.5])
@pytest.mark.parametrize("ink", [RED, PALE_RED, YELLOW, GREEN])
def test_a_form_with_coloured_rulings_has_its_grid(ink: Rgb, degrees: float) -> None:
    assert spans(flattened(form(ink), degrees)) == sorted(spans_of(FORM))


@pytest.mark.parametrize("ground", [FILL, (244, 176, 132), (226, 239, 218)])
def test_white_rulings_on_a_coloured_ground(ground: Rgb) -> None:
    assert spans(flattened(form((255, 255, 255), ground))) == sorted(spans_of(FORM))


def uneven(page: Image) -> Image:
    """The page as a grey scan, three channels, darker towards a corner by an eighth."""
    height, width = page.shape[:2]
    y, x = np.mgrid[0:height, 0:width]
    grey = page.mean(axis=2) * (1 - 0.125 * (x / width + y / height) / 2)
    return np.repeat(grey.astype(np.uint8)[..., None], 3, axis=2)


@pytest.mark.parametrize("ground", [FILL, (210, 210, 210)])
def test_white_rulings_on_a_grey_scan(ground: Rgb) -> None:
    assert spans(flattened(uneven(form((255, 255, 255), ground)))) == sorted(spans_of(FORM))


def test_uneven_light_hides_no_rulings() -> None:
    page = uneven(form((0, 0, 0)))
    assert find_hidden(page, fade_red(page)[0]) is None


def ring_on(page: FlatPage, x: int, y: int, radius: int) -> NDArray[np.bool_]:
    """Where on the straightened page a thin ring of the delivered one lies."""
    near, reach = np.zeros(page.grey.shape, bool), radius + 30
    near[max(0, y - reach) : y + reach, max(0, x - reach) : x + reach] = True
    rows, columns = np.nonzero(near)
    places = page.to_delivered(np.stack([columns, rows], axis=1).astype(np.float64))
    near[rows, columns] = np.abs(np.hypot(places[:, 0] - x, places[:, 1] - y) - radius) <= 1.0
    return near


@pytest.mark.parametrize(("x", "y"), [(600, 480), (900, 690), (1330, 560)])
def test_a_seal_on_red_rulings_fades_and_they_stay(x: int, y: int) -> None:
    page = flattened(sealed(form(RED), x, y))
    assert spans(page) == sorted(spans_of(FORM))
    ring = ring_on(page, x, y, 140)
    assert (page.stain[ring] > 0).mean() > 0.7, "the ring is stain but beside rulings"
    assert (page.ink[ring] > 0).mean() < 0.25, "and no ink but where rulings and print cross it"


def test_seals_do_not_show_among_rulings_off_red() -> None:
    page = sealed(form(YELLOW), 900, 690)
    hidden = find_hidden(page, fade_red(page)[0])
    assert hidden is not None and hidden.tinted is not None
    star = hidden.tinted[
        round(690 * hidden.tinted.shape[0] / 2100), round(900 * hidden.tinted.shape[1] / 1500)
    ]
    assert star == 0 and (hidden.tinted > 60).mean() > 0.005
    assert spans(flattened(page)) == sorted(spans_of(FORM))


def test_red_rulings_are_no_stain() -> None:
    page = flattened(form(RED))
    assert (page.stain > 0).mean() < 0.0005
    assert (page.ink > 0).mean() > 0.005


def test_a_large_seal_alone_is_no_ruling() -> None:
    page = sealed(form((0, 0, 0)), 700, 520, 190)
    flat, plain = flattened(page), flattened(form((0, 0, 0)))
    assert spans(flat) == sorted(spans_of(FORM))
    assert abs(int((flat.ink > 0).sum()) - int((plain.ink > 0).sum())) < 0.02 * (plain.ink > 0).sum()


@pytest.mark.parametrize("ink", [(0, 0, 0), (60, 30, 30), (28, 32, 92), (90, 140, 220)])
def test_nothing_is_hidden_where_grey_shows_the_rulings(ink: Rgb) -> None:
    page = form(ink)
    assert find_hidden(page, fade_red(page)[0]) is None


def test_a_page_without_colour_is_not_looked_through() -> None:
    page = np.repeat(white(300, 400)[..., None], 3, axis=2)
    page[100:103] = 90
    assert find_hidden(page, fade_red(page)[0]) is None


def test_the_coloured_grain_of_a_dim_photograph_is_no_net() -> None:
    page = np.full((1000, 800, 3), (164, 150, 120), np.uint8)
    page[200:800:120, 100:700] = 60
    grain = np.random.default_rng(4).normal(0.0, 13.0, page.shape[:2])
    page[..., 2] = np.clip(page[..., 2] + grain, 0, 255).astype(np.uint8)
    assert find_hidden(page, fade_red(page)[0]) is None


def test_red_print_and_a_filled_heading_are_no_rulings() -> None:
    page = form((0, 0, 0))
    page[300:360, 150:1330][page[300:360, 150:1330].min(axis=2) > 200] = FILL
    cv2.putText(page, "TITLE IN RED", (300, 200), cv2.FONT_HERSHEY_SIMPLEX, 2, (200, 30, 40), 6)
    assert find_hidden(page, fade_red(page)[0]) is None

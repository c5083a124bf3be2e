"""Seals found by their shape, with and without colour, and none where there is none."""

from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from drawn_marks import bare, form, oval_seal, round_seal, square_seal, stamped
from drawn_pages import flat_page, rule, sign_line

from shenbao.layout.seals import find_seals, seal_limits
from shenbao.models.stages import FlatMark, Image

SHAPE = (1000, 1200)


def near(marks: Sequence[FlatMark], x: float, y: float, reach: float = 12.0) -> list[FlatMark]:
    return [m for m in marks if np.hypot(m.x - x, m.y - y) < reach]


def grey_seals(page: Image) -> tuple[FlatMark, ...]:
    return find_seals(flat_page(page))


def red_seals(page: Image, ink: Image) -> tuple[FlatMark, ...]:
    return find_seals(flat_page(page, stain=np.where(ink > 100, 255, 0).astype(np.uint8)))


@pytest.mark.parametrize("level", [0, 60, 120])
@pytest.mark.parametrize("radius", [110, 150, 190])
@pytest.mark.parametrize(("x", "y"), [(420, 420), (700, 600), (850, 330)])
def test_grey_ring_over_a_form(level: int, radius: int, x: int, y: int) -> None:
    page = stamped(form()[0], round_seal(SHAPE, x, y, radius), level)
    found = near(grey_seals(page), x, y)
    assert [m.shape for m in found] == ["round"]
    assert found[0].colour == "grey"
    assert found[0].width == pytest.approx(2 * radius, rel=0.1)
    assert found[0].confidence > 0.7


@pytest.mark.parametrize("turn", [-20, 0, 15])
def test_grey_oval(turn: int) -> None:
    page = stamped(form()[0], oval_seal(SHAPE, 640, 500, 360, turn), 70)
    (found,) = near(grey_seals(page), 640, 500)
    assert found.shape == "oval"
    assert found.width == pytest.approx(360, rel=0.12)
    assert found.height == pytest.approx(252, rel=0.15)


@pytest.mark.parametrize("solid", [False, True])
@pytest.mark.parametrize("turn", [-25, 14, 30])
def test_grey_square(turn: int, *, solid: bool) -> None:
    page = stamped(bare(), square_seal(SHAPE, 600, 500, 170, turn, solid=solid), 60)
    (found,) = near(grey_seals(page), 600, 500, 20)
    assert found.shape == "square"
    assert found.width == pytest.approx(170, rel=0.2)


def test_a_star_that_looks_like_a_square_takes_no_ring_away() -> None:
    ink = round_seal(SHAPE, 600, 500, 200)
    cv2.rectangle(ink, (555, 455), (645, 545), (255,), -1)
    (found,) = near(grey_seals(stamped(bare(), ink, 0)), 600, 500, 40)
    assert found.shape == "round"
    assert found.width == pytest.approx(400, rel=0.1)


def test_a_seal_that_has_all_but_gone_is_found_in_pale_ink() -> None:
    ink = round_seal(SHAPE, 640, 500, 160)
    dotted = np.random.default_rng(3).random(SHAPE) < 0.5
    (found,) = near(grey_seals(stamped(form()[0], np.where(dotted, ink, 0).astype(np.uint8), 195)), 640, 500)
    assert found.shape == "round"
    assert found.width == pytest.approx(320, rel=0.1)


def test_print_that_has_paled_is_no_seal() -> None:
    page = form()[0]
    assert grey_seals(np.where(page < 128, 170, 255).astype(np.uint8)) == ()


def test_overlapping_rings_are_two() -> None:
    page, _, _ = form()
    for x, y in ((450, 420), (610, 480)):
        page = stamped(page, round_seal(SHAPE, x, y, 150), 80)
    found = grey_seals(page)
    assert len(near(found, 450, 420)) == 1
    assert len(near(found, 610, 480)) == 1
    assert len(found) == 2


@pytest.mark.parametrize("radius", [120, 180])
def test_red_ring(radius: int) -> None:
    ink = round_seal(SHAPE, 500, 450, radius)
    (found,) = red_seals(form()[0], ink)
    assert (found.shape, found.colour) == ("round", "red")
    assert (found.x, found.y) == pytest.approx((500, 450), abs=10)


def test_red_oval_and_square() -> None:
    ink = np.maximum(oval_seal(SHAPE, 350, 400, 340, 10), square_seal(SHAPE, 850, 600, 170, 5, solid=True))
    found = red_seals(form()[0], ink)
    assert {m.shape for m in near(found, 350, 400)} == {"oval"}
    assert {m.shape for m in near(found, 850, 600, 20)} == {"square"}


def test_a_persons_red_seal_within_the_grey_ring_of_another() -> None:
    page = stamped(form()[0], round_seal(SHAPE, 600, 450, 170), 60)
    red = square_seal(SHAPE, 590, 460, 150, 4, solid=False)
    found = near(red_seals(page, red), 600, 450, 25)
    assert {(m.shape, m.colour) for m in found} == {("square", "red"), ("round", "grey")}


def test_forms_bear_no_seal() -> None:
    assert grey_seals(form()[0]) == ()
    assert grey_seals(bare()) == ()


def test_red_headline_and_red_ruling_are_no_seals() -> None:
    red = np.full(SHAPE, 255, np.uint8)
    sign_line(red, 200, 80, 14, height=60)
    rule(red, (100, 180), (1100, 180), thickness=6)
    page = form()[0]
    stain = (255 - red).astype(np.uint8)
    assert find_seals(flat_page(page, stain=stain)) == ()


def test_coloured_desk_is_no_seal() -> None:
    stain = np.zeros(SHAPE, np.uint8)
    stain[:, :170] = 255
    stain[820:] = 255
    for y in range(0, 800, 160):
        cv2.circle(stain, (170, y), 70, (255,), -1)
    assert find_seals(flat_page(form()[0], stain=stain)) == ()


def test_corners_turn_with_the_seal() -> None:
    mark = FlatMark("seal", "square", "grey", 100.0, 50.0, 40.0, 20.0, 90.0, 0.9)
    assert mark.corners() == pytest.approx(np.array([[110, 30], [110, 70], [90, 70], [90, 30]]))


def test_limits_are_in_order() -> None:
    limits = seal_limits()
    assert 0 < limits.least_coverage < 0.5
    assert limits.half_coverage > 0


def test_recall_and_precision_on_a_drawn_set() -> None:
    rng = np.random.default_rng(5)
    hits = drawn = extra = 0
    for _ in range(16):
        page, places = form()[0], []
        for _ in range(int(rng.integers(0, 3))):
            x, y, level = (
                float(rng.uniform(250, 950)),
                float(rng.uniform(250, 750)),
                int(rng.integers(20, 130)),
            )
            kind = rng.integers(0, 2)
            ink = (
                round_seal(SHAPE, x, y, 150)
                if kind
                else oval_seal(SHAPE, x, y, 380, float(rng.normal(0, 12)))
            )
            page = stamped(page, ink, level)
            places.append((x, y))
        page = np.asarray(cv2.GaussianBlur(page, (0, 0), 1.0), np.uint8)
        found = grey_seals(page)
        matched = {i for i, (x, y) in enumerate(places) if near(found, x, y, 25)}
        hits, drawn = hits + len(matched), drawn + len(places)
        extra += max(0, len(found) - len(matched))
    assert hits >= 0.9 * drawn
    assert extra <= 0.1 * drawn

"""Skew measured, perspective and curl taken out."""

import cv2
import numpy as np
import pytest
from drawn_pages import deliver, draw_table, edges, sign_line, white
from hypothesis import given
from hypothesis import strategies as st

from shenbao.layout.ink import even_light, fade_red
from shenbao.layout.straighten import (
    RoughPage,
    Strand,
    find_strands,
    fit_bend,
    in_pieces,
    measure_skew,
    rough_page,
    untold,
    weighted_median,
)
from shenbao.models.stages import Image

XS = edges(160, 220, 120, 180, start=110)
YS = edges(*[60.0] * 14, start=110)
ROWS = "4|6|2|5\n" * 14
CORNERS = np.array([[XS[0], YS[0]], [XS[-1], YS[0]], [XS[-1], YS[-1]], [XS[0], YS[-1]]])


@pytest.fixture(scope="module")
def form() -> Image:
    """A page of 900 by 1060 pixels with a table of 14 rows."""
    page = white(900, 1060)
    draw_table(page, XS, YS, ROWS)
    return page


@pytest.fixture(scope="module")
def letter() -> Image:
    """A page with print and no ruling."""
    page = white(900, 1060)
    for k in range(16):
        sign_line(page, 110, 110 + 52 * k, 24 - k % 3, seed=k)
    return page


def rough(rgb: Image, side: int = 1400) -> RoughPage:
    """The page at a size whose longest side is at most `side` pixels."""
    scale = min(1.0, side / max(rgb.shape))
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return rough_page(even_light(fade_red(np.asarray(small, np.uint8))[0]))


def inked(rgb: Image) -> Image:
    return rough(rgb, 700).ink


@pytest.mark.parametrize("degrees", [-15, -11.3, -7, -3.6, -1, -0.3, 0, 0.2, 0.9, 2.5, 5, 8.8, 12, 15])
def test_skew_of_a_form(form: Image, degrees: float) -> None:
    page = deliver(form, -degrees).image.pixels
    assert measure_skew(inked(page)) == pytest.approx(degrees, abs=0.15)


@pytest.mark.parametrize("degrees", [-15, -4.4, 0, 1.2, 9.7, 15])
def test_skew_of_print_alone(letter: Image, degrees: float) -> None:
    page = deliver(letter, -degrees).image.pixels
    assert measure_skew(inked(page)) == pytest.approx(degrees, abs=0.25)


@pytest.mark.parametrize("degrees", [-6.0, 2.0])
def test_a_streak_does_not_pull_the_skew(form: Image, degrees: float) -> None:
    """A line of dirt along the feed stands straight on a page that lies askew."""
    page = deliver(form, -degrees).image.pixels.copy()
    page[:, page.shape[1] // 3 : page.shape[1] // 3 + 3] = 150
    assert measure_skew(inked(page)) == pytest.approx(degrees, abs=0.15)


@pytest.mark.parametrize("degrees", [-12.0, 6.0])
def test_streaks_from_end_to_end_and_a_black_border_do_not_pull_the_skew(form: Image, degrees: float) -> None:
    ink = inked(deliver(form, -degrees).image.pixels).copy()
    ink[:, :6] = 255
    for k in range(8):
        ink[:, 60 + 60 * k : 62 + 60 * k] = 255
    assert measure_skew(ink) == pytest.approx(degrees, abs=0.15)


def test_lines_of_prose_are_no_streaks() -> None:
    """They run through the whole page but for its margins."""
    page = white(900, 500)
    for k in range(9):
        sign_line(page, 50, 40 + 48 * k, 29, seed=k)
    assert measure_skew(inked(np.repeat(page[:, :, None], 3, axis=2))) == pytest.approx(0, abs=0.05)


@pytest.mark.parametrize("ink", [np.zeros((300, 200), np.uint8), np.eye(40, dtype=np.uint8)])
def test_a_page_with_hardly_any_ink_is_straight(ink: Image) -> None:
    assert measure_skew(ink) == 0.0


def test_rough_page_knows_its_ink(form: Image) -> None:
    page = rough(deliver(form).image.pixels, 530)
    assert page.grey.shape == page.ink.shape == (530, 450)
    assert page.char_height == pytest.approx(12, abs=1)


def test_strands_run_along_the_rulings(form: Image) -> None:
    strands = find_strands(rough(deliver(form).image.pixels))
    found = {axis: [s for s in strands if s.horizontal is axis] for axis in (True, False)}
    for axis, places in ((True, YS), (False, XS)):
        assert len(found[axis]) >= len(places) * 0.9
        for strand in found[axis]:
            across = strand.points[:, 1 if axis else 0]
            assert np.ptp(across) < 2
            assert np.abs(np.array(places) - across.mean()).min() < 2


def test_a_faint_streak_is_no_strand(form: Image) -> None:
    page = deliver(form).image.pixels.copy()
    page[:, 640:642] = 215
    xs = [s.points[:, 0].mean() for s in find_strands(rough(page)) if not s.horizontal]
    assert all(abs(x - 641) > 3 for x in xs)


def test_fewer_than_two_strands_fit_no_bend(form: Image) -> None:
    strands = find_strands(rough(deliver(form).image.pixels))
    assert fit_bend([], (900, 1060)) is None
    assert fit_bend(strands[:1], (900, 1060)) is None


def pieces(slants: list[float]) -> list[Strand]:
    """Short pieces of rulings that run down, with these slants, spread over a page of 1000 by 1400 pixels."""
    found = []
    for k, slant in enumerate(slants):
        y = 100 + (k * 457) % 1200 + np.arange(0, 60, 7.0)
        found.append(Strand(np.stack([120 + 90 * k + slant * (y - 700), y], axis=1), False, 50.0))
    return found


@pytest.mark.parametrize("slant", [-0.08, 0.05])
def test_many_short_pieces_of_one_slant_are_set_upright(slant: float) -> None:
    bend = fit_bend(pieces([slant] * 8), (1000, 1400))
    assert bend is not None
    for strand in pieces([slant] * 8):
        assert np.ptp(bend.forward(strand.points)[:, 0]) < 0.1


def test_many_pieces_that_run_alike_tell_their_axis() -> None:
    upright = pieces([0.01] * 16)
    assert untold(upright, (1000, 1400)) == [True]
    assert untold(upright[:8], (1000, 1400)) == [True, False]


def test_rulings_of_which_only_pieces_tell_are_faint() -> None:
    upright = pieces([0.01] * 16)
    assert in_pieces(upright, (1000, 1400))
    y = np.arange(100, 1300, 7.0)
    whole = [Strand(np.stack([np.full_like(y, x), y], axis=1), False, 1200.0) for x in (100, 900)]
    assert not in_pieces([*upright, *whole], (1000, 1400))
    assert not in_pieces(upright[:8], (1000, 1400))


@pytest.mark.parametrize(("shift", "expected"), [(0.0, False), (31.0, True)])
def test_rulings_of_a_low_table_are_no_pieces(shift: float, expected: bool) -> None:
    """They begin and end at the same rulings, whether these are seen or not."""
    found = []
    for k in range(16):
        y = 200.0 + 60 * (k % 2) + shift * k + np.arange(0, 200 - 60 * (k % 2), 7.0)
        found.append(Strand(np.stack([np.full_like(y, 50 + 60 * k), y], axis=1), False, 390.0))
    assert in_pieces(found, (1000, 1400)) is expected


def test_pieces_that_run_each_another_way_do_not_tell() -> None:
    assert untold(pieces([0.01, -0.03, 0.05, -0.07] * 4), (1000, 1400)) == [True, False]


def test_short_pieces_without_a_common_slant_bend_nothing() -> None:
    strokes = [0.08, -0.05, 0.0, 0.03, -0.1, 0.15, -0.02, 0.06]
    for slants in (strokes, [0.08] * 3, [0.004] * 8):
        assert fit_bend(pieces(slants), (1000, 1400)) is None


def straightened(page: RoughPage, points: np.ndarray) -> np.ndarray:
    """Points of a rough page after one fitted bend."""
    height, width = page.grey.shape
    bend = fit_bend(find_strands(page), (width, height))
    assert bend is not None
    return bend.forward(points)


def assert_rectangle(corners: np.ndarray, tolerance: float) -> None:
    a, b, c, d = corners
    for one, other, axis in ((a, b, 1), (d, c, 1), (a, d, 0), (b, c, 0)):
        assert abs(one[axis] - other[axis]) < tolerance


@pytest.mark.parametrize(
    "moved",
    [
        [(0.02, 0.0), (-0.02, 0.0), (0.0, 0.0), (0.0, 0.0)],
        [(0.0, 0.0), (0.0, 0.02), (0.0, -0.02), (0.0, 0.0)],
        [(0.015, 0.01), (-0.005, 0.0), (0.0, -0.01), (0.01, 0.0)],
    ],
)
def test_perspective_is_taken_out(form: Image, moved: list[tuple[float, float]]) -> None:
    delivered = deliver(form, corners=moved)
    page = rough(delivered.image.pixels)
    corners = delivered.place([(float(x), float(y)) for x, y in CORNERS])
    with pytest.raises(AssertionError):
        assert_rectangle(corners, 6.0)
    assert_rectangle(straightened(page, corners), 2.0)


@pytest.mark.parametrize("rows", [1, 2])
@pytest.mark.parametrize(
    "moved", [[(0.05, 0.0), (0.0, 0.0), (0.0, 0.0), (-0.03, 0.0)], [(0.06, 0.0)] * 2 + [(0.0, 0.0)] * 2]
)
def test_the_last_rows_of_a_table_that_goes_on_are_set_upright(
    rows: int, moved: list[tuple[float, float]]
) -> None:
    """Its columns are as short as strokes of print, but end at rulings both ways."""
    page, ys = white(900, 1060), edges(*[64.0] * rows, start=110)
    draw_table(page, XS, ys, "4|6|2|5\n" * rows)
    delivered = deliver(page, corners=moved)
    corners = delivered.place([(XS[0], ys[0]), (XS[-1], ys[0]), (XS[-1], ys[-1]), (XS[0], ys[-1])])
    with pytest.raises(AssertionError):
        assert_rectangle(corners, 2.5)
    assert_rectangle(straightened(rough(delivered.image.pixels), corners), 1.5)


def test_print_that_keeps_off_the_rulings_is_no_side_of_a_cell(form: Image) -> None:
    page = deliver(form).image.pixels
    framed = [s for s in find_strands(rough(page)) if s.framed]
    assert framed
    for strand in framed:
        assert min(abs(strand.points[:, 0].mean() - x) for x in XS) < 2


def off_scale(found: np.ndarray, drawn: np.ndarray) -> float:
    """By how much places along a line leave those that were drawn, but for shift and scale."""
    return float(np.abs(np.polyval(np.polyfit(drawn, found, 1), drawn) - found).max())


@pytest.mark.parametrize("far", [-0.06, 0.06])
@pytest.mark.parametrize("axis", [0, 1])
def test_foreshortening_is_taken_out(form: Image, far: float, axis: int) -> None:
    """One side of the sheet lies farther away: distances between the rulings that run along it shrink there."""
    near = [(0.0, 0.0), (0.0, far), (0.0, -far), (0.0, 0.0)]
    moved = near if axis == 0 else [(x, y) for y, x in (near[0], near[3], near[2], near[1])]
    delivered = deliver(form, corners=moved)
    drawn = np.array(XS if axis == 0 else YS, np.float64)
    middle = float(np.mean(YS if axis == 0 else XS))
    line = delivered.place([(float(v), middle) if axis == 0 else (middle, float(v)) for v in drawn])
    assert off_scale(line[:, axis], drawn) > 6
    assert off_scale(straightened(rough(delivered.image.pixels), line)[:, axis], drawn) < 2.5


def curled(form: Image, depth: float) -> tuple[Image, np.ndarray]:
    """The form on a page that hangs through in the middle by `depth` pixels, and its corners and middles."""
    height, width = form.shape
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))

    def sag(at: np.ndarray) -> np.ndarray:
        return depth * (1 - (2 * at / width - 1) ** 2)

    bent = cv2.remap(form, x, y - sag(x).astype(np.float32), cv2.INTER_LINEAR, borderValue=(255,))
    top = np.array([[at, YS[2] + sag(np.array(at))] for at in (XS[0], width / 2, XS[-1])])
    low = np.array([[at, YS[-2] + sag(np.array(at))] for at in (XS[0], width / 2, XS[-1])])
    return np.repeat(bent[:, :, None], 3, axis=2), np.concatenate([top, low])


@pytest.mark.parametrize("depth", [-14.0, 8.0, 16.0])
def test_curl_is_taken_out(form: Image, depth: float) -> None:
    page, points = curled(form, depth)
    flat = straightened(rough(page), points)
    assert np.ptp(points[:3, 1]) > 3
    assert np.ptp(flat[:3, 1]) < 2 and np.ptp(flat[3:, 1]) < 2


@pytest.mark.parametrize("level", [0, 120])
def test_slanting_streaks_do_not_bend_the_page(form: Image, level: int) -> None:
    """Two lines of dirt, as long as the page, at an angle of their own."""
    page = deliver(form).image.pixels.copy()
    cv2.line(page, (300, 0), (330, 1060), (level, level, level), 3)
    cv2.line(page, (700, 0), (725, 1060), (level, level, level), 3)
    flat = straightened(rough(page), CORNERS)
    assert_rectangle(flat, 2.0)
    assert np.abs(flat - CORNERS).max() < 3


weights = st.lists(st.floats(0.1, 10), min_size=1, max_size=20)


@given(weights)
def test_weighted_median_parts_the_weight_in_halves(values: list[float]) -> None:
    middle = weighted_median(values, values)
    assert middle in values
    assert sum(v for v in values if v < middle) <= sum(values) / 2 + 1e-9
    assert sum(v for v in values if v > middle) <= sum(values) / 2 + 1e-9


def test_weighted_median_of_nothing_is_zero() -> None:
    assert weighted_median([], []) == 0.0


def test_strands_in_a_narrow_band_tell_nothing_of_the_rest_of_the_page() -> None:
    size = (1000, 1400)
    along = np.arange(200.0, 800.0, 6.0)
    lines = [
        Strand(np.stack([along, y + slant * along], axis=1), True, 100.0)
        for y, slant in ((300.0, 0.01), (340.0, 0.02))
    ]
    bend = fit_bend(lines, size)
    assert bend is not None
    assert bend.greatest(size) < 0.02 * size[0]


def test_strands_in_a_narrow_band_tell_how_it_bows() -> None:
    size = (1000, 1400)
    along = np.arange(200.0, 800.0, 6.0)
    lines = [
        Strand(np.stack([along, y + 12 * np.sin(along / 200)], axis=1), True, 100.0) for y in (300.0, 340.0)
    ]
    bend = fit_bend(lines, size)
    assert bend is not None
    assert max(float(np.ptp(bend.forward(s.points)[:, 1])) for s in lines) < 3.0

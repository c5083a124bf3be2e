"""Print told from paper."""

import cv2
import numpy as np
import pytest
from drawn_pages import HEIGHT, sign_line, white

from shenbao.layout.ink import (
    BLACK,
    GRAINY,
    PAPER,
    binarise,
    components,
    even_light,
    fade_red,
    find_ink,
    paper_light,
    print_contrast,
    stretch,
    strong_ink,
    usual_height,
)
from shenbao.models.stages import Image


@pytest.fixture(scope="module")
def printed() -> Image:
    """A page of 800 by 1000 pixels with fifteen lines of print."""
    page = white(800, 1000)
    for k in range(15):
        sign_line(page, 100, 100 + 54 * k, 20, seed=k)
    return page


def coloured(rgb: tuple[int, int, int]) -> Image:
    return np.full((4, 4, 3), rgb, np.uint8)


@pytest.mark.parametrize("seal", [(230, 40, 40), (220, 90, 90), (250, 160, 150)])
def test_red_ink_fades_and_is_remembered(seal: tuple[int, int, int]) -> None:
    grey, redness = fade_red(coloured(seal))
    assert grey.min() >= 240
    assert redness.min() == seal[0] - max(seal[1:])


@pytest.mark.parametrize("level", [0, 60, 128, 255])
def test_what_has_no_colour_stays_as_dark_as_it_is(level: int) -> None:
    grey, redness = fade_red(coloured((level, level, level)))
    assert (grey == level).all()
    assert (redness == 0).all()


def test_print_under_a_seal_stays_dark() -> None:
    """Black ink with a red tinge of the seal over it, beside the seal alone."""
    grey, _ = fade_red(np.concatenate([coloured((70, 15, 15)), coloured((225, 60, 60))], axis=1))
    assert grey[:, :4].max() < 120
    assert grey[:, 4:].min() >= 240


def violet_page(print_: tuple[int, int, int], share: float) -> Image:
    """White paper with a violet seal in its upper rows, as wide as `share` of the page, and print below it."""
    page = np.full((80, 80, 3), 250, np.uint8)
    page[8:32, : round(80 * share)] = (156, 99, 167)
    page[48:72] = print_
    return page


def test_violet_ink_of_a_seal_fades_and_is_remembered() -> None:
    grey, redness = fade_red(violet_page((40, 36, 38), 0.5))
    assert grey[8:32, :40].min() >= 210
    assert redness[8:32, :40].min() == 57
    assert grey[48:72].max() < 60
    assert redness[48:72].max() < 10


def test_violet_print_stays() -> None:
    grey, redness = fade_red(violet_page((120, 30, 140), 0.5))
    assert grey[48:72].max() <= 120
    assert (redness == 0).all()


@pytest.mark.parametrize("blue", [(40, 60, 200), (0, 0, 255)])
def test_blue_ink_is_print(blue: tuple[int, int, int]) -> None:
    grey, redness = fade_red(coloured(blue))
    assert grey.max() < 60
    assert (redness == 0).all()


def test_a_shadow_over_the_page_is_evened_out(printed: Image) -> None:
    shade = np.linspace(1.0, 0.5, 800)[None] * np.linspace(0.95, 0.7, 1000)[:, None]
    dim = (printed * shade).astype(np.uint8)
    evened = even_light(dim)
    paper, ink = evened[printed == 255], evened[printed == 0]
    assert np.percentile(paper, 5) > 235
    assert np.percentile(ink, 95) < 40


def test_a_dark_desk_becomes_paper(printed: Image) -> None:
    photo = np.full((1300, 1100), 70, np.uint8)
    photo[150:1150, 150:950] = np.minimum(printed, 210)
    evened = even_light(photo)
    assert (evened[:140] == 255).all() and (evened[:, :140] == 255).all()
    assert np.array_equal(evened[250:1000, 250:850] < 128, printed[100:850, 100:700] < 128)


def test_half_a_page_in_deep_shadow_is_kept(printed: Image) -> None:
    photo = np.full((1300, 1100), 60, np.uint8)
    photo[150:1150, 150:950] = np.minimum(printed, 210)
    shade = np.clip((np.arange(1100) - 350) / 300, 0, 1) * 0.6 + 0.4
    evened = even_light((photo * shade[None]).astype(np.uint8))
    assert np.array_equal(evened[250:1000, 250:850] < 128, printed[100:850, 100:700] < 128)


def test_light_of_a_page_without_surroundings(printed: Image) -> None:
    light, bare = paper_light(cv2.resize(printed, (192, 240), interpolation=cv2.INTER_AREA), None)
    assert light.min() > 200
    assert bare is None


def test_light_is_carried_on_beside_the_sheet() -> None:
    small = np.full((100, 80), 40, np.uint8)
    small[:, 20:] = 200
    sheet = np.where(small > 100, 255, 0).astype(np.uint8)
    light, bare = paper_light(small, sheet)
    assert light[:, 20:].min() > 195
    assert bare is not None and np.array_equal(bare, 255 - sheet)


def test_a_black_page_gives_no_ink_and_no_warning() -> None:
    assert not binarise(even_light(np.zeros((200, 150), np.uint8)), 10).any()


def test_binarise_finds_the_print(printed: Image) -> None:
    ink = binarise(printed, HEIGHT)
    assert set(np.unique(ink)) == {0, 255}
    agree = (ink > 0) == (printed < 128)
    assert agree.mean() > 0.999
    assert (ink[printed == 0] == 255).all()


def test_binarise_is_an_adaptive_threshold_with_bounds() -> None:
    page = np.random.default_rng(4).integers(0, 256, (120, 90)).astype(np.uint8)
    rule = cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV
    local = cv2.adaptiveThreshold(page, 255, *rule, 2 * HEIGHT + 1, 40)  # the grain is strong
    expected = (local > 0) & (page <= PAPER) | (page <= BLACK)
    assert ((binarise(page, HEIGHT) > 0) == expected).all()


@pytest.mark.parametrize("level", [0, 90, 150])
def test_faint_print_is_ink_too(level: int) -> None:
    page = white(400, 200)
    sign_line(page, 50, 80, 8)
    faint = np.maximum(page, level).astype(np.uint8)
    assert (binarise(faint, HEIGHT)[page == 0] > 0).mean() > 0.99


def test_grain_of_the_paper_is_no_ink() -> None:
    rng = np.random.default_rng(3)
    grainy = np.clip(rng.normal(240, 8, (300, 300)), 0, 255).astype(np.uint8)
    assert (binarise(grainy, HEIGHT) > 0).mean() < 0.002


def test_specks_go_and_dots_stay() -> None:
    ink = np.zeros((200, 200), np.uint8)
    ink[20, 20] = ink[60, 60] = 255
    ink[60, 61] = 255
    ink[100:104, 100:104] = 255
    ink[150, 20:44] = 255
    found = find_ink(np.asarray(255 - ink, np.uint8), HEIGHT)
    left = found.mask
    assert left[20, 20] == 0 and left[60, 60] == 0
    assert (left[100:104, 100:104] == 255).all()
    assert (left[150, 20:44] == 255).all()
    assert found.specks == pytest.approx(3 / ink.size)


@pytest.mark.parametrize("level", [0, 255])
def test_pages_of_one_level_have_no_specks(level: int) -> None:
    found = find_ink(np.full((50, 50), level, np.uint8), HEIGHT)
    assert (found.mask == 255 - level).all()
    assert found.specks == 0


@pytest.mark.parametrize(("share", "grainy"), [(0.0, False), (0.002, False), (0.03, True)])
def test_a_fax_is_grainy(printed: Image, share: float, grainy: bool) -> None:
    rng = np.random.default_rng(5)
    page = np.where(rng.random(printed.shape) < share, 0, printed).astype(np.uint8)
    assert (find_ink(page, HEIGHT).specks > GRAINY) is grainy


@pytest.mark.parametrize("height", [14, 20, 30, 38])
def test_character_height_is_measured(height: int) -> None:
    page = white(1000, 1400)
    for k in range(12):
        sign_line(page, 60, 60 + 2.5 * height * k, 18, height=height, seed=k)
    assert abs(find_ink(page, HEIGHT).char_height - height) <= 1


def test_clumps_of_specks_do_not_lower_the_character_height_of_a_grainy_page() -> None:
    page = white(1200, 1600)
    height = 32
    for k in range(6):
        sign_line(page, 60, 60 + 2.5 * height * k, 10, height=height, seed=k)
    for y, x in np.ndindex(20, 20):  # slanting hairs
        cv2.line(page, (100 + 50 * x, 600 + 45 * y), (108 + 50 * x, 610 + 45 * y), (0,), 1)
    assert abs(find_ink(page, HEIGHT, grainy=True).char_height - height) <= 2
    assert find_ink(page, HEIGHT).char_height < height / 2


def test_rulings_and_a_heading_do_not_change_the_character_height(printed: Image) -> None:
    page = printed.copy()
    for y in range(80, 960, 54):
        cv2.line(page, (80, y), (760, y), 0, 3)
    cv2.line(page, (80, 80), (80, 944), 0, 3)
    sign_line(page, 200, 20, 6, height=48, seed=9)
    assert abs(find_ink(page, HEIGHT).char_height - HEIGHT) <= 1


def test_an_empty_page_has_the_usual_character_height() -> None:
    blank = white(700, 1000)
    assert find_ink(blank, HEIGHT).char_height == usual_height(blank) == pytest.approx(12.0)


def test_print_contrast_is_that_of_the_print(printed: Image) -> None:
    grey = np.where(printed == 0, 55, 255).astype(np.uint8)
    assert print_contrast(grey, binarise(grey, HEIGHT)) == pytest.approx(200, abs=3)


def test_print_contrast_of_an_empty_page_is_full() -> None:
    assert print_contrast(white(20, 20), np.zeros((20, 20), np.uint8)) == 255.0


def test_strong_ink_leaves_out_what_is_much_fainter_than_print() -> None:
    evened = white(30, 10)
    evened[:, :10], evened[:, 10:20] = 40, 190
    ink = np.where(evened < 255, 255, 0).astype(np.uint8)
    strong = strong_ink(evened, ink, 215.0)
    assert (strong[:, :10] == 255).all()
    assert (strong[:, 10:] == 0).all()


def test_stretch_makes_print_black_and_paper_white() -> None:
    levels = np.arange(256, dtype=np.uint8)[None]
    out = stretch(levels, 150.0)[0].astype(int)
    assert out[:106].max() == 0
    assert out[233:].min() == 255
    assert (np.diff(out) >= 0).all()


def test_stretch_of_a_page_without_print_keeps_its_paper() -> None:
    """The contrast of what is hardly there is not blown up."""
    faint = np.full((5, 5), 245, np.uint8)
    assert (stretch(faint, 10.0) >= 200).all()


@pytest.mark.parametrize(("side", "step"), [(40, 2), (1200, 8), (1201, 2)])
def test_components_are_those_of_opencv_however_many(side: int, step: int) -> None:
    mask = np.zeros((side, side + 1), np.uint8)
    mask[::step, ::step] = 255
    mask[side // 2] = 255
    labels, stats = components(mask)
    _, usual, boxes, _ = cv2.connectedComponentsWithStats(mask)
    assert np.array_equal(labels, usual)
    assert np.array_equal(stats, boxes)

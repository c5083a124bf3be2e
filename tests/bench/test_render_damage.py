"""Every damage keeps its promise that points of the clean page are found again."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from bench.render import damage, seals
from bench.render.bend import desk_top, draw_bend, photograph
from bench.render.damage import Shot, fresh
from bench.render.fonts import Face, font_list, installed

DOT = (140.0, 90.0)


def dotted() -> Shot:
    page = np.full((300, 220), 255, np.uint8)
    cv2.circle(page, (int(DOT[0]), int(DOT[1])), 6, (0,), -1)
    return fresh(page)


def darkest(shot: Shot) -> tuple[float, float]:
    """Centre of gravity of the dark pixels."""
    ink = 255.0 - damage.grey(shot).pixels
    ink[ink < 128] = 0
    ys, xs = np.mgrid[: ink.shape[0], : ink.shape[1]]
    return float((xs * ink).sum() / ink.sum()), float((ys * ink).sum() / ink.sum())


def moved(shot: Shot) -> tuple[float, float]:
    x, y = shot.move(np.array([DOT]))[0]
    return float(x), float(y)


@pytest.mark.parametrize(
    "bent",
    [
        lambda s: damage.skew(s, 7.0),
        lambda s: damage.skew(s, -3.0),
        lambda s: damage.shrink(s, 0.8),
        lambda s: damage.quarter_turns(s, 90),
        lambda s: damage.quarter_turns(s, 180),
        lambda s: damage.quarter_turns(s, 270),
        lambda s: damage.resample(s, 1.0, 0.5),
        lambda s: damage.quarter_turns(damage.skew(damage.shrink(s, 0.9), 4), 270),
        lambda s: damage.blur(s, 1.0),
    ],
)
def test_points_follow_the_picture(bent: Callable[[Shot], Shot]) -> None:
    shot = bent(dotted())
    assert moved(shot) == pytest.approx(darkest(shot), abs=1.2)


@pytest.mark.parametrize("seed", range(8))
def test_bend_is_undone_exactly(seed: int) -> None:
    rng = np.random.default_rng(seed)
    bend = draw_bend(rng, 220, 300, tilt=0.06, curl=0.03, turn=5)
    points = rng.uniform(0, 220, (50, 2))
    assert bend.backward(bend.forward(points)) == pytest.approx(points, abs=1e-6)


@pytest.mark.parametrize("seed", range(8))
def test_photographed_points_follow(seed: int) -> None:
    rng = np.random.default_rng(seed)
    bend = draw_bend(rng, 220, 300, tilt=0.06, curl=0.03, turn=5)
    white = np.full((*bend.size[::-1], 3), 255, np.uint8)
    shot = photograph(damage.rgb(dotted()), bend, white)
    x, y = moved(shot)
    part = damage.grey(shot).pixels[round(y) - 12 : round(y) + 13, round(x) - 12 : round(x) + 13]
    ys, xs = np.nonzero(part < 100)
    assert xs.mean() - 12 == pytest.approx(0, abs=1.2)
    assert ys.mean() - 12 == pytest.approx(0, abs=1.2)


@pytest.mark.parametrize(
    "hurt",
    [
        lambda s, r: damage.grain(s, r, 5),
        lambda s, r: damage.uneven_light(s, r, 0.2),
        lambda s, r: damage.streaks(s, r, 4, 120),
        lambda s, r: damage.dirt(s, r, 30, 3),
        lambda s, r: damage.toner_loss(s, r, 0.5),
        lambda s, r: damage.broken_rulings(s, r, 20, 15),
        lambda s, r: damage.dark_edges(s, r, 8),
        lambda s, r: damage.bitonal(s, r, 150, 0.02, 0.02),
        lambda s, r: damage.lost_lines(s, r, 150),
        lambda s, r: damage.shadow(s, r, 0.4),
    ],
)
def test_seeded_damage_repeats_and_changes_the_page(hurt: Callable[[Shot, damage.Rng], Shot]) -> None:
    first, second = (hurt(dotted(), np.random.default_rng(4)).pixels for _ in range(2))
    assert np.array_equal(first, second)
    assert first.dtype == np.uint8
    assert not np.array_equal(first, dotted().pixels)


def test_damage_leaves_its_input_alone() -> None:
    shot = dotted()
    before = shot.pixels.copy()
    rng = np.random.default_rng(1)
    damage.streaks(damage.dirt(damage.dark_edges(shot, rng, 8), rng, 9, 3), rng, 3, 100)
    assert np.array_equal(shot.pixels, before)


def test_bitonal_has_two_levels() -> None:
    page = damage.bitonal(dotted(), np.random.default_rng(1), 128, 0.01, 0.01).pixels
    assert set(np.unique(page)) == {0, 255}


@pytest.fixture
def face() -> Face:
    fonts = installed(font_list().fonts)
    if not fonts:
        pytest.skip("no Chinese font installed")
    return Face(tuple(fonts), None, 20)


def test_seal_is_red_and_lets_print_through(face: Face) -> None:
    mask = seals.round_seal(face, 120, "青河市水务局", "财务专用章")
    assert mask.shape == (120, 120)
    assert mask[60, 60] == 1.0  # the star's middle
    page = damage.rgb(dotted())
    stamped = damage.stamp(page, mask, DOT, (200, 20, 30), 0.9).pixels.astype(int)
    inked = stamped[80, 140]  # on the star, above the dot
    assert inked[0] > inked[1] + 60
    assert stamped[90, 140].max() < 40  # the dot below stays black


def test_worn_seal_keeps_its_place(face: Face) -> None:
    mask = seals.worn(seals.oval_seal(face, 120, "青河市水务局", ""), np.random.default_rng(2), 30)
    ys, xs = np.nonzero(mask > 0.3)
    assert abs(xs.mean() - mask.shape[1] / 2) < 6
    assert abs(ys.mean() - mask.shape[0] / 2) < 6
    assert 0 <= mask.min() <= mask.max() <= 1


def test_square_seal_white_on_red(face: Face) -> None:
    red = seals.square_seal(face, 60, "赵文博", white_text=True)
    assert red.mean() > seals.square_seal(face, 60, "赵文博", white_text=False).mean()


def test_desk_fills_its_size() -> None:
    assert desk_top(np.random.default_rng(0), 90, 50).shape == (50, 90, 3)

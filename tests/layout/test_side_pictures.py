"""What the network of sides is shown: pictures of the right place, facts of the right neighbours."""

from dataclasses import replace
from math import log

import numpy as np
import pytest

from shenbao.layout.faces import Sides
from shenbao.layout.side_pictures import COLUMNS, FACTS, NONE, ROWS, UNKNOWN, facts_of, lattices, picture_of
from shenbao.models.stages import Image, Rulings, Traces

H = 20.0
XS, YS = [20.0, 100.0, 220.0], [30.0, 70.0, 130.0, 170.0]


def traces(dark: Image, **more: Image) -> Traces:
    nothing = np.zeros_like(dark)
    return replace(Traces(nothing, nothing, nothing, nothing, dark=dark), **more)


def rulings(dark: Image, **more: Image) -> Rulings:
    turned = {name: np.ascontiguousarray(mask.T) for name, mask in more.items()}
    return Rulings((), traces(dark, **more), traces(np.ascontiguousarray(dark.T), **turned), H)


def page() -> Image:
    dark = np.zeros((200, 240), np.uint8)
    dark[69:72, 20:101] = 200  # the side below the first cell
    dark[70:131, 99:102] = 150  # the one to the right of the cell under it
    return dark


def sides(across: float = 1.0, down: float = 1.0) -> Sides:
    return Sides(np.full((4, 2), across), np.full((3, 3), down))


def test_a_side_is_shown_along_the_rows_of_its_picture() -> None:
    level, upright = lattices(sides(), sides(), XS, YS, rulings(page()))
    drawn, bare = picture_of(level, 1, 0, H), picture_of(level, 1, 1, H)
    assert drawn.shape == bare.shape == (3, ROWS, COLUMNS)
    assert drawn[0, ROWS // 2 - 1 : ROWS // 2 + 2, 10:54].max(axis=0).min() > 150
    assert bare[0, ROWS // 2, 20:].max() == 0
    across = picture_of(upright, 1, 1, H)
    assert across[0, ROWS // 2 - 1 : ROWS // 2 + 2, 10:54].max(axis=0).min() > 100


def test_what_hides_rulings_is_one_plane() -> None:
    ring, stain = np.zeros((2, 200, 240), np.uint8)
    ring[60:80, 40:60], stain[60:80, 70:80] = 255, 255
    level, _ = lattices(sides(), sides(), XS, YS, rulings(page(), rings=ring, stain=stain))
    hidden = picture_of(level, 1, 0, H)[2]
    assert hidden[ROWS // 2, 20:28].min() == 255 and hidden[ROWS // 2, 40:44].min() == 255
    assert hidden[ROWS // 2, 33] == 0 and hidden[ROWS // 2, 50:].max() == 0


def test_a_picture_beyond_the_page_is_empty_there() -> None:
    xs, ys = [2.0, 60.0], [3.0, 60.0]
    dark = np.full((70, 70), 90, np.uint8)
    level, _ = lattices(
        Sides(np.ones((2, 1)), np.ones((1, 2))),
        Sides(np.ones((2, 1)), np.ones((1, 2))),
        xs,
        ys,
        rulings(dark),
    )
    shown = picture_of(level, 0, 0, H)[0]
    assert shown[:8].max() == 0 and shown[:, :3].max() == 0 and shown[ROWS // 2, COLUMNS // 2] == 90


def test_facts_tell_of_the_sides_around() -> None:
    across = np.array([[0.1, 0.2], [0.3, 0.4], [0.5, np.nan], [0.7, 0.8]])
    down = np.array([[0.01, 0.02, 0.03], [0.04, 0.05, 0.06], [0.07, 0.08, 0.09]])
    both = Sides(across, down)
    level, upright = lattices(both, both, XS, YS, rulings(page()))
    facts = facts_of(level, 1, 0, H, 0.25, True)
    assert len(facts) == FACTS
    assert facts[0] == pytest.approx(log(80 / H))
    assert facts[1:3] == [NONE, 0.4] and facts[5:9] == [0.01, 0.04, 0.02, 0.05]
    assert facts[9:12] == [0.1, 0.5, 0.0]
    assert facts[12:] == pytest.approx([log(40 / H), log(60 / H), H / 30, 0.25, 1.0, 1.0])
    assert facts_of(level, 1, 1, H, 0.25, False)[10] == UNKNOWN
    turned = facts_of(upright, 1, 2, H, 0.25, False)
    assert turned[1:3] == [0.05, NONE] and turned[5:9] == [0.5, UNKNOWN, 0.7, 0.8] and turned[-1] == 0.0


def test_sides_told_by_their_neighbours_are_not_seen() -> None:
    measured = sides(across=0.0)
    told = Sides(np.array([[1.0, 1.0], [0.0, 0.6], [0.0, 1.0], [1.0, 1.0]]), measured.down)
    level, _ = lattices(measured, told, XS, YS, rulings(page()))
    assert facts_of(level, 1, 0, H, 0.0, False)[3:5] == [0.6, 0.0]
    assert facts_of(level, 2, 0, H, 0.0, False)[3:5] == [1.0, 1.0]

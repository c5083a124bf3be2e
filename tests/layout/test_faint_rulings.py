"""Rulings hardly darker than their paper, drawn again on a straight page."""

import numpy as np
import pytest
from drawn_pages import deliver, draw_table, edges, rule, sign_line, spans_found, spans_of, white

from shenbao.layout.faint_rulings import faint_rulings, without_print
from shenbao.layout.flatten import flatten
from shenbao.layout.grid import find_grids
from shenbao.layout.rulings import find_rulings
from shenbao.models.stages import Image

H = 24.0
XS = edges(110, 150, 130, 170, 120, start=110)
YS = edges(*[56.0] * 14, start=130)
FORM = "\n".join(["2|3|2|4|2", "^|3|2|4|."] * 7)


def ink_of(page: Image) -> Image:
    return np.where(page < 128, 255, 0).astype(np.uint8)


def grainy(page: Image) -> Image:
    grain = np.random.default_rng(1).normal(0, 2, page.shape)
    return np.clip(page - 5 + grain, 0, 255).astype(np.uint8)


def test_faint_rulings_are_found_from_end_to_end() -> None:
    page = white(800, 600)
    rule(page, (100, 200), (700, 200), 2, 235)
    rule(page, (300, 100), (300, 500), 2, 235)
    mask = faint_rulings(grainy(page), ink_of(page), H)
    across, down = (np.flatnonzero(m) for m in (mask[198:203].any(axis=0), mask[:, 298:303].any(axis=1)))
    assert [across[0], across[-1]] == pytest.approx([100, 700], abs=8)
    assert [down[0], down[-1]] == pytest.approx([100, 500], abs=8)
    assert len(across) > 590 and len(down) > 390


def test_on_a_page_in_black_and_white_short_ones_are_none() -> None:
    """Pepper in a row looks like a faint ruling."""
    page = white(800, 600)
    rule(page, (100, 200), (700, 200), 2, 235)
    rule(page, (300, 400), (300 + 2 * H, 400), 2, 235)
    masks = [faint_rulings(grainy(page), ink_of(page), H, two_toned=x) for x in (False, True)]
    assert [bool(m[395:406].any()) for m in masks] == [True, False]
    assert all(m[198:203].any(axis=0).sum() > 590 for m in masks)


def test_grain_and_print_are_no_rulings() -> None:
    page = white(800, 600)
    for k in range(8):
        sign_line(page, 60, 50 + 60 * k, 24, seed=k)
    assert not faint_rulings(grainy(page), ink_of(page), H).any()


def test_without_print_keeps_rulings_alone() -> None:
    page = white(800, 300)
    sign_line(page, 60, 50, 24)
    rule(page, (50, 200), (750, 200), 2, 100)
    bare = without_print(page, ink_of(page), H)
    assert (bare[:150] < 128).sum() < 0.1 * (page[:150] < 128).sum()
    assert (bare[199:202, 60:740] == 100).any(axis=0).all()


@pytest.mark.parametrize("moved", [None, [(0.02, 0.0), (0.0, 0.02), (0.0, 0.0), (-0.02, 0.01)]])
def test_a_table_of_faint_rulings_in_perspective(moved: list[tuple[float, float]] | None) -> None:
    """Their darkness is a twelfth of the print's."""
    page = white(900, 1100)
    sign_line(page, 240, 60, 11, height=34)
    draw_table(page, XS, YS, FORM, thickness=2, level=234)
    delivered = deliver(grainy(page), -2.0, moved)
    (grid,) = find_grids(find_rulings(flatten(delivered.image, lambda rough: 0)))
    assert spans_found(grid) == spans_of(FORM)

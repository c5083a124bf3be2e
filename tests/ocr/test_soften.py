"""What was taken off near print is put back, and hard edges are made soft, on pages that have them alone."""

import numpy as np
import pytest

from shenbao.models.stages import FlatPage, Image
from shenbao.ocr.soften import softened

H = 30


def page_of(specks: Image | None, *, hard: bool = True) -> FlatPage:
    """A page with one upright stroke, (20:50, 30:34)."""
    grey = np.full((100, 200), 255, np.uint8)
    grey[20:50, 30:34] = 0
    ink = 255 - grey
    return FlatPage(
        1, grey, ink, ink, np.zeros_like(grey), float(H), 0, 0.0, lambda p: p, specks=specks, hard=hard
    )


def speck(x: int) -> Image:
    specks = np.full((100, 200), 255, np.uint8)
    specks[35:38, x : x + 3] = 0
    return specks


def test_a_page_without_hard_edges_is_read_as_it_is() -> None:
    page = page_of(None, hard=False)
    assert softened(page) is page


def test_hard_edges_are_soft_where_no_pepper_was_taken_off() -> None:
    assert 0 < softened(page_of(None)).grey[35, 29] < 255


@pytest.mark.parametrize(("x", "back"), [(38, True), (120, False)])
def test_specks_come_back_near_print(x: int, back: bool) -> None:
    seen = softened(page_of(speck(x))).grey
    assert bool(seen[36, x + 1] < 200) is back


def test_edges_are_soft_and_all_else_is_kept() -> None:
    page = page_of(speck(120))
    seen = softened(page)
    assert 0 < seen.grey[35, 29] < 255 and seen.grey[35, 31] < 60
    assert (seen.grey[60:] == 255).all()
    assert seen.strong is page.strong and page.grey[35, 29] == 255

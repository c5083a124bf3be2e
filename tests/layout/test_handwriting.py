"""Handwriting told from print by its long strokes, and not where there is none."""

import numpy as np
from drawn_marks import form, round_seal, stamped, written
from drawn_pages import flat_page, sign_line

from shenbao.layout.grid import find_grids
from shenbao.layout.handwriting import find_handwriting
from shenbao.layout.rulings import find_rulings
from shenbao.layout.seals import find_seals
from shenbao.models.stages import FlatMark, Image


def handwriting(page: Image) -> tuple[FlatMark, ...]:
    flat = flat_page(page)
    return find_handwriting(flat, find_grids(find_rulings(flat)), find_seals(flat))


def test_words_in_an_empty_cell() -> None:
    hits = 0
    for seed in range(8):
        page, xs, ys = form()
        x, y = (xs[1] + xs[2]) / 2, (ys[4] + ys[5]) / 2
        written(page, x, y, 46, seed)
        found = handwriting(page)
        assert len(found) <= 1
        hits += any(np.hypot(m.x - x, m.y - y) < 40 for m in found)
    assert hits >= 6


def test_word_across_a_ruling() -> None:
    page, xs, ys = form()
    written(page, (xs[1] + xs[2]) / 2, ys[5], 46, 3)
    assert len(handwriting(page)) == 1


def test_printed_form_has_none() -> None:
    page, _, _ = form()
    sign_line(page, 300, 60, 10, height=44)
    assert handwriting(page) == ()


def test_seal_is_no_handwriting() -> None:
    page, _, _ = form()
    assert handwriting(stamped(page, round_seal((1000, 1200), 480, 420, 150), 60)) == ()


def test_page_without_a_table_is_not_searched() -> None:
    page = np.full((1000, 1200), 255, np.uint8)
    written(page, 500, 500, 46, 1)
    assert handwriting(page) == ()

"""Pieces of print outside tables."""

import numpy as np
import pytest
from drawn_pages import HEIGHT, draw_table, edges, flat_page, sign_line, white

from shenbao.layout.pieces import find_pieces
from shenbao.layout.rulings import find_rulings
from shenbao.layout.tables import find_tables
from shenbao.models.stages import Box, FlatPage, Image


@pytest.fixture
def page() -> Image:
    """A table of two columns and three rows, from y 300 to 480."""
    drawn = white(800, 900)
    columns, rows = edges(300, 300, start=100), edges(60, 60, 60, start=300)
    draw_table(drawn, columns, rows, "4 | 5\n6 | 3\n5 | 4")
    return drawn


def pieces(flat: FlatPage) -> list[Box]:
    rulings = find_rulings(flat)
    return sorted(find_pieces(flat, rulings, find_tables(flat, rulings)), key=lambda b: b[1])


def test_a_page_of_nothing_but_a_table_has_none(page: Image) -> None:
    assert pieces(flat_page(page)) == []


def test_print_above_and_below_a_table_is_found_where_it_stands(page: Image) -> None:
    drawn = [sign_line(page, 150, 120, 8), sign_line(page, 300, 700, 5, seed=1)]
    found = pieces(flat_page(page))
    assert len(found) == 2
    assert np.allclose(found, drawn, atol=0.15 * HEIGHT)

"""A drawn table with one merged cell, for the tests of what the network of sides says."""

from drawn_pages import draw_table, edges, flat_page, white

from shenbao.layout.rulings import find_rulings
from shenbao.models.stages import Rulings

XS, YS = edges(130, 130, 130, start=90), edges(52, 52, 52, 52, start=110)
DRAWING = "3|5|2\n3|5|<\n3|5|2\n3|5|2"


def rulings_of_table() -> Rulings:
    page = white(round(XS[-1]) + 90, round(YS[-1]) + 110)
    draw_table(page, XS, YS, DRAWING, thickness=3)
    return find_rulings(flat_page(page))

"""Tables without vertical rulings, or without any; and pages that hold none."""

import numpy as np
import pytest
from drawn_pages import HEIGHT, draw_table, edges, flat_page, rule, sign_line, spans_found, white

from shenbao.layout.aligned import find_aligned
from shenbao.layout.grid import find_grids
from shenbao.layout.rulings import find_rulings
from shenbao.models.stages import Grid, Image

XS = edges(160, 340, 200, 200, start=100)
PITCH = 2.2 * HEIGHT
TOP = 300.0

Row = tuple[int, ...]
"""Number of characters in each cell."""

BODY: tuple[Row, ...] = ((1, 6, 3, 4), (1, 9, 3, 3), (1, 4, 4, 3), (1, 7, 2, 3), (1, 5, 3, 2))
HEAD: Row = (2, 3, 2, 2)


def put(page: Image, x0: float, x1: float, y: float, count: int, align: str, seed: int) -> None:
    length = (count - 1) * 1.15 * HEIGHT + HEIGHT
    x = {"left": x0 + 10, "right": x1 - 10 - length, "center": (x0 + x1 - length) / 2}[align]
    sign_line(page, x, y, count, seed=seed)


def print_rows(page: Image, rows: tuple[Row, ...], top: float = TOP, xs: list[float] = XS) -> list[float]:
    """The rows, the first centred as headings; returns the heights between them."""
    for r, row in enumerate(rows):
        for c, count in enumerate(row):
            align = "center" if r == 0 or c == 0 else "left" if c == 1 else "right"
            if count:
                put(page, xs[c], xs[c + 1], top + r * PITCH, count, align, 31 * r + c)
    return [top - (PITCH - HEIGHT) / 2 + k * PITCH for k in range(len(rows) + 1)]


def found(page: Image) -> list[Grid]:
    flat = flat_page(page)
    rulings = find_rulings(flat)
    return find_aligned(flat, rulings, find_grids(rulings))


def full(rows: int, cols: int) -> list[tuple[int, int, int, int]]:
    return [(r, c, 1, 1) for r in range(rows) for c in range(cols)]


def three_lines(page: Image, ys: list[float], head: int = 1) -> None:
    for y in (ys[0], ys[head], ys[-1]):
        rule(page, (XS[0], y), (XS[-1], y))


def test_three_line_table() -> None:
    page = white(1200, 1000)
    three_lines(page, print_rows(page, (HEAD, *BODY)))
    (grid,) = found(page)
    assert not grid.ruled
    assert spans_found(grid) == full(6, 4)


def test_what_is_drawn_is_told() -> None:
    page = white(1200, 1000)
    three_lines(page, print_rows(page, (HEAD, *BODY)))
    (grid,) = found(page)
    drawn = {c.row: c.drawn for c in grid.cells if c.col == 1}
    assert drawn[0] == (1.0, 1.0, 0.0, 0.0)
    assert drawn[2] == (0.0, 0.0, 0.0, 0.0)
    assert drawn[5] == (0.0, 1.0, 0.0, 0.0)


def test_edges_stand_between_the_columns() -> None:
    page = white(1200, 1000)
    three_lines(page, print_rows(page, (HEAD, *BODY)))
    (grid,) = found(page)
    assert grid.xs[0] == pytest.approx(XS[0], abs=5)
    assert grid.xs[-1] == pytest.approx(XS[-1], abs=5)
    ink = page < 128
    for x in grid.xs[1:-1]:
        assert not ink[int(TOP) : int(TOP + 5 * PITCH), round(x) - 3 : round(x) + 3].sum(axis=0).max() > 12


def test_rulings_across_only() -> None:
    page = white(1200, 1000)
    for y in print_rows(page, (HEAD, *BODY)):
        rule(page, (XS[0], y), (XS[-1], y))
    (grid,) = found(page)
    assert spans_found(grid) == full(6, 4)
    assert all(c.drawn[:2] == (1.0, 1.0) for c in grid.cells)


def test_without_rulings() -> None:
    page = white(1200, 1000)
    print_rows(page, (HEAD, *BODY))
    (grid,) = found(page)
    assert spans_found(grid) == full(6, 4)
    assert all(c.support == 0.0 for c in grid.cells)


def test_a_wrapped_cell_is_one_row() -> None:
    page = white(1200, 1000)
    ys = [TOP - 0.6 * HEIGHT]
    y = TOP
    for r, row in enumerate((HEAD, *BODY)):
        lines = 3 if r == 2 else 1
        for c, count in enumerate(row):
            align = "center" if r == 0 or c == 0 else "left" if c == 1 else "right"
            for k in range(lines if c == 1 else 1):
                shift = (k if c == 1 else (lines - 1) / 2) * 1.3 * HEIGHT
                put(
                    page,
                    XS[c],
                    XS[c + 1],
                    y + shift,
                    8 if lines > 1 and c == 1 else count,
                    align,
                    7 * r + c + k,
                )
        y += (lines - 1) * 1.3 * HEIGHT + PITCH
        ys.append(y - 0.6 * HEIGHT)
    three_lines(page, ys)
    (grid,) = found(page)
    assert spans_found(grid) == full(6, 4)
    (tall,) = [c for c in grid.cells if (c.row, c.col) == (2, 1)]
    assert tall.box[3] - tall.box[1] > 3.5 * HEIGHT


@pytest.mark.parametrize("lines", ["ruled", "bare"])
def test_a_heading_over_two_columns(lines: str) -> None:
    page = white(1200, 1000)
    low = TOP + PITCH
    middle = TOP + PITCH / 2
    for c, count in ((0, 2), (1, 3)):
        put(page, XS[c], XS[c + 1], middle, count, "center", c)
    put(page, XS[2], XS[4], TOP, 5, "center", 5)
    for c in (2, 3):
        put(page, XS[c], XS[c + 1], low, 2, "center", 8 + c)
    ys = print_rows(page, ((0, 0, 0, 0), *BODY), top=low)
    if lines == "ruled":
        three_lines(page, [TOP - 0.6 * HEIGHT, *ys[1:]])
        rule(page, (XS[2], (TOP + HEIGHT + low) / 2), (XS[4], (TOP + HEIGHT + low) / 2))
    (grid,) = found(page)
    head = [s for s in spans_found(grid) if s[0] < 2]
    assert head == [(0, 0, 2, 1), (0, 1, 2, 1), (0, 2, 1, 2), (1, 2, 1, 1), (1, 3, 1, 1)]
    assert len(grid.ys) == 8


def test_title_and_captions_are_no_rows() -> None:
    page = white(1200, 1000)
    sign_line(page, 400, 150, 12, height=34)
    sign_line(page, XS[0], 240, 9, seed=3)
    sign_line(page, XS[-1] - 140, 240, 5, seed=4)
    print_rows(page, (HEAD, *BODY))
    (grid,) = found(page)
    assert spans_found(grid) == full(6, 4)
    assert grid.ys[0] > 265


def test_a_page_number_below_is_no_row() -> None:
    page = white(1200, 1000)
    ys = print_rows(page, (HEAD, *BODY))
    sign_line(page, 520, ys[-1] + 50, 1, seed=9)
    (grid,) = found(page)
    assert spans_found(grid) == full(6, 4)


def test_a_number_close_to_its_name_has_a_column_of_its_own() -> None:
    page = white(1200, 1000)
    rows = ((4, *HEAD[1:]), *((0, *row[1:]) for row in BODY))
    print_rows(page, rows)
    for r in range(1, len(rows)):
        sign_line(page, XS[1] - 36, TOP + r * PITCH, 1, seed=r)
    (grid,) = found(page)
    assert spans_found(grid) == full(6, 4)
    assert XS[1] - 14 < grid.xs[1] < XS[1] + 12


def test_an_empty_column_has_its_heading() -> None:
    page = white(1200, 1000)
    rows = (HEAD, *(row[:3] + (0,) for row in BODY))
    three_lines(page, print_rows(page, rows))
    (grid,) = found(page)
    assert spans_found(grid) == full(6, 4)


def test_a_ruled_table_is_left_alone() -> None:
    page = white(1200, 1000)
    draw_table(page, XS, edges(*[60.0] * 5, start=200), "\n".join(["2|5|3|3"] * 5))
    assert found(page) == []


def test_prose_is_no_table() -> None:
    page = white(1400, 1400)
    rng = np.random.default_rng(5)
    for k in range(18):
        x = 110.0 if k % 6 else 170.0
        while x < 1250:
            count = int(rng.integers(3, 12))
            x = (
                sign_line(page, x, 120 + k * 48, min(count, int((1290 - x) / 28)), seed=k * 40 + count)[2]
                + 18
            )
    assert found(page) == []


def test_a_numbered_list_is_no_table() -> None:
    page = white(1200, 1000)
    for k, count in enumerate((14, 9, 21, 17, 12, 8, 25)):
        sign_line(page, 110, 200 + k * 56, 1, seed=k)
        sign_line(page, 170, 200 + k * 56, count, seed=k + 50)
    assert found(page) == []


@pytest.mark.parametrize("leaders", [True, False])
def test_a_contents_page_is_no_table(leaders: bool) -> None:
    page = white(1200, 1400)
    sign_line(page, 520, 120, 2, height=36)
    for k, count in enumerate((6, 9, 12, 7, 10, 8, 14, 9, 11, 5)):
        y = 250 + k * 60
        end = sign_line(page, 120 + 40 * (k % 3 > 0), y, count, seed=k)[2]
        sign_line(page, 1060, y, 1, height=20, seed=k + 70)
        for x in range(round(end) + 15, 1045, 12) if leaders else ():
            page[y + 18 : y + 21, x : x + 3] = 0
    assert found(page) == []


def test_leaders_that_look_like_rulings_are_no_table() -> None:
    page = white(1200, 1400)
    for k, count in enumerate((6, 7, 7, 6, 9, 7, 8, 6, 7)):
        y = 250 + k * 54
        end = sign_line(page, 120, y, count, seed=k)[2]
        sign_line(page, 1060, y, 1, height=20, seed=k + 70)
        rule(page, (end + 4, y + 20), (1056, y + 20), thickness=2)
    assert found(page) == []


def test_signatures_are_no_table() -> None:
    page = white(1200, 1000)
    for k in range(3):
        sign_line(page, 110, 600 + k * 60, 5, seed=k)
        sign_line(page, 520, 600 + k * 60, 4, seed=k + 9)
        sign_line(page, 850, 600 + k * 60, 6, seed=k + 19)
    assert found(page) == []


def test_text_in_two_columns_is_no_table() -> None:
    page = white(1400, 1200)
    for k in range(14):
        sign_line(page, 100, 150 + k * 40, 20, seed=k)
        sign_line(page, 740, 150 + k * 40, 20 if k % 5 else 13, seed=k + 60)
    assert found(page) == []


def test_three_lines_under_a_letterhead_are_no_table() -> None:
    page = white(1200, 1400)
    for y in (200, 700, 1200):
        rule(page, (100, y), (1100, y))
    for k in range(20):
        sign_line(page, 110, 230 + k * 46, 34, seed=k)
    assert found(page) == []


def test_dirt_is_no_table() -> None:
    page = white(1200, 1400)
    rng = np.random.default_rng(2)
    for x in (200, 500, 640, 900):
        for y in rng.integers(50, 1300, 30):
            page[y : y + rng.integers(8, 26), x : x + 5] = 0
    assert found(page) == []


def test_an_empty_page() -> None:
    assert found(white(800, 800)) == []


def test_a_common_heading_in_two_pieces_is_one() -> None:
    page = white(1200, 1000)
    low = TOP + PITCH
    put(page, XS[0], XS[1], TOP + PITCH / 2, 2, "center", 0)
    middle = (XS[1] + XS[4]) / 2
    sign_line(page, middle - 4.2 * HEIGHT, TOP, 4, seed=5)
    sign_line(page, middle + 1.2 * HEIGHT, TOP, 2, seed=6)
    for c in (1, 2, 3):
        put(page, XS[c], XS[c + 1], low, 2, "center", 8 + c)
    ys = print_rows(page, ((0, 0, 0, 0), *BODY), top=low)
    three_lines(page, [TOP - 0.6 * HEIGHT, *ys[1:]])
    rule(page, (XS[1], (TOP + HEIGHT + low) / 2), (XS[4], (TOP + HEIGHT + low) / 2))
    (grid,) = found(page)
    head = [s for s in spans_found(grid) if s[0] < 2]
    assert head == [(0, 0, 2, 1), (0, 1, 1, 3), (1, 1, 1, 1), (1, 2, 1, 1), (1, 3, 1, 1)]


def test_the_line_of_a_running_head_above_the_title_is_no_ruling_of_the_table() -> None:
    page = white(1200, 1200)
    ys = print_rows(page, (HEAD, *BODY), top=TOP + 100)
    three_lines(page, ys)
    sign_line(page, 300, TOP + 10, 17, seed=90)
    sign_line(page, 840, TOP + 10 + 2 * HEIGHT, 5, seed=91)
    rule(page, (XS[0], TOP - 20), (XS[-1], TOP - 20))
    (grid,) = found(page)
    assert spans_found(grid) == full(6, 4)
    assert grid.ys[0] == pytest.approx(ys[0], abs=5)


def test_one_row_under_many_headings_is_the_end_of_a_table() -> None:
    page = white(1200, 1000)
    three_lines(page, print_rows(page, (HEAD, BODY[0])))
    (grid,) = found(page)
    assert spans_found(grid) == full(2, 4)


def test_headings_over_others_need_no_ruling_above_them() -> None:
    page = white(1200, 1000)
    low = TOP + PITCH
    for c, count in ((0, 2), (1, 3)):
        put(page, XS[c], XS[c + 1], TOP + PITCH / 2, count, "center", c)
    put(page, XS[2], XS[4], TOP, 5, "center", 5)
    for c in (2, 3):
        put(page, XS[c], XS[c + 1], low, 2, "center", 8 + c)
    ys = print_rows(page, ((0, 0, 0, 0), *BODY), top=low)
    for y in (ys[1], ys[-1]):
        rule(page, (XS[0], y), (XS[-1], y))
    rule(page, (XS[2], (TOP + HEIGHT + low) / 2), (XS[4], (TOP + HEIGHT + low) / 2))
    (grid,) = found(page)
    head = [s for s in spans_found(grid) if s[0] < 2]
    assert head == [(0, 0, 2, 1), (0, 1, 2, 1), (0, 2, 1, 2), (1, 2, 1, 1), (1, 3, 1, 1)]
    assert len(grid.ys) == 8


def test_lone_dots_are_neither_print_nor_join_it() -> None:
    page = white(1200, 1000)
    three_lines(page, print_rows(page, (HEAD, *BODY)))
    rng = np.random.default_rng(4)
    for x, y in rng.integers(20, (1180, 980), (420, 2)):
        page[y : y + 4, x : x + 4] = 0
    (grid,) = found(page)
    assert spans_found(grid) == full(6, 4)


def test_a_colon_with_white_on_both_sides_joins_its_words() -> None:
    page = white(1200, 1000)
    three_lines(page, print_rows(page, (HEAD, *BODY)))
    for r in range(1, 6):
        y = round(TOP + r * PITCH)
        page[y : y + HEIGHT, round(XS[1]) + 2 : round(XS[2]) - 2] = 255
        end = sign_line(page, XS[1] + 10, y, 3, seed=r)[2]
        for dot in (y + 6, y + 15):
            page[dot : dot + 4, round(end) + 14 : round(end) + 18] = 0
        sign_line(page, end + 32, y, 4, seed=r + 40)
    (grid,) = found(page)
    assert spans_found(grid) == full(6, 4)


def test_dirt_over_the_gap_between_two_headed_columns_joins_them_in_its_row_only() -> None:
    page = white(1200, 1000)
    three_lines(page, print_rows(page, (HEAD, *BODY)))
    y = round(TOP + 3 * PITCH) + 8
    page[y : y + 9, round(XS[2]) - 60 : round(XS[3]) - 90] = 0
    (grid,) = found(page)
    assert [s for s in spans_found(grid) if s[0] != 3] == [s for s in full(6, 4) if s[0] != 3]


def test_feet_of_print_in_one_line_are_no_ruling_of_a_row() -> None:
    page = white(1200, 1000)
    ys = print_rows(page, (HEAD, *BODY))
    for y in ys:
        rule(page, (XS[0], y), (XS[-1], y))
    y = TOP + 3 * PITCH + HEIGHT - 1
    rule(page, (XS[2] + 60, y), (XS[4] - 8, y), thickness=2)
    (grid,) = found(page)
    assert len(grid.ys) == 7

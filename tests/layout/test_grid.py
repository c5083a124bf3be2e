"""Rulings to grids: spans exactly as drawn."""

from itertools import pairwise

import cv2
import numpy as np
import pytest
from drawn_pages import (
    HEIGHT,
    draw_table,
    edges,
    flat_page,
    rule,
    sign_line,
    spans_found,
    spans_of,
    white,
)

from shenbao.layout.flatten import flatten
from shenbao.layout.grid import find_grids
from shenbao.layout.rulings import find_rulings
from shenbao.models.stages import FlatMark, FlatPage, Grid, Image, PageImage

PLAIN = "3|5|2|4\n3|5|2|4\n3|5|2|4\n3|5|2|4"
NESTED_HEADER = "3|6|<|<|4\n^|2|2|2|^\n3|2|.|2|4\n3|2|2|.|4"
LABELS = "2|3|5|3\n^|3|.|3\n^|3|5|<\n2|8|<|<\n^|3|5|3"
FORM = "3|8|<|<|<\n3|4|<|3|4\n2|3|4|3|4\n^|3|4|3|4\n^|^|4|3|4\n^|^|4|3|4\n3|20|<|<|<"


def grids_of(page: Image | FlatPage) -> list[Grid]:
    return find_grids(find_rulings(flat_page(page) if isinstance(page, np.ndarray) else page))


def the_grid(page: Image | FlatPage) -> Grid:
    (grid,) = grids_of(page)
    return grid


def table(
    drawing: str, thickness: int = 3, width: float = 130.0, height: float = 52.0, **style: int
) -> tuple[Image, list[float], list[float]]:
    """A page with one table of equal columns and rows, and its edges."""
    rows = drawing.strip().splitlines()
    xs = edges(*[width] * len(rows[0].split("|")), start=90)
    ys = edges(*[height] * len(rows), start=110)
    page = white(round(xs[-1]) + 90, round(ys[-1]) + 110)
    draw_table(page, xs, ys, drawing, thickness=thickness, **style)
    return page, xs, ys


@pytest.mark.parametrize("thickness", [1, 2, 3, 5])
@pytest.mark.parametrize("drawing", [PLAIN, NESTED_HEADER, LABELS, FORM, "3|4", "3\n4\n2"])
def test_spans_are_as_drawn(drawing: str, thickness: int) -> None:
    page, xs, ys = table(drawing, thickness)
    grid = the_grid(page)
    assert spans_found(grid) == spans_of(drawing)
    assert grid.xs == pytest.approx(xs, abs=1) and grid.ys == pytest.approx(ys, abs=1)


@pytest.mark.parametrize("drawing", [PLAIN, NESTED_HEADER, LABELS, FORM])
def test_boxes_are_the_drawn_cells(drawing: str) -> None:
    page, xs, ys = table(drawing)
    for cell in the_grid(page).cells:
        box = (xs[cell.col], ys[cell.row], xs[cell.col + cell.col_span], ys[cell.row + cell.row_span])
        assert cell.box == pytest.approx(box, abs=1)
        assert cell.support > 0.9


def test_a_table_without_print() -> None:
    page, _, _ = table(".|.|.\n.|.|.")
    assert spans_found(the_grid(page)) == spans_of(".|.|.\n.|.|.")


@pytest.mark.parametrize("frame", [5, 9, 12, 15])
def test_a_thick_frame(frame: int) -> None:
    page, xs, _ = table(FORM, thickness=2, frame=frame)
    grid = the_grid(page)
    assert spans_found(grid) == spans_of(FORM)
    assert (grid.xs[0], grid.xs[-1]) == pytest.approx((xs[0], xs[-1]), abs=2)


@pytest.mark.parametrize("level", [0, 90, 140])
def test_rulings_lighter_than_print(level: int) -> None:
    page, _, _ = table(LABELS, level=level)
    assert spans_found(the_grid(page)) == spans_of(LABELS)


@pytest.mark.parametrize("gap", [16, 20, 30])
def test_column_edges_that_only_nearly_line_up(gap: int) -> None:
    """Upper and lower part of a form have an edge of their own, a part of a character apart."""
    page = white(800, 500)
    ys = edges(50, 50, 50, 50, start=100)
    upper, lower = [100.0, 300.0, 480.0, 700.0], [100.0, 300.0 + gap, 480.0, 700.0]
    draw_table(page, upper, ys[:3], "4|4|5\n4|4|5")
    draw_table(page, lower, ys[2:], "4|4|5\n4|4|5")
    assert spans_found(the_grid(page)) == spans_of("4|4|<|5\n4|4|<|5\n4|<|4|5\n4|<|4|5")


@pytest.mark.parametrize("height", [34.0, 40.0])
def test_short_separators_of_a_single_row(height: float) -> None:
    """Column rulings that part one low row only."""
    xs, ys = edges(120, 90, 110, 130, start=100), edges(60, height, 60, start=100)
    page = white(700, 420)
    draw_table(page, xs, ys, "9|<|<|<\n2|1|2|2\n9|<|<|<")
    assert spans_found(the_grid(page)) == spans_of("9|<|<|<\n2|1|2|2\n9|<|<|<")


def test_short_separators_in_line_with_a_row_between_them() -> None:
    """A column that parts two low rows and leaves out the one between them."""
    drawing = "9|<|<|<\n2|1|1|2\n9|<|<|<\n2|<|1|2\n9|<|<|<"
    xs, ys = edges(120, 90, 110, 130, start=100), edges(*[62.0] * 5, start=100)
    page = white(700, 500)
    draw_table(page, xs, ys, drawing)
    assert spans_found(the_grid(page)) == spans_of(drawing)


def test_a_table_open_at_the_bottom() -> None:
    """Cut off by the page's end: the columns run on under the last row."""
    page, _, ys = table(PLAIN)
    open_ = page[: round(ys[-1]) - 20]
    grid = the_grid(np.ascontiguousarray(open_))
    assert spans_found(grid) == spans_of(PLAIN)
    assert grid.ys[-1] == pytest.approx(open_.shape[0], abs=3)


def test_a_table_open_at_the_top() -> None:
    page, _, ys = table(PLAIN)
    open_ = page[round(ys[0]) + 15 :]
    grid = the_grid(np.ascontiguousarray(open_))
    assert spans_found(grid) == spans_of(PLAIN)
    assert grid.ys[0] == pytest.approx(0, abs=3)


def test_a_table_open_at_the_top_where_most_columns_begin_below() -> None:
    """The last page's row goes on under a label and its text; the row below it has more columns."""
    drawing = "3|9|<|<|<\n2|1|2|2|1\n2|1|2|2|1"
    page, xs, ys = table(drawing)
    rule(page, (xs[0] - 4, ys[0]), (xs[-1] + 4, ys[0]), 9, 255)
    grid = the_grid(page)
    assert spans_found(grid) == spans_of(drawing)
    assert grid.ys[0] == pytest.approx(ys[0] + 5, abs=4)


def test_one_row_left_on_a_page_that_is_open_at_the_top() -> None:
    xs, ys = edges(*[140] * 5, start=60), edges(90, start=200)
    page = white(820, 1000)
    draw_table(page, xs, ys, "4|5|6|4|3")
    sign_line(page, 120, 500, 20, height=26, seed=1)
    page[: round(ys[0]) + 8] = 255
    assert spans_found(the_grid(page)) == [(0, c, 1, 1) for c in range(5)]


def test_a_merged_cell_beside_all_rows_of_a_page_that_is_open_at_both_ends() -> None:
    drawing = "|".join("4345") + "".join("\n^|" + "|".join("345") for _ in range(9))
    xs, ys = edges(140, 160, 240, 180, start=60), edges(*[70] * 10, start=100)
    page = white(900, 1000)
    draw_table(page, xs, ys, drawing)
    page[: round(ys[0]) + 8] = 255
    page[round(ys[-1]) - 8 :] = 255
    assert (0, 0, 10, 1) in spans_found(the_grid(page))
    assert the_grid(page).xs == pytest.approx(xs, abs=3)


def test_a_table_open_at_the_bottom_whose_first_column_has_paled_there() -> None:
    page, xs, ys = table(PLAIN)
    open_ = np.ascontiguousarray(page[: round(ys[-1]) - 10])
    open_[-15:, : round(xs[0]) + 10] = 255
    assert spans_found(the_grid(open_)) == spans_of(PLAIN)


def test_an_outer_column_ruling_that_others_just_miss() -> None:
    """At a page's end the merged cell beside the rows is open, and the one ruling that closes it has paled."""
    drawing = "\n".join(["3|9|<|4", *["^|4|5|4"] * 6])
    page, xs, ys = table(drawing, height=60)
    for y in (ys[0], ys[-1]):
        rule(page, (xs[0] + 3, y), (xs[0] + 25, y), 9, 255)
    assert the_grid(page).xs == pytest.approx(xs, abs=1)


def test_a_table_open_at_both_sides() -> None:
    """Drawn without its outer vertical rulings."""
    page, xs, ys = table(PLAIN)
    for x in (xs[0], xs[-1]):
        rule(page, (x, ys[0]), (x, ys[-1]), 3, 255)
    grid = the_grid(page)
    assert spans_found(grid) == spans_of(PLAIN)
    assert (grid.xs[0], grid.xs[-1]) == pytest.approx((xs[0], xs[-1]), abs=4)


@pytest.mark.parametrize("period", [6, 8])
def test_dotted_inner_rulings(period: int) -> None:
    page, xs, ys = table("3|5|4\n3|5|4\n3|5|4")
    for y in ys[1:-1]:
        for x in range(round(xs[0]) + 4, round(xs[-1]) - 4, period):
            page[round(y) - 3 : round(y) + 4, x : x + period // 2] = 255
    assert spans_found(the_grid(page)) == spans_of("3|5|4\n3|5|4\n3|5|4")


def test_gaps_in_the_rulings() -> None:
    """A gap of a tenth of its length in the middle of each inner horizontal side."""
    page, xs, ys = table(PLAIN)
    for y in ys[1:-1]:
        for a, b in pairwise(xs):
            half = 0.1 * (b - a) / 2
            page[round(y) - 3 : round(y) + 4, round((a + b) / 2 - half) : round((a + b) / 2 + half)] = 255
    assert spans_found(the_grid(page)) == spans_of(PLAIN)


def test_a_piece_missing_between_drawn_sides_is_filled_in() -> None:
    page, xs, ys = table(PLAIN)
    a, b = xs[1], xs[2]
    page[round(ys[2]) - 3 : round(ys[2]) + 4, round(a + 0.25 * (b - a)) : round(a + 0.8 * (b - a))] = 255
    assert spans_found(the_grid(page)) == spans_of(PLAIN)


def paled(page: Image, box: tuple[float, float, float, float], level: int) -> None:
    """Everything in the box x0, y0, x1, y1 made as light as `level`, at least."""
    x0, y0, x1, y1 = (round(v) for v in box)
    np.maximum(page[y0:y1, x0:x1], level, out=page[y0:y1, x0:x1])


def test_sides_that_have_paled_almost_to_nothing() -> None:
    """A copier leaves out patches of the page but for a shade."""
    page, xs, ys = table(PLAIN)
    paled(page, (xs[2] - 40, ys[3] - 30, xs[3] + 40, ys[3] + 30), 235)
    paled(page, (xs[1] - 20, ys[2] - 10, xs[1] + 20, ys[3] - 30), 235)
    assert spans_found(the_grid(page)) == spans_of(PLAIN)


@pytest.mark.parametrize("share", [0.3, 0.5])
def test_a_ruling_that_fades_out_before_it_meets_another(share: float) -> None:
    page, xs, ys = table(PLAIN)
    for a, b in pairwise(xs):
        page[round(ys[2]) - 3 : round(ys[2]) + 4, round(a + (1 - share) * (b - a)) : round(b) - 4] = 255
    assert spans_found(the_grid(page)) == spans_of(PLAIN)


def test_rulings_that_a_fax_broke_into_dashes() -> None:
    page, xs, ys = table(PLAIN)
    for k, y in enumerate(ys):
        for x in range(round(xs[0]) + 30 + 7 * k, round(xs[-1]) - 12, 45):
            page[round(y) - 3 : round(y) + 4, x : x + 12] = 255
    assert spans_found(the_grid(page)) == spans_of(PLAIN)


@pytest.mark.parametrize("seed", [2, 6, 15])
def test_grain_of_the_paper_is_no_ruling_though_rulings_have_paled(seed: int) -> None:
    page, xs, ys = table(FORM, width=150.0)
    for k in (1, 2, 3):
        paled(page, (xs[k] - 3, ys[1] + 8, xs[k] + 3, ys[1] + 30), 250)
    noise = np.random.default_rng(seed).normal(0, 1, page.shape).astype(np.float32)
    grain = cv2.GaussianBlur(noise, (0, 0), 2.0)
    darker = np.clip(14 * grain / grain.std(), 0, 60)
    page = np.clip(page - darker, 0, 255).astype(np.uint8)
    assert spans_found(the_grid(page)) == spans_of(FORM)


def coloured(ruling: tuple[int, int, int], bands: tuple[int, int, int] = (255, 255, 255)) -> PageImage:
    """A page with a table of `ruling` colour, every other row on a ground of the colour `bands`."""
    xs, ys = edges(180, 180, 180, 180, start=120), edges(56, 56, 56, 56, start=200)
    page, bare = white(1000, 700), white(1000, 700)
    draw_table(page, xs, ys, PLAIN)
    draw_table(bare, xs, ys, ".|.|.|.\n" * 4)
    picture = np.repeat(page[:, :, None], 3, 2)
    for top in ys[:-1:2]:
        row = picture[round(top) : round(top) + 56, round(xs[0]) : round(xs[-1])]
        row[row.min(axis=2) > 128] = bands
    picture[bare < 128] = ruling
    return PageImage(1, picture, 200.0)


@pytest.mark.parametrize("bands", [(255, 255, 255), (215, 228, 240), (226, 239, 218)])
@pytest.mark.parametrize("ruling", [(0, 0, 0), (60, 90, 200), (60, 150, 80), (190, 190, 190)])
def test_coloured_rulings_and_banded_rows(ruling: tuple[int, int, int], bands: tuple[int, int, int]) -> None:
    assert spans_found(the_grid(flatten(coloured(ruling, bands), lambda *_: 0))) == spans_of(PLAIN)


def test_two_tables_one_above_the_other() -> None:
    page = white(700, 800)
    draw_table(page, edges(150, 150, 200, start=100), edges(50, 50, start=80), "3|4|5\n3|<|5")
    draw_table(page, edges(250, 250, start=100), edges(50, 50, 50, start=400), "6|7\n6|7\n^|7")
    above, below = grids_of(page)
    assert spans_found(above) == spans_of("3|4|5\n3|<|5")
    assert spans_found(below) == spans_of("6|7\n6|7\n^|7")


def test_two_tables_side_by_side() -> None:
    page = white(1000, 400)
    for left in (60, 560):
        draw_table(page, edges(150, 200, start=left), edges(60, 60, start=100), "3|5\n3|5")
    first, second = grids_of(page)
    assert first.box[0] < second.box[0]
    assert spans_found(first) == spans_found(second) == spans_of("3|5\n3|5")


def test_a_page_without_a_table() -> None:
    page = white(700, 700)
    for k in range(10):
        sign_line(page, 80, 60 + 58 * k, 18, seed=k)
    assert grids_of(page) == []
    assert grids_of(white(300, 300)) == []


@pytest.mark.parametrize("level", [0, 120])
def test_underlines_are_no_table(level: int) -> None:
    page = white(700, 500)
    for y in (120, 200, 280):
        sign_line(page, 100, y - 35, 12, seed=y)
        rule(page, (90, y), (600, y), 3, level)
    assert grids_of(page) == []


@pytest.mark.parametrize("across", [150.0, 400.0])
@pytest.mark.parametrize("level", [120, 190])
def test_a_streak_along_the_feed_parts_no_cell(across: float, level: int) -> None:
    page, _, _ = table(FORM)
    streak = page[:, round(across) : round(across) + 2]
    page[:, round(across) : round(across) + 2] = np.minimum(streak, level)
    assert spans_found(the_grid(page)) == spans_of(FORM)


@pytest.mark.parametrize("off", [-2, 0, 4])
def test_a_streak_on_the_only_ruling_of_a_column(off: int) -> None:
    """It runs over the whole page; the ruling, in one row, is thicker."""
    drawing = "3|9|<\n3|4|5\n3|9|<\n3|9|<"
    page, xs, _ = table(drawing, 5)
    x = round(xs[2]) + off
    page[:, x : x + 2] = np.minimum(page[:, x : x + 2], 60)
    assert spans_found(the_grid(page)) == spans_of(drawing)


def test_a_short_ruling_beside_a_streak() -> None:
    drawing = "3|4|5\n3|4|5"
    page, xs, _ = table(drawing)
    x = round(xs[2]) + 9
    page[:, x : x + 2] = np.minimum(page[:, x : x + 2], 60)
    assert spans_found(the_grid(page)) == spans_of(drawing)


def test_a_short_ruling_through_the_ring_of_a_seal() -> None:
    drawing = "3|4|5\n3|4|5"
    page, xs, ys = table(drawing, height=70)
    x, y = round(xs[2]), round(ys[1])
    for side in (-9, 9):
        cv2.line(page, (x + side, y - 65), (x + side, y + 65), 90, 7)
    assert spans_found(the_grid(page)) == spans_of(drawing)


def test_a_star_beside_the_place_of_a_ruling_that_is_not_there() -> None:
    drawing = "3|4|5\n3|.|<\n3|4|5\n3|4|5"
    page, xs, ys = table(drawing, height=100)
    x, y = round(xs[2]), round((ys[1] + ys[2]) / 2)
    page[y - 28 : y + 28, x - 30 : x + 2] = 90
    assert spans_found(the_grid(page)) == spans_of(drawing)


def test_a_star_over_a_whole_side_of_a_low_row() -> None:
    drawing = "3|4|5\n3|.|.\n3|4|5\n3|4|5"
    page, xs, ys = table(drawing, height=44)
    x, top, bottom = round(xs[2]), round(ys[1]) + 4, round(ys[2]) - 3
    page[top:bottom, x - 12 : x + 20] = 90
    assert spans_found(the_grid(page)) == spans_of(drawing)


def test_a_side_that_a_star_covers_is_told_by_the_rest_of_it() -> None:
    """The star is no print that goes on across the side, though some of the rest is not seen, either."""
    drawing = "3|4|5\n3|.|.\n3|4|5\n3|4|5"
    page, xs, ys = table(drawing, height=100)
    x, y = round(xs[2]), round(ys[1]) + 46
    page[y - 26 : y + 24, x - 30 : x + 32] = 0
    page[y - 38 : y - 26, x - 3 : x + 4] = 255
    seal = FlatMark("seal", "round", "grey", float(x), float(y), 300.0, 300.0, 0.0, 0.99)
    (grid,) = find_grids(find_rulings(flat_page(page), [seal]))
    assert spans_found(grid) == spans_of(drawing)


def test_a_bracket_in_the_place_of_a_ruling_that_is_not_there() -> None:
    drawing = "3|4|5\n3|.|<\n3|4|5\n3|4|5"
    page, xs, ys = table(drawing, height=56)
    page[:] = np.where(page < 128, 60, 255)
    rng = np.random.default_rng(5)
    for x in xs[1:-1]:  # the other rulings are broken
        for y in rng.uniform(ys[2], ys[-1], 2):
            page[round(y) : round(y) + 9, round(x) - 3 : round(x) + 4] = 255
    page[round(ys[1]) + 14 : round(ys[2]) - 12, round(xs[2]) - 1 : round(xs[2]) + 2] = 0
    assert spans_found(the_grid(page)) == spans_of(drawing)


def test_a_seal_over_a_corner() -> None:
    """What is left of a seal on a grey copy: ring and star, over the rulings."""
    page, xs, ys = table(FORM)
    cv2.circle(page, (round(xs[-1]) - 60, round(ys[-1]) - 30), 90, 120, 6)
    cv2.circle(page, (round(xs[-1]) - 60, round(ys[-1]) - 30), 22, 120, -1)
    assert spans_found(the_grid(page)) == spans_of(FORM)


@pytest.mark.parametrize("thickness", [3, 6, 9])
def test_a_stroke_that_touches_one_ruling_of_a_low_row_parts_no_cell(thickness: int) -> None:
    """It stands in line with the columns below, as print in a narrow heading row may."""
    drawing = "3|.|<|2\n" + "\n".join(["3|2|2|3"] * 12)
    page, xs, ys = table(drawing, thickness, height=44)
    page[round(ys[0]) : round(ys[0]) + 32, round(xs[2]) - 1 : round(xs[2]) + 2] = 0
    assert spans_found(the_grid(page)) == spans_of(drawing)


def test_stubs_of_columns_and_print_between_them_part_no_cell() -> None:
    """Where a double ruling is crossed, the columns next to it seem to reach into the row."""
    drawing = "3|3|3|3\n3|.|<|3\n3|3|3|3\n3|3|3|3"
    page, xs, ys = table(drawing, 7, height=59)
    x = round(xs[2])
    for y in (ys[1], ys[2]):
        page[round(y) - 4 : round(y) + 5, x - 3 : x + 4] = 0
    page[round(ys[1]) + 17 : round(ys[1]) + 43, x - 1 : x + 2] = 0
    assert spans_found(the_grid(page)) == spans_of(drawing)


@pytest.mark.parametrize("level", [120, 140])
def test_a_blot_on_a_ruling_in_the_last_row(level: int) -> None:
    """The star of a seal on a crossing, half in the row below, which nothing else tells to be parted."""
    page, xs, ys = table("3|2|3\n3|2|3\n3|1|1", height=58)
    x, y = round(xs[2]), round(ys[2])
    star = page[y - 22 : y + 20, x - 24 : x + 14]
    star[star > level] = level
    assert spans_found(the_grid(page)) == spans_of("3|2|3\n3|2|3\n3|1|1")


def test_an_arc_that_crosses_a_ruling_and_ends_at_the_next_parts_no_cell() -> None:
    drawing = "\n".join(["3|.|4"] * 4)
    page, xs, ys = table(drawing, height=60.0)
    middle = (xs[1] + xs[2]) / 2
    rule(page, (middle, ys[2] - 0.8 * HEIGHT), (middle, ys[3]), 3, 60)
    assert spans_found(the_grid(page)) == spans_of(drawing)


def test_a_ruling_thinned_beside_bold_print_counts_where_it_is_as_dark_as_elsewhere() -> None:
    drawing = "\n".join(["3|4"] * 14)
    page, xs, ys = table(drawing)
    flat = flat_page(page)
    side = slice(round(ys[1]) + 6, round(ys[2]) - 5), slice(round(xs[1]) - 3, round(xs[1]) + 4)
    flat.ink[side] = 0
    flat.grey[side] = np.maximum(flat.grey[side], 110)
    grid = the_grid(flat)
    assert spans_found(grid) == spans_of(drawing)
    assert min(cell.support for cell in grid.cells) > 0.9


def test_a_long_ruling_that_has_gone_at_both_ends() -> None:
    page, xs, ys = table("\n".join(["3|5|4"] * 7), height=6.0 * HEIGHT)
    for top in (ys[0] + 3, ys[-1] - 2.5 * HEIGHT):
        page[round(top) : round(top + 2.5 * HEIGHT) - 3, round(xs[1]) - 3 : round(xs[1]) + 4] = 255
    assert the_grid(page).xs == pytest.approx(xs, abs=1)


def test_a_ruling_over_most_of_a_table_that_has_gone_at_both_ends() -> None:
    page, xs, ys = table("3|20|<|<\n" * 4)
    y = round(ys[2])
    for left, right in ((xs[0] + 3, xs[0] + 45), (xs[-1] - 60, xs[-1] - 3)):
        page[y - 3 : y + 4, round(left) : round(right)] = 255
    assert the_grid(page).ys == pytest.approx(ys, abs=1)


def test_a_ruling_that_has_gone_at_both_ends_where_others_end_at_it() -> None:
    drawing = "3|2|4\n" * 3 + "9|<|<\n9|<|<"
    page, xs, ys = table(drawing)
    y = round(ys[3])
    for left, right in ((xs[0] + 3, xs[0] + 45), (xs[-1] - 60, xs[-1] - 3)):
        page[y - 3 : y + 4, round(left) : round(right)] = 255
    assert the_grid(page).ys == pytest.approx(ys, abs=1)


def test_a_side_that_only_the_print_tells_is_restored_and_said_to_be_weak() -> None:
    drawing = "\n".join(["3|2|4"] * 6)
    page, xs, ys = table(drawing)
    x = round(xs[2])
    page[round(ys[2]) + 4 : round(ys[3]) - 3, x - 3 : x + 4] = 255  # the side has gone
    for row in (1, 4):  # others of its line have paled
        page[round(ys[row]) + 20 : round(ys[row]) + 30, x - 3 : x + 4] = 255
    grid = the_grid(page)
    assert spans_found(grid) == spans_of(drawing)
    weak = [(c.row, c.col) for c in grid.cells if c.support < 0.5]
    assert weak == [(2, 1), (2, 2)]


def test_specks_part_no_cell() -> None:
    page, _, _ = table(FORM)
    rng = np.random.default_rng(2)
    page[rng.random(page.shape) < 0.002] = 0
    assert spans_found(the_grid(page)) == spans_of(FORM)


def test_text_between_rulings_makes_no_cells() -> None:
    """Cells full of print, close to their rulings."""
    page, _, _ = table("20|20\n20|20", width=260, height=4.2 * HEIGHT)
    assert spans_found(the_grid(page)) == spans_of("20|20\n20|20")


@pytest.mark.parametrize("columns", [1, 12])
def test_tables_of_few_and_many_columns(columns: int) -> None:
    drawing = "\n".join("|".join("2" * columns) for _ in range(6))
    page, _, _ = table(drawing, width=84)
    assert spans_found(the_grid(page)) == spans_of(drawing)


@pytest.mark.parametrize("factor", [0.6, 1.5])
def test_the_same_table_at_another_size(factor: float) -> None:
    """Nothing depends on bare pixels."""
    page, _, _ = table(FORM, thickness=4)
    scaled = cv2.resize(page, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    grid = the_grid(flat_page(np.asarray(scaled, np.uint8), factor * HEIGHT))
    assert spans_found(grid) == spans_of(FORM)


@pytest.mark.parametrize("apart", [4, 6, 8])
def test_a_double_ruling_is_one_edge(apart: int) -> None:
    page, xs, ys = table(PLAIN, thickness=2)
    rule(page, (xs[0], ys[1] + apart), (xs[-1], ys[1] + apart), 2)
    assert spans_found(the_grid(page)) == spans_of(PLAIN)


def test_a_shadow_close_beside_the_table_is_no_column() -> None:
    page, xs, ys = table(PLAIN)
    rule(page, (xs[0] - 12, ys[0] - 2), (xs[0] - 12, ys[-1] + 2), 3)
    assert spans_found(the_grid(page)) == spans_of(PLAIN)


def test_a_double_ruling_of_a_single_row() -> None:
    """Each line has the other close beside it, as a stroke of print has."""
    drawing = "3|4|3|3\n9|<|<|<\n9|<|<|<"
    page, xs, ys = table(drawing, thickness=2, height=70.0)
    for x in xs[1:-1]:
        rule(page, (x + 5, ys[0]), (x + 5, ys[1]), 2)
    assert spans_found(the_grid(page)) == spans_of(drawing)


def test_a_double_ruling_with_figures_close_beside_it() -> None:
    drawing = "3|4|3|3\n9|<|<|<\n9|<|<|<"
    page, xs, ys = table(drawing, thickness=2, height=70.0)
    for x in xs[1:-1]:
        rule(page, (x + 5, ys[0]), (x + 5, ys[1]), 2)
        rule(page, (x - 6, ys[0] + 20), (x - 6, ys[1] - 20), 3)
    assert spans_found(the_grid(page)) == spans_of(drawing)


@pytest.mark.parametrize("gap", [5, 7, 9])
def test_a_double_frame(gap: int) -> None:
    page, xs, ys = table(FORM, thickness=2)
    for y in (ys[0] - gap, ys[-1] + gap):
        rule(page, (xs[0] - gap, y), (xs[-1] + gap, y), 2)
    for x in (xs[0] - gap, xs[-1] + gap):
        rule(page, (x, ys[0] - gap), (x, ys[-1] + gap), 2)
    assert spans_found(the_grid(page)) == spans_of(FORM)


@pytest.mark.parametrize("level", [180, 220])
def test_a_short_pale_side_from_ruling_to_ruling_parts_a_cell(level: int) -> None:
    """The row is as low as one line of print, and nothing stands by the side."""
    drawing = "3|.|<|4\n3|.|.|4\n3|2|<|4"
    page, _, _ = table(drawing, 2, level=level)
    assert spans_found(the_grid(page)) == spans_of(drawing)

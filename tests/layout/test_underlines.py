"""Tests of lines drawn under print inside a cell."""

import numpy as np

from shenbao.layout.underlines import without_underlines
from shenbao.models.stages import Ruling, Rulings, Traces

H = 20.0
SIDES = (Ruling(False, 100, 50, 400, 2.0, 1.0, 500.0), Ruling(False, 500, 50, 400, 2.0, 1.0, 500.0))


def _page(line: Ruling, print_rows: tuple[int, int], *more: Ruling, drawn_to: float | None = None) -> Rulings:
    """A cell from x 100 to 500 with a line in it and characters, 12 wide and 4 apart, from x 110 to 490."""
    ink = np.zeros((450, 600), np.uint8)
    for x in range(110, 490, 16):
        ink[print_rows[0] : print_rows[1], x : x + 12] = 255
    faint = np.zeros_like(ink)
    faint[round(line.at) - 1 : round(line.at) + 1, round(line.start) : round(drawn_to or line.end)] = 255
    traces = Traces(faint=faint, solid=faint, ink=np.maximum(ink, faint), ridges=faint)
    return Rulings((*SIDES, line, *more), traces, traces, H)


def _line(start: float, end: float) -> Ruling:
    return Ruling(True, 200, start, end, 2.0, 1.0, 500.0)


def test_a_line_under_print_clear_of_both_sides_is_an_underline() -> None:
    assert without_underlines(_page(_line(108, 490), (178, 196))) == SIDES


def test_a_ruling_from_side_to_side_is_kept() -> None:
    rulings = _page(_line(100, 500), (178, 196))
    assert without_underlines(rulings) == rulings.lines


def test_a_line_without_print_on_it_is_kept() -> None:
    rulings = _page(_line(108, 490), (150, 170))
    assert without_underlines(rulings) == rulings.lines


def test_a_line_that_goes_on_to_the_side_however_faint_is_kept() -> None:
    rulings = _page(_line(108, 440), (178, 196), drawn_to=498)
    assert without_underlines(rulings) == rulings.lines


def test_a_line_over_a_column_is_kept_and_a_stroke_is_no_column() -> None:
    column = Ruling(False, 300, 100, 300, 2.0, 1.0, 500.0)
    stroke = Ruling(False, 300, 175, 205, 2.0, 1.0, 500.0)
    kept = _page(_line(108, 490), (178, 196), column)
    assert without_underlines(kept) == kept.lines
    assert without_underlines(_page(_line(108, 490), (178, 196), stroke)) == (*SIDES, stroke)


def test_a_line_with_print_close_under_it_is_kept() -> None:
    rulings = _page(_line(108, 490), (178, 230))
    assert without_underlines(rulings) == rulings.lines

"""Traces of a wrong grid in a table whose rulings look sound."""

from dataclasses import replace
from math import log

import pytest

from shenbao.models.stages import CharReading, GridCell, JoinedCell, Part, ReadCell, Reading, ReadLine
from shenbao.ocr.constrain import Kind
from shenbao.ocr.grid_signals import glued, loose_edges, off_middle, open_top, wide_spaces
from shenbao.ocr.signals import PLACE_SIGNALS, SIGNS, TEXT_SIGNALS, Told, signals

POLYGON = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
H = 20.0
NAMES = ("open_top", "loose_edges", "table_glued", "off_middle", "spaced_above", "divided")


def line(y: float, text: str = "年度") -> ReadLine:
    chars = tuple(CharReading(c, 0.99) for c in text)
    return ReadLine((5.0, y, 5.0 + H * len(text), y + H), Reading(chars))


def cell(
    row: int,
    col: int,
    *lines: ReadLine,
    page: int = 1,
    top: float = 1.0,
    cols: int = 1,
    flags: tuple[str, ...] = (),
) -> JoinedCell:
    """A cell of 200 x 80 pixels."""
    box = (200.0 * col, 80.0 * row, 200.0 * (col + cols), 80.0 * row + 80)
    place = GridCell(row, col, 1, cols, box, (top, 1.0, 1.0, 1.0))
    return JoinedCell(
        row, col, 1, cols, (Part(page, ReadCell(place, POLYGON, lines, 0.0, 0.0, False)),), flags
    )


def test_a_ruled_table_open_at_its_top_has_lost_a_row() -> None:
    assert open_top([cell(0, 0), cell(0, 1, top=0.2), cell(1, 0, top=0.0)]) == pytest.approx(0.8)
    assert open_top([cell(0, 0), cell(1, 0, top=0.0)]) == 0.0
    assert open_top([cell(0, 0, top=0.0, flags=("unruled",))]) == 0.0


def test_more_columns_than_any_page_shows_are_edges_that_did_not_meet() -> None:
    nested = [cell(0, 0, cols=2), cell(1, 0, page=2), cell(1, 1, page=2)]
    assert loose_edges(nested) == 0.0
    apart = [cell(0, 0, cols=2), cell(0, 2), cell(1, 0, page=2), cell(1, 1, page=2, cols=2)]
    assert loose_edges(apart) == pytest.approx(log(2))
    assert loose_edges([]) == 0.0


@pytest.mark.parametrize(
    ("text", "two"),
    [
        ("指标值指标值", True),
        ("其中:财政资金7.00", True),
        ("项目名称指标值", True),
        ("指标值", False),
        ("项目名称", False),
        ("项目名称高标准农田", False),
        ("7.00指标值", False),
        ("项目指标值", False),
        ("", False),
    ],
)
def test_two_labels_in_one_text_are_two_cells(text: str, two: bool) -> None:
    assert glued(text, {"指标值", "项目名称", "其中:财政资金", "项目"}) is two


def test_print_off_the_middle_is_measured_from_where_the_tables_print_stands() -> None:
    high = [cell(r, 0, line(80 * r + 20.0)) for r in range(4)]  # 10 pixels above the middle everywhere
    assert off_middle(high, H) == [0.0] * 4
    low = cell(4, 0, line(320 + 50.0))
    assert off_middle([*high, low], H) == pytest.approx([0.0, 0.0, 0.0, 0.0, 1.5])
    assert off_middle([*high, cell(4, 0)], H)[-1] == 0.0


def test_a_cell_that_goes_on_over_a_pages_end_has_no_middle() -> None:
    one, other = cell(0, 0, line(60.0)), cell(0, 0, line(0.0), page=2)
    joined = JoinedCell(0, 0, 1, 1, one.parts + other.parts)
    assert off_middle([joined, cell(1, 0, line(110.0))], H) == [0.0, 0.0]
    assert wide_spaces([joined], H) == [0.0]


def test_lines_far_apart_are_of_two_rows() -> None:
    wrapped = [cell(r, 0, line(80 * r + 15.0), line(80 * r + 40.0)) for r in range(3)]
    assert wide_spaces(wrapped, H) == [0.0] * 3
    two = cell(3, 0, line(240.0), line(300.0))
    assert wide_spaces([*wrapped, two], H) == pytest.approx([0.0, 0.0, 0.0, 1.5])


def test_every_cell_hears_of_a_wrong_grid_and_those_below_of_a_lost_row() -> None:
    cells = [
        cell(0, 0, line(30.0, "指标值指标值"), top=0.0),
        cell(1, 0, line(80.0), line(140.0)),
        cell(2, 0, line(190.0)),
    ]
    told = [Told(c, c.text.replace("\n", ""), 0.9, 0.0, True, Kind.FREE, "free") for c in cells]
    found = signals(told, {"指标值"})
    assert [s["open_top"] for s in found] == [1.0] * 3
    assert [s["table_glued"] for s in found] == pytest.approx([log(2)] * 3)
    assert [s["spaced_above"] for s in found] == pytest.approx([0.0, 1.0, 1.0])
    assert [s["loose_edges"] for s in found] == [0.0] * 3


def test_a_cell_hears_of_a_line_that_would_divide_it() -> None:
    one, other = cell(0, 0, line(30.0), cols=2), cell(1, 0, line(110.0))
    read = one.parts[0].cell
    halves = replace(one.parts[0], cell=replace(read, place=replace(read.place, divided=0.4)))
    seen = replace(one, parts=(one.parts[0], halves))
    told = [Told(c, c.text, 0.9, 0.0, True, Kind.FREE, "free") for c in (seen, other)]
    assert [s["divided"] for s in signals(told, set())] == [0.4, 0.0]


def test_a_wrong_grid_speaks_against_places_alone() -> None:
    assert all(SIGNS[name] == -1.0 for name in NAMES)
    assert set(NAMES) <= set(PLACE_SIGNALS)
    assert not set(NAMES) & set(TEXT_SIGNALS)

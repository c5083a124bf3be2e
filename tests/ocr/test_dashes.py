from dataclasses import replace

import numpy as np
import pytest

from shenbao.models.stages import CharReading, GridCell, Lattice, ReadCell, Reading, ReadLine
from shenbao.ocr.constrain import Kind, constrain
from shenbao.ocr.dashes import with_dashes, with_ranges
from shenbao.ocr.decode import greedy

NOWHERE = ((0.0, 0.0),) * 4


def cell(row: int, col: int, text: str, col_span: int = 1) -> ReadCell:
    box = (100.0 * col, 50.0 * row, 100.0 * (col + col_span), 50.0 * (row + 1))
    reading = Reading(tuple(CharReading(c, 0.9) for c in text))
    lines = (ReadLine(box, reading),) if text else ()
    place = GridCell(row, col, 1, col_span, box, (1.0,) * 4)
    return ReadCell(place, NOWHERE, lines, 0.1, 0.0, False)


def column(*texts: str) -> list[ReadCell]:
    return [cell(row, 0, text) for row, text in enumerate(texts)]


@pytest.mark.parametrize("amount", ["9.70", "1,234.50", "-3.2", "95.00%", "10"])
def test_a_lone_stroke_among_amounts_is_a_dash(amount: str) -> None:
    assert [c.text for c in with_dashes(column("得分", amount, "一", "", "一"))] == [
        "得分",
        amount,
        "—",
        "",
        "—",
    ]


@pytest.mark.parametrize(
    "others", [("二",), ("1", "2"), ("二、", "12.50"), ("（一）基本支出", "12.50"), ("名称",)]
)
def test_a_number_in_words_stays(others: tuple[str, ...]) -> None:
    assert with_dashes(column("一", *others))[0].text == "一"


def test_other_columns_say_nothing() -> None:
    cells = [cell(0, 0, "一"), cell(0, 1, "12.50"), cell(1, 0, "级"), cell(1, 1, "8.00")]
    assert with_dashes(cells)[0].text == "一"


def test_cells_that_span_columns_belong_to_each() -> None:
    cells = [cell(0, 0, "12.50", col_span=2), cell(1, 1, "一")]
    assert with_dashes(cells)[1].text == "—"


def test_words_with_a_one_are_left_alone() -> None:
    cells = with_dashes(column("一级指标", "12.50", "一"))
    assert [c.text for c in cells] == ["一级指标", "12.50", "—"]
    assert cells[2].lines[0].reading.chars[0].probability == 0.9


@pytest.mark.parametrize("alphabet", [("", "一", "—"), ("", "一", "-"), ("", "一")])
@pytest.mark.parametrize("kind", [Kind.FREE, Kind.MONEY, Kind.OPERATOR])
def test_a_dash_outlives_the_constraint_of_its_kind(alphabet: tuple[str, ...], kind: Kind) -> None:
    """The lattice says the same as the reading: what comes after the exchange reads a dash, too."""
    classes = np.array([[0, 1], [1, 0], [0, 1]], np.int32)
    reading = greedy(Lattice(classes, np.array([[0.9, 0.1]] * 3, np.float32), alphabet))
    stroke = cell(1, 0, "一")
    stroke = replace(stroke, lines=(replace(stroke.lines[0], reading=replace(reading, looks=(reading,))),))
    found = with_dashes([cell(0, 0, "12.50"), stroke])[1].lines[0].reading
    assert found.text == "—"
    texts = [c.text for c in constrain(found, kind).candidates]
    assert "一" not in texts[:1]
    if kind is Kind.FREE:
        assert texts[0] == "—"


def spelt(text: str, alphabet: tuple[str, ...]) -> Reading:
    """The reading of a lattice that surely gives a text, with a blank after each character."""
    classes = [[k, 0] for char in text for k in (alphabet.index(char), 0)]
    probabilities = [[0.99, 0.01] for _ in classes]
    return greedy(Lattice(np.array(classes, np.int32), np.array(probabilities, np.float32), alphabet))


@pytest.mark.parametrize(
    ("text", "right"),
    [("年一2", "年—2"), ("1一2月", "1—2月"), ("年一季", "年一季"), ("第一2", "第一2"), ("一1一2", "一1—2")],
)
def test_a_stroke_between_numbers_is_a_dash(text: str, right: str) -> None:
    alphabet = ("", "一", "—", "1", "2", "年", "月", "季", "第")
    seen = spelt(text, alphabet)
    found = with_ranges(replace(seen, looks=(seen,)))
    assert [found.text, found.looks[0].text] == [right, right]
    assert found.lattice is not None and greedy(found.lattice).text == right
    assert constrain(found, Kind.FREE).text == right


@pytest.mark.parametrize(("height", "text"), [(3.0, "–"), (18.0, "1")])
def test_what_is_flat_and_alone_is_no_figure(height: float, text: str) -> None:
    """A dash of 12 x 3 pixels read as a 1; the same with a figure's height stays one."""
    one = cell(1, 0, "1")
    reading = replace(one.lines[0].reading, chars=(CharReading("1", 0.6, (("—", 0.3),), 0.0, 1.0),))
    flat = replace(one, lines=(ReadLine((100.0, 50.0, 127.0, 50.0 + height), reading),))
    other = cell(2, 0, "814.50")
    tall = replace(other, lines=(replace(other.lines[0], box=(60.0, 80.0, 140.0, 100.0)),))
    found = with_dashes([flat, tall])
    assert [c.text for c in found] == [text, "814.50"]


@pytest.mark.parametrize(
    ("read", "wide", "high", "text"),
    [("—", 40, 2, "——"), ("一", 40, 2, "——"), ("—", 26, 2, "—"), ("一", 40, 20, "一"), ("-", 40, 2, "-")],
)
def test_a_line_longer_than_a_dash_is_two(read: str, wide: float, high: float, text: str) -> None:
    label, other = cell(0, 0, "名称"), cell(1, 0, read)
    label = replace(label, lines=(replace(label.lines[0], box=(10.0, 10.0, 60.0, 34.0)),))
    line = replace(other.lines[0], box=(10.0, 60.0, 10.0 + wide, 60.0 + high))
    found = with_dashes([label, replace(other, lines=(line,))])[1]
    assert found.text == text


@pytest.mark.parametrize("read", ["—", "一"])
def test_two_dashes_are_read_so_under_every_constraint(read: str) -> None:
    alphabet = ("", "一", "—", "1")
    place = alphabet.index(read)
    rows = np.array([(0, place), (place, 0), (0, place)], np.int32)
    lattice = Lattice(rows, np.tile(np.array([[0.8, 0.2]], np.float32), (3, 1)), alphabet)
    label, other = cell(0, 0, "名称"), cell(1, 0, read)
    label = replace(label, lines=(replace(label.lines[0], box=(10.0, 10.0, 60.0, 34.0)),))
    looked = replace(greedy(lattice), looks=(greedy(lattice),))
    line = ReadLine((10.0, 60.0, 50.0, 62.0), looked)
    (found,) = with_dashes([label, replace(other, lines=(line,))])[1].lines
    for look in (found.reading, *found.reading.looks):
        assert look.text == "——"
        assert look.lattice is not None and greedy(look.lattice).text == "——"


def stroke(
    x0: float, y0: float, x1: float, y1: float, text: str = "", probability: float = 0.3
) -> list[ReadCell]:
    """A column with a line of print 20 pixels high, and below it a cell 60 high with a stroke in it."""
    place = GridCell(1, 0, 1, 1, (0.0, 100.0, 200.0, 160.0), (1.0,) * 4)
    print_ = replace(
        cell(0, 0, "得分"), lines=(ReadLine((10, 10, 60, 30), Reading((CharReading("得", 0.9),) * 2)),)
    )
    read = Reading(tuple(CharReading(c, probability) for c in text))
    return [print_, ReadCell(place, NOWHERE, (ReadLine((x0, y0, x1, y1), read),), 0.01, 0.0, False)]


@pytest.mark.parametrize("text", ["", "H"])
def test_a_thin_stroke_that_was_not_read_is_a_dash(text: str) -> None:
    assert with_dashes(stroke(90, 128, 110, 131, text))[1].text == "—"


@pytest.mark.parametrize(
    "cells",
    [
        stroke(90, 122, 110, 138),  # as high as print
        stroke(95, 128, 103, 131),  # a speck
        stroke(60, 128, 140, 131),  # what is left of a ruling
        stroke(90, 152, 110, 155),  # at the cell's lower side
        stroke(90, 128, 110, 131, "一", 0.9),  # read
        stroke(90, 128, 110, 131, "二月"),
    ],
)
def test_other_strokes_are_left_as_they_are(cells: list[ReadCell]) -> None:
    assert with_dashes(cells)[1].text == cells[1].text

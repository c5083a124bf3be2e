"""Signals that the rest of the table gives a cell."""

import pytest

from shenbao.models.stages import (
    CharReading,
    GridCell,
    JoinedCell,
    JoinedTable,
    Part,
    ReadCell,
    Reading,
    ReadLine,
)
from shenbao.ocr.settle import choose
from shenbao.ocr.signals import Signals

POLYGON = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
H = 20.0


def line(text: str, at: list[float], p: float = 0.99) -> ReadLine:
    """A line whose characters stand at these middles, in characters from its left side."""
    width = max(at) + 0.5
    chars = tuple(
        CharReading(c, p, (("x", 1 - p),), (x - 0.3) / width, (x + 0.3) / width)
        for c, x in zip(text, at, strict=True)
    )
    return ReadLine((0.0, 0.0, width * H, H), Reading(chars))


def even(text: str, p: float = 0.99) -> ReadLine:
    return line(text, [i + 0.5 for i in range(len(text))], p)


def cell(
    row: int, col: int, *lines: ReadLine, page: int = 1, touching: bool = False, drawn: float = 1.0
) -> JoinedCell:
    box = (200.0 * col, 40.0 * row, 200.0 * col + 200, 40.0 * row + 40)
    place = GridCell(row, col, 1, 1, box, (1.0, 1.0, drawn, 1.0))
    read = ReadCell(place, POLYGON, lines, 0.0, 0.0, touching)
    return JoinedCell(row, col, 1, 1, (Part(page, read),))


def signals(*cells: JoinedCell, kinds: dict[tuple[int, int], str] | None = None) -> list[Signals]:
    rows, cols = (1 + max(v) for v in zip(*((c.row, c.col) for c in cells), strict=True))
    table = JoinedTable("t1", "", (), (1,), rows, cols, (), cells)
    return list(choose(table, kinds or {}).signals)


def test_a_text_with_room_for_a_ruling_casts_doubt_on_columns_from_there_on() -> None:
    wide = line("资金名称地方史志", [0.5, 1.5, 2.5, 3.5, 8.5, 9.5, 10.5, 11.5])
    found = signals(cell(0, 0, even("一级")), cell(0, 1, wide), cell(0, 2, even("年度")))
    assert [s["wide_left"] for s in found] == [0.0, 1.0, 1.0]
    assert found[1]["gap"] == pytest.approx(4.0) and found[1]["wide_step"] > 2
    assert found[0]["gap"] < 1 and found[0]["table_gaps"] == pytest.approx(1 / 3)


def test_rows_beside_a_page_break_are_told() -> None:
    found = signals(*(cell(r, 0, even("年度"), page=1 if r < 2 else 2) for r in range(4)))
    assert [s["at_break"] for s in found] == [0.0, 1.0, 1.0, 0.0]
    assert [s["after_break"] for s in found] == [0.0, 0.0, 1.0, 1.0]


def test_damage_of_the_whole_table_is_told() -> None:
    nothing = ReadLine((0.0, 0.0, 9.0, H), Reading(()))
    sound = signals(cell(0, 0, even("年度")), cell(0, 1, even("目标")))
    damaged = signals(
        cell(0, 0, even("年度", 0.6), nothing, touching=True), cell(0, 1, even("目标"), drawn=0.5)
    )
    for name, share in (("table_unread", 0.5), ("table_touching", 0.5), ("table_unsure_sides", 1 / 8)):
        assert sound[1][name] == 0.0
        assert damaged[1][name] == pytest.approx(share)
    assert damaged[1]["table_doubt"] > sound[1]["table_doubt"]


def test_several_lines_where_one_is_expected_are_told_of_the_table() -> None:
    cells = cell(0, 0, even("12"), even("15")), cell(0, 1, even("7"))
    found = signals(*cells, kinds={(0, 0): "number", (0, 1): "number"})
    assert [s["table_crowded"] for s in found] == [0.5, 0.5]


def test_a_character_with_a_strong_rival_is_told() -> None:
    sure, unsure = signals(cell(0, 0, even("年度")), cell(0, 1, even("年度", 0.6)))
    assert unsure["rival"] == pytest.approx(0.4 / 0.6) and sure["rival"] < 0.02
    assert unsure["low_chars"] > 0 == sure["low_chars"]


def test_lines_of_an_odd_height_are_told() -> None:
    low = ReadLine((0.0, 0.0, 20.0, 10.0), even("年").reading)
    tall = ReadLine((0.0, 0.0, 20.0, 40.0), even("年").reading)
    plain, small, great = signals(cell(0, 0, even("年度")), cell(0, 1, low), cell(0, 2, tall))
    assert (plain["tall"], plain["low_line"]) == (0.0, 0.0)
    assert small["low_line"] > 0.5 and great["tall"] > 0.5


def test_a_lone_blank_behind_a_page_break_casts_doubt_on_all_that_follows() -> None:
    rows = [cell(r, 0, *((even("年度"),) if r != 3 else ()), page=1 if r < 3 else 2) for r in range(6)]
    assert [s["after_cut"] for s in signals(*rows)] == [0.0, 0.0, 1.0, 1.0, 1.0, 1.0]
    filled = [cell(r, 0, even("年度"), page=1 if r < 3 else 2) for r in range(6)]
    assert not any(s["after_cut"] for s in signals(*filled))

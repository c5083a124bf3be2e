"""Columns that one page of a table has lost."""

from dataclasses import replace

import pytest
from drawn_pages import edges, page_table, reading

from shenbao.layout.join import join_tables
from shenbao.layout.lost_columns import with_lost_columns
from shenbao.models.stages import JoinedTable, PageTable, ReadLine

XS = edges(120, 180, 200, 200, start=150)
FEWER = [150.0, 270.0, 450.0, 850.0]
HEADER = "一级指标|二级指标|三级指标|指标值"
FIRST = f"{HEADER}\n产出指标|数量指标|培训人数|12人次\n^|质量指标|合格率|95%以上"


def printed(table: PageTable, row: int, words: list[tuple[float, str]]) -> PageTable:
    """The table whose last cell of a row holds words that begin at these places, read as one line."""
    cell = next(c for c in table.cells if c.place.row == row and c.place.box[2] == 850.0)
    end = words[-1][0] + 24 * len(words[-1][1])
    chars = [
        replace(
            sign,
            start=(x + 24 * k - words[0][0]) / (end - words[0][0]),
            end=(x + 24 * (k + 1) - words[0][0]) / (end - words[0][0]),
        )
        for x, word in words
        for k, sign in enumerate(reading(word).chars)
    ]
    y = cell.place.box[1]
    line = ReadLine((words[0][0], y + 5, end, y + 30), replace(reading("x"), chars=tuple(chars)))
    return replace(table, cells=tuple(replace(c, lines=(line,)) if c is cell else c for c in table.cells))


def second(last: list[tuple[float, str]], header: str = "三级指标人指标值") -> PageTable:
    """A page whose last two columns have become one."""
    table = page_table(2, FEWER, "一级指标|二级指标|x\n效益指标|社会效益|x")
    names = [(500.0, header[:4]), (638.0, header[4:5]), (700.0, header[5:])]
    return printed(printed(table, 0, names), 1, last)


def joined(below: PageTable) -> JoinedTable:
    (table,) = join_tables([[page_table(1, XS, FIRST)], [below]])
    return table


def last_row(table: JoinedTable) -> list[str]:
    return [c.text for c in table.cells if c.row == table.n_rows - 1]


def test_a_repeated_header_tells_of_a_lost_column() -> None:
    table = joined(second([(480.0, "群众知晓率"), (700.0, "85%")]))
    assert (table.n_rows, table.n_cols) == (4, 4)
    assert last_row(table) == ["效益指标", "社会效益", "群众知晓率", "85%"]


def test_what_was_read_in_place_of_the_ruling_is_dropped() -> None:
    table = joined(second([(480.0, "知晓率"), (638.0, "1"), (700.0, "85%")]))
    assert last_row(table)[2:] == ["知晓率", "85%"]


def test_print_that_crosses_keeps_a_cell_whole() -> None:
    table = joined(second([(560.0, "部门意见和签字盖章")]))
    assert last_row(table) == ["效益指标", "社会效益", "部门意见和签字盖章"]


def test_another_header_says_nothing() -> None:
    table = joined(second([(480.0, "群众知晓率"), (700.0, "85%")], header="部门意见和单位意见"))
    assert len(last_row(table)) == 3


def test_an_edge_of_a_header_alone_is_not_restored() -> None:
    other = page_table(1, XS, f"{HEADER}\n产出指标|数量指标|培训人数|<\n^|质量指标|合格率|<")
    found = with_lost_columns([other, second([(480.0, "群众知晓率"), (700.0, "85%")])])
    assert found[1].grid.xs == tuple(FEWER)


def test_the_restored_sides_count_as_not_drawn() -> None:
    page = second([(480.0, "群众知晓率"), (700.0, "85%")])
    _, found = with_lost_columns([page_table(1, XS, FIRST), page])
    left, right = [c for c in found.cells if c.place.row == 1][2:]
    assert (left.place.drawn[3], right.place.drawn[2]) == (0.0, 0.0)
    assert left.place.box[2] == right.place.box[0] == pytest.approx(650.0)
    assert left.polygon[1] == right.polygon[0]


def test_pages_with_all_columns_stay_as_they_are() -> None:
    pages = [page_table(1, XS, FIRST), page_table(2, XS, f"{HEADER}\n效益指标|社会效益|知晓率|85")]
    assert all(a is b for a, b in zip(with_lost_columns(pages), pages, strict=True))


REGISTER = edges(100, 150, 150, 150, 150, 150, start=100)
LINE = "2010{}|行政运行|12|.|.|3"


def register(page: int, rows: int, xs: list[float], line: str = LINE) -> PageTable:
    return page_table(page, xs, "\n".join(line.format(page * 10 + k) for k in range(rows)))


def test_a_register_goes_on_with_one_edge_less() -> None:
    fewer = [x for x in REGISTER if x != 650.0]
    below = register(2, 2, fewer, "2010{}|行政运行|12|.|3")
    found = with_lost_columns([register(1, 5, REGISTER), below])[1]
    assert [len([c for c in found.cells if c.place.row == r]) for r in (0, 1)] == [6, 6]
    assert found.grid.xs == tuple(REGISTER)


def test_a_register_with_two_edges_less_or_merged_cells_does_not() -> None:
    fewer = [x for x in REGISTER if x not in (500.0, 650.0)]
    below = register(2, 2, fewer, "2010{}|行政运行|12|3")
    merged = page_table(1, REGISTER, "2010|行政运行|12|.|.|3\n^|教育|1|2|3|4\n^|教育|1|2|3|4")
    one = register(2, 2, [x for x in REGISTER if x != 650.0], "2010{}|行政运行|12|.|3")
    assert with_lost_columns([register(1, 5, REGISTER), below])[1] is below
    assert with_lost_columns([merged, one])[1] is one

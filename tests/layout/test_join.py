"""Tables of following pages joined into one."""

from dataclasses import replace
from itertools import product

import pytest
from drawn_pages import edges, page_table, spans_of
from hypothesis import given
from hypothesis import strategies as st

from shenbao.layout.join import join_tables
from shenbao.models.stages import JoinedTable, PageTable

XS = edges(120, 180, 150, 250, start=150)
TITLE = "部门预算项目绩效目标申报表"
HEADER = "一级指标|二级指标|三级指标|指标值"
FIRST = f"""
    {HEADER}
    产出指标|数量指标|举办培训班|12
    ^|^|参训人员数量|300
    ^|质量指标|参训人员合格率|95
"""
NEXT = "效益指标|社会效益|群众知晓率提升|80\n满意度|服务对象|群众满意度|90"


def the_table(*pages: PageTable) -> JoinedTable:
    (table,) = join_tables([[page] for page in pages])
    return table


def spans(table: JoinedTable) -> list[tuple[int, int, int, int]]:
    return [(c.row, c.col, c.row_span, c.col_span) for c in table.cells]


def text_at(table: JoinedTable, row: int, col: int) -> str:
    return next(c.text for c in table.cells if (c.row, c.col) == (row, col))


def assert_covered_once(table: JoinedTable) -> None:
    places = [
        place
        for c in table.cells
        for place in product(range(c.row, c.row + c.row_span), range(c.col, c.col + c.col_span))
    ]
    assert sorted(places) == list(product(range(table.n_rows), range(table.n_cols)))


def test_a_table_of_one_page_stays_as_it_is() -> None:
    table = the_table(page_table(1, XS, FIRST, title=TITLE, captions=("（2021年度）",)))
    assert spans(table) == spans_of(FIRST)
    assert (table.n_rows, table.n_cols, table.pages) == (4, 4, (1,))
    assert (table.id, table.title, table.captions) == ("t1", TITLE, ("（2021年度）",))
    assert table.header_rows == (0,)


def test_no_pages_and_pages_without_tables() -> None:
    assert join_tables([]) == []
    assert join_tables([[], []]) == []


def test_a_following_page_is_put_below() -> None:
    table = the_table(page_table(1, XS, FIRST, title=TITLE), page_table(2, XS, NEXT))
    assert table.pages == (1, 2)
    assert table.n_rows == 6
    assert text_at(table, 4, 0) == "效益指标" and text_at(table, 5, 3) == "90"
    assert_covered_once(table)


def test_a_repeated_header_is_dropped() -> None:
    table = the_table(page_table(1, XS, FIRST, title=TITLE), page_table(2, XS, f"{HEADER}\n{NEXT}"))
    assert table.n_rows == 6
    assert table.header_rows == (0,)
    assert sum(c.text == "一级指标" for c in table.cells) == 1
    assert_covered_once(table)


def test_a_repeated_header_with_a_misread_sign_is_dropped() -> None:
    again = HEADER.replace("二级", "二纸")
    assert the_table(page_table(1, XS, FIRST), page_table(2, XS, f"{again}\n{NEXT}")).n_rows == 6


def test_a_header_of_two_rows_is_dropped() -> None:
    header = "科目编码|科目名称|本年收入|<\n^|^|合计|财政拨款收入"
    first = f"{header}\n2010101|行政运行|100|90\n2010102|一般行政管理事务|20|20"
    again = f"{header}\n2010103|机关服务|5|5"
    table = the_table(page_table(1, XS, first), page_table(2, XS, again))
    assert table.n_rows == 5
    assert text_at(table, 4, 0) == "2010103"
    assert_covered_once(table)


def test_a_header_of_two_rows_is_dropped_whole_though_the_second_is_written_over() -> None:
    head = "序号|功能分类科目|<|合计\n^|{}|科目名称|^"
    first = head.format("科目编码") + "\n1|2050201|学前教育|12"
    second = head.format("王建国李淑芬签") + "\n2|2050202|小学教育|13"
    table = the_table(page_table(1, XS, first), page_table(2, XS, second))
    assert table.n_rows == 4
    assert text_at(table, 3, 2) == "小学教育"


HEAD = "序号|功能分类科目|<|合计\n^|科目编码|科目名称|^\n栏次|1|2|3"


def test_a_header_that_was_read_on_the_second_page_only_is_dropped_by_how_it_is_divided() -> None:
    first = "34|E|<|：\n^|t日|1.3|^\n1T|1|7|3\n1|2050201|学前教育|12"
    second = HEAD.replace("栏次", "木次") + "\n2|2050202|小学教育|13"
    table = the_table(page_table(1, XS, first), page_table(2, XS, second))
    assert table.n_rows == 5
    assert text_at(table, 4, 2) == "小学教育"


def test_so_is_one_of_which_few_names_were_read_on_the_second_page() -> None:
    head = "1号|功能分类科目|<|合计人|上年结专\n^|科目编码|科目名称|^|^"
    first = "34|E|<|：|X\n^|t日|1.3|^|^\n1|2050201|学前教育|12|0"
    xs = edges(120, 180, 150, 250, 200, start=150)
    table = the_table(page_table(1, xs, first), page_table(2, xs, f"{head}\n2|2050202|小学教育|13|0"))
    assert table.n_rows == 4
    assert text_at(table, 3, 2) == "小学教育"


def test_a_header_is_dropped_though_half_of_its_names_are_misread_and_one_as_a_number() -> None:
    xs = edges(120, 180, 150, 250, 200, 180, start=150)
    first = "一级指标|二级指标|三级指标|指标值|得分|偏差原因\n产出指标|数量指标|培训班|12|4|无"
    second = "一级指标|二级指标|三级指标|指杯值|191|偏基原因\n效益指标|社会效益指标|知晓率|90|4|无"
    table = the_table(page_table(1, xs, first), page_table(2, xs, second))
    assert table.n_rows == 3
    assert text_at(table, 2, 2) == "知晓率"


def test_a_header_is_dropped_of_which_some_names_were_misread_on_either_page() -> None:
    xs = edges(120, 180, 150, 250, 200, 180, start=150)
    first = "一级指标|癜指看|三级指标|指标值|贯指标|指标猛\n产出指标|数量指标|培训班|12|4|无"
    again = "一级指标|二级拘右|三级指标|指标值|属指标|指标%\n效益指标|社会效益指标|知晓率|90|4|无"
    table = the_table(page_table(1, xs, first), page_table(2, xs, again))
    assert table.n_rows == 3
    other = again.replace("属指标", "联系人").replace("三级指标", "指标依据").replace("一级指标", "电话")
    assert the_table(page_table(1, xs, first), page_table(2, xs, other)).n_rows == 4


def test_a_header_of_other_names_is_kept_though_it_is_divided_alike() -> None:
    other = "序号|资产类别|<|数量\n^|一级指标|二级指标|^\n2|2050202|小学教育|13"
    first = f"{HEAD}\n1|2050201|学前教育|12"
    assert the_table(page_table(1, XS, first), page_table(2, XS, other)).n_rows == 7


def test_a_header_divided_alike_is_dropped_though_both_were_misread() -> None:
    first = "小号|收入|<|支出|<\n^|项日|须算数|咱日|预算数\n柱次|1|2|3|4\n1|一、拨款|9.00|一、外交|2.00"
    head = "序号|收入|<|使出|<\n^|枣日|维算救|1|预算数\n柱次|1|2|3|4"
    xs = edges(120, 180, 150, 250, 200, start=150)
    table = the_table(page_table(1, xs, first), page_table(2, xs, f"{head}\n2|二、基金|9.00|二、国防|2.00"))
    assert table.n_rows == 5
    assert text_at(table, 4, 1) == "二、基金"
    rows = (
        head.replace("收入", "甲乙").replace("使出", "丙丁").replace("枣日", "戊").replace("预算数", "己庚")
    )
    assert the_table(page_table(1, xs, first), page_table(2, xs, rows)).n_rows == 7


def test_a_header_is_as_deep_as_its_one_deep_cell_where_the_rows_are_divided_alike() -> None:
    xs = edges(120, 180, 150, 250, 200, start=150)
    first = "序号|收入|<|支出|<\n^|01日|预算数|项1日|预算数\n粒次|1|2|3|4\n1|一、拨款|9.00|一、外交|2.00"
    again = "序号|收入|<|麦出|<\n^|项日|预算数|赛1|预算数\n权次|1|2|3|4\n2|二、基金|9.00|二、国防|2.00"
    table = the_table(page_table(1, xs, first), page_table(2, xs, again))
    assert table.n_rows == 5
    assert text_at(table, 4, 1) == "二、基金"


def test_what_a_deep_cell_of_a_header_spans_elsewhere_is_no_header_where_it_is_divided_otherwise() -> None:
    first = "序号|收入|<|支出\n^|项目|预算数|^\n1|一、拨款|9.00|2.00"
    again = "序号|收入|<|麦出\n^|二、基金|<|2.00"
    table = the_table(page_table(1, XS, first), page_table(2, XS, again))
    assert table.n_rows == 4
    assert text_at(table, 3, 1) == "二、基金"


def test_rows_that_are_no_header_are_kept() -> None:
    """A page may begin with rows much like those before."""
    first = f"{HEADER}\n产出指标|数量指标|举办培训班|12\n产出指标|数量指标|举办比赛|7"
    assert the_table(page_table(1, XS, first), page_table(2, XS, "效益指标|社会效益|知晓率|9")).n_rows == 4


def test_rows_much_like_the_first_ones_are_kept_at_the_top_of_a_page() -> None:
    """Only headers repeat; a line of a register may differ from another by one digit."""
    first = "科目编码|科目名称|本年收入|财政拨款收入\n2010101|行政运行|120.00|120.00\n2010102|行政运行|80.00|80.00"
    below = "2010103|行政运行|80.00|80.00\n2010199|其他支出|5.00|5.00"
    for again in ("", "科目编码|科目名称|本年收入|财政拨款收入\n"):
        table = the_table(page_table(1, XS, first), page_table(2, XS, again + below))
        assert table.n_rows == 5
        assert text_at(table, 3, 0) == "2010103"


def test_repeated_numbers_of_columns_are_dropped() -> None:
    header = "科目编码|科目名称|本年收入|财政拨款收入\n1|2|3|4"
    first, below = f"{header}\n2010101|行政运行|120.00|120.00", f"{header}\n2010103|机关服务|80.00|80.00"
    assert the_table(page_table(1, XS, first), page_table(2, XS, below)).n_rows == 4


@pytest.mark.parametrize(
    ("numbers", "again", "rows"),
    [
        ("1|2|3|4", "1|7|3|4", 4),
        ("1|.|3|4", "1|2|3|4", 4),
        ("1|2|3|4", "1|7|9|4", 5),
        ("1|2|3|5", "1|2|3|7", 5),
    ],
)
def test_their_numbers_are_known_where_a_seal_hides_one(numbers: str, again: str, rows: int) -> None:
    header = "科目编码|科目名称|本年收入|财政拨款收入"
    first = f"{header}\n{numbers}\n2010101|行政运行|120.00|120.00"
    below = f"{header}\n{again}\n2010103|机关服务|80.00|80.00"
    assert the_table(page_table(1, XS, first), page_table(2, XS, below)).n_rows == rows


def test_a_merged_label_goes_on() -> None:
    """The label column is cut by the page: below, its cell is empty and merged over the rows."""
    below = ".|质量指标|培训覆盖率|90\n^|^|验收合格率|100\n效益指标|社会效益|知晓率|80"
    table = the_table(page_table(1, XS, FIRST, title=TITLE), page_table(2, XS, below))
    label = next(c for c in table.cells if c.text == "产出指标")
    assert (label.row, label.row_span) == (1, 5)
    assert [part.page for part in label.parts] == [1, 2]
    assert "joined_over_pages" in label.flags
    assert_covered_once(table)


def test_two_levels_of_labels_go_on() -> None:
    below = ".|.|培训覆盖率|90\n^|^|验收合格率|100"
    table = the_table(page_table(1, XS, FIRST), page_table(2, XS, below))
    spans_of_labels = {c.text: (c.row, c.row_span) for c in table.cells if c.col < 2}
    assert spans_of_labels["产出指标"] == (1, 5)
    assert spans_of_labels["质量指标"] == (3, 3)
    assert_covered_once(table)


def test_a_label_printed_again_on_the_next_page_is_one_label() -> None:
    below = "产出指标|质量指标|培训覆盖率|90\n^|时效指标|按时完成率|100"
    table = the_table(page_table(1, XS, FIRST), page_table(2, XS, below))
    assert [c.text for c in table.cells if c.col == 0] == ["一级指标", "产出指标"]
    assert_covered_once(table)


def test_a_label_over_three_pages() -> None:
    below = ".|成本指标|培训成本|90\n^|时效指标|按时完成率|100"
    pages = [page_table(1, XS, FIRST), page_table(2, XS, below), page_table(3, XS, below)]
    table = the_table(*pages)
    label = next(c for c in table.cells if c.text == "产出指标")
    assert [part.page for part in label.parts] == [1, 2, 3]
    assert label.row_span == 7
    assert table.pages == (1, 2, 3)
    assert_covered_once(table)


def test_a_part_with_coarser_columns() -> None:
    """Below the indicators stands a row of one label and one long text."""
    coarse = page_table(2, [XS[0], XS[1], XS[-1]], "其他说明|无其他需要说明的事项")
    table = the_table(page_table(1, XS, FIRST, title=TITLE), coarse)
    assert table.n_cols == 4
    assert spans(table)[-2:] == [(4, 0, 1, 1), (4, 1, 1, 3)]
    assert_covered_once(table)


def test_a_part_with_finer_columns() -> None:
    fine = [*XS[:3], 520.0, XS[3], XS[4]]
    table = the_table(
        page_table(1, XS, FIRST, title=TITLE), page_table(2, fine, "效益指标|社会效益|知|晓率|80")
    )
    assert table.n_cols == 5
    assert (0, 2, 1, 2) in spans(table)
    assert_covered_once(table)


@pytest.mark.parametrize(("shift", "factor"), [(30.0, 1.0), (-20.0, 1.0), (0.0, 1.03), (10.0, 0.97)])
def test_pages_scanned_a_little_apart(shift: float, factor: float) -> None:
    other = [x * factor + shift for x in XS]
    table = the_table(page_table(1, XS, FIRST, title=TITLE), page_table(2, other, NEXT))
    assert (table.n_rows, table.n_cols) == (6, 4)
    assert_covered_once(table)


def test_a_table_with_a_title_of_its_own_is_another() -> None:
    tables = join_tables(
        [[page_table(1, XS, FIRST, title=TITLE)], [page_table(2, XS, NEXT, title="政府采购预算表")]]
    )
    assert [t.id for t in tables] == ["t1", "t2"]
    assert [t.pages for t in tables] == [(1,), (2,)]


def test_a_repeated_title_goes_on() -> None:
    pages = [page_table(n, XS, text, title=TITLE) for n, text in ((1, FIRST), (2, f"{HEADER}\n{NEXT}"))]
    assert the_table(*pages).n_rows == 6


def test_a_missing_page_parts_tables() -> None:
    assert len(join_tables([[page_table(1, XS, FIRST)], [], [page_table(3, XS, NEXT)]])) == 2


def test_tables_of_one_page_are_not_joined() -> None:
    assert len(join_tables([[page_table(1, XS, FIRST), page_table(1, XS, NEXT)]])) == 2


def test_only_the_first_table_of_a_page_goes_on() -> None:
    tables = join_tables(
        [[page_table(1, XS, FIRST)], [page_table(2, XS, NEXT), page_table(2, XS, NEXT, title=TITLE)]]
    )
    assert [t.pages for t in tables] == [(1, 2), (2,)]


def test_a_photograph_taken_from_farther_off_goes_on() -> None:
    """The desk around the second page makes the table a smaller share of it, but its print is as large."""
    (table,) = join_tables([[page_table(1, XS, FIRST)], [page_table(2, XS, NEXT, page_width=1500.0)]])
    assert table.n_rows == 6


def test_a_table_of_another_width_is_another() -> None:
    narrow = [XS[0] + (x - XS[0]) * 0.7 for x in XS]
    assert len(join_tables([[page_table(1, XS, FIRST)], [page_table(2, narrow, NEXT)]])) == 2


def test_a_table_with_other_columns_is_another() -> None:
    other = edges(60, 330, 40, 270, start=150)
    assert len(join_tables([[page_table(1, XS, FIRST)], [page_table(2, other, NEXT)]])) == 2


@st.composite
def pages(draw: st.DrawFn) -> list[PageTable]:
    """Up to three pages of one table whose columns are in part merged."""
    words = st.sampled_from([".", "数量指标", "100", "举办培训班", "一级指标", "金额"])
    found = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        rows = []
        for _ in range(draw(st.integers(1, 4))):
            row = [draw(words)]
            row += [draw(st.one_of(words, st.just("<"))) for _ in range(3)]
            rows.append("|".join(row))
        found.append(page_table(number, XS, "\n".join(rows)))
    return found


@given(pages())
def test_joined_tables_are_covered_once(parts: list[PageTable]) -> None:
    for table in join_tables([[part] for part in parts]):
        assert_covered_once(table)


@given(pages())
def test_nothing_that_was_read_is_lost_but_repeated_headers(parts: list[PageTable]) -> None:
    """Each cell of the first page, and each text of the last row, is in a joined table."""
    tables = join_tables([[part] for part in parts])
    kept = {id(part.cell) for table in tables for cell in table.cells for part in cell.parts}
    assert all(id(cell) in kept for cell in parts[0].cells)


def test_a_row_cut_in_two_is_put_together() -> None:
    """Only what had filled its line goes on."""
    first = f"{HEADER}\n产出指标|数量指标|举办法治宣传教育>|12\n产出指标|成本指标|人均培训>|80"
    table = the_table(
        page_table(1, XS, first), page_table(2, XS, ".|.|补助标准|.\n效益指标|社会效益|知晓率|9")
    )
    assert table.n_rows == 4
    assert text_at(table, 2, 2) == "人均培训补助标准"
    assert_covered_once(table)


def test_a_row_with_blanks_of_its_own_is_not_put_to_the_one_above() -> None:
    first = f"{HEADER}\n产出指标|数量指标|举办培训班|12\n产出指标|成本指标|人均成本|80"
    table = the_table(page_table(1, XS, first), page_table(2, XS, ".|.|.|合格"))
    assert table.n_rows == 4
    assert text_at(table, 3, 3) == "合格"
    assert [c.row_span for c in table.cells if c.row == 3] == [1, 1, 1, 1]


def test_the_numbering_of_columns_is_dropped_with_the_header_though_its_label_is_misread() -> None:
    header = "序号|科目名称|合计|其他支出"
    first = page_table(1, XS, f"{header}\n栏次|1|2|3\n1|卫生健康支出|10.5|.\n2|公共卫生|8.5|.")
    below = page_table(2, XS, f"{header}\n微|1|2|3\n3|住房保障支出|5.1|.")
    table = the_table(first, below)
    assert table.n_rows == 5
    assert text_at(table, 4, 1) == "住房保障支出"


def test_the_numbering_of_columns_is_dropped_though_most_numbers_are_misread() -> None:
    first = "科目编码|科目名称|合计|基本支出\n栏次|1|i|3\n2050201|学前教育|12|12"
    second = "科目编码|科目名称|合计|基本支出\n栏次|I|+|J\n2050202|小学教育|13|13"
    table = the_table(page_table(1, XS, first), page_table(2, XS, second))
    assert table.n_rows == 4


def test_a_row_of_other_numbers_under_a_repeated_header_is_kept() -> None:
    header = "序号|科目名称|合计|其他支出"
    first = page_table(1, XS, f"{header}\n1|行政运行|10.5|.\n2|公共卫生|8.5|.")
    table = the_table(first, page_table(2, XS, f"{header}\n3|行政运行|9.5|."))
    assert [text_at(table, row, 0) for row in (1, 2, 3)] == ["1", "2", "3"]


def test_rows_with_numbers_of_their_own_are_two() -> None:
    """A narrow column of running numbers looks full in every row."""
    first = f"{HEADER}\n19|.|援助其他地区支出|.\n20>|.|住房保障与自然资源支出>|1621.29"
    table = the_table(page_table(1, XS, first), page_table(2, XS, "21|.|粮油物资储备支出|.\n22|.|预备费|."))
    assert table.n_rows == 5
    assert [text_at(table, row, 0) for row in (2, 3, 4)] == ["20", "21", "22"]


def test_a_known_label_cut_in_two_is_one() -> None:
    first = f"{HEADER}\n产出指标|数量指标|举办培训班|12\n效益指标|服务对象满|群众满意|80"
    below = page_table(2, XS, ".|意度|学员满意|90")
    (plain,) = join_tables([[page_table(1, XS, first)], [below]])
    (known,) = join_tables([[page_table(1, XS, first)], [below]], {"服务对象满意度"})
    assert (2, 1, 1, 1) in spans(plain)
    assert (2, 1, 2, 1) in spans(known)
    assert text_at(known, 2, 1) == "服务对象满意度"


def test_two_known_labels_that_are_alike_stay_two() -> None:
    first = f"{HEADER}\n年度绩效目标|做好工作|<|<"
    below = page_table(2, XS, "年度绩效指标|数量指标|学员|90\n^|质量指标|合格|95")
    pages = [[page_table(1, XS, first)], [below]]
    (alike,) = join_tables(pages)
    (known,) = join_tables(pages, {"年度绩效目标", "年度绩效指标"})
    assert (1, 0, 3, 1) in spans(alike)
    assert {(1, 0, 1, 1), (2, 0, 2, 1)} <= set(spans(known))


def test_a_repeated_header_under_a_seal_is_dropped() -> None:
    again = "一级指标|二级指标|三级指标|日曰口目田"
    assert the_table(page_table(1, XS, FIRST), page_table(2, XS, f"{again}\n{NEXT}")).n_rows == 6


def test_a_repeated_header_of_which_few_names_are_known_is_dropped() -> None:
    xs = edges(*[100] * 7, start=150)
    header = "蜻效指标|一级指标|二级指标|三级指标|完成情况|得分情况|偏差原因"
    above = "项目|甲|<|<|<|<|<\n主管|乙|<|<|<|<|<\n单位|丙|<|<|<|<|<\n资金|丁|<|<|<|<|<\n"
    first = page_table(1, xs, f"{above}{header}\n.|产出|数量|培训|好|甲|无")
    below = page_table(2, xs, f"{header.replace('蜻', '蜡')}\n.|效益|社会|知晓|好|乙|无")
    assert the_table(first, below).n_rows == 7


def test_a_header_misread_on_the_first_page_is_dropped_where_it_comes_again() -> None:
    xs = edges(*[100] * 5, start=150)
    above = "项目|甲|<|<|<\n主管|乙|<|<|<\n单位|丙|<|<|<\n"
    first = page_table(1, xs, f"{above}一般指标|二组指标|三级指标|续教指概描述|相标值\n产出|数量|培训|好|1")
    again = "一级指标|二级指标|王级指标|绩效指标描述|指标值"
    assert the_table(first, page_table(2, xs, f"{again}\n效益|社会|知晓|好|2")).n_rows == 6
    other = "一级指标|二级指标|资金来源|绩效指标描述|指标值"
    assert the_table(first, page_table(2, xs, f"{other}\n效益|社会|知晓|好|2")).n_rows == 7


def test_what_stands_above_as_a_repeated_header_without_rulings_is_no_title() -> None:
    table = the_table(page_table(1, XS, FIRST), page_table(2, XS, NEXT, title="三级指标"))
    assert (table.n_rows, table.pages) == (6, (1, 2))


def test_a_part_in_many_columns_that_match_by_chance_is_another_table() -> None:
    """As of a page that was turned by mistake."""
    first = page_table(1, edges(148, 143, 169, 185, 142, 98, 115, start=0), "甲|乙|丙|丁|戊|己|庚")
    xs = edges(62, 62, 90, 63, 89, 63, 89, 63, 89, 90, 89, 90, 61, start=0)
    below = page_table(2, xs, "|".join("子丑寅卯辰巳午未申酉戌亥天"))
    assert len(join_tables([[first], [below]])) == 2


def test_near_column_edges_of_one_page_stay_apart() -> None:
    """Two edges nearer to each other than those of one column on two pages may be."""
    fine = [XS[0], XS[1], XS[1] + 10, *XS[2:]]
    first = "项目|.|<|<|<\n名称|<|甲|乙|丙"
    table = the_table(page_table(1, fine, first), page_table(2, XS, NEXT))
    assert table.n_cols == 5
    assert_covered_once(table)


def test_pages_in_perspective() -> None:
    """A photograph keeps a little perspective: column edges drift across the page."""
    width = XS[-1] - XS[0]
    bent = [x + 0.1 * (x - XS[0]) * (XS[-1] - x) / width for x in XS]
    table = the_table(page_table(1, XS, FIRST, title=TITLE), page_table(2, bent, NEXT))
    assert (table.n_rows, table.n_cols) == (6, 4)


@pytest.mark.parametrize(("known", "columns"), [(None, 6), (1.0, 5)])
def test_only_what_was_read_from_pictures_is_mended(known: float | None, columns: int) -> None:
    xs = edges(100, 150, 150, 150, 150, 150, start=100)
    first = page_table(1, xs, "\n".join(f"20{k}|行政运行|12|.|.|3" for k in range(10, 15)))
    below = page_table(2, [x for x in xs if x != 650.0], "2016|行政运行|12|.|3\n2017|教育|13|.|4")
    pages = [replace(p, cells=tuple(replace(c, known=known) for c in p.cells)) for p in (first, below)]
    table = the_table(*pages)
    assert len([c for c in table.cells if c.row == 6]) == columns

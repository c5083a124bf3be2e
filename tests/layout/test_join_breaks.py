"""Rows cut by a page's end, and labels that go on below it."""

from dataclasses import replace

import pytest
from drawn_pages import edges, page_table, reading

from shenbao.layout.join import join_tables
from shenbao.models.stages import JoinedTable, PageTable, ReadLine

XS = edges(120, 180, 150, 250, start=150)
HEADER = "一级指标|二级指标|三级指标|指标值"
LABELS = frozenset(
    [
        "产出指标",
        "效益指标",
        "数量指标",
        "质量指标",
        "成本指标",
        "服务对象",
        "满意度指标",
        "服务对象满意度指标",
    ]
)


def joined(first: str, below: str, known: frozenset[str] = LABELS) -> JoinedTable:
    (table,) = join_tables([[page_table(1, XS, first)], [page_table(2, XS, below)]], known)
    return table


def texts(table: JoinedTable, row: int) -> list[str]:
    return [c.text for c in table.cells if c.row == row]


def test_a_row_of_which_most_cells_go_on_is_one() -> None:
    first = f"{HEADER}\n产出指标|举办法治宣>|每年举办培>|不少于十二>"
    table = joined(first, ".|传教育|训班次|场\n效益指标|.|知晓率|9")
    assert table.n_rows == 3
    assert texts(table, 1) == ["产出指标", "举办法治宣传教育", "每年举办培训班次", "不少于十二场"]


def test_a_number_in_brackets_is_not_parted() -> None:
    first = f"{HEADER}\n产出指标|举办法治|设备单价为>|会议纪要"
    table = joined(first, ".|.|万元|〔2023〕14号\n效益指标|.|知晓率|9")
    assert table.n_rows == 3
    assert texts(table, 1) == ["产出指标", "举办法治", "设备单价为万元", "会议纪要〔2023〕14号"]


def test_what_goes_on_where_all_else_is_blank_as_nowhere_is_one_row() -> None:
    rows = "\n".join(f"效益指标|社会效益|知晓率|{n}" for n in range(90, 94))
    first = page_table(1, XS, f"{HEADER}\n{rows}\n产出指标|举办法治|每年举办|会议纪要")
    wrapped = replace(
        first.cells[-1], lines=(*first.cells[-1].lines, ReadLine((605, 150, 660, 170), reading("（2023）")))
    )
    below = page_table(2, XS, f".|.|.|号\n{rows}")
    two_lines = replace(first, cells=(*first.cells[:-1], wrapped))
    assert [join_tables([[page], [below]], LABELS)[0].n_rows for page in (first, two_lines)] == [11, 10]


def test_a_word_that_was_cut_beside_a_label_printed_again_goes_on() -> None:
    rows = "\n".join(f"效益指标|质量指标|知晓率|{n}" for n in range(90, 94))
    four = edges(120, 180, 150, 150, 150, 250, start=150)
    head, more = "一级指标|二级指标|三级指标|指标值|依据|说明", rows.replace("|知晓", "|甲|乙|知晓")
    top = page_table(1, four, f"{head}\n{more}\n产出指标|数量指标|甲|乙|九十|信息报送及>")
    end = page_table(2, four, f"产出指标|数量指标|.|.|.|时率\n{more}")
    (table,) = join_tables([[top], [end]], LABELS)
    assert texts(table, 5) == ["产出指标", "数量指标", "甲", "乙", "九十", "信息报送及时率"]


def test_the_next_numbered_row_does_not_go_on() -> None:
    first = "一、支出|产出指标|12.6\n.|2.公用经费|7.3\n.|3.对个人和家庭的补助>|350.4"
    columns = edges(120, 180, 150, start=150)
    below = ".|4.资本性支出|.\n.|5.其他|.\n二、项目|.|9.1"
    (table,) = join_tables([[page_table(1, columns, first)], [page_table(2, columns, below)]], LABELS)
    assert table.n_rows == 6


def test_a_stop_of_dirt_does_not_keep_a_cut_row_apart() -> None:
    first = f"{HEADER}\n产出指标|举办法治|每年举办培>|不少于"
    table = joined(first, ".|.|训班次|.\n效益指标|.|知晓率|9".replace("次|.", "次|。"))
    assert table.n_rows == 3


def test_a_label_printed_again_and_misread_is_nothing_that_goes_on() -> None:
    xs = edges(*[100] * 6, start=150)
    rows = "\n".join(f"效益指标|社会效益|知晓率|反映知晓率|{n}|统计年鉴" for n in range(90, 94))
    first = page_table(1, xs, f"{rows}\n满意度指标|服务对象满意度指标|满意度|满意情况|90|标准")
    wrapped = replace(
        first.cells[-1], lines=(*first.cells[-1].lines, ReadLine((655, 150, 680, 170), reading("GB/T")))
    )
    second = page_table(2, xs, f"满意度指标|服务对象满意十1|.|.|.|21534\n{rows}")
    (table,) = join_tables([[replace(first, cells=(*first.cells[:-1], wrapped))], [second]], LABELS)
    assert table.n_rows == 9


def test_a_row_that_cuts_a_known_label_is_one_though_all_its_cells_go_on() -> None:
    first = f"{HEADER}\n满意度指>|服务对象>|群众满意>|不少于十>"
    table = joined(first, "标|满意度指标|率|二\n满意度指标|.|知晓率|9")
    assert table.n_rows == 3
    assert texts(table, 1) == ["满意度指标", "服务对象满意度指标", "群众满意率", "不少于十二"]


@pytest.mark.parametrize(
    "below",
    [
        ".|质量指标|合格人次|五",  # a label of its own
        ".|传教育|训班次|≥95%",  # a value of its own
        ".|传教育|训班次|2026年12月",  # a month that stands under a whole one
        "效益指标|传教育|训班次|场",  # nothing ends with the page
    ],
)
def test_rows_that_are_full_by_chance_are_two(below: str) -> None:
    last = "2026年12月>" if "月" in below else "不少于十二>"
    first = f"{HEADER}\n产出指标>|举办法治宣>|每年举办培>|{last}"
    assert joined(first, below).n_rows == 3


def test_a_label_printed_again_in_a_cut_row_stands_once() -> None:
    first = f"{HEADER}\n效益指标|举办法治宣>|每年举办培>|不少于十二>\n^|服务对象>|群众满意>|达到标>"
    table = joined(first, "效益指标|满意度指标|率|准\n满意度指标|.|知晓率|9")
    assert table.n_rows == 4
    assert texts(table, 1)[0] == "效益指标"
    assert texts(table, 2) == ["服务对象满意度指标", "群众满意率", "达到标准"]


def test_two_labels_cut_in_a_row_of_signatures() -> None:
    first = f"{HEADER}\n.|.|.|1\n部门申|部门意见：|财政审|审核意见："
    known = LABELS | {"部门申报意见", "财政审核意见"}
    table = joined(first, "报意见|签字（公章）：|核意见|签字（公章）：", known)
    assert table.n_rows == 3
    assert texts(table, 2) == [
        "部门申报意见",
        "部门意见：签字（公章）：",
        "财政审核意见",
        "审核意见：签字（公章）：",
    ]


@pytest.mark.parametrize("item", ["{}、", "目标{}："])
def test_a_list_goes_on_beside_a_label_that_is_cut(item: str) -> None:
    one, two = item.format(1) + "改善库房保管条件", item.format(2) + "方便群众查阅"
    first = f"{HEADER}\n年度绩效|{one}|<|<"
    table = joined(first, f"目标|{two}|<|<\n产出指标|.|知晓率|9", LABELS | {"年度绩效目标"})
    assert table.n_rows == 3
    assert texts(table, 1) == ["年度绩效目标", one + two]


@pytest.mark.parametrize(
    ("below", "rows"), [(".|3、方便群众查阅", 3), (".|4、方便群众查阅", 4), (".|方便群众查阅", 4)]
)
def test_a_list_goes_on_beside_a_label_that_does_not(below: str, rows: int) -> None:
    """The items above fill their lines, so that they read as one paragraph."""
    first = page_table(1, XS, f"{HEADER}\n年度绩效目标|1、改善库房保管条件|<|<")
    *rest, cell = first.cells
    lines = tuple(
        ReadLine((272, top, 728, top + 20), reading(text))
        for top, text in ((120, "1、改善库房保管条件。"), (150, "2、延长档案的寿命。"))
    )
    full = replace(first, cells=(*rest, replace(cell, lines=lines)))
    second = page_table(2, XS, f"{below}|<|<\n产出指标|.|知晓率|9")
    (table,) = join_tables([[full], [second]], LABELS | {"年度绩效目标"})
    assert table.n_rows == rows


@pytest.mark.parametrize(
    ("above", "left", "whole"),
    [
        ("体制机制改>", "革", "体制机制改革"),
        ("体制机制改", "革", "体制机制改"),  # there was room for it
        ("万元>", "元", "万元"),
        ("体制机制改>", "革命", "体制机制改"),
    ],
)
def test_one_character_that_had_no_room_ends_the_word_above(above: str, left: str, whole: str) -> None:
    first = f"{HEADER}\n效益指标|{above}|耕地保护责任|良好"
    table = joined(first, f".|{left}|受威胁群众转移|合格\n产出指标|.|知晓率|9")
    assert table.n_rows == 4
    assert texts(table, 1)[1] == whole


def test_a_list_goes_on_whose_last_item_was_wrapped() -> None:
    first = page_table(1, XS, f"{HEADER}\n年度绩效|目标1：改善库房保管条件，|<|<")
    second = page_table(2, XS, "目标|目标2：方便群众查阅|<|<\n产出指标|.|知晓率|9")
    *rest, cell = first.cells
    wrapped = replace(cell, lines=(*cell.lines, ReadLine((280, 150, 400, 170), reading("年内完成。"))))
    (table,) = join_tables([[replace(first, cells=(*rest, wrapped))], [second]], LABELS | {"年度绩效目标"})
    assert table.n_rows == 3


def test_a_long_label_printed_again_as_far_as_there_is_room_is_one() -> None:
    first = f"{HEADER}\n年度预算支出（万元）|数量指标|甲|1\n^|质量指标|乙|2"
    table = joined(first, "年度预|成本指标|丙|3\n效益指标|.|知晓率|4")
    assert [(c.row, c.row_span, c.text) for c in table.cells if c.col == 0][1] == (
        1,
        3,
        "年度预算支出（万元）",
    )


def test_the_lower_edge_of_a_label_does_not_part_it() -> None:
    first = page_table(1, XS, f"{HEADER}\n产出指标|数量指标|甲|1\n^|质量指标|乙|2")
    second = page_table(2, XS, "MIHI|成本指标|丙|3\n^|质量指标|丁|4")
    edge = replace(second.cells[0], lines=(ReadLine((152, 100, 210, 105), reading("MIHI")),))
    (table,) = join_tables([[first], [replace(second, cells=(edge, *second.cells[1:]))]], LABELS)
    assert [(c.row, c.row_span) for c in table.cells if c.col == 0] == [(0, 1), (1, 4)]


@pytest.mark.parametrize(("height", "rows"), [(5, (1, 4)), (18, (1, 2, 2))])
def test_so_does_one_that_is_read_as_a_character(height: int, rows: tuple[int, ...]) -> None:
    first = page_table(1, XS, f"{HEADER}\n产出指标|数量指标|甲|1\n^|质量指标|乙|2")
    second = page_table(2, XS, "日1|成本指标|丙|3\n^|质量指标|丁|4")
    edge = replace(second.cells[0], lines=(ReadLine((152, 100, 190, 100 + height), reading("日1")),))
    (table,) = join_tables([[first], [replace(second, cells=(edge, *second.cells[1:]))]], LABELS)
    assert tuple(c.row_span for c in table.cells if c.col == 0) == rows


@pytest.mark.parametrize("speck", ["、", "1", "外"])
def test_a_speck_in_a_merged_cell_does_not_part_it(speck: str) -> None:
    table = joined(
        f"{HEADER}\n产出指标|数量指标|甲|1\n^|质量指标|乙|2", f"{speck}|成本指标|丙|3\n^|质量指标|丁|4"
    )
    assert [(c.row, c.row_span) for c in table.cells if c.col == 0] == [(0, 1), (1, 4)]


def test_a_label_that_is_printed_again_as_its_beginning_goes_on() -> None:
    first = f"{HEADER}\n产出指标|数量指标|甲|1\n^|^|乙|2\n效益指标|成本指标|丙|3\n^|预算调整情况|丙|3"
    table = joined(first, "效益|预算调整情|丁|4\n^|质量指标|戊|5", LABELS | {"效益"})
    assert [(c.row, c.row_span, c.text) for c in table.cells if c.col < 2 and c.row > 2] == [
        (3, 4, "效益指标"),
        (3, 1, "成本指标"),
        (4, 2, "预算调整情况"),
        (6, 1, "质量指标"),
    ]


def test_a_merged_label_printed_again_and_read_in_part_keeps_no_cut_row_apart() -> None:
    first = f"{HEADER}\n效益指标|质量指标|甲|1\n^|服务对象满意>|基本消除隐患>|2023年"
    table = joined(first, "效益|度指标|等|.", LABELS | {"效益"})
    assert table.n_rows == 3
    assert texts(table, 2)[:2] == ["服务对象满意度指标", "基本消除隐患等"]


@pytest.mark.parametrize(("probability", "rows"), [(0.6, [(0, 1), (1, 4)]), (0.9, [(0, 1), (1, 2), (3, 2)])])
def test_signs_hardly_read_under_a_label_do_not_part_it(
    probability: float, rows: list[tuple[int, int]]
) -> None:
    first = page_table(1, XS, f"{HEADER}\n产出指标|数量指标|甲|1\n^|质量指标|乙|2")
    second = page_table(2, XS, "x|成本指标|丙|3\n^|质量指标|丁|4")
    dirt = replace(second.cells[0], lines=(ReadLine((152, 100, 190, 120), reading("≥22", probability)),))
    (table,) = join_tables([[first], [replace(second, cells=(dirt, *second.cells[1:]))]], LABELS)
    assert [(c.row, c.row_span) for c in table.cells if c.col == 0] == rows


@pytest.mark.parametrize("text", ["1\nK", "●\n-\n1"])
def test_so_do_several_specks_on_lines_of_their_own(text: str) -> None:
    first, second = (
        page_table(1, XS, f"{HEADER}\n产出指标|数量指标|甲|1\n^|质量指标|乙|2"),
        page_table(2, XS, "x|成本指标|丙|3\n^|质量指标|丁|4"),
    )
    speck, *rest = second.cells
    x0, y0, _, _ = speck.place.box
    lines = tuple(
        ReadLine((x0 + 5, y0 + 20 * i, x0 + 15, y0 + 15 + 20 * i), reading(piece))
        for i, piece in enumerate(text.split("\n"))
    )
    marked = replace(second, cells=(replace(speck, lines=lines), *rest))
    assert marked.cells[0].text == text
    (table,) = join_tables([[first], [marked]], LABELS)
    assert [(c.row, c.row_span) for c in table.cells if c.col == 0] == [(0, 1), (1, 4)]


def test_a_row_open_at_the_pages_end_is_one_though_a_seal_is_read_in_it() -> None:
    first = page_table(1, XS, f"{HEADER}\n产出指标|质量指>|合格人次|五")
    second = page_table(2, XS, ".|标|7|.\n效益指标|数量指标|知晓率|9")

    def open_at(table: PageTable, row: int, side: int) -> PageTable:
        top, bottom, left, right = (0.0 if i == side else 1.0 for i in range(4))
        drawn = (top, bottom, left, right)
        cells = tuple(
            replace(c, place=replace(c.place, drawn=drawn)) if c.place.row == row else c for c in table.cells
        )
        return replace(table, cells=cells)

    first, second = open_at(first, 1, 1), open_at(second, 0, 0)
    (two,) = join_tables([[first], [second]], LABELS)
    sealed = tuple(replace(c, stained=0.1) if c.text == "7" else c for c in second.cells)
    (one,) = join_tables([[first], [replace(second, cells=sealed)]], LABELS)
    assert (two.n_rows, one.n_rows) == (4, 3)


def test_what_a_seal_says_in_a_cell_that_was_empty_above_does_not_keep_a_cut_row_apart() -> None:
    first = page_table(1, XS, f"{HEADER}\n.|质量指标|验收合格的工程|5\n.|时效指标|按时完成的工程数>|.")
    second = page_table(2, XS, ".|.|量|局")
    assert second.cells[-1].text == "局"
    (two,) = join_tables([[first], [second]], LABELS)
    sealed = replace(second, cells=(*second.cells[:-1], replace(second.cells[-1], stained=0.1)))
    (one,) = join_tables([[first], [sealed]], LABELS)
    assert (two.n_rows, one.n_rows) == (4, 3)


def test_a_merged_column_goes_on_beside_blanks_of_a_row() -> None:
    """Of three blanks only the first is in a column that merges and has none."""
    xs = edges(100, 100, 100, 100, 100, start=150)
    first = "一级指标|二级指标|三级指标|指标值|备注\n产出指标|数量指标|甲|1|.\n^|.|.|2|.\n效益指标|数量指标|丙|3|."
    pages = [page_table(1, xs, first), page_table(2, xs, ".|.|.|4|.")]
    (table,) = join_tables([[page] for page in pages], LABELS)
    assert [(c.row, c.row_span) for c in table.cells if c.col == 0] == [(0, 1), (1, 2), (3, 2)]
    assert [(c.row, c.row_span) for c in table.cells if c.row == 4 and c.col < 3] == [(4, 1), (4, 1)]


def test_of_a_label_printed_again_the_end_may_be_left() -> None:
    table = joined(
        f"{HEADER}\n产出指标|数量指标|甲|1\n^|质量指标|乙|2", "指标|成本指标|丙|3\n^|质量指标|丁|4"
    )
    first = [(c.row, c.row_span, c.text) for c in table.cells if c.col == 0]
    assert first == [(0, 1, "一级指标"), (1, 4, "产出指标")]


def test_a_label_printed_again_in_a_column_that_merges_goes_on() -> None:
    first = f"{HEADER}\n产出指标|数量指标|甲|1\n^|^|乙|2\n^|质量指标|丙|3"
    table = joined(first, "产出指标|质量指标|丁|4\n^|成本指标|戊|5")
    assert [(c.row, c.row_span) for c in table.cells if c.col == 1] == [(0, 1), (1, 2), (3, 2), (5, 1)]


def test_a_label_printed_again_in_a_column_that_repeats_is_another() -> None:
    first = f"{HEADER}\n产出指标|数量指标|甲|1\n^|^|乙|2\n^|质量指标|丙|3\n^|质量指标|丙|3"
    table = joined(first, "产出指标|质量指标|丁|4\n^|成本指标|戊|5")
    assert (5, 1) in [(c.row, c.row_span) for c in table.cells if c.col == 1]


def test_a_row_is_one_where_only_its_date_would_be_missing() -> None:
    xs = edges(100, 100, 100, 100, start=150)
    first = "二级指标|三级指标|指标值|完成时限\n数量指标|培训>|12|九月\n^|饮水便利程>|全面覆>|九月"
    below = ".|度|盖|.\n社会效益|知晓率|9|九月\n.|满意|8|九月"
    (table,) = join_tables([[page_table(1, xs, first)], [page_table(2, xs, below)]], LABELS)
    assert table.n_rows == 5
    assert texts(table, 2) == ["饮水便利程度", "全面覆盖", "九月"]


def test_running_numbers_of_merged_rows_do_not_go_on() -> None:
    table = joined(f"{HEADER}\n1|数量指标|甲|1\n^|质量指标|乙|2", "2|成本指标|丙|3\n^|质量指标|丁|4")
    assert [(c.row, c.row_span) for c in table.cells if c.col == 0] == [(0, 1), (1, 2), (3, 2)]


def test_a_number_that_is_not_parted_leaves_more_room() -> None:
    xs = edges(100, 100, 100, 73, start=150)
    first = "二级指标|三级指标|指标值|依据\n数量指标|培训|12|台账\n质量指标|合格|95|财预"
    below = ".|.|.|2024123号\n社会效益|知晓率|9|台账"
    (table,) = join_tables([[page_table(1, xs, first)], [page_table(2, xs, below)]], LABELS)
    assert table.n_rows == 4
    assert texts(table, 2)[-1] == "财预2024123号"


@pytest.mark.parametrize(("item", "rows"), [("目标2：", 3), ("目标3：", 4), ("", 4)])
def test_a_list_goes_on_beside_a_label_that_is_printed_again(item: str, rows: int) -> None:
    first = f"{HEADER}\n年度绩效目标|目标1：改善库房保管条件|<|<"
    for label in ("年度绩效目标", "年度绩效a"):
        second = f"{label}|{item}方便群众查阅|<|<\n产出指标|.|知晓率|9"
        table = joined(first, second, LABELS | {"年度绩效目标"})
        assert table.n_rows == rows
        assert texts(table, 1)[0] == "年度绩效目标"


def test_columns_that_leave_cells_blank_have_blanks_of_their_own_at_a_break() -> None:
    """The income of a budget ends before its expenditure does."""
    head = "项目|预算数|项目|预算数"
    first = f"{head}\n一、拨款|9.00|一、外交|2.00\n.|.|二、国防|3.00\n.|.|三、教育|4.00\n.|.|四、科技|5.00"
    table = joined(first, ".|.|五、文化|6.00\n合计|9.00|合计|20.00")
    assert table.n_rows == 7
    assert len(table.cells) == 28


def test_a_merged_column_goes_on_though_another_has_blanks() -> None:
    first = f"{HEADER}\n产出指标|.|举办法治|9\n^|.|知晓率|9\n^|.|合格率|9"
    table = joined(first, ".|.|及时率|9\n.|.|普及率|9")
    (level,) = [c for c in table.cells if c.text == "产出指标"]
    assert level.row_span >= 4


def test_a_row_cut_in_a_cell_of_one_line_is_one_beside_a_label_printed_again_in_part() -> None:
    xs = edges(180, 150, 150, 100, 73, start=150)
    head = "二级指标|三级指标|指标值描述|指标值|依据"
    rows = "\n".join(f"数量指标|知晓率|测算|{n}|台账" for n in range(90, 93))
    first = f"{head}\n{rows}\n满意度指标|满意率|测算|99|可行性"
    for said, count in (("满意度指", 6), ("数量指标", 7)):
        below = f"{said}|.|.|.|研究\n{rows.splitlines()[0]}"
        (table,) = join_tables([[page_table(1, xs, first)], [page_table(2, xs, below)]], LABELS)
        assert table.n_rows == count
    (table,) = join_tables(
        [[page_table(1, xs, first)], [page_table(2, xs, f"满意度指标|.|.|.|研究\n{rows}")]], LABELS
    )
    assert texts(table, 4) == ["满意度指标", "满意率", "测算", "99", "可行性研究"]


def test_a_label_cut_to_the_right_of_words_of_their_own_cuts_its_row() -> None:
    known = LABELS | {"财政审核意见"}
    table = joined(f"{HEADER}\n部门申|部门意见|财政审>|审核意见", "报意见|签字（公章）|核意见|签字", known)
    assert table.n_rows == 2
    assert texts(table, 1)[2] == "财政审核意见"


def test_a_label_cut_to_the_left_of_words_of_their_own_goes_on_over_two_rows() -> None:
    table = joined(f"{HEADER}\n服务对象满>|知晓率|群众|很高", "意度指标|参与率|干部|较高")
    assert table.n_rows == 3
    assert [c.row_span for c in table.cells if c.text == "服务对象满意度指标"] == [2]

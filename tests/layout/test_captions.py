"""Title and captions of a table, from the lines above it."""

from drawn_pages import reading

from shenbao.layout.captions import REACH, lines_over, title_and_captions
from shenbao.models.stages import FlatMark, Grid, ReadLine

H = 20.0
TOP = 400.0
GRID = Grid((100.0, 500.0, 900.0), (TOP, TOP + 60), ())


def line(text: str, x: float, y: float, height: float = H) -> ReadLine:
    return ReadLine((x, y, x + len(text) * height, y + height), reading(text))


def centred(text: str, y: float, height: float = H) -> ReadLine:
    return line(text, 500 - len(text) * height / 2, y, height)


def above(*lines: ReadLine, after: float = 0.0) -> tuple[str, tuple[str, ...]]:
    return title_and_captions(GRID, after, lines, H)


def test_title_and_captions() -> None:
    lines = (
        centred("项目绩效目标申报表", 290, 32),
        centred("（2021年度）", 335),
        line("申报单位：朝阳县司法局", 100, 365),
        line("单位：万元", 800, 365),
    )
    assert above(*lines) == ("项目绩效目标申报表", ("（2021年度）", "申报单位：朝阳县司法局", "单位：万元"))


def test_a_title_over_two_lines() -> None:
    lines = (centred("县本级部门预算项目（政策）", 270, 30), centred("绩效目标申报表", 310, 30))
    assert above(*lines) == ("县本级部门预算项目（政策）绩效目标申报表", ())


def test_what_stands_within_a_seal_is_no_title() -> None:
    lines = (centred("项目绩效目标申报表", 270, 32), centred("旗应急管", 350, 32))
    seal = FlatMark("seal", "round", "red", 500.0, 430.0, 220.0, 220.0, 0.0, 0.9)
    hand = FlatMark("handwriting", None, "grey", 500.0, 430.0, 220.0, 220.0, 0.0, 0.9)
    assert title_and_captions(GRID, 0.0, lines, H, [seal]) == ("项目绩效目标申报表", ("旗应急管",))
    assert title_and_captions(GRID, 0.0, lines[1:], H, [seal]) == ("", ("旗应急管",))
    assert title_and_captions(GRID, 0.0, lines[1:], H, [hand])[0] == "旗应急管"


def test_only_captions() -> None:
    assert above(line("申报单位：县司法局", 100, 360)) == ("", ("申报单位：县司法局",))


def test_nothing_above() -> None:
    assert above() == ("", ())


def test_lines_far_above_belong_to_something_else() -> None:
    far = TOP - (REACH + 1) * H
    assert above(centred("关于批复预算的通知", far, 30)) == ("", ())


def test_lines_below_the_top_do_not_belong_to_the_table() -> None:
    assert above(centred("项目绩效目标申报表", TOP + 100, 30)) == ("", ())


def test_lines_before_the_end_of_the_table_above_belong_to_that() -> None:
    lines = (centred("备注：数据为预算数", 300), centred("政府采购预算表", 350, 30))
    assert above(*lines, after=330) == ("政府采购预算表", ())


def test_lines_without_a_character_are_left_out() -> None:
    empty = ReadLine((300.0, 340.0, 700.0, 380.0), reading(""))
    assert above(empty, centred("项目绩效目标申报表", 340, 30)) == ("项目绩效目标申报表", ())


def test_a_page_number_in_the_middle_is_no_title() -> None:
    assert above(centred("3", 340, 40))[0] == ""


def test_prose_above_is_neither_title_nor_caption() -> None:
    lines = (
        centred("截至上年末本部门固定资产原值三百一十万元主要为房屋、车辆和", 250),
        line("专用设备，资产使用状况良好。", 100, 280),
        line("单位构成见下表。", 140, 310),
        centred("部门机构设置情况", 345, 26),
    )
    assert above(*lines) == ("部门机构设置情况", ())


def test_a_heading_above_is_no_caption_but_a_numbered_title_is_a_title() -> None:
    lines = (line("二、机构设置情况", 140, 300), centred("18、普法宣传经费绩效目标表", 340, 26))
    assert above(*lines) == ("18、普法宣传经费绩效目标表", ())


def grid(x0: float, y0: float, x1: float, y1: float) -> Grid:
    return Grid((x0, x1), (y0, y1), ())


LEFT, RIGHT = grid(100, TOP, 480, 700), grid(560, TOP + 10, 960, 600)


def over(which: Grid, grids: list[Grid], *lines: ReadLine) -> list[str]:
    return [x.reading.text for x in lines_over(which, grids, lines, H)]


def test_tables_side_by_side_have_their_own_lines() -> None:
    lines = (
        line("收入预算表", 230, 330),
        line("支出预算表", 700, 330),
        line("单位：万元", 370, 370),
        line("单位：元", 880, 370),
    )
    assert over(LEFT, [LEFT, RIGHT], *lines) == ["收入预算表", "单位：万元"]
    assert over(RIGHT, [LEFT, RIGHT], *lines) == ["支出预算表", "单位：元"]


def test_a_line_over_both_tables_belongs_to_both() -> None:
    lines = (line("二〇二一年度收支情况", 430, 320),)
    assert over(LEFT, [LEFT, RIGHT], *lines) == over(RIGHT, [LEFT, RIGHT], *lines) == ["二〇二一年度收支情况"]


def test_a_table_below_two_others_has_the_lines_between() -> None:
    below = grid(100, 900, 960, 1100)
    lines = (line("收入预算表", 230, 330), line("备注说明", 700, 650), line("合计表", 480, 850))
    assert over(below, [LEFT, RIGHT, below], *lines) == ["合计表"]


def test_a_table_in_a_cell_has_no_lines() -> None:
    inner = grid(150, 500, 400, 600)
    assert over(inner, [LEFT, inner], line("收入预算表", 230, 330)) == []


def test_a_lone_table_takes_lines_of_the_whole_width() -> None:
    small = grid(400, TOP, 600, 700)
    assert over(small, [small], line("申报单位：县司法局", 100, 360)) == ["申报单位：县司法局"]

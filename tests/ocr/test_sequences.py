"""Numbers that follow from their neighbours."""

from shenbao.models.stages import JoinedCell
from shenbao.ocr.sequences import asked, repeated


def column(*texts: str) -> dict[int, str]:
    return asked([JoinedCell(row, 0, 1, 1, ()) for row in range(len(texts))], texts)


def row(*texts: str) -> dict[int, str]:
    return asked([JoinedCell(0, col, 1, 1, ()) for col in range(len(texts))], texts)


def test_an_item_between_two_others_has_the_number_between_theirs() -> None:
    assert column("一、外交支出", "二、国防支出", "一、教育支出", "四、科技支出") == {2: "三、教育支出"}
    assert column("（一）本年", "（三）上年", "(三)其他") == {1: "(二)上年"}
    assert column("9.车辆", "1.房屋", "11.其他") == {1: "10.房屋"}
    assert column("十九、甲", "三十、乙", "二十一、丙") == {1: "二十、乙"}


def test_a_lost_number_is_put_back() -> None:
    assert column("一、外交支出", "国防支出", "三、教育支出") == {1: "二、国防支出"}
    assert column("一、外交支出", "=、国防支出", "三、教育支出") == {1: "二、国防支出"}
    assert column("二、外交支出", "三国防支出", "四、教育支出") == {1: "三、国防支出"}
    assert column("2.外交支出", "3·国防支出", "4.教育支出") == {1: "3.国防支出"}


def test_several_cells_between_items_are_theirs() -> None:
    assert column("一、收入", "其中：拨款", "其他", "三、结转") == {}
    assert column("1.甲", "2.乙", "1.丙", "2.丁") == {}


def test_nothing_is_asked_where_neighbours_lost_their_numbers_too() -> None:
    assert column("二十五、甲", "十六、乙", "二十七、丙", "十八、丁", "二十九、戊") == {}


LISTED = ("一、甲", "二、乙", "三、丙", "四、丁", "五、戊", "六、己")


def test_several_numbers_in_a_row_are_told_by_a_column_that_lists_its_items_one_below_the_other() -> None:
    lost = column(*LISTED, "匕、庚", "入辛", "二、壬", "十、癸")
    assert lost == {6: "七、庚", 7: "八、入辛", 8: "九、壬"}
    assert column(*LISTED[:5], "匕、庚", "入辛", "二、壬") == {}  # too few follow
    assert column(*LISTED, "", "入、辛", "二、壬", "十、癸") == {}  # no item in one row


def test_the_first_item_of_a_list_has_its_number() -> None:
    assert column("收入", "甲", *LISTED[1:], "七、庚") == {1: "一、甲"}
    assert column("收入", "", *LISTED[1:], "七、庚") == {}


def test_amounts_and_empty_cells_are_no_items() -> None:
    assert column("1.5", "2.5", "4.5") == {}
    assert column("一、外交支出", "", "三、教育支出") == {}


def test_figures_of_a_row_follow_one_another() -> None:
    assert row("栏次", "1", "2", "8", "4", "5") == {3: "3"}
    assert row("栏次", "1", "-", "3", "4", "5") == {2: "2"}
    assert row("1", "2", "3", "", "5") == {3: "4"}


def test_figures_of_a_column_follow_one_another() -> None:
    assert column("序号", "1", "2", "3", "1", "5", "6") == {4: "4"}


def test_other_numbers_are_no_sequence() -> None:
    assert row("8", "9", "12") == {}
    assert row("10", "3", "12", "7", "14") == {}
    assert row("1", "2", "7", "9", "5", "8") == {}


def dates(*texts: str, sure: float = 0.9) -> dict[int, str]:
    cells = [JoinedCell(row, 0, 1, 1, ()) for row in range(len(texts))]
    return repeated(cells, texts, [sure] * len(texts))


def test_the_date_that_a_column_repeats_is_asked_of_its_other_cells() -> None:
    column = ["2026年12月"] * 4
    assert dates(*column, "2028年12月", "209年12月") == {4: "2026年12月", 5: "2026年12月"}
    assert dates(*column, "2026 年12月", "长期", "100") == {}


def test_dates_that_differ_ask_for_nothing() -> None:
    assert dates("2026年6月", "2026年6月", "2026年8月") == {}
    assert dates(*["2026年6月"] * 4, *(f"2026年{month}月" for month in range(7, 12))) == {}
    assert dates(*["2026年6月"] * 4, "2026年8月", sure=0.5) == {}

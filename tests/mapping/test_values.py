from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shenbao.mapping.values import (
    ValueGrammar,
    date_value,
    money_value,
    month_value,
    number_value,
    percent_value,
    period_value,
    year_value,
)
from shenbao.mapping.vocabulary import load_vocabulary

GRAMMAR = ValueGrammar(load_vocabulary().units, load_vocabulary().operators)


@pytest.mark.parametrize(
    ("printed", "operator", "number", "unit"),
    [
        ("≥95 %", "≥", "95", "%"),
        ("≥ 95 百分比", "≥", "95", "%"),
        ("≤2000元/件", "≤", "2000", "元/件"),
        ("≤2000 元／件", "≤", "2000", "元/件"),
        ("100%", "", "100", "%"),
        ("365天", "", "365", "天"),
        ("≤0.03 万元", "≤", "0.03", "万元"),
        ("＞＝９５％", "≥", "95", "%"),
        (">=1,000件", "≥", "1000", "件"),
        ("≧48小时", "≥", "48", "小时"),
        ("＝12个月", "=", "12", "月"),
        ("=12 月", "=", "12", "月"),
        ("不低于95%", "≥", "95", "%"),
        ("不超过 5天", "≤", "5", "天"),
        ("大于等于 150 件", "≥", "150", "件"),
        ("95%以上", "≥", "95", "%"),
        ("48小时以内", "≤", "48", "小时"),
        ("1 套/人", "", "1", "套/人"),
        ("≤0.5万元/站/年", "≤", "0.5", "万元/站/年"),
        ("≥1000 平米", "≥", "1000", "平方米"),
        ("≥1000㎡", "≥", "1000", "平方米"),
        ("≥20 摄氏度", "≥", "20", "摄氏度"),
        ("≥50", "≥", "50", ""),
        ("＜3次", "<", "3", "次"),
        ("100.00%", "", "100", "%"),
    ],
)
def test_a_value_cell_is_taken_apart(printed: str, operator: str, number: str, unit: str) -> None:
    pieces = GRAMMAR.split(printed)
    assert (pieces.operator.value, pieces.number.value, pieces.unit.value) == (operator, number, unit)
    assert not pieces.words
    assert pieces.sure


@pytest.mark.parametrize(
    "printed",
    [
        "较上年有所提高", "未涉及", "——", "", "12月31日", "2021年底前完成发放", "较上年提高 10%",
        "90%左右", "30-50人", "2024年", "符合", "年底前完成各项工作",
    ],
)  # fmt: skip
def test_words_stay_whole(printed: str) -> None:
    pieces = GRAMMAR.split(printed)
    assert pieces.words
    assert pieces.number.text == pieces.number.value == printed
    assert pieces.operator.text == pieces.unit.text == ""


def test_pieces_are_as_printed() -> None:
    pieces = GRAMMAR.split("≥ 95 百分比")
    assert (pieces.operator.text, pieces.number.text, pieces.unit.text) == ("≥", "95", "百分比")
    assert GRAMMAR.split("＞＝１，０００件").number.text == "１，０００"


def test_a_month_as_value_has_the_month_form() -> None:
    assert GRAMMAR.split("2024 年 12 月").number.value == "2024-12"


def test_an_operator_alone_is_no_sure_value() -> None:
    pieces = GRAMMAR.split("≥")
    assert pieces.operator.value == "≥"
    assert not pieces.sure


def test_a_new_unit_is_kept_as_printed_and_doubted() -> None:
    pieces = GRAMMAR.split("≥3艘船")
    assert (pieces.number.value, pieces.unit.value, pieces.sure) == ("3", "艘船", False)


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("≥", "≥"), ("≧", "≥"), ("⩾", "≥"), ("＞＝", "≥"), ("不低于", "≥"), ("＝", "="), ("≦", "≤"),
        ("不超过", "≤"), ("＜", "<"), ("", ""), (" ", ""), ("-", ""), ("——", ""), ("文字描述", ""), ("定性", ""),
        ("V", None), ("95", None),
    ],
)  # fmt: skip
def test_operators(printed: str, value: str | None) -> None:
    assert GRAMMAR.operator_value(printed) == value


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("百分比", "%"), ("％", "%"), ("平米", "平方米"), ("个月", "月"), ("元／人／月", "元/人/月"),
        ("万 元", "万元"), ("", ""), ("提升", None), ("元/提升", None), ("百分点", "百分点"),
    ],
)  # fmt: skip
def test_units(printed: str, value: str | None) -> None:
    assert GRAMMAR.unit_value(printed) == value


def test_unit_kinds() -> None:
    kinds = [GRAMMAR.unit_kind(unit) for unit in ("%", "万元", "元/件", "人", "天", "提升")]
    assert kinds == ["rate", "money", "price", "count", "time", None]


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("845.44", ("845.44", None)), ("13.520000", ("13.52", None)), ("1，295.78", ("1295.78", None)),
        ("104.08 万元", ("104.08", "万元")), ("0", ("0", None)), ("-0.00", ("0", None)), ("万元", None),
        ("1,29", None), ("12.", None), ("", None),
    ],
)  # fmt: skip
def test_money(printed: str, value: tuple[str, str | None] | None) -> None:
    assert money_value(printed) == value


@pytest.mark.parametrize(
    ("printed", "value"),
    [("（1,295.78）", "-1295.78"), ("(12.5)", "-12.5"), ("△132", "-132"), ("-9.00", "-9")],
)
def test_amounts_below_zero(printed: str, value: str) -> None:
    assert money_value(printed) == (value, None)


@pytest.mark.parametrize("printed", ["（1）", "(12)", "(1.2", "（无）"])
def test_brackets_alone_make_no_amount(printed: str) -> None:
    assert money_value(printed) is None


def test_percent() -> None:
    assert [percent_value(t) for t in ("50%", "50.00", "５０％", "百分之50", "50百分比", "")] == [
        "50", "50", "50", "50", "50", None,
    ]  # fmt: skip


def test_months_dates_years() -> None:
    assert month_value("2021年12月") == "2021-12"
    assert month_value("2021 年 1 月") == "2021-01"
    assert month_value("2021年13月") is None
    assert month_value("12月") is None
    assert date_value("2022-12-31") == date_value("2022年12月31日") == "2022-12-31"
    assert date_value("2021年12月") == "2021-12"
    assert year_value("（2021年度）") == year_value("2021") == "2021"


@pytest.mark.parametrize(
    "printed",
    [
        "2021年1月 — 2021年12月", "2021年1月-2021年12月", "2021年1月至2021年12月", "2021年1月至12月",
        "2021.01～2021.12", "2021-01-01至2021-12-31", "2021年1月1日——2021年12月31日", "2021年", "2021年度",
    ],
)  # fmt: skip
def test_periods(printed: str) -> None:
    assert period_value(printed) == "2021-01/2021-12"


def test_no_period() -> None:
    assert period_value("长期") is None
    assert period_value("2021年1月至") is None


@given(st.decimals(min_value=0, max_value=10**9, allow_nan=False, places=2))
def test_numbers_keep_their_worth_and_have_one_form(amount: Decimal) -> None:
    plain, grouped = number_value(str(amount)), number_value(f"{amount:,}")
    assert plain is not None
    assert plain == grouped
    assert Decimal(plain) == amount
    assert number_value(plain) == plain


OPERATORS = st.sampled_from(["", "≥", "≤", "=", "＞", "不低于"])
UNITS = st.sampled_from(["%", "万元", "元/件", "个月", "百分比", "人", ""])
BLANKS = st.sampled_from(["", " ", "　"])


@given(OPERATORS, BLANKS, st.integers(0, 10**6), BLANKS, UNITS)
def test_pieces_put_together_give_the_print(
    operator: str, blank: str, number: int, other: str, unit: str
) -> None:
    printed = f"{operator}{blank}{number}{other}{unit}".strip()
    pieces = GRAMMAR.split(printed)
    assert (pieces.operator.text, pieces.number.text, pieces.unit.text) == (operator, str(number), unit)
    assert pieces.number.value == str(number)


@given(st.text(max_size=12))
def test_any_text_is_split_without_loss(printed: str) -> None:
    pieces = GRAMMAR.split(printed)
    if pieces.words:
        assert pieces.number.text == printed.strip()
    for piece in (pieces.operator, pieces.number, pieces.unit):
        assert piece.text in printed


@pytest.mark.parametrize(
    ("text", "unit"),
    [("元/人7月", "元/人/月"), ("元l件", "元/件"), ("人7", None), ("7", None), ("件1", None)],
)
def test_a_stroke_in_a_unit(grammar: ValueGrammar, text: str, unit: str | None) -> None:
    assert grammar.unit_value(text) is None
    assert grammar.near_unit(text) == unit


@pytest.mark.parametrize(
    ("text", "parts"),
    [("一2\n≥100次", ("≥", "100", "次")), ("A\n≥200次", ("≥", "200", "次")), ("≥92%.", ("≥", "92", "%")),
     ("·≤4万元", ("≤", "4", "万元"))],
)  # fmt: skip
def test_specks_around_a_value(grammar: ValueGrammar, text: str, parts: tuple[str, ...]) -> None:
    pieces = grammar.split(text)
    assert (pieces.operator.value, pieces.number.value, pieces.unit.value) == parts
    assert not pieces.sure


@pytest.mark.parametrize("text", ["完成率达标\n较上年提高", "12月31日", "效果明显。", "第5次会议"])
def test_words_are_left_whole(grammar: ValueGrammar, text: str) -> None:
    assert grammar.split(text).words


@pytest.mark.parametrize("mark", "一二-—~至")
def test_the_dash_of_a_period_read_as_a_word(mark: str) -> None:
    assert period_value(f"2021年1月{mark}2021年12月") == "2021-01/2021-12"


@pytest.mark.parametrize(
    ("text", "unit", "kind"),
    [("元/人·月", "元/人·月", "price"), ("元/人.天", "元/人·天", "price"), ("万页", "万页", None), ("万元/平米", "万元/平方米", "price"),
     ("平方千米", "平方公里", "count")],
)  # fmt: skip
def test_compound_units(grammar: ValueGrammar, text: str, unit: str, kind: str | None) -> None:
    assert grammar.unit_value(text) == unit
    assert kind is None or grammar.unit_kind(unit) == kind


@pytest.mark.parametrize("text", ["元/某", "万年", "某", "元·", "7/人"])
def test_no_unit(grammar: ValueGrammar, text: str) -> None:
    assert grammar.unit_value(text) is None


@pytest.mark.parametrize(
    ("text", "operator"),
    [("1≥", "≥"), ("≥\n4", "≥"), ("·≤.", "≤"), ("1≥ ≤", None), ("二7", None), ("≥ 以上", None), ("", None),
     ("A12B3≥", None)],
)  # fmt: skip
def test_an_operator_among_specks(grammar: ValueGrammar, text: str, operator: str | None) -> None:
    assert grammar.near_operator(text) == operator


@pytest.mark.parametrize(
    ("text", "unit"),
    [("%\n1", "%"), ("A\n元/件", "元/件"), ("网\nE\n%", None), ("1\n1", None), ("人\n个", None)],
)
def test_a_unit_above_or_below_a_speck(grammar: ValueGrammar, text: str, unit: str | None) -> None:
    assert grammar.near_unit(text) == unit


def test_times_of_what_is_counted(grammar: ValueGrammar) -> None:
    assert grammar.unit_value("辆次") == "辆次"
    assert grammar.unit_kind("辆次") == "count"
    assert grammar.unit_value("台件") == "台件"
    assert grammar.unit_kind("台件") == "count"
    assert grammar.unit_value("元件") is None
    assert grammar.split("4363台件").unit.value == "台件"
    assert grammar.unit_value("元次") is None
    assert grammar.split("42810辆次").unit.value == "辆次"


@pytest.mark.parametrize(
    ("printed", "value"),
    [("2021年1月 — 2021年12月", "2021-01/2021-12"), ("2023—2025年", "2023-01/2025-12"), ("2021年", "2021年"),
     ("10%-20%", "10%-20%"), ("3-5次", "3-5次")],
)  # fmt: skip
def test_a_period_as_value_has_the_period_form(grammar: ValueGrammar, printed: str, value: str) -> None:
    assert grammar.split(printed).number.value == value

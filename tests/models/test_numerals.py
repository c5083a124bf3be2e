import pytest

from shenbao.models.numerals import numeral, numeral_value


@pytest.mark.parametrize(
    ("value", "text"),
    [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (35, "三十五"), (99, "九十九")],
)
def test_a_value_and_its_numeral(value: int, text: str) -> None:
    assert numeral(value) == text
    assert numeral_value(text) == value


def test_all_values_come_back() -> None:
    assert [numeral_value(numeral(n)) for n in range(1, 100)] == list(range(1, 100))


@pytest.mark.parametrize("text", ["", "二三", "十二三", "二三十"])
def test_other_texts_are_no_numerals(text: str) -> None:
    assert numeral_value(text) == 0

import pytest

from shenbao.mapping.known import known_texts


@pytest.mark.parametrize("text", ["一级指标", "产出指标", "社会效益指标", "预算数", "万元", "工资福利支出"])
def test_printed_forms_are_known(text: str) -> None:
    assert text in known_texts()


@pytest.mark.parametrize("text", ["", "财政收人", "局级指标", "845.44"])
def test_others_are_not(text: str) -> None:
    assert text not in known_texts()


def test_known_texts_hold_no_blanks() -> None:
    assert all(text == "".join(text.split()) for text in known_texts())

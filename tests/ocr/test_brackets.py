import pytest

from shenbao.ocr.brackets import brackets, official_lines, unpaired


@pytest.mark.parametrize(
    "text",
    [
        "",
        "预算金额(万元)",
        "预算金额（万元)",
        "财预〔2022〕108号《办法（试行）》",
        "1）购置设备；2）安装",
        "目标：\na)完成",
        "”三公”经费",
    ],
)
def test_print_pairs_its_brackets(text: str) -> None:
    assert unpaired(text) == 0


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("预算金额(万元", 1),
        ("预算金额万元）", 1),
        ("〔2023]14号", 1),
        ("部门](单位)名称", 1),
        ("《办法（试行》", 2),
        (")(", 2),
    ],
)
def test_halves_are_counted(text: str, count: int) -> None:
    assert unpaired(text) == count


def test_every_bracket_counts() -> None:
    assert brackets("财预〔2022]108号（试行)") == 4
    assert brackets("“三公”经费") == 0


@pytest.mark.parametrize(
    ("text", "official"),
    [
        ("会议纪要[2023]14号", "会议纪要〔2023〕14号"),
        ("财预（2022）108号文件", "财预〔2022〕108号文件"),
        ("国发〔2014]第45号", "国发〔2014〕第45号"),
        ("国发〔2014〕45号", None),
        ("年度报告（2023）", None),
        ("标准（1234）5号", None),
    ],
)
def test_the_year_of_a_documents_number_stands_in_hexagonal_brackets(text: str, official: str | None) -> None:
    assert official_lines([text]) == [official]


def test_a_documents_number_may_be_wrapped() -> None:
    assert official_lines(["会议纪要[20", "23]14号"]) == ["会议纪要〔20", "23〕14号"]
    assert official_lines(["财预", "(2023〕", "7号"]) == [None, "〔2023〕", None]

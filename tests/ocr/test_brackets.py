import pytest

from shenbao.ocr.brackets import brackets, unpaired


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

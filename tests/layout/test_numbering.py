import pytest

from shenbao.layout.numbering import (
    is_contents_entry,
    is_contents_title,
    is_figure_caption,
    is_page_number,
    numbering,
)


@pytest.mark.parametrize(
    ("text", "level", "value", "rest"),
    [
        ("第一部分　部门概况", 1, 1, "部门概况"),
        ("第十二章 总则", 1, 12, "总则"),
        ("一、部门职责", 2, 1, "部门职责"),
        ("二十、其他", 2, 20, "其他"),
        ("（三）收入说明", 3, 3, "收入说明"),
        ("(十一)规划", 3, 11, "规划"),
        ("4. 政府采购", 4, 4, "政府采购"),
        ("12、政府采购", 4, 12, "政府采购"),
        ("（2）会议费", 5, 2, "会议费"),
        ("③培训费", 5, 3, "培训费"),
    ],
)
def test_numbers_of_headings(text: str, level: int, value: int, rest: str) -> None:
    found = numbering(text)
    assert found is not None
    assert (found.level, found.value, found.rest) == (level, value, rest)


@pytest.mark.parametrize(
    "text", ["2023年预算", "1.5万元", "1,204.50", "一般公共预算", "第三方机构", "", "（2021年度）"]
)
def test_what_is_no_number_of_a_heading(text: str) -> None:
    assert numbering(text) is None


@pytest.mark.parametrize("text", ["- 3 -", "— 12 —", "3", "第 3 页 共 8 页", "第4页", "2/9", "·7·", "iv"])
def test_page_numbers(text: str) -> None:
    assert is_page_number(text)


@pytest.mark.parametrize("text", ["2023年", "一、", "12.5", "预算", "三", ""])
def test_no_page_numbers(text: str) -> None:
    assert not is_page_number(text)


def test_entries_of_a_contents() -> None:
    assert is_contents_entry("总体绩效目标.....3")
    assert is_contents_entry("二、机构设置……………2")
    assert is_contents_entry("六、部门主管专项资金 错误!未定义书签。")
    assert is_contents_entry("一、部门职责 ………")
    assert not is_contents_entry("2023年预算收入4277.75万元")
    assert not is_contents_entry("见附件3")


def test_titles_of_a_contents_and_captions_of_figures() -> None:
    assert is_contents_title("目　录") and is_contents_title("2024年部门预算信息公开目录")
    assert not is_contents_title("目录如下所示")
    assert is_figure_caption("图1　支出结构") and is_figure_caption("图 2-1：收入构成")
    assert not is_figure_caption("图书馆建设")

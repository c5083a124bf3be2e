"""Header rows, told by their words."""

import pytest
from drawn_pages import edges, page_table

from shenbao.layout.headers import header_rows, header_words, is_header
from shenbao.layout.join import join_tables
from shenbao.models.plain import plain


@pytest.mark.parametrize(
    "texts",
    [
        ["一级指标", "二级指标", "三级指标", "指标值"],
        ["一级指标", "二级指标", "三级指标", "绩效指标描述", "符号", "值", "单位"],
        ["科目编码", "科目名称", "本年收入"],
        ["一 级\n指标", "二级 指标", "指标值"],
        ["一级指标", "二纸指标", "三级指标", "指标值"],
        ["序号", "", "项目名称", ""],
        ["栏次", "1", "2", "3"],
    ],
)
def test_headers(texts: list[str]) -> None:
    assert is_header(texts)


@pytest.mark.parametrize(
    "texts",
    [
        [],
        ["", ""],
        ["绩效指标"],
        ["项目名称", "法律援助业务经费"],
        ["产出指标", "数量指标", "举办培训班", "12"],
        ["2010101", "行政运行", "120.50"],
        ["项目", "单位", "朝阳县司法局", "104.08", "2021年12月", "人"],
        ["绩效目标：通过开展法律援助，维护社会公平正义，一级指标二级指标都要完成"],
    ],
)
def test_rows_of_data(texts: list[str]) -> None:
    assert not is_header(texts)


def test_header_rows_of_a_table() -> None:
    drawing = """
        项目名称|法律援助|<|<
        一级指标|二级指标|指标值|<
        ^|^|符号|值
        产出指标|数量指标|≥|8
    """
    (table,) = join_tables([[page_table(1, edges(100, 120, 60, 80, start=50), drawing)]])
    assert header_rows(table) == (1, 2)


def test_words_are_plain_and_stand_once() -> None:
    words = header_words()
    assert len(words) == len(set(words)) > 30
    assert all(word == plain(word) != "" for word in words)

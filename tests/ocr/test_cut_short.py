"""Beginnings and ends of known texts are told; the texts themselves and others are not."""

import pytest

from shenbao.ocr.cut_short import is_cut_short

KNOWN = frozenset({"服务对象满意度指标", "三级指标", "计量单位", "单位", "年度资金总额："})


@pytest.mark.parametrize("text", ["服务对象满意", "级指标", "计量单", "年度资金"])
def test_a_beginning_or_an_end_is_cut_short(text: str) -> None:
    assert is_cut_short(text, KNOWN)


@pytest.mark.parametrize(
    "text", ["计量单位", "单位", "年度资金总额", "年度资金总额:", "对象满意", "其他", "12", ""]
)
def test_known_texts_and_what_none_begins_or_ends_with_are_whole(text: str) -> None:
    assert not is_cut_short(text, KNOWN)


def test_line_breaks_do_not_matter() -> None:
    assert is_cut_short("服务对象\n满意度", KNOWN)
    assert not is_cut_short("计量\n单位", KNOWN)

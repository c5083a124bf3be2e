"""Text as it is compared."""

import pytest

from shenbao.models.plain import plain


@pytest.mark.parametrize(("text", "folded"), [("一 级\n指标", "一级指标"), ("（元）", "(元)"), ("", "")])
def test_plain(text: str, folded: str) -> None:
    assert plain(text) == folded

import random
import re

import pytest
from bench.render.form import Form, FormCell
from bench.render.scramble import scrambled


def form(*texts: str) -> Form:
    cells = tuple(FormCell(row, 0, 1, 1, text, "text", "left", False) for row, text in enumerate(texts))
    return Form("family", "标题", (), (0.0, 1.0), len(texts), (), (), cells, {}, ())


def texts(made: Form) -> list[str]:
    return [cell.text for cell in made.cells]


@pytest.mark.parametrize("seed", range(5))
def test_words_and_figures_change_and_their_length_stays(seed: int) -> None:
    made = texts(scrambled(form("绩效目标申报表", "2024年12月", "≥95.5%"), random.Random(seed), 1.0))
    assert [len(text) for text in made] == [7, 8, 6]
    assert re.fullmatch(r"[\u4e00-\u9fff]{7}", made[0]) and made[0] != "绩效目标申报表"
    assert re.fullmatch(r"\d{4}[\u4e00-\u9fff]\d\d[\u4e00-\u9fff]", made[1])
    assert re.fullmatch(r"≥\d\d\.\d%", made[2])


def test_the_share_of_cells_that_change() -> None:
    many = form(*["绩效目标申报表"] * 400)
    same = texts(scrambled(many, random.Random(1), 0.6)).count("绩效目标申报表")
    assert 120 < same < 200
    assert texts(scrambled(many, random.Random(1), 0.0)) == ["绩效目标申报表"] * 400


def test_a_form_beside_is_changed_too() -> None:
    from dataclasses import replace

    both = replace(form("数量指标"), beside=form("质量指标"))
    made = scrambled(both, random.Random(2), 1.0)
    assert made.beside is not None and texts(made.beside) != ["质量指标"]

import numpy as np
import pytest

from shenbao.models.stages import Lattice, Reading
from shenbao.ocr.decode import greedy
from shenbao.ocr.lexicon import (
    Lexicon,
    broken_as,
    lexicon_of,
    lexicon_rules,
    listed,
    recognised,
    whole_looks,
    with_whole_signs,
    without_signs,
)

ALPHABET = (
    "",
    *"09.%°oa/元人实施期目日标数量最指质效财政资金：:年度总额-抽检农食品批次二十五家企业、灾害15万",
)
KNOWN = frozenset({"实施期目标", "数量指标", "质量指标", "年度资金总额", "食品批次", "次"})


def reading(*steps: dict[str, float]) -> Reading:
    """Characters with their probabilities, step by step, a sure blank behind each."""
    classes, probabilities = [], []
    for step in steps:
        row = {ALPHABET.index(char): p for char, p in step.items()}
        row.setdefault(0, max(0.0, 1.0 - sum(row.values())))
        ranked = sorted(row.items(), key=lambda item: -item[1])
        ranked += [(c, 0.0) for c in range(len(ALPHABET)) if c not in row]
        classes += [[c for c, _ in ranked[:4]], [0, 1, 2, 3]]
        probabilities += [[p for _, p in ranked[:4]], [1.0, 0.0, 0.0, 0.0]]
    return greedy(Lattice(np.array(classes, np.int32), np.array(probabilities, np.float32), ALPHABET))


def sure(text: str) -> list[dict[str, float]]:
    return [{char: 0.9999} for char in text]


def test_a_known_text_takes_the_place_of_one_that_is_hardly_likelier() -> None:
    read = reading(*sure("实施期"), {"日": 0.9, "目": 0.01}, *sure("标"))
    found = recognised([read], lexicon_of(KNOWN), words=True)
    assert read.text == "实施期日标"
    assert found is not None
    assert found.text == "实施期目标"
    assert 0.9 < found.probability < 1.0


def test_what_the_recogniser_is_sure_of_stays() -> None:
    read = reading(*sure("实施期"), {"日": 1.0 - 1e-7, "目": 1e-8}, *sure("标"))
    assert recognised([read], lexicon_of(KNOWN), words=True) is None


def test_of_two_known_texts_the_picture_decides() -> None:
    read = reading({"最": 0.6, "数": 0.2, "质": 0.001}, *sure("量指标"))
    found = recognised([read], lexicon_of(KNOWN), words=True)
    assert found is not None
    assert found.text == "数量指标"


def test_free_text_needs_more_doubt_than_words_of_the_form() -> None:
    read = reading(*sure("数"), {"最": 0.99, "量": 2e-4}, *sure("指标"))
    assert recognised([read], lexicon_of(KNOWN), words=True) is not None
    assert recognised([read], lexicon_of(KNOWN), words=False) is None


def test_a_known_text_with_a_colon_is_known() -> None:
    lexicon = Lexicon(KNOWN)
    assert "年度资金总额：" in lexicon
    assert recognised([reading(*sure("年度资金总额:"))], lexicon, words=True) is None


def test_texts_that_differ_in_more_than_half_are_not_near() -> None:
    lexicon = Lexicon(KNOWN)
    assert lexicon.near("数最指标", 3)[0] == "数量指标"
    assert lexicon.near("抽检", 3) == []
    assert "次" not in lexicon.near("批次", 1)


def test_lines_of_a_cell_are_scored_as_one() -> None:
    lines = [reading(*sure("实施期")), reading({"日": 0.9, "目": 0.05}, *sure("标"))]
    found = recognised(lines, lexicon_of(KNOWN), words=True)
    assert found is not None
    assert found.text == "实施期目标"
    assert whole_looks([*lines, Reading(())]) == []


@pytest.mark.parametrize(
    ("text", "read", "wanted"),
    [
        ("实施期目标", "实施期\n日标", "实施期\n目标"),
        ("实施期目标", "施期\n目标", "实施期\n目标"),
        ("实施期目标", "实施期日标", "实施期目标"),
        ("数量指标", "-数最\n指标", "数量\n指标"),
    ],
)
def test_line_breaks_stay_where_they_were(text: str, read: str, wanted: str) -> None:
    assert broken_as(text, read) == wanted


def test_words_of_the_form_are_likelier_than_free_text() -> None:
    rules = lexicon_rules()
    assert rules.odds > rules.odds_free > 1
    assert rules.shortest <= rules.shortest_free


def test_signs_at_the_ends_of_a_text_are_specks() -> None:
    found = without_signs([reading({"-": 0.9}, *sure("数量指标"))])
    assert found is not None
    assert found.text == "数量指标"
    assert without_signs([reading(*sure("数量指标"))]) is None


def test_signs_that_are_surely_seen_stay() -> None:
    assert without_signs([reading({"-": 1.0}, *sure("数量指标"))]) is None


def test_a_sign_behind_one_character_is_its_own() -> None:
    assert without_signs([reading(*sure("次"), {"-": 0.5})]) is None


def test_pieces_of_a_percent_sign_are_one() -> None:
    found = with_whole_signs([reading(*sure("9%"), {"0": 0.99})])
    assert found is not None and found.text == "9%"
    found = with_whole_signs([reading(*sure("9"), {"°": 0.9, "%": 0.05}, {"a": 0.9})])
    assert found is not None and found.text == "9%"


def test_circles_alone_and_stops_behind_a_percentage_are_pieces_of_its_sign() -> None:
    found = with_whole_signs([reading(*sure("90"), {"°": 0.8, "%": 0.1})])
    assert found is not None and found.text == "90%"
    found = with_whole_signs([reading(*sure("90"), {"%": 0.9}, {".": 0.9})])
    assert found is not None and found.text == "90%"


def test_other_texts_have_no_broken_percent_sign() -> None:
    assert with_whole_signs([reading(*sure("90"))]) is None
    assert with_whole_signs([reading(*sure("9%"))]) is None


def test_units_have_a_stroke_between_their_parts() -> None:
    found = with_whole_signs([reading(*sure("90元"), {"/": 0.001}, {"人": 0.99})])
    assert found is not None and found.text == "90元/人"
    assert with_whole_signs([reading(*sure("90元"))]) is None


def test_a_figure_between_the_parts_of_a_unit_is_its_stroke() -> None:
    found = with_whole_signs([reading(*sure("90元"), {"1": 0.9, "/": 0.01}, *sure("次"))])
    assert found is not None and found.text == "90元/次"


def test_a_colon_in_an_amount_is_its_point() -> None:
    found = with_whole_signs([reading(*sure("95"), {":": 0.9, ".": 0.01}, *sure("05万元"))])
    assert found is not None and found.text == "95.05万元"
    assert with_whole_signs([reading(*sure("95"), {":": 0.9, ".": 0.01}, *sure("05"))]) is None


def test_a_number_in_words_before_a_heading_has_its_stop() -> None:
    found = with_whole_signs([reading(*sure("二十五"), {"、": 0.001}, *sure("灾害"))])
    assert found is not None and found.text == "二十五、灾害"


def test_a_number_in_words_that_counts_something_stays() -> None:
    assert with_whole_signs([reading(*sure("二十五"), {"、": 0.001}, *sure("家企业"))]) is None


def test_the_number_of_an_item_is_no_misreading() -> None:
    read = reading(*sure("9"), {".": 0.9}, *sure("数量指标"))
    assert recognised([read], lexicon_of(KNOWN), words=True) is None


def test_words_behind_the_number_of_an_item_are_known_without_it() -> None:
    read = reading(*sure("二十五、食品批"), {"企": 0.9, "次": 0.01})
    found = recognised([read], lexicon_of(KNOWN), words=False)
    assert found is not None and found.text == "二十五、食品批次"


def test_a_listed_item_is_known_by_its_place_and_its_words() -> None:
    steps = [{"十": 0.99, "二": 0.002}, {"家": 0.99, "十": 0.002}, {"五": 0.7}, {"、": 0.8}]
    read = reading(*steps, *sure("食品批"), {"企": 0.9, "次": 0.01})
    found = listed([read], read.text, "二十五、食品批企", lexicon_of(KNOWN))
    assert found is not None and found.text == "二十五、食品批次"
    assert listed([read], read.text, "食品批企", lexicon_of(KNOWN)) is None
    clear = reading(*sure("十五、食品批企"))
    assert listed([clear], clear.text, "二十五、食品批企", lexicon_of(KNOWN)) is None

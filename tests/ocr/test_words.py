import numpy as np
import pytest

from shenbao.models.stages import Lattice, Reading
from shenbao.ocr.decode import greedy
from shenbao.ocr.words import Words, by_words, is_sure

ALPHABET = ("", *"政府采购合间同第一二季度投资影彩响灯盏函数提用升基层能力15之，。财款披拔拨露选")
LISTED = Words(frozenset(), ())


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


def told(*lines: Reading, words: Words = LISTED) -> str | None:
    found = by_words(lines, "".join(line.text for line in lines), words)
    return found and found.text


def test_a_doubtful_character_is_told_by_its_word() -> None:
    read = reading(*sure("政府采购合"), {"间": 0.9, "同": 0.02})
    found = by_words([read], read.text, LISTED)
    assert read.text == "政府采购合间"
    assert found is not None
    assert found.text == "政府采购合同"
    assert 0.8 < found.probability < 1.0


def test_a_word_may_go_on_in_the_next_line() -> None:
    assert told(reading(*sure("采购合")), reading({"间": 0.9, "同": 0.05})) == "采购合同"


def test_a_lost_character_comes_back() -> None:
    seen = reading(*sure("影响"), {"力": 0.6})
    lost = reading(*sure("影"), {"力": 0.6, "响": 0.2})
    whole = Reading(lost.chars, lost.lattice, (seen,))
    assert told(whole) == "影响力"


def test_what_the_recogniser_is_sure_of_stays() -> None:
    assert told(reading(*sure("政府采购合"), {"间": 1.0 - 1e-6, "同": 1e-6})) is None
    assert told(reading(*sure("政府采购合"), {"间": 0.97, "同": 1e-5})) is None


def test_a_common_character_that_makes_no_word_is_no_likelier() -> None:
    assert told(reading(*sure("灯"), {"盏": 0.6, "之": 0.3}, *sure("数"))) is None


def test_words_of_the_table_count() -> None:
    read = reading(*sure("灯"), {"函": 0.8, "盏": 0.1}, *sure("数"))
    assert told(read) is None
    assert told(read, words=Words(frozenset(), ["更换灯盏数15", "灯盏数"])) == "灯盏数"
    assert told(read, words=Words(frozenset({"灯盏数"}), ())) == "灯盏数"


def test_what_tells_apart_is_never_changed() -> None:
    read = reading(*sure("第"), {"二": 0.6, "一": 0.4}, *sure("季度"))
    assert told(read, words=Words(frozenset({"第一季度"}), ["第一季度"])) is None


def test_figures_are_never_changed() -> None:
    assert told(reading({"1": 0.6, "5": 0.4}, *sure("投资"))) is None
    assert told(reading(*sure("投"), {"1": 0.6, "资": 0.3})) is None


def test_a_wreck_stays() -> None:
    doubtful = [{char: 0.5, "之": 0.1} for char in "提用"]
    assert told(reading(*doubtful)) is None


def test_sure_cells_give_words_to_their_table() -> None:
    assert is_sure([reading(*sure("投资"))])
    assert not is_sure([reading(*sure("投"), {"资": 0.5})])
    assert not is_sure([])


def test_a_lost_stop_comes_back_to_prose() -> None:
    read = reading(*sure("投资，采购"), {"之": 0.5, "合": 0.4}, {"": 0.9, "。": 0.05})
    assert told(read) == "投资，采购之。"


@pytest.mark.parametrize(
    ("read", "text"),
    [("财政披款", "财政拨款"), ("财政拔款", "财政拨款"), ("披露", None), ("选拔", None), ("政府", None)],
)
def test_what_is_surely_read_for_its_look_alike_is_told_by_the_word(read: str, text: str | None) -> None:
    assert told(reading(*sure(read))) == text


def test_a_look_alike_that_the_table_has_again_is_told_all_the_same() -> None:
    own = Words(frozenset(), ["财政披款", "财政披款"])
    assert told(reading(*sure("财政披款")), words=own) == "财政拨款"

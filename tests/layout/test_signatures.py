"""Cells for signatures, told by words, and cells with handwriting."""

import pytest
from drawn_pages import read_cell

from shenbao.layout.signatures import flag_marked, signature_words
from shenbao.models.stages import FlatMark, GridCell, ReadCell


def row(*texts: str) -> list[ReadCell]:
    """Cells of one row, each 100 pixels wide and 40 high."""
    places = [
        GridCell(0, k, 1, 1, (100.0 * k, 0.0, 100.0 * k + 100, 40.0), (1.0, 1.0, 1.0, 1.0))
        for k in range(len(texts))
    ]
    return [read_cell(place, text) for place, text in zip(places, texts, strict=True)]


def flags(*texts: str, marks: tuple[FlatMark, ...] = ()) -> list[tuple[str, ...]]:
    return [cell.flags for cell in flag_marked(row(*texts), marks)]


def by_hand(x: float) -> FlatMark:
    return FlatMark("handwriting", None, "grey", x, 20.0, 80.0, 30.0, 0.0, 0.8)


@pytest.mark.parametrize(
    "text",
    [
        "签字（公章）",
        "负责人签字：",
        "财政部门（盖章）",
        "单位签章",
        "年 月 日",
        "签字（盖章）：2021年 月 日",
    ],
)
def test_label_for_a_signature(text: str) -> None:
    assert flags(text) == [("signature",)]


@pytest.mark.parametrize(
    "text", ["", "项目负责人", "2021年12月31日", "印章费", "加强公章管理，规范盖章流程，确保用印安全有序合规"]
)
def test_other_texts_are_none(text: str) -> None:
    assert flags(text) == [()]


def test_empty_cell_behind_the_label() -> None:
    assert flags("经办人", "", "其他") == [(), ("signature",), ()]
    assert flags("单位签章", "", "") == [("signature",), ("signature",), ()]


def test_printed_name_behind_a_person_is_no_signature() -> None:
    assert flags("负责人", "朱明哲") == [(), ()]


def test_handwritten_name_is_one() -> None:
    assert flags("负责人", "朱明哲", marks=(by_hand(150.0),)) == [(), ("signature", "handwriting")]


def test_handwriting_in_an_ordinary_cell() -> None:
    assert flags("备注", "", marks=(by_hand(150.0),)) == [(), ("handwriting",)]


def test_seals_are_not_handwriting() -> None:
    seal = FlatMark("seal", "round", "red", 150.0, 20.0, 80.0, 80.0, 0.0, 0.9)
    assert flags("备注", "12.5", marks=(seal,)) == [(), ()]


def test_flags_stay_and_are_not_repeated() -> None:
    once = flag_marked(row("单位签章"), ())
    assert flag_marked(once, ())[0].flags == ("signature",)


def test_words_are_distinct() -> None:
    words = signature_words()
    everything = [*words.signing, *words.persons, *words.dates]
    assert len(everything) == len(set(everything))

import pytest

from shenbao.ocr.twins import other_twins


@pytest.mark.parametrize(
    ("code", "others"),
    [
        ("13080021GA0CUA236F661", ["13080021GAOCUA236F661"]),
        ("48235623GCOYAKRL", ["48235623GC0YAKRL"]),
        ("48235623\nGCOYAKRL", ["48235623\nGC0YAKRL"]),
        ("63798205H1HGJX06", ["63798205HIHGJX06"]),
        ("13031124P00AN97106", ["13031124PO0AN97106", "13031124P0OAN97106"]),
    ],
)
def test_what_stands_between_letters_may_be_its_twin(code: str, others: list[str]) -> None:
    assert list(other_twins(code)) == others


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1308002110",  # an amount
        "A05010502",  # one letter, then digits
        "13031124P00468712298C",  # more digits in a row than stand between letters by chance
        "OFFICE",
        "A0B",  # too short for a code
        "数量A0B12345",
    ],
)
def test_other_texts_have_no_twins(text: str) -> None:
    assert list(other_twins(text)) == []

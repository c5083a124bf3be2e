"""The dot of a rate, told by its ink between the two measures."""

import numpy as np
import pytest

from shenbao.models.stages import CharReading, Image, Lattice, Reading
from shenbao.ocr.decode import greedy
from shenbao.ocr.middle_dots import DOT, with_middle_dots

ALPHABET = ("", "人", "月", "元", "/", DOT)


def picture(*dots: tuple[int, int, int]) -> Image:
    """A line of four characters, drawn as boxes, the last two 12 pixels apart; squares of (x, y, size) for dots."""
    page = np.full((40, 140), 255, np.uint8)
    for left in (4, 34, 64, 104):
        page[6:34, left : left + 28] = 30
        page[9:31, left + 3 : left + 25] = 255
    for x, y, size in dots:
        page[y : y + size, x : x + size] = 30
    return page


def reading(text: str) -> Reading:
    """Four characters, each where it stands in the picture."""
    rows = [(0, ALPHABET.index(char)) for char in text for _ in range(3)]
    classes = np.array([(b, a) if k % 3 == 1 else (a, b) for k, (a, b) in enumerate(rows)], np.int32)
    lattice = Lattice(classes, np.tile(np.array([[0.99, 0.01]], np.float32), (12, 1)), ALPHABET)
    places = [(x / 140, (x + 28) / 140) for x in (4, 34, 64, 104)]
    chars = tuple(CharReading(c, 0.99, (), *p) for c, p in zip(text, places, strict=True))
    return Reading(chars, lattice)


def test_a_dot_between_two_measures_is_read() -> None:
    found = with_middle_dots(picture((96, 18, 4)), reading("元/人月"))
    assert found.text == "元/人·月"
    assert found.lattice is not None and greedy(found.lattice).text == "元/人·月"
    assert 0.65 < found.chars[3].start < found.chars[3].end < 0.75


@pytest.mark.parametrize(
    "dots",
    [[], [(96, 7, 4)], [(96, 29, 4)], [(94, 14, 9)], [(92, 18, 4)], [(66, 18, 4)]],
    ids=["none", "high", "low", "large", "touching", "elsewhere"],
)
def test_other_marks_are_no_dots(dots: list[tuple[int, int, int]]) -> None:
    before = reading("元/人月")
    assert with_middle_dots(picture(*dots), before) is before


def test_between_other_characters_a_mark_is_none() -> None:
    before = reading("人元/月")
    assert with_middle_dots(picture((96, 18, 4)), before) is before


def test_further_looks_have_it_too() -> None:
    looked = Reading(reading("元/人月").chars, reading("元/人月").lattice, (reading("元/人月"),))
    assert with_middle_dots(picture((96, 18, 4)), looked).looks[0].text == "元/人·月"


def test_an_alphabet_without_the_dot_leaves_the_reading() -> None:
    before = reading("元/人月")
    assert before.lattice is not None
    poor = Reading(before.chars, Lattice(before.lattice.classes, before.lattice.probabilities, ALPHABET[:-1]))
    assert with_middle_dots(picture((96, 18, 4)), poor).text == "元/人月"

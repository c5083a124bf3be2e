"""Characters left out of a line are told by the room that was left for them, and read by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from silent_engine import Silent

from shenbao.models.stages import CharReading, Image, Lattice, Reading
from shenbao.ocr.decode import greedy
from shenbao.ocr.holes import with_left_out

ALPHABET = ("", *"减少直接经济损人：")
EM = 30


def picture(count: int, *, blank: Sequence[int] = ()) -> Image:
    """A line of so many characters, each a box 30 pixels wide, but for those that are blank."""
    page = np.full((40, EM * count + 20), 255, np.uint8)
    for k in set(range(count)) - set(blank):
        page[8:32, 13 + EM * k : 37 + EM * k] = 20
        page[11:29, 16 + EM * k : 34 + EM * k] = 255
    return page


def read_as(text: str, places: Sequence[int], count: int) -> Reading:
    """Characters read at some places of a line of so many."""
    width = EM * count + 20
    classes = [pair for c in text for pair in ((0, 1), (ALPHABET.index(c), 0), (0, 1))]
    lattice = Lattice(
        np.array(classes, np.int32),
        np.tile(np.array([[0.99, 0.01]], np.float32), (len(classes), 1)),
        ALPHABET,
    )
    spots = [((10 + EM * k) / width, (10 + EM * (k + 1)) / width) for k in places]
    return Reading(tuple(CharReading(c, 0.99, (), *s) for c, s in zip(text, spots, strict=True)), lattice)


@dataclass
class Alone(Silent):
    """An engine that reads each hole as the next of some texts."""

    texts: list[str]
    asked: list[Image] = field(default_factory=list)

    def read_lines(self, lines: Sequence[Image]) -> list[Reading]:
        self.asked += lines
        return [Reading(tuple(CharReading(c, 0.9) for c in self.texts.pop(0))) for _ in lines]

    read_worn = read_lines


@pytest.mark.parametrize(
    ("read", "places", "alone", "whole"),
    [
        ("减直接经", (0, 2, 3, 4), "少", "减少直接经"),
        ("少直接经", (1, 2, 3, 4), "减", "减少直接经"),
        ("减少直接", (0, 1, 2, 3), "经", "减少直接经"),
        ("减少经济损", (0, 1, 4, 5, 6), "直接", "减少直接经济损"),
    ],
    ids=["inside", "before", "behind", "two"],
)
def test_what_stands_in_a_hole_is_read(read: str, places: tuple[int, ...], alone: str, whole: str) -> None:
    engine = Alone([alone] * 4)
    (found,) = with_left_out([picture(len(whole))], [read_as(read, places, len(whole))], engine)
    assert found.text == whole
    assert found.lattice is not None and greedy(found.lattice).text == whole
    assert all(alone.shape[0] == 40 for alone in engine.asked)
    starts = [char.start for char in found.chars]
    assert starts == sorted(starts)


def test_the_same_character_twice_is_read_twice() -> None:
    (found,) = with_left_out([picture(5)], [read_as("人直接经", (0, 2, 3, 4), 5)], Alone(["人"] * 4))
    assert found.lattice is not None and greedy(found.lattice).text == found.text == "人人直接经"


@pytest.mark.parametrize(
    "alone",
    [["少", "少", "小", "水"], ["少少"] * 4, ["5"] * 4, [""] * 4],
    ids=["they differ", "too many", "no Chinese", "nothing"],
)
def test_what_is_not_agreed_on_or_does_not_fit_is_left_out(alone: list[str]) -> None:
    before = read_as("减直接经", (0, 2, 3, 4), 5)
    assert with_left_out([picture(5)], [before], Alone(alone)) == [before]


def test_three_of_four_looks_are_enough() -> None:
    (found,) = with_left_out(
        [picture(5)], [read_as("减直接经", (0, 2, 3, 4), 5)], Alone(["少", "小", "少", "少"])
    )
    assert found.text == "减少直接经"


@pytest.mark.parametrize(
    ("shown", "before"),
    [
        (picture(5, blank=[1]), read_as("减直接经", (0, 2, 3, 4), 5)),
        (picture(4), read_as("减少直接", (0, 1, 2, 3), 4)),
        (picture(4), read_as("减直接", (0, 2, 3), 4)),
        (picture(6), read_as("减直接：：", (0, 2, 3, 4, 5), 6)),
    ],
    ids=["blank", "no hole", "too short to tell", "signs"],
)
def test_lines_without_a_hole_are_not_read_again(shown: Image, before: Reading) -> None:
    engine = Alone([])
    assert with_left_out([shown], [before], engine) == [before]
    assert not engine.asked


def test_looks_that_left_out_the_same_have_it_too() -> None:
    before = read_as("减直接经", (0, 2, 3, 4), 5)
    other = read_as("减少直接经", (0, 1, 2, 3, 4), 5)
    looked = Reading(before.chars, before.lattice, (before, other))
    (found,) = with_left_out([picture(5)], [looked], Alone(["少"] * 4))
    assert [look.text for look in found.looks] == ["减少直接经", "减少直接经"]

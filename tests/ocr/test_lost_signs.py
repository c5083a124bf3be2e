"""Signs before figures that were not read."""

from collections.abc import Sequence

import numpy as np
import pytest
from silent_engine import Silent

from shenbao.models.stages import Image, Lattice, Reading
from shenbao.ocr.constrain import Kind, constrain
from shenbao.ocr.decode import greedy
from shenbao.ocr.lost_signs import with_lost_signs

ALPHABET = ("", "9", "0", "%", "≥", "≤", "=", "2")
H = 40.0


def reading(text: str, *, start: float = 0.0, probability: float = 0.99) -> Reading:
    """A text whose characters share the line from `start` on."""
    steps = 20
    classes, probabilities = np.zeros((steps, 2), np.int32), np.zeros((steps, 2), np.float32)
    classes[:, 1], probabilities[:, 0] = 1, 1.0
    for k, char in enumerate(text):
        step = round(steps * (start + (1.0 - start) * (k + 0.5) / len(text)))
        classes[step] = ALPHABET.index(char), 0
        probabilities[step] = probability, 1.0 - probability
    return greedy(Lattice(classes, probabilities, ALPHABET))


class Scripted(Silent):
    """An engine that gives what it is told and counts what it was asked."""

    def __init__(self, *answers: str) -> None:
        self.answers, self.asked = list(answers), list[Image]()

    def read_lines(self, lines: Sequence[Image]) -> list[Reading]:
        self.asked += lines
        return [reading(self.answers.pop(0)) for _ in lines]


def line(*, sign: bool) -> Image:
    """Three characters in the right three quarters of a line, and dots of a sign before them."""
    picture = np.full((52, 160), 255, np.uint8)
    picture[10:42, 48:150:3] = 0
    if sign:
        picture[16:36:3, 10:34:4] = 0
    return picture


def told(engine: Scripted, *, sign: bool = True, text: str = "90%") -> Reading:
    (found,) = with_lost_signs([line(sign=sign)], [reading(text, start=0.28)], [H], engine)
    return found


def test_a_sign_on_which_all_looks_agree_comes_before_the_figures() -> None:
    found = told(Scripted("2", "≥", "≥"))
    assert found.text == "≥90%"
    assert constrain(found, Kind.PERCENT).text == "≥90%"
    assert found.chars[0].probability < 0.99


@pytest.mark.parametrize("answers", [("≥", "≤", "≥"), ("9", "9", "9"), ("≥", "≥", "")])
def test_looks_that_disagree_tell_nothing(answers: tuple[str, ...]) -> None:
    assert told(Scripted(*answers)).text == "90%"


def test_figures_with_nothing_before_them_cost_no_look() -> None:
    engine = Scripted()
    assert told(engine, sign=False).text == "90%"
    assert not engine.asked


def test_ink_before_other_characters_is_left_alone() -> None:
    engine = Scripted()
    assert told(engine, text="%90").text == "%90"
    assert not engine.asked

"""What the network of print under seals learns from: forms with seals, and the same without them."""

import random

import numpy as np
import pytest
from bench.render.document import Order
from bench.render.style import Style
from bench.seals.gather import Example, examples, pair
from bench.seals.varied import varied_seal

from shenbao import Reader
from shenbao.layout.seal_print import CHANNELS
from shenbao.settings import ReadingSettings, Settings

ORDER = Order(5, ("copy",), dpis=(200,), layouts=("ministry_2021",), seals=2, turn_share=0.0)


@pytest.fixture(scope="module")
def found() -> list[Example]:
    return list(examples(Reader(Settings(reading=ReadingSettings(text_layer=False))), ORDER, 0))


def test_a_document_is_drawn_twice_alike_but_for_its_seals() -> None:
    sealed, bare = pair(ORDER, 0)
    with_, without = sealed.shots[0].pixels, bare.shots[0].pixels
    assert with_.shape == without.shape and sealed.file == bare.file
    changed = np.abs(with_.astype(np.int16) - without) > 20
    assert 0.001 < changed.mean() < 0.1
    assert (with_[changed] < without[changed]).mean() > 0.99


def test_of_each_seal_that_is_found_the_print_below_is_told(found: list[Example]) -> None:
    assert found
    for example in found:
        assert example.seen.shape == (CHANNELS, *example.print_.shape)
        dark, print_ = example.seen[0] > 150, example.print_ > 150
        assert (dark & ~print_).sum() > 200  # the seal's own ink
        assert (print_ & dark).sum() > 0.9 * print_.sum()


def test_seals_are_of_all_shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    style = Style.__new__(Style)
    monkeypatch.setattr(Style, "px", lambda _, mm: mm * 200 / 25.4)
    rng = random.Random(3)
    made = [varied_seal(rng, style, "云岭县交通运输局") for _ in range(40)]
    assert {shape for _, shape in made} == {"round", "oval", "square"}
    assert all(0.02 < mask.mean() < 0.9 and mask.max() == 1.0 for mask, _ in made)

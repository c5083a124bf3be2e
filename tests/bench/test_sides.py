"""What the network of sides learns from: the truth of sides, by the cells on both sides of them."""

import random
from pathlib import Path

import numpy as np
import pytest
from bench.render.__main__ import main as render
from bench.sides import gather
from bench.sides.gather import Example, numbered

from shenbao.layout import hidden_edges
from shenbao.layout.side_pictures import COLUMNS, FACTS, ROWS
from shenbao.models.stages import Ruling


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("forms")
    render(
        ["--out", str(out), "--count", "1", "--seed", "5", "--levels", "scan", "--layouts", "ministry_2021"]
    )
    return out


@pytest.fixture(scope="module")
def found(folder: Path) -> list[Example]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gather, "KEPT", 1.0)
        return list(gather.gather(folder, random.Random(1)))


def test_all_inner_sides_of_a_page_are_examples(found: list[Example]) -> None:
    assert len(found) > 60
    assert {e.picture.shape for e in found} == {(3, ROWS, COLUMNS)} and {len(e.facts) for e in found} == {
        FACTS
    }
    drawn = [e for e in found if e.drawn]
    assert 0.3 < len(drawn) / len(found) < 0.95  # merged cells lack some


def test_the_truth_is_what_the_pictures_show(found: list[Example]) -> None:
    def dark(e: Example) -> float:
        return float(e.picture[0, ROWS // 2 - 3 : ROWS // 2 + 3, 12:-12].max(axis=0).mean())

    assert np.median([dark(e) for e in found if e.drawn]) > 3 * np.median(
        [dark(e) for e in found if not e.drawn]
    )
    assert np.mean([e.rules == e.drawn for e in found]) > 0.98


def test_lines_that_were_taken_for_none_are_examples(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def between(xs: list[float], ys: list[float], *_: object) -> list[Ruling]:
        return [Ruling(True, 0.5 * (ys[1] + ys[2]), xs[0], xs[-1], 2.0, 1.0, 100.0)]

    found: list[Example] = []
    for kept in (0.0, 1.0):
        monkeypatch.setattr(gather, "KEPT", 0.0)
        monkeypatch.setattr(gather, "KEPT_HIDDEN", kept)
        monkeypatch.setattr(hidden_edges, "possible_lines", between)
        few, found = found, list(gather.gather(folder, random.Random(1)))
    more = [e for e in found if not any((e.picture == x.picture).all() for x in few)]
    assert len(more) > 5 and not any(e.drawn or e.rules for e in more)


def test_few_are_kept_of_which_the_rules_are_sure(folder: Path, found: list[Example]) -> None:
    assert len(list(gather.gather(folder, random.Random(1)))) < 0.6 * len(found)


def test_cells_are_numbered_where_they_lie() -> None:
    cells = [{"quad": [[2, 2], [9, 2], [9, 7], [2, 7]]}, {"quad": [[10, 2], [18, 3], [18, 7], [10, 7]]}]
    numbers = numbered({"width": 20, "height": 10, "cells": cells})
    assert numbers.shape == (10, 20)
    assert (numbers[4, 5], numbers[5, 14], numbers[9, 5], numbers[0, 0]) == (1, 2, 0, 0)

"""The sweep's conditions, its pixels, and one small rendering."""

import numpy as np
import pytest
from bench.structure import count_page
from bench.sweep import Condition, Plan, conditions, in_depth, render, rows

GRID = frozenset({(0, 0, 1, 1), (0, 1, 1, 1)})


def test_conditions_cover_both_signs_every_turn_and_every_depth() -> None:
    skews = [c.skew for c in conditions(["skew"])]
    assert skews == sorted(skews) and min(skews) == -15 and max(skews) == 15 and len(skews) == 17
    assert [c.turn for c in conditions(["turn"])] == [0, 90, 180, 270]
    assert len({(c.dpi, c.depth) for c in conditions(["dpi"])}) == 15
    names = [c.name for c in conditions(["skew", "turn", "dpi"])]
    assert len(set(names)) == len(names)


def test_depth_of_pixels() -> None:
    page = np.full((4, 6, 3), (200, 40, 40), np.uint8)
    page[:2] = 250
    grey, bitonal = in_depth(page, "grey"), in_depth(page, "bitonal")
    assert in_depth(page, "colour") is page
    assert (grey[..., 0] == grey[..., 2]).all() and len(np.unique(grey)) == 2
    assert set(np.unique(bitonal)) == {0, 255}
    assert in_depth(page[..., 0], "colour").shape == (4, 6, 3)


def test_fall_is_told_from_the_plainest_condition() -> None:
    chosen = conditions(["turn"])
    good, bad = count_page([GRID], [GRID]), count_page([GRID], [])
    table = rows(chosen, [(c.name, bad if c.turn == 90 else good) for c in chosen])
    assert [r[:3] for r in table[:2]] == [["turn 0°", 1.0, "+0.0000"], ["turn 90°", 0.0, "+1.0000"]]


def test_the_same_document_under_two_conditions() -> None:
    pytest.importorskip("bench.render.several")
    plan = Plan(31, 0, "clean")
    straight = list(render(plan, Condition("skew", skew=0, dpi=100)))
    turned = list(render(plan, Condition("turn", skew=0, dpi=100, turn=90)))
    assert [spans for _, spans in straight] == [spans for _, spans in turned]
    assert straight[0][0].shape[:2] == turned[0][0].shape[1::-1]
    assert straight[0][0].ndim == 3 and straight[0][1]

"""Structure by spans alone."""

import pytest
from bench.structure import Counts, count_page, page_spans, pair_by_spans, total

GRID = frozenset({(0, 0, 1, 2), (1, 0, 1, 1), (1, 1, 1, 1)})
OTHER = frozenset({(0, 0, 1, 1), (0, 1, 1, 1), (0, 2, 1, 1)})


def test_pages_hold_one_table_or_several() -> None:
    cell = {"r": 0, "c": 0, "rs": 1, "cs": 2}
    one = {"cells": [cell]}
    assert page_spans({"pages": [one, {"tables": [one, one]}, {"tables": []}]}) == [
        [frozenset({(0, 0, 1, 2)})],
        [frozenset({(0, 0, 1, 2)})] * 2,
        [],
    ]


def test_tables_pair_by_what_they_share() -> None:
    assert pair_by_spans([GRID, OTHER], [OTHER, GRID]) == [1, 0]
    assert pair_by_spans([GRID, OTHER], [GRID]) == [0, None]


def test_an_exact_page() -> None:
    counts = count_page([GRID], [GRID])
    assert (counts.structure_f1, counts.spans_right, counts.teds_s) == (1.0, 1.0, 1.0)
    assert counts.n["extra"] == 0


def test_a_lost_span_costs_precision_and_recall() -> None:
    split = frozenset({(0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1)})
    counts = count_page([GRID], [split])
    assert counts.structure_f1 == pytest.approx(2 * 2 / (3 + 4))
    assert counts.spans_right == 0
    assert 0.5 < counts.teds_s < 1


def test_extra_and_missing_tables_cost() -> None:
    assert count_page([], [GRID]).n["extra"] == 1
    assert count_page([], [GRID]).structure_f1 == 0
    assert count_page([GRID], []).teds_s == 0
    assert count_page([], []).structure_f1 == 1


def test_counts_add_up() -> None:
    both = total([count_page([GRID], [GRID]), count_page([OTHER], [])])
    assert both.n["pages"] == 2
    assert both.spans_right == 0.5
    assert both.structure_f1 == pytest.approx(2 * 3 / (6 + 3))
    assert total([]).structure_f1 == Counts().structure_f1 == 1

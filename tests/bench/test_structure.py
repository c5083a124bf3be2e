"""Structure by spans alone."""

import pytest
from bench.structure import Counts, compact, count_page, page_tables, pair_by_spans, total, truth_spans

GRID = frozenset({(0, 0, 1, 2), (1, 0, 1, 1), (1, 1, 1, 1)})
OTHER = frozenset({(0, 0, 1, 1), (0, 1, 1, 1), (0, 2, 1, 1)})


def cell(row: int, col: int, **more: object) -> dict[str, object]:
    return {"r": row, "c": col, "rs": 1, "cs": 1, "text": "", **more}


def test_pages_hold_one_table_or_several() -> None:
    one = {"cells": [cell(0, 0), cell(1, 0)]}
    two = {"cells": [cell(0, 0, table=0), cell(0, 0, table=1), cell(0, 1, table=1)]}
    first, second, third = page_tables({"pages": [one, two, {"cells": []}]})
    assert truth_spans(first) == [{(0, 0, 1, 1), (1, 0, 1, 1)}]
    assert truth_spans(second) == [{(0, 0, 1, 1)}, {(0, 0, 1, 1), (0, 1, 1, 1)}]
    assert [t["n_rows"] for t in first + second] == [2, 1, 1]
    assert third == []


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


def test_columns_that_a_page_does_not_show_do_not_count() -> None:
    shown = frozenset({(3, 0, 1, 4), (3, 4, 1, 3), (4, 0, 2, 4), (4, 4, 2, 3)})
    assert compact(shown) == {(0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1)}
    assert compact(GRID) == GRID
    assert compact(frozenset()) == frozenset()

"""Column edges of several pages in one frame."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shenbao.layout.columns import REACH, matched, reconciled

EDGES = [0.0, 0.1, 0.25, 0.5, 0.8, 1.0]


def test_the_same_edges_match_one_to_one() -> None:
    assert matched(EDGES, EDGES) == [(i, i) for i in range(6)]


@pytest.mark.parametrize("drift", [0.005, -0.02, 0.03])
def test_drifted_edges_match(drift: float) -> None:
    other = [e + drift * 4 * e * (1 - e) for e in EDGES]
    assert matched(other, EDGES) == [(i, i) for i in range(6)]
    assert reconciled(other, EDGES) == EDGES


def test_perspective_tells_two_columns_close_by_apart() -> None:
    """Figures of a photographed form whose last row stands on a second photo."""
    first = [0.0, 0.1078, 0.2604, 0.4879, 0.5113, 0.6788, 0.6989, 1.0]
    second = [0.0, 0.1006, 0.2463, 0.4926, 0.683, 1.0]
    assert reconciled(second, first) == [0.0, 0.1078, 0.2604, 0.5113, 0.6989, 1.0]


def test_where_edges_lie_as_they_are_no_perspective_is_taken_out() -> None:
    reference = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    assert reconciled([0.0, 0.2, 0.4, 0.62, 0.8, 1.0], reference)[1:3] == [0.2, 0.4]


def test_edges_too_far_apart_do_not_match() -> None:
    assert matched([0.5], [0.5 + 1.1 * REACH]) == []


def test_of_two_near_edges_the_nearer_matches() -> None:
    assert matched([0.3], [0.28, 0.305]) == [(0, 1)]


def test_a_column_of_other_rows_beside_one_stays_its_own() -> None:
    reference = [0.0, 0.11, 0.26, 0.54, 0.85, 1.0]
    assert reconciled([0.0, 0.11, 0.26, 0.405, 0.82, 1.0], reference) == [0.0, 0.11, 0.26, 0.405, 0.82, 1.0]


def test_where_little_else_tells_near_edges_are_one() -> None:
    assert reconciled([0.0, 0.11, 0.82, 1.0], [0.0, 0.11, 0.85, 1.0]) == [0.0, 0.11, 0.85, 1.0]


def test_a_page_with_fewer_columns() -> None:
    assert reconciled([0.0, 0.51, 1.0], EDGES) == [0.0, 0.5, 1.0]


def test_an_edge_of_its_own_lies_between_its_neighbours() -> None:
    found = reconciled([0.0, 0.11, 0.17, 0.26, 1.0], EDGES)
    assert found == pytest.approx([0.0, 0.1, 0.16, 0.25, 1.0])


def test_without_a_reference_that_fits_edges_stay() -> None:
    assert reconciled([0.4, 0.6], [0.0, 1.0]) == [0.4, 0.6]


shares = st.lists(st.floats(0.01, 0.99), max_size=12, unique=True).map(lambda x: [0.0, *sorted(x), 1.0])


@given(shares, shares)
def test_matches_are_in_order_and_near(one: list[float], other: list[float]) -> None:
    pairs = matched(one, other)
    assert [i for i, _ in pairs] == sorted({i for i, _ in pairs})
    assert [j for _, j in pairs] == sorted({j for _, j in pairs})
    assert all(abs(one[i] - other[j]) < REACH for i, j in pairs)


@given(shares, shares)
def test_reconciled_edges_stay_in_order(one: list[float], other: list[float]) -> None:
    found = reconciled(one, other)
    assert found == sorted(found)
    assert (found[0], found[-1]) == (0.0, 1.0)

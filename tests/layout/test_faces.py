"""Sides to faces: rectangles that cover the grid once."""

import numpy as np
import pytest
from drawn_pages import spans_of
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from shenbao.layout.faces import Face, Sides, merge_faces, restore

PRESENT = 0.6


def sides_of(drawing: str) -> Sides:
    """The sides of a drawing, fully drawn or not at all."""
    spans = spans_of(drawing)
    rows, cols = max(r + h for r, _, h, _ in spans), max(c + w for _, c, _, w in spans)
    across, down = np.zeros((rows + 1, cols)), np.zeros((rows, cols + 1))
    for r, c, h, w in spans:
        across[[r, r + h], c : c + w] = 1.0
        down[r : r + h, [c, c + w]] = 1.0
    return Sides(across, down)


def covered(faces: list[Face], rows: int, cols: int) -> np.ndarray:
    count = np.zeros((rows, cols), int)
    for r0, c0, r1, c1 in faces:
        count[r0:r1, c0:c1] += 1
    return count


@st.composite
def any_sides(draw: st.DrawFn) -> Sides:
    """Sides of grids up to 5 by 5, clear ones and doubtful ones."""
    rows, cols = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    support = st.one_of(st.sampled_from([0.0, 0.3, 0.59, 0.6, 1.0]), st.floats(0, 1, width=32))
    across = draw(arrays(np.float64, (rows + 1, cols), elements=support))
    return Sides(across, draw(arrays(np.float64, (rows, cols + 1), elements=support)))


@given(any_sides())
def test_faces_cover_the_grid_once(sides: Sides) -> None:
    rows, cols = sides.down.shape[0], sides.across.shape[1]
    faces = merge_faces(sides, PRESENT)
    assert (covered(faces, rows, cols) == 1).all()


@given(any_sides())
def test_sides_are_left_as_they_were(sides: Sides) -> None:
    before = sides.across.copy(), sides.down.copy()
    merge_faces(restore(sides, PRESENT), PRESENT)
    assert (sides.across == before[0]).all() and (sides.down == before[1]).all()


@pytest.mark.parametrize("bits", range(2**4))
def test_every_pattern_of_four_cells(bits: int) -> None:
    """Two by two cells: the four inner sides drawn or not. Only one missing side alone is not clear."""
    up, low, left, right = (float(bits >> k & 1) for k in range(4))
    sides = Sides(np.array([[1, 1], [left, right], [1, 1]]), np.array([[1, up, 1], [1, low, 1]]))
    faces = merge_faces(sides, PRESENT)
    assert (covered(faces, 2, 2) == 1).all()
    expected = {
        (0, 0, 0, 0): 1,
        (1, 1, 0, 0): 2,
        (0, 0, 1, 1): 2,
        (1, 0, 1, 1): 3,
        (0, 1, 1, 1): 3,
        (1, 1, 1, 0): 3,
        (1, 1, 0, 1): 3,
        (1, 1, 1, 1): 4,
    }
    if (up, low, left, right) in expected:
        assert len(faces) == expected[up, low, left, right]


@pytest.mark.parametrize(
    "drawing",
    [
        "x",
        "x|x\nx|x",
        "x|<|<\nx|x|x\n^|x|x",
        "x|x|<|x\n^|x|x|^\nx|x|x|x",
        "x|<|x\nx|x|^\n^|x|<",
        "x|<|x\nx|y|^\nx|<|<",
    ],
)
def test_drawn_spans_come_back(drawing: str) -> None:
    faces = merge_faces(sides_of(drawing), PRESENT)
    assert sorted((r0, c0, r1 - r0, c1 - c0) for r0, c0, r1, c1 in faces) == sorted(spans_of(drawing))


def test_a_half_seen_side_between_drawn_ones_is_restored() -> None:
    across = np.array([[1.0, 1.0, 1.0], [0.9, 0.4, 0.8], [1.0, 1.0, 1.0]])
    restored = restore(Sides(across, np.ones((2, 4))), PRESENT)
    assert restored.across[1].tolist() == [0.9, PRESENT, 0.8]
    assert len(merge_faces(restored, PRESENT)) == 6


@pytest.mark.parametrize("row", [[0.9, 0.2, 0.8], [0.9, 0.4, 0.5], [0.4, 0.9, 0.9]])
def test_a_side_that_is_hardly_seen_or_stands_at_the_end_is_not_restored(row: list[float]) -> None:
    across = np.array([[1.0, 1.0, 1.0], row, [1.0, 1.0, 1.0]])
    assert restore(Sides(across, np.ones((2, 4))), PRESENT).across[1].tolist() == row


def test_a_dangling_ruling_is_removed_where_little_speaks_for_it() -> None:
    """A piece just above the bar inside a merged cell; nothing else on its line."""
    sides = sides_of("x|<\n^|<\n")
    sides.across[1, 0] = 0.62
    sides.down[:, 1] = 0.1
    assert merge_faces(sides, PRESENT) == [(0, 0, 2, 2)]


def test_a_ruling_with_one_weak_side_is_completed() -> None:
    """Of three sides on one line the last is just below the bar."""
    sides = sides_of("x|<|<\nx|<|<")
    sides.across[1, 2] = 0.5
    assert merge_faces(sides, PRESENT) == [(0, 0, 1, 3), (1, 0, 2, 3)]


def test_a_side_of_which_nothing_is_known_is_drawn_where_a_ruling_ends() -> None:
    """Two rows; the ruling between them ends at the hidden side, and above all is merged."""
    nan = float("nan")
    across = np.array([[1.0, 1.0], [0.0, 1.0], [1.0, 1.0]])
    down = np.array([[1.0, nan, 1.0], [1.0, nan, 1.0]])
    faces = merge_faces(restore(Sides(across, down), PRESENT), PRESENT)
    assert sorted(faces) == [(0, 0, 2, 1), (0, 1, 1, 2), (1, 1, 2, 2)]


def test_what_is_longer_tells_more() -> None:
    """Two narrow sides of a line have gone, two wide ones beside them are drawn."""
    across = np.array([[1.0] * 4, [0.0, -0.2, 1.0, 1.0], [1.0] * 4])
    down = np.array([[1.0, 0.0, 0.0, 0.0, 1.0]] * 2)
    lengths = np.array([30.0, 50.0, 60.0, 120.0]), np.array([80.0, 80.0])
    assert merge_faces(Sides(across, down, lengths=lengths), PRESENT) == [(0, 0, 1, 4), (1, 0, 2, 4)]
    assert merge_faces(Sides(across, down), PRESENT) == [(0, 0, 2, 4)]

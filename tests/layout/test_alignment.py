"""Bands, columns and rows from boxes of print."""

import numpy as np
import pytest

from shenbao.layout.alignment import (
    Band,
    as_boxes,
    bands,
    columns,
    crossing,
    filled,
    partition,
    phrases,
    placed,
    row_cuts,
)

H = 20.0


def row(y: float, *spans: tuple[float, float]) -> list[tuple[float, float, float, float]]:
    return [(a, y, b, y + H) for a, b in spans]


def test_bands_part_at_gaps_through_the_width() -> None:
    pieces = as_boxes(row(0, (0, 50), (100, 140)) + row(30, (0, 60)) + row(42, (100, 150)) + row(90, (0, 40)))
    assert [(b.top, b.bottom) for b in bands(pieces, H)] == [(0, 20), (30, 62), (90, 110)]


def test_a_tall_piece_bridges_nothing() -> None:
    pieces = as_boxes([*row(0, (0, 50)), *row(40, (0, 50)), (60.0, 0.0, 90.0, 58.0)])
    assert len(bands(pieces, H)) >= 2


def test_columns_at_gaps_that_run_down() -> None:
    pieces = as_boxes(row(0, (0, 50), (100, 140)) + row(30, (0, 80), (110, 150)))
    assert columns(pieces, -5, 160, H) == [-5, 90, 160]


def test_narrow_gaps_part_nothing() -> None:
    pieces = as_boxes(row(0, (0, 50), (58, 140)))
    assert columns(pieces, 0, 140, H) == [0, 140]
    assert columns(pieces, 0, 140, H, river=0.3) == [0, 54, 140]


def test_phrases_read_on_over_a_bracket() -> None:
    pieces = as_boxes(row(0, (0, 50), (65, 100), (140, 160)))
    assert phrases(pieces, H)[:, [0, 2]].tolist() == [[0, 100], [140, 160]]


def test_what_runs_across_is_told() -> None:
    lines = [Band(as_boxes(row(y, (0, 50), (100, 140), (200, 240)))) for y in (40, 80, 120)]
    pieces = as_boxes(row(0, (30, 220)) + row(0, (0, 60)) + row(0, (145, 190)))
    assert crossing(pieces, lines).tolist() == [True, False, False]


def test_lines_of_one_cell_do_not_make_a_piece_cross() -> None:
    wrapped = as_boxes(row(0, (0, 80), (100, 140)) + row(25, (0, 40)))
    assert not crossing(as_boxes(row(60, (0, 70))), [Band(wrapped)] * 3).any()


def test_places_of_pieces() -> None:
    pieces = as_boxes(row(0, (5, 40), (60, 130), (98, 150)))
    assert placed(pieces, [0, 50, 100, 160]).tolist() == [[0, 0], [1, 2], [2, 2]]
    assert filled(Band(pieces), [0, 50, 100, 160]) == {0, 1, 2}


XS = [0.0, 90.0, 200.0, 300.0]
WHOLE = ((0, 60), (100, 180), (220, 280))


def lines(*rows: tuple[float, tuple[tuple[float, float], ...]]) -> list[Band]:
    return [Band(as_boxes(row(y, *spans))) for y, spans in rows]


def test_every_full_line_is_a_row() -> None:
    found = lines((0, WHOLE), (40, WHOLE), (80, WHOLE))
    assert row_cuts(found, XS, H) == [30, 70]


def test_a_lone_line_close_by_goes_on_with_its_row() -> None:
    found = lines((0, WHOLE), (40, WHOLE), (64, ((100, 180),)), (104, WHOLE))
    assert row_cuts(found, XS, H) == [30, 94]


def test_lines_above_and_below_the_middle_of_a_row() -> None:
    found = lines((0, WHOLE), (40, ((100, 180),)), (64, WHOLE), (88, ((100, 150),)), (128, WHOLE))
    assert row_cuts(found, XS, H) == [30, 118]


def test_a_lone_line_as_far_as_others_is_a_row() -> None:
    found = lines((0, WHOLE), (40, ((100, 180),)), (80, WHOLE), (120, WHOLE))
    assert len(row_cuts(found, XS, H)) == 3


@pytest.mark.parametrize(
    ("centres", "sizes"),
    [([50.0], [4]), ([25.0, 75.0], [2, 2]), ([12.0, 62.0], [1, 3]), ([37.0, 87.0], [3, 1]), ([], [])],
)
def test_headings_share_out_columns(centres: list[float], sizes: list[int]) -> None:
    assert partition(centres, [0, 25, 50, 75, 100]) == sizes


def test_more_headings_than_columns() -> None:
    assert partition([1.0, 2.0, 3.0], [0, 50, 100]) == []


def test_no_pieces() -> None:
    assert bands(np.empty((0, 4)), H) == []
    assert columns(np.empty((0, 4)), 0, 9, H) == [0, 9]

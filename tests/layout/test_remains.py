"""Pieces that are parts of a slanting ruling, and the ruling made whole."""

import numpy as np

from shenbao.layout.remains import without_remains
from shenbao.models.stages import Ruling

H = 20.0


def line(start: float, end: float, at: float) -> Ruling:
    return Ruling(True, at, start, end, 2.0, 1.0, 400.0)


def boxes(*places: tuple[float, float, float, float]) -> np.ndarray:
    return np.array(places, np.float64).reshape(-1, 4)


def test_a_flat_piece_that_goes_on_with_a_line_belongs_to_it() -> None:
    word = (300.0, 130.0, 400.0, 150.0)
    kept, (rule,) = without_remains(boxes((505, 92, 700, 97), word), [line(100, 500, 100)], H)
    assert kept.tolist() == [list(word)]
    assert (rule.start, rule.end) == (100, 700)


def test_a_shorter_line_beyond_the_piece_is_part_of_it_too() -> None:
    rules = [line(100, 500, 100), line(710, 800, 88)]
    kept, whole = without_remains(boxes((505, 92, 700, 97)), rules, H)
    assert not len(kept)
    assert [(rule.start, rule.end) for rule in whole] == [(100, 800)]


def test_print_and_lines_of_other_rows_stay() -> None:
    pieces = boxes((505, 90, 560, 110), (200, 160, 300, 166), (600, 94, 612, 100))
    rules = [line(100, 500, 100), line(520, 800, 140)]
    kept, whole = without_remains(pieces, rules, H)
    assert len(kept) == 3
    assert sorted((rule.start, rule.end) for rule in whole) == [(100, 500), (520, 800)]


def test_a_stroke_has_no_remains() -> None:
    kept, whole = without_remains(boxes((205, 98, 260, 102)), [line(100, 200, 100)], H)
    assert len(kept) == 1
    assert [(rule.start, rule.end) for rule in whole] == [(100, 200)]

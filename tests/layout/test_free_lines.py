import pytest

from shenbao.layout.free_lines import combined, holds_prose, joined_pieces
from shenbao.models.stages import Grid

H = 20.0


def test_pieces_beside_a_comma_are_one_line_and_captions_apart_are_two() -> None:
    pieces = [(0.0, 0.0, 100.0, 20.0), (116.0, 2.0, 200.0, 20.0), (300.0, 0.0, 400.0, 20.0)]
    assert joined_pieces(pieces, H) == [(0.0, 0.0, 200.0, 20.0), (300.0, 0.0, 400.0, 20.0)]


def test_pieces_of_another_height_or_row_stay_apart() -> None:
    pieces = [(0.0, 0.0, 100.0, 20.0), (104.0, 0.0, 140.0, 40.0), (0.0, 30.0, 100.0, 50.0)]
    assert sorted(joined_pieces(pieces, H)) == sorted(pieces)


def test_slanting_lines_do_not_run_over_the_gutter() -> None:
    pieces = [(0.0, 0.0, 100.0, 60.0), (150.0, 0.0, 250.0, 60.0)]
    assert joined_pieces(pieces, H) == pieces


def test_ink_tells_where_a_detected_line_ends() -> None:
    assert combined([(50.0, 0.0, 400.0, 26.0)], [(48.0, 4.0, 460.0, 22.0)], [], H) == [
        (48.0, 0.0, 460.0, 26.0)
    ]


def test_lines_run_together_by_a_seal_stay_as_detected() -> None:
    detected = [(0.0, 30.0 * k, 300.0, 30.0 * k + 20) for k in range(3)]
    assert combined(detected, [(0.0, 0.0, 320.0, 80.0)], [], H) == detected


def test_lines_in_tables_are_left_to_the_cells() -> None:
    grid = Grid((0.0, 100.0), (0.0, 100.0), ())
    assert combined([(10.0, 10.0, 90.0, 30.0), (10.0, 120.0, 90.0, 140.0)], [], [grid], H) == [
        (10.0, 120.0, 90.0, 140.0)
    ]


@pytest.mark.parametrize(("count", "prose"), [(3, False), (9, True)])
def test_prose_is_more_than_the_head_of_a_form(count: int, prose: bool) -> None:
    assert holds_prose([(0.0, 30.0 * k, 100.0, 30.0 * k + 20) for k in range(count)], H) == prose


def test_entangled_lines_call_for_the_detector() -> None:
    assert holds_prose([(0.0, 0.0, 400.0, 90.0)], H)

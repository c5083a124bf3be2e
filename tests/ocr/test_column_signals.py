import pytest

from shenbao.models.stages import CharReading, GridCell, JoinedCell, Part, ReadCell, Reading, ReadLine
from shenbao.ocr.column_signals import out_of_line, without_sign

H = 20.0


def cell(row: int, x0: float, x1: float, lines: int = 1) -> JoinedCell:
    """A cell from 0 to 200 with print from `x0` to `x1`."""
    place = GridCell(row, 0, 1, 1, (0.0, 40.0 * row, 200.0, 40.0 * row + 40), (1.0,) * 4)
    read = tuple(
        ReadLine((x0, 40.0 * row, x1, 40.0 * row + H), Reading((CharReading("数", 1.0),)))
        for _ in range(lines)
    )
    polygon = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    return JoinedCell(row, 0, 1, 1, (Part(1, ReadCell(place, polygon, read, 0.1, 0.0, False)),))


def test_print_that_lost_its_first_character_is_out_of_a_centred_column() -> None:
    cells = [cell(0, 80, 120), cell(1, 60, 140), cell(2, 70, 130), cell(3, 90, 110), cell(4, 90, 130)]
    assert out_of_line(cells, H) == [0.0, 0.0, 0.0, 0.0, pytest.approx(0.5)]


def test_a_column_may_stand_at_its_right() -> None:
    cells = [cell(0, 80, 190), cell(1, 60, 190), cell(2, 70, 190), cell(3, 90, 190), cell(4, 90, 170)]
    assert out_of_line(cells, H) == [0.0, 0.0, 0.0, 0.0, pytest.approx(1.0)]


def test_nothing_is_told_of_few_cells_or_of_a_column_in_no_line() -> None:
    few = [cell(0, 80, 120), cell(1, 60, 140), cell(2, 90, 130)]
    assert out_of_line(few, H) == [0.0] * 3
    loose = [cell(0, 5, 120), cell(1, 60, 190), cell(2, 30, 70), cell(3, 110, 150), cell(4, 90, 130)]
    assert out_of_line(loose, H) == [0.0] * 5


def test_cells_of_several_lines_do_not_count() -> None:
    cells = [cell(n, 80, 120) for n in range(4)] + [cell(4, 10, 120, lines=2)]
    assert out_of_line(cells, H) == [0.0] * 5


def test_a_number_without_the_sign_that_the_others_have() -> None:
    cells = [cell(n, 80, 120) for n in range(5)]
    assert without_sign(cells, ["≥90%", "≤3", "=100", "99%", "按时完成"]) == [0.0, 0.0, 0.0, 0.75, 0.0]
    assert without_sign(cells, ["90%", "3", "100", "99%", ""]) == [0.0] * 5
    assert without_sign(cells[:3], ["≥90%", "≤3", "99%"]) == [0.0] * 3

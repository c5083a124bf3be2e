import pytest

from shenbao.models.stages import CharReading, Reading, ReadLine
from shenbao.ocr.spacing import stray_signs, unread_ends, widest_gap, widest_step


def line(text: str, at: list[float], width: float = 200.0, height: float = 20.0) -> ReadLine:
    """A line whose characters stand at these middles, in pixels; each takes the middle half of its room."""
    chars = tuple(
        CharReading(c, 0.9, (), (x - 5) / width, (x + 5) / width) for c, x in zip(text, at, strict=True)
    )
    return ReadLine((0.0, 0.0, width, height), Reading(chars))


EVEN = line("部门职能概述", [10, 30, 50, 70, 90, 110], width=120)


def test_evenly_set_print_has_equal_steps() -> None:
    assert widest_step([EVEN]) == pytest.approx(1.0)
    assert widest_gap([EVEN], 20.0) == pytest.approx(0.5)


def test_a_dropped_character_leaves_a_wide_step() -> None:
    dropped = line("部门能概述", [10, 30, 70, 90, 110], width=120)
    assert widest_step([dropped]) == pytest.approx(2.0)
    assert widest_step([EVEN, dropped]) == pytest.approx(2.0)
    assert widest_gap([dropped], 20.0) == pytest.approx(1.5)


def test_latin_letters_and_digits_stand_closer() -> None:
    mixed = line("年12月", [10, 25, 35, 50], width=60)
    assert widest_step([mixed]) == pytest.approx(1.0, abs=0.01)


def test_short_lines_tell_nothing_of_steps() -> None:
    assert widest_step([line("部门", [10, 90], width=100)]) == 0.0
    assert widest_step([]) == 0.0 and widest_gap([], 20.0) == 0.0


def test_ink_before_the_first_and_behind_the_last_character() -> None:
    assert unread_ends([EVEN]) == pytest.approx((0.0, 0.0))
    cut_short = line("能概述", [50, 70, 90], width=120)
    assert unread_ends([cut_short]) == pytest.approx((2.0, 1.0))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (".项目总成本", 1),
        ("项目总.成本", 1),
        ("政府采购☆同", 1),
        ("12.", 1),
        ("≥92%.", 1),
        ("预算金额(万元", 1),
        ("104.08", 0),
        ("一、基本支出", 0),
        ("-", 0),
        ("1.按照年度计划", 0),
    ],
)
def test_signs_where_no_print_has_them(text: str, count: int) -> None:
    assert stray_signs(text) == count

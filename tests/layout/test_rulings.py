"""The straight drawn lines of a flat page."""

from typing import Any

import cv2
import numpy as np
import pytest
from drawn_pages import HEIGHT, draw_table, edges, flat_page, rule, sign_line, white

from shenbao.layout.rulings import find_rulings
from shenbao.models.stages import Image, Ruling

WIDTH, PAGE = 700, 800
XS = edges(150, 200, 170, start=90)
YS = edges(60, 50, 70, 60, 120, start=100)
ROWS = "3|5|4\n3|5|4\n3|5|4\n3|5|4\n3|5|4\n"


def ruled(**style: int) -> Image:
    page = white(WIDTH, PAGE)
    draw_table(page, XS, YS, ROWS, **style)
    return page


def found(page: Image, horizontal: bool) -> list[Ruling]:
    return [x for x in find_rulings(flat_page(page)).lines if x.horizontal is horizontal]


def places(lines: list[Ruling]) -> list[float]:
    return sorted(x.at for x in lines)


def long(lines: list[Ruling]) -> list[Ruling]:
    """Without what is as short as a stroke of print: those are told apart by the grid."""
    return [x for x in lines if x.end - x.start > 4 * HEIGHT]


@pytest.mark.parametrize("thickness", [1, 2, 3, 5, 7])
def test_rulings_are_found_where_they_are_drawn(thickness: int) -> None:
    page = ruled(thickness=thickness)
    for horizontal, wanted in ((True, YS), (False, XS)):
        lines = long(found(page, horizontal))
        assert places(lines) == pytest.approx(wanted, abs=1)
        for line in lines:
            assert line.thickness == pytest.approx(thickness, abs=1)
            assert line.support > 0.95


def test_rulings_reach_from_end_to_end() -> None:
    page = ruled()
    for horizontal, ends in ((True, XS), (False, YS)):
        for line in long(found(page, horizontal)):
            assert (line.start, line.end) == pytest.approx((ends[0], ends[-1]), abs=3)


def test_horizontal_rulings_come_first_in_order() -> None:
    lines = find_rulings(flat_page(ruled())).lines
    assert [x.horizontal for x in lines] == sorted((x.horizontal for x in lines), reverse=True)
    for horizontal in (True, False):
        own = [x.at for x in lines if x.horizontal is horizontal]
        assert own == sorted(own)


def test_weight_is_thickness_times_contrast() -> None:
    page = ruled(thickness=4, level=55)
    for line in long(found(page, True)):
        assert line.weight == pytest.approx(4 * 200, rel=0.1)


@pytest.mark.parametrize("period", [6, 8])
def test_a_dotted_ruling_is_one_ruling(period: int) -> None:
    page = white(WIDTH, PAGE)
    rule(page, (80, 300), (620, 300))
    rule(page, (80, 500), (620, 500))
    rule(page, (80, 300), (80, 500))
    rule(page, (620, 300), (620, 500))
    for x in range(80, 620, period):
        page[399:402, x : x + period // 2] = 0
    dotted = [x for x in found(page, True) if abs(x.at - 400) < 2]
    assert len(dotted) == 1
    assert dotted[0].end - dotted[0].start > 500


def test_a_broken_ruling_is_one_ruling_with_less_support() -> None:
    page = ruled()
    page[round(YS[2]) - 5 : round(YS[2]) + 6, 250:310] = 255
    (broken,) = [x for x in long(found(page, True)) if abs(x.at - YS[2]) < 2]
    assert (broken.start, broken.end) == pytest.approx((XS[0], XS[-1]), abs=3)
    assert 0.8 < broken.support < 0.95


def test_two_tables_side_by_side_do_not_share_a_ruling() -> None:
    page = white(1000, 400)
    for left in (60, 600):
        draw_table(page, edges(150, 150, start=left), edges(60, 60, start=100), "3|3\n3|3")
    assert len(long(found(page, True))) == 6


def test_print_is_no_ruling() -> None:
    page = white(WIDTH, PAGE)
    for k in range(12):
        sign_line(page, 80, 60 + 58 * k, 18, seed=k)
    assert not long(list(find_rulings(flat_page(page)).lines))


def test_a_blot_is_no_ruling() -> None:
    page = ruled()
    page[600:640, 100:400] = 0
    assert places(long(found(page, True))) == pytest.approx(YS, abs=1)


def test_a_slanting_scratch_is_no_ruling() -> None:
    page = ruled()
    cv2.line(page, (60, 520), (640, 640), 0, 2)
    assert places(long(found(page, True))) == pytest.approx(YS, abs=1)


@pytest.mark.parametrize("x", [45, 200, 480])
def test_a_faint_streak_through_the_whole_page_is_no_ruling(x: int) -> None:
    page = ruled()
    streak = page[:, x : x + 2]
    page[:, x : x + 2] = np.minimum(streak, 150)
    assert places(long(found(page, False))) == pytest.approx(XS, abs=1)


def test_a_page_without_ink_has_no_rulings() -> None:
    rulings = find_rulings(flat_page(white(300, 200)))
    assert rulings.lines == ()
    assert rulings.across.faint.shape == (200, 300)
    assert rulings.down.faint.shape == (300, 200)
    assert rulings.char_height == HEIGHT


def test_masks_show_the_rulings_and_not_the_print() -> None:
    page = ruled()
    rulings = find_rulings(flat_page(page))
    for mask in (rulings.across.faint, rulings.across.solid):
        for y in YS:
            assert (mask[round(y), round(XS[0]) : round(XS[-1])] > 0).mean() > 0.98
    for mask in (rulings.down.faint, rulings.down.solid):
        for x in XS:
            assert (mask[round(x), round(YS[0]) : round(YS[-1])] > 0).mean() > 0.98
    inside = rulings.across.solid[round(YS[0]) + 6 : round(YS[1]) - 6, round(XS[0]) + 6 : round(XS[1]) - 6]
    assert (inside > 0).mean() < 0.1


def test_a_streak_is_told_from_a_ruling_that_it_lies_on() -> None:
    """Black, like the rulings, and along one of them: it is a streak, and the ruling stays known as hidden."""
    page = ruled()
    page[:, 480:483] = 0
    traces = find_rulings(flat_page(page)).down
    assert traces.streaks is not None
    assert (traces.streaks[481] > 0).mean() > 0.9
    assert (traces.faint[481] > 0).mean() < 0.1


@pytest.mark.parametrize("level", [215, 180, 120])
def test_pale_rulings_are_found_beside_black_print(level: int) -> None:
    page = white(600, 400)
    draw_table(page, [60.0, 250.0, 500.0], [60.0, 120.0, 180.0], "3|5\n4|6", level=level)
    rulings = find_rulings(flat_page(page))
    assert len(long(rulings.lines)) == 6


def paled(page: Image, x: int, first: int, last: int) -> Image:
    """The page with an upright line so pale that of a ruling's weight little is left."""
    page[round(YS[first]) + 2 : round(YS[last]) - 1, x] = 215
    return page


@pytest.mark.parametrize("row", [0, 2])
def test_a_paled_side_from_one_ruling_to_the_next_is_found(row: int) -> None:
    at = round(XS[2]) - 22
    lines = found(paled(ruled(thickness=3), at, row, row + 1), horizontal=False)
    assert [(round(x.start), round(x.end)) for x in lines if abs(x.at - at) < 3] == [
        pytest.approx((YS[row], YS[row + 1]), abs=5)
    ]


def test_a_side_as_thick_as_the_others_and_far_paler_shines_through_from_the_back() -> None:
    at = round(XS[2]) - 40
    page = ruled(thickness=4)
    page[round(YS[0]) + 3 : round(YS[1]) - 2, at : at + 5] = 205
    assert not [x for x in found(page, horizontal=False) if abs(x.at - at) < 6]
    page[round(YS[0]) + 3 : round(YS[1]) - 2, at : at + 5] = 150
    assert [x for x in found(page, horizontal=False) if abs(x.at - at) < 6]


def test_pale_lines_in_several_rows_are_a_streak() -> None:
    at = round(XS[2]) - 22
    page = paled(paled(ruled(thickness=3), at, 0, 1), at, 2, 3)
    assert not [x for x in found(page, horizontal=False) if abs(x.at - at) < 3]


def test_a_pale_line_that_ends_in_a_cell_is_none() -> None:
    at = round(XS[2]) - 22
    page = ruled(thickness=3)
    page[round(YS[4]) + 2 : round(YS[4]) + 70, at] = 215
    assert not [x for x in found(page, horizontal=False) if abs(x.at - at) < 3]


def test_a_hatched_page_of_more_pieces_than_16_bits_tell_apart_is_survived(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counts = []
    real = cv2.connectedComponentsWithStatsWithAlgorithm

    def counted(*args: Any, **kwargs: Any) -> Any:
        result = real(*args, **kwargs)
        counts.append(result[0])
        return result

    page = white(2400, 3300)
    page[::3] = np.where(np.arange(2400) % 40 < 34, 0, 255)
    monkeypatch.setattr(cv2, "connectedComponentsWithStatsWithAlgorithm", counted)
    find_rulings(flat_page(page))
    assert max(counts) > 2**16


def test_the_strokes_of_a_row_of_like_figures_are_no_ruling() -> None:
    page = ruled()
    for x in range(110, 330, 14):  # 0000…, with white between them
        cv2.ellipse(page, (x, 120), (5, 9), 0, 0, 360, 0, 3)
    assert places(found(page, True)) == places(found(ruled(), True))

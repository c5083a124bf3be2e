import numpy as np
import pytest

from shenbao.models.stages import CharReading, FlatPage, Reading
from shenbao.ocr.stops import with_marks, with_stops

H = 20
LINE = (10.0, 10.0, 110.0, 30.0)
WITHIN = (0.0, 0.0, 200.0, 40.0)


def read(text: str, probability: float = 0.99) -> Reading:
    return Reading(tuple(CharReading(char, probability) for char in text))


@pytest.mark.parametrize(
    ("first", "seen", "text"),
    [
        ("三国防支出", "三、国防支出", "三、国防支出"),
        ("二十二 国有", "二十二、国有", "二十二、国有"),
        ("376 73", "376.73", "376.73"),
        ("三", "三、", "三、"),
        ("得分100%发生", "得分100%，发生", "得分100%，发生"),
        ("目标1", "目标1.", "目标1"),
        ("指标值", "指·标值", "指标值"),
        ("指标值", "指.标值", "指标值"),
        ("指标值", "、指标值", "指标值"),
        ("收入", "收人、", "收入"),
        ("收入", "收入", "收入"),
        ("一三、", "三、", "一三、"),
    ],
)
def test_only_stops_are_added_and_only_where_one_can_stand(first: str, seen: str, text: str) -> None:
    assert with_stops(read(first), read(seen)).text == text


def test_a_doubtful_stop_is_not_added() -> None:
    seen = Reading((CharReading("三", 0.99), CharReading("、", 0.5)))
    assert with_stops(read("三"), seen).text == "三"


def test_a_stop_between_characters_need_not_be_as_sure_as_one_behind_them() -> None:
    between = (CharReading("三", 0.99), CharReading("、", 0.8), CharReading("国", 0.99))
    assert with_stops(read("三国"), Reading(between)).text == "三、国"
    assert with_stops(read("三"), Reading(between[:2])).text == "三"


def page(mark: tuple[int, int, int, int]) -> tuple[FlatPage, np.ndarray]:
    """A page with a line of two blocks of print, 10 to 50 and 80 to 110, and the mask of a mark (x0, y0, x1, y1)."""
    grey = np.full((40, 200), 255, np.uint8)
    grey[10:30, 10:50] = grey[10:30, 80:110] = 0
    x0, y0, x1, y1 = mark
    grey[y0:y1, x0:x1] = 0
    foreign = np.zeros((40, 200), np.bool_)
    foreign[y0:y1, x0:x1] = True
    ink = np.asarray(255 - grey, np.uint8)
    flat = FlatPage(1, grey, ink, ink, np.zeros_like(grey), float(H), 0, 0.0, lambda points: points)
    return flat, foreign


@pytest.mark.parametrize("mark", [(53, 24, 57, 29), (114, 24, 118, 30)])
def test_a_low_mark_in_a_gap_or_behind_the_line_is_left_in(mark: tuple[int, int, int, int]) -> None:
    flat, foreign = page(mark)
    picture = with_marks(flat, LINE, WITHIN, foreign)
    assert picture is not None
    line = (10.0, 10.0, max(110.0, float(mark[2])), 30.0)
    x0, y0 = round(line[0] - 0.3 * H), round(line[1] - 0.15 * H)
    assert (picture[mark[1] - y0 : mark[3] - y0, mark[0] - x0 : mark[2] - x0] == 0).all()


@pytest.mark.parametrize(
    "mark",
    [
        (53, 11, 57, 15),
        (53, 29, 54, 30),
        (53, 18, 57, 30),
        (30, 31, 34, 34),
        (75, 24, 79, 29),
        (4, 24, 8, 29),
        (150, 24, 154, 29),
    ],
    ids=["high", "tiny", "tall", "below print", "far from what is before", "before the line", "far behind"],
)
def test_what_is_no_stop_stays_painted_over(mark: tuple[int, int, int, int]) -> None:
    flat, foreign = page(mark)
    assert with_marks(flat, LINE, WITHIN, foreign) is None


def test_a_line_from_which_nothing_was_wiped_has_no_marks() -> None:
    flat, foreign = page((53, 24, 57, 29))
    assert with_marks(flat, LINE, WITHIN, np.zeros_like(foreign)) is None

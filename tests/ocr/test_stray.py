import pytest

from shenbao.models.stages import Box, CharReading, Reading
from shenbao.ocr.dirt import Line
from shenbao.ocr.stray import is_stray

H = 20.0
INSIDE = (0.0, 0.0, 200.0, 100.0)


def line(box: Box, text: str, p: float = 0.99, looks: tuple[str, ...] = ()) -> Line:
    others = tuple(Reading(tuple(CharReading(c, p) for c in look)) for look in looks)
    return Line(box, Reading(tuple(CharReading(c, p) for c in text), looks=others), 0.0)


@pytest.mark.parametrize(
    ("dirt", "what"),
    [
        (line((100.0, 80.0, 106.0, 88.0), "7"), "a hair below the middle"),
        (line((100.0, 10.0, 114.0, 14.0), "—", 0.5), "a short stroke read as a dash"),
        (line((100.0, 10.0, 114.0, 26.0), "T"), "a corner read as a letter"),
        (line((100.0, 48.0, 106.0, 52.0), "·"), "a speck at the middle"),
        (line((100.0, 10.0, 106.0, 30.0), "」"), "a hair read as a bracket"),
    ],
)
def test_dirt_alone_in_a_cell(dirt: Line, what: str) -> None:
    assert is_stray([dirt], INSIDE, H, sealed=False), what


@pytest.mark.parametrize(
    ("print_", "what"),
    [
        (line((100.0, 43.0, 106.0, 57.0), "7", 0.4), "a figure at the middle"),
        (line((100.0, 80.0, 106.0, 96.0), "7", 0.4), "a figure at the foot, as high as one"),
        (line((100.0, 49.0, 120.0, 51.0), "—", 0.5), "a dash at the middle"),
        (line((100.0, 10.0, 110.0, 16.0), "=", 0.5), "an operator"),
        (line((100.0, 10.0, 110.0, 22.0), "z", 0.5, looks=("≥",)), "what may be an operator"),
        (line((100.0, 10.0, 120.0, 30.0), "无", 0.5), "a word at the top"),
        (line((100.0, 10.0, 116.0, 22.0), "5%"), "a percentage in small type"),
    ],
)
def test_print_alone_in_a_cell_stays(print_: Line, what: str) -> None:
    assert not is_stray([print_], INSIDE, H, sealed=False), what


@pytest.mark.parametrize(
    "of_seal",
    [
        line((20.0, 75.0, 100.0, 98.0), "财"),
        line((20.0, 70.0, 60.0, 98.0), "当"),
        line((20.0, 75.0, 40.0, 95.0), "营", 0.5),
        line((20.0, 85.0, 28.0, 95.0), "4"),
        line((20.0, 70.0, 28.0, 90.0), "1"),
        line((20.0, 40.0, 100.0, 60.0), "案专用章"),
    ],
)
def test_strokes_under_a_seal(of_seal: Line) -> None:
    assert is_stray([of_seal], INSIDE, H, sealed=True)


@pytest.mark.parametrize(
    "print_",
    [
        line((20.0, 75.0, 61.0, 95.0), "合计"),
        line((20.0, 75.0, 32.0, 91.0), "9"),
        line((20.0, 40.0, 100.0, 60.0), "合计", 0.5),
        line((20.0, 30.0, 100.0, 90.0), "4", 0.5),
        line((20.0, 75.0, 140.0, 95.0), "主管部门", 0.5),
    ],
)
def test_print_under_a_seal_stays(print_: Line) -> None:
    assert not is_stray([print_], INSIDE, H, sealed=True)


def test_a_word_in_a_cell_keeps_what_stands_beside_it() -> None:
    word, speck = line((60.0, 30.0, 140.0, 50.0), "绩效指标"), line((100.0, 80.0, 106.0, 86.0), "·")
    assert not is_stray([word, speck], INSIDE, H, sealed=False)
    assert is_stray([speck, speck], INSIDE, H, sealed=False)


def test_a_cell_without_a_reading_holds_nothing_to_leave_out() -> None:
    assert not is_stray([], INSIDE, H, sealed=True)
    assert not is_stray([line((0.0, 0.0, 10.0, 10.0), "")], INSIDE, H, sealed=True)

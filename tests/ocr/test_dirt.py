from dataclasses import replace

import pytest

from shenbao.models.stages import Box, CharReading, Reading
from shenbao.ocr.dirt import Line, without_dirt

H = 20.0
INSIDE = (0.0, 0.0, 200.0, 100.0)


def line(box: Box, text: str, ink: float, p: float = 0.99) -> Line:
    """A line whose `ink` is in squares of the character height."""
    return Line(box, Reading(tuple(CharReading(c, p) for c in text)), ink * H * H)


PRINT = line((60.0, 30.0, 140.0, 50.0), "绩效指标", 1.2)


@pytest.mark.parametrize(
    ("dirt", "what"),
    [
        (line((100.0, 60.0, 104.0, 64.0), "·", 0.02), "a speck"),
        (line((20.0, 60.0, 28.0, 63.0), "-", 0.04), "a piece of a streak"),
        (line((1.0, 60.0, 4.0, 74.0), "1", 0.06), "a piece of a ruling"),
        (line((100.0, 98.0, 160.0, 100.0), "一", 0.1), "a hair of the ruling below"),
        (line((1.0, 1.0, 18.0, 8.0), "7", 0.25), "what rulings leave where they meet"),
        (line((30.0, 60.0, 42.0, 72.0), "p", 0.08, 0.3), "a faint mark that nothing makes sure"),
    ],
)
def test_dirt_beside_print_is_no_line(dirt: Line, what: str) -> None:
    assert [r.text for r in without_dirt([PRINT, dirt], INSIDE, H)] == ["绩效指标", ""], what
    assert [r.text for r in without_dirt([dirt, PRINT], INSIDE, H)] == ["", "绩效指标"], what


@pytest.mark.parametrize(
    "wrapped",
    [
        line((60.0, 60.0, 80.0, 80.0), "数", 0.4),
        line((60.0, 60.0, 66.0, 76.0), "1", 0.13),
        line((60.0, 68.0, 79.0, 70.5), "一", 0.09),
        line((60.0, 60.0, 78.0, 77.0), "=", 0.11),
        line((60.0, 60.0, 100.0, 80.0), "人员", 0.09, 0.6),
    ],
)
def test_characters_that_were_wrapped_stay(wrapped: Line) -> None:
    assert without_dirt([PRINT, wrapped], INSIDE, H) == [PRINT.reading, wrapped.reading]


NARROW = (0.0, 0.0, 30.0, 100.0)
NUMERAL = line((5.0, 10.0, 25.0, 30.0), "三", 0.3)


def test_a_stop_that_had_no_room_stays() -> None:
    stop = line((7.0, 48.0, 12.0, 53.0), "、", 0.04)
    assert without_dirt([NUMERAL, stop], NARROW, H) == [NUMERAL.reading, stop.reading]


@pytest.mark.parametrize(
    ("speck", "inside"),
    [
        (line((7.0, 48.0, 12.0, 53.0), "、", 0.04), INSIDE),  # where there was room above
        (line((7.0, 48.0, 12.0, 53.0), "、", 0.04, 0.6), NARROW),  # not surely read
        (line((7.0, 80.0, 12.0, 85.0), "、", 0.04), NARROW),  # far below
        (line((7.0, 48.0, 12.0, 53.0), "·", 0.04), NARROW),  # no stop
        (line((0.0, 48.0, 2.0, 50.0), "、", 0.04), NARROW),  # left of the print
    ],
)
def test_specks_below_a_numeral_are_dirt(speck: Line, inside: Box) -> None:
    assert [r.text for r in without_dirt([NUMERAL, speck], inside, H)] == ["三", ""]


@pytest.mark.parametrize(
    "squeezed",
    [
        line((60.0, 51.0, 68.0, 66.0), "7", 0.5, 0.8),  # right below the print
        line((60.0, 84.0, 68.0, 100.0), "P1", 0.5, 0.8),  # on the cell's lower side
        line((60.0, 51.0, 68.0, 66.0), "441B", 0.5, 0.2),  # more of them, hardly read
        line((60.0, 51.0, 100.0, 67.0), "药", 0.5, 0.2),  # too wide for what was read
    ],
)
def test_doubtful_lines_without_white_around_them_are_dirt(squeezed: Line) -> None:
    assert [r.text for r in without_dirt([PRINT, squeezed], INSIDE, H)] == ["绩效指标", ""]


@pytest.mark.parametrize(
    "kept",
    [
        line((60.0, 51.0, 68.0, 66.0), "7", 0.5, 0.9),  # surely read
        line((60.0, 56.0, 68.0, 71.0), "7", 0.5, 0.8),  # with white around it
        line((60.0, 51.0, 78.0, 69.0), "数", 0.5, 0.3),  # as large as its character
        line((60.0, 51.0, 100.0, 66.0), "441B", 0.5, 0.6),
    ],
)
def test_doubtful_lines_that_may_be_print_stay(kept: Line) -> None:
    assert without_dirt([PRINT, kept], INSIDE, H) == [PRINT.reading, kept.reading]


def test_a_doubtful_line_that_closes_a_bracket_stays() -> None:
    opened, end = (
        line((60.0, 30.0, 140.0, 50.0), "收入（万", 1.2),
        line((85.0, 51.0, 108.0, 66.0), "元）", 0.5, 0.6),
    )
    assert without_dirt([opened, end], INSIDE, H) == [opened.reading, end.reading]
    assert [r.text for r in without_dirt([PRINT, end], INSIDE, H)] == ["绩效指标", ""]


def test_doubtful_lines_that_another_look_confirms_stay() -> None:
    seen = line((60.0, 51.0, 100.0, 66.0), "441B", 0.5, 0.2)
    confirmed = replace(seen, reading=replace(seen.reading, looks=(seen.reading,)))
    assert without_dirt([PRINT, confirmed], INSIDE, H) == [PRINT.reading, confirmed.reading]


@pytest.mark.parametrize(("other", "stays"), [("4418", True), ("44-1", True), ("一七", False), ("", False)])
def test_a_doubtful_line_stays_where_another_look_gave_nearly_the_same(other: str, stays: bool) -> None:
    seen = line((60.0, 51.0, 100.0, 66.0), "441B", 0.5, 0.2)
    looked = replace(seen, reading=replace(seen.reading, looks=(line(seen.box, other, 0.5).reading,)))
    kept = looked.reading if stays else Reading(())
    assert without_dirt([PRINT, looked], INSIDE, H) == [PRINT.reading, kept]


def test_what_stands_alone_is_not_judged() -> None:
    dash = line((90.0, 60.0, 98.0, 63.0), "-", 0.04)
    assert without_dirt([dash], INSIDE, H) == [dash.reading]
    assert without_dirt([dash, dash], INSIDE, H) == [dash.reading, dash.reading]
    assert without_dirt([], INSIDE, H) == []


def under_seal(text: str, p: float, stained: float = 0.1) -> Line:
    plain = line((100.0, 60.0, 130.0, 80.0), text, 0.5, p)
    return Line(plain.box, plain.reading, plain.ink, stained)


@pytest.mark.parametrize("text", ["1", "海", "SM", "务专用"])
def test_doubtful_signs_under_a_seal_are_of_the_seal(text: str) -> None:
    assert [r.text for r in without_dirt([PRINT, under_seal(text, 0.4)], INSIDE, H)] == ["绩效指标", ""]
    assert [r.text for r in without_dirt([under_seal(text, 0.2)], INSIDE, H)] == [""]


@pytest.mark.parametrize(
    "kept",
    [
        under_seal("个", 0.9),
        under_seal("个", 0.4),
        under_seal("年度预算", 0.1),
        under_seal("海", 0.2, stained=0.0),
    ],
)
def test_print_under_a_seal_stays(kept: Line) -> None:
    assert without_dirt([kept], INSIDE, H) == [kept.reading]


def test_print_under_a_seal_stays_where_another_look_is_sure_of_it() -> None:
    doubtful, sure = under_seal("指标", 0.4), under_seal("指标", 0.99).reading
    agreed = replace(doubtful, reading=replace(doubtful.reading, looks=(sure,)))
    other = replace(doubtful, reading=replace(doubtful.reading, looks=(under_seal("打标", 0.99).reading,)))
    assert [without_dirt([PRINT, line], INSIDE, H)[1].text for line in (agreed, other)] == ["指标", ""]


def test_signs_of_comparison_are_never_of_a_seal() -> None:
    plain, other = under_seal("=", 0.2), under_seal("二", 0.2)
    looked = replace(other.reading, looks=(plain.reading,))
    assert without_dirt([plain], INSIDE, H) == [plain.reading]
    assert without_dirt([replace(other, reading=looked)], INSIDE, H) == [looked]
    assert without_dirt([other], INSIDE, H) == [Reading(())]


@pytest.mark.parametrize(
    ("look", "top", "kept"), [("情况", 53.0, True), ("晴", 53.0, False), ("情况", 75.0, False)]
)
def test_the_end_of_a_line_under_a_seal_stays_where_two_looks_agree(
    look: str, top: float, kept: bool
) -> None:
    end = line((60.0, top, 102.0, top + 20.0), "情况", 0.4, 0.3)
    again = Reading(tuple(CharReading(c, 0.3) for c in look))
    wrapped = Line(end.box, replace(end.reading, looks=(again,)), end.ink, 0.1)
    assert [r.text for r in without_dirt([PRINT, wrapped], INSIDE, H)] == ["绩效指标", "情况" if kept else ""]

"""The quarter turn that makes a page upright, judged by a reader that knows one kind of sign."""

from collections.abc import Sequence

import numpy as np
import pytest
from drawn_pages import draw_table, edges, reading, sign_line, white

from shenbao.layout.straighten import RoughPage, rough_page
from shenbao.layout.upright import BEGINNING, EVIDENT, LONGEST, SPREAD, find_turn
from shenbao.models.stages import Image, Reading, Turn


class KnowsTheSigns:
    """Reads lines of drawn signs that stand upright: their slanting stroke ends at the lower right."""

    def __init__(self) -> None:
        self.lines: list[Image] = []

    def read_lines(self, lines: Sequence[Image]) -> list[Reading]:
        self.lines.extend(lines)
        return [self._read(line) for line in lines]

    def _read(self, line: Image) -> Reading:
        height, width = line.shape
        if width < 2 * height:
            return reading("")
        low = (line[2 * height // 3 :] < 128).sum()
        high = (line[: height // 3] < 128).sum()
        signs = round(width / height)
        return reading("文" * signs, 0.95 if low > high else 0.55)


class ReadsEverything:
    def read_lines(self, lines: Sequence[Image]) -> list[Reading]:
        return [reading("文字", 0.9) for _ in lines]


def flag(page: Image, x: float, y: float, count: int, height: int = 22) -> None:
    """A line of signs that are heavy below, so that up can be told from down."""
    sign_line(page, x, y, count, height=height, seed=round(y))
    for k in range(count):
        left = round(x + k * 1.15 * height)
        page[round(y) + height - 7 : round(y) + height, left : left + height - 3] = 0


@pytest.fixture(scope="module")
def page() -> Image:
    page = white(900, 1200)
    xs, ys = edges(260, 240, 200, start=100), edges(*[60.0] * 12, start=220)
    draw_table(page, xs, ys, "\n".join(["|".join("...")] * 12))
    flag(page, 220, 120, 16, height=26)
    for k, y in enumerate(ys[:-1]):
        flag(page, 115, y + 20, 6 + k % 3)
        flag(page, 375, y + 20, 7 - k % 2)
        flag(page, 615, y + 20, 5)
    return page


def rough(page: Image, quarters: int = 0) -> RoughPage:
    """The page turned counter-clockwise by so many quarters, as rough page."""
    turned = np.ascontiguousarray(np.rot90(page, quarters))
    return rough_page(turned)


@pytest.mark.parametrize(("quarters", "turn"), [(0, 0), (1, 90), (2, 180), (3, 270)])
def test_the_turn_that_makes_it_upright(page: Image, quarters: int, turn: Turn) -> None:
    assert find_turn(rough(page, quarters), KnowsTheSigns()) == turn


def test_few_lines_are_read(page: Image) -> None:
    engine = KnowsTheSigns()
    find_turn(rough(page), engine)
    assert 2 <= len(engine.lines) <= 4 * (LONGEST + SPREAD)


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_where_print_is_plain_the_beginnings_of_few_lines_are_read(page: Image, quarters: int) -> None:
    engine = KnowsTheSigns()
    find_turn(rough(page, quarters), engine)
    assert len(engine.lines) <= 2 * EVIDENT
    assert all(line.shape[1] <= BEGINNING * line.shape[0] for line in engine.lines)


def test_numbers_alone_are_no_evidence(page: Image) -> None:
    """Many read as well upside down: all directions are tried."""

    class ReadsNumbers(KnowsTheSigns):
        def _read(self, line: Image) -> Reading:
            return reading("8" * (line.shape[1] // line.shape[0]), 0.99)

    engine = ReadsNumbers()
    find_turn(rough(page), engine)
    assert len(engine.lines) > 2 * EVIDENT


def test_lines_are_grey_and_single(page: Image) -> None:
    engine = KnowsTheSigns()
    read = rough(page)
    find_turn(read, engine)
    for line in engine.lines:
        assert line.ndim == 2 and line.dtype == np.uint8
        assert line.shape[0] < 2.1 * read.char_height
        assert line.shape[1] > line.shape[0]


def test_a_page_without_print_is_left_as_it_is() -> None:
    blank = RoughPage(white(300, 400), np.zeros((400, 300), np.uint8), 12.0)
    assert find_turn(blank, KnowsTheSigns()) == 0


def test_grain_that_was_measured_for_characters_does_not_turn_the_page() -> None:
    """Of lines of grain a little is read upside down; print is looked for, too."""

    class ReadsGrain(KnowsTheSigns):
        def _read(self, line: Image) -> Reading:
            low, high = ((part < 128).sum() for part in np.array_split(line, 2)[::-1])
            upright = low > high
            if len(line) > 16:
                return reading("文" * 6 if upright else "", 1.0)
            return reading("" if upright else "文文", 0.9)

    page = white(900, 1200)
    for left in (120, 380, 640):
        flag(page, left, 120, 6)
    for row in range(10):
        for left in (120, 380, 640):
            flag(page, left, 300 + 60 * row, 6, height=9)
    found = rough(page)
    assert find_turn(RoughPage(found.grey, found.ink, 9.0), ReadsGrain()) == 0


def test_an_engine_that_reads_nothing_leaves_the_page_as_it_is(page: Image) -> None:
    class Blind:
        def read_lines(self, lines: Sequence[Image]) -> list[Reading]:
            return [reading("") for _ in lines]

    assert find_turn(rough(page, 1), Blind()) == 0


def test_directions_that_make_the_same_sense_do_not_depend_on_chance(page: Image) -> None:
    assert find_turn(rough(page), ReadsEverything()) == find_turn(rough(page), ReadsEverything())


def test_signs_of_several_lines_read_as_one_line_do_not_turn_the_page() -> None:
    """In narrow columns lines are about as far apart as characters: what closes up across them is longer, and
    a recogniser that knows lying signs reads most of it."""

    class ReadsLyingSigns(KnowsTheSigns):
        def _read(self, line: Image) -> Reading:
            signs = round(line.shape[1] / line.shape[0])
            low, high = ((part < 128).sum() for part in np.array_split(line, 2)[::-1])
            upright = low > 1.5 * high
            return reading("文" * signs, 1.0 if upright else 0.92)

    page = white(900, 1200)
    for row in range(30):
        for left in (120, 380, 640):
            flag(page, left, 120 + 27 * row, 6 + row % 2)
    assert find_turn(rough(page), ReadsLyingSigns()) == 0


def test_lying_characters_that_fill_their_lines_do_not_turn_a_page_that_reads_better_across() -> None:
    """In narrow cells, as tightly set as here, characters below one another are read as a line of print."""

    class ReadsBoth(KnowsTheSigns):
        def _read(self, line: Image) -> Reading:
            signs = round(line.shape[1] / line.shape[0])
            low, high = ((part < 128).sum() for part in np.array_split(line, 2)[::-1])
            return reading("文" * round((1.3 if low > 1.5 * high else 1.1) * signs), 1.0)

    page = white(900, 1200)
    for row in range(40):
        for left in (120, 380, 640):
            flag(page, left, 60 + 25 * row, 5 + row % 2)
    assert find_turn(rough(page), ReadsBoth()) == 0

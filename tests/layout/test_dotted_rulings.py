"""What a fax has left of level rulings is put together where dots tell of them."""

import numpy as np
import pytest

from shenbao.layout.dotted_rulings import with_dotted
from shenbao.models.stages import Image, Ruling

CHAR = 20.0
COLUMNS = (100.0, 300.0, 500.0, 800.0)
ROWS = (100.0, 160.0, 220.0, 280.0)


def upright() -> list[Ruling]:
    return [Ruling(False, x, ROWS[0], ROWS[-1], 2.0, 1.0, 400.0) for x in COLUMNS]


def dotted_page(rows: tuple[float, ...], *, right: int = 800) -> Image:
    """Dots of two pixels, of which every third is lost, in the rows; a few specks elsewhere."""
    rng = np.random.default_rng(5)
    page = np.zeros((400, 900), np.uint8)
    for y in rows:
        for x in range(102, right, 10):
            if rng.random() < 0.66:
                page[int(y) : int(y) + 2, x : x + 2] = 255
    page[rng.integers(0, 400, 40), rng.integers(0, 900, 40)] = 255
    return page


def dash(y: float, start: float, end: float) -> Ruling:
    return Ruling(True, y, start, end, 2.0, 1.0, 200.0)


def test_rows_of_dots_are_rulings_from_side_to_side() -> None:
    lines, dashed = with_dotted([*upright(), dash(160.0, 310, 350)], dotted_page(ROWS), CHAR)
    level = [x for x in lines if x.horizontal]
    assert dashed
    assert [x.at for x in level] == pytest.approx(ROWS, abs=2.0)
    assert {(x.start, x.end) for x in level} == {(100.0, 800.0)}


def test_a_row_ends_where_its_dots_do() -> None:
    page = np.maximum(dotted_page((100.0, 160.0, 280.0)), dotted_page((220.0,), right=500))
    lines, _ = with_dotted(upright(), page, CHAR)
    assert [x.end for x in lines if x.horizontal] == [800.0, 800.0, 500.0, 800.0]


def test_specks_are_no_rulings() -> None:
    lines = upright()
    assert with_dotted(lines, dotted_page(()), CHAR) == (lines, False)


def test_whole_level_rulings_are_left_alone() -> None:
    lines = [*(dash(y, 100, 800) for y in ROWS), *upright()]
    assert with_dotted(lines, dotted_page(ROWS), CHAR) == (lines, False)


def test_on_a_strewn_page_few_dots_tell_nothing() -> None:
    page = dotted_page(ROWS)
    page[:, 1::2] = 0
    lines = upright()
    assert with_dotted(lines, page, CHAR)[1]
    rng = np.random.default_rng(2)
    for y in (130, 190, 250):
        page[y : y + 2, rng.integers(102, 798, 28)] = 255
    assert with_dotted(lines, page, CHAR) == (lines, False)

from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from shenbao.layout.order import reading_order, rows
from shenbao.models.stages import Box

H = 20.0


def column(x: float, count: int, width: float = 300, top: float = 100) -> list[Box]:
    return [(x, top + 30 * k, x + width, top + 30 * k + H) for k in range(count)]


def test_one_column_is_read_from_top_to_bottom() -> None:
    boxes = column(100, 5)[::-1]
    assert reading_order(boxes, H) == [[4, 3, 2, 1, 0]]


def test_pieces_of_a_row_are_read_from_left_to_right() -> None:
    assert reading_order([(300, 10, 380, 30), (10, 12, 90, 31), (10, 50, 90, 70)], H) == [[1, 0, 2]]


def test_columns_are_read_one_after_the_other_though_their_lines_stand_level() -> None:
    boxes = column(100, 6) + column(450, 6)
    assert reading_order(boxes, H) == [list(range(6)), list(range(6, 12))]


def test_what_reaches_over_the_gutter_parts_columns() -> None:
    head, middle = (100.0, 40.0, 750.0, 60.0), (100.0, 300.0, 750.0, 320.0)
    boxes = [
        *column(100, 5),
        *column(450, 5),
        head,
        middle,
        *column(100, 4, top=340),
        *column(450, 4, top=340),
    ]
    order = list(chain(*reading_order(boxes, H)))
    assert order == [10, *range(5), *range(5, 10), 11, *range(12, 16), *range(16, 20)]


def test_three_columns() -> None:
    boxes = column(100, 4, 200) + column(350, 4, 200) + column(600, 4, 200)
    assert list(chain(*reading_order(boxes, H))) == list(range(12))


def test_captions_side_by_side_are_rows() -> None:
    boxes = [*column(100, 2, 200), *column(500, 2, 200)]
    assert list(chain(*reading_order(boxes, H))) == [0, 2, 1, 3]


def test_page_numbers_of_a_contents_are_no_column() -> None:
    boxes = column(100, 8, 250) + column(600, 8, 20)
    assert list(chain(*reading_order(boxes, H))) == [i for k in range(8) for i in (k, k + 8)]


def test_nothing_gives_nothing() -> None:
    assert reading_order([], H) == []
    assert rows([], []) == []


@given(
    st.lists(
        st.tuples(st.floats(0, 800), st.floats(0, 900), st.floats(5, 400), st.floats(8, 60)), max_size=25
    )
)
def test_every_box_is_read_once(sides: list[tuple[float, float, float, float]]) -> None:
    boxes = [(x, y, x + w, y + t) for x, y, w, t in sides]
    assert sorted(chain(*reading_order(boxes, H))) == list(range(len(boxes)))

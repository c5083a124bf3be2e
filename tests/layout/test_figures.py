import cv2
from drawn_pages import HEIGHT, flat_page, sign_line, white

from shenbao.layout.figures import find_figures
from shenbao.models.stages import Grid, Image


def chart() -> Image:
    """Two axes with three bars on them, and a line of print far above."""
    page = white(1000, 1200)
    sign_line(page, 100, 100, 20)
    cv2.line(page, (200, 500), (200, 900), 0, 3)
    cv2.line(page, (200, 900), (800, 900), 0, 3)
    for x, top in ((280, 600), (440, 800), (600, 700)):
        cv2.rectangle(page, (x, top), (x + 80, 880), 90, -1)
    return page


def test_axes_and_bars_are_one_figure_and_print_is_none() -> None:
    (box,) = find_figures(flat_page(chart()), [])
    assert abs(box[0] - 200) < 5 and abs(box[1] - 500) < 5
    assert abs(box[2] - 800) < 5 and abs(box[3] - 900) < 5


def test_a_table_is_no_figure() -> None:
    page = white(600, 600)
    cv2.rectangle(page, (100, 100), (500, 500), 0, 3)
    assert find_figures(flat_page(page), []) != ()
    assert find_figures(flat_page(page), [Grid((100.0, 500.0), (100.0, 500.0), ())]) == ()


def test_the_border_of_a_scan_and_a_frame_around_the_page_are_no_figures() -> None:
    page = white(600, 800)
    page[:, :70] = 0
    assert find_figures(flat_page(page), []) == ()
    page = white(600, 800)
    cv2.rectangle(page, (30, 30), (570, 770), 0, 3)
    sign_line(page, 100, 100, 10)
    assert find_figures(flat_page(page), []) == ()


def test_a_lone_bar_is_a_figure_and_a_ruling_is_not() -> None:
    page = white(600, 600)
    cv2.rectangle(page, (100, 100), (100 + HEIGHT, 100 + 4 * HEIGHT), 60, -1)
    cv2.line(page, (300, 50), (300, 500), 0, 3)
    (box,) = find_figures(flat_page(page), [])
    assert box[0] < 110

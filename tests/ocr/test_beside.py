import numpy as np
import pytest

from shenbao.models.stages import CharReading, Image, Reading
from shenbao.ocr.beside import Unread, goes_on, signal, unread_ink, wider_line

H = 20.0
INSIDE = (0.0, 0.0, 200.0, 60.0)
LINE = (60.0, 20.0, 100.0, 40.0)


def ink(*boxes: tuple[int, int, int, int]) -> Image:
    picture = np.zeros((60, 200), np.uint8)
    for x0, y0, x1, y1 in boxes:
        picture[y0:y1, x0:x1] = 255
    return picture


def read(text: str, p: float = 0.99) -> Reading:
    return Reading(tuple(CharReading(char, p) for char in text))


def test_a_cell_that_is_read_leaves_nothing() -> None:
    assert unread_ink(ink((60, 20, 100, 40)), None, [LINE], INSIDE, H) == Unread()
    assert unread_ink(ink(), None, [], INSIDE, H) == Unread()


def test_ink_behind_a_line_is_beside_it() -> None:
    left = unread_ink(ink((60, 20, 100, 40), (110, 20, 120, 40)), None, [LINE], INSIDE, H)
    assert left.beside == pytest.approx(10 * 20 / H**2)
    assert left.apart == 0.0


def test_ink_in_rows_of_no_line_is_apart() -> None:
    left = unread_ink(ink((60, 20, 100, 40), (60, 46, 80, 52)), None, [LINE], INSIDE, H)
    assert left.beside == 0.0
    assert left.apart == pytest.approx(20 * 6 / H**2)


def test_all_ink_of_an_empty_cell_is_apart() -> None:
    assert unread_ink(ink((60, 20, 80, 40)), None, [], INSIDE, H).apart == pytest.approx(1.0)


def test_ink_along_the_sides_is_of_rulings() -> None:
    assert unread_ink(ink((0, 0, 3, 60), (0, 57, 200, 60)), None, [], INSIDE, H) == Unread()


def test_what_was_wiped_counts_though_no_ink_is_left() -> None:
    assert unread_ink(ink(), ink((60, 20, 80, 40)), [], INSIDE, H) == Unread(wiped=1.0)


def test_signal_grows_with_the_ink_and_ends() -> None:
    values = [signal(a) for a in (0.0, 0.02, 0.2, 1.0, 9.0)]
    assert values == sorted(values)
    assert (values[0], values[-1]) == (0.0, 3.0)


def test_a_line_is_widened_to_the_ink_beside_it() -> None:
    dark = ink((60, 20, 100, 40), (110, 20, 120, 40))
    assert wider_line(dark, LINE, INSIDE, H) == (60.0, 20.0, 120.0, 40.0)
    dark = ink((60, 20, 100, 40), (30, 25, 50, 35))
    assert wider_line(dark, LINE, INSIDE, H) == (30.0, 20.0, 100.0, 40.0)
    assert wider_line(ink((60, 20, 100, 40)), LINE, INSIDE, H) is None


@pytest.mark.parametrize(
    ("short", "long", "p", "wanted"),
    [
        ("100%", "=100%", 0.9, True),
        ("疫苗接种", "疫苗接种率", 0.9, True),
        ("疫苗接种", "疫苗接种率", 0.7, False),
        ("年内完成", "年内完成。", 0.99, True),
        ("年内完成", "年内完成、", 0.99, False),
        ("49", ".49", 0.99, False),
        ("49", "94", 0.99, False),
        ("49", "49", 0.99, False),
    ],
)
def test_only_sure_print_goes_on_with_a_line(short: str, long: str, p: float, *, wanted: bool) -> None:
    assert goes_on(read(short), read(long, p)) is wanted

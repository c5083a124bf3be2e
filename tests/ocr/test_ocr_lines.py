import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shenbao.models.stages import Image
from shenbao.ocr.lines import HEIGHT, MAX_WIDTH, MIN_WIDTH, PADDING, batches, normalised


def line(height: int, width: int, grey: int = 200) -> Image:
    return np.full((height, width), grey, np.uint8)


def test_every_line_is_in_one_batch_of_its_width() -> None:
    lines = [line(20, width) for width in (300, 30, 310, 8, 29, 305)]
    made = list(batches(lines, 2))
    assert sorted(p for batch in made for p in batch.positions) == list(range(6))
    assert all(len(batch.positions) <= 2 for batch in made)
    widths = [batch.pixels.shape[2] for batch in made]
    assert widths == sorted(widths, reverse=True)
    assert all(batch.pixels.shape[1] == HEIGHT and batch.pixels.dtype == np.uint8 for batch in made)


def test_batches_are_whole_or_of_one_line() -> None:
    made = list(batches([line(20, 30)] * 7 + [line(20, 300)] * 2, 3))
    assert [len(batch.positions) for batch in made] == [1, 1, 3, 3, 1]


def test_narrow_line_gets_padding_of_the_training_grey() -> None:
    (batch,) = batches([line(24, 12)], 8)
    assert batch.pixels.shape == (1, HEIGHT, MIN_WIDTH)
    assert batch.used == (24 / MIN_WIDTH,)
    assert (batch.pixels[0, :, :24] == 200).all()
    assert (batch.pixels[0, :, 24:] == PADDING).all()


def test_padding_is_nought_to_the_net() -> None:
    tensor = normalised(np.array([[[0, PADDING, 255]]], np.uint8))
    assert tensor.shape == (1, 3, 1, 3)
    assert np.allclose(tensor[0, :, 0], [[-1.0, 0.0, 1.0]] * 3, atol=0.005)


def test_long_line_keeps_its_shape_and_a_huge_one_is_bounded() -> None:
    (long,) = batches([line(30, 1500)], 8)
    assert long.used[0] * long.pixels.shape[2] == 1500 * HEIGHT / 30
    (huge,) = batches([line(10, 5000)], 8)
    assert huge.pixels.shape[2] == MAX_WIDTH


def test_line_without_pixels_is_left_out() -> None:
    assert [batch.positions for batch in batches([line(0, 5), line(20, 40), line(5, 0)], 8)] == [(1,)]


def test_coloured_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="picture 1"):
        list(batches([line(20, 40), np.zeros((20, 40, 3), np.uint8)], 8))


@given(st.lists(st.tuples(st.integers(1, 90), st.integers(1, 900)), max_size=12), st.integers(1, 5))
def test_picture_of_a_line_does_not_depend_on_its_neighbours(sizes: list[tuple[int, int]], size: int) -> None:
    lines = [line(h, w, 10 * i) for i, (h, w) in enumerate(sizes)]
    for batch in batches(lines, size):
        for row, position in zip(batch.pixels, batch.positions, strict=True):
            (alone,) = batches([lines[position]], 1)
            assert np.array_equal(alone.pixels[0], row)

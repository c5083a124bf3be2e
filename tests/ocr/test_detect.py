import numpy as np
import pytest

from shenbao.ocr.detect import LONG_SIDE, line_boxes, net_picture


def test_small_page_keeps_its_scale_and_large_one_is_shrunk() -> None:
    assert net_picture(np.zeros((640, 320), np.uint8)).shape == (640, 320)
    height, width = net_picture(np.zeros((3508, 2480), np.uint8)).shape
    assert max(height, width) == LONG_SIDE
    assert height % 32 == width % 32 == 0
    assert height / width == pytest.approx(3508 / 2480, rel=0.02)


def test_tiny_page_is_not_shrunk_to_nothing() -> None:
    assert net_picture(np.zeros((5, 9), np.uint8)).shape == (32, 32)


def test_core_grows_by_area_times_ratio_over_perimeter_and_scales_to_the_page() -> None:
    probability = np.zeros((100, 200), np.float32)
    probability[40:50, 60:100] = 0.9
    (box,) = line_boxes(probability, (200, 400))
    grow = 40 * 10 * 1.6 / 100
    assert box == pytest.approx((2 * (60 - grow), 2 * (40 - grow), 2 * (100 + grow), 2 * (50 + grow)))


def test_box_stays_on_the_page() -> None:
    probability = np.zeros((20, 20), np.float32)
    probability[0:6, 0:20] = 0.9
    (box,) = line_boxes(probability, (20, 20))
    assert box[0] == 0.0 and box[1] == 0.0 and box[2] == 20.0


def test_weak_and_thin_cores_are_no_lines() -> None:
    probability = np.zeros((60, 60), np.float32)
    probability[10:20, 10:40] = 0.4
    probability[30:31, 10:40] = 0.95
    assert line_boxes(probability, (60, 60)) == []

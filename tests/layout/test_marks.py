"""Marks are given on the page as delivered."""

import numpy as np
import pytest
from drawn_marks import form, round_seal, stamped
from drawn_pages import HEIGHT, deliver, flat_page

from shenbao.layout.flatten import flatten
from shenbao.layout.marks import delivered_marks, find_marks
from shenbao.models.stages import FlatMark


def test_seal_on_a_skewed_scan_lies_where_it_was_drawn() -> None:
    page = stamped(form()[0], round_seal((1000, 1200), 480, 420, 150), 70)
    scan = deliver(page, 4.0)
    flat = flatten(scan.image, lambda rough: 0)
    (mark,) = delivered_marks(flat, find_marks(flat, ()))
    (x, y), *_ = scan.place([(480, 420)])
    assert (mark.kind, mark.shape, mark.colour) == ("seal", "round", "grey")
    assert np.mean(mark.polygon, axis=0) == pytest.approx((x, y), abs=0.7 * HEIGHT)


def test_corners_are_mapped_in_order() -> None:
    mark = FlatMark("handwriting", None, "grey", 100.0, 80.0, 40.0, 20.0, 0.0, 0.75)
    (found,) = delivered_marks(flat_page(form()[0]), [mark])
    assert found.polygon == ((80.0, 70.0), (120.0, 70.0), (120.0, 90.0), (80.0, 90.0))
    assert found.shape is None
    assert found.confidence == 0.75

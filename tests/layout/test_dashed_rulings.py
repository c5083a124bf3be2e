"""Rulings drawn in dashes are made whole; print and broken rulings are left as they are."""

import cv2
import numpy as np
import pytest

from shenbao.layout.dashed_rulings import dashed_rulings
from shenbao.layout.ink import components
from shenbao.models.stages import Image

H = 20.0


def page() -> Image:
    return np.zeros((400, 600), np.uint8)


def dash(ink: Image, y: int, start: int, end: int, *, on: int = 7, off: int = 5) -> None:
    for x in range(start, end, on + off):
        ink[y : y + 3, x : min(end, x + on)] = 255


def gaps(ink: Image) -> Image | None:
    return dashed_rulings(components(ink)[1][1:, :4], ink, H)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("on", "off"), [(7, 4), (7, 7), (14, 6), (5, 8)])
def test_a_dashed_ruling_becomes_whole(on: int, off: int, turned: bool) -> None:
    ink = page()
    dash(ink, 100, 50, 500, on=on, off=off)
    ink = np.ascontiguousarray(ink.T) if turned else ink
    found = gaps(ink)
    assert found is not None
    whole = cv2.max(ink, found)
    whole = whole.T if turned else whole
    assert (whole[100:103, 50:490] == 255).all()
    assert not found[ink > 0].any()


def test_a_short_side_goes_as_far_as_the_rulings_beside_it() -> None:
    ink = page()
    for y in (100, 140):
        dash(ink, y, 50, 500)
    dash(turned := page().T, 200, 106, 137)
    found = gaps(np.asarray(cv2.max(ink, np.ascontiguousarray(turned.T)), np.uint8))
    assert found is not None
    assert (cv2.max(found, cv2.max(ink, np.ascontiguousarray(turned.T)))[101:141, 201] == 255).all()


def test_it_goes_on_where_another_ruling_crosses() -> None:
    ink = page()
    dash(ink, 100, 50, 500)
    ink[90:115, 254:266] = 255
    found = gaps(ink)
    assert found is not None
    assert (cv2.max(ink, found)[101, 50:490] == 255).all()


def test_no_ruling_is_seen_in_dots_few_dashes_or_uneven_pieces() -> None:
    dots, few, pieces = page(), page(), page()
    dash(dots, 100, 50, 500, on=3, off=5)
    dash(few, 100, 50, 90)
    for x, w in zip((50, 70, 81, 108, 117, 140, 163), (15, 5, 19, 4, 16, 20, 6), strict=True):
        pieces[100:103, x : x + w] = 255
    assert gaps(dots) is None
    assert gaps(few) is None
    assert gaps(pieces) is None


def test_dashes_unlike_the_pages_are_left_alone() -> None:
    ink = page()
    dash(ink, 100, 50, 500)
    for y in (200, 221):  # two figures of one stroke above each other
        ink[y : y + 16, 300:305] = 255
    found = gaps(ink)
    assert found is not None
    assert not found[190:].any()

"""Check boxes in the gaps of a line that was read, and ticks in those that were read as empty."""

import cv2
import numpy as np
import pytest

from shenbao.models.stages import Image, Lattice, Reading
from shenbao.ocr.check_boxes import with_check_boxes
from shenbao.ocr.decode import greedy

ALPHABET = ("", "是", "否", "□", "☑", "田", " ")
HEIGHT, PITCH = 40, 40
STEPS = 5
"""Steps of the recogniser for each place of a character."""


def line(text: str) -> Image:
    """A line's picture: boxes as given, a few strokes for each other character."""
    page = np.full((HEIGHT, PITCH * len(text)), 255, np.uint8)
    for k, char in enumerate(text):
        x = PITCH * k + 6
        if char in "□☑田":
            cv2.rectangle(page, (x, 8), (x + 26, 34), 0, 2)
        else:
            for y in (10, 20, 30):
                page[y : y + 3, x : x + 20] = 0
            page[10:33, x + 9 : x + 12] = 0
        if char == "☑":
            cv2.polylines(page, [np.array([(x + 6, 20), (x + 11, 27), (x + 20, 14)])], False, 0, 3)
        if char == "田":
            page[8:34, x + 12 : x + 15] = 0
            page[20:23, x : x + 26] = 0
    return page


def read_as(text: str) -> Reading:
    """A reading with one character in the middle of each place, `.` for none."""
    classes = np.zeros((STEPS * len(text), 3), np.int32)
    classes[:, 1:] = (1, 2)
    probabilities = np.tile(np.array([0.99, 0.005, 0.005], np.float32), (len(classes), 1))
    for k, char in enumerate(text):
        if char != ".":
            others = [c for c in (0, 1, 2) if c != ALPHABET.index(char)][:2]
            classes[STEPS * k + STEPS // 2] = (ALPHABET.index(char), *others)
    return greedy(Lattice(classes, probabilities, ALPHABET))


@pytest.mark.parametrize(
    ("printed", "read", "text"),
    [
        ("□是☑否", "□是.否", "□是☑否"),
        ("☑是□否", ".是□否", "☑是□否"),
        ("是□否☑", "是□否.", "是□否☑"),
        ("是□否☑", "是.否.", "是□否☑"),
        ("☑是□否", "□是□否", "☑是□否"),
        ("□是□否", "□是□否", "□是□否"),
    ],
)
def test_boxes_are_found_and_ticks_seen(printed: str, read: str, text: str) -> None:
    found = with_check_boxes(line(printed), read_as(read))
    assert found.text == text
    assert found.lattice is not None
    assert greedy(found.lattice).text == text


@pytest.mark.parametrize(("printed", "read"), [("是田否", "是.否"), ("是 否", "是.否"), ("是否是", "是.是")])
def test_gaps_without_a_box_stay(printed: str, read: str) -> None:
    page = line(printed)
    if " " in printed:
        page[:, PITCH : 2 * PITCH] = 255
    reading = read_as(read)
    assert with_check_boxes(page, reading) is reading


def test_further_looks_are_completed_too() -> None:
    first = read_as("□是.否")
    reading = Reading(first.chars, first.lattice, (read_as("□是.否"),))
    found = with_check_boxes(line("□是☑否"), reading)
    assert [look.text for look in (found, *found.looks)] == ["□是☑否"] * 2


def test_an_empty_reading_stays() -> None:
    reading = Reading(())
    assert with_check_boxes(line("□"), reading) is reading

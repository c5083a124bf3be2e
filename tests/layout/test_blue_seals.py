"""Blue seals are faded; blue print, rulings and writing are not."""

import cv2
import numpy as np
import pytest

from shenbao.layout.blue_seals import without_blue_seals
from shenbao.models.stages import Image

BLUE = (60, 70, 160)
PAPER = (235, 232, 215)
SIDE = 1000


def page() -> Image:
    """Yellowish paper with rows of black print."""
    made = np.full((SIDE, SIDE, 3), PAPER, np.uint8)
    for y in range(100, 900, 40):
        for x in range(100, 900, 16):
            cv2.rectangle(made, (x, y), (x + 8, y + 12), (20, 20, 20), 2)
    return made


def inked(made: Image, mask: Image) -> Image:
    """The picture with blue ink where the mask is set, darkening what is there."""
    blue = np.minimum(made, np.array(BLUE, np.uint8))
    return np.where(mask[..., None] > 0, blue, made).astype(np.uint8)


def ring(x: int = 500, y: int = 500, radius: int = 90) -> Image:
    mask = np.zeros((SIDE, SIDE), np.uint8)
    cv2.circle(mask, (x, y), radius, 255, 7)
    cv2.circle(mask, (x, y), 20, 255, -1)
    return mask


def square() -> Image:
    mask = np.zeros((SIDE, SIDE), np.uint8)
    cv2.rectangle(mask, (400, 420), (500, 520), 255, -1)
    cv2.rectangle(mask, (420, 440), (440, 500), 0, -1)
    return mask


@pytest.mark.parametrize("seal", [ring(), square()])
def test_a_seal_fades_and_the_print_under_it_stays(seal: Image) -> None:
    bare, made = page(), inked(page(), seal)
    found = without_blue_seals(made, made[..., 0])
    assert found is not None
    grey, blueness = found
    free = (seal > 0) & (bare[..., 0] > 200)
    assert np.percentile(grey[free], 5) > 220
    assert grey[(seal > 0) & (bare[..., 0] < 50)].max() < 90
    assert (blueness[free] > 40).all() and blueness[seal == 0].max() < 8
    assert (grey[:300] == made[:300, :, 0]).all()


def test_a_seal_whose_line_is_broken_fades() -> None:
    mask = ring()
    for x, y in ((410, 500), (500, 410), (560, 570)):
        mask[y - 8 : y + 8, x - 8 : x + 8] = 0
    made = inked(page(), mask)
    assert without_blue_seals(made, made[..., 0]) is not None


def test_yellowed_paper_hides_no_seal() -> None:
    made = inked(page(), ring())
    made = (made * np.array([1.0, 0.98, 0.8])).astype(np.uint8)
    found = without_blue_seals(made, made[..., 0])
    assert found is not None
    free = (ring() > 0) & (page()[..., 0] > 200)
    assert np.percentile(found[0][free], 5) > 210


def test_a_page_without_blue_ink_has_none() -> None:
    assert without_blue_seals(page(), page()[..., 0]) is None


def test_a_page_printed_in_blue_keeps_its_print() -> None:
    made = page()
    made[(made == 20).all(axis=2)] = BLUE
    made = inked(made, ring())
    assert without_blue_seals(made, made[..., 0]) is None


def test_blue_writing_and_rulings_are_no_seal() -> None:
    mask = np.zeros((SIDE, SIDE), np.uint8)
    cv2.polylines(mask, [np.array([(300, 800), (340, 770), (380, 810), (430, 775)])], False, 255, 4)
    for y in (200, 400):
        cv2.line(mask, (80, y), (920, y), 255, 3)
    for x in (80, 500, 920):
        cv2.line(mask, (x, 200), (x, 400), 255, 3)
    made = inked(page(), mask)
    assert without_blue_seals(made, made[..., 0]) is None


def test_a_paragraph_in_blue_is_no_seal() -> None:
    made = page()
    spot = made[300:420, 300:430]
    spot[(spot == 20).all(axis=2)] = BLUE
    assert without_blue_seals(made, made[..., 0]) is None

"""The weight of a sign's lower arm tells ≥ from >, and moves the reading with it."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image as Pictures
from PIL import ImageDraw

from shenbao.models.stages import CharReading, Image, Lattice, Reading
from shenbao.ocr import signs as told_by_bars
from shenbao.ocr.decode import greedy
from shenbao.ocr.signs import lower_weight, packaged_signs

ALPHABET = ("", ">", "≥", "<", "≤", "5", "=")
SIGN = CharReading(">", 0.8, (("≥", 0.1),), 0.0, 0.4)


def with_bars(picture: Image, before: Reading) -> Reading:
    """The reading of a page's only line."""
    (found,) = told_by_bars.with_bars([picture], [before])
    return found


def drawn(bar: bool, *, left: bool = False, height: int = 32, thick: int = 3, shade: int = 60) -> Image:
    """A line picture with > or < at the left, with a bar along its lower arm, and a box for a digit."""
    width = 2 * height
    picture = Pictures.new("L", (width, height), 240)
    pen = ImageDraw.Draw(picture)
    a, b = (0.65 * height, 0.2 * height) if left else (0.2 * height, 0.65 * height)
    top, middle, low = 0.25 * height, 0.5 * height, 0.75 * height
    pen.line([(a, top), (b, middle)], fill=shade, width=thick)
    pen.line([(b, middle), (a, low)], fill=shade, width=thick)
    if bar:
        pen.line([(b, middle + thick), (a, low + thick)], fill=shade, width=thick)
    pen.rectangle([1.3 * height, top, 1.7 * height, low], outline=shade, width=thick)
    return np.asarray(picture)


def reading(sign: str = ">", probability: float = 0.8) -> Reading:
    """Blank, the sign for two steps, blank, 5, blank."""
    place, other = ALPHABET.index(sign), 5
    rows = [(0, place), (place, 0), (place, 0), (0, other), (other, 0), (0, other)]
    classes = np.array(rows, np.int32)
    probabilities = np.array([[probability, 1 - probability - 0.05]] * len(rows), np.float32)
    return greedy(Lattice(classes, probabilities, ALPHABET))


@pytest.mark.parametrize("height", [20, 32, 48])
@pytest.mark.parametrize("left", [False, True])
def test_a_bar_weighs(height: int, left: bool) -> None:
    thick = max(2, height // 12)
    plain = lower_weight(drawn(False, left=left, height=height, thick=thick), SIGN)
    barred = lower_weight(drawn(True, left=left, height=height, thick=thick), SIGN)
    assert plain is not None and barred is not None
    assert abs(plain) < 0.1
    assert barred > 0.18


def test_what_stands_beside_the_sign_does_not_weigh() -> None:
    picture = drawn(False).copy()
    picture[24:30, 50:62] = 0
    weight = lower_weight(picture, SIGN)
    assert weight is not None and abs(weight) < 0.1


@pytest.mark.parametrize("shade", [0, 60, 160])
def test_faint_print_weighs_alike(shade: int) -> None:
    weight = lower_weight(drawn(True, shade=shade), SIGN)
    assert weight == pytest.approx(lower_weight(drawn(True, shade=60), SIGN), abs=0.03)


def test_paper_has_no_weight() -> None:
    assert lower_weight(np.full((32, 64), 240, np.uint8), SIGN) is None


@pytest.mark.parametrize(("sign", "left", "barred"), [(">", False, "≥"), ("<", True, "≤")])
def test_a_sign_with_a_bar_is_read_with_it(sign: str, left: bool, barred: str) -> None:
    found = with_bars(drawn(True, left=left), reading(sign))
    assert found.text == f"{barred}5"
    assert found.chars[0].probability > 0.5
    assert found.chars[0].alternates[0][0] == sign
    assert found.lattice is not None
    assert greedy(found.lattice).text == f"{barred}5"


def test_a_sign_without_a_bar_stays_and_is_surer_than_its_barred_form() -> None:
    before = reading(">")
    found = with_bars(drawn(False), before)
    assert found.text == ">5"
    assert found.chars[0].probability > 0.7
    assert found.lattice is not None
    assert greedy(found.lattice).text == ">5"


def test_other_characters_and_what_was_given_stay() -> None:
    before = reading(">")
    assert before.lattice is not None
    kept = before.lattice.probabilities.copy()
    found = with_bars(drawn(True), before)
    assert found.chars[1] == before.chars[1]
    assert (before.lattice.probabilities == kept).all()


@pytest.mark.parametrize("sign", ["≥", "=", "5"])
def test_a_sign_that_was_read_with_its_bar_stays(sign: str) -> None:
    before = reading(sign)
    assert with_bars(drawn(False), before) is before


def test_an_alphabet_without_the_barred_sign_leaves_the_reading() -> None:
    before = reading(">")
    assert before.lattice is not None
    alphabet = ("", ">", "?", "<", "?", "5", "=")
    poor = replace(before, lattice=replace(before.lattice, alphabet=alphabet))
    assert with_bars(drawn(True), poor) is poor


def test_steps_add_up_and_are_best_first() -> None:
    found = with_bars(drawn(True), reading(">")).lattice
    before = reading(">").lattice
    assert found is not None and before is not None
    assert (np.diff(found.probabilities, axis=1) <= 0).all()
    dealt = found.probabilities[1:3].sum(axis=1)
    assert dealt == pytest.approx([0.8, 0.8], abs=1e-6)
    assert found.probabilities[4:].tolist() == before.probabilities[4:].tolist()


def test_the_odds_follow_the_weight() -> None:
    signs = packaged_signs()
    found = [signs.barred(w, signs.unread) for w in (-0.3, 0.0, 0.1, signs.middle, 0.2, 0.4)]
    assert found == sorted(found)
    assert found[0] < 0.01
    assert found[-1] > 0.95
    odds = signs.commoner * signs.unread
    assert signs.barred(signs.middle, signs.unread) == pytest.approx(odds / (1 + odds))


def test_the_share_that_goes_unread_follows_the_page() -> None:
    signs = packaged_signs()
    assert signs.share_unread(0, 0) == pytest.approx(signs.unread)
    assert signs.share_unread(0, 10) < 0.01
    assert signs.share_unread(5, 0) > 0.5


@pytest.mark.parametrize(("others", "text"), [([], ">5"), ([">"] * 5, "≥5"), (["≥"] * 5, ">5")])
def test_a_light_bar_counts_where_the_page_s_others_went_unread(others: list[str], text: str) -> None:
    light = (drawn(False).astype(np.float64) * 0.4 + drawn(True) * 0.6).round().astype(np.uint8)
    weight = lower_weight(light, SIGN)
    assert weight is not None and 0.1 < weight < packaged_signs().middle
    pictures, readings = [light, *[drawn(True)] * len(others)], [reading(), *map(reading, others)]
    found = told_by_bars.with_bars(pictures, readings)
    assert found[0].text == text
    assert all(line.text == "≥5" for line in found[1:])

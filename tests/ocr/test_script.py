import numpy as np
import pytest

from shenbao.ocr.script import class_weights, packaged_prior, weighed


@pytest.mark.parametrize("char", ["", "项", "a", "7", "≥", "〔", "—", "·", "‰", "℃", "（", "Ａ", " "])
def test_what_forms_print_has_full_weight(char: str) -> None:
    assert packaged_prior().weight(char) == 1.0


@pytest.mark.parametrize("char", ["項", "玥", "の", "ー", "•", "é", "π", "한", "😀", "$"])
def test_what_forms_hardly_print_weighs_less(char: str) -> None:
    assert 0.0 < packaged_prior().weight(char) < 0.2


def test_a_doubtful_traditional_character_gives_way_and_a_sure_one_stays() -> None:
    alphabet = ("", "項", "项", "玥", "月")
    classes = np.array([[[1, 2, 0], [3, 4, 0]]], np.int32)
    probabilities = np.array([[[0.9, 0.09, 0.01], [0.9999, 1e-5, 1e-5]]], np.float32)
    found, shares = weighed(classes, probabilities, class_weights(alphabet))
    assert [alphabet[c] for c in found[0, :, 0]] == ["项", "玥"]
    assert (np.diff(shares, axis=-1) <= 0).all()
    assert shares[0, 0].sum() == pytest.approx(1.0, abs=1e-3)
    assert shares[0, 1, 0] > 0.8


def test_classes_of_the_script_stay_as_they_are() -> None:
    classes = np.array([[[2, 0]]], np.int32)
    probabilities = np.array([[[0.8, 0.2]]], np.float32)
    found, shares = weighed(classes, probabilities, class_weights(("", "項", "项")))
    assert found is classes and shares is probabilities

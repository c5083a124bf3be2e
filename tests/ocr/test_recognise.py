import numpy as np

from shenbao.ocr.lines import LineBatch
from shenbao.ocr.recognise import TopClasses, readings, top_classes

ALPHABET = ("", "a", "b", " ")


def test_top_classes_are_the_likeliest_in_order() -> None:
    full = np.random.default_rng(0).dirichlet([0.05] * 300, (2, 7)).astype(np.float32)
    classes, probabilities = top_classes(full, k=16)
    assert classes.shape == probabilities.shape == (2, 7, 16)
    assert np.allclose(probabilities, -np.sort(-full, axis=-1)[..., :16], atol=1e-5)
    big = probabilities > 1e-5
    assert np.array_equal(np.take_along_axis(full, classes, axis=-1)[big], probabilities[big])


def test_fewer_likely_classes_than_asked_for_are_filled_up() -> None:
    full = np.zeros((1, 2, 40), np.float32)
    full[0, :, 3] = 1.0
    classes, _ = top_classes(full, k=16)
    assert classes.shape == (1, 2, 16)
    assert (classes[..., 0] == 3).all() and len(set(classes[0, 0].tolist())) == 16


def test_readings_go_to_the_places_of_their_lines() -> None:
    def one(label: int) -> TopClasses:
        return np.array([[[label, 0], [0, label]]], np.int32), np.array([[[0.9, 0.1]] * 2], np.float32)

    pixels = np.zeros((1, 48, 192), np.uint8)
    results = [(LineBatch(pixels, (2,), (0.5,)), one(1)), (LineBatch(pixels, (0,), (1.0,)), one(2))]
    found = readings(3, results, ALPHABET)
    assert [reading.text for reading in found] == ["b", "", "a"]
    assert found[2].chars[0].end == 1.0 and found[0].chars[0].end == 0.5
    assert found[1].lattice is None

"""The likeliest classes that the OpenVINO engine's net gives instead of all probabilities."""

import numpy as np
import pytest

ov = pytest.importorskip("openvino")
engine = pytest.importorskip("shenbao.ocr.engines.openvino")

K = engine.TOP_CLASSES


def likeliest(probabilities: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    shape = ov.PartialShape([-1, -1, probabilities.shape[-1]])
    given = ov.opset15.parameter(shape, np.float32)
    net = ov.Model([ov.opset15.relu(given).output(0)], [given], "net")
    found = ov.Core().compile_model(engine._give_top_classes(net), "CPU")([probabilities])
    return found[0], found[1]


@pytest.mark.parametrize("classes", [64, 187, 400, 1871 * 2])
def test_those_of_all_classes_are_given_best_first(classes: int) -> None:
    probabilities = np.random.default_rng(classes).random((2, 5, classes), np.float32)
    given, held = likeliest(probabilities)
    expected = -np.sort(-probabilities, axis=-1)[..., :K]
    assert held == pytest.approx(expected)
    assert np.take_along_axis(probabilities, given, -1) == pytest.approx(expected)


def test_neighbours_that_are_all_likely_are_all_found() -> None:
    probabilities = np.full((1, 1, 400), 1e-4, np.float32)
    probabilities[0, 0, 90 : 90 + K] = np.linspace(0.9, 0.1, K)
    given, _ = likeliest(probabilities)
    assert given[0, 0].tolist() == list(range(90, 90 + K))


def test_none_is_given_twice_among_equals() -> None:
    given, held = likeliest(np.full((1, 3, 400), 0.0025, np.float32))
    assert all(len(set(step)) == K for step in given[0].tolist())
    assert held == pytest.approx(0.0025)

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from shenbao.errors import ModelFileError
from shenbao.ocr import worn
from shenbao.ocr.weights import find_model, known_weights
from shenbao.ocr.worn import Changes, altered, worn_model


def changes(*layers: tuple[int, float, list[int]]) -> Changes:
    """Changes of layers: where they begin, the size of a step, and the steps."""
    return {
        "offsets": np.array([offset for offset, _, _ in layers], np.int64),
        "sizes": np.array([len(steps) for _, _, steps in layers], np.int64),
        "scales": np.array([scale for _, scale, _ in layers], np.float32),
        "steps": np.array([step for _, _, steps in layers for step in steps], np.int8),
    }


def test_weights_are_changed_where_they_lie_and_nothing_else() -> None:
    weights = np.array([1.0, 2.0, 3.0, 4.0, 5.0], "<f4")
    data = b"abc" + weights.tobytes() + b"end"
    made = altered(data, changes((3, 0.5, [1, -2]), (3 + 12, 0.25, [127, -4])))
    assert made[:3] == b"abc" and made[-3:] == b"end" and len(made) == len(data)
    assert np.frombuffer(made, "<f4", 5, 3).tolist() == [1.5, 1.0, 3.0, 35.75, 4.0]
    assert np.frombuffer(data, "<f4", 5, 3).tolist() == weights.tolist()


def test_the_packaged_changes_fit_the_packaged_model() -> None:
    model = find_model("recognition")
    made, plain = worn_model(model), model.path.read_bytes()
    assert made is not None and len(made) == len(plain)
    differ = np.flatnonzero(np.frombuffer(made, np.uint8) != np.frombuffer(plain, np.uint8))
    assert len(differ) > 1_000_000
    known = worn._changes()
    inside = zip(known["offsets"].tolist(), known["sizes"].tolist(), strict=True)
    mask = np.zeros(len(plain), bool)
    for offset, size in inside:
        assert not mask[offset : offset + 4 * size].any()
        mask[offset : offset + 4 * size] = True
    assert mask[differ].all()


def test_another_model_has_no_weights_for_worn_print(tmp_path: Path) -> None:
    model = find_model("recognition")
    assert worn_model(replace(model, path=tmp_path / "other.onnx", sha256="0" * 64)) is None


def test_altered_changes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    known = known_weights()
    other = known.model_copy(update={"worn": known.worn.model_copy(update={"sha256": "1" * 64})})
    monkeypatch.setattr(worn, "known_weights", lambda: other)
    with pytest.raises(ModelFileError, match=r"worn\.npz is altered"):
        worn_model(find_model("recognition"))

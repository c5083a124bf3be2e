import hashlib
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from shenbao.errors import ModelFileError
from shenbao.ocr import weights
from shenbao.ocr.weights import KnownWeights, find_model, known_weights


def packaged_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for the folder that the wheel brings."""
    monkeypatch.setattr(weights, "_packaged_folder", lambda: tmp_path)
    return tmp_path


def test_packaged_files_are_found_and_are_the_known_ones() -> None:
    for role, known in (
        ("recognition", known_weights().recognition),
        ("detection", known_weights().detection),
    ):
        found = find_model(role)  # type: ignore[arg-type]
        assert found.sha256 == known.sha256
        assert found.path.name == known.file


def test_package_of_the_weights_is_not_imported() -> None:
    find_model("detection")
    assert "rapidocr" not in sys.modules


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"PP-OCRv6_rec_small\.onnx"):
        find_model("recognition", tmp_path)


def test_altered_packaged_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    altered = bytearray(find_model("recognition").path.read_bytes())
    altered[len(altered) // 2] ^= 1
    (packaged_folder(tmp_path, monkeypatch) / "PP-OCRv6_rec_small.onnx").write_bytes(altered)
    with pytest.raises(ModelFileError, match="altered"):
        find_model("recognition")


def test_missing_package_is_a_model_file_error(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = known_weights().model_copy(update={"package": "no_such_package_here"})
    monkeypatch.setattr(weights, "known_weights", lambda: gone)
    with pytest.raises(ModelFileError, match="not installed"):
        find_model("recognition")


def test_own_files_are_accepted_with_their_digest_reported(tmp_path: Path) -> None:
    (tmp_path / "PP-OCRv6_rec_small.onnx").write_bytes(b"another model")
    assert find_model("recognition", tmp_path).sha256 == hashlib.sha256(b"another model").hexdigest()


def test_folder_in_place_of_a_file_is_a_model_file_error(tmp_path: Path) -> None:
    (tmp_path / "PP-OCRv6_det_small.onnx").mkdir()
    with pytest.raises(ModelFileError):
        find_model("detection", tmp_path)


@pytest.mark.parametrize("broken", [{"sha256": "12"}, {"file": "../a.onnx"}, {"extra": 1}])
def test_data_file_is_checked(broken: dict[str, object]) -> None:
    data = known_weights().model_dump()
    data["recognition"] |= broken
    with pytest.raises(ValidationError):
        KnownWeights.model_validate(data)

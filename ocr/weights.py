"""The model files: where they are, and whether they are the ones this version was measured with.

The PP-OCRv6 files lie in the wheel of `rapidocr`, so nothing is downloaded at run time. That package
is only located, never imported.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from shenbao.errors import ModelFileError

Role = Literal["recognition", "detection"]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class KnownFile(_Data):
    """A model file by its base name and the SHA-256 of its bytes."""

    file: Annotated[str, Field(pattern=r"^[^/\\]+\.onnx$")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class KnownChanges(_Data):
    """The file beside this list that holds what worn print changes in the recogniser (`ocr/worn.py`)."""

    file: Annotated[str, Field(pattern=r"^[^/\\]+\.npz$")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class KnownWeights(_Data):
    """Schema of `data/weights.json`: the package and folder that hold the models, and the files."""

    package: str
    folder: str
    recognition: KnownFile
    detection: KnownFile
    worn: KnownChanges


@dataclass(frozen=True)
class ModelFile:
    """A model file that was found and read through: `sha256` is the digest of what is there now."""

    role: Role
    path: Path
    sha256: str


@cache
def known_weights() -> KnownWeights:
    """The packaged list of model files."""
    text = files("shenbao.ocr").joinpath("data/weights.json").read_text("utf-8")
    return KnownWeights.model_validate_json(text)


def find_model(role: Role, model_dir: Path | None = None) -> ModelFile:
    """The file of one model.

    Args:
        role: which of the two models.
        model_dir: a local folder with files of the packaged names. They may be other models: their
            digest is reported, not checked. None takes the packaged files, whose digest must match.

    Raises:
        ModelFileError: the file is missing, cannot be read, or is not the packaged one.
    """
    known = known_weights().recognition if role == "recognition" else known_weights().detection
    path = (model_dir or _packaged_folder()) / known.file
    digest = digest_of(path)
    if model_dir is None and digest != known.sha256:
        raise ModelFileError(f"{path} is altered: SHA-256 {digest}, expected {known.sha256}")
    return ModelFile(role, path, digest)


def digest_of(path: Path) -> str:
    """SHA-256 of a file's bytes, as hexadecimal digits.

    Raises:
        ModelFileError: the file is missing or cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ModelFileError(f"model file {path}: {error.strerror or error}") from error


def _packaged_folder() -> Path:
    known = known_weights()
    spec = find_spec(known.package)
    if spec is None or not spec.submodule_search_locations:
        raise ModelFileError(f"package {known.package}, which carries the model files, is not installed")
    return Path(spec.submodule_search_locations[0]) / known.folder

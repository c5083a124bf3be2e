"""The recogniser taught on worn print: the packaged one with its weights altered a little.

Where a streak, a drop-out or a fax took strokes away, the packaged recogniser leaves characters out or reads what
the rest looks like, often surely: 三级指标 without the middle of its 级 is read 三指标 with a probability of 1.00. So
all its layers but the last were trained further on lines of damaged pages (bench/worn/): those of 232 invented
documents (seed 901), in seven of ten fonts, with other words in most cells, for 65 minutes on two cores, and then those of
320 more (seeds 911 and 912), mostly of badly worn copies and faxes, in eight of ten fonts, for 36 minutes. What changed is
packaged as steps of one byte for each weight. Both are kept apart, for two that err differently tell more of a
line than one that errs less.
"""

from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shenbao.errors import ModelFileError
from shenbao.ocr.weights import ModelFile, digest_of, known_weights


def worn_model(model: ModelFile) -> bytes | None:
    """The packaged recogniser's file, as bytes, with the weights for worn print.

    None where `model` is another one: the changes fit the packaged weights alone.

    Raises:
        ModelFileError: the model or the packaged changes cannot be read, or the latter are altered.
    """
    if model.sha256 != known_weights().recognition.sha256:
        return None
    return altered(model.path.read_bytes(), _changes())


Changes = dict[str, NDArray[np.generic]]
"""`offsets` and `sizes`, where in the file the weights of a layer begin and how many they are, the `scales` of their
steps, and all `steps` (-127 to 127) in one row."""


def altered(data: bytes, changes: Changes) -> bytes:
    """The bytes of a model with its weights changed; they lie in it in single precision, low byte first."""
    made = bytearray(data)
    layers = (changes[name].tolist() for name in ("offsets", "sizes", "scales"))
    start = 0
    for offset, size, scale in zip(*layers, strict=True):
        weights = np.frombuffer(made, "<f4", size, offset)
        weights += np.float32(scale) * changes["steps"][start : start + size].astype(np.float32)
        start += size
    return bytes(made)


def _changes() -> Changes:
    known = known_weights().worn
    with as_file(files("shenbao.ocr").joinpath("data", known.file)) as path:
        return _checked(path, known.sha256)


def _checked(path: Path, sha256: str) -> Changes:
    digest = digest_of(path)
    if digest != sha256:
        raise ModelFileError(f"{path} is altered: SHA-256 {digest}, expected {sha256}")
    with np.load(path) as archive:
        return {name: archive[name] for name in archive.files}

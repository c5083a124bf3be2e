"""The same networks on ONNX Runtime (extra `onnx`), for machines that OpenVINO does not serve."""

import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shenbao.errors import EngineUnavailable, ModelFileError, UsageError
from shenbao.models.stages import Image
from shenbao.ocr.alphabet import alphabet_of
from shenbao.ocr.engines.base import NetReader, Results
from shenbao.ocr.lines import LineBatch, normalised
from shenbao.ocr.recognise import top_classes
from shenbao.ocr.weights import ModelFile, Role, find_model
from shenbao.ocr.worn import worn_model
from shenbao.settings import EngineSettings

try:
    import onnxruntime as ort
except ImportError as error:
    raise EngineUnavailable("the engine onnxruntime needs its extra: pip install 'shenbao[onnx]'") from error

GPU_PROVIDERS = (
    "CUDAExecutionProvider",
    "ROCMExecutionProvider",
    "DmlExecutionProvider",
    "CoreMLExecutionProvider",
)
"""Those that reach a graphics processor, in order of preference."""


def providers(available: Sequence[str], device: str) -> list[str]:
    """The execution providers to try in turn; the processor is always the last.

    `device` as in `EngineSettings`. ONNX Runtime goes on to the next where one cannot be set up, as on a
    machine that has the library for a graphics processor but no such processor.

    Raises:
        UsageError: a graphics processor is asked for and no provider reaches one.
    """
    found = [name for name in GPU_PROVIDERS if name in available] if device != "cpu" else []
    if device == "gpu" and not found:
        raise UsageError("ONNX Runtime has no provider for a graphics processor; install onnxruntime-gpu")
    return [*found[:1], "CPUExecutionProvider"]


class OnnxRuntimeReader(NetReader):
    """Reads with ONNX Runtime in single precision, on a graphics processor where its provider finds one.

    Raises:
        UsageError: the settings ask for bf16, which this engine has not.
        ModelFileError: from any method, when a model file is missing, altered or no such model.
    """

    def __init__(self, settings: EngineSettings) -> None:
        if settings.precision == "bf16":
            raise UsageError(
                "the engine onnxruntime computes in f32 only; set engine.precision to auto or f32"
            )
        super().__init__(settings)
        self._files: dict[Role, ModelFile] = {}

    def _name(self) -> tuple[str, str]:
        return "onnxruntime", str(ort.__version__)

    def _sha256(self, role: Role) -> str:
        return self._file(role).sha256

    def _classes(self) -> tuple[tuple[str, ...], int]:
        session = self._recogniser
        alphabet = alphabet_of(session.get_modelmeta().custom_metadata_map.get("character", ""))
        return alphabet, int(session.get_outputs()[0].shape[-1])

    def _recognise(self, work: Iterator[LineBatch], worn: bool) -> Results:
        session = self._worn if worn else self._recogniser
        for batch in work:
            yield batch, top_classes(_infer(session, batch.pixels))

    def _detect(self, picture: Image) -> NDArray[np.float32]:
        return np.asarray(_infer(self._detector, picture[None])[0, 0])

    def _release(self) -> None:
        """Nothing: its runtime has no call for it."""

    @cached_property
    def _recogniser(self) -> Any:
        return self._load("recognition", self._file("recognition").path)

    @cached_property
    def _worn(self) -> Any:
        model = worn_model(self._file("recognition"))
        return self._recogniser if model is None else self._load("recognition", model)

    @cached_property
    def _detector(self) -> Any:
        return self._load("detection", self._file("detection").path)

    def _file(self, role: Role) -> ModelFile:
        if role not in self._files:
            self._files[role] = find_model(role, self._settings.model_dir)
        return self._files[role]

    def _load(self, role: Role, model: Path | bytes) -> Any:
        options = ort.SessionOptions()
        options.intra_op_num_threads = self._settings.threads or len(os.sched_getaffinity(0))
        options.log_severity_level = 3
        try:
            return ort.InferenceSession(
                model, options, providers=providers(ort.get_available_providers(), self._settings.device)
            )
        except Exception as error:  # the package's own exceptions share no base class
            raise ModelFileError(f"{self._file(role).path} is no {role} model: {error}") from error


def _infer(session: Any, pixels: Image) -> NDArray[np.float32]:
    """The net's only output for grey pictures (n, height, width)."""
    name = session.get_inputs()[0].name
    output: NDArray[np.float32] = session.run(None, {name: normalised(pixels)})[0]
    return output

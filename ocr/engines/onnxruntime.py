"""The same networks on ONNX Runtime (extra `onnx`), for machines that OpenVINO does not serve."""

import os
import threading
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shenbao.errors import EngineUnavailable, ModelFileError, UsageError
from shenbao.models.document import Engine
from shenbao.models.stages import Box, Image, Reading
from shenbao.ocr.alphabet import alphabet_of, check_classes
from shenbao.ocr.detect import line_boxes, net_picture
from shenbao.ocr.lines import batches, normalised
from shenbao.ocr.recognise import readings, top_classes
from shenbao.ocr.weights import ModelFile, Role, find_model
from shenbao.settings import EngineSettings

try:
    import onnxruntime as ort
except ImportError as error:
    raise EngineUnavailable("the engine onnxruntime needs its extra: pip install 'shenbao[onnx]'") from error


class OnnxRuntimeReader:
    """Reads with ONNX Runtime on the processor, in single precision.

    One call runs at a time; calls from other threads wait for it.

    Raises:
        UsageError: the settings ask for bf16, which this engine has not.
        ModelFileError: from any method, when a model file is missing, altered or no such model.
    """

    def __init__(self, settings: EngineSettings) -> None:
        if settings.precision == "bf16":
            raise UsageError(
                "the engine onnxruntime computes in f32 only; set engine.precision to auto or f32"
            )
        self._settings = settings
        self._lock = threading.Lock()
        self._files: dict[Role, ModelFile] = {}

    def read_lines(self, lines: Sequence[Image]) -> list[Reading]:
        """See `LineReader.read_lines`."""
        with self._lock:
            session, alphabet = self._recogniser
            results = (
                (batch, top_classes(_infer(session, batch.pixels)))
                for batch in batches(lines, self._settings.batch)
            )
            return readings(len(lines), results, alphabet)

    def find_lines(self, page: Image) -> list[Box]:
        """See `LineReader.find_lines`."""
        with self._lock:
            probability = _infer(self._detector, net_picture(page)[None])[0, 0]
            return line_boxes(probability, (page.shape[0], page.shape[1]))

    def describe(self) -> Engine:
        """See `LineReader.describe`."""
        roles: tuple[Role, ...] = ("recognition", "detection")
        digests: dict[str, str] = {role: f"sha256:{self._file(role).sha256}" for role in roles}
        return Engine(name="onnxruntime", version=ort.__version__, models=digests)

    @cached_property
    def _recogniser(self) -> tuple[Any, tuple[str, ...]]:
        session = self._load("recognition")
        alphabet = alphabet_of(session.get_modelmeta().custom_metadata_map.get("character", ""))
        check_classes(alphabet, int(session.get_outputs()[0].shape[-1]))
        return session, alphabet

    @cached_property
    def _detector(self) -> Any:
        return self._load("detection")

    def _file(self, role: Role) -> ModelFile:
        if role not in self._files:
            self._files[role] = find_model(role, self._settings.model_dir)
        return self._files[role]

    def _load(self, role: Role) -> Any:
        options = ort.SessionOptions()
        options.intra_op_num_threads = self._settings.threads or len(os.sched_getaffinity(0))
        options.log_severity_level = 3
        path = self._file(role).path
        try:
            return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # the package's own exceptions share no base class
            raise ModelFileError(f"{path} is no {role} model: {error}") from error


def _infer(session: Any, pixels: Image) -> NDArray[np.float32]:
    """The net's only output for grey pictures (n, height, width)."""
    name = session.get_inputs()[0].name
    output: NDArray[np.float32] = session.run(None, {name: normalised(pixels)})[0]
    return output

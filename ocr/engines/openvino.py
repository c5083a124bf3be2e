"""The engine that reads by default: PP-OCRv6 on OpenVINO.

Two changes are made to the networks' graphs before they are compiled: they take grey bytes and
normalise them themselves, and the recogniser gives only the likeliest classes of each step instead
of all 18710 probabilities.
"""

import os
import sys
import threading
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, Literal

import numpy as np

from shenbao.errors import EngineUnavailable, ModelFileError
from shenbao.models.document import Engine
from shenbao.models.stages import Box, Image, Reading
from shenbao.ocr.alphabet import alphabet_of, check_classes
from shenbao.ocr.detect import line_boxes, net_picture
from shenbao.ocr.lines import LineBatch, batches
from shenbao.ocr.recognise import TOP_CLASSES, TopClasses, readings
from shenbao.ocr.weights import ModelFile, Role, find_model
from shenbao.settings import EngineSettings

# With this package at hand, importing openvino reports the import to its maker over the network.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]

try:
    import openvino as ov
    from openvino import opset15 as ops
except ImportError as error:
    raise EngineUnavailable("the engine openvino needs the package openvino: pip install openvino") from error

DEVICE = "CPU"

KERNELS_KEPT = 500
"""Kernels that a network keeps ready, each made for one shape of picture, in every stream.

OpenVINO would keep 5000: on forms of many widths the memory then grows by 10 MB with each new shape,
to 2.4 GB after 100 pages. A few shapes make up most of the work, so that no speed is lost.
"""


class OpenVinoReader:
    """Reads with OpenVINO on the processor. Networks are compiled at first use and kept.

    One call runs at a time; calls from other threads wait for it.

    Raises:
        ModelFileError: from any method, when a model file is missing, altered or no such model.
    """

    def __init__(self, settings: EngineSettings) -> None:
        self._settings = settings
        self._core = ov.Core()
        self._lock = threading.Lock()
        self._files: dict[Role, ModelFile] = {}

    def read_lines(self, lines: Sequence[Image]) -> list[Reading]:
        """See `LineReader.read_lines`."""
        with self._lock:
            queue, alphabet = self._recogniser
            return readings(len(lines), _run(queue, batches(lines, self._settings.batch)), alphabet)

    def find_lines(self, page: Image) -> list[Box]:
        """See `LineReader.find_lines`."""
        with self._lock:
            picture = net_picture(page)
            result = self._detector.infer([picture[None, None]], share_outputs=True)
            boxes = line_boxes(result[0][0, 0], (page.shape[0], page.shape[1]))
            self._detector.get_compiled_model().release_memory()  # 150 MB, and few pages need the detector
            return boxes

    def describe(self) -> Engine:
        """See `LineReader.describe`."""
        digests: dict[str, str] = {
            role: f"sha256:{self._file(role).sha256}" for role in ("recognition", "detection")
        }
        return Engine(name="openvino", version=ov.__version__, models=digests)

    @cached_property
    def _recogniser(self) -> tuple[Any, tuple[str, ...]]:
        model = self._load("recognition")
        alphabet = alphabet_of(_characters(model))
        check_classes(alphabet, model.output(0).partial_shape[-1].get_length())
        _take_grey_bytes(model)
        compiled = self._compile(_give_top_classes(model), "THROUGHPUT")
        return ov.AsyncInferQueue(compiled), alphabet

    @cached_property
    def _detector(self) -> Any:
        model = self._load("detection")
        _take_grey_bytes(model)
        return self._compile(model, "LATENCY").create_infer_request()

    def _file(self, role: Role) -> ModelFile:
        if role not in self._files:
            self._files[role] = find_model(role, self._settings.model_dir)
        return self._files[role]

    def _load(self, role: Role) -> Any:
        path = self._file(role).path
        try:
            return self._core.read_model(path)
        except RuntimeError as error:
            raise ModelFileError(f"{path} is no {role} model: {error}") from error

    def _compile(self, model: Any, hint: Literal["LATENCY", "THROUGHPUT"]) -> Any:
        threads = self._settings.threads or len(os.sched_getaffinity(0))
        settings = {
            "INFERENCE_PRECISION_HINT": self._precision(),
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": threads if hint == "THROUGHPUT" else 1,
            "PERFORMANCE_HINT": hint,
            "CPU_RUNTIME_CACHE_CAPACITY": KERNELS_KEPT,
        }
        return self._core.compile_model(model, DEVICE, settings)

    def _precision(self) -> str:
        if self._settings.precision != "auto":
            return self._settings.precision
        return "bf16" if "BF16" in self._core.get_property(DEVICE, "OPTIMIZATION_CAPABILITIES") else "f32"


def _run(queue: Any, work: Iterator[LineBatch]) -> list[tuple[LineBatch, TopClasses]]:
    """All batches through the net, several at a time."""
    done: list[tuple[LineBatch, TopClasses]] = []

    def keep(request: Any, batch: LineBatch) -> None:
        classes, probabilities = (request.get_output_tensor(i).data.copy() for i in (0, 1))
        done.append((batch, (classes, probabilities)))

    queue.set_callback(keep)
    for batch in work:
        queue.start_async([batch.pixels[:, None]], userdata=batch)
    queue.wait_all()
    return done


def _characters(model: Any) -> str:
    info = model.get_rt_info()
    try:
        return str(info["framework"]["character"].value)
    except (KeyError, RuntimeError) as error:
        raise ModelFileError("the recognition model carries no list of characters") from error


def _take_grey_bytes(model: Any) -> None:
    """Replace the input (n, 3, h, w) of floats -1 to 1 by (n, 1, h, w) of bytes."""
    old = model.get_parameters()[0]
    shape = old.get_partial_shape()
    new = ops.parameter(ov.PartialShape([shape[0], 1, shape[2], shape[3]]), np.uint8, name="grey")
    grey = ops.subtract(ops.divide(ops.convert(new, "f32"), np.float32(127.5)), np.float32(1.0))
    colours = ops.concat([grey, grey, grey], axis=1)
    for target in old.output(0).get_target_inputs():
        target.replace_source_output(colours.output(0))
    model.remove_parameter(old)
    model.add_parameters([new])
    model.validate_nodes_and_infer_types()


def _give_top_classes(model: Any) -> Any:
    """A model that gives classes and probabilities (n, steps, k), best first."""
    probabilities = model.get_results()[0].input_value(0)
    top = ops.topk(
        probabilities, np.int32(TOP_CLASSES), -1, mode="max", sort="value", index_element_type="i32"
    )
    return ov.Model([top.output(1), top.output(0)], model.get_parameters(), "recognition")

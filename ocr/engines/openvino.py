"""The engine that reads by default: PP-OCRv6 on OpenVINO.

Two changes are made to the networks' graphs before they are compiled: they take grey bytes and
normalise them themselves, and the recogniser gives only the likeliest classes of each step instead
of all 18710 probabilities.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from shenbao.errors import EngineUnavailable, ModelFileError, UsageError
from shenbao.models.stages import Image
from shenbao.ocr.alphabet import alphabet_of
from shenbao.ocr.engines.base import NetReader, Results
from shenbao.ocr.lines import HEIGHT, MIN_WIDTH, PADDING, WIDTH_STEP, LineBatch, batches
from shenbao.ocr.recognise import TOP_CLASSES, TopClasses
from shenbao.ocr.weights import ModelFile, Role, find_model
from shenbao.ocr.worn import worn_model
from shenbao.settings import EngineSettings

# With this package at hand, importing openvino reports the import to its maker over the network.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]

try:
    import openvino as ov
    from openvino import opset15 as ops
except ImportError as error:
    raise EngineUnavailable("the engine openvino needs the package openvino: pip install openvino") from error

CPU = "CPU"

KERNELS_KEPT = 100
"""Kernels that a network keeps ready beside the one in use, each made for one shape of picture, in every stream.

OpenVINO would keep 5000, but on forms of many widths the memory grows by 10 MB with each new shape, to 2.4 GB after
100 pages. 100 are about what one run of the recogniser needs. To keep none is slower by a seventh: OpenVINO then
leaves neighbouring operations apart that it makes one kernel of else. With 400 and 1000 the recogniser takes as long as
with 100, in whole batches of four, and the process holds 100 to 160 MB more.
"""

USUAL_WIDTHS = range(MIN_WIDTH, 1920 + 1, WIDTH_STEP)
"""Columns of the pictures that lines of forms become; wider ones are rare.

For some widths the network's layers order their weights anew, and keep these, too: 160 MB once each width was
seen. A process that reads for long sees to it early, and so holds as much after a day as after an hour; it
takes 3 seconds of a processor.
"""

PAGES_OF_A_LONG_RUN = 40
"""Pages after which a process is taken to be one that reads for long."""


class OpenVinoReader(NetReader):
    """Reads with OpenVINO, on a graphics card of Intel where it finds one, else on the processor.

    Raises:
        UsageError: from any method, when the settings ask for a graphics processor and there is none.
        ModelFileError: from any method, when a model file is missing, altered or no such model.
    """

    def __init__(self, settings: EngineSettings) -> None:
        super().__init__(settings)
        self._core = ov.Core()
        self._files: dict[Role, ModelFile] = {}
        self._pages = 0

    def _name(self) -> tuple[str, str]:
        return "openvino", str(ov.__version__)

    def _sha256(self, role: Role) -> str:
        return self._file(role).sha256

    def _classes(self) -> tuple[tuple[str, ...], int]:
        model = self._load("recognition", self._file("recognition").path)
        return alphabet_of(_characters(model)), int(model.output(0).partial_shape[-1].get_length())

    def _recognise(self, work: Iterator[LineBatch], worn: bool) -> Results:
        yield from _run(self._worn if worn else self._recogniser, work)

    def _detect(self, picture: Image) -> NDArray[np.float32]:
        result = self._detector.infer([picture[None, None]], share_outputs=True)
        found = np.array(result[0][0, 0], np.float32)
        self._detector.get_compiled_model().release_memory()  # 150 MB, and few pages need the detector
        return found

    def _release(self) -> None:
        queues = [vars(self)[name] for name in ("_recogniser", "_worn") if name in vars(self)]
        self._pages += bool(queues)
        for queue in queues:
            if self._pages == PAGES_OF_A_LONG_RUN:
                _take_usual_widths(queue)
            # 25 MB for each 1,000 columns of the widest line; it takes some 5 milliseconds.
            queue[0].get_compiled_model().release_memory()

    @cached_property
    def _recogniser(self) -> Any:
        return self._queue(self._file("recognition").path)

    @cached_property
    def _worn(self) -> Any:
        model = worn_model(self._file("recognition"))
        return self._recogniser if model is None else self._queue(model)

    def _queue(self, file: Path | bytes) -> Any:
        model = self._load("recognition", file)
        _take_grey_bytes(model)
        return ov.AsyncInferQueue(self._compile(_give_top_classes(model), "THROUGHPUT"))

    @cached_property
    def _detector(self) -> Any:
        model = self._load("detection", self._file("detection").path)
        _take_grey_bytes(model)
        return self._compile(model, "LATENCY").create_infer_request()

    def _file(self, role: Role) -> ModelFile:
        if role not in self._files:
            self._files[role] = find_model(role, self._settings.model_dir)
        return self._files[role]

    def _load(self, role: Role, model: Path | bytes) -> Any:
        try:
            return self._core.read_model(model)
        except RuntimeError as error:
            raise ModelFileError(f"{self._file(role).path} is no {role} model: {error}") from error

    @cached_property
    def _device(self) -> str:
        discrete = {
            name: "DISCRETE" in str(self._core.get_property(name, "DEVICE_TYPE")).upper()
            for name in self._core.available_devices
            if name.split(".")[0] == "GPU"
        }
        return device(discrete, self._settings.device)

    def _compile(self, model: Any, hint: Literal["LATENCY", "THROUGHPUT"]) -> Any:
        settings: dict[str, Any] = {"PERFORMANCE_HINT": hint}
        if self._device == CPU:
            threads = self._settings.threads or len(os.sched_getaffinity(0))
            settings |= {
                "INFERENCE_PRECISION_HINT": self._precision(),
                "INFERENCE_NUM_THREADS": threads,
                "NUM_STREAMS": threads if hint == "THROUGHPUT" else 1,
                "CPU_RUNTIME_CACHE_CAPACITY": KERNELS_KEPT,
                # Every process would pin its threads to the same first cores, and others stay idle.
                "ENABLE_CPU_PINNING": False,
            }
        return self._core.compile_model(model, self._device, settings)

    def _precision(self) -> str:
        if self._settings.precision != "auto":
            return self._settings.precision
        return "bf16" if "BF16" in self._core.get_property(CPU, "OPTIMIZATION_CAPABILITIES") else "f32"


def device(graphics: Mapping[str, bool], wished: str) -> str:
    """The device to run on, in OpenVINO's words; `wished` as in `EngineSettings.device`.

    `graphics` says for each graphics processor whether it is one of its own. Those that are a part of the
    processor are taken on demand only: for every new width of a line they compile for longer than they gain.

    Raises:
        UsageError: a graphics processor is asked for and OpenVINO finds none.
    """
    if wished == "gpu" and not graphics:
        raise UsageError("OpenVINO finds no graphics processor; set engine.device to auto or cpu")
    if wished == "gpu":
        return next(iter(graphics))
    return next((name for name, discrete in graphics.items() if discrete and wished == "auto"), CPU)


def _take_usual_widths(queue: Any) -> None:
    """See `USUAL_WIDTHS`."""
    lines = [np.full((HEIGHT, width), PADDING, np.uint8) for width in USUAL_WIDTHS for _ in range(len(queue))]
    _run(queue, batches(lines, 1))


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
    """A model that gives classes and probabilities (n, steps, k), best first.

    The k best of all classes lie in the k columns with the best heads of a table of the classes: to sort heads and then
    those columns takes a third of the time. Of classes that are equally likely any may be given.
    """
    probabilities = model.get_results()[0].input_value(0)
    classes = int(probabilities.get_partial_shape()[-1].get_length())
    rows = max(n for n in range(1, TOP_CLASSES + 1) if classes % n == 0 and n * TOP_CLASSES <= classes)
    columns, k = classes // rows, np.int32(TOP_CLASSES)
    folded = ops.reshape(probabilities, np.array([0, 0, rows, columns]), special_zero=True)
    heads = ops.reduce_max(folded, np.int64(2))
    best = ops.topk(heads, k, -1, mode="max", sort="index", index_element_type="i32").output(1)
    held = ops.gather(folded, best, np.int64(3), batch_dims=2)
    flat = ops.reshape(held, np.array([0, 0, rows * TOP_CLASSES]), special_zero=True)
    top = ops.topk(flat, k, -1, mode="max", sort="value", index_element_type="i32")
    row, place = ops.divide(top.output(1), k), ops.mod(top.output(1), k)
    found = ops.add(ops.multiply(row, np.int32(columns)), ops.gather_elements(best, place, 2))
    return ov.Model([found.output(0), top.output(0)], model.get_parameters(), "recognition")

"""PaddleOCR as an engine (extra `paddle`): its runners, with this project's preparation and decoding.

`paddleocr` itself answers with a text and one score for each line. Its predictors keep the runner
that computes the class probabilities, and that is what is called here, so that readings carry the
same lattice and per-character probabilities as those of the other engines. The runner is not part of
paddleocr's documented interface; a version without it is refused.
"""

import json
import os
import shutil
from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shenbao.errors import EngineUnavailable, ModelFileError, UsageError
from shenbao.models.stages import Image
from shenbao.ocr.alphabet import alphabet_of
from shenbao.ocr.engines.base import NetReader, Results
from shenbao.ocr.lines import HEIGHT, LineBatch, normalised
from shenbao.ocr.recognise import top_classes
from shenbao.ocr.weights import Role, digest_of, find_model
from shenbao.settings import EngineSettings

# paddlex looks for its model servers while it is imported; nothing here may reach the network.
os.environ["PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK"] = "True"

try:
    import onnxruntime as ort
    from paddleocr import TextDetection, TextRecognition
except ImportError as error:
    raise EngineUnavailable(
        f"the engine paddle needs its extra: pip install 'shenbao[paddle]' ({error})"
    ) from error

MODEL = "inference"
"""Base name of the files of an exported model."""

PACKAGED_NAMES: dict[Role, str] = {"recognition": "PP-OCRv6_small_rec", "detection": "PP-OCRv6_small_det"}


class PaddleReader(NetReader):
    """Reads with PaddleOCR's runners, with the packaged weights or any exported PP-OCR model.

    `model_dir` holds the folders `recognition` and `detection`, each as PaddleOCR ships them:
    `inference.yml` beside `inference.onnx` (run by ONNX Runtime) or beside Paddle's own model files
    (which need the package paddlepaddle). So the medium and server models run too.

    Raises:
        UsageError: the settings ask for bf16, which this engine has not.
        ModelFileError: from any method, when a model folder is missing or no such model.
    """

    def __init__(self, settings: EngineSettings) -> None:
        if settings.precision == "bf16":
            raise UsageError("the engine paddle computes in f32 only; set engine.precision to auto or f32")
        super().__init__(settings)

    def _name(self) -> tuple[str, str]:
        return "paddle", version("paddleocr")

    def _sha256(self, role: Role) -> str:
        return digest_of(_model_file(self._folder(role)))

    def _classes(self) -> tuple[tuple[str, ...], int]:
        predictor = self._recogniser
        blank_line = np.full((1, HEIGHT, HEIGHT), 255, np.uint8)
        alphabet = ("", *predictor.config["PostProcess"]["character_dict"], " ")
        return alphabet, int(_infer(predictor, blank_line).shape[-1])

    def _recognise(self, work: Iterator[LineBatch], worn: bool) -> Results:
        for batch in work:
            yield batch, top_classes(_infer(self._recogniser, batch.pixels))

    def _detect(self, picture: Image) -> NDArray[np.float32]:
        return np.asarray(_infer(self._detector, picture[None])[0, 0])

    def _release(self) -> None:
        """Nothing: its runtime has no call for it."""

    @cached_property
    def _recogniser(self) -> Any:
        return self._open("recognition", TextRecognition)

    @cached_property
    def _detector(self) -> Any:
        return self._open("detection", TextDetection)

    @cached_property
    def _packaged(self) -> TemporaryDirectory[str]:
        """Folders of the packaged weights in PaddleOCR's form; removed with this object."""
        root = TemporaryDirectory(prefix="shenbao-paddle-")
        for role in PACKAGED_NAMES:
            _export(role, Path(root.name) / role)
        return root

    def _folder(self, role: Role) -> Path:
        return (self._settings.model_dir or Path(self._packaged.name)) / role

    def _open(self, role: Role, model: Any) -> Any:
        folder = self._folder(role)
        file = _model_file(folder)
        threads = self._settings.threads or len(os.sched_getaffinity(0))
        device = "gpu" if self._settings.device == "gpu" else "cpu"
        engine: dict[str, Any] = {"engine": "paddle", "cpu_threads": threads}
        if file.suffix == ".onnx":
            engine = {"engine": "onnxruntime", "engine_config": {"intra_op_num_threads": threads}}
        try:
            predictor = model(
                model_name=_model_name(folder), model_dir=str(folder), device=device, **engine
            ).paddlex_predictor
        except Exception as error:  # paddlex raises what its parts raise
            raise ModelFileError(f"paddleocr cannot load the {role} model in {folder}: {error}") from error
        if not hasattr(predictor, "runner"):
            raise EngineUnavailable(f"paddleocr {version('paddleocr')} has no runner; 3.7 has")
        return predictor


def _infer(predictor: Any, pixels: Image) -> NDArray[np.float32]:
    """The net's only output for grey pictures (n, height, width)."""
    output: NDArray[np.float32] = np.asarray(predictor.runner(x=[normalised(pixels)])[0], np.float32)
    return output


def _model_file(folder: Path) -> Path:
    for suffix in (".onnx", ".pdiparams", ".safetensors"):
        path = folder / f"{MODEL}{suffix}"
        if path.is_file():
            return path
    raise ModelFileError(f"{folder} holds no {MODEL}.onnx and no {MODEL}.pdiparams")


def _model_name(folder: Path) -> str:
    """`Global.model_name` of a folder's `inference.yml`."""
    yaml = import_module("yaml")  # comes with paddleocr, without types
    path = folder / f"{MODEL}.yml"
    try:
        return str(yaml.safe_load(path.read_text("utf-8"))["Global"]["model_name"])
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError) as error:
        raise ModelFileError(f"{path} does not name its model: {error}") from error


def _export(role: Role, folder: Path) -> None:
    """Lay the packaged weights of one model out as PaddleOCR expects them."""
    folder.mkdir()
    source = find_model(role).path
    shutil.copyfile(source, folder / f"{MODEL}.onnx")
    config = _recognition_config(source) if role == "recognition" else _detection_config()
    config["Global"] = {"model_name": PACKAGED_NAMES[role]}
    # JSON is YAML too, and every character of the alphabet survives in it
    (folder / f"{MODEL}.yml").write_text(json.dumps(config, ensure_ascii=False), "utf-8")


def _recognition_config(source: Path) -> dict[str, Any]:
    metadata = ort.InferenceSession(source, providers=["CPUExecutionProvider"]).get_modelmeta()
    alphabet = alphabet_of(metadata.custom_metadata_map.get("character", ""))
    return {
        "PreProcess": {
            "transform_ops": [
                {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
                {"RecResizeImg": {"image_shape": [3, HEIGHT, 320]}},
            ]
        },
        "PostProcess": {"name": "CTCLabelDecode", "character_dict": list(alphabet[1:-1])},
    }


def _detection_config() -> dict[str, Any]:
    return {
        "PreProcess": {
            "transform_ops": [
                {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
                {"DetResizeForTest": None},
                {"NormalizeImage": {"mean": [0.5] * 3, "std": [0.5] * 3, "scale": "1./255.", "order": "hwc"}},
                {"ToCHWImage": None},
            ]
        },
        "PostProcess": {"name": "DBPostProcess"},
    }

"""The engines, and the one way to open them."""

from shenbao.ocr.engine import LineReader
from shenbao.settings import EngineSettings


def open_engine(settings: EngineSettings) -> LineReader:
    """The engine that the settings name. Only its own packages are imported.

    Raises:
        EngineUnavailable: a package that the engine needs is not installed.
    """
    if settings.name == "onnxruntime":
        from shenbao.ocr.engines.onnxruntime import OnnxRuntimeReader

        return OnnxRuntimeReader(settings)
    if settings.name == "paddle":
        from shenbao.ocr.engines.paddle import PaddleReader

        return PaddleReader(settings)
    from shenbao.ocr.engines.openvino import OpenVinoReader

    return OpenVinoReader(settings)

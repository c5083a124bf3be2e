import subprocess
import sys

import pytest

import shenbao

HEAVY = ("cv2", "openvino", "numpy", "pydantic", "PIL", "pypdfium2", "openpyxl", "rapidfuzz", "onnxruntime")


def test_import_is_cheap() -> None:
    code = (
        "import sys, time; t = time.perf_counter(); import shenbao; s = time.perf_counter() - t;"
        f"print(s, [m for m in {HEAVY!r} if m in sys.modules])"
    )
    seconds, loaded = subprocess.check_output([sys.executable, "-c", code], text=True).split(" ", 1)
    assert loaded.strip() == "[]"
    assert float(seconds) < 0.3


def test_public_names_are_what_they_say() -> None:
    from shenbao.models.document import Document
    from shenbao.settings import Settings

    assert shenbao.Settings is Settings
    assert shenbao.Document is Document
    assert shenbao.errors.ShenbaoError is shenbao.ShenbaoError
    assert shenbao.__version__[0].isdigit()
    assert set(shenbao.__all__) <= set(dir(shenbao))


def test_unknown_names_are_refused() -> None:
    with pytest.raises(AttributeError, match="nothing_here"):
        shenbao.nothing_here  # noqa: B018

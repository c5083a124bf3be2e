"""`shenbao check`: whether the installation can do its work."""

import argparse
import platform
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distributions, requires, version
from pathlib import Path

from shenbao.cli.options import settings_of
from shenbao.cli.streams import deliver
from shenbao.errors import EngineUnavailable, ShenbaoError
from shenbao.reading import ReaderFactory
from shenbao.settings import EngineSettings

_TEST_LINE = "20210731"
_FEATURES = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "amx_int8", "asimd")


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `failed` is None where it is in order."""

    name: str
    detail: str
    failed: ShenbaoError | None = None


def run(args: argparse.Namespace, reader_factory: ReaderFactory) -> int:
    """Prints a line for each finding; the exit code is that of the first that is not in order."""
    first: ShenbaoError | None = None
    for finding in findings(settings_of(args).engine):
        mark = "FAIL" if finding.failed else "ok"
        line = f"{mark:5}{finding.name}: {finding.detail}"
        if finding.failed:
            line += f" -- {finding.failed.advice}"
            first = first or finding.failed
        deliver(line.encode() + b"\n")
    return first.exit_code if first else 0


def findings(engine: EngineSettings) -> Iterator[Finding]:
    """All checks in order, each told as soon as it is done."""
    yield Finding("python", f"{platform.python_version()} at {sys.executable}")
    yield Finding("processor", _processor())
    yield from _packages()
    yield _one_opencv()
    for role in ("recognition", "detection"):
        yield _tried(f"model {role}", lambda role=role: _model(role, engine))  # type: ignore[misc]
    yield _tried(f"engine {engine.name}", lambda: _engine(engine))
    yield _tried("test line", lambda: _test_line(engine))
    yield Finding("Chinese font", _font())


def _tried(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name, look())
    except ShenbaoError as error:
        return Finding(name, str(error), error)
    except Exception as error:  # noqa: BLE001 - whatever is wrong is what this command is to find
        return Finding(name, f"{type(error).__name__}: {error}", EngineUnavailable(str(error)))


def _packages() -> Iterator[Finding]:
    for requirement in requires("shenbao") or ():
        if "extra ==" in requirement:
            continue
        name = re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]
        try:
            yield Finding(f"package {name}", version(name))
        except PackageNotFoundError:
            yield Finding(f"package {name}", "missing", ShenbaoError("missing"))


def _one_opencv() -> Finding:
    """Different versions of OpenCV write into one folder and break each other."""
    found = {d.name.lower(): d.version for d in distributions() if d.name.lower().startswith("opencv")}
    detail = ", ".join(f"{name} {number}" for name, number in sorted(found.items()))
    mixed = len(set(found.values())) > 1
    return Finding("one OpenCV", detail, ShenbaoError("several versions") if mixed else None)


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    text = info.read_text("utf-8", "replace") if info.exists() else ""
    flags = re.search(r"^(?:flags|Features)\s*:(.*)$", text, re.MULTILINE)
    present = set(flags.group(1).split()) if flags else set()
    model = re.search(r"^model name\s*:\s*(.*)$", text, re.MULTILINE)
    name = model.group(1) if model else platform.processor() or platform.machine()
    return f"{name}; {', '.join(f for f in _FEATURES if f in present) or 'no known features'}"


def _model(role: str, engine: EngineSettings) -> str:
    from shenbao.ocr.weights import find_model

    found = find_model("recognition" if role == "recognition" else "detection", engine.model_dir)
    return f"{found.path.name} sha256 {found.sha256[:16]}"


def _engine(engine: EngineSettings) -> str:
    from shenbao.ocr.engines import open_engine

    described = open_engine(engine).describe()
    return f"{described.name} {described.version}"


def _test_line(engine: EngineSettings) -> str:
    """Reads a line that is drawn with the font that comes with Pillow."""
    import numpy as np
    from PIL import Image, ImageDraw, ImageFont

    from shenbao.ocr.engines import open_engine

    picture = Image.new("L", (200, 48), 255)
    ImageDraw.Draw(picture).text((12, 4), _TEST_LINE, fill=0, font=ImageFont.load_default(34))
    reading = open_engine(engine).read_lines([np.asarray(picture)])[0]
    if reading.text != _TEST_LINE:
        raise EngineUnavailable(f"read {reading.text!r}, expected {_TEST_LINE!r}")
    return f"read {reading.text}, weakest character {reading.weakest:.3f}"


def _font() -> str:
    from shenbao.show.fonts import font_file

    found = font_file()
    return str(found) if found else "none (`shenbao show` draws no texts beside the page)"

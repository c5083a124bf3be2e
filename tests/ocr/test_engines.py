"""Every installed engine on drawn lines of print."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from shenbao.errors import EngineUnavailable, ModelFileError, UsageError
from shenbao.models.stages import Image
from shenbao.ocr.engine import LineReader
from shenbao.ocr.engines import open_engine
from shenbao.ocr.lines import HEIGHT
from shenbao.settings import EngineSettings

DrawLine = Callable[[str], Image]
LINES = [
    "县本级部门预算项目绩效目标申报表",
    "104.08",
    "2021年12月",
    "服务对象满意度",
    "95%",
    "1",
    "一",
    "≥",
    "亩",
    "人",
]


def test_lines_are_read_exactly_and_in_order(reader: LineReader, draw_line: DrawLine) -> None:
    found = reader.read_lines([draw_line(text) for text in LINES])
    assert [reading.text for reading in found] == LINES
    for reading in found:
        assert 0.3 < reading.weakest <= 1.0
        assert reading.lattice is not None
        starts = [char.start for char in reading.chars]
        assert starts == sorted(starts) and starts[0] < 0.6 and reading.chars[-1].end > 0.4


def test_worn_print_is_read_with_weights_of_its_own(reader: LineReader, draw_line: DrawLine) -> None:
    line = draw_line("县本级部门预算项目绩效目标申报表")
    faint = np.random.default_rng(4).random(line.shape) < 0.15
    pictures = [line, np.where(faint, 255, line).astype(np.uint8)]
    worn, plain = reader.read_worn(pictures), reader.read_lines(pictures)
    assert worn[0].text == plain[0].text == LINES[0]
    alike = [a.weakest == b.weakest for a, b in zip(worn, plain, strict=True)]
    assert alike == [reader.describe().name == "paddle"] * 2


def test_characters_stand_where_they_are_printed(reader: LineReader, draw_line: DrawLine) -> None:
    (reading,) = reader.read_lines([draw_line("预算资金总额")])
    for place, char in enumerate(reading.chars):
        assert (char.start + char.end) / 2 == pytest.approx((place + 0.5) / 6, abs=0.12)


def test_no_lines_and_lines_without_print(reader: LineReader) -> None:
    assert reader.read_lines([]) == []
    blank, empty = np.full((30, 120), 250, np.uint8), np.zeros((0, 10), np.uint8)
    assert [reading.text for reading in reader.read_lines([blank, empty])] == ["", ""]


def test_lines_are_found_on_a_page(reader: LineReader, draw_line: DrawLine) -> None:
    page = np.full((600, 800), 255, np.uint8)
    tops = (60, 260, 460)
    for top, text in zip(tops, ("县本级部门预算", "绩效目标申报表", "年度预算资金总额"), strict=True):
        line = draw_line(text)
        page[top : top + line.shape[0], 100 : 100 + line.shape[1]] = line
    boxes = sorted(reader.find_lines(page), key=lambda box: box[1])
    assert len(boxes) == 3
    for (x0, y0, x1, y1), top in zip(boxes, tops, strict=True):
        assert 80 < x0 < 125 and x1 > 280
        assert top - 15 < y0 < top + 15 and top + 25 < y1 < top + 60


def test_description_names_the_engine_and_its_models(reader: LineReader) -> None:
    engine = reader.describe()
    assert engine.name in {"openvino", "onnxruntime", "paddle"} and engine.version
    assert set(engine.models) == {"recognition", "detection"}
    assert all(digest.startswith("sha256:") and len(digest) == 71 for digest in engine.models.values())


def test_what_a_line_reads_as_does_not_depend_on_its_neighbours(draw_line: DrawLine) -> None:
    openvino = open_engine(EngineSettings(precision="f32", threads=2))
    pictures = [draw_line(text) for text in LINES]
    together = openvino.read_lines(pictures)
    for picture, expected in zip(pictures, together, strict=True):
        (alone,) = openvino.read_lines([picture])
        assert alone.text == expected.text
        assert alone.weakest == pytest.approx(expected.weakest, abs=1e-6)


def test_engines_agree_with_onnxruntime(reader: LineReader, draw_line: DrawLine) -> None:
    pytest.importorskip("onnxruntime")
    reference = open_engine(EngineSettings(name="onnxruntime", threads=2))
    pictures = [draw_line(text) for text in LINES]
    for one, other in zip(reader.read_lines(pictures), reference.read_lines(pictures), strict=True):
        assert one.text == other.text
        pairs = zip(one.chars, other.chars, strict=True)
        assert all(a.probability == pytest.approx(b.probability, abs=2e-3) for a, b in pairs)
        assert one.lattice is not None and other.lattice is not None
        assert one.lattice.alphabet == other.lattice.alphabet
        assert np.array_equal(one.lattice.classes[:, 0], other.lattice.classes[:, 0])


def test_reduced_precision_reads_the_same(draw_line: DrawLine) -> None:
    reader = open_engine(EngineSettings(precision="auto", threads=1, batch=3))
    assert [r.text for r in reader.read_lines([draw_line(text) for text in LINES])] == LINES


@pytest.mark.parametrize("name", ["openvino", "onnxruntime"])
def test_missing_and_foreign_models_are_refused(name: str, tmp_path: Path) -> None:
    settings = EngineSettings.model_validate({"name": name, "model_dir": tmp_path})
    line = np.full((HEIGHT, 100), 255, np.uint8)
    try:
        reader = open_engine(settings)
    except EngineUnavailable as error:
        pytest.skip(str(error))
    with pytest.raises(ModelFileError, match="PP-OCRv6_rec_small"):
        reader.read_lines([line])
    (tmp_path / "PP-OCRv6_rec_small.onnx").write_bytes(b"this is no network")
    with pytest.raises(ModelFileError, match="no recognition model"):
        open_engine(settings).read_lines([line])


def test_onnxruntime_has_no_reduced_precision() -> None:
    pytest.importorskip("onnxruntime")
    with pytest.raises(UsageError, match="f32 only"):
        open_engine(EngineSettings(name="onnxruntime", precision="bf16"))


@pytest.mark.parametrize(
    ("name", "package"), [("openvino", "openvino"), ("onnxruntime", "onnxruntime"), ("paddle", "paddleocr")]
)
def test_missing_package_is_named_with_advice(name: str, package: str) -> None:
    code = f"""
import sys
sys.modules[{package!r}] = None
from shenbao.errors import EngineUnavailable
from shenbao.ocr.engines import open_engine
from shenbao.settings import EngineSettings
try:
    open_engine(EngineSettings(name={name!r}))
except EngineUnavailable as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pip install" in done.stdout and name in done.stdout


def test_opening_an_engine_imports_no_other_engine() -> None:
    code = """
import sys
from shenbao.ocr.engines import open_engine
assert "openvino" not in sys.modules
from shenbao.settings import EngineSettings
open_engine(EngineSettings())
assert "onnxruntime" not in sys.modules and "paddleocr" not in sys.modules and "rapidocr" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("graphics", "wished", "taken"),
    [
        ({}, "auto", "CPU"),
        ({}, "cpu", "CPU"),
        ({"GPU": True}, "auto", "GPU"),
        ({"GPU": True}, "cpu", "CPU"),
        ({"GPU.0": False, "GPU.1": True}, "auto", "GPU.1"),
        ({"GPU": False}, "auto", "CPU"),
        ({"GPU": False}, "gpu", "GPU"),
    ],
)
def test_openvino_takes_a_graphics_card_where_there_is_one(
    graphics: dict[str, bool], wished: str, taken: str
) -> None:
    from shenbao.ocr.engines.openvino import device

    assert device(graphics, wished) == taken


def test_onnxruntime_takes_a_graphics_processor_where_there_is_one() -> None:
    pytest.importorskip("onnxruntime")
    from shenbao.ocr.engines.onnxruntime import providers

    cpu, cuda = "CPUExecutionProvider", "CUDAExecutionProvider"
    assert providers([cuda, cpu], "auto") == providers([cuda, cpu], "gpu") == [cuda, cpu]
    assert providers([cuda, cpu], "cpu") == providers(["AzureExecutionProvider", cpu], "auto") == [cpu]
    with pytest.raises(UsageError, match="graphics processor"):
        providers([cpu], "gpu")


def test_a_graphics_processor_that_is_not_there_is_told() -> None:
    from shenbao.ocr.engines.openvino import device

    with pytest.raises(UsageError, match="no graphics processor"):
        device({}, "gpu")


def test_a_loaded_engine_has_both_networks() -> None:
    engine = open_engine(EngineSettings(threads=1))
    assert not vars(engine).keys() & {"_recogniser", "_detector"}
    engine.load()
    assert {"_recogniser", "_detector"} <= vars(engine).keys()


LINES_OF_MANY_WIDTHS = """
import gc, sys
import numpy as np
from shenbao.memory import give_back_memory, keep_one_heap
from shenbao.ocr.engines import open_engine
from shenbao.settings import EngineSettings

def resident():
    gc.collect()
    give_back_memory()
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * 4096 / 2**20

keep_one_heap()
engine = open_engine(EngineSettings(threads=1))
engine.load()
for page in range(40):
    engine.release()
before = resident()
for width in range(100, 1900, 50):
    engine.read_lines([np.full((48, width), 255, np.uint8)])
engine.release()
print(resident() - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc")
def test_an_engine_does_not_grow_with_the_widths_of_lines_after_forty_pages() -> None:
    """In a process of its own; before, the widths take 160 MiB."""
    done = subprocess.run(
        [sys.executable, "-c", LINES_OF_MANY_WIDTHS], capture_output=True, text=True, check=True
    )
    assert float(done.stdout) < 20


def test_loading_tells_of_a_missing_model(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError):
        open_engine(EngineSettings(model_dir=tmp_path)).load()


def test_what_a_line_reads_as_is_the_same_after_a_release(reader: LineReader, draw_line: DrawLine) -> None:
    pictures = [draw_line(text) for text in LINES]
    before = reader.read_lines(pictures)
    reader.release()
    after = reader.read_lines(pictures)
    assert [(a.text, a.weakest) for a in after] == [(b.text, b.weakest) for b in before]


def test_an_engine_that_has_read_nothing_releases_nothing() -> None:
    engine = open_engine(EngineSettings(threads=1))
    engine.release()
    assert not vars(engine).keys() & {"_recogniser", "_detector"}

import hashlib
import io
import time
from pathlib import Path

import pytest
from face_samples import SHARED
from PIL import Image

from shenbao.errors import MissingInput, ShenbaoError
from shenbao.loading import open_source

NASTY = sorted((SHARED / "real/nasty").glob("*"))
ENDINGS: dict[str, str | int] = {
    "16bit.cropped.tif": 1,
    "crash-1152ec2d1a1a71395b6f2ce6721c38924d025bf3.tif": "decoder error",
    "decompression_bomb_extents.gif": "a GIF picture",
    "docling_invisible_text_layer.pdf": 1,
    "empty_black.jpg": 1,
    "g4_orientation_6.tif": 1,
    "hopper_orientation_6.jpg": 1,
    "multipage.tiff": 3,
    "multipage_single_frame_loop.tiff": 1,
    "ocrmypdf_hugemono.pdf": "35000 x 35000 pixels, limits.side",
    "ocrmypdf_no_contents.pdf": 1,
    "ocrmypdf_rotated_skew.pdf": 1,
    "ocrmypdf_truetype_font_nomapping.pdf": 1,
    "oom-225817ca0f8c663be7ab4b9e717b02c661e66834.tif": "header cannot be read",
    "pdfminer_aes-256.pdf": "needs a password",
    "pdfminer_issue-1113-evil-xobjects.pdf": 1,
    "pdfplumber_empty.pdf": "the file is empty",
    "pdfplumber_password-example.pdf": "needs a password",
    "pil_sample_cmyk.jpg": 1,
    "tianbaoxitong_upload_17bytes.pdf": "a text file",
    "trailer_loop.pdf": "1 x 1 pixels",
    "truncated_jpeg.jpg": "truncated",
}
"""Of each file the number of its pages, or what its error says."""


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(MissingInput, match="No such file"):
        open_source(tmp_path / "none.pdf")
    with pytest.raises(MissingInput, match="folder"):
        open_source(tmp_path)
    with pytest.raises(MissingInput):
        open_source("with\0zero")


def test_facts_name_the_file(scans: Path) -> None:
    path = scans / "004-03-clean.png"
    with open_source(path) as from_path, open_source(path.read_bytes(), name=path.name) as from_bytes:
        assert from_path.facts == from_bytes.facts
        assert from_path.facts.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("name", "told"), [("表.png", "表.png"), ("\udcd6\udcd0.png", "中.png"), ("\ud800.png", "?.png")]
)
def test_names_that_are_no_text(name: str, told: str) -> None:
    stream = io.BytesIO()
    Image.new("L", (60, 40)).save(stream, "PNG")
    with open_source(stream.getvalue(), name=name) as source:
        assert source.facts.name == told


@pytest.mark.skipif(not NASTY, reason="shared nasty files are not here")
@pytest.mark.parametrize("path", NASTY, ids=lambda p: p.name)
def test_nasty_files_end_in_pages_or_typed_errors(path: Path) -> None:
    start, held = time.monotonic(), _memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak so far is of other tests
    try:
        with open_source(path) as source:
            ending: str | int = sum(p.pixels.ndim == 3 and p.pixels.shape[2] == 3 for p in source)
    except ShenbaoError as error:
        assert error.code in {"unreadable", "unsupported", "encrypted", "too_large"}
        assert error.advice
        ending = str(error)
    expected = ENDINGS[path.name]
    assert ending == expected if isinstance(expected, int) else expected in str(ending)
    assert time.monotonic() - start < 20
    assert _memory("VmHWM") - held < 1_300_000


def _memory(name: str) -> int:
    """What this process holds (VmRSS) or held at most (VmHWM), in KiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(f"{name}:")).split()[1])

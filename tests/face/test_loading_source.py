import hashlib
import time
from pathlib import Path

import pytest
from face_samples import SHARED

from shenbao.errors import MissingInput, ShenbaoError
from shenbao.loading import open_source

NASTY = sorted((SHARED / "real/nasty").glob("*"))


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


@pytest.mark.skipif(not NASTY, reason="shared nasty files are not here")
@pytest.mark.parametrize("path", NASTY, ids=lambda p: p.name)
def test_nasty_files_end_in_pages_or_typed_errors(path: Path) -> None:
    start, held = time.monotonic(), _memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak so far is of other tests
    try:
        with open_source(path) as source:
            assert all(p.pixels.ndim == 3 and p.pixels.shape[2] == 3 for p in source)
    except ShenbaoError as error:
        assert error.code in {"unreadable", "unsupported", "encrypted", "too_large"}
        assert str(error)
    assert time.monotonic() - start < 20
    assert _memory("VmHWM") - held < 1_300_000


def _memory(name: str) -> int:
    """What this process holds (VmRSS) or held at most (VmHWM), in KiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(f"{name}:")).split()[1])

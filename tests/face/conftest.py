"""Paths and small things that the tests of the face share."""

import sys
from pathlib import Path

import pytest

# The tests, and the worker processes that some of them start, import face_samples from here.
sys.path.insert(0, str(Path(__file__).parent))

from face_samples import SHARED


@pytest.fixture(scope="session")
def scans() -> Path:
    folder = SHARED / "scans"
    if not folder.is_dir():
        pytest.skip("shared scans are not here")
    return folder

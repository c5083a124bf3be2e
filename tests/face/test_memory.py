"""Freed memory goes back to the system, where the C library can do that."""

import platform
import subprocess
import sys

import pytest

from shenbao import memory

_HELD = """
import os
from pathlib import Path
from shenbao.memory import give_back_memory

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

# Every second piece stays: the heap cannot shrink from its end.
pieces = [bytearray(b"x" * 60_000) for _ in range(4000)]
del pieces[::2]
before = resident()
give_back_memory()
print(before - resident())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="malloc_trim is glibc's")
def test_holes_in_the_heap_are_given_back() -> None:
    said = subprocess.run([sys.executable, "-c", _HELD], capture_output=True, text=True, check=True).stdout
    assert float(said) > 80  # of 114 MiB


def test_without_glibc_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    memory._trim.cache_clear()
    try:
        assert memory._trim() is None
        memory.give_back_memory()
    finally:
        memory._trim.cache_clear()

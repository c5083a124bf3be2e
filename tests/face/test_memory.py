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


_THREADS = """
import re, threading
from pathlib import Path
from shenbao.memory import keep_one_heap

def areas():
    # Heaps of further threads begin at multiples of 64 MiB.
    starts = [int(line.split("-")[0], 16) for line in Path("/proc/self/maps").read_text().splitlines()]
    return sum(start % 2**26 == 0 for start in starts)

if ONE: keep_one_heap()
before, gate = areas(), threading.Barrier(5)
held = []
def work():
    held.append([bytes(1000) for _ in range(1000)])
    gate.wait()
    gate.wait()
threads = [threading.Thread(target=work, daemon=True) for _ in range(4)]
for thread in threads: thread.start()
gate.wait()
print(areas() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="arenas are glibc's")
@pytest.mark.parametrize("one", [False, True])
def test_threads_share_one_heap_when_told(one: bool) -> None:
    code = f"ONE = {one}\n{_THREADS}"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert (int(said) == 0) is one


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="malloc_trim is glibc's")
def test_holes_in_the_heap_are_given_back() -> None:
    said = subprocess.run([sys.executable, "-c", _HELD], capture_output=True, text=True, check=True).stdout
    assert float(said) > 80  # of 114 MiB


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="malloc_trim is glibc's")
def test_a_surplus_is_given_back_once_it_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    held, given = [1000], []
    monkeypatch.setattr(memory, "resident_bytes", lambda: held[0])
    monkeypatch.setattr(memory, "give_back_memory", lambda: given.append(held[0]))
    monkeypatch.setattr(memory._Last, "resident", 1000)
    for held[0] in (2000, 1000 + memory.SPARE, 1001 + memory.SPARE, 1002 + memory.SPARE):
        memory.give_back_surplus()
    assert given == [1001 + memory.SPARE]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc")
def test_a_process_knows_what_it_holds() -> None:
    assert memory.resident_bytes() > 2**20


def test_without_glibc_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    memory._call.cache_clear()
    try:
        assert memory._call("malloc_trim") is None
        memory.give_back_memory()
        memory.keep_one_heap()
    finally:
        memory._call.cache_clear()

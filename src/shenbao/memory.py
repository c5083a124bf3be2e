"""What a process that reads for hours holds: freed memory handed back, and one heap for all threads.

Both are calls of glibc; where the C library is another, nothing is done.
"""

import ctypes
import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

_ARENA_MAX = -8
"""M_ARENA_MAX of glibc's malloc.h."""

SPARE = 128 * 2**20
"""Bytes that a process may come to hold beyond what it held when it last gave memory back.

The pictures of a page are about as large as those of the page before. To fetch their 50 MB anew from the system for
every page was 14,000 page faults and an eighth of the layout's time; at its peak the process holds as much either way.
"""


@cache
def _call(name: str) -> Callable[..., int] | None:
    """The C library's own function of that name; None where it has none."""
    if not sys.platform.startswith("linux"):
        return None
    found: Callable[..., int] | None = getattr(ctypes.CDLL(None), name, None)
    return found


def give_back_memory() -> None:
    """Hands pages of the heap that nobody uses back to the system.

    glibc keeps what a page's pictures took, in pieces that the next page's do not fit into: a process that reads
    for hours holds 200 to 300 MB that it does not need. One call takes less than a millisecond.
    """
    trim = _call("malloc_trim")
    if trim is not None:
        trim(0)


class _Last:
    """The bytes that this process held when it last gave memory back."""

    resident = 0


def give_back_surplus() -> None:
    """As `give_back_memory`, once the process has grown by more than `SPARE`: between pages of a long run."""
    if resident_bytes() - _Last.resident > SPARE:
        give_back_memory()
        _Last.resident = resident_bytes()


def resident_bytes() -> int:
    """What this process holds in memory; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def keep_one_heap() -> None:
    """Lets threads that begin from now on take from the first thread's heap, instead of each from one of its own.

    The ends of further heaps are never handed back (see `give_back_memory`): with one heap, a process that reads with
    OpenVINO holds about 85 MB less. Threads wait for each other at it, so this is for processes that do nothing else.
    """
    option = _call("mallopt")
    if option is not None:
        option(_ARENA_MAX, 1)

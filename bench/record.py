"""How a benchmark's figures are printed and kept: Markdown sections of docs/benchmarks.md, the newest first."""

import os
import platform
import resource
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

_ROOT = Path(__file__).parents[1]
RECORDS = _ROOT / "docs" / "benchmarks.md"
_TITLE = """# Benchmarks

Each section was written by its command with `--record`; nothing here is edited by hand. The newest comes first, and what
a command gave before is in this file's history.
"""
_PLACES = ("--out", "--json", "--scratch", "--peer-python")
"""Options that say where files are: with others the figures are the same."""


def machine() -> str:
    """Processor and number of cores that this process may use."""
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = (line.partition(":") for line in info.read_text("utf-8").splitlines())
        known = {key.strip(): value.strip() for key, _, value in lines}
        unnamed = f"{known.get('vendor_id', '')} family {known.get('cpu family', '?')} model {known.get('model', '?')}"
        name = known.get("model name") or unnamed
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{name}, {cores} cores"


def commit() -> str:
    """The commit measured, with a mark when files differ from it."""

    def git(*args: str) -> str:
        done = subprocess.run(["git", *args], cwd=_ROOT, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no")
    return (git("rev-parse", "--short", "HEAD") or "unknown") + (" with changes" if changed else "")


def peak_mib() -> float:
    """The most memory that this process has held so far, in MiB."""
    # Linux gives ru_maxrss in KiB, macOS in bytes.
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def resident_mib() -> float:
    """The memory that this process holds now, in MiB (Linux; elsewhere the most it has held)."""
    pages = Path("/proc/self/statm")
    if not pages.exists():
        return peak_mib()
    return int(pages.read_text("ascii").split()[1]) * resource.getpagesize() / 2**20


def forget_peak() -> None:
    """From here on `peak_since_mib` counts anew.

    Raises:
        OSError: the system cannot (only Linux can).
    """
    Path("/proc/self/clear_refs").write_text("5", "ascii")


def peak_since_mib() -> float:
    """The most memory held since `forget_peak`, in MiB."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 2**10


def plain_command(module: str, argv: Sequence[str]) -> str:
    """The command as recorded: paths by their last part, so that no machine's paths stand in the docs."""
    parts = [Path(a).name if "/" in a else a for a in argv if a != "--record"]
    return " ".join([f"python -m {module}", *parts])


def markdown(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table; floats with four digits, None as a dash."""

    def line(values: Sequence[object]) -> str:
        return "| " + " | ".join(map(_shown, values)) + " |"

    return "\n".join([line(header), "|---" * len(header) + "|", *map(line, rows)])


def _shown(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def section(command: str, body: str, when: datetime | None = None) -> str:
    """A section with date, command, commit and machine over `body`."""
    when = when or datetime.now(UTC)
    head = f"## {when:%Y-%m-%d %H:%M} UTC\n\n`{command}` at commit {commit()}, on {machine()}."
    return f"{head}\n\n{body.rstrip()}\n"


def record(text: str, file: Path = RECORDS) -> None:
    """Puts a section first in the file of benchmarks, in place of the one that the same command gave before."""
    file.parent.mkdir(parents=True, exist_ok=True)
    before = file.read_text("utf-8") if file.exists() else ""
    sections = [f"## {part}".rstrip() + "\n" for part in before.split("\n## ")[1:]]
    others = [part for part in sections if _measured(part) != _measured(text)]
    file.write_text("\n".join([_TITLE, text, *others]), "utf-8")


def _measured(part: str) -> tuple[str, ...]:
    """The command of a section, without the options that say where files are."""
    words = part.split("`")[1].split()
    pairs = zip(["", *words], words, strict=False)
    return tuple(w for last, w in pairs if last not in _PLACES and w.partition("=")[0] not in _PLACES)

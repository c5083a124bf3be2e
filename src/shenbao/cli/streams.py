"""Where data goes: stdout or a file, as bytes."""

import sys
from pathlib import Path

from shenbao.errors import OutputError, UsageError
from shenbao.storing import store


def check_target(target: Path | None, *, binary: bool) -> None:
    """Says before the work is done that its result could not be delivered.

    Raises:
        OutputError: the folder of `target` does not exist, or `target` is a folder.
        UsageError: binary data would go to a terminal.
    """
    if target is None:
        if binary and sys.stdout.isatty():
            raise UsageError("this format is no text: give -o OUT, or send stdout into a file")
    elif not target.parent.is_dir():
        raise OutputError(f"{target}: the folder {target.parent} does not exist")
    elif target.is_dir():
        raise OutputError(f"{target} is a folder")


def deliver(data: bytes, target: Path | None = None) -> None:
    """Writes to `target`, whole or not at all, or to stdout."""
    if target is not None:
        store(target, data)
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def tell(line: str) -> None:
    """A line for people."""
    print(f"shenbao: {line}", file=sys.stderr)

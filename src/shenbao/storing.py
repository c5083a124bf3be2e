"""Files that are either whole or not there."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from shenbao.errors import OutputError

_PREFIX, _SUFFIX = ".shenbao-", ".part"


def store(target: Path, data: bytes) -> None:
    """Writes `data` aside in the target's folder and renames it into place.

    Raises:
        OutputError: the folder is missing or cannot be written, `target` is a folder, or space is short.
    """
    with stored(target) as stream:
        stream.write(data)


@contextlib.contextmanager
def stored(target: Path) -> Iterator[BinaryIO]:
    """A stream aside in the target's folder, renamed into place when the block ends; removed on an error.

    Raises:
        OutputError: as `store`; also for an OSError of the block.
    """
    folder = target.parent
    if not folder.is_dir():
        raise OutputError(f"{target}: the folder {folder} does not exist")
    if target.is_dir():
        raise OutputError(f"{target} is a folder")
    aside = None
    try:
        handle, name = tempfile.mkstemp(prefix=_PREFIX, suffix=_SUFFIX, dir=folder)
        aside = Path(name)
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            # Without this the name may be on disk before the bytes are, when the power goes.
            os.fsync(stream.fileno())
        aside.chmod(0o666 & ~_umask())
        aside.replace(target)
        aside = None
    except OSError as error:
        raise OutputError(f"{target}: {error.strerror or error}") from error
    finally:
        if aside is not None:
            aside.unlink(missing_ok=True)


def remove_leftovers(folder: Path) -> None:
    """Removes what writers left aside in a folder when they were killed; no other may write there now."""
    for path in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
        path.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

"""Files that are either whole or not there."""

import os
import tempfile
from pathlib import Path

from shenbao.errors import OutputError


def store(target: Path, data: bytes) -> None:
    """Writes `data` aside in the target's folder and renames it into place.

    Raises:
        OutputError: the folder is missing or cannot be written, `target` is a folder, or space is short.
    """
    folder = target.parent
    if not folder.is_dir():
        raise OutputError(f"{target}: the folder {folder} does not exist")
    if target.is_dir():
        raise OutputError(f"{target} is a folder")
    aside = None
    try:
        handle, name = tempfile.mkstemp(prefix=".shenbao-", suffix=".part", dir=folder)
        aside = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        aside.chmod(0o666 & ~_umask())
        aside.replace(target)
        aside = None
    except OSError as error:
        raise OutputError(f"{target}: {error.strerror or error}") from error
    finally:
        if aside is not None:
            aside.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

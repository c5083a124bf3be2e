"""Arguments that are URLs -> files on this machine, and what was written here -> URLs."""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath

from shenbao.cli.options import settings_of
from shenbao.settings import LimitSettings
from shenbao.urls import is_url, url_name


@contextmanager
def near(args: argparse.Namespace) -> Iterator[argparse.Namespace]:
    """The arguments `file`, `inputs`, `output` and `out` with local paths for URLs, in a folder that goes
    away at the end; what the command wrote is sent when it is done.

    Raises:
        MissingInput, InputTooLarge, OutputError, ExtraMissing, UsageError: see `shenbao.loading.remote`.
    """
    told = vars(args)
    # Others write into the folder of a shared batch too: there each file is sent when it is made.
    whole = None if told.get("manifest") else told.get("out")
    given = [told.get("file"), told.get("output"), whole, *(told.get("inputs") or ())]
    if not any(is_url(value) for value in given):
        yield args
        return
    from shenbao.loading.remote import deliver_to, folder_to

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shenbao-")))
        changed = dict(told)
        limits = settings_of(args).limits
        if is_url(told.get("file")):
            changed["file"] = _one(told["file"], folder / "in", limits)
        if told.get("inputs"):
            changed["inputs"] = [
                _all(value, folder / "in" / str(k), limits) if is_url(value) else value
                for k, value in enumerate(told["inputs"])
            ]
        if is_url(whole):
            local = folder / "out"
            local.mkdir()
            changed["out"] = stack.enter_context(folder_to(told["out"], local))
        if is_url(told.get("output")):
            changed["output"] = folder / url_name(told["output"])
        yield argparse.Namespace(**changed)
        if is_url(told.get("output")) and changed["output"].exists():
            deliver_to(told["output"], changed["output"].read_bytes())


def _one(url: str, folder: Path, limits: LimitSettings) -> Path:
    from shenbao.loading.remote import fetch

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / url_name(url)
    path.write_bytes(fetch(url, limits))
    return path


def _all(url: str, folder: Path, limits: LimitSettings) -> Path:
    """A file or, with its folders, all that is below a folder."""
    from shenbao.loading.remote import listed

    found = listed(url)
    if found == [url]:
        return _one(url, folder, limits)
    depth = len(_parts(url))
    for each in found:
        below = _parts(each)[depth:-1]
        if ".." not in below:
            _one(each, folder.joinpath(*below), limits)
    return folder


def _parts(url: str) -> tuple[str, ...]:
    return PurePosixPath(url.partition("://")[2].lstrip("/")).parts

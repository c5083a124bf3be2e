"""Which files a batch reads, and what their outputs are called."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from shenbao.loading.kinds import HEAD_BYTES, SUFFIXES, media_type
from shenbao.loading.names import as_text

SUMMARY = "summary.json"


@dataclass(frozen=True)
class Inputs:
    """Files to read, and files of other kinds that lay beside them in a folder; both sorted by folder."""

    files: tuple[Path, ...]
    ignored: tuple[Path, ...]


@dataclass(frozen=True)
class Job:
    """One file to read and the name of its JSON output within the output folder."""

    input: Path
    output: str

    @property
    def shown(self) -> str:
        """The input's path as text, also where its name is no UTF-8."""
        return as_text(str(self.input))

    def path(self, ending: str) -> str:
        """The name of its output with this ending."""
        return f"{self.output.removesuffix('.json')}.{ending}"


def collect(sources: Sequence[Path], out: Path | None) -> Inputs:
    """All input files among `sources` and below the folders among them.

    A file that is named is always taken, be it missing or of a wrong kind: it will be reported. Below a
    folder a file is taken when its content or its ending says that it is a page; hidden ones and those
    below `out` are not looked at. No file is taken twice.
    """
    taken: dict[Path, Path] = {}
    ignored: dict[Path, Path] = {}
    for source in sources:
        if source.is_dir():
            for path in _below(source, out.resolve() if out else None):
                (taken if _is_page(path) else ignored).setdefault(path.resolve(), path)
        else:
            taken.setdefault(source.resolve(), source)
    rest = tuple(path for key, path in ignored.items() if key not in taken)
    return Inputs(tuple(taken.values()), rest)


def _below(folder: Path, out: Path | None) -> Iterator[Path]:
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and (Path(here) / name).resolve() != out
        )
        yield from (Path(here) / name for name in sorted(names) if not name.startswith("."))


def _is_page(path: Path) -> bool:
    if path.suffix.lower() in SUFFIXES:
        return True
    try:
        with path.open("rb") as stream:
            return media_type(stream.read(HEAD_BYTES)) is not None
    except OSError:
        return False


def jobs(files: Iterable[Path]) -> list[Job]:
    """The files with the names of their outputs: `<stem>.json`; where two have one stem, or it is that of
    the summary, `<stem>.<ext>.json`; where even these are equal, the later ones get a number.

    Names that differ only in case count as equal, as they do on some file systems.
    """
    files = list(files)
    stems = Counter(path.stem.casefold() for path in files)
    stems[Path(SUMMARY).stem] += 1
    used: set[str] = set()
    found = []
    for path in files:
        base = as_text(path.stem if stems[path.stem.casefold()] == 1 else path.name)
        name, number = base, 1
        while f"{name}.json".casefold() in used | {SUMMARY}:
            number += 1
            name = f"{base}.{number}"
        used.add(f"{name}.json".casefold())
        found.append(Job(path, f"{name}.json"))
    return found

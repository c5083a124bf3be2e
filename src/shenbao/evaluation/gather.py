"""Truth folders read, and every cell's signals put beside its outcome: what a calibration is fitted on."""

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from shenbao.errors import MissingInput, ShenbaoError
from shenbao.evaluation.scoring import Outcome, found_cells, outcomes, pair, truth_cells
from shenbao.layout.join import join_tables
from shenbao.mapping.expect import expected_kinds
from shenbao.mapping.known import known_texts
from shenbao.models.stages import JoinedTable, PageTable, ReadPage
from shenbao.ocr.settle import Settled, choose, draft
from shenbao.ocr.signals import Signals
from shenbao.reading import DocumentReader

log = logging.getLogger(__name__)

SOUND = 0.98
"""Share of a table's cells with right place and spans from which its grid counts as right."""

Json = Mapping[str, Any]
Tables = tuple[PageTable, ...]
T = TypeVar("T")


@dataclass(frozen=True)
class Sample:
    """A cell of the truth that the output has, too: its signals, and whether place and text were right.

    `family` and `level` are its document's, as the truth names them; `empty`: it was read as empty;
    `sound`: the grid of its table is right, but for a few cells at most.
    """

    document: str
    family: str
    level: str
    empty: bool
    signals: Signals
    right: bool
    sound: bool = True


@dataclass(frozen=True)
class Gathered:
    """The samples of some documents, and how many cells the truth has that the output lacks."""

    samples: tuple[Sample, ...]
    lacking: int
    documents: int

    @staticmethod
    def together(parts: Iterable["Gathered"]) -> "Gathered":
        listed = list(parts)
        samples = tuple(s for part in listed for s in part.samples)
        return Gathered(samples, sum(p.lacking for p in listed), sum(p.documents for p in listed))


def truth_files(folders: Sequence[Path]) -> list[Path]:
    """The truth files of folders.

    Raises:
        MissingInput: a folder holds none.
    """
    found: list[Path] = []
    for folder in folders:
        files = sorted(folder.glob("*.truth.json"))
        if not files:
            raise MissingInput(f"{folder}: no *.truth.json there")
        found += files
    return found


def gather(files: Sequence[Path], reader: DocumentReader, told: Callable[[str], None]) -> Gathered:
    """Reads the documents of truth files and sets their cells beside the truth; `told` hears of failures."""
    read = read_each(files, partial(read_pages, reader), told)
    return Gathered.together(compare(truth, join_tables(pages or [], known_texts())) for truth, pages in read)


def read_each(
    files: Sequence[Path], read: Callable[[Path], T], told: Callable[[str], None]
) -> Iterator[tuple[Json, T | None]]:
    """Each truth with what `read` gives of its document; None where that fails, of which `told` hears."""
    for file in files:
        truth = json.loads(file.read_text("utf-8"))
        try:
            yield truth, read(file.parent / truth["files"][0])
        except ShenbaoError as error:
            told(f"{file.name}: {error}")
            yield truth, None


def read_pages(reader: DocumentReader, source: Path) -> list[Tables]:
    """The tables of each page of a file, as read, before they are joined and settled."""
    pages: list[Tables] = []

    def keep(page: ReadPage) -> None:
        pages.append(page.tables)

    reader.read(source, keep=keep)
    return pages


def compare(truth: Json, joined: Sequence[JoinedTable]) -> Gathered:
    """The samples of one document from its truth and its joined tables."""
    known = known_texts()
    tables = [choose(table, expected_kinds(draft(table)), known) for table in joined]
    output = {"tables": [_as_output(table) for table in tables]}
    found = outcomes(truth, output)
    signals = {
        (number, *place): (not choice.text, signal)
        for number, table in enumerate(tables)
        for place, choice, signal in zip(table.places, table.choices, table.signals, strict=True)
    }
    sound = _sound(truth["tables"], output["tables"])
    samples = tuple(
        _sample(truth, outcome, *signals[o], sound=o[0] in sound) for outcome in found if (o := outcome.where)
    )
    return Gathered(samples, len(found) - len(samples), 1)


def _sound(truths: Sequence[Json], found: Sequence[Json]) -> frozenset[int]:
    """Positions of the output's tables whose grids are right, but for a few cells at most."""
    pairs = zip(truths, pair(truths, found), strict=True)
    return frozenset(k for table, k in pairs if k is not None and _likeness(table, found[k]) >= SOUND)


def _likeness(truth: Json, found: Json) -> float:
    """Share of cells with the same place and spans, of the table that has more."""
    here, there = set(truth_cells(truth)), set(found_cells(found))
    return len(here & there) / max(1, len(here), len(there))


def _sample(truth: Json, outcome: Outcome, empty: bool, found: Signals, *, sound: bool) -> Sample:
    name, family, level = (str(truth.get(key, "")) for key in ("name", "family", "level"))
    return Sample(name, family, level, empty, found, outcome.right, sound)


def _as_output(table: Settled) -> Json:
    cells = [
        {"row": c.row, "col": c.col, "row_span": c.row_span, "col_span": c.col_span, "text": choice.text}
        for c, choice in zip(table.table.cells, table.choices, strict=True)
    ]
    return {"cells": cells}

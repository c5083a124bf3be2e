"""Truth folders read, and every cell's signals put beside its outcome: what a calibration is fitted on."""

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shenbao.errors import MissingInput, ShenbaoError
from shenbao.evaluation.scoring import Outcome, outcomes
from shenbao.layout.join import join_tables
from shenbao.mapping.expect import expected_kinds
from shenbao.mapping.known import known_texts
from shenbao.models.stages import JoinedTable, PageTable, ReadPage
from shenbao.ocr.settle import Settled, choose, draft
from shenbao.ocr.signals import Signals
from shenbao.reading import DocumentReader

log = logging.getLogger(__name__)

Json = Mapping[str, Any]
Tables = tuple[PageTable, ...]


@dataclass(frozen=True)
class Sample:
    """A cell of the truth that the output has, too: its signals, and whether place and text were right.

    `family` and `level` are its document's, as the truth names them; `empty`: it was read as empty.
    """

    document: str
    family: str
    level: str
    empty: bool
    signals: Signals
    right: bool


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
    return Gathered.together(_each(files, reader, told))


def _each(files: Sequence[Path], reader: DocumentReader, told: Callable[[str], None]) -> Iterator[Gathered]:
    for file in files:
        truth = json.loads(file.read_text("utf-8"))
        try:
            pages = read_pages(reader, file.parent / truth["files"][0])
        except ShenbaoError as error:
            told(f"{file.name}: {error}")
            pages = []
        yield compare(truth, join_tables(pages))


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
    found = outcomes(truth, {"tables": [_as_output(table) for table in tables]})
    signals = {
        (number, *place): (not choice.text, signal)
        for number, table in enumerate(tables)
        for place, choice, signal in zip(table.places, table.choices, table.signals, strict=True)
    }
    samples = tuple(_sample(truth, outcome, *signals[o]) for outcome in found if (o := outcome.where))
    return Gathered(samples, len(found) - len(samples), 1)


def _sample(truth: Json, outcome: Outcome, empty: bool, found: Signals) -> Sample:
    name, family, level = (str(truth.get(key, "")) for key in ("name", "family", "level"))
    return Sample(name, family, level, empty, found, outcome.right)


def _as_output(table: Settled) -> Json:
    cells = [
        {"row": c.row, "col": c.col, "row_span": c.row_span, "col_span": c.col_span, "text": choice.text}
        for c, choice in zip(table.table.cells, table.choices, strict=True)
    ]
    return {"cells": cells}

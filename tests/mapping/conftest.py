"""Tables for the mapping tests: drawn as text, or the truth tables as perfectly read ones."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shenbao.mapping.families import Family, load_families
from shenbao.mapping.records import build_records
from shenbao.mapping.values import ValueGrammar
from shenbao.mapping.vocabulary import Vocabulary, load_vocabulary
from shenbao.models.document import Cell, Record, Table, Text

sys.path.insert(0, str(Path(__file__).parent))  # for what the tests share

SHARED = Path(__file__).parents[2] / "../shared"
ACCEPT = 0.98

Draw = Callable[..., Table]
Map = Callable[..., Record]


def draw_table(
    drawing: str, title: str = "", captions: tuple[str, ...] = (), confidence: float = 1.0
) -> Table:
    """A table from lines of cells parted by `|`; `<` goes on from the left, `^` from above."""
    rows = [[cell.strip() for cell in line.split("|")] for line in drawing.strip().splitlines()]
    width = max(map(len, rows))
    assert all(len(row) == width for row in rows), "every line needs the same number of cells"
    cells = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text in ("<", "^"):
                continue
            right = next((k for k in range(c + 1, width) if row[k] != "<"), width)
            down = next((k for k in range(r + 1, len(rows)) if rows[k][c] != "^"), len(rows))
            cells.append(
                Cell(
                    row=r, col=c, row_span=down - r, col_span=right - c, text=text, confidence=confidence
                )
            )  # fmt: skip
    return Table(
        id="t1",
        title=title,
        captions=list(captions),
        pages=[1],
        n_rows=len(rows),
        n_cols=width,
        header_rows=[],
        cells=cells,
    )


def perfect_table(truth: dict[str, Any], index: int = 0) -> Table:
    """A truth table as if it had been read without an error and without a doubt."""
    caption = truth["caption"]
    captions = caption if isinstance(caption, list) else [caption] if caption else []
    return Table(
        id=f"t{index + 1}",
        title=truth["title"] or "",
        captions=captions,
        pages=[1],
        n_rows=truth["n_rows"],
        n_cols=truth["n_cols"],
        header_rows=truth["header_rows"] or [],
        cells=[
            Cell(
                row=c["r"],
                col=c["c"],
                row_span=c["rs"],
                col_span=c["cs"],
                text=c["text"],
                confidence=1.0,
            )
            for c in truth["cells"]
        ],
    )


def truth_tables() -> list[dict[str, Any]]:
    """All truth tables of the domain material; empty where it is not there."""
    paths = sorted((SHARED / "domain" / "truth").glob("*.json"))
    return [json.loads(path.read_text("utf-8")) for path in paths]


def seed_documents(truths: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The truth tables by the document they come from, in order."""
    documents: dict[str, list[dict[str, Any]]] = {}
    for truth in truths:
        documents.setdefault(truth["seed"], []).append(truth)
    return documents


def narrative(seed: str) -> list[Text]:
    """The sentences about money in a seed document, as print outside tables; cells begin with a tab."""
    found = sorted((SHARED / "seeds").glob(f"{seed}_*.txt"))
    lines = found[0].read_text("utf-8").splitlines() if found else []
    corner = (0.0, 0.0)
    polygon = (corner, corner, corner, corner)
    return [
        Text(text=line.strip(), confidence=1.0, polygon=polygon)
        for line in lines
        if "万元" in line and "\t" not in line
    ]


def scan_truths() -> list[dict[str, Any]]:
    paths = sorted((SHARED / "scans").glob("*.truth.json"))
    return [json.loads(path.read_text("utf-8")) for path in paths]


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@pytest.fixture(scope="session")
def families() -> tuple[Family, ...]:
    return load_families()


@pytest.fixture(scope="session")
def grammar(vocabulary: Vocabulary) -> ValueGrammar:
    return ValueGrammar(vocabulary.units, vocabulary.operators)


@pytest.fixture(scope="session")
def draw() -> Draw:
    return draw_table


@pytest.fixture(scope="session")
def perfect() -> Callable[..., Table]:
    return perfect_table


@pytest.fixture(scope="session")
def truths() -> list[dict[str, Any]]:
    found = truth_tables()
    if not found:
        pytest.skip("the domain's truth tables are not here")
    return found


@pytest.fixture(scope="session")
def scans() -> list[dict[str, Any]]:
    found = scan_truths()
    if not found:
        pytest.skip("the scans' truth is not here")
    return found


@pytest.fixture(scope="session")
def map_table(vocabulary: Vocabulary, families: tuple[Family, ...]) -> Map:
    def mapped(table: Table, texts: tuple[Any, ...] = ()) -> Record:
        return build_records([table], texts, vocabulary, families, ACCEPT)[0]

    return mapped


@pytest.fixture(scope="session")
def documents(truths: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    return seed_documents(truths)


@pytest.fixture(scope="session")
def prose() -> Callable[[str], list[Text]]:
    return narrative

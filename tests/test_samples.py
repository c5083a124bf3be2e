"""The samples are what their catalogue says, and the declaration forms among them are read."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from rapidfuzz import fuzz

from shenbao import Document, Reader
from shenbao.evaluation.normal import plain
from shenbao.evaluation.scoring import Tally, score_document, summary
from shenbao.loading import open_source
from shenbao.mapping.families import load_families

SAMPLES = Path(__file__).parents[1] / "samples"
FILES = sorted(p for p in SAMPLES.iterdir() if p.name != "README.md" and not p.name.endswith(".truth.json"))
CATALOGUE = {
    row[0]: row
    for row in re.findall(
        r"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \| `(\w+)` \| (\d+) \| ([^|]+) \| ([^|]+) \|$",
        (SAMPLES / "README.md").read_text("utf-8"),
        re.MULTILINE,
    )
}
DECLARATIONS = [p for p in FILES if p.name.startswith("004-")]
LARGEST = 13_000_000
"""Bytes of all samples together: a clone stays quick."""


def truth_of(sample: Path) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads((SAMPLES / f"{sample.stem}.truth.json").read_text("utf-8"))
    return truth


def test_catalogue_and_folder_agree() -> None:
    assert [p.name for p in FILES] == sorted(CATALOGUE)
    assert {p.name.removesuffix(".truth.json") for p in SAMPLES.glob("*.truth.json")} == {
        p.stem for p in FILES
    }
    assert sum(p.stat().st_size for p in SAMPLES.iterdir()) < LARGEST


@pytest.mark.parametrize("sample", FILES, ids=lambda p: p.name)
def test_entry_and_truth_fit_the_file(sample: Path) -> None:
    truth, entry = truth_of(sample), CATALOGUE[sample.name]
    with open_source(sample) as loaded:
        assert loaded.facts.page_count == len(truth["pages"]) == int(entry[4])
    assert truth["family"].startswith(entry[3])
    assert entry[5].startswith(truth["level"])
    assert ("turned" in entry[5]) == bool(truth["turned"])
    for table in truth["tables"]:
        assert sum(c["rs"] * c["cs"] for c in table["cells"]) == table["n_rows"] * table["n_cols"]


def test_every_family_has_a_sample() -> None:
    families = {family.id for family in load_families()} - {"generic"}
    assert {entry[3] for entry in CATALOGUE.values()} == families


@pytest.fixture(scope="module")
def declarations() -> Iterator[Mapping[str, Document]]:
    reader = Reader()
    yield {sample.name: reader.read(sample) for sample in DECLARATIONS}


@pytest.mark.e2e
@pytest.mark.parametrize("sample", DECLARATIONS, ids=lambda p: p.name)
def test_every_indicator_row_of_a_declaration_is_there(
    sample: Path, declarations: Mapping[str, Document]
) -> None:
    document = declarations[sample.name]
    found = [indicator for record in document.records for indicator in record.indicators]
    wanted = truth_of(sample)["indicators"]
    assert document.status == "complete"
    assert len(found) == len(wanted)
    for want, have in zip(wanted, found, strict=True):
        name = have.level3.text if have.level3 else ""
        assert fuzz.ratio(plain(want["level3"]), plain(name)) >= 80, (want, name)


@pytest.mark.e2e
def test_cells_of_the_declarations_are_right(declarations: Mapping[str, Document]) -> None:
    whole = Tally()
    for sample in DECLARATIONS:
        output = declarations[sample.name].model_dump(mode="json")
        whole.add(score_document(truth_of(sample), output))
    exact = summary(whole)["cell_exact"]
    assert exact is not None and exact >= 0.96, whole.wrong

"""What the mapping alone gets right: tables given as perfect cells from truth files, or with simulated misreadings.

    python -m bench.mapping TRUTH... [--noise 0.0] [--known 0.8] [--seed 1]

With `--noise P` one character of a cell is replaced by one that looks like it (digits by digits) in a share P of all
cells that hold text. In a share `--known` of these the true text is among the recogniser's candidates. Cells that were
misread then have a low confidence, as they mostly have when really read. Texts are scored as printed or in normal form,
as `shenbao evaluate` does; a level-3 name or value that was misread therefore counts as wrong.
"""

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shenbao.evaluation.scoring import Tally, score_document
from shenbao.mapping.checks import Mapped
from shenbao.mapping.families import load_families
from shenbao.mapping.records import map_document
from shenbao.mapping.vocabulary import Vocabulary, load_vocabulary
from shenbao.models.document import Candidate, Cell, Record, Table

Json = dict[str, Any]
_SURE, _DOUBTED = 0.999, 0.6
_ACCEPT = 0.98


@dataclass(frozen=True)
class Noise:
    """Share of filled cells that are misread, and of these the share whose true text is a candidate."""

    share: float
    known: float


class Mapper:
    """The package's mapping, its data loaded once, and which characters look alike in it."""

    def __init__(self) -> None:
        self._vocabulary, self._families = load_vocabulary(), load_families()
        self.alike = lookalikes(self._vocabulary)

    def map(self, tables: Sequence[Table]) -> Mapped:
        return map_document(tables, [], self._vocabulary, self._families, _ACCEPT)


def perfect_tables(truth: Json) -> list[Table]:
    """The tables of a truth file as if they had been read without an error and without a doubt."""
    return [
        Table(
            id=f"t{number}", title=table["title"] or "", captions=list(table["caption"] or ()), pages=[1],
            n_rows=table["n_rows"], n_cols=table["n_cols"], header_rows=table["header_rows"] or [],
            cells=[
                Cell(row=c["r"], col=c["c"], row_span=c["rs"], col_span=c["cs"], text=c["text"], confidence=_SURE)
                for c in table["cells"]
            ],
        )
        for number, table in enumerate(truth["tables"], start=1)
    ]  # fmt: skip


def misread(table: Table, noise: Noise, rng: random.Random, alike: dict[str, str]) -> Table:
    """The table with some of its cells misread in one character."""
    cells = []
    for cell in table.cells:
        at = [i for i, char in enumerate(cell.text) if char in alike]
        if at and rng.random() < noise.share:
            i = rng.choice(at)
            wrong = cell.text[:i] + rng.choice(alike[cell.text[i]]) + cell.text[i + 1 :]
            others = [Candidate(text=cell.text, probability=0.3)] if rng.random() < noise.known else []
            first = Candidate(text=wrong, probability=_DOUBTED)
            cell = cell.model_copy(
                update={"text": wrong, "confidence": _DOUBTED, "candidates": [first, *others]}
            )
        cells.append(cell)
    return table.model_copy(update={"cells": cells})


def lookalikes(vocabulary: Vocabulary) -> dict[str, str]:
    """Characters with those that look like them; each digit with the other nine."""
    found: dict[str, str] = {digit: "0123456789".replace(digit, "") for digit in "0123456789"}
    for read, meant in vocabulary.alike.items():
        for char in meant:
            found[char] = found.get(char, "") + read
    return found


@dataclass
class Result:
    """Scores of one family: the tally, how often which family was told, and levels right of all."""

    tally: Tally = field(default_factory=Tally)
    told: Counter[str] = field(default_factory=Counter)
    levels: int = 0
    levels_right: int = 0

    def add(self, other: "Result") -> None:
        self.tally.add(other.tally)
        self.told.update(other.told)
        self.levels += other.levels
        self.levels_right += other.levels_right

    @property
    def line(self) -> str:
        """Documents, fields right of all, indicators, extra indicators, levels, and the families told."""
        n = self.tally.counts
        told = ", ".join(f"{family} {count}" for family, count in self.told.most_common())
        return (
            f"{n['documents']:6}{_share(n['field_ok'], n['fields'])}{_share(n['indicator_ok'], n['indicators'])}"
            f"{n['extra_indicators']:7}{_share(self.levels_right, self.levels)}  {told}"
        )


def _share(part: int, whole: int) -> str:
    return f"{part:7}/{whole:<5}{part / whole:7.4f}" if whole else f"{'-':>20}"


def measure(truth: Json, noise: Noise, rng: random.Random, mapper: Mapper) -> Result:
    """The scores of one document."""
    sound = perfect_tables(truth)
    whole = mapper.map(sound)
    mapped = mapper.map([misread(t, noise, rng, mapper.alike) for t in sound]) if noise.share else whole
    document = {
        "tables": [table.model_dump() for table in mapped.tables],
        "records": [record.model_dump() for record in mapped.records],
    }
    levels = list(_levels_right(whole.records, mapped.records))
    told = Counter(record.family for record in mapped.records)
    return Result(score_document(truth, document), told, len(levels), sum(levels))


def _levels_right(wanted: Sequence[Record], found: Sequence[Record]) -> Iterator[bool]:
    """For every first and second level whether it has the name that the sound table gives."""
    for one, other in zip(wanted, found, strict=True):
        for a, b in zip(one.indicators, other.indicators, strict=False):
            for part in ("level1", "level2"):
                left, right = getattr(a, part), getattr(b, part)
                yield left is None or (right is not None and left.value == right.value)


def family_of(truth: Json) -> str:
    """The family that the truth names for the document or its first table."""
    return str(truth.get("family") or truth["tables"][0].get("family", "?"))


def main(argv: Sequence[str] | None = None) -> int:
    """Prints a line for each family and one for all of them."""
    parser = argparse.ArgumentParser(description="What the mapping alone gets right.")
    parser.add_argument("truth", type=Path, nargs="+", help="folders of *.truth.json")
    parser.add_argument("--noise", type=float, default=0.0, help="share of filled cells that are misread")
    parser.add_argument("--known", type=float, default=0.8, help="of these, share with the truth a candidate")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(argv)
    noise, rng, mapper = Noise(args.noise, args.known), random.Random(args.seed), Mapper()
    results: dict[str, Result] = {}
    everything = Result()
    for path in (path for folder in args.truth for path in sorted(folder.glob("*.truth.json"))):
        truth = json.loads(path.read_text("utf-8"))
        result = measure(truth, noise, rng, mapper)
        results.setdefault(family_of(truth), Result()).add(result)
        everything.add(result)
    print(f"{'family':30}{'docs':>6}{'fields':>20}{'indicators':>20}{'extra':>7}{'levels':>20}  told as")
    for family in sorted(results):
        print(f"{family:30}{results[family].line}")
    print(f"{'all':30}{everything.line}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

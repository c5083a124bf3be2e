"""Sides of cells of rendered forms, with what the truth says of them: what the network of sides learns from.

    python -m bench.sides.gather OUT.npz TRUTH ...

Of each page all sides are taken of which the rules are in doubt or wrong, and a few of the others. A side is
drawn where the truth has one cell on one side of it and another one, or none, on the other.
"""

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.run import jobs
from shenbao import Reader
from shenbao.layout import grid, hidden_edges
from shenbao.layout.faces import Sides
from shenbao.layout.paled import PRESENT
from shenbao.layout.side_pictures import Lattice, facts_of, lattices, picture_of
from shenbao.loading import open_source
from shenbao.models.stages import FlatPage, LaidPage, PageImage, Rulings
from shenbao.settings import ReadingSettings, Settings

KEPT = 0.06
"""Share of the sides kept of which the rules are sure and right."""

KEPT_HIDDEN = 0.2
"""The same of sides that the rules took for no part of a ruling, and rightly."""

SURE = 0.97
"""Support from which the rules are sure that a side is drawn."""

ALONG = (0.2, 0.35, 0.5, 0.65, 0.8)
"""Places along a side, as shares of it, at which the truth is asked for."""

OFF, OF_GAP = 0.3, 0.35
"""How far off the line it is asked for, in character heights and as a share of the gap to the next line, at most."""


@dataclass(frozen=True, eq=False)
class Asked:
    """What `grid` hands to the network for one grid."""

    measured: Sides
    told: Sides
    xs: list[float]
    ys: list[float]
    rulings: Rulings
    broken: float


@dataclass(frozen=True, eq=False)
class Example:
    """A side's picture and facts (see `side_pictures`), whether it is drawn, and what the rules say."""

    picture: NDArray[np.uint8]
    facts: list[float]
    drawn: bool
    rules: bool


@dataclass(frozen=True, eq=False)
class Doubted:
    """Sides of a lattice, on lines that the rules took for none, of which the network is asked."""

    places: Sequence[tuple[int, int]]
    lattice: Lattice
    rulings: Rulings
    broken: float


def asked_of(reader: Reader, page: PageImage) -> tuple[LaidPage, list[Asked], list[Doubted]]:
    """A page's layout by rules alone, all sides of the grids that were tried on the way, and the lines in these that
    the rules took for none."""
    tried: list[Asked] = []
    hidden: list[Doubted] = []

    def note(*given: Any) -> Sides:
        tried.append(Asked(*given[:6]))
        return tried[-1].told

    def note_places(*given: Any) -> NDArray[np.float64]:
        hidden.append(Doubted(*given))
        return np.zeros(len(hidden[-1].places))

    with patch.object(grid, "weighed", note), patch.object(hidden_edges, "asked", note_places):
        laid = reader.lay_out(page)
    if not isinstance(laid, LaidPage):
        raise TypeError("the page was read from its text layer")
    return laid, tried, hidden


def numbered(page: dict[str, Any]) -> NDArray[np.int32]:
    """The delivered page with the number of the truth's cell at each pixel, 0 beside the tables."""
    numbers = np.zeros((int(page["height"]), int(page["width"])), np.int32)
    for number, cell in enumerate(page["cells"], start=1):
        cv2.fillPoly(numbers, [np.asarray(cell["quad"]).round().astype(np.int32)], (number,))
    return numbers


def is_drawn(
    numbers: NDArray[np.int32], flat: FlatPage, lattice: Lattice, line: int, side: int
) -> bool | None:
    """Whether the truth draws a side; None where it does so on a part of it."""
    lines, at = lattice.lines, lattice.lines[line]
    first, last = lattice.crossing[side], lattice.crossing[side + 1]
    off = [
        min(OFF * flat.char_height, OF_GAP * abs(lines[k] - at))
        if 0 <= k < len(lines)
        else OFF * flat.char_height
        for k in (line - 1, line + 1)
    ]
    places = [(first + t * (last - first), at + d) for t in ALONG for d in (-off[0], off[1])]
    points = np.array([(p, q) if lattice.level else (q, p) for p, q in places], np.float64)
    found = flat.to_delivered(points).round().astype(int)
    height, width = numbers.shape
    inside = (found >= 0).all(axis=1) & (found[:, 0] < width) & (found[:, 1] < height)
    x, y = found[:, 0].clip(0, width - 1), found[:, 1].clip(0, height - 1)
    above, below = np.where(inside, numbers[y, x], 0).reshape(-1, 2).T
    differ = above != below
    return None if differ.any() and not differ.all() else bool(differ.all())


def examples(
    laid: LaidPage, tried: list[Asked], hidden: list[Doubted], truth: dict[str, Any], dice: random.Random
) -> Iterator[Example]:
    """The examples of one page, each side of the grids that were tried once."""
    numbers = numbered(truth)
    for some in hidden:
        yield from _hidden(some, laid, numbers, dice)
    seen: set[tuple[bool, int, int, int]] = set()
    for one in tried:
        for lattice in lattices(one.measured, one.told, one.xs, one.ys, one.rulings):
            for i, j in np.ndindex(lattice.measured.shape):
                key = (lattice.level, *(round(v) for v in (lattice.lines[i], *lattice.crossing[j : j + 2])))
                drawn = is_drawn(numbers, laid.flat, lattice, i, j)
                if key in seen or drawn is None or i in (0, len(lattice.lines) - 1):
                    continue
                seen.add(key)
                measured, rules = lattice.measured[i, j], bool(lattice.told[i, j] >= PRESENT)
                sure = (measured > SURE or measured == 0.0) and rules == drawn
                if not sure or dice.random() < KEPT:
                    yield _example(one, lattice, (i, j), drawn, rules)


def _hidden(
    some: Doubted, laid: LaidPage, numbers: NDArray[np.int32], dice: random.Random
) -> Iterator[Example]:
    """Examples of sides on lines that the rules took for none, a few of them where they are none."""
    for place in some.places:
        drawn = is_drawn(numbers, laid.flat, some.lattice, *place)
        if drawn is None or not drawn and dice.random() >= KEPT_HIDDEN:
            continue
        yield _example(some, some.lattice, place, drawn, rules=False)


def _example(
    given: Asked | Doubted, lattice: Lattice, place: tuple[int, int], drawn: bool, rules: bool
) -> Example:
    h = given.rulings.char_height
    facts = facts_of(lattice, *place, h, given.broken, given.rulings.dashed)
    return Example(picture_of(lattice, *place, h), facts, drawn, rules)


def gather(folder: Path, dice: random.Random) -> Iterator[Example]:
    """The examples of all documents of a folder with their truth."""
    settings = Settings(reading=ReadingSettings(text_layer=False))
    reader = Reader(settings)
    for job in jobs(folder):
        truth = json.loads((folder / f"{job.name}.truth.json").read_text("utf-8"))
        with open_source(job.file, settings.limits) as loaded:
            for number, page in enumerate(truth["pages"], start=1):
                yield from examples(*asked_of(reader, loaded.page(number)), page, dice)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.sides.gather", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("truth", type=Path, nargs="+", help="folders of documents with their truth")
    options = parser.parse_args()
    dice = random.Random(1)
    found = [example for folder in options.truth for example in gather(folder, dice)]
    np.savez(
        options.out,
        pictures=np.stack([e.picture for e in found]),
        facts=np.array([e.facts for e in found], np.float32),
        drawn=np.array([e.drawn for e in found]),
        rules=np.array([e.rules for e in found]),
    )
    wrong = sum(e.drawn != e.rules for e in found)
    print(f"{len(found)} sides, {wrong} of them wrong by the rules")


if __name__ == "__main__":
    main()

"""Cells that do not do as the others of their column: print that stands out of line, a number without the sign that
the others have.

Print of a column stands under one another at its left, its right or its middle. Where the first or the last
character of a line was lost without a trace, as the ≥ of ≥99% on a fax, what is left stands out of that line.
"""

from collections import defaultdict
from collections.abc import Sequence
from statistics import median

from shenbao.models.plain import COMPARISONS
from shenbao.models.stages import JoinedCell

FEW = 4
"""Cells of one line that a column has at least, or nothing is told of it."""

IN_LINE = 0.15
"""Usual distance out of line, in line heights, from which a column's print stands in no line."""

MOST = 2.0
"""Distance out of line, in line heights, beyond which no more follows."""


def out_of_line(cells: Sequence[JoinedCell], height: float) -> list[float]:
    """How far each cell's print stands out of its column's line, in line heights (`height` in pixels): 0 for cells of
    several lines or none, and in columns that stand in no line."""
    columns: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, cell in enumerate(cells):
        if len(cell.parts) == 1 and len(_lines(cell)) == 1:
            columns[cell.col, cell.col_span].append(number)
    found = [0.0] * len(cells)
    for numbers in columns.values():
        if len(numbers) >= FEW:
            for number, off in zip(numbers, _off([cells[n] for n in numbers], height), strict=True):
                found[number] = off
    return found


def _lines(cell: JoinedCell) -> list[tuple[float, float]]:
    """Left and right end of the lines of which something was read."""
    return [(line.box[0], line.box[2]) for line in cell.lines if line.reading.chars]


def _off(cells: Sequence[JoinedCell], height: float) -> list[float]:
    ways = []
    for side in (0.0, 0.5, 1.0):
        places = []
        for cell in cells:
            (x0, x1), box = _lines(cell)[0], cell.parts[0].cell.place.box
            places.append((1.0 - side) * (x0 - box[0]) + side * (x1 - box[2]))
        usual = median(places)
        ways.append([abs(place - usual) / height for place in places])
    best = min(ways, key=median)
    return [min(MOST, off) for off in best] if median(best) < IN_LINE else [0.0] * len(cells)


def without_sign(cells: Sequence[JoinedCell], texts: Sequence[str]) -> list[float]:
    """For each cell that begins with a figure the share of its column's cells with figures that have a sign of
    comparison before them; 0 for others."""
    signed: dict[int, list[bool]] = defaultdict(list)
    for cell, text in zip(cells, texts, strict=True):
        if text[:1].isdecimal() or text.startswith(COMPARISONS) and len(text) > 1:
            signed[cell.col].append(not text[:1].isdecimal())
    share = {col: sum(flags) / len(flags) if len(flags) >= FEW else 0.0 for col, flags in signed.items()}
    return [
        share.get(cell.col, 0.0) if text[:1].isdecimal() else 0.0
        for cell, text in zip(cells, texts, strict=True)
    ]

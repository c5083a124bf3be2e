"""Rows that several layouts share."""

from collections.abc import Callable, Sequence
from itertools import groupby

from bench.render.content import Indicator
from bench.render.form import Sheet

Column = tuple[str, Callable[[Indicator], str]]
"""Role of a column and the part of the indicator that stands in it."""

LEVEL3: Column = ("level3", lambda i: i.level3)
DESCRIPTION: Column = ("description", lambda i: i.description)
JOINED: Column = ("value", lambda i: i.joined)
OPERATOR: Column = ("op", lambda i: i.operator)
VALUE: Column = ("value", lambda i: i.value)
UNIT: Column = ("unit", lambda i: i.unit)
BASIS: Column = ("basis", lambda i: i.basis)
DEADLINE: Column = ("date", lambda i: i.deadline)


def indicator_rows(
    sheet: Sheet,
    edges: Sequence[float],
    items: Sequence[Indicator],
    columns: Sequence[Column],
    *,
    merge_level2: bool,
    short: bool = False,
) -> None:
    """Level 1 merged downwards, level 2 merged or repeated, then `columns`; one row per indicator.

    `edges` has the edges of level 1, level 2 and every column. `short` prints level 1 without 指标.
    """
    for level1, group in groupby(items, key=lambda i: i.level1):
        rows = list(group)
        sheet.put(
            edges[0], edges[1], level1.removesuffix("指标") if short else level1, "level1", rows=len(rows)
        )
        for level2, subgroup in groupby(rows, key=lambda i: i.level2):
            same = list(subgroup)
            if merge_level2:
                sheet.put(edges[1], edges[2], level2, "level2", rows=len(same))
            for item in same:
                if not merge_level2:
                    sheet.put(edges[1], edges[2], level2, "level2")
                for x0, x1, (role, part) in zip(edges[2:], edges[3:], columns, strict=False):
                    sheet.put(x0, x1, part(item), role)
                sheet.row += 1


def even(x0: float, x1: float, parts: int) -> list[float]:
    """The edges of `parts` equally wide columns."""
    return [x0 + (x1 - x0) * i / parts for i in range(parts + 1)]


def stretch(weights: Sequence[float], x0: float = 0.0, x1: float = 1.0) -> list[float]:
    """Edges from relative column widths."""
    total, at, edges = sum(weights), 0.0, [x0]
    for w in weights:
        at += w
        edges.append(x0 + (x1 - x0) * at / total)
    return edges

"""Tree-edit-distance similarity of two tables (Zhong et al., 2020, "Image-based table recognition").

A table is a tree: rows below the table, cells below the rows, the spans in the cell's tag. The
similarity is 1 - distance / nodes of the greater tree; renaming a cell costs 1 when spans differ,
else the normalised edit distance of the texts, or nothing where only structure is compared.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

Span = tuple[int, int, int, int]
"""Row, column, row span, column span."""
Rows = tuple[tuple[tuple[str, str], ...], ...]


@dataclass
class _Node:
    tag: str
    text: str | None = None
    children: Sequence["_Node"] = field(default_factory=list)


def rows_of(texts: Mapping[Span, str], n_rows: int) -> Rows:
    """Per row the cells that begin there, as (tag, text), from left to right."""
    rows: list[list[tuple[int, int, int, str]]] = [[] for _ in range(n_rows)]
    for (row, col, row_span, col_span), text in texts.items():
        rows[row].append((col, row_span, col_span, text))
    return tuple(tuple((f"td{rs}x{cs}", text) for _, rs, cs, text in sorted(row)) for row in rows)


def _tree(rows: Rows) -> _Node:
    return _Node("table", None, [_Node("tr", None, [_Node(tag, text) for tag, text in row]) for row in rows])


def _rename(a: _Node, b: _Node, *, content: bool) -> float:
    from rapidfuzz.distance import Levenshtein

    if a.tag != b.tag:
        return 1.0
    if content and a.text is not None and b.text is not None and (a.text or b.text):
        return Levenshtein.normalized_distance(a.text, b.text)
    return 0.0


def similarity(truth: Rows, found: Rows, *, content: bool) -> float:
    """TEDS of two tables, 0 to 1; structure alone unless `content`.

    Raises:
        ImportError: apted or rapidfuzz is missing.
    """
    from apted import APTED, Config

    if truth == found:
        return 1.0
    config = Config()
    config.rename = partial(_rename, content=content)
    config.children = lambda node: node.children
    distance = APTED(_tree(truth), _tree(found), config).compute_edit_distance()
    size = max(1 + len(rows) + sum(map(len, rows)) for rows in (truth, found))
    return float(1 - distance / size)

"""Systems side by side, with tables made by hand."""

from pathlib import Path

from bench.beside import Found, Sheet, cell_exact, report, scores
from bench.peers.img2table_pages import spanned

TRUTH = {
    "n_rows": 1,
    "cells": [
        {"r": 0, "c": 0, "rs": 1, "cs": 2, "text": "合计", "role": "label"},
        {"r": 0, "c": 2, "rs": 1, "cs": 1, "text": "1.5", "role": "amount"},
    ],
}
PAGES = [Sheet(Path("a.png"), "scan", [TRUTH]), Sheet(Path("b.png"), "fax", [])]
SPANS = frozenset({(0, 0, 1, 2), (0, 2, 1, 1)})


def cell(col: int, span: int, text: str) -> dict[str, object]:
    return {"row": 0, "col": col, "row_span": 1, "col_span": span, "text": text}


def test_a_raster_becomes_spanned_cells() -> None:
    raster = [[((0,), "合计"), ((0,), "合计"), ((1,), "1.5")], [((0,), "合计"), ((0,), "合计"), ((2,), "")]]
    assert spanned(raster) == [
        {"row": 0, "col": 0, "row_span": 2, "col_span": 2, "text": "合计"},
        {"row": 0, "col": 2, "row_span": 1, "col_span": 1, "text": "1.5"},
        {"row": 1, "col": 2, "row_span": 1, "col_span": 1, "text": ""},
    ]


def test_pages_add_up() -> None:
    system = {"a.png": Found(1.0, [SPANS]), "b.png": Found(3.0, [SPANS])}
    counts = scores(PAGES, system)
    assert counts.spans_right == 1
    assert counts.n["extra"] == 1
    assert counts.structure_f1 == 2 * 2 / (2 + 4)


def test_cells_are_right_in_their_place_only() -> None:
    tables = [{"cells": [cell(0, 2, "合计"), cell(2, 1, "15")]}]
    assert cell_exact(PAGES, {"a.png": Found(1, [SPANS], tables), "b.png": Found(1, [], [])}) == 0.5
    assert cell_exact(PAGES, {"a.png": Found(1, [SPANS]), "b.png": Found(1, [])}) is None


def test_report_has_a_column_for_each_level() -> None:
    text = report(PAGES, {"mine": {"a.png": Found(1.0, [SPANS]), "b.png": Found(2.0, [])}})
    assert "| mine | 1.0000 | 1.0000 | 1.0000 | 0 | - | 1.500 |" in text
    assert "|  | fax | scan |" in text
    assert text.startswith("2 pages.")

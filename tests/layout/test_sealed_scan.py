"""The grid of a real form, scanned askew, with two red seals and parts that were masked out."""

import json
from pathlib import Path

import pytest

from shenbao.layout.flatten import flatten
from shenbao.layout.rulings import find_rulings
from shenbao.layout.streaks import without_streaks
from shenbao.layout.tables import find_tables
from shenbao.loading import open_source
from shenbao.settings import Settings

SCAN = Path(__file__).parents[2] / "../shared/real/pages/scan_settlement_form_two_red_seals_skew.jpeg"


@pytest.mark.skipif(not SCAN.exists(), reason="the real documents are not part of the repository")
def test_its_rows_are_exact_as_far_as_the_truth_goes() -> None:
    (truth,) = json.loads(SCAN.with_suffix(".truth.json").read_text("utf-8"))["tables"]
    with open_source(SCAN, Settings().limits) as loaded:
        page = flatten(loaded.page(1), lambda *_: 0)
    rulings = find_rulings(page)
    (grid,) = find_tables(without_streaks(page, rulings), rulings)
    wanted = {(c["r"], c["c"], c["rs"], c["cs"]) for c in truth["cells"]}
    last = max(row + rows for row, _, rows, _ in wanted)
    found = {(c.row, c.col, c.row_span, c.col_span) for c in grid.cells}
    assert {cell for cell in found if cell[0] < last} == wanted
    assert (last, len(grid.xs) - 1, len(grid.ys) - 1) == (17, 11, 20)

"""Real documents: which page has which truth, and what counts as exact."""

import json
from pathlib import Path

from bench.real import RealPage, judge, known_tables, rows, within

CELL = {"r": 0, "c": 0, "rs": 1, "cs": 1, "text": "产地", "role": "text"}


def found(*cells: tuple[int, int, str]) -> dict[str, object]:
    return {"tables": [{"cells": [{"row": r, "col": c, "text": t, "confidence": 1} for r, c, t in cells]}]}


def test_tables_go_to_their_pages(tmp_path: Path) -> None:
    truth = {"tables": [{"page": 2, "n_rows": 1, "cells": [CELL]}]}
    (tmp_path / "a.truth.json").write_text(json.dumps(truth), "utf-8")
    first, second, third = known_tables(tmp_path / "a.pdf", 3)
    assert first == third == ()
    assert second is not None and second[0]["page"] == 2


def test_without_a_truth_nothing_is_known_but_that_a_name_says_so(tmp_path: Path) -> None:
    assert known_tables(tmp_path / "b.jpg", 1) == [None]
    assert known_tables(tmp_path / "no_table.jpg", 2) == [(), ()]


def test_rows_after_the_truth_do_not_count() -> None:
    assert within(frozenset({(0, 0, 1, 1), (1, 0, 1, 1)}), 1) == {(0, 0, 1, 1)}
    page = RealPage(Path("a.jpg"), 1, ({"n_rows": 1, "cells": [CELL]},))
    result = judge(page, found((0, 0, "产地"), (1, 0, "签字")), 1.0)
    assert result.exact
    assert (result.cell_ok, result.cells) == (1, 1)


def test_a_table_where_none_is_is_wrong() -> None:
    result = judge(RealPage(Path("a.jpg"), 1, ()), found((0, 0, "x")), 1.0)
    assert not result.exact
    assert result.counts.n["extra"] == 1


def test_rows_of_the_report() -> None:
    known = judge(RealPage(Path("a.jpg"), 1, ({"n_rows": 1, "cells": [CELL]},)), found((0, 0, "产")), 2.0)
    unknown = judge(RealPage(Path("b.jpg"), 1, None), found((0, 0, "x")), 4.0)
    table = rows([known, unknown])
    assert [r[0] for r in table] == ["a.jpg", "b.jpg", "all with a truth"]
    assert table[0][5:] == [1.0, 1.0, 1.0, 0.0, "2.00"]
    assert table[1][2:] == [None, 1, None, None, None, None, None, "4.00"]

import json
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from shenbao.cli import main
from shenbao.errors import MissingInput, UnreadableInput
from shenbao.evaluation.gather import Gathered, gather, truth_files
from shenbao.models.stages import (
    CharReading,
    FlatPage,
    Grid,
    GridCell,
    PageImage,
    PageTable,
    ReadCell,
    Reading,
    ReadLine,
    ReadPage,
    Rulings,
)
from shenbao.ocr.calibration import load_calibration

POLYGON = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))
BLANK = np.zeros((4, 4), np.uint8)


def read_page(texts: list[list[str]], p: float) -> ReadPage:
    """A page with one table of these texts, every character as probable as `p`."""
    cells = []
    for row, line in enumerate(texts):
        for col, text in enumerate(line):
            place = GridCell(
                row, col, 1, 1, (100.0 * col, 30.0 * row, 100.0 * col + 100, 30.0 * row + 30), (1.0,) * 4
            )
            reading = Reading(tuple(CharReading(c, p) for c in text))
            lines = (ReadLine((0.0, 0.0, 20.0 * len(text), 20.0), reading),) if text else ()
            cells.append(ReadCell(place, POLYGON, lines, 0.0, 0.0, False))
    xs = tuple(100.0 * k for k in range(len(texts[0]) + 1))
    grid = Grid(xs, tuple(30.0 * k for k in range(len(texts) + 1)), tuple(cell.place for cell in cells))
    table = PageTable(1, 400.0, 20.0, grid, tuple(cells), "", ())
    flat = FlatPage(1, BLANK, BLANK, BLANK, BLANK, 20.0, 0, 0.0, lambda points: points)
    image = PageImage(1, np.zeros((4, 4, 3), np.uint8), 200.0)
    return ReadPage(image, flat, cast("Rulings", None), (table,), ())


class FakeReader:
    """Gives the page that a file's name stands for."""

    def __init__(self, pages: dict[str, ReadPage]) -> None:
        self.pages = pages

    def read(self, source: Path, *, password: object = None, name: object = None, keep: Any = None) -> Any:
        if source.name not in self.pages:
            raise UnreadableInput("torn")
        keep(self.pages[source.name])


def write_truth(folder: Path, name: str, texts: list[list[str]], family: str = "f") -> None:
    cells = [
        {"r": r, "c": c, "rs": 1, "cs": 1, "text": text, "role": "value"}
        for r, line in enumerate(texts)
        for c, text in enumerate(line)
    ]
    table = {"n_rows": len(texts), "n_cols": len(texts[0]), "cells": cells}
    truth = {"name": name, "files": [f"{name}.png"], "level": "scan", "family": family, "tables": [table]}
    (folder / f"{name}.truth.json").write_text(json.dumps(truth), "utf-8")


def test_cells_are_set_beside_the_truth(tmp_path: Path) -> None:
    write_truth(tmp_path, "a", [["名称", "12"], ["", "天"]])
    reader = FakeReader({"a.png": read_page([["名称", "13"], ["", ""]], 0.9)})
    found = gather(truth_files([tmp_path]), reader, pytest.fail)
    assert [(s.empty, s.right) for s in found.samples] == [
        (False, True),
        (False, False),
        (True, True),
        (True, False),
    ]
    assert {(s.document, s.family, s.level) for s in found.samples} == {("a", "f", "scan")}
    assert found.samples[0].signals["doubt"] < 0 and found.samples[2].signals["row_filled"] == 0
    assert (found.lacking, found.documents) == (0, 1)


def test_what_the_output_lacks_is_counted(tmp_path: Path) -> None:
    write_truth(tmp_path, "a", [["名称", "12"], ["单位", "天"]])
    found = gather(
        truth_files([tmp_path]), FakeReader({"a.png": read_page([["名称", "12"]], 0.9)}), pytest.fail
    )
    assert (len(found.samples), found.lacking) == (2, 2)


def test_a_file_that_fails_is_told_and_counted(tmp_path: Path) -> None:
    write_truth(tmp_path, "a", [["名称", "12"]])
    heard: list[str] = []
    found = gather(truth_files([tmp_path]), FakeReader({}), heard.append)
    assert heard == ["a.truth.json: torn"]
    assert found == Gathered((), 2, 1)


def test_a_folder_without_truth_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingInput, match=r"no \*.truth.json"):
        truth_files([tmp_path])


def test_the_command_writes_a_calibration(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    rng = np.random.default_rng(1)
    pages = {}
    for k in range(24):
        p = float(rng.uniform(0.5, 1.0))
        right = [["名称", "12", ""], ["单位", "天", ""]]
        read = [[c if rng.random() < p else c + "日" for c in line] for line in right]
        write_truth(tmp_path, f"d{k}", right, f"f{k % 4}")
        pages[f"d{k}.png"] = read_page(read, p)
    target = tmp_path / "calibration.json"
    arguments = ["calibrate", str(tmp_path), "-o", str(target), "--label", "8", "--signals"]
    assert main(arguments, lambda settings: FakeReader(pages)) == 0
    made = load_calibration(target)
    assert made.version == "8" and made.fitted_on.documents == 24 and made.fitted_on.cells == 144
    out = capfdbinary.readouterr().out.decode()
    assert "24 documents, 144 cells" in out and "each family by weights that were fitted without it" in out
    assert "auroc" in out and "recogniser" in out
    doubt = {"doubt": -1.0, "weakest": -1.0, "mean_doubt": -1.0}
    assert made.probability(doubt, empty=False) > made.probability({}, empty=False)


def test_the_command_says_when_there_is_too_little(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_truth(tmp_path, "a", [["名称", "12"]])
    pages = {"a.png": read_page([["名称", "12"]], 0.9)}
    code = main(
        ["calibrate", str(tmp_path), "-o", str(tmp_path / "c.json")], lambda settings: FakeReader(pages)
    )
    assert code == 2
    assert "at least two families" in capsys.readouterr().err

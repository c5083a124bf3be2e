import base64
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from shenbao.cli import main
from shenbao.evaluation.charts import Axis, Bar, Chart, bars
from shenbao.evaluation.report import upright, write_report
from shenbao.evaluation.scoring import score_folder

RED = (200, 30, 30)
CHARTS = {"reliability", "risk_coverage", "errors_by_kind", "errors_by_level", "confusions"}


def truth_cell(row: int, col: int, text: str, role: str) -> dict[str, Any]:
    return {"r": row, "c": col, "rs": 1, "cs": 1, "text": text, "role": role}


def out_cell(row: int, col: int, text: str, confidence: float) -> dict[str, Any]:
    x, y = 40 * col, 20 * row
    polygon = [[x, y], [x + 40, y], [x + 40, y + 20], [x, y + 20]]
    regions = [{"page": 1, "polygon": polygon}]
    return {"row": row, "col": col, "text": text, "confidence": confidence, "regions": regions}


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """A truth folder with a picture whose wrong cell is red, and an output folder."""
    truths, outputs = tmp_path / "truth", tmp_path / "out"
    truths.mkdir()
    outputs.mkdir()
    picture = Image.new("RGB", (80, 40), "white")
    picture.paste(RED, (40, 20, 80, 40))
    picture.save(truths / "a.png")
    cells = [truth_cell(0, 0, "预算数", "label"), truth_cell(0, 1, "5", "number")]
    cells += [truth_cell(1, 0, "", "empty"), truth_cell(1, 1, "=", "op")]
    known = {
        "name": "a",
        "files": ["a.png"],
        "level": "scan",
        "tables": [{"n_rows": 2, "n_cols": 2, "cells": cells}],
    }
    (truths / "a.truth.json").write_text(json.dumps(known), "utf-8")
    found = [
        out_cell(0, 0, "预算数", 0.99),
        out_cell(0, 1, "5", 0.98),
        out_cell(1, 0, "", 0.97),
        out_cell(1, 1, "二", 0.4),
    ]
    (outputs / "a.json").write_text(json.dumps({"tables": [{"cells": found}]}), "utf-8")
    return truths, outputs


def test_the_report_is_whole(folders: tuple[Path, Path], tmp_path: Path) -> None:
    truths, outputs = folders
    files = write_report(score_folder(truths, outputs), truths, tmp_path / "report")
    assert {f.stem for f in files} == CHARTS | {"index"}
    for file in files:
        if file.suffix == ".png":
            with Image.open(file) as chart:
                assert chart.width > 500
                assert len(chart.getcolors(1 << 20) or []) > 20
    page = (tmp_path / "report" / "index.html").read_text("utf-8")
    assert "= → 二" in page and "0.4000" in page
    assert not re.search(r'(src|href)="(?!data:)', page)
    pictures = [base64.b64decode(b) for b in re.findall(r"base64,([^\"]+)", page)]
    assert len(pictures) == len(CHARTS) + 1
    crop = tmp_path / "crop.png"
    crop.write_bytes(pictures[-1])
    with Image.open(crop) as image:
        assert image.getpixel((image.width // 2, image.height // 2)) == RED


def test_a_report_without_the_sources_has_no_crops(folders: tuple[Path, Path], tmp_path: Path) -> None:
    truths, outputs = folders
    (truths / "a.png").unlink()
    write_report(score_folder(truths, outputs), truths, tmp_path / "report")
    page = (tmp_path / "report" / "index.html").read_text("utf-8")
    assert page.count("base64,") == len(CHARTS)
    assert "= → 二" in page


def test_a_report_of_nothing_read(folders: tuple[Path, Path], tmp_path: Path) -> None:
    truths, outputs = folders
    (outputs / "a.json").unlink()
    files = write_report(score_folder(truths, outputs), truths, tmp_path / "report")
    assert all(f.stat().st_size > 0 for f in files)


@pytest.mark.parametrize("quarter", [0, 1, 2, 3])
def test_a_crop_is_turned_upright(quarter: int) -> None:
    """A box whose text starts at its red end: in the crop that end is on the left."""
    page = np.full((100, 100, 3), 255, np.uint8)
    page[40:60, 10:30] = RED
    page = np.ascontiguousarray(np.rot90(page, -quarter))
    corners = np.array([[10, 40], [90, 40], [90, 60], [10, 60]], float)
    for _ in range(quarter):
        corners = np.column_stack([100 - corners[:, 1], corners[:, 0]])
    crop = np.asarray(upright(page, corners.tolist()))
    assert crop.shape[1] > 3 * crop.shape[0]
    middle = crop[crop.shape[0] // 2]
    assert tuple(middle[5]) == RED
    assert tuple(middle[-5]) == (255, 255, 255)


def test_values_beyond_an_axis_stay_in_the_picture() -> None:
    axis = Axis("x", 0.0, 1.0, [(0.0, "0"), (1.0, "1")])
    assert [axis.share(v) for v in (-1.0, 0.25, 9.0)] == [0.0, 0.25, 1.0]
    chart = Chart("title", axis, axis)
    blank = chart.picture()
    chart.line([(-1.0, 0.5), (2.0, 0.5)])
    assert chart.picture().tobytes() != blank.tobytes()


def test_bars_are_as_long_as_their_values() -> None:
    colour = (0, 128, 0)
    picture = bars("errors", [Bar("a", 1.0, ""), Bar("b", 0.5, "")], colour)
    mask = (np.asarray(picture) == colour).all(axis=2)
    lengths = sorted({int(n) for n in mask.sum(axis=1) if n > 5})
    assert lengths[-1] == pytest.approx(2 * lengths[0], abs=8)


def test_the_command(
    folders: tuple[Path, Path], tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    figures, report = tmp_path / "figures.json", tmp_path / "report"
    arguments = [
        "evaluate",
        *map(str, folders),
        "--json",
        str(figures),
        "--report",
        str(report),
        "--worst",
        "1",
    ]
    assert main(arguments) == 0
    out = capfdbinary.readouterr().out.decode()
    assert "cell_exact" in out and "'=' read as '二'" in out
    assert re.search(
        r"99\.0% right: accepted from 0\.\d+, [\d.]+% of cells for review .* accepted wrong", out
    )
    assert json.loads(figures.read_text("utf-8"))["scan"]["cell_exact"] == 0.75
    assert (report / "index.html").is_file()


@pytest.mark.parametrize("wrong", ["no truth", "no folder", "no place"])
def test_the_command_refuses(wrong: str, folders: tuple[Path, Path], tmp_path: Path) -> None:
    truths, outputs = folders
    empty = tmp_path / "empty"
    empty.mkdir()
    arguments = {
        "no truth": [str(empty), str(outputs)],
        "no folder": [str(truths), str(tmp_path / "nowhere")],
        "no place": [str(truths), str(outputs), "--report", str(tmp_path / "no" / "report")],
    }[wrong]
    assert main(["evaluate", *arguments]) == (10 if wrong == "no place" else 12)

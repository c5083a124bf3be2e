import io
import json
from pathlib import Path

import openpyxl
import pytest
from PIL import Image

import shenbao
from shenbao.batch import Summary
from shenbao.cli import main
from shenbao.export import Format, render
from shenbao.models.document import Document

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def document(scans: Path) -> Document:
    return shenbao.read(scans / "004-04-clean.png")


def test_a_clean_form_becomes_a_record(document: Document, scans: Path) -> None:
    truth = json.loads((scans / "004-04-clean.truth.json").read_text("utf-8"))
    assert document.status == "complete"
    assert [(t.n_rows, t.n_cols) for t in document.tables] == [
        (t["n_rows"], t["n_cols"]) for t in truth["tables"]
    ]
    texts = {c["text"] for t in truth["tables"] for c in t["cells"]}
    read = {c.text for t in document.tables for c in t.cells}
    assert len(texts & read) > 0.9 * len(texts)
    assert document.records and document.records[0].fields


def test_cells_lie_on_the_delivered_page(document: Document) -> None:
    page = document.pages[0]
    for table in document.tables:
        for cell in table.cells:
            for region in cell.regions:
                assert all(
                    -5 <= x <= page.width + 5 and -5 <= y <= page.height + 5 for x, y in region.polygon
                )


@pytest.mark.parametrize("form", [form for form in Format if form is not Format.PDF])
def test_a_real_document_can_be_written_in_every_format(document: Document, form: Format) -> None:
    assert len(render(document, form)) > 1000


def test_the_workbook_holds_every_cell(document: Document) -> None:
    book = openpyxl.load_workbook(io.BytesIO(render(document, Format.XLSX)))
    table = document.tables[0]
    sheet = next(s for s in book if s.title not in ("概况", "表外文字") and not s.title.startswith("记录"))
    for cell in table.cells:
        assert (sheet.cell(cell.row + 1, cell.col + 1).value or "") == cell.text


def test_show_draws_all_stages_of_a_turned_page(scans: Path, tmp_path: Path) -> None:
    path = str(scans / "003-36-scan-turn90.jpg")
    assert main(["show", path, "-o", str(tmp_path / "o.png")]) == 0
    assert Image.open(tmp_path / "o.png").size[1] == 2340
    assert main(["show", path, "-o", str(tmp_path / "grid.png"), "--stage", "grid"]) == 0
    assert Image.open(tmp_path / "grid.png").size[1] > Image.open(tmp_path / "grid.png").size[0]


def test_batch_reads_and_goes_on(scans: Path, tmp_path: Path) -> None:
    files = [str(scans / "004-04-clean.png"), str(scans / "000-01-scan.jpg"), str(tmp_path / "none.pdf")]
    out = tmp_path / "out"
    assert main(["batch", *files, "--out", str(out), "--workers", "1"]) == 9
    assert main(["batch", *files, "--out", str(out), "--workers", "1"]) == 9
    summary = Summary.model_validate_json((out / "summary.json").read_bytes())
    assert (summary.complete, summary.up_to_date, summary.failed) == (2, 2, 1)
    assert summary.results[2].failures[0].code == "missing"
    assert Document.model_validate_json((out / "000-01-scan.json").read_bytes()).status == "complete"


def test_check_finds_this_installation_in_order(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert "FAIL" not in capfd.readouterr().out

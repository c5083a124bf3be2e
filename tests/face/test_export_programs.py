"""Outputs in the programs that people open them with; each test is skipped where its program is not installed."""

import io
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from face_samples import SHARED, sample_document
from hostile_samples import HOSTILE, NAME, hostile_document

import shenbao
from shenbao.export import Format, render
from shenbao.models.document import Document

CALC = shutil.which("soffice") or shutil.which("libreoffice")
PDFTOTEXT = shutil.which("pdftotext")
needs_calc = pytest.mark.skipif(CALC is None, reason="LibreOffice is not installed")
needs_poppler = pytest.mark.skipif(PDFTOTEXT is None, reason="poppler-utils is not installed")

WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')
PAPER = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">')
OFFICE = "朝阳县司法局"
Box = tuple[float, float, float, float]


def saved_by_calc(folder: Path, files: dict[str, bytes]) -> dict[str, openpyxl.Workbook]:
    """Each file as LibreOffice opens it and saves it again."""
    for name, data in files.items():
        (folder / name).write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    out = folder / "saved"
    command = [str(CALC), profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out)]
    if all(name.endswith(".csv") for name in files):
        command.append(
            "--infilter=CSV:44,34,76"
        )  # commas, double quotes, UTF-8: what it finds for itself on a desk
    subprocess.run([*command, *(str(folder / name) for name in files)], check=True, capture_output=True)
    return {name: openpyxl.load_workbook(out / f"{Path(name).stem}.xlsx") for name in files}


@needs_calc
def test_calc_opens_workbooks_without_repair(tmp_path: Path) -> None:
    documents = {"sample.xlsx": sample_document(), "hostile.xlsx": hostile_document()}
    files = {name: render(document, Format.XLSX) for name, document in documents.items()}
    for name, again in saved_by_calc(tmp_path, files).items():
        ours = openpyxl.load_workbook(io.BytesIO(files[name]))
        assert again.sheetnames == ours.sheetnames
        for sheet in ours:
            other = again[sheet.title]
            assert sorted(map(str, other.merged_cells.ranges)) == sorted(map(str, sheet.merged_cells.ranges))
            for cell in (c for row in sheet.iter_rows() for c in row if c.value not in (None, "")):
                found = other[cell.coordinate]
                kept = str(cell.value).replace("_x005F_", "_").replace("\t", " ")
                assert (found.data_type, str(found.value).replace("\t", " ")) == (cell.data_type, kept)
                assert (found.comment is None) == (cell.comment is None)


@needs_calc
def test_calc_finds_no_formula_in_a_csv(tmp_path: Path) -> None:
    (book,) = saved_by_calc(tmp_path, {"hostile.csv": render(hostile_document(), Format.CSV)}).values()
    cells = [c for row in book.active.iter_rows() for c in row]
    assert not [c.value for c in cells if c.data_type == "f"]
    assert {c.value for c in book.active["A"]} == {"文件", NAME}
    assert book.active.max_row == 1 + 3 * len(HOSTILE)


def test_pandas_loads_parquet_with_its_types() -> None:
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    frame = pandas.read_parquet(io.BytesIO(render(sample_document(), Format.PARQUET)))
    kinds = {name: str(kind) for name, kind in frame.dtypes.items()}
    assert {n: kinds[n] for n in ("record", "number", "confidence", "review", "family")} == {
        "record": "int32",
        "number": "int32",
        "confidence": "float64",
        "review": "bool",
        "family": "category",
    }
    assert frame.loc[frame["key"] == "budget_total", "number_value"].astype(float).tolist() == [104.08]
    assert frame["confidence"].between(0, 1).all()
    assert int(frame["review"].sum()) == 2


def found_by_poppler(folder: Path, data: bytes, wanted: str) -> list[Box]:
    """Where the words that hold a text stand on the first page, in shares of its width and height."""
    path = folder / "searchable.pdf"
    path.write_bytes(data)
    command = [str(PDFTOTEXT), "-bbox", "-l", "1", str(path), "-"]
    told = subprocess.run(command, check=True, capture_output=True).stdout.decode()
    paper = PAPER.search(told)
    assert paper is not None
    width, height = (float(v) for v in paper.groups())
    return [
        (float(x0) / width, float(y0) / height, float(x1) / width, float(y1) / height)
        for x0, y0, x1, y1, text in WORD.findall(told)
        if wanted in text
    ]


@needs_poppler
@pytest.mark.e2e
@pytest.mark.parametrize("name", ["004-02-scan.jpg", "004-01-scan.pdf"])
def test_poppler_finds_the_office_in_its_cells(name: str, tmp_path: Path) -> None:
    """In the cells of the truth, whose places nobody here has read."""
    pytest.importorskip("pikepdf")
    path = SHARED / "scans" / name
    if not path.exists():
        pytest.skip("shared scans are not here")
    document = shenbao.read(path)
    places = found_by_poppler(tmp_path, render(document, Format.PDF, source=path), OFFICE)
    page = json.loads(path.with_suffix(".truth.json").read_text("utf-8"))["pages"][0]
    cells = [c["box"] for c in page["cells"] if OFFICE in c["text"]]
    assert cells
    for x0, y0, x1, y1 in cells:
        inside = [
            box
            for box in places
            if x0 < (box[0] + box[2]) / 2 * page["width"] < x1
            and y0 < (box[1] + box[3]) / 2 * page["height"] < y1
        ]
        assert len(inside) == 1
    own = [r.polygon for t in document.tables for c in t.cells if OFFICE in c.text for r in c.regions]
    assert all(any(_within(box, polygon, document) for box in places) for polygon in own)


def _within(box: Box, polygon: tuple[tuple[float, float], ...], document: Document) -> bool:
    """Whether a box of shares stands within a cell, up to a hundredth of the page."""
    page = document.pages[0]
    xs, ys = [x / page.width for x, _ in polygon], [y / page.height for _, y in polygon]
    near = 0.01
    across = min(xs) - near < box[0] < box[2] < max(xs) + near
    return across and min(ys) - near < box[1] < box[3] < max(ys) + near


@pytest.mark.skipif("ALTO_SCHEMA" not in os.environ, reason="ALTO_SCHEMA does not name the official schema")
@pytest.mark.parametrize("status", ["complete", "failed"])
def test_alto_is_valid_by_the_official_schema(status: str) -> None:
    """The schema refers to that of XLink, which is looked for beside it."""
    etree = pytest.importorskip("lxml.etree")
    path = Path(os.environ["ALTO_SCHEMA"])

    class Beside(etree.Resolver):  # type: ignore[misc, name-defined]
        def resolve(self, url: str, _: str, context: object) -> object:
            beside = path.with_name(url.rpartition("/")[2])
            return self.resolve_filename(str(beside), context) if beside != path else None

    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Beside())
    schema = etree.XMLSchema(etree.parse(str(path), parser))
    documents = [sample_document(status=status), hostile_document()]
    documents.append(documents[0].model_copy(update={"pages": [], "tables": [], "records": []}))
    for document in documents:
        assert schema.validate(etree.fromstring(render(document, Format.ALTO))), schema.error_log

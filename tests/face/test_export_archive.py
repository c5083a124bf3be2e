"""ALTO, searchable PDF, Parquet and the workbook of indicators, opened with the programs they are for."""

import ctypes
import io
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from face_samples import NASTY_TEXT, box, sample_document
from PIL import Image

from shenbao.errors import ShenbaoError, UsageError
from shenbao.export import Format, render
from shenbao.export.indicators import HEADS, write_indicators
from shenbao.export.placing import placed_lines
from shenbao.models.document import Document, Region, Text

etree = pytest.importorskip("lxml.etree")
pikepdf = pytest.importorskip("pikepdf")
pq = pytest.importorskip("pyarrow.parquet")

NAMES = {"a": "http://www.loc.gov/standards/alto/ns-v4#"}


def turned(document: Document) -> Document:
    pages = [document.pages[0].model_copy(update={"rotation": 90})]
    return document.model_copy(update={"pages": pages})


def picture(kind: str = "JPEG", mode: str = "RGB") -> bytes:
    stream = io.BytesIO()
    Image.linear_gradient("L").resize((400, 240)).convert(mode).save(stream, kind)
    return stream.getvalue()


def searched(data: bytes, text: str) -> tuple[float, float, float, float] | None:
    """Where a text stands on the first page as shown, in shares of its width and height from the top left."""
    page = pypdfium2.PdfDocument(data)[0]
    texts = page.get_textpage()
    found = texts.search(text, match_case=True).get_next()
    if found is None:
        return None
    boxes = [texts.get_charbox(found[0] + k, loose=True) for k in range(found[1])]
    points = [shown(page, x, y) for box in boxes for x, y in (box[:2], box[2:])]
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def shown(page: pypdfium2.PdfPage, x: float, y: float) -> tuple[float, float]:
    """A point of the page's own space in shares of the page as shown."""
    across, down = ctypes.c_int(), ctypes.c_int()
    scale = 100_000
    pypdfium2.raw.FPDF_PageToDevice(page, 0, 0, scale, scale, 0, x, y, across, down)
    return across.value / scale, down.value / scale


@pytest.mark.parametrize("document", [sample_document(), turned(sample_document())], ids=["plain", "turned"])
def test_alto_is_as_the_standard_wants_it(document: Document) -> None:
    schema = etree.XMLSchema(etree.parse(Path(__file__).with_name("alto_part.xsd")))
    tree = etree.fromstring(render(document, Format.ALTO))
    assert schema.validate(tree), schema.error_log


def test_alto_has_text_places_and_confidence() -> None:
    tree = etree.fromstring(render(sample_document(), Format.ALTO))
    strings = {s.get("CONTENT"): s for s in tree.iterfind(".//a:String", NAMES)}
    line = strings["填报单位：朝阳县"]
    assert (line.get("HPOS"), line.get("VPOS"), line.get("WIDTH"), line.get("WC")) == (
        "50",
        "10",
        "200",
        "0.9900",
    )
    cells = tree.findall(".//a:ComposedBlock[@TYPE='table']/a:TextBlock", NAMES)
    assert len(cells) == 7
    assert "第二行" in strings


def test_picture_bytes_are_kept_and_text_is_found_in_place() -> None:
    data = picture()
    made = render(sample_document(), Format.PDF, source=data)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        (image,) = pdf.pages[0].get_images().values()
        assert image.read_raw_bytes() == data
    place = searched(made, "填报单位：朝阳县")
    assert place == pytest.approx((50 / 400, 10 / 240, 250 / 400, 40 / 240), abs=0.01)
    cell = searched(made, "项目名称")
    assert cell is not None
    assert 50 / 400 < cell[0] < cell[2] < 250 / 400
    assert 60 / 240 < cell[1] < cell[3] < 100 / 240


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_text_follows_the_turn_of_a_pdf_page(turn: int) -> None:
    pdf = pikepdf.Pdf.new()
    page = pdf.add_blank_page(page_size=(200, 120) if turn in (0, 180) else (120, 200))
    page.rotate(turn, relative=False)
    stream = io.BytesIO()
    pdf.save(stream)
    document = sample_document()
    source = document.source.model_copy(update={"kind": "application/pdf"})
    made = render(document.model_copy(update={"source": source}), Format.PDF, source=stream.getvalue())
    place = searched(made, "填报单位：朝阳县")
    assert place == pytest.approx((50 / 400, 10 / 240, 250 / 400, 40 / 240), abs=0.01)


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("TIFF", "1"), ("WEBP", "RGB"), ("BMP", "L")]
)
def test_every_kind_of_picture_can_be_wrapped(kind: str, mode: str) -> None:
    made = render(sample_document(), Format.PDF, source=picture(kind, mode))
    assert searched(made, "填报单位：朝阳县") is not None
    assert render(sample_document(), Format.PDF, source=picture(kind, mode)) == made
    with pikepdf.open(io.BytesIO(made)) as pdf:
        first, second = pdf.trailer["/ID"]
        # One part would come from the clock, if the wrapper's were kept.
        assert bytes(first) == bytes(second)


def test_poppler_finds_the_text(tmp_path: Path) -> None:
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("poppler is not installed")
    path = tmp_path / "a.pdf"
    path.write_bytes(render(sample_document(), Format.PDF, source=picture()))
    found = subprocess.run([program, str(path), "-"], capture_output=True, check=True).stdout.decode()
    assert "填报单位：朝阳县" in found


def test_a_searchable_pdf_needs_its_source() -> None:
    with pytest.raises(UsageError, match="source"):
        render(sample_document(), Format.PDF)
    with pytest.raises(ShenbaoError):
        render(sample_document(), Format.PDF, source=b"no picture")


def test_text_layer_pages_get_no_second_text() -> None:
    document = sample_document()
    page = document.pages[0].model_copy(update={"text_from": "text_layer"})
    made = render(document.model_copy(update={"pages": [page]}), Format.PDF, source=picture())
    assert searched(made, "填报单位：朝阳县") is None


def test_long_cells_are_broken_into_lines_within_the_cell() -> None:
    document = sample_document()
    cell = document.tables[0].cells[3].model_copy(update={"text": "朝阳县人民调解工作经费补助" * 3})
    table = document.tables[0].model_copy(update={"cells": [cell]})
    lines = placed_lines(document.pages[0], [table])[1:]
    assert len(lines) > 1
    assert "".join(line.text for line in lines) == cell.text
    (x0, y0), _, (x1, y1), _ = cell.regions[0].polygon
    assert all(x0 <= x <= x1 and y0 <= y <= y1 for line in lines for x, y in line.polygon)


def test_a_cell_cut_by_a_page_break_is_shared_by_height() -> None:
    document = sample_document()
    first, second = Region(page=1, polygon=box(0, 0, 200, 30)), Region(page=2, polygon=box(0, 0, 200, 60))
    cell = document.tables[0].cells[3].model_copy(update={"text": "一二三四五六", "regions": [first, second]})
    table = document.tables[0].model_copy(update={"cells": [cell]})
    pages = [document.pages[0].model_copy(update={"number": n, "texts": []}) for n in (1, 2)]
    assert ["".join(line.text for line in placed_lines(page, [table])) for page in pages] == [
        "一二",
        "三四五六",
    ]


def test_parquet_has_types_and_confidence() -> None:
    table = pq.read_table(io.BytesIO(render(sample_document(), Format.PARQUET)))
    rows = {row["key"]: row for row in table.to_pylist()}
    assert rows["budget_total"]["number_value"] == Decimal("104.08")
    assert rows["project_name"]["review"] is True
    assert rows["project_name"]["text"] == NASTY_TEXT
    assert rows["project_name"]["number_value"] is None
    assert rows["project_name"]["reasons"] == ["印章遮挡"]
    assert str(table.schema.field("confidence").type) == "double"


def test_parquet_of_indicators_has_a_row_for_each() -> None:
    from shenbao.export.parquet import write_indicators as write_table

    stream = io.BytesIO()
    write_table([sample_document()], stream)
    (row,) = pq.read_table(io.BytesIO(stream.getvalue())).to_pylist()
    assert (row["level1"], row["level1_text"], row["value"], row["unit"]) == (
        "效益指标",
        "效果指标",
        "8",
        "人",
    )
    assert (row["number_value"], row["review"], row["basis"]) == (Decimal(8), True, None)
    assert row["operator_confidence"] == 0.6


def test_workbook_of_indicators_has_a_row_for_each_and_no_formulas() -> None:
    stream = io.BytesIO()
    write_indicators([sample_document("=1+1"), sample_document()], stream)
    book = openpyxl.load_workbook(stream)
    rows = list(book["指标"].iter_rows(values_only=True))
    assert rows[0] == HEADS
    assert [row[0] for row in rows[1:]] == ["=1+1", "表.jpg"]
    assert rows[1][HEADS.index("一级指标")] == "效益指标"
    assert not any(cell.data_type == "f" for row in book["指标"].iter_rows() for cell in row)


def test_empty_documents_and_odd_texts_can_be_written() -> None:
    page = sample_document().pages[0]
    odd = Text(text="\ud800\x00\uffff𠮷", confidence=0.5, polygon=page.texts[0].polygon)
    document = sample_document().model_copy(update={"pages": [page.model_copy(update={"texts": [odd]})]})
    assert "𠮷".encode() in render(document, Format.ALTO)
    made = pypdfium2.PdfDocument(render(document, Format.PDF, source=picture()))
    assert "𠮷" in made[0].get_textpage().get_text_range()
    empty = document.model_copy(update={"pages": [], "tables": [], "records": []})
    assert render(empty, Format.PDF, source=picture()).startswith(b"%PDF")

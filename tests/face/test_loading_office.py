"""Word and Excel files: exact cells with spans, paragraphs as texts, and broken files as typed errors."""

import io
import random
import shutil
import subprocess
import time
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from face_samples import SHARED

import shenbao
from shenbao.errors import (
    EncryptedInput,
    InputTooLarge,
    NeedsLibreOffice,
    NoPicture,
    ShenbaoError,
    UnreadableInput,
    UnsupportedInput,
)
from shenbao.loading import office, open_source
from shenbao.loading.kinds import DOC
from shenbao.loading.number_format import shown
from shenbao.models.document import Document, Table

docx = pytest.importorskip("docx")
openpyxl = pytest.importorskip("openpyxl")

OLE = b"\xd0\xcf\x11\xe0" + bytes(508)


def saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def word() -> bytes:
    document = docx.Document()
    document.add_heading("一、部门概况", 1)
    document.add_paragraph("本部门职能如下。")
    title = document.add_paragraph()
    title.alignment = 1
    title.add_run("项目（政策）绩效目标申报表").font.size = docx.shared.Pt(18)
    document.add_paragraph("申报单位：朝阳县司法局")
    table = document.add_table(rows=5, cols=4)
    table.cell(0, 0).text = "项目名称"
    table.cell(0, 1).merge(table.cell(0, 3)).text = "人民调解"
    for k, text in enumerate(("一级指标", "二级指标", "三级指标", "指标值")):
        table.cell(1, k).text = text
    table.cell(2, 0).merge(table.cell(4, 0)).text = "产出指标"
    table.cell(2, 1).text, table.cell(2, 2).text, table.cell(2, 3).text = "数量指标", "调解员人数", "≥8人"
    table.cell(3, 1).text, table.cell(3, 2).text, table.cell(3, 3).text = "质量指标", "第一行\n第二行", "≥95%"
    table.cell(4, 3).add_table(1, 2).cell(0, 1).text = "内"
    document.add_paragraph("备注：无")
    return saved(document)


def workbook() -> bytes:
    from openpyxl.styles import Alignment, Border, Side

    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "部门预算收支总表"
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet.merge_cells("A1:D1")
    sheet["A2"], sheet["D2"] = "申报单位：朝阳县司法局", "单位：万元"
    line = Side(style="thin")
    rows = [
        ["收入", "", "支出", ""],
        ["项目", "预算数", "项目", "预算数"],
        ["一、财政拨款", 1234.5, "一、公共服务", 1000],
        ["隐藏", 1, "隐藏", 1],
        ["二、其他", 0.25, "二、公共安全", "=B5-D5"],
    ]
    for r, row in enumerate(rows, start=3):
        for c, value in enumerate(row, start=1):
            cell = sheet.cell(r, c, value or None)
            cell.border = Border(line, line, line, line)
            cell.number_format = "#,##0.00"
    sheet.merge_cells("A3:B3")
    sheet.merge_cells("C3:D3")
    sheet.row_dimensions[6].hidden = True
    plain = book.create_sheet("无框线")
    for r, row in enumerate([["标题"], ["名称", "数量"], ["甲", 3]], start=1):
        for c, value in enumerate(row, start=1):
            plain.cell(r, c, value)
    book.create_sheet("空")
    return saved(book)


def covered(table: Table) -> list[tuple[int, int]]:
    return sorted(
        (r, c)
        for x in table.cells
        for r in range(x.row, x.row + x.row_span)
        for c in range(x.col, x.col + x.col_span)
    )


@pytest.fixture(scope="module")
def from_word() -> Document:
    return shenbao.read(word(), name="a.docx")


@pytest.fixture(scope="module")
def from_excel() -> Document:
    return shenbao.read(workbook(), name="a.xlsx")


def test_a_word_file_is_the_same_document(from_word: Document) -> None:
    assert from_word.source.kind.endswith("wordprocessingml.document")
    assert [(p.text_from, p.number) for p in from_word.pages] == [("office", 1)]
    assert from_word.engine is None
    table = from_word.tables[0]
    assert (table.title, table.captions) == ("项目（政策）绩效目标申报表", ["申报单位：朝阳县司法局"])
    spans = {x.text: (x.row, x.col, x.row_span, x.col_span) for x in table.cells}
    assert spans["人民调解"] == (0, 1, 1, 3)
    assert spans["产出指标"] == (2, 0, 3, 1)
    assert "第一行\n第二行" in spans
    assert covered(table) == [(r, c) for r in range(5) for c in range(4)]
    assert {x.confidence for x in table.cells} == {0.999999}


def test_records_of_a_word_file(from_word: Document) -> None:
    record = from_word.records[0]
    assert record.family == "project_declaration"
    assert record.fields["project_name"].value == "人民调解"
    assert record.fields["reporting_unit"].value == "朝阳县司法局"
    assert record.indicators[0].operator is not None
    assert record.indicators[0].operator.value == "≥"


def test_paragraphs_in_order_with_their_roles(from_word: Document) -> None:
    texts = from_word.pages[0].texts
    assert [(t.text, t.role) for t in texts] == [
        ("一、部门概况", "heading"),
        ("本部门职能如下。", "paragraph"),
        ("项目（政策）绩效目标申报表", "title"),
        ("申报单位：朝阳县司法局", "caption"),
        ("备注：无", "paragraph"),
    ]
    blocks = [t.block for t in texts if t.block]
    assert from_word.tables[0].block is not None
    assert blocks[3] < from_word.tables[0].block < blocks[4]


def test_a_table_in_a_cell_is_a_table_of_its_own(from_word: Document) -> None:
    assert [(t.n_rows, t.n_cols) for t in from_word.tables] == [(5, 4), (1, 2)]
    owner = next(x for x in from_word.tables[0].cells if (x.row, x.col) == (4, 3))
    assert owner.flags == ["nested_table"]
    assert [x.text for x in from_word.tables[1].cells] == ["", "内"]


def test_tracked_changes_count_as_accepted() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("金额")
    for tag, text in (("w:del", "100"), ("w:ins", "200")):
        change = docx.oxml.OxmlElement(tag)
        run = docx.oxml.OxmlElement("w:r")
        piece = docx.oxml.OxmlElement("w:delText" if tag == "w:del" else "w:t")
        piece.text = text
        run.append(piece)
        change.append(run)
        paragraph._p.append(change)
    assert shenbao.read(saved(document)).pages[0].texts[0].text == "金额200"


def test_symbols_that_are_no_text() -> None:
    document = docx.Document()
    run = document.add_table(1, 1).cell(0, 0).paragraphs[0].add_run("满意度")
    for code in ("2265", "D800", "F0B3"):
        symbol = docx.oxml.OxmlElement("w:sym")
        symbol.set(docx.oxml.ns.qn("w:char"), code)
        run._r.append(symbol)
    found = shenbao.read(saved(document))
    assert found.tables[0].cells[0].text == "满意度≥\ufffd\ufffd"
    assert Document.model_validate_json(found.model_dump_json()) == found


def test_sheets_are_pages(from_excel: Document) -> None:
    assert from_excel.source.kind.endswith("spreadsheetml.sheet")
    assert from_excel.source.page_count == len(from_excel.pages) == 2
    table, plain = from_excel.tables
    assert (table.title, table.captions) == ("部门预算收支总表", ["申报单位：朝阳县司法局", "单位：万元"])
    assert (table.pages, plain.pages) == ([1], [2])
    assert [[x.text for x in table.cells if x.row == r] for r in (0, 2)] == [
        ["收入", "支出"],
        ["一、财政拨款", "1,234.50", "一、公共服务", "1,000.00"],
    ]
    assert covered(table) == [(r, c) for r in range(4) for c in range(4)]
    assert [x.text for x in plain.cells] == ["名称", "数量", "甲", "3"]


def test_a_formula_that_was_never_calculated(from_excel: Document) -> None:
    cell = from_excel.tables[0].cells[-1]
    assert (cell.text, cell.confidence, cell.flags) == ("", 0.0, ["not_calculated"])


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (None, "General", ""),
        (1234.5, "General", "1234.5"),
        (0.1 + 0.2, "General", "0.3"),
        (1e6, "General", "1000000"),
        (1234.5, "#,##0.00", "1,234.50"),
        (-1234.5, "#,##0.00;[Red]-#,##0.00", "-1,234.50"),
        (0.255, "0.0%", "25.5%"),
        (3, "0", "3"),
        (5, "000", "005"),
        (2.50, "0.##", "2.5"),
        (12, '0"人"', "12人"),
        (12.5, "¥#,##0.00", "¥12.50"),
        (date(2021, 3, 5), "yyyy-mm-dd", "2021-03-05"),
        (date(2021, 3, 5), 'yyyy"年"m"月"', "2021年3月"),
        (True, "General", "TRUE"),
        (" 文 ", "@", "文"),
        ("一_x000D_\n二_x0008__x005F_x0041_", "@", "一\n二_x0041_"),
    ],
)
def test_values_as_the_sheet_shows_them(value: object, form: str, text: str) -> None:
    assert shown(value, form) == text


def test_an_office_page_has_no_picture() -> None:
    with open_source(word()) as source, pytest.raises(NoPicture):
        source.page(1)


def test_old_and_encrypted_files() -> None:
    broken = OLE + "WordDocument".encode("utf-16-le") + bytes(99)
    if shutil.which("soffice") is None:
        with pytest.raises(NeedsLibreOffice, match="LibreOffice"):
            shenbao.read(broken)
    else:
        with pytest.raises(UnreadableInput):
            shenbao.read(broken)
    with pytest.raises(EncryptedInput):
        shenbao.read(OLE + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(UnsupportedInput):
        shenbao.read(OLE)


def old(data: bytes, new: str, ending: str, folder: Path) -> bytes:
    """A new Office file as LibreOffice saves it in the old format."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    path = folder / f"old.{new}"
    path.write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", ending, "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True)
    return path.with_suffix(f".{ending}").read_bytes()


def test_an_old_word_file_is_the_same_document(from_word: Document, tmp_path: Path) -> None:
    document = shenbao.read(old(word(), "docx", "doc", tmp_path), name="a.doc")
    assert (document.source.kind, document.engine) == ("application/msword", None)
    for one, other in zip(document.tables, from_word.tables, strict=True):
        assert [(c.row, c.col, c.row_span, c.col_span, c.text) for c in one.cells] == [
            (c.row, c.col, c.row_span, c.col_span, c.text) for c in other.cells
        ]
    assert [t.text for t in document.pages[0].texts] == [t.text for t in from_word.pages[0].texts]
    assert document.tables[0].captions == from_word.tables[0].captions


def test_an_old_excel_file_has_the_same_cells(from_excel: Document, tmp_path: Path) -> None:
    document = shenbao.read(old(workbook(), "xlsx", "xls", tmp_path), name="a.xls")
    assert document.source.kind == "application/vnd.ms-excel"
    one, other = document.tables[0], from_excel.tables[0]
    assert [(c.row, c.col, c.row_span, c.col_span, c.text) for c in one.cells[:-1]] == [
        (c.row, c.col, c.row_span, c.col_span, c.text) for c in other.cells[:-1]
    ]
    # LibreOffice has calculated the formula that nobody had.
    assert (one.cells[-1].text, one.cells[-1].flags) == ("234.50", [])


def test_a_conversion_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what the starter has started."""
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\nsleep 60 & echo $! > {tmp_path}/started\nwait\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(office, "CONVERSION_SECONDS", 1)
    start = time.monotonic()
    with pytest.raises(UnreadableInput, match="LibreOffice cannot read"):
        office.converted(b"", DOC)
    assert time.monotonic() - start < 20
    status = Path(f"/proc/{(tmp_path / 'started').read_text().strip()}/stat")
    assert not status.exists() or status.read_text().split()[2] == "Z"


def test_a_bomb_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(80_000_000))
    with pytest.raises(InputTooLarge):
        shenbao.read(stream.getvalue())


def test_a_container_of_something_else() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "a")
    with pytest.raises(UnsupportedInput):
        shenbao.read(stream.getvalue())


@pytest.mark.parametrize("good", [word, workbook])
def test_damaged_files_end_in_typed_errors(good: Any) -> None:
    data, rng = good(), random.Random(7)
    parts = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for _ in range(40):
        broken = dict(parts)
        name = rng.choice([n for n in parts if n.endswith(".xml")])
        body = bytearray(broken[name])
        for _ in range(rng.randint(1, 6)):
            body[rng.randrange(len(body))] = rng.choice(b'<>&"/a0')
        broken[name] = bytes(body[: rng.randint(1, len(body))] if rng.random() < 0.3 else body)
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for key, value in broken.items():
                archive.writestr(key, value)
        try:
            with open_source(stream.getvalue()) as source:
                assert source.facts.page_count >= 1
        except ShenbaoError as error:
            assert error.code in {"unreadable", "unsupported", "too_large"}


NASTY = sorted((SHARED / "real/nasty").glob("*"))


@pytest.mark.e2e
@pytest.mark.skipif(not NASTY, reason="shared nasty files are not here")
def test_nasty_files_are_read_or_refused() -> None:
    reader = shenbao.Reader()
    for path in NASTY:
        try:
            document = reader.read(path)
        except ShenbaoError as error:
            assert error.code in {"unreadable", "unsupported", "encrypted", "too_large"}, path.name
        else:
            assert document.status in {"complete", "partial", "failed"}, path.name

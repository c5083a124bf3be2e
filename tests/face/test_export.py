import csv
import io
import json
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest
from face_samples import NASTY_TEXT, cell, sample_document, sample_table

from shenbao.errors import OutputError
from shenbao.export import Format, render, write
from shenbao.export.csv import safe
from shenbao.export.layout import column_widths, row_heights
from shenbao.export.rows import doubt
from shenbao.export.xlsx import sheet_name
from shenbao.models.document import Document


def workbook(document: Document) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(render(document, Format.XLSX)))


def test_json_is_the_document() -> None:
    document = sample_document()
    assert Document.model_validate_json(render(document, Format.JSON)) == document
    assert json.loads(render(document, Format.JSON))["schema_version"] == "1"


@pytest.mark.parametrize("form", [form for form in Format if form is not Format.PDF])
def test_equal_documents_give_equal_bytes_in_any_process(form: Format) -> None:
    code = (
        "import sys, hashlib; sys.path.insert(0, sys.argv[1]); from face_samples import sample_document;"
        "from shenbao.export import render, Format;"
        "print(hashlib.sha256(render(sample_document(), Format(sys.argv[2]))).hexdigest())"
    )
    command = [sys.executable, "-c", code, str(Path(__file__).parent), form]
    seeds = ({"PYTHONHASHSEED": seed, "PATH": ""} for seed in ("1", "2"))
    assert len({subprocess.check_output(command, env=env) for env in seeds}) == 1


@pytest.mark.parametrize("form", [form for form in Format if form is not Format.PDF])
def test_a_document_without_anything_can_be_written(form: Format) -> None:
    empty = sample_document(status="failed").model_copy(update={"pages": [], "tables": [], "records": []})
    assert render(empty, form)


def test_workbook_has_overview_record_and_tables() -> None:
    book = workbook(sample_document())
    assert book.sheetnames == ["概况", "记录", "绩效目标申报表", "表外文字"]
    record = book["记录"]
    assert [c.value for c in record[1]][:7] == ["名称", "原文", "规范值", "单位", "可信度", "状态", "说明"]
    assert [c.value for c in record[2]][:4] == ["预算数", "104.08", 104.08, "万元"]
    assert record["C2"].number_format == "0.00"
    assert record["C4"].value == "001234"
    assert any(c.value == 1204.5 for row in record.iter_rows() for c in row)
    assert any(c.value == "合计不符" and c.fill.fgColor.rgb == "FFF8CBAD" for c in record["A"])


def test_table_sheet_keeps_the_grid() -> None:
    sheet = workbook(sample_document())["绩效目标申报表"]
    assert sorted(str(r) for r in sheet.merged_cells.ranges) == ["A1:B1", "A2:A3"]
    assert sheet["A1"].font.bold
    assert sheet["A2"].alignment.wrap_text
    assert sheet["A3"].border.left.style == "thin"
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["A"].width == pytest.approx(12.6)
    assert sheet.row_dimensions[2].height == pytest.approx(28.8)


def test_doubtful_cells_are_coloured_in_two_shades_and_say_why() -> None:
    sheet = workbook(sample_document())["绩效目标申报表"]
    assert sheet["A2"].fill.fgColor.rgb == "FFFFF2CC"
    assert sheet["C2"].fill.fgColor.rgb == "FFF8CBAD"
    assert sheet["B2"].comment is None
    assert sheet["B2"].fill.fill_type is None
    assert "0.500" in sheet["C2"].comment.text
    assert "seal" in sheet["C2"].comment.text
    assert "印章遮挡" in sheet["A2"].comment.text


def test_workbook_texts_are_never_formulas() -> None:
    book = workbook(sample_document())
    sheet = book["绩效目标申报表"]
    assert (sheet["A2"].data_type, sheet["A2"].quotePrefix) == ("s", True)
    assert sheet["A2"].value == NASTY_TEXT.replace("\x0b", "")
    assert (sheet["B3"].value, sheet["B3"].data_type) == ("+1", "s")
    assert all(c.data_type != "f" for s in book for row in s.iter_rows() for c in row)
    errors = sample_table().model_copy(update={"cells": [cell(0, 0, "#N/A"), cell(0, 1, "\ud800a\uffff")]})
    sheet = workbook(sample_document().model_copy(update={"tables": [errors]}))["绩效目标申报表"]
    assert (sheet["A1"].value, sheet["A1"].data_type, sheet["B1"].value) == ("#N/A", "s", "a")


def test_sheet_names_are_valid_and_unique() -> None:
    taken: set[str] = set()
    names = [sheet_name(w, taken) for w in ("a/b[c]:*?", "A b c", "表" * 50, "表" * 40, "", "''", "history")]
    assert len({n.casefold() for n in names}) == len(names)
    assert all(0 < len(n) <= 31 and not set(n) & set("[]:*?/\\") for n in names)
    assert names[3].endswith("(2)")
    assert "history" not in names


def test_csv_has_every_fact_as_a_row() -> None:
    data = render(sample_document(), Format.CSV)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert [(r["类别"], r["键"]) for r in rows] == [
        ("字段", "budget_total"),
        ("字段", "project_name"),
        ("字段", "project_code"),
        ("指标", "level1"),
        ("指标", "operator"),
        ("指标", "value"),
        ("指标", "unit"),
        ("明细", "code"),
        ("明细", "name"),
        ("明细", "合计"),
    ]
    assert rows[0]["规范值"] == "104.08"
    assert rows[1]["原文"].startswith("'=HYPERLINK")
    assert rows[1]["状态"] == "review"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-5.2", "-5.2"),
        ("+3%", "'+3%"),
        ("-3%", "-3%"),
        ("－－", "－－"),
        ("＝1+1", "'＝1+1"),
        ("-A1", "'-A1"),
        ("@x", "'@x"),
        (" =1", "' =1"),
        ("\t=1", "'\t=1"),
        ("a", "a"),
    ],
)
def test_csv_formulas_are_disarmed(text: str, expected: str) -> None:
    assert safe(text) == expected


class Balance(HTMLParser):
    """Collects tags; fails where one is closed that is not open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in ("meta", "br", "img", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_html_is_whole_escaped_and_spanned() -> None:
    text = render(sample_document(), Format.HTML).decode()
    parser = Balance()
    parser.feed(text)
    assert not parser.open
    tags = [tag for tag, _ in parser.seen]
    assert "script" not in tags
    assert ("th", {"colspan": "2"}) in parser.seen
    assert any(attrs.get("rowspan") == "2" for _, attrs in parser.seen)
    assert "&lt;script&gt;" in text
    assert "\x0b" not in text
    assert "http" not in text.replace("http://x", "")


def test_markdown_has_pipe_tables_and_html_where_cells_are_merged() -> None:
    text = render(sample_document(), Format.MARKDOWN).decode()
    assert '<th colspan="2">项目名称</th>' in text
    assert "| 预算数 | 104.08 | 104.08 | 万元 | 0.990 | 已接受 |  |" in text
    assert "<script" not in text
    plain = sample_table().model_copy(
        update={"n_rows": 2, "n_cols": 2, "cells": [cell(r, c, "a|b") for r in (0, 1) for c in (0, 1)]}
    )
    text = render(sample_document().model_copy(update={"tables": [plain]}), Format.MARKDOWN).decode()
    assert "| a\\|b | a\\|b |\n| --- | --- |\n| a\\|b | a\\|b |" in text


def test_geometry_gives_widths_and_heights() -> None:
    document = sample_document()
    table = document.tables[0]
    assert column_widths(table, document.pages) == [12.6, 12.6, 12.6]
    assert row_heights(table, document.pages) == [28.8, 28.8, 28.8]
    bare = table.model_copy(update={"cells": [c.model_copy(update={"regions": []}) for c in table.cells]})
    assert row_heights(bare, document.pages) == [None, None, None]


def test_doubt_is_relative_to_the_accepted_risk() -> None:
    assert [doubt(c, 0.98) for c in (1.0, 0.98, 0.979, 0.81, 0.79, 0.0)] == [0, 0, 1, 1, 2, 2]


def test_write_is_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    write(sample_document(), Format.JSON, target)
    assert [p.name for p in tmp_path.iterdir()] == ["out.json"]
    stream = io.BytesIO()
    write(sample_document(), Format.JSON, stream)
    assert stream.getvalue() == target.read_bytes()
    with pytest.raises(OutputError, match="does not exist"):
        write(sample_document(), Format.JSON, tmp_path / "none" / "out.json")
    with pytest.raises(OutputError, match="is a folder"):
        write(sample_document(), Format.JSON, tmp_path)

"""Content that means something to the programs that open an output: in every format it is only text."""

import csv
import html
import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html.parser import HTMLParser

import openpyxl
import pypdfium2
import pytest
from hostile_samples import HOSTILE, NAME, UNSEEN, hostile_document
from PIL import Image

from shenbao.export import Format, render


def seen(text: str) -> str:
    return UNSEEN.sub("", text)


def in_json(data: bytes) -> None:
    found = json.loads(data)
    assert found["source"]["name"] == NAME
    assert [c["text"] for c in found["tables"][0]["cells"]] == HOSTILE
    assert data.count(b"\n") == 1


def in_workbook(data: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
    assert {c.data_type for c in cells} <= {"s", "n"}
    assert all(c.hyperlink is None for c in cells)
    numbers = {c.value for c in cells if c.data_type == "n"}
    assert not numbers & {100, 1, 1e5}
    table = book.worksheets[2]
    # A mark that spreadsheets would take for an escaped A is escaped itself (ECMA-376, part 1, 22.4.2.4).
    kept = [seen(t).replace("_x0041_", "_x005F_x0041_") for t in HOSTILE]
    assert [table.cell(k + 1, 1).value for k in range(len(HOSTILE))] == kept
    assert all(table.cell(k, 1).number_format == "@" for k in range(1, len(HOSTILE) + 1))


def in_csv(data: bytes) -> None:
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert {len(row) for row in rows} == {14}
    assert not [v for row in rows for v in row if re.match(r"\s*[=+@＝＋＠]|\s*-(?![0-9.]+%?$)", v)]
    originals = [row[8].removeprefix("'") for row in rows[1 : len(HOSTILE) + 1]]
    assert originals == [re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "", t).removeprefix("'") for t in HOSTILE]


class Shown(HTMLParser):
    """Collects tags and text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.text += "\n" if tag == "br" else ""

    def handle_data(self, data: str) -> None:
        self.text += data


def in_html(data: bytes) -> None:
    shown = Shown()
    shown.feed(data.decode())
    plain = {"html", "head", "meta", "title", "style", "body", "table", "tr", "td", "th", "p", "br"}
    assert shown.tags <= plain | {"h1", "h2", "h3"}
    assert shown.attributes <= {"lang", "charset", "class", "title", "rowspan", "colspan"}
    assert all(seen(text) in shown.text for text in HOSTILE)


def in_markdown(data: bytes) -> None:
    text = data.decode()
    shown = Shown()
    shown.feed(re.sub(r"\\(.)", r"\1", text))
    assert shown.tags <= {"table", "tr", "td", "th", "br"}
    assert not re.search(r"(?<!\\)\]\(|(?<!\\)`", re.sub(r"(?s)<table>.*?</table>", "", text))
    for row in (line for line in text.splitlines() if line.startswith("| ") and "标签" in line):
        assert len(re.findall(r"(?<!\\)\|", row)) == 8
    cells = [html.unescape(re.sub(r"\\(.)", r"\1", text)).replace("<br>", "\n")]
    assert all(seen(t).strip() in cells[0] for t in HOSTILE)


def in_parquet(data: bytes) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    rows = pq.read_table(io.BytesIO(data)).to_pylist()
    assert [row["text"] for row in rows[: len(HOSTILE)]] == HOSTILE
    assert {row["document"] for row in rows} == {NAME}
    assert next(row["number_value"] for row in rows if row["text"] == "=100") is None


def in_alto(data: bytes) -> None:
    tree = ET.fromstring(data)
    space = "{http://www.loc.gov/standards/alto/ns-v4#}"
    assert tree.findtext(f".//{space}fileName") == NAME
    found = "\n".join(s.get("CONTENT", "") for s in tree.iter(f"{space}String"))
    lines = [line for text in HOSTILE for line in seen(text).split("\n")]
    assert all(line.replace("\t", " ").strip() in found.replace("\t", " ") for line in lines)
    assert {x.tag.removeprefix(space) for x in tree.iter()} & {"script", "img"} == set()


def in_pdf(data: bytes) -> None:
    text = pypdfium2.PdfDocument(data)[0].get_textpage().get_text_range()
    assert "=100" in text and "<script>" in text
    assert b"/JavaScript" not in data and b"/URI" not in data and b"/OpenAction" not in data


CHECKS: dict[Format, Callable[[bytes], None]] = {
    Format.JSON: in_json,
    Format.XLSX: in_workbook,
    Format.CSV: in_csv,
    Format.MARKDOWN: in_markdown,
    Format.HTML: in_html,
    Format.PARQUET: in_parquet,
    Format.ALTO: in_alto,
    Format.PDF: in_pdf,
}


@pytest.mark.parametrize("form", Format)
def test_hostile_content_is_only_text(form: Format) -> None:
    if form is Format.PARQUET:
        pytest.importorskip("pyarrow")
    if form is Format.PDF:
        pytest.importorskip("pikepdf")
    stream = io.BytesIO()
    Image.new("L", (400, 240), 255).save(stream, "PNG")
    CHECKS[form](render(hostile_document(), form, source=stream.getvalue()))

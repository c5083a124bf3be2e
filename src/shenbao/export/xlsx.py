"""XLSX: a workbook for the desk: overview, records, and every table with its merged cells."""

import io
import re
import shutil
import zipfile
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from shenbao.export.layout import column_widths, row_heights
from shenbao.export.rows import (
    CHECK_HEADS,
    DOCUMENT_STATUS,
    FIELD_HEADS,
    INDICATOR_PARTS,
    LINE_HEADS,
    amount_names,
    check_row,
    doubt,
    field_row,
    level_of,
    line_fields,
    part,
)
from shenbao.models.document import Cell, Document, Field, Record, Table

_LONGEST = 32_767
"""Characters that a cell of a workbook can hold."""

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""Begins what a spreadsheet would take for a character by its number (ECMA-376, part 1, 22.4.2.4)."""

_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,11})(\.([0-9]{1,3}))?")
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_CHUNK = 1 << 20
_MOMENT = datetime(2000, 1, 1)
"""Stands in every workbook as its time of making, so that equal documents give equal bytes."""

_THIN = Side(style="thin", color="FF808080")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEADER = PatternFill("solid", fgColor="FFE7E6E6")
_DOUBTS = (None, PatternFill("solid", fgColor="FFFFF2CC"), PatternFill("solid", fgColor="FFF8CBAD"))
_WRAPPED = Alignment(wrap_text=True, vertical="center")
_CENTRED = Alignment(wrap_text=True, vertical="center", horizontal="center")
_BOLD = Font(bold=True)
_FIELD_WIDTHS = (20, 36, 30, 10, 9, 9, 36)


def to_xlsx(document: Document, accept: float) -> bytes:
    """The workbook's bytes. Sheets: 概况, one 记录 for each record, one for each table, 表外文字.

    Texts are never formulas. Values with a unit are numbers. Cells below `accept` are coloured in two
    shades and say why in a note.
    """
    book = Workbook()
    book.remove(book.active)
    names: set[str] = set()
    _overview(book.create_sheet(sheet_name("概况", names)), document, accept)
    for number, record in enumerate(document.records, 1):
        title = "记录" if len(document.records) == 1 else f"记录{number}"
        _record(book.create_sheet(sheet_name(title, names)), record, accept)
    reasons = _reasons(document)
    for table in document.tables:
        sheet = book.create_sheet(sheet_name(table.title or f"表 {table.id}", names))
        _table(sheet, table, document, reasons, accept)
    if any(page.texts for page in document.pages):
        _texts(book.create_sheet(sheet_name("表外文字", names)), document, accept)
    stream = io.BytesIO()
    book.save(stream)
    return packed(stream.getvalue())


def sheet_name(wish: str, taken: set[str]) -> str:
    """A valid sheet name near `wish` that is not `taken` (any case); adds it to `taken`."""
    base = _NOT_IN_SHEET_NAMES.sub(" ", wish).strip(" '")[:31].rstrip(" '") or "表"
    if base.casefold() == "history":
        base += "_"
    name, number = base, 2
    while name.casefold() in taken:
        ending = f" ({number})"
        name, number = base[: 31 - len(ending)] + ending, number + 1
    taken.add(name.casefold())
    return name


def _put(sheet: Any, row: int, col: int, text: str, *, bold: bool = False, level: int = 0) -> Any:
    """Writes `text` as text into the cell at row and column (from 1)."""
    return filled(sheet.cell(row, col), text, bold=bold, level=level)


def filled(cell: Any, text: str, *, bold: bool = False, level: int = 0) -> Any:
    """The cell with `text` as text, never a formula, coloured as its level of doubt says."""
    cell.value = _ESCAPE.sub("_x005F_", _ILLEGAL.sub("", text)[:_LONGEST])
    # openpyxl guesses a formula or an error value from the first characters.
    cell.data_type = "s"
    cell.number_format = "@"
    cell.border, cell.alignment = _BORDER, _WRAPPED
    if text.lstrip().startswith(("=", "+", "-", "@")):
        cell.quotePrefix = True
    if bold:
        cell.font, cell.fill = _BOLD, _HEADER
    if level:
        cell.fill = _DOUBTS[level]
    return cell


def _put_value(sheet: Any, row: int, col: int, field: Field | None, accept: float) -> None:
    """The field's value: a number where it is one of a unit, else text; doubtful ones with a note."""
    if field is None:
        _put(sheet, row, col, "")
        return
    level = level_of(field, accept)
    cell = _put(sheet, row, col, field.value, level=level)
    match = _NUMBER.fullmatch(field.value)
    if match and field.unit:
        cell.value = Decimal(field.value)
        decimals = match.group(3) or ""
        cell.number_format = "0." + "0" * len(decimals) if decimals else "0"
    if level:
        why = field.reasons or ["可信度低于接受线"]
        _note(cell, [f"可信度 {field.confidence:.3f}", f"原文：{field.text}", *why])


def _note(cell: Any, lines: Sequence[str]) -> None:
    note = Comment(_ILLEGAL.sub("", "\n".join(lines))[:1000], "shenbao")
    note.width, note.height = 260, 24 + 18 * len(lines)
    cell.comment = note


def _heads(sheet: Any, row: int, heads: Sequence[str]) -> int:
    for col, head in enumerate(heads, 1):
        _put(sheet, row, col, head, bold=True).alignment = _CENTRED
    return row + 1


def _widths(sheet: Any, widths: Sequence[float]) -> None:
    for col, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(col)].width = width


def _overview(sheet: Any, document: Document, accept: float) -> None:
    fields = [f for record in document.records for f in record.fields.values()]
    doubtful = sum(doubt(cell.confidence, accept) > 0 for table in document.tables for cell in table.cells)
    lines = [
        ("文件", document.source.name),
        ("SHA-256", document.source.sha256),
        ("页数", str(document.source.page_count)),
        ("状态", DOCUMENT_STATUS[document.status]),
        ("表格", str(len(document.tables))),
        ("记录", str(len(document.records))),
        ("待复核字段", f"{sum(f.status == 'review' for f in fields)} / {len(fields)}"),
        ("存疑单元格", str(doubtful)),
        ("接受线", f"{accept:g}"),
        *(("错误", f"第 {e.page or '?'} 页 {e.stage}：{e.message}（{e.code}）") for e in document.errors),
    ]
    for row, (name, text) in enumerate(lines, 1):
        _put(sheet, row, 1, name, bold=True)
        _put(sheet, row, 2, text, level=2 if name == "错误" else 0)
    legend = len(lines) + 2
    _put(sheet, legend, 1, "底色", bold=True)
    _put(sheet, legend, 2, "可信度低于接受线", level=1)
    _put(sheet, legend + 1, 2, "出错机会超过容许的十倍", level=2)
    _widths(sheet, (14, 70))


def _record(sheet: Any, record: Record, accept: float) -> None:
    row = _heads(sheet, 1, FIELD_HEADS)
    for field in record.fields.values():
        for col, text in enumerate(field_row(field), 1):
            _put(sheet, row, col, text, level=level_of(field, accept))
        _put_value(sheet, row, 3, field, accept)
        row += 1
    row = _indicators(sheet, row + 1, record, accept)
    row = _lines(sheet, row, record, accept)
    _checks(sheet, row, record)
    _widths(sheet, _FIELD_WIDTHS)
    sheet.freeze_panes = "A2"


def _indicators(sheet: Any, row: int, record: Record, accept: float) -> int:
    if not record.indicators:
        return row
    row = _heads(sheet, row, [heading for _, heading in INDICATOR_PARTS])
    for indicator in record.indicators:
        for col, (name, _) in enumerate(INDICATOR_PARTS, 1):
            _put_value(sheet, row, col, part(indicator, name), accept)
        row += 1
    return row + 1


def _lines(sheet: Any, row: int, record: Record, accept: float) -> int:
    if not record.lines:
        return row
    names = amount_names(record.lines)
    row = _heads(sheet, row, [*LINE_HEADS, *names])
    for line in record.lines:
        for col, field in enumerate(line_fields(line, names), 1):
            _put_value(sheet, row, col, field, accept)
        row += 1
    return row + 1


def _checks(sheet: Any, row: int, record: Record) -> None:
    if not record.checks:
        return
    row = _heads(sheet, row, (*CHECK_HEADS, "单元格"))
    for check in record.checks:
        cells = "、".join(f"{c.table} 第{c.row + 1}行第{c.col + 1}列" for c in check.cells)
        failed = {"fail": 2 if check.severity == "hard" else 1}.get(check.status, 0)
        for col, text in enumerate((*check_row(check), cells), 1):
            _put(sheet, row, col, text, level=failed)
        row += 1


def _reasons(document: Document) -> dict[tuple[str, int, int], list[str]]:
    """Why the fields that stand in a cell need review, by table, row and column."""
    found: dict[tuple[str, int, int], list[str]] = {}
    for record in document.records:
        for field in record.fields.values():
            for place in field.cells if field.status == "review" else ():
                found.setdefault((place.table, place.row, place.col), []).extend(field.reasons)
    return found


def _table(
    sheet: Any,
    table: Table,
    document: Document,
    reasons: dict[tuple[str, int, int], list[str]],
    accept: float,
) -> None:
    for cell in table.cells:
        header = cell.row in table.header_rows
        level = doubt(cell.confidence, accept)
        placed = _put(sheet, cell.row + 1, cell.col + 1, cell.text, bold=header, level=level)
        if header or cell.row_span > 1:
            placed.alignment = _CENTRED
        if level:
            _note(placed, _why(cell, reasons.get((table.id, cell.row, cell.col), [])))
        _merge(sheet, cell)
    _widths(sheet, column_widths(table, document.pages))
    for row, height in enumerate(row_heights(table, document.pages), 1):
        if height is not None:
            sheet.row_dimensions[row].height = height
    heads = [row for row in range(table.n_rows) if row in table.header_rows]
    if heads == list(range(len(heads))) and heads:
        sheet.freeze_panes = f"A{len(heads) + 1}"


def _merge(sheet: Any, cell: Cell) -> None:
    if cell.row_span == cell.col_span == 1:
        return
    last_row, last_col = cell.row + cell.row_span, cell.col + cell.col_span
    sheet.merge_cells(
        start_row=cell.row + 1, start_column=cell.col + 1, end_row=last_row, end_column=last_col
    )
    for row in range(cell.row + 1, last_row + 1):
        for col in range(cell.col + 1, last_col + 1):
            sheet.cell(row, col).border = _BORDER


def _why(cell: Cell, reasons: list[str]) -> list[str]:
    lines = [f"可信度 {cell.confidence:.3f}"]
    others = [f"{c.text}（{c.probability:.3f}）" for c in cell.candidates if c.text != cell.text][:3]
    if others:
        lines.append("其他读法：" + "、".join(others))
    return lines + [*dict.fromkeys([*cell.flags, *reasons])]


def _texts(sheet: Any, document: Document, accept: float) -> None:
    row = _heads(sheet, 1, ("页", "文字", "可信度"))
    for page in document.pages:
        for text in page.texts:
            level = doubt(text.confidence, accept)
            for col, value in enumerate((str(page.number), text.text, f"{text.confidence:.3f}"), 1):
                _put(sheet, row, col, value, level=level)
            row += 1
    _widths(sheet, (6, 80, 9))


def packed(saved: bytes) -> bytes:
    """A workbook as a ZIP whose times are all the same."""
    result = io.BytesIO()
    pack(io.BytesIO(saved), result)
    return result.getvalue()


def pack(saved: BinaryIO, result: BinaryIO) -> None:
    """Copies a workbook as a ZIP whose times are all the same; sheets are never held as a whole."""
    stamp = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
    author = re.compile(rb"(<dc:creator>)[^<]*(<)")
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for known in source.infolist():
            entry = zipfile.ZipInfo(known.filename, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            if known.filename == "docProps/core.xml":
                data = stamp.sub(rb"\g<1>" + _MOMENT.isoformat().encode() + rb"Z\2", source.read(known))
                target.writestr(entry, author.sub(rb"\g<1>shenbao\2", data))
                continue
            entry.file_size = known.file_size  # tells whether it needs the fields of large files
            with source.open(known) as part, target.open(entry, "w") as copy:
                shutil.copyfileobj(part, copy, _CHUNK)

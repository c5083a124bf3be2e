"""XLSX for many documents: one sheet with a row for each indicator."""

import tempfile
from collections.abc import Iterable
from typing import Any, BinaryIO, cast

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from shenbao.export.rows import INDICATOR_PARTS, STATUS, IndicatorRow, indicator_rows, part
from shenbao.export.xlsx import filled, pack
from shenbao.models.document import Document, Field

HEADS = (
    "文件",
    "记录",
    "表单",
    "项目",
    "单位",
    "序号",
    *(h for _, h in INDICATOR_PARTS),
    "最低可信度",
    "状态",
)
_WIDTHS = (24, 6, 20, 30, 24, 6, 10, 10, 28, 36, 6, 12, 8, 24, 14, 10, 8)
_MOST_ROWS = 1_048_575


def write_indicators(documents: Iterable[Document], stream: BinaryIO) -> None:
    """Writes the workbook; a sheet takes as many rows as Excel can show, then another is begun.

    Rows go to a file of their own as they come, so one document is held at a time.
    """
    book = Workbook(write_only=True)
    sheet: Any = None
    rows = 0
    for document in documents:
        for row in indicator_rows(document):
            if sheet is None or rows == _MOST_ROWS:
                sheet, rows = _sheet(book), 0
            sheet.append(_cells(sheet, row))
            rows += 1
    if sheet is None:
        _sheet(book)
    with tempfile.TemporaryFile(prefix="shenbao-") as loose:
        book.save(loose)
        pack(cast(BinaryIO, loose), stream)


def _sheet(book: Workbook) -> Any:
    sheet = book.create_sheet(f"指标{len(book.sheetnames) + 1}" if book.sheetnames else "指标")
    for number, width in enumerate(_WIDTHS):
        sheet.column_dimensions[chr(ord("A") + number)].width = width
    sheet.freeze_panes = "A2"
    sheet.append([filled(WriteOnlyCell(sheet), head, bold=True) for head in HEADS])
    return sheet


def _cells(sheet: Any, row: IndicatorRow) -> list[Any]:
    parts = [part(row.indicator, name) for name, _ in INDICATOR_PARTS]
    known = [field for field in parts if field is not None]
    review = any(field.status == "review" for field in known)
    front = (row.document, str(row.record), row.family, row.project, row.unit, str(row.number))
    lowest = min((field.confidence for field in known), default=0.0)
    ending = (f"{lowest:.4f}", STATUS["review" if review else "accepted"])
    cells = [filled(WriteOnlyCell(sheet), text) for text in front]
    cells += [_part(sheet, field) for field in parts]
    return cells + [filled(WriteOnlyCell(sheet), text, level=int(review)) for text in ending]


def _part(sheet: Any, field: Field | None) -> Any:
    if field is None:
        return filled(WriteOnlyCell(sheet), "")
    return filled(WriteOnlyCell(sheet), field.value, level=int(field.status == "review"))
